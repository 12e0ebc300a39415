"""Outlook for Windows: what is written for Word alone, and what Word alone would draw."""

import re
from typing import TYPE_CHECKING

from smakom_mail.render.markup import outlook_view
from smakom_mail.render.shapes.facts import FACTS
from smakom_mail.render.shapes.losses import LossBook, Why
from smakom_mail.render.shapes.page import Page, fit, remove, unwrap

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_END = "<!--<![endif]-->"
_HIDDEN = re.compile(r"<!--\[if !mso[^\]]*\]><!-->(.*?)<!--<!\[endif\]-->", re.DOTALL)
_NONE = re.compile(r"(?:^|(?<=;))\s*display\s*:\s*none\s*;?", re.IGNORECASE)
_SHOWN = Why(
    "{client} döljer inte en tabell som ligger inuti något dolt.",
    "{client} does not hide a table that lies inside something hidden.",
)
_SPACE = " \t\r\n\f"
_UNSEEN = re.compile(r"<meta\b[^>]*>|<!--.*?-->|\s+", re.DOTALL)


def for_word(html: str, book: LossBook) -> str:
    """Give the HTML with its conditional comments as Word reads them."""
    why = FACTS["outlook-conditional"].why
    for match in _HIDDEN.finditer(html, 0, html.rfind(_END) + len(_END)):
        if _UNSEEN.sub("", match[1]):
            book.add("outlook-conditional", "", "<!--[if !mso]><!-->", why, (), 1)
    return outlook_view(html)[0]


def drop_office(page: Page, book: LossBook) -> None:
    """Take away Office's own elements; of what VML draws, only the text can be shown."""
    why = FACTS["outlook-vml"].why
    for element in page.elements():
        tag = str(element.tag)
        if tag == "xml" or tag.startswith(("o:", "w:")):
            remove(element)
        elif tag.startswith("v:"):
            parent = element.getparent()
            book.add("outlook-vml", "", f"<{tag}>", why, [] if parent is None else [parent], 1)
            unwrap(element)
    for element in page.elements("noscript"):
        unwrap(element)


def drop_empty_paragraphs(page: Page, book: LossBook) -> None:
    """Take away paragraphs without a word; MJML draws its lines for Word by a table as well."""
    fact = "outlook-empty-paragraph"
    for element in page.elements("p"):
        parent = element.getparent()
        if parent is not None and not len(element) and not (element.text or "").strip(_SPACE):
            book.add(fact, "", "<p></p>", FACTS[fact].why, [parent], 1)
            remove(element)


def show_inner_tables(page: Page, book: LossBook) -> None:
    """Show the tables inside what is hidden: in Word ``display:none`` does not reach them."""
    for element in page.elements():
        style = element.get("style") or ""
        if element.tag == "table" or not _NONE.search(style):
            continue
        tables = list(element.iter("table"))
        if tables:
            element.set("style", fit(_NONE.sub("", style)))
            _hide_all_but_tables(element)
            book.add("css-display-none", "display", "none", _SHOWN, tables)


def _hide_all_but_tables(element: "Element") -> None:
    nodes, children = list(element), set(element.iterchildren("*"))
    _hide_words(element, 0, element.text)
    element.text = None
    for child in nodes:
        _hide_words(element, element.index(child) + 1, child.tail)
        child.tail = None
        if child.tag == "table" or child not in children:
            continue
        if any(True for _ in child.iter("table")):
            _hide_all_but_tables(child)
        else:
            child.set("style", f"{fit(child.get('style') or '')};display:none".lstrip(";"))


def _hide_words(element: "Element", at: int, words: str | None) -> None:
    from lxml import etree

    if words:
        hidden = etree.Element("span", style="display:none")
        hidden.text = fit(words)
        element.insert(at, hidden)
