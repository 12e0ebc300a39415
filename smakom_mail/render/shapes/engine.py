"""The steps from a finished mail to what one program shows of it, the same for all programs."""

import re
from typing import TYPE_CHECKING

from smakom_mail.render.shapes.clients import CLIENTS
from smakom_mail.render.shapes.declarations import edit_style
from smakom_mail.render.shapes.elements import drop_scripts, edit_elements
from smakom_mail.render.shapes.gmail import (
    clipped,
    drop_every_sheet,
    drop_sheets,
    tell_of_clipping,
)
from smakom_mail.render.shapes.losses import MARK, LossBook
from smakom_mail.render.shapes.model import Badge, Client, Shape
from smakom_mail.render.shapes.outlook import (
    drop_empty_paragraphs,
    drop_office,
    for_word,
    show_inner_tables,
)
from smakom_mail.render.shapes.page import Page, fit, into_box, read_page, remove, write_page
from smakom_mail.render.shapes.phrases import why_lost
from smakom_mail.render.shapes.sheets import Sheets
from smakom_mail.render.shapes.support import lacks

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_GMAIL = ("gmail", "gmail-other")
_BOXED = (*_GMAIL, "outlook-com", "yahoo")
_PREFIX = {"outlook-com": "x_", "yahoo": "yiv0123456789"}
_WRAPPER = {"outlook-com": "rps_1a2b"}
_SILENT = frozenset(("html-style", "html-meta-color-scheme", "mail-script"))
_ROUGH = frozenset(("outlook-vml",))


def shape_for(html: str, client: str) -> Shape:
    """Give `html`, the mail as built and filled for one reader, as `client` shows it."""
    program = CLIENTS[client]
    book = LossBook(program)
    page, box = _opened(html, client, book)
    sheets = Sheets(page.root, book, box, _PREFIX.get(client, ""), _body_selector(client))
    if client == "gmail":
        drop_sheets(page, sheets, book)
    elif client == "gmail-other":
        drop_every_sheet(page, sheets, book)
    _edit_sheets(page, sheets)
    edit_elements(page, book)
    _edit_styles(page, book)
    if client == "outlook-windows":
        show_inner_tables(page, book)
    if sheets.prefix:
        _rename(page, sheets.prefix, _WRAPPER.get(client, ""))
    losses = book.close()
    return Shape(write_page(page), _badge(program, book.features()), losses)


def _opened(html: str, client: str, book: LossBook) -> "tuple[Page, Element | None]":
    """Read the mail as far as the program reads it, its body where the program puts it."""
    short = clipped(html) if client in _GMAIL else None
    if client == "outlook-windows":
        html = for_word(html, book)
    page = read_page(html if short is None else short)
    for element in page.elements():
        if MARK in element.attrib:
            del element.attrib[MARK]
    drop_scripts(page, book)
    if client == "outlook-windows":
        drop_office(page, book)
        drop_empty_paragraphs(page, book)
    if short is not None:
        tell_of_clipping(page, html, book)
    if client == "samsung" and page.doctype and lacks(book.client, "html-doctype"):
        book.add("html-doctype", "", page.doctype.strip(), why_lost("html-doctype"), (), 1)
        page.doctype = ""
    return page, into_box(page, _WRAPPER.get(client, "")) if client in _BOXED else None


def _body_selector(client: str) -> str:
    return f".{_WRAPPER[client]} > div" if client in _WRAPPER else ""


def _edit_sheets(page: Page, sheets: Sheets) -> None:
    for element in page.elements("style"):
        css = element.text or ""
        edited = sheets.edit(css, element.get("media") or "")
        if edited != css:
            element.text = fit(edited)
        if css.strip() and not edited.strip():
            remove(element)


def _edit_styles(page: Page, book: LossBook) -> None:
    for element in page.elements():
        style = element.get("style")
        if not style:
            continue
        edited = edit_style(book.client, style, str(element.tag), inline=True)
        for lost in edited.lost:
            book.add(lost.feature, lost.group, lost.value, lost.why, [element])
        if edited.text != style:
            if edited.text:
                element.set("style", fit(edited.text))
            else:
                del element.attrib["style"]


def _rename(page: Page, prefix: str, wrapper: str) -> None:
    """Put `prefix` before the names of classes and ids, and in links to them."""
    for element in page.elements():
        if (names := element.get("class")) and names != wrapper:
            element.set("class", re.sub(r"\S+", rf"{prefix}\g<0>", fit(names)))
        if name := element.get("id"):
            element.set("id", prefix + fit(name))
        if (href := element.get("href")) and len(href) > 1 and href.startswith("#"):
            element.set("href", f"#{prefix}{fit(href[1:])}")


def _badge(client: Client, lost: set[str]) -> Badge:
    """Say how far to trust the picture: an exact one is exact while only style sheets went."""
    if lost & _ROUGH:
        return "rough"
    if client.badge == "exact" and not lost <= _SILENT:
        return "rules"
    return client.badge
