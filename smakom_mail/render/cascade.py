"""How an element of the finished mail looks: the style sheets that stay, then its own style.

Enough of CSS for what mail is made of: types, classes, ids, attributes, descendants, children,
``!important``, media for light and dark on a wide screen. What depends on neighbours or on the
reader's hand (``+``, ``:hover``) is left out. An element's look depends on its own marks and on
those of the elements around it, so equal paths share one `Node`, and a warm check is a walk
over a dictionary.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from cssselect.parser import Attrib, Class, CombinedSelector, Element, Hash, Selector

from smakom_mail.render.contrast import Colour, blend, contrast, read_colour
from smakom_mail.render.css import Declaration, Rule, compiled, parse_css, parse_style

DARK = "dark"
LIGHT = "light"
MODES = (LIGHT, DARK)
_MOST_NODES = 20_000
_BOLD = frozenset("b strong th h1 h2 h3 h4 h5 h6".split())  # noqa: SIM905 - a list to read
_SIZES = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h5": 0.83, "h6": 0.67, "small": 0.83}
_KEYWORDS = {"small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0, "x-small": 10.0}
_UNITS = {"px": 1.0, "pt": 4 / 3, "rem": 16.0}


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen of an element: sizes in CSS pixels, `line` as a multiple of `size`."""

    colour: Colour
    background: Colour
    size: float = 16.0
    line: float = 1.2
    line_px: float = 0.0
    bold: bool = False
    plain_link: bool = False
    justified: bool = False
    capitals: bool = False
    hidden: bool = False
    opacity: float = 1.0

    @property
    def contrast(self) -> float:
        """The contrast of its text with what is behind it."""
        return contrast(blend(self.colour, self.opacity, self.background), self.background)

    @property
    def spacing(self) -> float:
        """The height of a line as a multiple of the text's size."""
        return self.line_px / self.size if self.line_px and self.size else self.line

    @property
    def needed(self) -> float:
        """The contrast that WCAG 1.4.3 asks for."""
        return 3.0 if self.size >= 24 or (self.size >= 18.66 and self.bold) else 4.5


# Black on white, and Chromium's own colours for a page that says it knows a dark scheme.
_CANVAS = {LIGHT: Look((0, 0, 0), (255, 255, 255)), DARK: Look((255, 255, 255), (18, 18, 18))}
_LINKS = {LIGHT: (0, 0, 238), DARK: (158, 158, 255)}


@dataclass(frozen=True, slots=True)
class Marks:
    """What selectors can ask of an element."""

    tag: str
    classes: str = ""
    ident: str = ""
    style: str = ""
    bgcolor: str = ""
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(eq=False, slots=True)
class Node:
    """A path of elements and how its last one looks, light and dark."""

    marks: Marks
    parent: "Node | None"
    looks: dict[str, Look]
    names: frozenset[str] = frozenset()
    children: dict[Marks, "Node"] = field(default_factory=dict)

    def selectors(self) -> Iterator[str]:
        """Give the classes and types of the element and of those around it, nearest first."""
        node: Node | None = self
        while node:
            yield from (f".{name}" for name in node.marks.classes.split())
            yield node.marks.tag
            node = node.parent


@dataclass(frozen=True, slots=True)
class _Compound:
    tag: str
    classes: frozenset[str]
    ident: str
    attributes: tuple[tuple[str, str, str], ...]

    def matches(self, node: Node) -> bool:
        marks = node.marks
        return (
            self.tag in ("*", marks.tag)
            and self.classes <= node.names
            and self.ident in ("", marks.ident)
            and all(_holds(dict(marks.extra).get(name), *rest) for name, *rest in self.attributes)
        )


def _holds(value: str | None, operator: str, wanted: str) -> bool:
    if value is None or operator == "exists":
        return value is not None
    return value == wanted if operator == "=" else wanted in value.split()


_Chain = tuple[tuple[str, _Compound], ...]


def _chain(tree: object) -> Iterator[tuple[str, _Compound]]:
    """Give the compounds from the right, each with what joins it to the next one leftwards."""
    while isinstance(tree, CombinedSelector):
        if tree.combinator not in (" ", ">"):
            raise LookupError
        yield tree.combinator, _compound(tree.subselector)
        tree = tree.selector
    yield "", _compound(tree)


