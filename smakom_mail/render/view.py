"""What templates see of an edition: a plain tree of names and tokens, never an author's text."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from types import SimpleNamespace
from urllib.parse import quote

from smakom_mail.config import Config
from smakom_mail.locale import day_and_month, format_date, format_period, words
from smakom_mail.model.document import (
    Block,
    Credit,
    Deadline,
    Event,
    Excerpt,
    Field,
    Figure,
    Heading,
    Numbers,
    Paragraph,
    Partner,
    Person,
    Quotation,
    plain,
)
from smakom_mail.model.edition import Edition, Picture, Section
from smakom_mail.model.rendered import CalendarFile
from smakom_mail.render.calendar import calendar_file
from smakom_mail.render.placeholders import Placeholders
from smakom_mail.render.prose import block_html, inline_html, passages_html

SHOWN_WIDTH = 536
_LISTED_WIDTH = 472
_PROSE = ("Paragraph", "Heading", "List", "Table", "CodeBlock", "Divider")


@dataclass(slots=True)
class ViewBuilder:
    """Makes the views of one document; `base` is put before the paths of pictures and dates."""

    edition: Edition
    config: Config
    tokens: Placeholders
    base: str
    personal: Callable[[Field], str]
    anchors: bool = False
    calendars: dict[str, CalendarFile] = field(default_factory=dict)
    dated: dict[CalendarFile, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    numbered: Counter[str] = field(default_factory=Counter)
    anchor_prefix: str = ""

    def __post_init__(self) -> None:
        """Keep the names of the sections and of their headings for them."""
        for anchor in section_anchors(self.edition).values():
            self.taken |= {anchor, f"{anchor}-title"}

    @property
    def web_url(self) -> str:
        """The public address of the edition's web version."""
        return f"{self.config.site_url}/archive/{quote(self.edition.slug)}/"

    def sections(self) -> list[SimpleNamespace]:
        """Give every section: kind, names and its blocks, the leading text and its items."""
        anchors = section_anchors(self.edition)
        return [self._section(s, anchors[s.slug]) for s in self.edition.sections]

    def _section(self, section: Section, anchor: str) -> SimpleNamespace:
        self.anchor_prefix = anchor
        name, _, role = section.byline.partition(",")
        intro, items = _divided(section.blocks)
        return SimpleNamespace(
            kind=section.kind,
            anchor=anchor,
            title=self._must(section.title),
            label=self.tokens.text(section.label),
            byline=self._must(name.strip()),
            role=self.tokens.text(role.strip()) if role.strip() else "",
            monogram=self.tokens.text(monogram(name)) if name.strip() else "",
            intro=self._blocks(intro, lead=True),
            items=[self._item(heading, blocks) for heading, blocks in items],
        )

    def _item(self, heading: Heading, blocks: list[Block]) -> SimpleNamespace:
        anchor = self._anchor(heading)
        views = self._blocks(blocks)
        date = next((view.tag for view in views if view.type in ("event", "deadline")), None)
        figure = views.pop(0) if views and views[0].type == "figure" else None
        return SimpleNamespace(
            heading=self.tokens.html(inline_html(heading.children, self.personal), required=True),
            anchor=anchor,
            date=date,
            figure=figure,
            blocks=views,
        )

    def _anchor(self, heading: Heading) -> str:
        name = _free(f"{self.anchor_prefix}-{heading.anchor}", self.taken, self.numbered)
        self.taken.add(name)
        return name

    def _blocks(self, blocks: list[Block], *, lead: bool = False) -> list[SimpleNamespace]:
        """Give the blocks as views; neighbouring running text becomes one."""
        views: list[SimpleNamespace] = []
        run: list[str] = []
        for index, block in enumerate(blocks):
            if lead and index == 0 and isinstance(block, Paragraph) and len(blocks) > 1:
                views.append(self._html("lead", inline_html(block.children, self.personal)))
            elif type(block).__name__ in _PROSE or (
                isinstance(block, Excerpt) and block.credit is None
            ):
                anchors = self._anchor if self.anchors else lambda _: ""
                run.append(block_html(block, self.personal, anchors, self._inside))
            else:
                views += self._flushed(run)
                run = []
                views.append(self._block(block))
        return views + self._flushed(run)

    def _flushed(self, run: list[str]) -> list[SimpleNamespace]:
        return [self._html("prose", "".join(run))] if run else []

    def _html(self, kind: str, html: str) -> SimpleNamespace:
        return SimpleNamespace(type=kind, html=self.tokens.html(html, required=True))

    def _inside(self, block: Block) -> str:
        """Give a figure or quotation that stands in a list: there it has no template."""
        if isinstance(block, Figure):
            picture = self._picture(block)
            src = escape(f"{self.base}images/{picture.name}" if picture else "")
            width = min(shown_size(picture)[0], _LISTED_WIDTH)
            fluid = f'width="{width}" style="width:100%;max-width:{width}px"'
            caption = f"<br>{escape(block.caption)}" if block.caption else ""
            return f'<p><img src="{src}" alt="{escape(block.alt)}" {fluid}>{caption}</p>'
        if isinstance(block, Quotation):
            said = (f"<p>{inline_html(p.children, self.personal)}</p>" for p in block.paragraphs)
            who = ", ".join(part for part in (block.speaker, block.role) if part)
            line, url, label = self._source(block.credit)
            link = f'<br><a href="{escape(url)}">{escape(label)}</a>' if url else ""
            credit = f"<br>{escape(line)}{link}" if line else ""
            return f"<blockquote>{''.join(said)}<p>— {escape(who)}{credit}</p></blockquote>"
        raise AssertionError(block)

    def _picture(self, block: Figure) -> Picture | None:
        return next((p for p in self.edition.pictures if p.source == block.source), None)

    def _block(self, block: Block) -> SimpleNamespace:
        match block:
            case Figure():
                return self._figure(block)
            case Excerpt():
                html = passages_html(block.passages, self.personal)
                return SimpleNamespace(
                    type="excerpt",
                    title=self._must(block.title),
                    html=self.tokens.html(html, required=True),
                    credit=self._credit(block.credit),
                )
            case Quotation():
                return self._quotation(block)
            case Numbers(figures=figures):
                pairs = [(self._must(f.figure), self._must(f.meaning)) for f in figures]
                width = 100 // max(len(pairs), 1)
                return SimpleNamespace(type="numbers", figures=pairs, width=width)
            case Event() | Deadline():
                return self._dated(block)
            case Person():
                return self._person(block)
            case Partner():
                return self._partner(block)
        raise AssertionError(block)

    def _must(self, text: str) -> str:
        return self.tokens.text(text, required=True)

    def _quotation(self, block: Quotation) -> SimpleNamespace:
        paragraphs = (inline_html(p.children, self.personal) for p in block.paragraphs)
        html = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        return SimpleNamespace(
            type="quotation",
            html=self.tokens.html(html, required=True),
            speaker=self._must(block.speaker),
            role=self.tokens.text(block.role),
            credit=self._credit(block.credit),
        )

    def _figure(self, block: Figure) -> SimpleNamespace:
        picture = self._picture(block)
        width, height = shown_size(picture)
        return SimpleNamespace(
            type="figure",
            src=self.tokens.text(f"{self.base}images/{picture.name}" if picture else ""),
            alt=self.tokens.text(block.alt),
            caption=self.tokens.text(block.caption),
            width=width,
            height=height,
        )

    def _credit(self, credit: Credit | None) -> SimpleNamespace | None:
        if credit is None:
            return None
        line, url, label = self._source(credit)
        return SimpleNamespace(
            line=self._must(line), url=self.tokens.text(url), label=self.tokens.text(label)
        )

    def _source(self, credit: Credit | None) -> tuple[str, str, str]:
        """The source line: name and date, and a link that says where it leads."""
        if credit is None:
            return "", "", ""
        said = words(self.edition.language)
        date = format_date(credit.published, self.edition.language) if credit.published else ""
        line = f"{said['source']}: {credit.name}" + (f", {date}" if date else "")
        more = said["read_more"].format(name=credit.name) if credit.url else ""
        return line, credit.url, more

    def _dated(self, block: Event | Deadline) -> SimpleNamespace:
        language = self.edition.language
        said = words(language)
        event = isinstance(block, Event)
        start, end = (
            (block.start, block.end) if isinstance(block, Event) else (block.date, block.date)
        )
        calendar = self.calendar_name(block)
        day, month = day_and_month(end, language)
        if start != end and start.month == end.month:
            day = f"{start.day}–{day}"
        when = format_period(start, end, language)
        if isinstance(block, Event) and block.time:
            when += f", {block.time}"
        to = block.to if isinstance(block, Deadline) else ""
        url = block.url if isinstance(block, Event) else ""
        return SimpleNamespace(
            type="event" if event else "deadline",
            title=self._must(block.title),
            when=self.tokens.text(
                when if event else said["deadline"].format(date=when), required=True
            ),
            place=self.tokens.text(block.place) if isinstance(block, Event) else "",
            url=self.tokens.text(url),
            url_label=self.tokens.text(said["about"].format(title=block.title)) if url else "",
            tag=SimpleNamespace(day=self.tokens.text(day), month=self.tokens.text(month)),
            to=self.tokens.text(said["answer"].format(to=to)) if to else "",
            to_url=self.tokens.text(f"mailto:{to}?subject={quote(block.title)}") if to else "",
            calendar=self.tokens.text(f"{self.base}calendar/{calendar}"),
            calendar_label=self.tokens.text(said["calendar"]),
            calendar_name=self.tokens.text(f"{said['calendar']}: {block.title}"),
        )

    def calendar_name(self, block: Event | Deadline) -> str:
        """Give the name of the calendar file of a date, which is made when first asked for.

        Two dates of one name and day (a meeting in two places) get a file each.
        """
        edition, host = self.edition, self.config.site_host
        file = calendar_file(block, edition, host, self.web_url)
        known = file
        if known not in self.dated:
            while file.name in self.calendars:
                self.numbered[known.name] += 1
                number = self.numbered[known.name] + 1
                file = calendar_file(block, edition, host, self.web_url, number)
            self.calendars[file.name] = file
            self.dated[known] = file.name
        return self.dated[known]

    def _person(self, block: Person) -> SimpleNamespace:
        digits = re.sub(r"[^\d+]", "", block.telephone)
        return SimpleNamespace(
            type="person",
            name=self._must(block.name),
            role=self.tokens.text(block.role),
            mail=self.tokens.text(block.mail),
            telephone=self.tokens.text(block.telephone),
            telephone_url=self.tokens.text(f"tel:{international(digits)}") if digits else "",
            monogram=self.tokens.text(monogram(block.name)),
        )

    def _partner(self, block: Partner) -> SimpleNamespace:
        said = words(self.edition.language)
        label = said["partner_named"].format(name=block.name) if block.name else said["partner"]
        return SimpleNamespace(
            type="partner", label=self.tokens.text(label), blocks=self._blocks(list(block.blocks))
        )


