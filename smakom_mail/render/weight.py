"""How many bytes of the finished HTML each section takes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from smakom_mail.model.document import (
    Block,
    Code,
    CodeBlock,
    Deadline,
    Event,
    Figure,
    Numbers,
    Person,
    Quotation,
    Text,
    inlines,
    runs,
    walk,
)
from smakom_mail.model.edition import Edition, Section
from smakom_mail.render.appearance.outline import Element, Outline, read_outline, squeeze
from smakom_mail.render.appearance.pieces import Piece, read_pieces
from smakom_mail.render.appearance.sections import HEADINGS, SectionPlace, section_places

_TAG = re.compile(r"<(/?)[a-zA-Z]")
_SHOWN = re.compile(r"<!--\[if [^\]]*\]><!-->")
_WHOLE = ("", "html", "head", "body")


@dataclass(frozen=True, slots=True)
class Weight:
    """The bytes of one section; `name` is its title, "" for head, masthead and footer."""

    name: str
    file: str
    bytes: int


def weigh(html: str, edition: Edition) -> tuple[Weight, ...]:
    """Give the frame, then every section; the bytes sum to those of `html` in UTF-8.

    A section begins where its outermost block does, with the comment for Outlook that opens it.
    One whose title is not on the page counts as nothing: what it may hold is counted with the
    one before it, or with the frame.
    """
    outline = read_outline(html)
    found = _found(outline, section_places(outline, edition))
    sizes: dict[int, int] = {}
    if found:
        pieces = read_pieces(html)
        starts = [_with_opening(html, pieces, block.start) for _, _, block in found]
        bounds = [*starts, _end(outline, pieces, edition, found)]
        for at, (index, _, _) in enumerate(found):
            sizes[index] = _bytes(html[bounds[at] : bounds[at + 1]])
    frame = Weight("", "", _bytes(html) - sum(sizes.values()))
    sections = (
        Weight(section.title, section.file, sizes.get(index, 0))
        for index, section in enumerate(edition.sections)
    )
    return (frame, *sections)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


_Found = list[tuple[int, Element, Element]]


def _found(outline: Outline, places: list[SectionPlace]) -> _Found:
    """Give number, heading and outermost block of each section that is on the page."""
    numbered = [(at, each.heading) for at, each in enumerate(places) if each.heading]
    found: _Found = []
    for at, (index, heading) in enumerate(numbered):
        after = numbered[at + 1][1].begin if at + 1 < len(numbered) else len(outline.words)
        before = numbered[at - 1][1].finish if at else _masthead(outline, heading)
        block = heading
        while (parent := block.parent) and parent.name not in _WHOLE:
            if parent.begin < before or parent.finish > after:
                break
            block = parent
        found.append((index, heading, block))
    return found


def _masthead(outline: Outline, first: Element) -> int:
    """Give where the words end that cannot be the first section's: those of the last heading."""
    before = [e.finish for e in outline.elements if e.name in HEADINGS and e.start < first.start]
    return max(before, default=min(1, first.begin))


def _end(outline: Outline, pieces: list[Piece], edition: Edition, found: _Found) -> int:
    """Give where the last section ends: with the outermost block of its last words."""
    index, heading, block = found[-1]
    finish = heading.finish
    for said in _said(edition.sections[index]):
        at = outline.words.find(said, finish) if said else -1
        finish = at + len(said) if at >= 0 else finish
    last = outline.around(finish - 1, finish) or block
    while (parent := last.parent) and parent.start >= block.start:
        last = parent
    return _with_closing(outline.html, pieces, max(last.close, block.close))


def _said(section: Section) -> Iterator[str]:
    """Give squeezed words of a section's blocks, in order."""
    for block in walk(section.blocks):
        for run in runs(block):
            for node in inlines(run):
                if isinstance(node, Text | Code):
                    yield squeeze(node.text)
        yield from map(squeeze, _fields(block))


def _fields(block: Block) -> tuple[str, ...]:
    match block:
        case CodeBlock(text=text):
            return (text,)
        case Figure(caption=caption):
            return (caption,)
        case Event(title=title) | Deadline(title=title):
            return (title,)
        case Person(name=name, role=role, mail=mail, telephone=telephone):
            return name, role, mail, telephone
        case Quotation(speaker=speaker, role=role):
            return speaker, role
        case Numbers(figures=figures):
            return tuple(words for each in figures for words in (each.figure, each.meaning))
    return ()


def _with_opening(html: str, pieces: list[Piece], start: int) -> int:
    """Take along the conditional comments before a block that open what is around it."""
    for piece in reversed([each for each in pieces if each.end <= start]):
        comment = html[piece.start : piece.end]
        tag = _TAG.search(comment)
        opens = _SHOWN.fullmatch(comment) or (tag and not tag[1])
        if piece.kind != "other" or not opens or html[piece.end : start].strip():
            break
        start = piece.start
    return start


def _with_closing(html: str, pieces: list[Piece], end: int) -> int:
    """Take along the conditional comments behind a block that close what is around it."""
    for piece in (each for each in pieces if each.start >= end):
        tag = _TAG.search(html[piece.start : piece.end])
        if piece.kind != "other" or not tag or not tag[1] or html[end : piece.start].strip():
            break
        end = piece.end
    return end
