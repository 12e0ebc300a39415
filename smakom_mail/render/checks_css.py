"""Rules over style sheets: the layout's files and what is left of them in the mail (C)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.render.css import parse_css, parse_style
from smakom_mail.render.inspection import Inspection

SIZE_LIMIT = 16_384
"""Bytes of kept CSS above which Gmail drops it (caniemail html-style #6)."""
SIZE_NEAR = 8_192
MOST = 20
"""Findings of one kind in one file; what comes after is hardly news."""
_FETCH = re.compile(
    r"@import\b[^;{}\n]{0,60}|url\(\s*['\"]?\s*(?:[a-z][a-z0-9+.-]*:)?//[^)\n]{0,60}\)?|"
    r"url\(\s*['\"]?\s*file:[^)\n]{0,60}\)?",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_IMPORTANT = re.compile(r"(\s?)!(\s*)(important)\b", re.IGNORECASE)
_ODD_VALUE = re.compile(
    r"(?<![\w-])var\([^)]*\)?|(?<![\w-])hsla?\([^)]*\)?|#[0-9a-f]{3,4}(?![\w-])|"
    r"(?<![\w-])rgba?\(\s*[\d.]+%?\s+[^)]*\)?|--[\w-]+\s*:",
    re.IGNORECASE,
)
Faults = tuple[Diagnostic, ...]


def check_css(seen: Inspection) -> Iterator[Diagnostic]:
    """Check the layout's style sheets, then those that the mail keeps (C01–C04, C06, C07)."""
    for file, text in seen.origins.css_files():
        yield from _file_faults(file, text)
    for web in (False, True):
        for file, text in seen.origins.templates(web=web):
            yield from _template_faults(file, text)
    known = frozenset(_bare(text) for _, text in seen.origins.css_files())
    blocks = tuple(css for _, css in seen.mail.sheets)
    yield from _size(blocks, seen)
    for css in blocks:
        if not any(_bare(css) in text for text in known):
            yield from _kept(css, seen)
    yield from _inline(seen)


def _bare(css: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"/\*.*?(?:\*/|\Z)", "", css, flags=re.DOTALL))


@lru_cache(maxsize=64)
def _file_faults(file: str, text: str) -> Faults:
    """Check one style sheet of a layout; the same text need not be read twice."""
    inline = file.endswith("/inline.css")
    found = [_fetches(file, text), _unreadable(file, text), _important(file, text, inline=inline)]
    if inline:
        found.append(_values(file, text))
    return tuple(each for faults in found for each in islice(faults, MOST))


def _clean(text: str) -> str:
    """Blank comments out, keeping every line where it is."""
    return re.sub(r"/\*.*?(?:\*/|\Z)", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.DOTALL)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _fetches(file: str, text: str) -> Iterator[Diagnostic]:
    bare = _clean(text)
    for match in _FETCH.finditer(bare):
        yield finding("css-import", file, _line(bare, match.start()), text=match[0].strip())


def _unreadable(file: str, text: str) -> Iterator[Diagnostic]:
    sheet = parse_css(text)
    for line, words in sheet.faults:
        yield finding("css-unreadable", file, line, text=words)
    for rule in sheet.at_rules:
        if rule.depth:
            yield finding("css-nested", file, rule.line, name=rule.name)


def _important(file: str, text: str, *, inline: bool) -> Iterator[Diagnostic]:
    bare = _clean(text)
    for at, words, usual in _importants(bare):
        if inline:
            yield finding("css-important-inline", file, _line(bare, at), text=words)
        elif not usual:
            yield finding("css-important", file, _line(bare, at), text=words)


def _importants(css: str) -> Iterator[tuple[int, str, bool]]:
    """Give every ``!important``: where, with its declaration, whether written as all understand."""
    for match in _IMPORTANT.finditer(css):
        before = re.split(r"[;{}]", css[max(0, match.start() - 80) : match.end()])[-1]
        usual = bool(match[1]) and not match[2] and match[3] == "important"
        yield match.start(), " ".join(before.split()), usual


def _values(file: str, text: str) -> Iterator[Diagnostic]:
    for line, words in _odd_in_sheet(text):
        yield finding("css-value", file, line, text=words)


@lru_cache(maxsize=64)
def _odd_in_sheet(css: str) -> tuple[tuple[int, str], ...]:
    return tuple(
        (declared.line, match[0])
        for rule in parse_css(css).rules
        for declared in rule.declarations
        if (match := _ODD_VALUE.search(f"{declared.name}:{declared.value}"))
    )


@lru_cache(maxsize=256)
def _template_faults(file: str, text: str) -> Faults:
    """Check what a template says of styles in its own words."""
    if "<style" not in text and "<mj-style" not in text and "style.css" not in file:
        return ()
    return tuple(islice(_fetches(file, text), MOST))


def _size(blocks: tuple[str, ...], seen: Inspection) -> Iterator[Diagnostic]:
    size = sum(len(css.encode("utf-8")) for css in blocks)
    heads = [(len(text), file) for file, text in seen.origins.css_files() if "/head/" in file]
    place = max(heads)[1] if heads else seen.origins.template()
    if size > SIZE_LIMIT:
        yield finding("css-size", place, 1, bytes=size, limit=SIZE_LIMIT)
    elif size > SIZE_NEAR:
        yield finding("css-size-near", place, 1, bytes=size, limit=SIZE_NEAR)


def _kept(css: str, seen: Inspection) -> Iterator[Diagnostic]:
    """Check a ``<style>`` of the mail that stands in no file: a template made it."""
    for comment in _COMMENT.findall(css):
        place = seen.origins.in_template(comment, "mj-style")
        yield finding("css-comment", *place, text=" ".join(comment.split())[:60])
    sheet = parse_css(re.sub(r"<!--|-->", "", css))
    for _, words in sheet.faults:
        yield finding("css-unreadable", *seen.origins.in_template(words, "mj-style"), text=words)
    for rule in sheet.at_rules:
        if rule.depth:
            place = seen.origins.in_template(f"@{rule.name} {rule.prelude}", f"@{rule.name}")
            yield finding("css-nested", *place, name=rule.name)
    for _, words, usual in dict.fromkeys(_importants(_clean(css))):
        if not usual:
            yield finding("css-important", *seen.origins.in_template(words), text=words)
    for words in dict.fromkeys(_FETCH.findall(css)):
        yield finding("css-import", *seen.origins.in_template(words.strip()), text=words.strip())


def _inline(seen: Inspection) -> Iterator[Diagnostic]:
    """Check the styles of elements, but what inline.css has said already."""
    styles = dict.fromkeys(filter(None, (each.get("style") for each in seen.mail.elements())))
    hidden = re.findall(r"<!--.*?-->", seen.html, re.DOTALL)
    inline = dict(seen.layout.stylesheets).get("inline.css", "")
    said = {words for _, words in _odd_in_sheet(inline)}
    for words in dict.fromkeys(match for style in styles for match in _odd_values(style)):
        if words not in said:
            yield finding("css-value", *seen.origins.in_template(words), text=words)
    for words in dict.fromkeys(found for style in (*styles, *hidden) for found in _remote(style)):
        if words not in inline:
            yield finding("css-import", *seen.origins.in_template(words), text=words)


@lru_cache(maxsize=4096)
def _odd_values(style: str) -> tuple[str, ...]:
    return tuple(
        match[0]
        for declared in parse_style(style)
        if (match := _ODD_VALUE.search(f"{declared.name}:{declared.value}"))
    )


@lru_cache(maxsize=4096)
def _remote(style: str) -> tuple[str, ...]:
    return tuple(_FETCH.findall(style))
