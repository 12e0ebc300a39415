"""Rules over the finished mail, text and web page: the last look before they may leave."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from smakom_mail.config import Config
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import UNSUBSCRIBE, PersonalText, RenderedEdition
from smakom_mail.render.frame import bare_address
from smakom_mail.render.wrapping import columns, unflow

if TYPE_CHECKING:
    from lxml.html import HtmlElement, HTMLParser

GMAIL_LIMIT = 100_000
"""Bytes of HTML beyond which Gmail clips the mail (research: about 102,000)."""
GMAIL_NEAR = 80_000
TEXT_WIDTH = 78
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ACTIVE = frozenset(
    {"script", "iframe", "form", "object", "embed", "applet", "frame", "link", "base"}
)


@dataclass(slots=True)
class Page:
    """What a page says and holds: words, links, headings, anything active.

    What is hidden from everybody, or from screen readers because it stands beside it in
    words (``aria-hidden``), is not among the words.
    """

    words: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    active: list[str] = field(default_factory=list)


def read_page(html: str) -> Page:
    """Parse a finished page."""
    from lxml import html as parser

    page = Page()
    _read(parser.document_fromstring(html.encode("utf-8"), parser=_html_parser()), page)
    return page


@cache
def _html_parser() -> "HTMLParser":
    from lxml.html import HTMLParser

    return HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)


def _read(element: "HtmlElement", page: Page) -> None:
    """Collect what `element` and those inside it say."""
    tag = str(element.tag)
    if tag in _ACTIVE or any(name.startswith("on") for name in element.attrib):
        page.active.append(f"<{tag}>")
    if any(value.strip().lower().startswith("javascript:") for value in element.attrib.values()):
        page.active.append("javascript:")
    hidden = element.get("aria-hidden") == "true" or "display:none" in (element.get("style") or "")
    if hidden or tag in ("style", "title", "script"):
        return
    if tag == "a" and element.get("href") is not None:
        page.links.append(element.get("href", ""))
    if tag in _HEADINGS:
        page.headings.append((int(tag[1]), " ".join(element.text_content().split())))
    page.words += (element.text or "").split()
    for child in element:
        _read(child, page)
        page.words += (child.tail or "").split()


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
    yield from _form(html, mail_file)
    yield from _size(html, edition.file)
    for file, found in ((mail_file, page), (f"{layout}/web.html.j2", web)):
        yield from (
            finding("html-active", file, 1, text=active) for active in dict.fromkeys(found.active)
        )
    yield from _footer(rendered, config, mail_file, text_file)
    yield from _complete(page, text, text_file)
    yield from _narrow(text, text_file)
    yield from _outline(page, mail_file)


def _form(html: str, file: str) -> Iterator[Diagnostic]:
    if not html.startswith("<!DOCTYPE html>"):
        yield finding("html-doctype", file)
    for match in re.finditer(
        r"@import[^;]{0,60}|url\(\s*['\"]?(?:https?:|file:|//)[^)]{0,60}", html
    ):
        yield finding("css-import", file, 1, text=match[0])


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
    """Give the words of a text without marks at their edges."""
    return [word for raw in text.split() if (word := raw.strip("*-–—·.,:;<>()[]|~_#"))]


def _complete(page: Page, text: str, file: str) -> Iterator[Diagnostic]:
    """Hold the text part against the HTML: every heading, link and word must be there (T01)."""
    whole = " ".join(bare_words(unflow(text)))
    known = set(whole.split()) | {bare_address(word) for word in whole.split() if "://" in word}
    for level, heading in page.headings:
        if heading.strip() and " ".join(bare_words(heading)) not in whole:
            yield finding("text-incomplete", file, 1, text=f"h{level} “{heading.strip()}”")
    for href in dict.fromkeys(page.links):
        address = (
            href.split(":", 1)[1].split("?")[0] if href.startswith(("mailto:", "tel:")) else href
        )
        bare = address.split("#")[0]
        if bare not in text and not href.startswith("tel:"):
            yield finding("text-incomplete", file, 1, text=href)
    for word in dict.fromkeys(page.words):
        missing = [piece for piece in bare_words(word) if piece not in known]
        if missing:
            yield finding("text-incomplete", file, 1, text=f"“{word}”")


def _narrow(text: str, file: str) -> Iterator[Diagnostic]:
    for number, line in enumerate(text.split("\n"), 1):
        if columns(line) > TEXT_WIDTH and " " in line.strip() and not re.search(r"\S{60,}", line):
            yield finding(
                "text-wide", file, 1, columns=columns(line), text=f"{number}: {line[:40]}…"
            )


def _outline(page: Page, file: str) -> Iterator[Diagnostic]:
    """One h1 at most, and no level left out (WCAG 1.3.1)."""
    before = 0
    for level, text in page.headings:
        if level > before + 1:
            yield finding("heading-skipped", file, 1, text=text.strip(), marks="#" * max(before, 1))
        before = level
