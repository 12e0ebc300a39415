"""Outlook for Windows: what is written for Word alone, and what Word alone would draw."""

import re

from smakom_mail.render.markup import outlook_view
from smakom_mail.render.shapes.facts import FACTS
from smakom_mail.render.shapes.losses import LossBook
from smakom_mail.render.shapes.page import Page, remove, unwrap

_HIDDEN = re.compile(r"<!--\[if !mso[^\]]*\]><!-->(.*?)<!--<!\[endif\]-->", re.DOTALL)
_SPACE = " \t\r\n\f"
_UNSEEN = re.compile(r"<meta\b[^>]*>|<!--.*?-->|\s+", re.DOTALL)


def for_word(html: str, book: LossBook) -> str:
    """Give the HTML with its conditional comments as Word reads them."""
    why = FACTS["outlook-conditional"].why
    for match in _HIDDEN.finditer(html):
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
