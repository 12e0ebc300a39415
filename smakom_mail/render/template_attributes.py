"""Attributes of a template's elements: known, of the right type, and safe with the engine."""

import unicodedata
from collections.abc import Iterator

from smakom_mail.diagnostics import nearest
from smakom_mail.render.template_branches import is_mjml
from smakom_mail.render.template_faults import Faults
from smakom_mail.render.template_markup import Attribute, Tag
from smakom_mail.render.template_schema import (
    EVERYWHERE,
    REFUSED,
    fits,
    ignored,
    miscounted,
    schema,
    wanted,
)
from smakom_mail.render.template_source import HOLE, VALUE

# What the engine prints as an attribute; the rest becomes CSS, which it leaves as it is.
_PRINTED = frozenset(
    """alt background-url href ico-close ico-open icon-unwrapped-alt icon-unwrapped-url
    icon-wrapped-alt icon-wrapped-url left-icon name rel right-icon src srcset target
    thumbnails-src title usemap""".split()  # noqa: SIM905 - a list to read
)


def check_attributes(faults: Faults, tag: Tag) -> None:
    """Note what is wrong with the attributes of one tag."""
    name = tag.name.lower()
    seen: set[str] = set()
    # Where branches print attributes, one may stand in each.
    branches = HOLE in faults.source.blank[tag.start : tag.end]
    for attribute in tag.attributes:
        if VALUE in attribute.name:
            continue
        if attribute.name in seen and not branches:
            faults.add("attribute-twice", attribute.start, name=attribute.name)
        seen.add(attribute.name)
        if is_mjml(name):
            _of_component(faults, name, attribute)
        if not is_mjml(name) or attribute.name in _PRINTED:
            _spoiled(faults, attribute)


def _of_component(faults: Faults, element: str, attribute: Attribute) -> None:
    name, value, at = attribute.name, attribute.value, attribute.start
    if element in REFUSED or element not in schema().components or name in EVERYWHERE:
        return
    kinds = schema().kinds(element, name)
    if not kinds:
        close = nearest(name, schema().names(element))
        faults.add("mjml-attribute", at, name=name, element=element, nearest=close)
    elif (refused := _refused(element, attribute)) is not None:
        faults.add(refused, at)
    elif any(miscounted(name, kind, value or "") for kind in kinds):
        faults.add("mjml-bare-zero", at, name=name, value=attribute.shown)
    elif not attribute.dynamic and not any(fits(kind, value or "") for kind in kinds):
        examples = " / ".join(dict.fromkeys(filter(None, map(wanted, kinds))))
        faults.add("mjml-value", at, name=name, value=value or "", expected=examples)
    elif ignored(element, name):
        faults.add("mjml-ignored", at, name=name, element=element)


def _refused(element: str, attribute: Attribute) -> str | None:
    """Give the finding for what MJML has and the engine has not (M05)."""
    if element == "mj-style" and attribute.name == "inline" and attribute.value == "inline":
        return "mjml-style-inline"
    if element == "mj-raw" and attribute.name == "position":
        return "mjml-file-start"
    return None


def _spoiled(faults: Faults, attribute: Attribute) -> None:
    """Look for a character that the engine prints as an escape of its own."""
    for index, character in _suspects(attribute.value or ""):
        at = attribute.value_start + 1 + index
        faults.add(
            "attribute-spoiled", at, name=attribute.name, character=f"U+{ord(character):04X}"
        )
        return


def _suspects(value: str) -> Iterator[tuple[int, str]]:
    before = ""
    for index, character in enumerate(value):
        # Jinja takes away the line end after a statement, and blanked places are not printed.
        trimmed = character == "\n" and before == HOLE
        if character not in (HOLE, VALUE) and not trimmed and is_escaped(character):
            yield index, character
        before = character


def is_escaped(character: str) -> bool:
    """Say whether the engine prints a character of an attribute as an escape of its own."""
    if character.isascii():
        return character in '\\"' or not character.isprintable()
    return not character.isprintable() or unicodedata.category(character) in ("Mn", "Me")
