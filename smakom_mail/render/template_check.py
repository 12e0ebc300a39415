"""Check a layout's templates as they are written: MJML, HTML and Jinja, with file, line, column.

The MJML engine knows no lines, takes any closing tag for the right one and prints unknown
elements as they are; Jinja finds a fault only where an edition happens to pass it. So every
template is read here first, with its Jinja blanked out (template_source), and held against
MJML's own schema (template_schema).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from smakom_mail.diagnostics import Diagnostic
from smakom_mail.render.layout import FOLDER, Layout, environment
from smakom_mail.render.template_attributes import check_attributes
from smakom_mail.render.template_branches import Context
from smakom_mail.render.template_faults import Fault, Faults
from smakom_mail.render.template_markup import Tag, read_markup
from smakom_mail.render.template_places import ROOT, Root, misplaced
from smakom_mail.render.template_references import check_references
from smakom_mail.render.template_schema import DOCUMENT
from smakom_mail.render.template_source import TemplateSource, read_source
from smakom_mail.render.template_structure import Included, Structure

if TYPE_CHECKING:
    from smakom_mail.render.template_values import Reference

_MAILS = ("edition.mjml.j2", "letter.mjml.j2")
_SECTIONS = "sections/"
_MJML, _TEXT = ".mjml.j2", ".txt.j2"
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_FETCHES = re.compile(
    r"@import\s*(?:url\(|[\"'])[^;<]{0,60}|url\(\s*['\"]?(?:https?:|file:|//)[^)<]{0,60}\)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of a template by its text alone."""

    source: TemplateSource
    faults: tuple[Fault, ...]
    references: "tuple[Reference, ...]" = ()
    roots: tuple[Root, ...] = ()
    included: tuple[Included, ...] = ()


def check_templates(layout: Layout) -> Iterator[Diagnostic]:
    """Give what is wrong with the templates of a layout; nothing is rendered, nothing is read."""
    examined = {
        name: _examine(text, next((end for end in (_MJML, _TEXT) if name.endswith(end)), ""))
        for name, text in layout.templates
    }
    contexts = _contexts(examined)
    references = {name: template.references for name, template in examined.items()}
    for name, template in examined.items():
        faults = Faults(template.source)
        check_references(faults, name, references)
        for root in template.roots:
            _check_root(faults, root, contexts.get(name, set()))
        file = f"{FOLDER}/{layout.name}/{name}"
        yield from (fault.at(file) for fault in (*template.faults, *faults.found))


@lru_cache(maxsize=256)
def _examine(text: str, ending: str) -> Examined:
    """Read one template; kept by its text, since a layout seldom changes between two checks."""
    from jinja2 import TemplateSyntaxError

    from smakom_mail.render.template_values import MAX_NESTING, Values

    source = read_source(text)
    faults = Faults(source)
    sandbox = environment(())
    values = Values(faults, sandbox, text=ending == _TEXT)
    try:
        values.read(sandbox.parse(text))
    except TemplateSyntaxError as error:
        reason = (("reason", error.message or ""),)
        return Examined(source, (Fault("layout-template", error.lineno, reason),))
    except RecursionError:
        faults.add("template-depth", 0, limit=MAX_NESTING)
        return Examined(source, tuple(faults.found))
    _check_fetches(faults)
    if ending != _MJML:
        return Examined(source, tuple(faults.found), tuple(values.references))
    structure = _check_markup(faults)
    return Examined(
        source,
        tuple(faults.found),
        tuple(values.references),
        tuple(structure.roots),
        tuple(structure.included),
    )


def _check_fetches(faults: Faults) -> None:
    """Look for CSS that would fetch something, in mails and on the web page (C01)."""
    css = _CSS_COMMENT.sub(lambda comment: " " * len(comment[0]), faults.source.blank)
    for found in _FETCHES.finditer(css):
        faults.add("css-import", found.start(), text=found[0])


def _check_markup(faults: Faults) -> Structure:
    tags = list(read_markup(faults.source.blank))
    for tag in tags:
        if tag.fault and not faults.many:
            faults.add(tag.fault, tag.fault_at, name=_shown(faults, tag))
        if tag.attributes and not faults.many:
            check_attributes(faults, tag)
    structure = Structure(faults, faults.source.statements)
    structure.read(tags)
    return structure


def _shown(faults: Faults, tag: Tag) -> str:
    """Give a tag's name as it is written, with the Jinja in it."""
    return faults.source.text[tag.start + 1 : tag.start + 1 + len(tag.name)]


# ------------------------------------------------------------------- what stands outermost


def _contexts(examined: dict[str, Examined]) -> dict[str, set[Context]]:
    """Give for each template the places where others include it."""
    contexts: dict[str, set[Context]] = {name: set() for name in examined}
    waiting: list[tuple[str, Context]] = [
        (name, (DOCUMENT, True)) for name in _MAILS if name in examined
    ]
    while waiting:
        name, context = waiting.pop()
        if context in contexts[name]:
            continue
        contexts[name].add(context)
        for included in examined[name].included:
            parent, direct = included.context
            around = (context[0], context[1] and direct) if parent == ROOT else included.context
            waiting += [
                (other, around)
                for other in examined
                if other.endswith(_MJML) and re.fullmatch(included.pattern, other)
            ]
    for name, places in contexts.items():
        if not places and name.startswith(_SECTIONS):
            places.add(("mj-body", True))
    return contexts


def _check_root(faults: Faults, root: Root, contexts: set[Context]) -> None:
    """Say what stands in the wrong place wherever the file is included."""
    found = []
    for context in sorted(contexts, key=str):
        trial = Faults(faults.source)
        if not misplaced(trial, root.name, root.at, context):
            return
        found += trial.found
    faults.found += found[:1]
