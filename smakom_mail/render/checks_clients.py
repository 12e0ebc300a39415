"""What mail programs lack that the mail needs, after caniemail and our baseline (C05)."""

from collections.abc import Iterator
from functools import lru_cache

from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.render.caniemail import (
    features,
    of_at_rule,
    of_declaration,
    of_element,
    of_selector,
    unaccepted,
)
from smakom_mail.render.css import parse_css, parse_style
from smakom_mail.render.inspection import Inspection


def check_clients(seen: Inspection) -> Iterator[Diagnostic]:
    """Name every feature that a target lacks, once, where the layout asks for it first."""
    places: dict[str, tuple[str, int]] = {}
    for file, text in seen.origins.css_files():
        if "/head/" in file or file.endswith("/inline.css"):
            for slug, line in _of_sheet(text):
                places.setdefault(slug, (file, line))
    for slug, needles in _of_page(seen):
        if slug not in places:
            places[slug] = seen.origins.in_template(*needles)
    for slug, place in places.items():
        clients = ", ".join(unaccepted(slug))
        yield finding(
            "client-support", *place, feature=features()[slug].title, clients=clients, slug=slug
        )


@lru_cache(maxsize=64)
def _of_sheet(css: str) -> tuple[tuple[str, int], ...]:
    """Give the features of a style sheet that somebody lacks, with their first lines."""
    sheet = parse_css(css)
    found: dict[str, int] = {}
    for rule in sheet.at_rules:
        for slug in of_at_rule(rule.name, rule.prelude):
            found.setdefault(slug, rule.line)
    for each in sheet.rules:
        for slug in (slug for selector in each.selectors for slug in of_selector(selector)):
            found.setdefault(slug, each.line)
        for declared in each.declarations:
            for slug in of_declaration(declared):
                found.setdefault(slug, declared.line)
    return tuple((slug, line) for slug, line in found.items() if unaccepted(slug))


def _of_page(seen: Inspection) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the features that the mail itself needs, with words to look for in the templates."""
    for _, css in seen.mail.sheets:
        for slug, _ in _of_sheet(css):
            name = slug.rsplit("-", 1)[-1]
            yield slug, (f"@{name}" if slug.startswith("css-at-") else name,)
    elements: dict[tuple[str, tuple[str, ...]], None] = {}
    styles: dict[str, None] = {}
    for each in seen.mail.elements():
        elements[str(each.tag), tuple(each.attrib)] = None
        styles[each.get("style") or ""] = None
    for tag, names in elements:
        for slug in of_element(tag, names):
            if unaccepted(slug):
                yield slug, (f"<{tag}", slug.removeprefix("html-"))
    for style in styles:
        yield from _of_style(style)


@lru_cache(maxsize=4096)
def _of_style(style: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (slug, (f"{declared.name}:", declared.name))
        for declared in parse_style(style)
        for slug in of_declaration(declared)
        if unaccepted(slug)
    )
