"""A finished page read once: its elements, its words and how they look."""

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from smakom_mail.render.cascade import LIGHT, Cascade, Marks, Node, cascade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement, HTMLParser

_SILENT = frozenset({"style", "title", "script", "head", "noscript"})


@dataclass(frozen=True, slots=True)
class Words:
    """The text that stands in an element itself, not in those inside it; `alt` of a picture."""

    text: str
    node: Node
    element: "HtmlElement"
    heading: bool = False


@dataclass(slots=True)
class FinishedPage:
    """A parsed page: `words` are what is seen of it, in reading order."""

    html: str
    tree: "HtmlElement"
    sheets: tuple[tuple[str, str], ...]
    words: list[Words] = field(default_factory=list)

    def elements(self, *tags: str) -> "Iterator[HtmlElement]":
        """Give the elements with one of `tags`, in order."""
        yield from self.tree.iter(*tags)

    @property
    def body(self) -> "HtmlElement | None":
        """The element that holds what is seen."""
        return self.tree.find("body")


def read_finished(html: str) -> FinishedPage:
    """Parse a finished page and work out how every word of it looks."""
    from lxml import etree
    from lxml import html as parser

    try:
        tree = parser.document_fromstring(html.encode("utf-8"), parser=_parser())
    except etree.ParserError:  # nothing in it
        tree = parser.document_fromstring("<html></html>", parser=_parser())
    sheets = tuple((each.get("media") or "", each.text or "") for each in tree.iter("style"))
    page = FinishedPage(html, tree, sheets)
    rules = cascade(sheets)
    _read(tree, rules, rules.root, page, heading=False)
    return page


@cache
def _parser() -> "HTMLParser":
    from lxml.html import HTMLParser

    return HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)


def _read(
    element: "HtmlElement", rules: Cascade, parent: Node, page: FinishedPage, *, heading: bool
) -> None:
    tag = str(element.tag)
    if tag in _SILENT:
        return
    node = rules.node(parent, _marks(element, tag, rules))
    if node.looks[LIGHT].hidden:
        return
    heading = heading or (len(tag) == 2 and tag[0] == "h" and tag[1].isdigit())
    text = (element.get("alt") or "") if tag == "img" else own_text(element)
    if any(map(str.isalnum, text)):
        page.words.append(Words(" ".join(text.split()), node, element, heading))
    for child in element:
        _read(child, rules, node, page, heading=heading)


def _marks(element: "HtmlElement", tag: str, rules: Cascade) -> Marks:
    get = element.get
    extra = tuple((name, get(name, "")) for name in rules.attributes if name in element.attrib)
    return Marks(
        tag,
        get("class") or "",
        get("id") or "",
        get("style") or "",
        get("bgcolor") or "",
        extra,
    )


def own_text(element: "HtmlElement") -> str:
    """Give the text that stands in `element` itself."""
    return (element.text or "") + "".join(child.tail or "" for child in element)
