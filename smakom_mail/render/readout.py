"""What a screen reader meets in a finished page, in order; what is hidden is not there.

Enough of the accessible names and roles that mail is made of (HTML-AAM, ARIA in HTML): headings,
links, pictures, lists, data tables, landmarks, changes of language. Tables that only lay out are
not told of, as no screen reader tells of them.
"""

import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from smakom_mail.render.cascade import LIGHT, Cascade, Marks, Node
from smakom_mail.render.cascade import cascade as cascade_of
from smakom_mail.render.finished import FinishedPage, read_finished

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Kind = Literal[
    "text",
    "heading",
    "link",
    "image",
    "list",
    "table",
    "quote",
    "separator",
    "landmark",
    "language",
]

_SILENT = frozenset({"style", "title", "script", "head", "noscript", "template"})
_PHRASING = """a abbr b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp small
span strike strong sub sup time tt u var wbr"""
INLINE = frozenset(_PHRASING.split())
"""Elements that do not part the words around them."""
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LANDMARKS = {"main": "main", "nav": "navigation", "aside": "complementary"}
_GROUPS = frozenset({"ul", "ol", "table", "blockquote", "hr"})
_NAMED_ROLES = "article banner complementary contentinfo form main navigation region search"
_ROLES = frozenset(_NAMED_ROLES.split())
_NO_ROLE = frozenset({"presentation", "none"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing that is met: `text` is its words, and a line break in them is a break.

    `level` is a heading's, `address` a link's target or a picture's file; `size` counts the
    entries of a list or the rows of a table, `columns` a table's columns; `depth` says in how
    many lists, tables and quotes it lies. A picture without words is silent if its alt text is
    empty on purpose (`silent`), and has none at all otherwise.
    """

    kind: Kind
    text: str = ""
    level: int = 0
    address: str = ""
    size: int = 0
    columns: int = 0
    depth: int = 0
    silent: bool = False


def read_aloud(html: str) -> tuple[Spoken, ...]:
    """Give everything that a screen reader meets in the page, in order."""
    page = read_finished(html)
    reader = _Reader(cascade_of(page.sheets), language=page.tree.get("lang") or "")
    body = page.body
    if body is not None:
        reader.element(body, _above(page, reader.rules), _Place(reader.language))
    reader.flush(_Place(reader.language))
    return tuple(reader.met)


def ambiguous(met: tuple[Spoken, ...]) -> dict[str, int]:
    """Give the names that several links have, and to how many different places they lead.

    The names are as `link_name` gives them.
    """
    targets: dict[str, set[str]] = {}
    for item in met:
        if item.kind == "link":
            targets.setdefault(link_name(item), set()).add(item.address)
    return {name: len(places) for name, places in targets.items() if len(places) > 1}


def link_name(link: Spoken) -> str:
    """Give a link's name as it is heard: capitals and kinds of space make no difference."""
    return " ".join(link.text.split()).casefold()


def _above(page: FinishedPage, rules: Cascade) -> Node:
    return rules.node(rules.root, _marks(page.tree, rules))


def _marks(element: "HtmlElement", rules: Cascade) -> Marks:
    get = element.get
    return Marks(
        str(element.tag),
        get("class") or "",
        get("id") or "",
        get("style") or "",
        get("bgcolor") or "",
        tuple((name, get(name, "")) for name in rules.attributes if name in element.attrib),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """What is around an element: its language, and in how many lists and the like it lies."""

    language: str
    depth: int = 0


@dataclass(slots=True)
class _Reader:
    rules: Cascade
    language: str
    met: list[Spoken] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def say(self, item: Spoken, place: _Place) -> None:
        """Put down what stands before `item`, a change of language, and `item`."""
        self.flush(place)
        self._turn(place)
        self.met.append(replace(item, depth=place.depth))

    def _turn(self, place: _Place) -> None:
        if place.language != self.language:
            self.language = place.language
            self.met.append(Spoken("language", place.language, depth=place.depth))

    def flush(self, place: _Place) -> None:
        """End a run of words; marks alone are not worth a stop."""
        text = squeezed("".join(self.words))
        self.words.clear()
        if any(map(_is_said, text)):
            self._turn(place)
            self.met.append(Spoken("text", text, depth=place.depth))

    def element(self, element: "HtmlElement", above: Node, place: _Place) -> None:
        """Meet an element that is not hidden, and everything in it."""
        tag = str(element.tag)
        node = self._seen(element, tag, above)
        if node is None:
            return
        if tag == "br":
            self.words.append("\n")
            return
        language = element.get("lang") or place.language
        inner = place if language == place.language else replace(place, language=language)
        apart = tag not in INLINE or inner is not place
        if apart:
            self.flush(place)
        self._meet(element, tag, node, inner)
        if apart:
            self.flush(inner)

    def _meet(self, element: "HtmlElement", tag: str, node: Node, place: _Place) -> None:
        role = element.get("role") or ""
        if tag == "a" and "href" in element.attrib:
            self._link(element, node, place)
        elif tag == "img" or role == "img":
            self._image(element, place)
        elif (tag in _HEADINGS and role not in _NO_ROLE) or role == "heading":
            self._heading(element, node, place)
        elif tag == "pre":
            self.words.append(str(element.text_content()))
        else:
            within = self._opened(element, tag, role, place)
            self._inside(element, node, within)
            if within is not place:
                self.flush(within)

    def _inside(self, element: "HtmlElement", node: Node, place: _Place) -> None:
        self.words.append(_one_line(element.text))
        for child in element:
            self.element(child, node, place)
            self.words.append(_one_line(child.tail))

    def _seen(self, element: "HtmlElement", tag: str, above: Node) -> Node | None:
        if tag in _SILENT or element.get("aria-hidden") == "true" or "hidden" in element.attrib:
            return None
        node = self.rules.node(above, _marks(element, self.rules))
        return None if node.looks[LIGHT].hidden else node

    def _opened(self, element: "HtmlElement", tag: str, role: str, place: _Place) -> _Place:
        """Say what begins here, and give the place inside it."""
        landmark = role if role in _ROLES else "" if role else _LANDMARKS.get(tag, "")
        label = squeezed(element.get("aria-label") or "")
        if landmark:
            if label or landmark in _LANDMARKS.values():
                self.say(Spoken("landmark", label, address=landmark), place)
            return place
        if role in _NO_ROLE or tag not in _GROUPS:
            return place
        if tag in ("ul", "ol"):
            entries = sum(1 for child in element if child.tag == "li")
            self.say(Spoken("list", size=entries, level=int(tag == "ol")), place)
        elif tag == "table":
            rows = list(element.iter("tr"))
            columns = max((len(row) for row in rows), default=0)
            self.say(Spoken("table", label, size=len(rows), columns=columns), place)
        else:
            self.say(Spoken("quote" if tag == "blockquote" else "separator"), place)
        return replace(place, depth=place.depth + 1)

    def _link(self, element: "HtmlElement", node: Node, place: _Place) -> None:
        name = squeezed(element.get("aria-label") or "") or self._name(element, node)
        name = name or squeezed(element.get("title") or "")
        self.say(Spoken("link", name, address=element.get("href") or ""), place)

    def _image(self, element: "HtmlElement", place: _Place) -> None:
        alt = element.get("aria-label") or element.get("alt")
        silent = element.get("role") in _NO_ROLE or (alt is not None and not alt.strip())
        address = (element.get("src") or "").rsplit("/", 1)[-1]
        words = "" if silent else squeezed(_one_line(alt))
        self.say(Spoken("image", words, address=address, silent=silent), place)

    def _heading(self, element: "HtmlElement", node: Node, place: _Place) -> None:
        """Give the heading with its whole name, then the links and pictures in it."""
        given = element.get("aria-level") or ""
        level = int(given) if given.isdecimal() else _HEADINGS.get(str(element.tag), 2)
        self.say(Spoken("heading", self._name(element, node), level), place)
        for each in element.iter("a", "img"):
            if each.tag == "img" or "href" in each.attrib:
                self.element(each, node, place)

    def _name(self, element: "HtmlElement", node: Node) -> str:
        """Give the words inside an element, those of pictures too, without what is hidden."""
        words: list[str] = []
        self._gather(element, node, words)
        return squeezed("".join(words).replace("\n", " "))

    def _gather(self, element: "HtmlElement", node: Node, words: list[str]) -> None:
        words.append(element.text or "")
        for child in element:
            tag = str(child.tag)
            seen = self._seen(child, tag, node)
            if seen is not None:
                gap = "" if tag in INLINE else " "
                words += [gap, child.get("alt") or "" if tag == "img" else "", gap]
                self._gather(child, seen, words)
                words.append(gap)
            words.append(child.tail or "")


def _one_line(text: str | None) -> str:
    """Give the text of the source as it flows: a line break there is a space."""
    return " ".join(text.split("\n")) if text else ""


def _is_said(character: str) -> bool:
    """Say whether a voice gives `character` a word: letters, numbers, money, pictures."""
    return character.isalnum() or unicodedata.category(character) in ("So", "Sc")


def squeezed(text: str) -> str:
    """Leave out what no voice says: filler of no width, soft hyphens, spaces in a row."""
    bare = text.translate(_UNSAID)
    return "\n".join(line for row in bare.split("\n") if (line := " ".join(row.split())))


_UNSAID = dict.fromkeys(map(ord, "\u034f\u00ad\u200b\u2060\ufeff"), "")
