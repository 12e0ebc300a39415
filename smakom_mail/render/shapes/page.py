"""A mail as a tree that can be changed, and back again byte for byte where nothing was changed.

lxml's own writer escapes addresses and names in its own way; this one writes what was read.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from smakom_mail.render.markup import VOID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import HTMLParser
    from lxml.etree import _Element as Element

_DOCTYPE = re.compile(
    r"(?:\s|\ufeff|<!--(?:(?!-->).)*+-->)*+(<!doctype[^>]*>)", re.IGNORECASE | re.DOTALL
)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What lxml will not write, and nobody can see."""
_SPACE = " \t\r\n\f"
_ENDS = re.compile(
    r"(?P<kept><!--.*?(?:-->|\Z)|<(?P<tag>textarea|title|style|script|xmp)\b.*?(?:</(?P=tag)|\Z))"
    r"|</(?:body|html)\s*>",
    re.IGNORECASE | re.DOTALL,
)
_LAST = re.compile(r"</(?:body|html)\s*>\Z", re.IGNORECASE)
_RAW = frozenset(("style", "script"))
_AS_TEXT = frozenset(("xmp", "plaintext", "listing"))
_DROPPED = frozenset(("noembed", "noframes"))
"""What a browser reads in a way of its own: their text as code, or not at all."""


@dataclass(slots=True)
class Page:
    """One mail: its tree, and the words before and behind it."""

    doctype: str
    root: "Element"
    end: str = ""

    @property
    def body(self) -> "Element | None":
        """The element that holds what is seen."""
        return self.root.find("body")

    def elements(self, *tags: str) -> "list[Element]":
        """Give the elements (with one of `tags`) in order; the tree may be changed meanwhile."""
        return list(self.root.iter(*(tags or ("*",))))


def read_page(html: str) -> Page:
    """Read any HTML; raises nothing."""
    from lxml import etree

    html = _in_the_body(fit(html))
    data = html.encode("utf-8")
    try:
        root = etree.fromstring(data, _parser())
    except etree.LxmlError:  # nothing in it
        root = None
    if root is None:
        root = etree.fromstring(b"<html><body></body></html>", _parser())
    found = _DOCTYPE.match(html)
    page = Page(found[0] if found else "", root, html[len(html.rstrip(_SPACE)) :])
    for element in page.elements(*_AS_TEXT):
        element.tag = "pre"
    for element in page.elements(*_DROPPED):
        remove(element)
    for element in page.elements(*VOID):
        if element.text or len(element):
            _empty(element)
    return page


def _in_the_body(html: str) -> str:
    """Let end tags before the end close nothing: a browser goes on, lxml drops the rest."""
    end = len(html.rstrip(_SPACE))
    while last := _LAST.search(html, max(0, end - 20), end):
        end = len(html[: last.start()].rstrip(_SPACE))
    return _ENDS.sub(lambda match: match["kept"] or "</x-end>", html[:end]) + html[end:]


@cache
def _parser() -> "HTMLParser":
    from lxml.etree import HTMLParser

    return HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)


def write_page(page: Page) -> str:
    """Write the page as HTML."""
    from lxml import etree

    pieces = [page.doctype]
    events = etree.iterwalk(page.root, events=("start", "end", "comment", "pi"))
    for event, element in events:
        if event == "start":
            _start(element, pieces)
            continue
        if event == "end":
            if element.tag not in VOID:
                pieces.append("</" + str(element.tag) + ">")
        elif event == "comment":
            said = str(element.text or "").replace("-->", "-- >")
            pieces.append(f"<!--{said}-->")
        if element.tail and element is not page.root:
            pieces.append(_text(element.tail))
    pieces.append(page.end)
    return "".join(pieces)


def _start(element: "Element", pieces: list[str]) -> None:
    tag = str(element.tag)
    pieces.append(f"<{tag}")
    pieces.extend(f' {name!s}="{_value(str(value))}"' for name, value in element.items())
    pieces.append(">")
    if element.text and tag not in VOID:
        pieces.append(element.text if tag in _RAW else _text(element.text))


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _value(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;")


def fit(text: str) -> str:
    """Give text that may be put into the tree; a reference such as ``&#1;`` may not."""
    return _UNFIT.sub(" ", text)


def remove(element: "Element") -> None:
    """Take an element and all that it holds out of the tree; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    _put_text(element, element.tail or "")
    parent.remove(element)


def unwrap(element: "Element") -> None:
    """Take an element's tags away; what it holds stays in its place."""
    parent = element.getparent()
    if parent is None:
        return
    _put_text(element, element.text or "")
    at = parent.index(element)
    children = list(element)
    tail = element.tail or ""
    if children:
        children[-1].tail = fit((children[-1].tail or "") + tail)
        tail = ""
    _put_text(element, tail)
    parent[at : at + 1] = children
    element.tail = None


def _put_text(before: "Element", text: str) -> None:
    """Put text where the tag of `before` begins."""
    if not text:
        return
    text = fit(text)
    previous = before.getprevious()
    parent = before.getparent()
    if previous is not None:
        previous.tail = fit(previous.tail or "") + text
    elif parent is not None:
        parent.text = fit(parent.text or "") + text


def _empty(element: "Element") -> None:
    """Move out of an element what it cannot hold; lxml fills those that it does not know."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element) + 1
    children = list(element)
    before, after = element.text or "", element.tail or ""
    element.text = None
    if children:
        children[-1].tail = fit((children[-1].tail or "") + after)
        after = ""
    element.tail = fit(before + after)
    parent[at:at] = children


def into_box(page: Page, wrapper: str = "") -> "Element | None":
    """Make the body a box on a page of the program's own; give the box.

    With `wrapper`, the box stands in one more with that class.
    """
    from lxml import etree

    box = page.body
    if box is None:
        return None
    host = etree.Element("body", style="margin:0")
    host.tail, box.tail = fit(box.tail or ""), None
    page.root.replace(box, host)
    outer = etree.SubElement(host, "div", {"class": wrapper}) if wrapper else host
    outer.append(box)
    box.tag = "div"
    return box


def name_of(elements: "Iterable[Element]") -> set[str]:
    """Give the tags of some elements."""
    return {str(element.tag) for element in elements}
