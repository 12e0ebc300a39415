"""Colours as eyes see them: contrast by WCAG 2.2, and lightness turned around in CIE Lab."""

import re
from collections.abc import Callable

Colour = tuple[float, float, float]
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


def read(colour: str) -> Colour:
    """Read ``rgb(30, 91, 79)`` as linear light."""
    red, green, blue = (int(number) / 255 for number in re.findall(r"\d+", colour)[:3])
    return _linear(red), _linear(green), _linear(blue)


def contrast(first: Colour, second: Colour) -> float:
    """Give the contrast ratio of two colours of linear light (WCAG 2.2)."""
    high, low = sorted((_row(_TO_XYZ[1], first), _row(_TO_XYZ[1], second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def flipped(colour: str, when: Callable[[float], bool]) -> Colour:
    """Turn the lightness of a colour around (L becomes 100 - L) where `when` says so."""
    linear = read(colour)
    x, y, z = (
        _cube_root(_row(row, linear) / white) for row, white in zip(_TO_XYZ, _WHITE, strict=True)
    )
    lightness, a, b = 116 * y - 16, 500 * (x - y), 200 * (y - z)
    if not when(lightness):
        return linear
    y = (100 - lightness + 16) / 116
    xyz = tuple(
        _cube(part) * white
        for part, white in zip((y + a / 500, y, y - b / 200), _WHITE, strict=True)
    )
    red, green, blue = (min(1.0, max(0.0, _row(row, xyz))) for row in _TO_RGB)  # type: ignore[arg-type] # three of three
    return red, green, blue


def _row(row: Colour, colour: Colour) -> float:
    return sum(weight * part for weight, part in zip(row, colour, strict=True))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _cube_root(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def _cube(value: float) -> float:
    return value**3 if value**3 > 216 / 24389 else (116 * value - 16) * 27 / 24389