def international(digits: str) -> str:
    """Give a Swedish number as +46 so that a telephone link works from anywhere (RFC 3966)."""
    return "+46" + digits[1:] if digits.startswith("0") and not digits.startswith("00") else digits


def section_anchors(edition: Edition) -> dict[str, str]:
    """Give the name of each section's place on the web page, by its slug."""
    table = str.maketrans({"å": "a", "ä": "a", "ö": "o"})
    anchors: dict[str, str] = {}
    for section in edition.sections:
        anchors[section.slug] = _free(
            section.slug.translate(table), set(anchors.values()), Counter()
        )
    return anchors


def _free(name: str, taken: set[str], numbered: Counter[str]) -> str:
    """Give `name`, or `name` with the first number that makes it the only one.

    `numbered` remembers the last one of each name, so that ten thousand of it take no time.
    """
    free = name
    while free in taken:
        numbered[name] += 1
        free = f"{name}-{numbered[name] + 1}"
    return free


def monogram(name: str) -> str:
    """Give at most two initials: "Peter Lindroth" is PL."""
    parts = [part for part in name.split() if part[:1].isalpha()]
    chosen = (parts[0], parts[-1]) if len(parts) > 1 else parts
    return "".join(part[0].upper() for part in chosen)


def shown_size(picture: Picture | None) -> tuple[int, int]:
    """Give width and height as shown, in CSS pixels: never wider than the text."""
    if picture is None:
        return SHOWN_WIDTH, 0
    width = min(picture.width, SHOWN_WIDTH)
    return width, max(1, round(picture.height * width / picture.width))


def _divided(blocks: tuple[Block, ...]) -> tuple[list[Block], list[tuple[Heading, list[Block]]]]:
    """Divide at the first level of sub-headings."""
    intro: list[Block] = []
    items: list[tuple[Heading, list[Block]]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            items.append((block, []))
        elif items:
            items[-1][1].append(block)
        else:
            intro.append(block)
    return intro, items


def section_titles(edition: Edition, skip: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Give (anchor, title, names of its items) of the sections that a contents list shows."""
    anchors = section_anchors(edition)
    return [
        (
            anchors[s.slug],
            s.title,
            " · ".join(plain(h.children) for h, _ in _divided(s.blocks)[1])
            if s.kind == "items"
            else "",
        )
        for s in edition.sections
        if s.kind not in skip and s.title
    ]
