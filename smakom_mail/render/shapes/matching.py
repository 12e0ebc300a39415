"""Which elements of a page a selector stands for: answered from an index of the page, quickly.

XPath, cssselect's own way, takes as long for one selector as this for the whole page.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from cssselect.parser import Attrib, Class, CombinedSelector, Hash, Selector
from cssselect.parser import Element as Type

from smakom_mail.render.css import compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lxml.etree import _Element as Element

_Test = tuple[str, str, str]
_Chain = tuple[tuple[str, str, tuple[_Test, ...]], ...]
"""From the right: what joins a compound to the one leftwards, its tag, what else it asks for."""

_OPERATORS: "dict[str, Callable[[str, str], bool]]" = {
    "exists": lambda _value, _wanted: True,
    "=": lambda value, wanted: value == wanted,
    "~=": lambda value, wanted: wanted in value.split(),
    "|=": lambda value, wanted: value == wanted or value.startswith(f"{wanted}-"),
    "^=": lambda value, wanted: bool(wanted) and value.startswith(wanted),
    "$=": lambda value, wanted: bool(wanted) and value.endswith(wanted),
    "*=": lambda value, wanted: bool(wanted) and wanted in value,
}


_MOST_LOOKS = 200_000
"""How many looks at elements one page is worth; a mail of ours takes some thousands."""


class Finder:
    """The elements of one page by tag, class and id.

    A page that asks for too much is not looked through to the end: marks are missing then.
    """

    def __init__(self, root: "Element") -> None:
        """Read the page below `root`."""
        self._by: dict[tuple[str, str], list[Element]] = {}
        self._left = _MOST_LOOKS
        self.all: list[Element] = []
        for element in root.iter("*"):
            self.all.append(element)
            self._by.setdefault(("", str(element.tag)), []).append(element)
            if name := element.get("id"):
                self._by.setdefault(("id", name), []).append(element)
            for name in dict.fromkeys((element.get("class") or "").split()):
                self._by.setdefault(("class", name), []).append(element)

    def find(self, selectors: "Iterable[str]") -> "list[Element]":
        """Give the elements that any of `selectors` stands for; what cannot be read, none."""
        found: dict[Element, None] = {}
        for selector in selectors:
            if self._left < 0:
                break
            if chain := _chain(selector):
                _, tag, tests = chain[0]
                some = self._some(tag, tests)
                found.update((e, None) for e in some if self._matches(chain, 0, e))
        return list(found)

    def _some(self, tag: str, tests: tuple[_Test, ...]) -> "list[Element]":
        for name, operator, wanted in tests:
            if (name, operator) in (("class", "~="), ("id", "=")):
                return self._by.get((name, wanted), [])
        return self.all if tag == "*" else self._by.get(("", tag), [])

    def _matches(self, chain: _Chain, at: int, element: "Element") -> bool:
        self._left -= 1
        joint, tag, tests = chain[at]
        if self._left < 0 or tag not in ("*", element.tag):
            return False
        for name, operator, wanted in tests:
            value = element.get(name)
            if value is None or not _OPERATORS[operator](value, wanted):
                return False
        return not joint or any(self._matches(chain, at + 1, e) for e in _before(joint, element))


def can_match(selector: str) -> bool:
    """Say whether we can tell what `selector` stands for (a pseudo-class we cannot)."""
    return bool(_chain(selector))


@lru_cache(maxsize=2048)
def _chain(selector: str) -> _Chain:
    read = compiled(selector)
    if not isinstance(read, Selector) or read.pseudo_element:
        return ()
    steps = []
    tree: object = read.parsed_tree
    try:
        while isinstance(tree, CombinedSelector):
            steps.append((tree.combinator, *_compound(tree.subselector)))
            tree = tree.selector
        return (*steps, ("", *_compound(tree)))
    except LookupError:
        return ()


def _compound(tree: object) -> tuple[str, tuple[_Test, ...]]:
    tests = []
    while not isinstance(tree, Type):
        if isinstance(tree, Class):
            tests.append(("class", "~=", tree.class_name))
        elif isinstance(tree, Hash):
            tests.append(("id", "=", tree.id))
        elif isinstance(tree, Attrib) and tree.operator in _OPERATORS:
            wanted = (tree.value.value or "") if tree.value else ""
            tests.append((tree.attrib.lower(), tree.operator, wanted))
        else:
            raise LookupError
        tree = tree.selector
    return (tree.element or "*").lower(), tuple(tests)


def _before(joint: str, element: "Element") -> "Iterable[Element]":
    if joint in ("+", "~"):
        earlier = element.itersiblings("*", preceding=True)
        return earlier if joint == "~" else [e for e in (next(earlier, None),) if e is not None]
    if joint == " ":
        return element.iterancestors()
    parent = element.getparent()
    return [] if parent is None else [parent]