def _compound(tree: object) -> _Compound:
    classes, ident, attributes = set(), "", []
    while not isinstance(tree, Element):
        if isinstance(tree, Class):
            classes.add(tree.class_name)
        elif isinstance(tree, Hash):
            ident = tree.id
        elif isinstance(tree, Attrib) and tree.operator in ("exists", "=", "~="):
            wanted = tree.value.value if tree.value else ""
            attributes.append((tree.attrib, tree.operator, wanted or ""))
        else:
            raise LookupError
        tree = tree.selector
    return _Compound(tree.element or "*", frozenset(classes), ident, tuple(attributes))


@dataclass(frozen=True, slots=True)
class _Sought:
    """One selector of one rule, ready to be held against a node."""

    chain: _Chain
    weight: tuple[int, int, int]
    declarations: tuple[Declaration, ...]
    modes: tuple[str, ...]

    def matches(self, node: Node) -> bool:
        return self.chain[0][1].matches(node) and _matches_above(self.chain, 0, node)


def _matches_above(chain: _Chain, at: int, node: Node) -> bool:
    joint = chain[at][0]
    above = node.parent
    while joint and above:
        if chain[at + 1][1].matches(above) and _matches_above(chain, at + 1, above):
            return True
        above = above.parent if joint == " " else None
    return not joint


def modes_of(media: str) -> tuple[str, ...]:
    """Give the schemes in which a media query holds on a wide screen."""
    query = media.lower()
    if "@" in query or "print" in query or re.search(r"max-(device-)?width", query):
        return ()
    if "prefers-color-scheme" not in query:
        return MODES
    return (DARK,) if re.search(r"prefers-color-scheme\s*:\s*dark", query) else (LIGHT,)


class Cascade:
    """The style sheets of one page; `root` is the page before any element."""

    def __init__(self, sheets: Sequence[tuple[str, str]]) -> None:
        """Take the sheets in order, each with the media it is for."""
        self.sought = [
            found
            for media, css in sheets
            for rule in parse_css(css).rules
            for found in _sought(rule, media)
        ]
        self.attributes = frozenset(
            name
            for found in self.sought
            for _, compound in found.chain
            for name, *_ in compound.attributes
        )
        self.root = Node(Marks("html"), None, dict(_CANVAS))
        self._size = 0

    def node(self, parent: Node, marks: Marks) -> Node:
        """Give the node of an element with `marks` inside `parent`."""
        found = parent.children.get(marks)
        if found is None:
            found = Node(marks, parent, {}, frozenset(marks.classes.split()))
            matching = [sought for sought in self.sought if sought.matches(found)]
            for mode in MODES:
                declared = _in_force([s for s in matching if mode in s.modes], marks.style)
                found.looks[mode] = _look(marks, parent.looks[mode], declared, mode)
            self._size += 1
            if self._size > _MOST_NODES:
                self.root.children.clear()
                self._size = 0
            parent.children[marks] = found
        return found


def _sought(rule: Rule, media: str) -> Iterator[_Sought]:
    modes = tuple(mode for mode in modes_of(media) if mode in modes_of(rule.media))
    for text in rule.selectors:
        selector = compiled(text)
        if not modes or not isinstance(selector, Selector) or selector.pseudo_element:
            continue
        try:
            chain = tuple(_chain(selector.parsed_tree))
        except LookupError:
            continue
        yield _Sought(chain, selector.specificity(), rule.declarations, modes)


def _in_force(matching: list[_Sought], style: str) -> dict[str, str]:
    """Give what holds, strongest last; `matching` stands in the order of the sheets."""
    declared: dict[str, str] = {}
    sheet = sorted(matching, key=lambda sought: sought.weight)
    own = parse_style(style)
    for important in (False, True):
        for declarations in (*(sought.declarations for sought in sheet), own):
            for declaration in declarations:
                if declaration.important is important:
                    declared.pop(declaration.name, None)
                    declared[declaration.name] = declaration.value
    return declared


