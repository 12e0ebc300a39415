"""CSS selectors answered from an index: half of an inlining is spent on XPath otherwise.

A page is indexed once by tag and class. Selectors made of tags, classes and descent
(``.quote p``, ``h2.title``) are answered from there, in document order; any other is left to
the engine that the caller names.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml.html import HtmlElement

    Finder = Callable[[HtmlElement], Sequence[HtmlElement]]

_STEP = re.compile(r"([a-z][a-z0-9]*)?(?:\.([A-Za-z][\w-]*))?")
_Step = tuple[str, str]


@dataclass(slots=True)
class SelectorIndex:
    """The elements of one page at a time, by tag and by class."""

    page: "HtmlElement | None" = None
    tags: "dict[str, list[HtmlElement]]" = field(default_factory=dict)
    classes: "dict[str, list[HtmlElement]]" = field(default_factory=dict)

    def finder(self, selector: str, other: "Callable[[str], Any]") -> "Finder":
        """Give what finds the elements of `selector`; `other` makes it where we do not know how."""
        steps = _steps(selector)
        if steps is None:
            finder: Finder = other(selector)
            return finder
        return lambda page: self._find(page, steps)

    def clear(self) -> None:
        """Forget the page."""
        self.page = None
        self.tags.clear()
        self.classes.clear()

    def _find(self, page: "HtmlElement", steps: tuple[_Step, ...]) -> "list[HtmlElement]":
        self._read(page)
        tag, name = steps[-1]
        found = self.classes.get(name, []) if name else self.tags.get(tag, [])
        return [e for e in found if (not tag or e.tag == tag) and _under(e, steps[:-1])]

    def _read(self, page: "HtmlElement") -> None:
        if self.page is page:
            return
        self.clear()
        self.page = page
        for element in page.iter("*"):
            self.tags.setdefault(str(element.tag), []).append(element)
            for name in dict.fromkeys((element.get("class") or "").split()):
                self.classes.setdefault(name, []).append(element)


def _steps(selector: str) -> tuple[_Step, ...] | None:
    """Read a selector as steps of (tag, class), the innermost last; None for any other kind."""
    steps = []
    for part in selector.split():
        match = _STEP.fullmatch(part)
        if not match or selector == "style":
            return None
        steps.append((match[1] or "", match[2] or ""))
    return tuple(steps) or None


def _under(element: "HtmlElement", outer: tuple[_Step, ...]) -> bool:
    """Whether `element` lies inside elements that match `outer`, in that order."""
    if not outer:
        return True
    tag, name = outer[-1]
    above = element.getparent()
    while above is not None:
        fits = not name or name in (above.get("class") or "").split()
        if fits and (not tag or above.tag == tag) and _under(above, outer[:-1]):
            return True
        above = above.getparent()
    return False
