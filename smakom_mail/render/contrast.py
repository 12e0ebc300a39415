"""Colours and the contrast between them, as WCAG 2.2 computes it (relative luminance, 1.4.3)."""

import re
from functools import lru_cache

Colour = tuple[int, int, int]
_HEX = re.compile(r"#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_RGB = re.compile(r"rgba?\(([\d\s.,%/+-]*)\)", re.IGNORECASE)
_HSL = re.compile(
    r"hsla?\(\s*([+-]?\d*\.?\d+)(deg|turn|rad|grad)?[\s,]+(\d*\.?\d+)%[\s,]+(\d*\.?\d+)%"
    r"\s*(?:[,/]\s*(\d*\.?\d+)(%)?\s*)?\)",
    re.IGNORECASE,
)
_TURN = {"deg": 360.0, "turn": 1.0, "rad": 6.283185307179586, "grad": 400.0}


@lru_cache(maxsize=1024)
def read_colour(text: str) -> tuple[Colour, float] | None:
    """Give red, green, blue and opacity; None for what is no colour (``inherit``, ``url(x)``)."""
    text = text.strip().lower()
    if text == "transparent":
        return (0, 0, 0), 0.0
    if match := _HEX.fullmatch(text):
        digits = match[1] if len(match[1]) > 4 else "".join(digit * 2 for digit in match[1])
        red, green, blue, alpha = (int((digits + "ff")[at : at + 2], 16) for at in (0, 2, 4, 6))
        return (red, green, blue), alpha / 255
    if match := _RGB.fullmatch(text):
        return _channels(re.split(r"[\s,/]+", match[1].strip()))
    if match := _HSL.fullmatch(text):
        return _from_hsl(match)
    return None if "(" in text else _named(text)


def _channels(parts: list[str]) -> tuple[Colour, float] | None:
    try:
        numbers = [
            float(part[:-1]) / 100 * (255 if index < 3 else 1)
            if part.endswith("%")
            else float(part)
            for index, part in enumerate(parts)
        ]
    except ValueError:
        return None
    if len(numbers) not in (3, 4):
        return None
    red, green, blue = (round(min(255.0, max(0.0, number))) for number in numbers[:3])
    return (red, green, blue), min(1.0, max(0.0, numbers[3])) if len(numbers) == 4 else 1.0


def _from_hsl(match: re.Match[str]) -> tuple[Colour, float]:
    hue, unit, saturation, light, alpha, per_cent = match.groups()
    turn = float(hue) / _TURN[(unit or "deg").lower()] * 12
    part, lightness = min(1.0, float(saturation) / 100), min(1.0, float(light) / 100)
    spread = part * min(lightness, 1 - lightness)

    def channel(offset: float) -> int:
        place = (offset + turn) % 12
        return round(255 * (lightness - spread * max(-1.0, min(place - 3, 9 - place, 1.0))))

    opacity = float(alpha) / (100 if per_cent else 1) if alpha else 1.0
    return (channel(0), channel(8), channel(4)), min(1.0, opacity)


def _named(text: str) -> tuple[Colour, float] | None:
    """Give the colour of a name such as ``navy``."""
    from PIL import ImageColor

    try:
        red, green, blue = ImageColor.getrgb(text)[:3]
    except ValueError:
        return None
    return (red, green, blue), 1.0


def blend(over: Colour, opacity: float, under: Colour) -> Colour:
    """Give the colour seen where `over` lies, partly clear, on `under`."""
    red, green, blue = (
        round(top * opacity + bottom * (1 - opacity))
        for top, bottom in zip(over, under, strict=True)
    )
    return red, green, blue


@lru_cache(maxsize=1024)
def luminance(colour: Colour) -> float:
    """Give the relative luminance: 0 for black, 1 for white."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Give the contrast ratio: 1 for the same colour, 21 for black on white."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def hex_colour(colour: Colour) -> str:
    """Write a colour as ``#1E5B4F``."""
    return "#{:02X}{:02X}{:02X}".format(*colour)


def shown_ratio(ratio: float) -> str:
    """Write a ratio with two decimals, never rounded up to a limit that it misses."""
    return f"{int(ratio * 100) / 100:.2f}"
