"""The text of a section as a tree: what an author may write, and nothing else.

Every node is frozen and knows its line in the author's file (1 is the first line),
so that a finding made anywhere down the road can name the place.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Stressed words (``*so*``)."""

    children: tuple["Inline", ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Strong:
    """Important words (``**so**``)."""

    children: tuple["Inline", ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Strikethrough:
    """Words that no longer hold (``~~so~~``)."""

    children: tuple["Inline", ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Code:
    """Literal characters (`` `so` ``)."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; `href` is absolute (https, http, mailto or tel)."""

    href: str
    children: tuple["Inline", ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A break that the author asked for inside a paragraph."""

    line: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A place for something that is the reader's own (``{name|kära läsare}``)."""

    name: str
    default: str | None
    line: int = 0


Inline = Text | Emphasis | Strong | Strikethrough | Code | Link | LineBreak | Field


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of inline text."""

    children: tuple[Inline, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section: level 2 is the first one below the section's title."""

    level: int
    children: tuple[Inline, ...]
    anchor: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class ListItem:
    """One entry of a list."""

    blocks: tuple["Block", ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class List:
    """Entries with a dot (`start` is None) or numbered from `start`."""

    items: tuple[ListItem, ...]
    start: int | None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A data table: one row of headings, then rows of equally many cells."""

    head: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Literal lines."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Divider:
    """A thematic break (``---``)."""

    line: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: `source` is its path inside the edition's folder, `credit` who made it."""

    source: str
    alt: str
    caption: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Credit:
    """Who is named as the source: ``Källa: publisher, date``, with an address where known.

    `published` is an ISO date or month (``2021-03-25``, ``2021-01``), or empty.
    """

    name: str
    published: str
    url: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A slip of the source put right openly (`kind` "fix"), or words made a link ("link")."""

    kind: str
    found: str
    replacement: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph taken from a seed.

    `style` is "text", "speech", "bullet" or "heading"; `number` is the paragraph's number
    as ``seeds show`` gives it; `gap` says that paragraphs before it were left out.
    """

    number: int
    style: str
    children: tuple[Inline, ...]
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Text taken from a seed by reference."""

    seed: str
    passages: tuple[Passage, ...]
    credit: Credit | None
    corrections: tuple[Correction, ...]
    title: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Quotation:
    """Text typed by the author and found word for word in a seed."""

    seed: str
    paragraphs: tuple[Paragraph, ...]
    speaker: str
    role: str
    credit: Credit | None
    numbers: tuple[int, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number and what it means."""

    figure: str
    meaning: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """Two or three large numerals."""

    figures: tuple[KeyFigure, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens: from `start` to `end` (the same day when equal)."""

    title: str
    start: dt.date
    end: dt.date
    time: str
    place: str
    url: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that is asked for by a day; `to` is the address to write to, or empty."""

    title: str
    date: dt.date
    to: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to turn to."""

    name: str
    role: str
    mail: str
    telephone: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Partner:
    """Text that is a partner's, and marked so; `name` may be empty."""

    name: str
    blocks: tuple["Block", ...]
    line: int = 0


Block = (
    Paragraph
    | Heading
    | List
    | Table
    | CodeBlock
    | Divider
    | Figure
    | Excerpt
    | Quotation
    | Numbers
    | Event
    | Deadline
    | Person
    | Partner
)


def plain(children: tuple[Inline, ...]) -> str:
    """Give the words of inline text without its marks; a field gives its default."""
    words: list[str] = []
    for node in children:
        match node:
            case Text(text=text) | Code(text=text):
                words.append(text)
            case LineBreak():
                words.append(" ")
            case Field(default=default):
                words.append(default or "")
            case _:
                words.append(plain(node.children))
    return "".join(words)


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Give every block, those inside lists and partner texts too, in reading order."""
    for block in blocks:
        yield block
        if isinstance(block, List):
            for item in block.items:
                yield from walk(item.blocks)
        elif isinstance(block, Partner):
            yield from walk(block.blocks)


def runs(block: Block) -> Iterator[tuple[Inline, ...]]:
    """Give every run of inline text that stands in `block` itself, not in blocks below it."""
    match block:
        case Paragraph(children=children) | Heading(children=children):
            yield children
        case Table(head=head, rows=rows):
            yield from head
            for row in rows:
                yield from row
        case Excerpt(passages=passages):
            for passage in passages:
                yield passage.children
        case Quotation(paragraphs=paragraphs):
            for paragraph in paragraphs:
                yield paragraph.children
        case _:
            return


def inlines(children: tuple[Inline, ...]) -> Iterator[Inline]:
    """Give every inline node of a run, nested ones too."""
    for node in children:
        yield node
        if isinstance(node, Emphasis | Strong | Strikethrough | Link):
            yield from inlines(node.children)
