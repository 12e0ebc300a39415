"""Rules over the finished mail, text and web page: the last look before they may leave."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from smakom_mail.config import Config
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import UNSUBSCRIBE, PersonalText, RenderedEdition
from smakom_mail.render.frame import bare_address
from smakom_mail.render.wrapping import columns, unflow

if TYPE_CHECKING:
    from lxml.etree import HTMLParser
    from lxml.etree import _Element as Element

GMAIL_LIMIT = 100_000
"""Bytes of HTML beyond which Gmail clips the mail (research: about 102,000)."""
GMAIL_NEAR = 80_000
TEXT_WIDTH = 78
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ACTIVE = frozenset(
    {"script", "iframe", "form", "object", "embed", "applet", "frame", "link", "base"}
)
_ADDRESSES = frozenset(("href", "src", "action", "formaction", "background", "poster"))
# "<https://…>" and "<kim@a.example>", but not what an author writes of HTML: "<b>", "</b>".
_ADDRESS_BEHIND = re.compile(r"\s*<[^<>\s/]*[:@.+\d-][^<>\s]*>")
_WITHIN_WORDS = frozenset({"a", "em", "strong", "s", "code"})
"""What an author can put around a part of a word."""


@dataclass(slots=True)
class Page:
    """What a page says and holds: its text, links, headings, anything active.

    What is hidden from everybody, or from screen readers because it stands beside it in
    words (``aria-hidden``), is not among the text.
    """

    said: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    active: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """Every word of the page."""
        return "".join(self.said).split()


def read_page(html: str) -> Page:
    """Parse a finished page."""
    from lxml import etree

    page = Page()
    root = etree.fromstring(html.encode("utf-8"), parser=_html_parser())
    if root is not None:
        _read(root, page)
    return page


@cache
def _html_parser() -> "HTMLParser":
    # lxml.html's own elements cost a look-up each; plain ones say all that is asked here.
    from lxml.etree import HTMLParser

    return HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)


def _read(element: "Element", page: Page) -> None:
    """Collect what `element` and those inside it say."""
    tag = str(element.tag)
    _read_code(element, tag, page)
    hidden = element.get("aria-hidden") == "true" or "display:none" in (element.get("style") or "")
    if hidden or tag in ("style", "title", "script"):
        return
    if tag == "a" and element.get("href") is not None:
        page.links.append(element.get("href", ""))
    gap = "" if tag in _WITHIN_WORDS else " "
    start = len(page.said)
    page.said.append(gap + (element.text or ""))
    for child in element:
        _read(child, page)
        page.said.append(child.tail or "")
    page.said.append(gap)
    if tag in _HEADINGS:
        page.headings.append((int(tag[1]), " ".join("".join(page.said[start:]).split())))


def _read_code(element: "Element", tag: str, page: Page) -> None:
    """Collect what could run."""
    names = [str(name) for name in element.keys()]  # noqa: SIM118 - an element is no mapping
    if tag in _ACTIVE or any(name.startswith("on") for name in names):
        page.active.append(f"<{tag}>")
    for name in _ADDRESSES.intersection(names):
        bare = re.sub(r"[\x00-\x20]", "", element.get(name) or "").lower()
        if bare.startswith("javascript:"):
            page.active.append("javascript:")


def open_form(text: PersonalText) -> str:
    """Give the text with every slot as its default, an address where it is one."""
    values = {
        UNSUBSCRIBE: "https://unsubscribe.invalid/slot",
        "name": "",
        "organisation": "",
        "email": "",
    }
    return "".join(
        part if isinstance(part, str) else part.default or values.get(part.name, "")
        for part in text.parts
    )


def check_rendered(
    rendered: RenderedEdition, edition: Edition, config: Config, layout: str
) -> Iterator[Diagnostic]:
    """Check the finished artefacts; `layout` is the folder that findings point at."""
    html, text = open_form(rendered.html), open_form(rendered.text)
    mail_file, text_file = f"{layout}/edition.mjml.j2", f"{layout}/edition.txt.j2"
    page, web = read_page(html), read_page(rendered.web)
    if not html.startswith("<!DOCTYPE html>"):
        yield finding("html-doctype", mail_file)
    yield from _size(html, edition.file)
    for file, found in ((mail_file, page), (f"{layout}/web.html.j2", web)):
        yield from (
            finding("html-active", file, 1, text=active) for active in dict.fromkeys(found.active)
        )
    yield from _footer(rendered, config, mail_file, text_file)
    yield from _complete(page, text, text_file)
    yield from _narrow(text, text_file)


def _size(html: str, file: str) -> Iterator[Diagnostic]:
    size = len(html.encode("utf-8"))
    if size > GMAIL_LIMIT:
        yield finding("html-size", file, 1, bytes=size, limit=GMAIL_LIMIT)
    elif size > GMAIL_NEAR:
        yield finding("html-size-near", file, 1, bytes=size, limit=GMAIL_LIMIT)


def _footer(
    rendered: RenderedEdition, config: Config, mail_file: str, text_file: str
) -> Iterator[Diagnostic]:
    for part, file, personal in (
        ("html", mail_file, rendered.html),
        ("text", text_file, rendered.text),
    ):
        shown = open_form(personal)
        if not any(slot.name == UNSUBSCRIBE for slot in personal.slots):
            yield finding("unsubscribe-missing", file, 1, part=part)
        if f"{config.site_url}/archive/" not in shown:
            yield finding("web-link-missing", file, 1, part=part)
        if (config.sender.reply_to or config.sender.email) not in shown:
            yield finding("sender-missing", file, 1, part=part)


def bare_words(text: str) -> list[str]:
    """Give the words of a text without marks at their edges, addresses as people say them."""
    text = re.sub(r"https?://", "", text) if "://" in text else text
    stripped = [raw.strip("*-–—·.,:;<>()[]|~_#\"'”“„’‘»«") for raw in text.split()]
    bare = [bare_address(word) if "/" in word else word for word in stripped]
    return [word for word in bare if word]


def _complete(page: Page, text: str, file: str) -> Iterator[Diagnostic]:
    """Hold the text part against the HTML: every heading, link and word must be there (T01).

    An address stands behind its words, even inside what a reader takes for one word:
    "SmåKom <https://…>s", and what is struck out within a word has its marks: "1~~0~~". So
    the text is read with these and without.
    """
    whole = unflow(text)
    plain = whole.replace("~~", "")
    without = (_ADDRESS_BEHIND.sub("", each) for each in (whole, plain))
    readings = [bare_words(each) for each in (whole, plain, *without)]
    known = {word for reading in readings for word in reading}
    wholes = [f" {' '.join(reading)} " for reading in readings]
    for level, heading in page.headings:
        sought = f" {' '.join(bare_words(heading))} "
        if sought.strip() and not any(sought in whole for whole in wholes):
            yield finding("text-incomplete", file, 1, text=f"h{level} “{heading}”")
    for href in dict.fromkeys(page.links):
        address = (
            href.split(":", 1)[1].split("?")[0] if href.startswith(("mailto:", "tel:")) else href
        )
        # The HTML writes ö in an address as %C3%B6, the text as it is.
        bare = unquote(address.split("#")[0])
        if bare not in unquote(text) and not href.startswith("tel:"):
            yield finding("text-incomplete", file, 1, text=href)
    for word in dict.fromkeys(page.words):
        if word not in known and any(piece not in known for piece in bare_words(word)):
            yield finding("text-incomplete", file, 1, text=f"“{word}”")


def _narrow(text: str, file: str) -> Iterator[Diagnostic]:
    for number, line in enumerate(text.split("\n"), 1):
        longest = max((columns(word) for word in line.split()), default=0)
        if columns(line) > TEXT_WIDTH and " " in line.strip() and longest < 60:
            yield finding(
                "text-wide", file, 1, columns=columns(line), text=f"{number}: {line[:40]}…"
            )
