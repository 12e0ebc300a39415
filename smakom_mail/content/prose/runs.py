"""An edition's words as runs of plain prose, each character with its line in the author's file.

Rules read runs and nothing else. Code, addresses and personal fields are masked, so no rule
can take them for words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from smakom_mail.content.markdown import split_fields
from smakom_mail.model.document import (
    Block,
    Code,
    Deadline,
    Emphasis,
    Event,
    Excerpt,
    Field,
    Figure,
    Heading,
    Inline,
    LineBreak,
    Link,
    Numbers,
    Person,
    Quotation,
    Strikethrough,
    Strong,
    Table,
    Text,
    plain,
    runs,
    walk,
)
from smakom_mail.model.edition import Edition, Section

MASK = "\ufffc"
"""Stands for each character that is no prose (U+FFFC, object replacement character)."""

NEAR = 200
"""How far around a place a rule looks, at most."""
_ADDRESS = re.compile(
    r"https?://[^\s<>\"”“]+|\bwww\.[^\s<>\"”“]+|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.(?:se|com|org|net|nu|eu|no|dk|fi|io|info|example|test)\b(?:/[^\s]*)?"
    r"|(?<![\w.-])[\w-]+\.(?:pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|zip|txt|md|toml|csv)\b"
)
_NO_WORD = re.compile(r"\S{120,}")
_MARKS = re.compile('["”“„»«]')


@dataclass(frozen=True, slots=True)
class LinkSpan:
    """Where a link stands in its run, where it leads, and the words it shows."""

    start: int
    end: int
    href: str
    shown: str


@dataclass(frozen=True, slots=True)
class Run:
    """A paragraph, heading, cell or value: `text` with what is no prose masked.

    `kind` is "text", "heading" (a section's title too), "line" for a short value, or the name
    of a key of edition.toml; `quoted` is "excerpt" or "quotation" where the words are somebody
    else's, else empty. `places` are (offset, line), in order.
    """

    file: str
    kind: str
    text: str
    places: tuple[tuple[int, int], ...]
    quoted: str = ""
    links: tuple[LinkSpan, ...] = ()
    stressed: tuple[tuple[int, int], ...] = ()

    def line_at(self, offset: int) -> int:
        """Give the line that the character at `offset` stands on."""
        return max((place for place in self.places if place[0] <= offset), default=(0, 1))[1]

    def in_quotation_marks(self, start: int, end: int) -> bool:
        """Say whether start to end lies between two quotation marks of this run."""
        marks = [match.start() for match in _MARKS.finditer(self.text)]
        pairs = zip(marks[::2], marks[1::2], strict=False)
        return len(marks) % 2 == 0 and any(one < start and end <= two for one, two in pairs)

    def starts_sentence(self, offset: int) -> bool:
        """Say whether a capital letter at `offset` is due: nothing, or an end, stands before."""
        before = self.text[max(0, offset - NEAR) : offset].rstrip(' \u00a0”"“»([')
        return not before or before[-1] in ".!?:…–—\n|/•"

    def around(self, start: int, end: int) -> str:
        """Give start to end with the rest of the words it cuts, for a message."""
        while start and not self.text[start - 1].isspace():
            start -= 1
        while end < len(self.text) and not self.text[end].isspace():
            end += 1
        shown = re.sub(f"{MASK}+", "…", self.text[start:end]).strip()
        return shown if len(shown) <= 60 else shown[:59] + "…"


class _Flattener:
    """Joins inline nodes into the text of a run."""

    def __init__(self) -> None:
        self.text = ""
        self.places: list[tuple[int, int]] = []
        self.links: list[LinkSpan] = []
        self.stressed: list[tuple[int, int]] = []

    def add(self, children: tuple[Inline, ...]) -> None:
        for node in children:
            start = len(self.text)
            self.places.append((start, node.line))
            match node:
                case Text(text=text):
                    self.text += text
                case Code() | Field():
                    self.text += MASK
                case LineBreak():
                    self.text += "\n"
                case Link():
                    self._link(node, start)
                case Emphasis() | Strong() | Strikethrough():
                    self.add(node.children)
                    self.stressed.append((start, len(self.text)))

    def _link(self, node: Link, start: int) -> None:
        self.add(node.children)
        self.links.append(LinkSpan(start, len(self.text), node.href, plain(node.children)))

    def run(self, file: str, kind: str, quoted: str) -> Run:
        return Run(
            file,
            kind,
            masked(self.text),
            tuple(self.places),
            quoted,
            tuple(self.links),
            tuple(self.stressed),
        )


def masked(text: str) -> str:
    """Put the mask in the place of addresses and file names, character for character.

    Nor is a hundred characters without a space a word; rules may count on short ones.
    """
    text = _NO_WORD.sub(lambda match: MASK * len(match[0]), text)
    return _ADDRESS.sub(lambda match: MASK * len(match[0]), text)


def line_run(file: str, line: int, text: str, kind: str = "line") -> Run:
    """Make the run of a value that stands on one line."""
    return Run(file, kind, masked(text), ((0, line),))


def edition_runs(edition: Edition, config_file: str, config_lines: dict[str, int]) -> list[Run]:
    """Give all the words of an edition in reading order, those of edition.toml first."""
    found = [_key_run(edition, key) for key in ("title", "subject", "preheader")]
    for section in edition.sections:
        found += _settings(edition, section, config_file, config_lines)
        found.append(line_run(section.file, section.line, section.title, "heading"))
        found += section_runs(section)
    return [run for run in found if run.text.strip()]


def _key_run(edition: Edition, key: str) -> Run:
    text = "".join(
        part if isinstance(part, str) else MASK for part in split_fields(getattr(edition, key))
    )
    return line_run(edition.file, edition.line_of(key), text, key)


def _settings(
    edition: Edition, section: Section, config_file: str, config_lines: dict[str, int]
) -> Iterator[Run]:
    """Give label and byline, at the table that they most likely stand in."""
    key = f"sections.{section.slug}"
    own = dict(edition.lines)
    file, line = (edition.file, own[key]) if key in own else (config_file, config_lines.get(key, 1))
    for text in (section.label, section.byline):
        yield line_run(file, line, text)


def section_runs(section: Section) -> Iterator[Run]:
    """Give the words below a section's title."""
    for block in walk(section.blocks):
        yield from block_runs(block, section.file)


def block_runs(block: Block, file: str) -> Iterator[Run]:
    """Give the words of one block, without those of blocks inside it."""
    quoted = {Excerpt: "excerpt", Quotation: "quotation"}.get(type(block), "")
    kind = "heading" if isinstance(block, Heading) else "line" if _is_cell(block) else "text"
    for children in runs(block):
        flat = _Flattener()
        flat.add(children)
        yield flat.run(file, kind, quoted)
    for line, text in _values(block):
        yield line_run(file, line, text)


def _is_cell(block: Block) -> bool:
    return isinstance(block, Table)


def _values(block: Block) -> Iterator[tuple[int, str]]:
    """Give the words that stand in the keys of a block."""
    match block:
        case Figure(alt=alt, caption=caption, line=line):
            yield from ((line, alt), (line, caption))
        case Numbers(figures=figures):
            for figure in figures:
                yield from ((figure.line, figure.figure), (figure.line, figure.meaning))
        case Event(title=title, place=place, line=line):
            yield from ((line, title), (line, place))
        case Deadline(title=title, line=line):
            yield line, title
        case Person(role=role, line=line):
            yield line, role
        case Excerpt(title=title, line=line):
            yield line, title
        case _:
            return
