"""Gmail's own rules: how much style it reads, what makes it drop a sheet, where it clips."""

import re
from typing import TYPE_CHECKING

from smakom_mail.render.css import parse_css
from smakom_mail.render.shapes.facts import FACTS
from smakom_mail.render.shapes.losses import LossBook, Why
from smakom_mail.render.shapes.page import Page, remove
from smakom_mail.render.shapes.sheet import pieces_of
from smakom_mail.render.shapes.sheets import Sheets

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

CLIP_AT = 102 * 1024
"""Bytes of HTML that Gmail shows of a mail."""
STYLE_LIMIT = 16 * 1024
"""Bytes of all style sheets together that Gmail reads; see caniemail's html-style, note 6."""

_TOKEN = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(style|script|title)\b.*?(?:</\1\s*>|\Z)"
    rb"|<(?:\Z|[a-zA-Z/!?](?:\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z)|[^'\"<>])*+(?:>|\Z))"
    rb"|&[#\w]{1,32}(?:;|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_SPACED = re.compile(r"(rgba?)\(\s*[^,()]+\s+[^,()]*\)", re.IGNORECASE)
_IN_BODY = Why(
    "{client} läser ingen stilmall som står i brevets kropp.",
    "{client} reads no style sheet that stands in the body.",
)
_TOO_MUCH = Why(
    "{client} läser högst 16 kB stilmallar; det här ryms inte.",
    "{client} reads 16 KB of style sheets at most; this does not fit.",
)
_SPACES = Why(
    "{client} kastar en hel stilmall där en färg är skriven med mellanslag.",
    "{client} drops a whole style sheet with a colour written with spaces.",
)
_NO_STYLE = Why(
    "{client} tar bort alla stilmallar.",
    "{client} drops every style sheet.",
)
_CLIPPED = {
    "sv": ("[Meddelandet är avkortat]", "Visa hela meddelandet"),
    "en": ("[Message clipped]", "View entire message"),
}


def clipped(html: str) -> str | None:
    """Give what Gmail shows of too large a mail, cut where nothing is open; None: all of it."""
    data = html.encode("utf-8", "replace")
    if len(data) <= CLIP_AT:
        return None
    cut = CLIP_AT
    for match in _TOKEN.finditer(data, 0, CLIP_AT + 1):
        if match.end() > CLIP_AT:
            cut = match.start()
    return data[:cut].decode("utf-8", "ignore")


def tell_of_clipping(page: Page, html: str, book: LossBook) -> None:
    """Write Gmail's own words under a clipped mail."""
    from lxml import etree

    size = len(html.encode("utf-8", "replace"))
    body = page.body
    if body is None:
        return
    language = "en" if (page.root.get("lang") or "").lower().startswith("en") else "sv"
    said, link = _CLIPPED[language]
    note = etree.SubElement(
        body, "div", style="padding:16px;font-family:Arial,sans-serif;font-size:14px;color:#222222"
    )
    note.text = f"{said} "
    etree.SubElement(note, "a", style="color:#1155cc").text = link
    fact = FACTS["gmail-clipping"]
    book.add("gmail-clipping", "", f"HTML, {size} bytes > {CLIP_AT}", fact.why, [note])


def drop_sheets(page: Page, sheets: Sheets, book: LossBook) -> None:
    """Take away the style sheets that Gmail drops whole."""
    used = 0
    for element in page.elements("style"):
        css = element.text or ""
        size = len(css.encode("utf-8", "replace"))
        fault: tuple[str, Why] | None
        if _under(element, "body"):
            fault = ("html-style", _IN_BODY)
        elif used + size > STYLE_LIMIT:
            fault = ("html-style", _TOO_MUCH)
        else:
            fault = _fault(css)
        if not fault:
            used += size
            continue
        _gone(element, fault, sheets, book)


def _fault(css: str) -> tuple[str, Why] | None:
    if found := _SPACED.search(css):
        return (f"css-{found[1].lower()}", _SPACES)
    sheet = parse_css(css)
    if any(rule.depth for rule in sheet.at_rules):
        return ("gmail-style-nesting", FACTS["gmail-style-nesting"].why)
    if sheet.faults:
        return ("gmail-style-fault", FACTS["gmail-style-fault"].why)
    return None


def drop_every_sheet(page: Page, sheets: Sheets, book: LossBook) -> None:
    """Take away all style sheets, as the app does with another's account."""
    for element in page.elements("style"):
        _gone(element, ("html-style", _NO_STYLE), sheets, book)


def _gone(element: "Element", fault: tuple[str, Why], sheets: Sheets, book: LossBook) -> None:
    css = element.text or ""
    selectors = [found for piece in pieces_of(css) for found in piece.selectors()]
    what = f"{len(css.encode('utf-8', 'replace'))} bytes"
    book.add(fault[0], "<style>", what, fault[1], sheets.found(selectors), 1)
    remove(element)


def _under(element: "Element", tag: str) -> bool:
    return any(above.tag == tag for above in element.iterancestors())
