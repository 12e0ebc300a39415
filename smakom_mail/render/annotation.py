"""Where on the page the author's blocks stand: ``data-source="file:line"`` on their elements."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from smakom_mail.locale import format_period, words
from smakom_mail.model.document import (
    Block,
    Code,
    CodeBlock,
    Deadline,
    Event,
    Excerpt,
    Field,
    Figure,
    Heading,
    Inline,
    LineBreak,
    List,
    Numbers,
    Paragraph,
    Partner,
    Passage,
    Person,
    Quotation,
    Table,
    Text,
)
from smakom_mail.model.edition import Edition, Section
from smakom_mail.render.appearance.outline import Element, Outline, read_outline, squeeze
from smakom_mail.render.appearance.pieces import attribute_text, read_attributes
from smakom_mail.render.appearance.sections import SectionPlace, section_places

_NAME = "data-source"
Span = tuple[int, int]
# Words so many letters long are not found inside other words by chance.
_LONG = 12
# A reader's own value, and what stands between the parts of one block, is not longer.
_VALUE, _GAP = 300, 400
_TRIES = 50
_WHOLE = ("", "html", "head", "body")


def annotated(html: str, edition: Edition) -> str:
    """Put ``data-source`` on the deepest element that holds the words of each block.

    The page may be the mail, a mail program's form of it, or the web version. What stands on it
    is found by its words, in order; words that are not found are left alone. Nothing else of the
    page changes.
    """
    outline = read_outline(html)
    marker = _Marker(outline, edition)
    marker.mark_all()
    out: list[str] = []
    at = 0
    for element in sorted(marker.marks, key=lambda each: each.start):
        name_end = element.start + 1 + len(element.name)
        out += [html[at:name_end], " ", attribute_text(_NAME, marker.marks[element])]
        at = name_end
    return "".join([*out, html[at:]])


@dataclass(slots=True)
class _Marker:
    outline: Outline
    edition: Edition
    marks: dict[Element, str] = field(default_factory=dict)
    pictures: dict[str, list[Element]] = field(default_factory=lambda: defaultdict(list))
    file: str = ""
    low: int = 0
    high: int = 0
    cursor: int = 0

    def mark_all(self) -> None:
        self._read_pictures()
        places = section_places(self.outline, self.edition)
        self._mark_title()
        for index, place in enumerate(places):
            self.file = place.section.file
            if place.heading or not index:
                self._begin(place, places[index + 1 :])
            if place.heading:
                self._mark(place.heading, place.section.line)
                self._label(place.section, place.heading)
            self._blocks(place.section.blocks)
            self._byline(place.section)

    def _begin(self, place: SectionPlace, later: list[SectionPlace]) -> None:
        """Search from the section's heading to the next; a section without joins that before."""
        following = (each.heading.begin for each in later if each.heading)
        self.low = place.heading.begin if place.heading else 0
        self.high = next(following, len(self.outline.words))
        self.cursor = place.heading.finish if place.heading else 0

    def _read_pictures(self) -> None:
        for element in reversed(self.outline.elements):
            if element.name == "img":
                tag = self.outline.html[element.start : element.end]
                src = next((a.value for a in read_attributes(tag) if a.name == "src"), "")
                self.pictures[_file_name(src)].append(element)

    def _mark(self, element: Element | None, line: int, file: str = "") -> None:
        if element is None or element.name in _WHOLE or element in self.marks:
            return
        tag = self.outline.html[element.start : element.end]
        if _NAME not in tag:
            self.marks[element] = f"{file or self.file}:{line}"

    def _mark_span(self, span: Span | None, line: int) -> None:
        if span:
            self._mark(self.outline.around(*span), line)

    def _mark_container(self, spans: Iterable[Span | None], line: int) -> Span | None:
        """Mark what holds all of a block's parts, unless it holds more than the section."""
        found = [span for span in spans if span]
        if not found:
            return None
        span = min(begin for begin, _ in found), max(finish for _, finish in found)
        element = self.outline.around(*span)
        # What holds all is taken where one part is all: then the next one out, with no more words.
        while element is not None and element in self.marks and (parent := element.parent):
            if (parent.begin, parent.finish) != (element.begin, element.finish):
                break
            element = parent
        if element and self.low <= element.begin and element.finish <= self.high:
            self._mark(element, line)
        return span

    # ------------------------------------------------------------------ what edition.toml holds

    def _mark_title(self) -> None:
        title = squeeze(self.edition.title)
        for element in self.outline.elements:
            if element.name == "h1" and self._said(element) == title:
                self._mark(element, self.edition.line_of("title"), self.edition.file)

    def _said(self, element: Element) -> str:
        return self.outline.words[element.begin : element.finish]

    def _label(self, section: Section, heading: Element) -> None:
        label = squeeze(section.label)
        begin = heading.begin - len(label)
        if label and self.outline.words[max(0, begin) : heading.begin] == label:
            self._of_settings(section, (begin, heading.begin))

    def _byline(self, section: Section) -> None:
        name, _, role = section.byline.partition(",")
        if found := self._find(squeeze(name)):
            self._of_settings(section, self._with_near(found, (role,)))

    def _of_settings(self, section: Section, span: Span) -> None:
        """Mark what the section's table in edition.toml says of it, where it has one."""
        line = dict(self.edition.lines).get(f"sections.{section.slug}")
        element = self.outline.around(*span)
        if line and element and element.finish <= self.high:
            self._mark(element, line, self.edition.file)

    # ----------------------------------------------------------------------------------- blocks

    def _blocks(self, blocks: Iterable[Block]) -> list[Span | None]:
        return [self._block(block) for block in blocks]

    def _block(self, block: Block) -> Span | None:
        """Mark a block and those in it; give where its words stand."""
        match block:
            case Paragraph(children=children) | Heading(children=children):
                return self._run(children, block.line)
            case CodeBlock(text=text):
                span = self._find(squeeze(text))
                self._mark_span(span, block.line)
                return span
            case List():
                return self._list(block)
            case Table():
                return self._table(block)
            case _:
                return self._box(block)

    def _box(self, block: Block) -> Span | None:
        match block:
            case Figure():
                return self._figure(block)
            case Excerpt():
                return self._excerpt(block)
            case Quotation():
                return self._quotation(block)
            case Numbers():
                return self._numbers(block)
            case Event() | Deadline() | Person():
                return self._card(block)
            case Partner():
                return self._partner(block)
            case _:
                return None

    def _run(self, children: tuple[Inline, ...], line: int) -> Span | None:
        span = self._find_run(children)
        self._mark_span(span, line)
        return span

    def _list(self, block: List) -> Span | None:
        spans: list[Span | None] = []
        for item in block.items:
            spans.append(self._mark_container(self._blocks(item.blocks), item.line))
            element = self.outline.around(*spans[-1]) if spans[-1] else None
            while element and element.name not in ("li", *_WHOLE):
                element = element.parent
            self._mark(element, item.line)
        return self._mark_container(spans, block.line)

    def _table(self, block: Table) -> Span | None:
        spans: list[Span | None] = []
        for row in (block.head, *block.rows):
            found = [self._find_run(cell) for cell in row]
            line = next((cell[0].line for cell in row if cell), 0)
            spans.append(self._mark_container(found, line or block.line))
        return self._mark_container(spans, block.line)

    def _figure(self, block: Figure) -> Span | None:
        for picture in self.edition.pictures:
            if picture.source == block.source and self.pictures.get(picture.name):
                self._mark(self.pictures[picture.name].pop(), block.line)
        caption = self._find(squeeze(block.caption))
        self._mark_span(caption, block.line)
        return caption

    def _excerpt(self, block: Excerpt) -> Span | None:
        spans = [self._find(squeeze(block.title))]
        for passage in block.passages:
            spans.append(self._passage(passage))
            self._mark_span(spans[-1], block.line)
        return self._mark_container(spans, block.line)

    def _passage(self, passage: Passage) -> Span | None:
        """Find a passage with the marks before it (render/prose.py), or else without."""
        marks = ("[…]" if passage.gap else "") + ("–" if passage.style == "speech" else "")
        marked = (Text(marks), *passage.children)
        return self._find_run(marked) or self._find_run(passage.children)

    def _quotation(self, block: Quotation) -> Span | None:
        spans = [self._run(each.children, each.line or block.line) for each in block.paragraphs]
        if spans and spans[-1]:
            spans.append(self._with_near(spans[-1], (block.speaker, block.role)))
        return self._mark_container(spans, block.line)

    def _numbers(self, block: Numbers) -> Span | None:
        spans: list[Span | None] = []
        for figure in block.figures:
            found = self._find(squeeze(figure.figure))
            near = self._with_near(found, (figure.meaning,)) if found else None
            spans.append(self._mark_container([near], figure.line))
        return self._mark_container(spans, block.line)

    def _card(self, block: Event | Deadline | Person) -> Span | None:
        """Mark a date or a person: a name, and near it the rest."""
        if isinstance(block, Person):
            title, rest = block.name, (block.role, block.mail, block.telephone)
        elif isinstance(block, Event):
            when = format_period(block.start, block.end, self.edition.language)
            title, rest = block.title, (when, block.time, block.place)
        else:
            when = format_period(block.date, block.date, self.edition.language)
            title, rest = block.title, (when, block.to, "")
        found = self._find(squeeze(title))
        span = self._with_near(found, rest) if found else None
        return self._mark_container([span], block.line)

    def _partner(self, block: Partner) -> Span | None:
        said = words(self.edition.language)
        label = said["partner_named"].format(name=block.name) if block.name else said["partner"]
        return self._mark_container(
            [self._find(squeeze(label)), *self._blocks(block.blocks)], block.line
        )

    # ------------------------------------------------------------------------------------ words

    def _find_run(self, children: tuple[Inline, ...]) -> Span | None:
        parts = list(_parts(children))
        if None not in parts:
            return self._find("".join(part for part in parts if part))
        longest = max((part for part in parts if part), key=len, default="")
        for low in (self.cursor, self.low):
            for begin in self._places(longest, low):
                element = self.outline.around(begin, begin + len(longest))
                for _ in range(4):
                    if element and _filled(parts, self._said(element)):
                        self.cursor = max(self.cursor, element.finish)
                        return element.begin, element.finish
                    element = element.parent if element else None
        return None

    def _places(self, text: str, low: int) -> Iterable[int]:
        at = low - 1
        for _ in range(_TRIES):
            at = self.outline.words.find(text, at + 1, self.high) if text else -1
            if at < 0:
                return
            yield at

    def _find(self, text: str) -> Span | None:
        """Find squeezed words behind the last ones, else anywhere in the section."""
        if not text:
            return None
        if span := self._find_from(text, self.cursor):
            self.cursor = span[1]
            return span
        if span := self._find_from(text, self.low):
            return span
        only = self.outline.words.find(text) if len(text) >= _LONG else -1
        if only < 0 or self.outline.words.find(text, only + 1) >= 0:
            return None
        return only, only + len(text)

    def _find_from(self, text: str, low: int) -> Span | None:
        """Prefer an element that says just this, to one that says more."""
        first: Span | None = None
        for begin in self._places(text, low):
            span = begin, begin + len(text)
            element = self.outline.around(*span)
            if element and (element.begin, element.finish) == span:
                return span
            if first is None and self._stands_alone(*span):
                first = span
        return first

    def _stands_alone(self, begin: int, finish: int) -> bool:
        """Say whether short words are not a piece of other words."""
        if finish - begin >= _LONG:
            return True
        before = self.outline.words[self.outline.text_start(begin) : begin]
        if len(before) > 8 or any(map(str.isalnum, before)):
            return False
        after = self.outline.words[finish : finish + 1]
        return self.outline.starts_text(finish) or not after.isalnum()

    def _with_near(self, span: Span, texts: Iterable[str]) -> Span:
        """Add the words that stand shortly behind."""
        begin, finish = span
        for text in map(squeeze, texts):
            at = self.outline.words.find(text, finish, min(finish + _GAP, self.high))
            if text and at >= 0:
                finish = at + len(text)
        self.cursor = max(self.cursor, finish)
        return begin, finish


def _parts(children: tuple[Inline, ...]) -> Iterable[str | None]:
    """Give the squeezed words of inline text, and None for a reader's own value."""
    for node in children:
        match node:
            case Text(text=text) | Code(text=text):
                yield squeeze(text)
            case Field():
                yield None
            case LineBreak():
                pass
            case _:
                yield from _parts(node.children)


def _filled(parts: list[str | None], said: str) -> bool:
    """Say whether `said` is made of the parts, with a reader's value for each None."""
    texts = [part for part in parts if part]
    if len(said) > sum(map(len, texts)) + _VALUE * parts.count(None):
        return False
    at = 0
    for text in texts:
        at = said.find(text, at) + len(text)
        if at < len(text):
            return False
    first, last = parts[0] or "", parts[-1] or ""
    return said.startswith(first) and said.endswith(last)


def _file_name(address: str) -> str:
    try:
        return unquote(urlsplit(address.strip()).path).rsplit("/", 1)[-1]
    except ValueError:
        return ""
