"""The text twin of the mail, from the same tree as the HTML: nothing is stripped or guessed."""

from dataclasses import dataclass
from urllib.parse import unquote

from smakom_mail.config import Social
from smakom_mail.locale import format_date, format_period, words
from smakom_mail.model.document import (
    Block,
    Code,
    CodeBlock,
    Credit,
    Deadline,
    Divider,
    Event,
    Excerpt,
    Field,
    Figure,
    Heading,
    Inline,
    LineBreak,
    Link,
    List,
    Numbers,
    Paragraph,
    Partner,
    Passage,
    Person,
    Quotation,
    Strikethrough,
    Table,
    Text,
)
from smakom_mail.model.edition import Section
from smakom_mail.render.placeholders import Placeholders
from smakom_mail.render.view import ViewBuilder
from smakom_mail.render.wrapping import WIDTH, columns, cut, flow, underline, wrap

_INDENT = "    "


@dataclass(slots=True)
class TextWriter:
    """Writes blocks as lines; `views` knows the addresses of the edition's dates."""

    language: str
    tokens: Placeholders
    views: ViewBuilder

    def section(self, section: Section) -> str:
        """Give a whole section: label, underlined title, blocks, byline."""
        said = words(self.language)
        label = said["partner"] if section.kind == "partner" else section.label
        lines = [*wrap(label), *underline(section.title, "-"), ""]
        lines += self.blocks(section.blocks)
        if section.kind == "social":
            lines += [*social_lines(self.views.config.social), ""]
        if section.byline:
            lines += [*wrap(section.byline), ""]
        return "\n".join(lines).rstrip("\n")

    def blocks(self, blocks: tuple[Block, ...], width: int = WIDTH) -> list[str]:
        """Give blocks as lines with an empty line after each."""
        lines: list[str] = []
        for block in blocks:
            more = self._block(block, width)
            lines += [*more, ""] if more else []
        return lines

    def inline(self, children: tuple[Inline, ...]) -> str:
        """Give inline text; a link's address follows its words, a break is a newline."""
        out: list[str] = []
        for node in children:
            match node:
                case Text(text=text) | Code(text=text):
                    out.append(text)
                case LineBreak():
                    out.append("\n")
                case Field(name=name, default=default):
                    out.append(self.tokens.slot(name, default))
                case Link():
                    out.append(link_text(self.inline(node.children), node.href))
                case Strikethrough():  # without a mark the words would seem to hold
                    out.append(f"~~{self.inline(node.children)}~~")
                case _:
                    out.append(self.inline(node.children))
        return "".join(out)

    def _paragraph(self, text: str, width: int) -> list[str]:
        return [line for part in text.split("\n") for line in flow(part, width)]

    def _block(self, block: Block, width: int) -> list[str]:
        match block:
            case Paragraph(children=children):
                return self._paragraph(self.inline(children), width)
            case Heading(level=level, children=children):
                text = self.inline(children)
                return underline(text, "~") if level == 2 else wrap(text, width)
            case List():
                return self._list(block, width)
            case Table():
                return self._table(block, width)
            case CodeBlock(text=text):
                pieces = (cut(line, width - len(_INDENT)) for line in text.split("\n"))
                return _indented([piece for line in pieces for piece in line])
            case Divider():
                return ["* * *"]
            case _:
                return self._special(block, width)

    def _special(self, block: Block, width: int) -> list[str]:
        said = words(self.language)
        match block:
            case Figure(alt=alt, caption=caption):
                lines = flow(f"[{said['image']}: {alt}]", width)
                return lines + flow(caption, width)
            case Excerpt():
                return self._excerpt(block, width)
            case Quotation():
                return self._quotation(block, width)
            case Numbers(figures=figures):
                return [
                    line
                    for f in figures
                    for line in wrap(f"{f.figure}: {f.meaning}", width, "* ", "  ")
                ]
            case Event() | Deadline():
                return self._dated(block, width)
            case Person():
                return self._person(block)
            case Partner(name=name, blocks=blocks):
                label = said["partner_named"].format(name=name) if name else said["partner"]
                return [*wrap(f"{label}:", width), "", *self.blocks(blocks, width)[:-1]]
        raise AssertionError(block)

    def _list(self, block: List, width: int) -> list[str]:
        lines: list[str] = []
        for index, item in enumerate(block.items):
            mark = "- " if block.start is None else f"{block.start + index}. "
            rest = " " * len(mark)
            inner: list[str] = []
            for child in item.blocks:
                if isinstance(child, Paragraph):
                    parts = self.inline(child.children).split("\n")
                    inner += [line for part in parts for line in wrap(part, width - len(mark))]
                else:
                    inner += [line.rstrip(" ") for line in self._block(child, width - len(mark))]
            first = [(mark + inner[0]).rstrip()] if inner else [mark.rstrip()]
            lines += first + [rest + line if line else "" for line in inner[1:]]
        return lines

    def _table(self, block: Table, width: int) -> list[str]:
        """Align the columns where they fit; otherwise one ``heading: value`` line a cell."""
        head = [self.inline(cell).replace("\n", " ") for cell in block.head]
        rows = [[self.inline(cell).replace("\n", " ") for cell in row] for row in block.rows]
        sizes = [
            max((columns(row[i]) for row in [head, *rows] if i < len(row)), default=0)
            for i in range(len(head))
        ]
        if sum(sizes) + 2 * max(len(sizes) - 1, 0) <= width:
            cells = [head, ["-" * size for size in sizes], *rows]
            return [
                "  ".join(_pad(c, s) for c, s in zip(row, sizes, strict=False)).rstrip()
                for row in cells
            ]
        lines: list[str] = []
        for row in rows:
            lines += [""] if lines else []
            for name, value in zip(head, row, strict=False):
                lines += wrap(f"{name}: {value}" if name else value, width, "", "  ")
        return lines

    def _passages(self, passages: tuple[Passage, ...], width: int) -> list[str]:
        lines: list[str] = []
        for passage in passages:
            text = ("[…] " if passage.gap else "") + ("– " if passage.style == "speech" else "")
            text += self.inline(passage.children)
            if passage.style == "bullet":
                lines += wrap(text.replace("\n", " "), width, "- ", "  ")
            else:
                lines += self._paragraph(text, width)
            lines.append("")
        return lines[:-1]

    def _excerpt(self, block: Excerpt, width: int) -> list[str]:
        if block.credit is None:
            return self._passages(block.passages, width)
        title = [*wrap(block.title, width), ""] if block.title else []
        body = [
            *title,
            *self._passages(block.passages, width - len(_INDENT)),
            *self._credit(block.credit),
        ]
        return _indented(body)

    def _credit(self, credit: Credit | None) -> list[str]:
        if credit is None:
            return []
        said = words(self.language)
        line = f"{said['source']}: {credit.name}"
        line += f", {format_date(credit.published, self.language)}" if credit.published else ""
        more = (
            link_text(said["read_more"].format(name=credit.name), credit.url) if credit.url else ""
        )
        return [*wrap(line, WIDTH - len(_INDENT)), *wrap(more, WIDTH - len(_INDENT))]

    def _quotation(self, block: Quotation, width: int) -> list[str]:
        inner = width - len(_INDENT)
        lines: list[str] = []
        for paragraph in block.paragraphs:
            lines += [*self._paragraph(self.inline(paragraph.children), inner), ""]
        who = ", ".join(part for part in (block.speaker, block.role) if part)
        return _indented([*lines, *wrap(who, inner, "— ", "  "), *self._credit(block.credit)])

    def _dated(self, block: Event | Deadline, width: int) -> list[str]:
        said = words(self.language)
        if isinstance(block, Event):
            when = format_period(block.start, block.end, self.language)
            when += f", {block.time}" if block.time else ""
            lines = wrap(", ".join(part for part in (when, block.place) if part), width)
            if block.url:
                lines += wrap(link_text(said["about"].format(title=block.title), block.url), width)
        else:
            lines = wrap(
                said["deadline"].format(date=format_date(block.date, self.language)), width
            )
            if block.to:
                lines += wrap(said["answer"].format(to=block.to), width)
        calendar = f"{self.views.base}calendar/{self.views.calendar_name(block)}"
        return [
            *wrap(block.title, width),
            *lines,
            *wrap(link_text(said["calendar"], calendar), width),
        ]

    def _person(self, block: Person) -> list[str]:
        said = words(self.language)
        lines = [*wrap(block.name), *wrap(block.role)]
        if block.mail:
            lines.append(f"{said['mail']}: {block.mail}")
        if block.telephone:
            lines.append(f"{said['telephone']}: {block.telephone}")
        return lines


def social_lines(places: tuple[Social, ...]) -> list[str]:
    """Give the places where readers can follow, one a line."""
    lines: list[str] = []
    for place in places:
        name = link_text(place.name, place.url) if place.url else place.name
        lines += wrap(name, first="- ", rest="  ")
    return lines


def link_text(label: str, href: str) -> str:
    """Give ``label <address>``; the whole address alone where the label says the same."""
    if href.startswith(("mailto:", "tel:")):
        address = unquote(href.split(":", 1)[1].split("?", 1)[0])
        return label if address in label else f"{label} <{address}>"
    bare = href.removeprefix("https://").removeprefix("http://").rstrip("/")
    if label.strip().rstrip("/") in (href, href.rstrip("/"), bare):
        return href
    return f"{label} <{href}>"


def _pad(text: str, size: int) -> str:
    return text + " " * (size - columns(text))


def _indented(lines: list[str]) -> list[str]:
    """Indent by hard lines: an indented line must not flow into the next."""
    return [f"{_INDENT}{line}".rstrip() for line in lines]
