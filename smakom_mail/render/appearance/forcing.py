"""A dark scheme forced on a light mail, by turning the colours that it states."""

import re
from functools import lru_cache

from smakom_mail.render.appearance.lightness import (
    Forced,
    Role,
    holds_colour,
    turned,
    turned_colour,
    turned_value,
)
from smakom_mail.render.appearance.pieces import (
    read_attributes,
    read_pieces,
    rewritten,
    with_attributes,
    with_first_style,
)
from smakom_mail.render.appearance.stylesheet import rewrite_sheet, rewrite_style
from smakom_mail.render.contrast import hex_colour, read_colour

_INK = frozenset(
    """color -webkit-text-fill-color -webkit-text-stroke-color text-decoration
    text-decoration-color text-emphasis-color caret-color""".split()  # noqa: SIM905 - a list to read
)
_GROUND = re.compile(
    r"background(-color|-image)?|(border|outline|column-rule)(-[a-z-]+)?", re.IGNORECASE
)
_ATTRIBUTES: dict[str, Role] = {
    "bgcolor": "ground",
    "bordercolor": "ground",
    "color": "ink",
    "text": "ink",
    "link": "ink",
    "vlink": "ink",
    "alink": "ink",
}
_COLOURED_TAG = re.compile(
    r"\s(?:style|bgcolor|bordercolor|color|[av]?link|text)\s*=", re.IGNORECASE
)
_VARIABLE = re.compile(r"(?<![\w-])(--[\w-]++)\s*+:([^;{}<>]*)")
_BARE_HEX = re.compile(r"[0-9a-fA-F]{6}|[0-9a-fA-F]{3}")
_ROOT = re.compile(r"(?:^|,)\s*(?:html|:root)\s*(?:,|$)", re.IGNORECASE)
# What a browser shows where nothing is stated: black on white, links blue and violet.
_CANVAS, _TEXT = (255, 255, 255), (0, 0, 0)
_LINK, _VISITED = (0, 0, 238), (85, 26, 139)
# The answer that with_scheme gives for a reader who prefers dark: rules that never hold.
_SWITCHED_OFF = "(max-width:0px)"


def with_forced_colours(html: str, forced: Forced) -> str:
    """Turn the colours of a light mail; pictures and what lies in conditional comments stay."""
    variables = _colour_variables(html)
    page = rewritten(
        html,
        lambda name, text: _tag(name, text, forced, variables),
        lambda css: _sheet(css, forced, variables),
    )
    return with_first_style(page, _defaults(forced, ground=not _states_canvas(html)))


def _defaults(forced: Forced, *, ground: bool) -> str:
    """Give the turned colours of what states none, weaker than anything that the mail says."""
    link, visited = (hex_colour(turned(colour, "ink", forced)) for colour in (_LINK, _VISITED))
    text = hex_colour(turned(_TEXT, "ink", forced))
    canvas = f"background-color:{hex_colour(turned(_CANVAS, 'ground', forced))};" if ground else ""
    return (
        f":where(html){{color-scheme:dark}}:where(body){{{canvas}color:{text}}}"
        f":where(a:link){{color:{link}}}:where(a:visited){{color:{visited}}}"
    )


def _states_canvas(html: str) -> bool:
    """Say whether the page's root has a ground of its own: then the body's would hide it."""
    for piece in read_pieces(html):
        if piece.name == "html" and "background" in html[piece.start : piece.end].lower():
            return True
        if piece.name == "style" and _sheet_states_canvas(html[piece.end : piece.code]):
            return True
    return False


@lru_cache(maxsize=64)
def _sheet_states_canvas(css: str) -> bool:
    stated = []

    def look(name: str, value: str, around: tuple[str, ...]) -> str:
        if name.startswith("background") and around and _ROOT.search(around[-1]):
            stated.append(value)
        return value

    rewrite_sheet(css, look)
    return bool(stated)


def _colour_variables(html: str) -> frozenset[str]:
    """Give the names of the CSS variables that hold a colour somewhere, or another's colour."""
    defined = _VARIABLE.findall(html) if "var(" in html else []
    known: frozenset[str] = frozenset()
    for _ in range(5):
        found = frozenset(name for name, value in defined if holds_colour(value, known, _is_colour))
        if found == known:
            break
        known = found
    return known


def _is_colour(text: str) -> bool:
    return read_colour(text) is not None


def _tag(name: str, text: str, forced: Forced, variables: frozenset[str]) -> str:
    if not _COLOURED_TAG.search(text) or name == "meta":
        return text
    return _turned_tag(text, forced, variables)


@lru_cache(maxsize=4096)
def _turned_tag(tag: str, forced: Forced, variables: frozenset[str]) -> str:
    changes: dict[str, str | None] = {}
    for attribute in read_attributes(tag):
        if attribute.name == "style":
            changes["style"] = rewrite_style(
                attribute.value,
                lambda name, value, around: _value(name, value, around, forced, variables),
            )
        elif role := _ATTRIBUTES.get(attribute.name):
            changes[attribute.name] = _turned_attribute(attribute.value, role, forced)
    return with_attributes(tag, changes)


def _turned_attribute(value: str, role: Role, forced: Forced) -> str:
    """Turn the colour of an attribute, where a number sign may be missing (HTML 2.4.6)."""
    text = value.strip()
    colour = f"#{text}" if _BARE_HEX.fullmatch(text) else text
    new = turned_colour(colour, role, forced)
    return value if new == colour or not new.startswith("#") else new


@lru_cache(maxsize=64)
def _sheet(css: str, forced: Forced, variables: frozenset[str]) -> str:
    return rewrite_sheet(
        css, lambda name, value, around: _value(name, value, around, forced, variables)
    )


def _value(
    name: str, value: str, around: tuple[str, ...], forced: Forced, variables: frozenset[str]
) -> str:
    if any(_SWITCHED_OFF in prelude or "[data-ogs" in prelude for prelude in around):
        return value
    if name in variables:
        # One variable may be a ground here and ink there, and partial turns them differently.
        ink, ground = (
            f"{name}-{role}:{turned_value(value, role, forced, variables)}"
            for role in ("ink", "ground")
        )
        return f"{value};{ink};{ground}"
    role: Role | None = "ink" if name in _INK else "ground" if _GROUND.fullmatch(name) else None
    return turned_value(value, role, forced, variables) if role else value
