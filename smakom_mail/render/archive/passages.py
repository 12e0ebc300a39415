"""The text of a web version in the pieces that a search finds, each under its own heading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smakom_mail.render.archive.entry import ArchivedEdition

if TYPE_CHECKING:
    from lxml.html import HtmlElement, HTMLParser

_SILENT = frozenset({"script", "style", "template", "noscript", "nav", "head", "title"})
_PHRASING = """a abbr b bdi bdo cite code data del dfn em i ins kbd mark q s samp small span strong
sub sup time u var wbr"""
_INLINE = frozenset(_PHRASING.split())
_HEADINGS = frozenset({"h1", "h2", "h3"})
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an edition: the place it is reached at, whose heading it has, and its words.

    `heading` is that of an item inside the section, or empty.
    """

    anchor: str
    section: str
    heading: str
    text: str


@dataclass(slots=True)
class _Piece:
    anchor: str
    heading: str = ""
    words: list[str] = field(default_factory=list)


def passages(edition: ArchivedEdition) -> tuple[Passage, ...]:
    """Give the passages of the sections that the edition's list names, in order."""
    from lxml.html import document_fromstring

    # As bytes that say what they are: a text with a declaration of its own would be refused.
    tree = document_fromstring(edition.web.encode("utf-8"), parser=_parser())
    by_anchor = {each.get("id"): each for each in tree.iter("section", "article", "div")}
    found = []
    for section in edition.sections:
        element = by_anchor.get(section.anchor)
        if element is None:
            continue
        for piece in _pieces(element, section.anchor, section.title):
            text = tidy("".join(piece.words))
            if text or piece.heading or piece.anchor == section.anchor:
                found.append(Passage(piece.anchor, section.title, piece.heading, text))
    return tuple(found)


def _parser() -> "HTMLParser":
    from lxml.html import HTMLParser

    return HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)


def _pieces(element: "HtmlElement", anchor: str, title: str) -> list[_Piece]:
    pieces = [_Piece(anchor)]
    for heading, id_, text in _walk(element):
        if heading and id_ and id_ != f"{anchor}-title" and tidy(text) != tidy(title):
            pieces.append(_Piece(id_, tidy(text)))
        elif not heading:
            pieces[-1].words.append(text)
    return pieces


def _walk(element: "HtmlElement") -> Iterator[tuple[bool, str, str]]:
    """Give (is a heading, its id, text) of everything that is seen, in order."""
    tag = str(element.tag)
    if tag in _SILENT or element.get("aria-hidden") == "true" or element.get("hidden") is not None:
        return
    if tag in _HEADINGS:
        yield True, element.get("id") or "", "".join(element.itertext())
        return
    apart = "" if tag in _INLINE else " "
    yield False, "", apart + (element.text or "")
    for child in element:
        yield from _walk(child)
        yield False, "", child.tail or ""
    yield False, "", apart


def tidy(text: str) -> str:
    """Give text in one line, without what only lays it out."""
    return _SPACE.sub(" ", text.replace("\u00ad", "").replace("\u200b", "")).strip()
