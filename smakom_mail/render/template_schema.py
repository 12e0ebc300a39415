"""What MJML's components may hold and say, and what the engine makes of it.

The engine (mjml-python) prints unknown elements as they are and takes any value; the schema of
the package mjml (data/mjml) knows better.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

EVERYWHERE = frozenset({"css-class", "mj-class"})
"""Attributes that each component has."""
TEXT_ONLY = frozenset({"mj-title", "mj-preview", "mj-style", "mj-breakpoint"})
"""Components that hold words or CSS, but no element."""
DOCUMENT = ""
"""The parent of the outermost element."""
REFUSED = {
    "mj-include": "mjml-include",
    "mj-html-attributes": "mjml-html-attributes",
    "mj-selector": "mjml-html-attributes",
    "mj-html-attribute": "mjml-html-attributes",
    "mj-font": "mjml-font",
}
"""Components that MJML has, and we do not: the finding that says why (M05)."""
_FOR_ALL = ("mj-all", "mj-class")
IGNORED = {
    "mj-body": "id",
    "mj-section": "gutter",
    "mj-wrapper": "gap gutter",
    "mj-column": "inner-border-radius",
    "mj-hero": "border-radius",
    "mj-button": "title",
    "mj-image": "border-top border-bottom sizes",
    "mj-table": "role",
    "mj-social": "border",
    "mj-social-element": "border icon-position sizes srcset",
    "mj-accordion-title": "font-weight",
    "mj-carousel-image": "rel",
}
"""Attributes that MJML allows and the engine leaves out (tested against it)."""
_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
_WIDTHS = re.compile(r"(?:inner-|icon-|text-|ico-)?padding(-left|-right)?$")


@dataclass(frozen=True, slots=True)
class Component:
    """An element: attributes with their types, elements that it may hold, whether text too."""

    attributes: dict[str, str]
    children: frozenset[str]
    content: bool

    def holds(self, child: str) -> bool:
        """Say whether the element `child` may stand in it."""
        return child in self.children or "*" in self.children


@dataclass(frozen=True, slots=True)
class Schema:
    """All components by name, and the names of colours."""

    components: dict[str, Component]
    colours: frozenset[str]

    @property
    def elements(self) -> list[str]:
        """The names of the elements that a template may use."""
        return sorted(name for name in self.components if name not in (DOCUMENT, *REFUSED))

    def parents(self, child: str) -> list[str]:
        """Give the components that may hold `child`."""
        wanted = "*" if child in _FOR_ALL else child
        return [name for name in self.elements if wanted in self.components[name].children]

    def kinds(self, element: str, attribute: str) -> tuple[str, ...]:
        """Give the types that an attribute may have; none if there is no such attribute."""
        if element in _FOR_ALL:
            own = ("string",) if element == "mj-class" and attribute == "name" else ()
            return own or tuple(
                dict.fromkeys(
                    component.attributes[attribute]
                    for component in self.components.values()
                    if attribute in component.attributes
                )
            )
        component = self.components[element]
        return (component.attributes[attribute],) if attribute in component.attributes else ()

    def names(self, element: str) -> list[str]:
        """Give the names of the attributes of `element`."""
        if element in _FOR_ALL:
            return sorted({name for c in self.components.values() for name in c.attributes})
        return sorted({*self.components[element].attributes, *EVERYWHERE})


@cache
def schema() -> Schema:
    """Read the shipped schema."""
    data = files("smakom_mail").joinpath("data", "mjml", "schema.json").read_text(encoding="utf-8")
    read = json.loads(data)
    components = {
        name: Component(entry["attributes"], frozenset(entry["children"]), entry["content"])
        for name, entry in read["components"].items()
    }
    # Not in the package's list: the root, and what stands for other components. The engine
    # stops at an mj-raw beside head and body.
    strings = dict.fromkeys(("lang", "dir", "owa"), "string")
    components["mjml"] = Component(strings, frozenset({"mj-head", "mj-body"}), content=False)
    components[DOCUMENT] = Component({}, frozenset({"mjml"}), content=False)
    for name in (*_FOR_ALL, *REFUSED):
        components.setdefault(name, Component({}, frozenset(), content=False))
    return Schema(components, frozenset(read["colours"]))


def ignored(element: str, attribute: str) -> bool:
    """Say whether the engine leaves this attribute out."""
    return attribute in IGNORED.get(element, "").split()


def miscounted(attribute: str, kind: str, value: str) -> bool:
    """Say whether a bare 0 makes the engine count widths wrongly: among several, or at a side."""
    found = _WIDTHS.match(attribute)
    words = value.split()
    return bool(
        found
        and kind.startswith("unit")
        and "0" in words
        and (len(words) > 1 or found[1] is not None)
    )


def fits(kind: str, value: str) -> bool:
    """Say whether `value` is of the type `kind`, as the schema writes types."""
    pattern = _pattern(kind)
    return pattern is None or pattern.fullmatch(value) is not None


@cache
def _pattern(kind: str) -> "re.Pattern[str] | None":
    name, _, rest = kind.partition("(")
    inside, _, count = rest.partition(")")
    words = inside.split(",")
    if name == "color":
        names = "|".join(sorted(schema().colours))
        channel = r"\s*\d{1,3}%?\s*"
        mixed = rf"rgba?\({channel},{channel},{channel}(?:,\s*(?:\d?\.)?\d+%?\s*)?\)"
        return re.compile(rf"#(?:[0-9a-f]{{3}}){{1,2}}|{mixed}|{names}", re.IGNORECASE)
    if name in ("unit", "unitWithNegative"):
        units = "|".join(re.escape(unit) for unit in words if unit != "auto")
        sign = "-?" if name == "unitWithNegative" else ""
        one = rf"(?:{sign}{_NUMBER}(?:{units})|0{'|auto' if 'auto' in words else ''})"
        most = re.fullmatch(r"\{1,(\d)\}", count)
        return re.compile(rf"{one}(?: +{one}){{0,{int(most[1]) - 1 if most else 0}}} *")
    if name == "enum":
        return re.compile("|".join(re.escape(word) for word in words))
    if name == "boolean":
        return re.compile("true|false", re.IGNORECASE)
    return re.compile(r"\d+") if name == "integer" else None


def wanted(kind: str) -> str:
    """Say what a value of the type `kind` looks like, as an example that needs no translation."""
    name, _, rest = kind.partition("(")
    words = [word for word in rest.partition(")")[0].split(",") if word]
    if name == "color":
        return "#1E5B4F"
    if name in ("unit", "unitWithNegative"):
        return ", ".join("auto" if unit == "auto" else f"16{unit}" for unit in words)
    if name == "enum":
        return ", ".join(words)
    return "true, false" if name == "boolean" else "1"
