"""Which element may stand in which: MJML's rules, and where HTML and words may stand."""

from dataclasses import dataclass

from smakom_mail.render.template_branches import Context, is_mjml
from smakom_mail.render.template_faults import Faults
from smakom_mail.render.template_schema import DOCUMENT, TEXT_ONLY, schema

ROOT = "(root)"
"""The parent of what stands outermost in a file: it depends on who includes the file."""


@dataclass(frozen=True, slots=True)
class Root:
    """What stands outermost in a file: an element by its name, or words without one."""

    name: str
    at: int


def misplaced(faults: Faults, name: str, at: int, context: Context) -> bool:
    """Say whether `name` (words, where it is empty) may not stand there, and note it."""
    parent, direct = context
    known = schema().components
    if parent is None or parent not in known:
        return False
    component = known[parent]
    if is_mjml(name):
        # Inside HTML that itself stands in the wrong place, the HTML is the fault.
        if component.holds(name) or not (direct or component.content):
            return False
        allowed = ", ".join(schema().parents(name)) or "–"
        kind = "mjml-root" if parent == DOCUMENT else "mjml-parent"
        faults.add(kind, at, name=name, parent=parent, allowed=allowed)
        return True
    if not direct or (component.content and not (name and parent in TEXT_ONLY)):
        return False
    if parent == DOCUMENT:
        faults.add("mjml-root", at, name=name or "text")
    elif name:
        faults.add("markup-parent", at, name=name, parent=parent)
    else:
        faults.add("text-parent", at, parent=parent)
    return True
