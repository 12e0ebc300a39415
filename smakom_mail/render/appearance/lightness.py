"""Colours turned around: the lightness of CIE LCH flipped, chroma and hue kept.

L becomes 100 - L, as in Maizzle's emulation of mail programs that force a dark scheme. A colour
that the screen cannot show so light or so dark loses chroma until it can.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from smakom_mail.render.appearance.stylesheet import SKIPPED
from smakom_mail.render.contrast import Colour, hex_colour, read_colour

Role = Literal["ink", "ground"]
Forced = Literal["partial", "full"]
Light = tuple[float, float, float]
_WHITE = (0.95047, 1.0, 1.08883)
_TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_TO_RGB = (
    (3.2404542, -1.5371385, -0.4985314),
    (-0.9692660, 1.8760108, 0.0415560),
    (0.0556434, -0.2040259, 1.0572252),
)
_EPSILON, _KAPPA = 216 / 24389, 24389 / 27
_MIDDLE = 50.0
# Rounding to eight bits forgives this much outside the gamut.
_SLACK = 0.0005
_TOKEN = re.compile(
    rf"{SKIPPED}|var\(\s*(?P<name>--[\w-]+)|(?P<colour>#[0-9a-fA-F]{{3,8}}(?![\w-])"
    r"|(?:rgb|hsl)a?\([\d\s.,%/+a-z-]{1,80}\))|(?P<word>-?[a-zA-Z_][\w-]*\(?)",
    re.IGNORECASE,
)


def _row(row: Light, light: Light) -> float:
    return row[0] * light[0] + row[1] * light[1] + row[2] * light[2]


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _root(value: float) -> float:
    return float(value ** (1 / 3)) if value > _EPSILON else (_KAPPA * value + 16) / 116


def _cube(value: float) -> float:
    return value**3 if value**3 > _EPSILON else (116 * value - 16) / _KAPPA


@lru_cache(maxsize=1024)
def to_lab(colour: Colour) -> Light:
    """Give CIE L*, a*, b* (D65)."""
    red, green, blue = (_linear(channel / 255) for channel in colour)
    x, y, z = (
        _root(_row(row, (red, green, blue)) / white)
        for row, white in zip(_TO_XYZ, _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _from_lab(lightness: float, a: float, b: float) -> Light:
    y = (lightness + 16) / 116
    x, y, z = (
        _cube(part) * white
        for part, white in zip((y + a / 500, y, y - b / 200), _WHITE, strict=True)
    )
    red, green, blue = (_row(row, (x, y, z)) for row in _TO_RGB)
    return red, green, blue


@lru_cache(maxsize=1024)
def flipped(colour: Colour) -> Colour:
    """Give the colour with its lightness turned around."""
    lightness, a, b = to_lab(colour)
    lightness = 100 - lightness
    most, least = 1.0, 0.0
    light = _from_lab(lightness, a, b)
    if not _shown(light):
        for _ in range(16):
            chroma = (most + least) / 2
            light = _from_lab(lightness, a * chroma, b * chroma)
            most, least = (most, chroma) if _shown(light) else (chroma, least)
        light = _from_lab(lightness, a * least, b * least)
    red, green, blue = (round(_encoded(part) * 255) for part in light)
    return red, green, blue


def _shown(light: Light) -> bool:
    return all(-_SLACK <= part <= 1 + _SLACK for part in light)


def turned(colour: Colour, role: Role, forced: Forced) -> Colour:
    """Give what a mail program that forces a dark scheme makes of a colour.

    "full" turns every colour; "partial" turns light grounds and dark ink, and leaves a ground
    that is dark and ink that is light.
    """
    if forced == "partial" and (to_lab(colour)[0] >= _MIDDLE) is (role == "ink"):
        return colour
    return flipped(colour)


def turned_value(value: str, role: Role, forced: Forced, variables: frozenset[str]) -> str:
    """Turn the colours of a CSS value; addresses, strings and the rest stay.

    A variable of `variables` is read in its form for the role: see `turned_variable`.
    """

    def each(match: re.Match[str]) -> str:
        if name := match["name"]:
            return f"{match[0]}-{role}" if name in variables else match[0]
        text = match["colour"] or match["word"]
        return turned_colour(text, role, forced) if text else match[0]

    return _TOKEN.sub(each, value)


@lru_cache(maxsize=4096)
def turned_colour(text: str, role: Role, forced: Forced) -> str:
    """Turn one colour; what is no colour, or one that is not seen, stays as it is written."""
    found = read_colour(text)
    if found is None or not found[1]:
        return text
    colour, alpha = found
    new = turned(colour, role, forced)
    if new == colour:
        return text
    if alpha == 1:
        return hex_colour(new)
    return f"rgba({new[0]}, {new[1]}, {new[2]}, {alpha:.3g})"


def holds_colour(value: str, variables: frozenset[str], is_colour: Callable[[str], bool]) -> bool:
    """Say whether a value holds a colour, or one of `variables`."""
    return any(
        match["name"] in variables
        if match["name"]
        else bool(text := match["colour"] or match["word"]) and is_colour(text)
        for match in _TOKEN.finditer(value)
    )
