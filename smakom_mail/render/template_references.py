"""Whether the templates that a template names are there, in the layout's folder, and end."""

import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING

from smakom_mail.diagnostics import nearest
from smakom_mail.render.template_faults import Faults

if TYPE_CHECKING:
    from smakom_mail.render.template_values import Reference

References = Mapping[str, "tuple[Reference, ...]"]


def check_references(faults: Faults, name: str, all_: References) -> None:
    """Note what the template `name` names in vain; `all_` has what each template names."""
    for reference in all_[name]:
        at = faults.source.offset(reference.line, reference.column)
        outside = next(filter(_leaves, reference.names), None)
        if outside is not None:
            faults.add("template-outside", at, name=outside)
        elif not reference.optional and not any(other in all_ for other in reference.names):
            wanted = reference.names[0]
            faults.add("template-missing", at, name=wanted, nearest=nearest(wanted, all_))
        elif reference.always and _reaches(reference, name, all_):
            faults.add("template-circle", at, name=_read_first(reference, all_))


def _leaves(name: str) -> bool:
    """Say whether a name leads out of the layout's folder, on any system."""
    path = name.replace("\\", "/")
    return path.startswith("/") or ":" in path or posixpath.normpath(path).split("/")[0] == ".."


def _reaches(reference: "Reference", name: str, all_: References) -> bool:
    """Say whether a file that is always read leads back to `name`, without a condition."""
    seen: set[str] = set()
    waiting = [_read_first(reference, all_)]
    while waiting:
        other = waiting.pop()
        if other == name:
            return True
        if other and other not in seen:
            seen.add(other)
            waiting += [_read_first(onward, all_) for onward in all_[other] if onward.always]
    return False


def _read_first(reference: "Reference", all_: References) -> str:
    """Give the name that Jinja takes: the first that is there."""
    return next((name for name in reference.names if name in all_), "")
