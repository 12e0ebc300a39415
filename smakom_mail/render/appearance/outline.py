"""A page as a tree of tags whose places in the text are known, and its words run together."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from html import unescape

from smakom_mail.render.appearance.pieces import read_pieces

VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905 - a list to read
)
_WORDLESS = frozenset({"style", "script", "title", "textarea", "iframe", "noembed", "noframes"})
# An open element that the next of these closes, unless one of the borders stands between.
_CLOSES = {
    "li": (("li",), ("ul", "ol", "table")),
    "tr": (("tr", "td", "th", "p"), ("table",)),
    "td": (("td", "th", "p"), ("table", "tr")),
    "th": (("td", "th", "p"), ("table", "tr")),
    "tbody": (("tbody", "thead", "tr", "td", "th", "p"), ("table",)),
}
_BLOCKS = frozenset(
    """address article aside blockquote div dl fieldset figure footer form h1 h2 h3 h4 h5 h6
    header hr main nav ol p pre section table ul""".split()  # noqa: SIM905 - a list to read
)
_P = (("p",), ("table", "td", "th", "div", "li", "blockquote", "body"))
# An end tag does not reach out of its cell, and a cell's not out of its table.
_CELLS = frozenset({"td", "th", "table"})
_OF_TABLES = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot", "table"})
_MOST_DEEP = 300
# What the eye does not see, or sees as a gap.
_UNSEEN = re.compile(r"[\s\u00ad\u034f\u061c\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]+")


def squeeze(text: str) -> str:
    """Leave out white space and what is not seen: what is left is the same on every page."""
    return _UNSEEN.sub("", text)


@dataclass(slots=True, eq=False)
class Element:
    """An element: its tag stands at `start` to `end`, and it ends at `close`.

    Its words are those of the outline from `begin` to `finish`.
    """

    name: str
    parent: "Element | None"
    depth: int
    start: int
    end: int
    begin: int
    close: int = 0
    finish: int = 0


@dataclass(slots=True)
class Outline:
    """A page read for its places: `words` is all its text, squeezed."""

    html: str
    words: str = ""
    elements: list[Element] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _owners: list[Element] = field(default_factory=list)

    def text_start(self, at: int) -> int:
        """Give where the text between two tags begins that `at` is in."""
        place = bisect_right(self._starts, at) - 1
        return self._starts[place] if place >= 0 else 0

    def starts_text(self, at: int) -> bool:
        """Say whether text begins at `at`, behind a tag; at the end of the page too."""
        return at >= len(self.words) or self.text_start(at) == at

    def around(self, begin: int, finish: int) -> Element | None:
        """Give the deepest element that holds the words from `begin` to `finish`."""
        if not 0 <= begin < finish <= len(self.words):
            return None
        first = bisect_right(self._starts, begin) - 1
        last = bisect_right(self._starts, finish - 1) - 1
        return shared(self._owners[first], self._owners[last])


def shared(one: Element, other: Element) -> Element:
    """Give the deepest element that holds both."""
    while one is not other:
        if one.depth >= other.depth:
            if one.parent is None:
                return one
            one = one.parent
        elif other.parent is not None:
            other = other.parent
    return one


def read_outline(html: str) -> Outline:
    """Read a page, well formed or not."""
    reader = _Reader(html)
    reader.read()
    return reader.outline


class _Reader:
    def __init__(self, html: str) -> None:
        self.html = html
        self.outline = Outline(html)
        self.root = Element("", None, 0, 0, 0, 0)
        self.open: list[Element] = [self.root]
        self.parts: list[str] = []
        self.length = 0

    def read(self) -> None:
        at = 0
        for piece in read_pieces(self.html):
            if piece.start > at:
                self._text(self.html[at : piece.start])
            at = piece.code
            if piece.kind == "open":
                self._opened(piece.name, piece.start, piece.end)
                if piece.name in _WORDLESS:
                    self._pop(piece.code)
            elif piece.kind == "close":
                self._closed(piece.name, piece.end)
        if at < len(self.html):
            self._text(self.html[at:])
        while self.open:
            self._pop(len(self.html))
        self.outline.words = "".join(self.parts)

    def _text(self, text: str) -> None:
        squeezed = squeeze(unescape(text) if "&" in text else text)
        if squeezed:
            self.outline._starts.append(self.length)  # noqa: SLF001 - this is its reader
            self.outline._owners.append(self.open[-1])  # noqa: SLF001 - as above
            self.parts.append(squeezed)
            self.length += len(squeezed)

    def _opened(self, name: str, start: int, end: int) -> None:
        closing, borders = _P if name in _BLOCKS else _CLOSES.get(name, ((), ()))
        if closing:
            self._close_open(closing, borders, start)
        parent = self.open[-1]
        element = Element(name, parent, parent.depth + 1, start, end, self.length)
        self.outline.elements.append(element)
        self.open.append(element)
        if name in VOID or (":" in name and self.html.endswith("/>", start, end)):
            self._pop(end)

    def _nearest(self) -> range:
        """Give the places of the open elements, the innermost first; not of thousands."""
        return range(len(self.open) - 1, max(0, len(self.open) - _MOST_DEEP), -1)

    def _close_open(self, names: tuple[str, ...], borders: tuple[str, ...], at: int) -> None:
        """Close what the next element closes without being told."""
        last = 0
        for index in self._nearest():
            name = self.open[index].name
            if name in borders:
                break
            if name in names:
                last = index
        while last and len(self.open) > last:
            self._pop(at)

    def _closed(self, name: str, end: int) -> None:
        for index in self._nearest():
            found = self.open[index].name
            if found == name:
                while len(self.open) > index:
                    self._pop(end)
                return
            if found in _CELLS and (name not in _OF_TABLES or found == "table"):
                return

    def _pop(self, at: int) -> None:
        element = self.open.pop()
        element.close, element.finish = at, self.length