def _look(marks: Marks, parent: Look, declared: dict[str, str], mode: str) -> Look:
    size = parent.size * _SIZES.get(marks.tag, 1.0)
    look = replace(parent, size=size, bold=parent.bold or marks.tag in _BOLD, plain_link=False)
    if marks.tag == "a":
        look = replace(look, colour=_LINKS[mode])
    if marks.bgcolor:
        look = _with_background(look, marks.bgcolor)
    for name, value in declared.items():
        setter = _SETTERS.get(name)
        if setter:
            look = setter(look, value.strip().lower(), parent)
    return look


def _with_colour(look: Look, value: str, parent: Look) -> Look:
    found = read_colour(value)
    if value in ("inherit", "currentcolor"):
        return replace(look, colour=parent.colour)
    return replace(look, colour=blend(*found, look.background)) if found else look


def _with_background(look: Look, value: str, _: Look | None = None) -> Look:
    for word in re.findall(r"[\w#-]+(?:\([^()]*\))?", value):
        if found := read_colour(word):
            return replace(look, background=blend(*found, look.background))
    return look


def length(value: str, base: float) -> float | None:
    """Give a CSS length in pixels, relative ones to `base`; None for a word."""
    match = re.fullmatch(r"([\d.]+)(px|pt|rem|em|%)", value)
    if not match:
        return 0.0 if value == "0" else None
    try:
        number = float(match[1])
    except ValueError:
        return None
    unit = {"em": base, "%": base / 100}.get(match[2]) or _UNITS.get(match[2], 1.0)
    return number * unit


def _with_size(look: Look, value: str, parent: Look) -> Look:
    size = _KEYWORDS.get(value, length(value, parent.size))
    return look if size is None else replace(look, size=size)


def _with_line(look: Look, value: str, _: Look) -> Look:
    if re.fullmatch(r"\d*\.?\d+", value) and value != "0":
        return replace(look, line=float(value), line_px=0.0)
    if value == "normal":
        return replace(look, line=1.2, line_px=0.0)
    # In pixels, and inherited as such; the size may be declared after it, and so is not read here.
    if value.endswith(("em", "%")) and not value.endswith("rem"):
        factor = length(value, 1.0)
        return look if factor is None else replace(look, line=factor, line_px=0.0)
    height = length(value, look.size)
    return look if not height else replace(look, line_px=height)


def _with_font(look: Look, value: str, parent: Look) -> Look:
    """Read size, line height and weight of the shorthand ``bold 16px/1.5 Arial``."""
    look = replace(look, bold=bool(re.search(r"\b(bold|[6-9]00)\b", value)), line_px=0.0, line=1.2)
    if match := re.search(r"([\d.]+(?:px|pt|rem|em|%))(?:\s*/\s*([\d.]+\w*))?", value):
        look = _with_size(look, match[1], parent)
        look = _with_line(look, match[2], parent) if match[2] else look
    return look


def _with_opacity(look: Look, value: str, parent: Look) -> Look:
    match = re.fullmatch(r"\d*\.?\d+", value)
    return replace(look, opacity=parent.opacity * min(1.0, float(value))) if match else look


def _with_weight(look: Look, value: str, parent: Look) -> Look:
    if value == "inherit":
        return replace(look, bold=parent.bold)
    return replace(look, bold=value in ("bold", "bolder", "600", "700", "800", "900"))


_SETTERS: dict[str, Callable[[Look, str, Look], Look]] = {
    "color": _with_colour,
    "background": _with_background,
    "background-color": _with_background,
    "font": _with_font,
    "font-size": _with_size,
    "font-weight": _with_weight,
    "line-height": _with_line,
    "opacity": _with_opacity,
    "text-decoration": lambda look, value, _: replace(look, plain_link="underline" not in value),
    "text-decoration-line": lambda look, value, _: replace(
        look, plain_link="underline" not in value
    ),
    "text-align": lambda look, value, _: replace(look, justified=value == "justify"),
    "text-transform": lambda look, value, _: replace(look, capitals=value == "uppercase"),
    "display": lambda look, value, _: replace(look, hidden=look.hidden or value == "none"),
    "visibility": lambda look, value, _: replace(look, hidden=look.hidden or value == "hidden"),
}


@lru_cache(maxsize=16)
def cascade(sheets: tuple[tuple[str, str], ...]) -> Cascade:
    """Give the cascade of these sheets; kept, since matching costs most."""
    return Cascade(sheets)
