"""HTML divided into its tags, text and comments without a character lost.

A parser that builds a tree and writes it again loses what a mail needs as it is: conditional
comments, entities, the order of attributes. Here every change is made in the text itself.
"""

import re
from collections.abc import Callable
from html import unescape
from typing import NamedTuple

_SPACE = r" \t\n\r\f"
_VALUE = rf"(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^{_SPACE}>\"'][^{_SPACE}>]*+|(?=>))"
_NAME = rf"[^{_SPACE}/>][^{_SPACE}/>=]*+"
_EQUALS = rf"[{_SPACE}]*+=[{_SPACE}]*+"
_REST = rf"(?:[{_SPACE}/]++|{_NAME}(?:{_EQUALS}{_VALUE})?+)*+"
# What stands in these is no markup (HTML 13.2.5); what has no end goes on to the end of the page.
_RAW = "style|script|title|textarea|xmp|iframe|noembed|noframes"
_PIECE = re.compile(
    rf"<!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+(?:--!?>|\Z))"
    rf"|<(?P<raw>{_RAW})(?=[{_SPACE}/>])(?P<raw_rest>{_REST})"
    rf"(?:>(?P<code>[^<]*+(?:(?!</(?P=raw)[{_SPACE}/>])<[^<]*+)*+)|\Z)"
    rf"|<(?P<close>/?)(?P<tag>[a-zA-Z][^{_SPACE}/>]*+)(?P<rest>{_REST})(?:(?P<end>>)|\Z)"
    r"|<[!?/][^>]*+(?:>|\Z)",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(rf"({_NAME})(?:{_EQUALS}({_VALUE}))?+")
_TAG_NAME = re.compile(rf"</?[a-zA-Z][^{_SPACE}/>]*+")
_DOCTYPE = re.compile(r"\s*(?:<!--.*?-->\s*)*<!doctype[^>]*>", re.IGNORECASE | re.DOTALL)


class Piece(NamedTuple):
    """A tag or a comment: where it begins and ends, and for a tag its name in small letters.

    `kind` is "open", "close" or "other"; `code` is where the raw text behind the start tag of
    a ``<style>`` and its like ends.
    """

    kind: str
    name: str
    start: int
    end: int
    code: int


def read_pieces(html: str) -> list[Piece]:
    """Give the tags and comments of a page, in order; what lies between them is text."""
    pieces: list[Piece] = []
    for match in _PIECE.finditer(html):
        start, end = match.span()
        if (match["tag"] or match["raw"]) and not _ends(match):
            pieces.append(Piece("other", "", start, len(html), len(html)))
            break
        if tag := match["tag"]:
            pieces.append(
                Piece("close" if match["close"] else "open", tag.lower(), start, end, end)
            )
        elif raw := match["raw"]:
            begun = match.start("code") if match["code"] is not None else end
            pieces.append(Piece("open", raw.lower(), start, begun, end))
        else:
            pieces.append(Piece("other", "", start, end, end))
    return pieces


def _ends(match: re.Match[str]) -> bool:
    """Say whether a tag ends; one that does not is none, with all that follows (HTML 13.2.5.8)."""
    return match["code"] is not None or match["end"] is not None


class Attribute(NamedTuple):
    """One attribute of a tag: its name in small letters, its value read, where it stands."""

    name: str
    value: str
    start: int
    end: int


def read_attributes(tag: str) -> list[Attribute]:
    """Give the attributes of a start tag; of two with one name the first counts, as in browsers."""
    begun = _TAG_NAME.match(tag)
    at = begun.end() if begun else len(tag)
    found: dict[str, Attribute] = {}
    for match in _ATTRIBUTE.finditer(tag, at):
        raw = match[2] or ""
        if raw[:1] in ('"', "'"):
            raw = raw[1:-1]
        value = unescape(raw) if "&" in raw else raw
        name = match[1].lower()
        found.setdefault(name, Attribute(name, value, match.start(), match.end()))
    return list(found.values())


def attribute_text(name: str, value: str) -> str:
    """Write an attribute."""
    shown = value.replace("&", "&amp;").replace('"', "&quot;")
    return f'{name}="{shown}"'


def with_attributes(tag: str, changes: dict[str, str | None]) -> str:
    """Give a start tag with attributes set, or gone where None; the others stay as written."""
    left = dict(changes)
    out: list[str] = []
    at = 0
    for attribute in read_attributes(tag):
        if attribute.name not in left:
            continue
        value = left.pop(attribute.name)
        if value is None:
            out.append(tag[at : attribute.start].rstrip())
        elif value == attribute.value:
            out.append(tag[at : attribute.end])
        else:
            out += [tag[at : attribute.start], attribute_text(attribute.name, value)]
        at = attribute.end
    changed = "".join([*out, tag[at:]])
    added = "".join(f" {attribute_text(n, v)}" for n, v in left.items() if v is not None)
    begun = _TAG_NAME.match(changed)
    if not added or not begun:
        return changed
    # Behind the name: at the end a value without quotes would swallow them.
    return changed[: begun.end()] + added + changed[begun.end() :]


def rewritten(html: str, tag: Callable[[str, str], str], sheet: Callable[[str], str]) -> str:
    """Put each start tag through `tag(name, text)` and each ``<style>`` through `sheet`."""
    out: list[str] = []
    at = 0
    for piece in read_pieces(html):
        if piece.kind != "open":
            continue
        old = html[piece.start : piece.end]
        out += [html[at : piece.start], tag(piece.name, old)]
        at = piece.end
        if piece.name == "style" and piece.code > piece.end:
            out.append(sheet(html[piece.end : piece.code]))
            at = piece.code
    return "".join([*out, html[at:]])


def with_first_style(html: str, css: str) -> str:
    """Put a style sheet before all others, so that whatever the page says itself is stronger."""
    style = f"<style>{css}</style>"
    place = None
    for piece in read_pieces(html):
        if piece.kind != "open":
            continue
        if piece.name in ("html", "head"):
            place = piece.end
        if piece.name != "html":
            break
    if place is None:
        doctype = _DOCTYPE.match(html)
        place = doctype.end() if doctype else 0
    return html[:place] + style + html[place:]
