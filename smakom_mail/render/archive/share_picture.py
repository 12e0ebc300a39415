"""The picture that a shared link shows: the masthead's drawing, whose newsletter it is, the title.

Drawn with the font that comes with the program, so that every machine draws the same bytes.
"""

import io
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1200, 630
_MARGIN = 80
_FONTS = ("gelasio-latin.woff", "gelasio-latin-ext.woff")
_SIZES = (84, 76, 68, 60, 52, 46)
_MOST_LINES = 3
_LONGEST = 240  # letters that three lines never hold
_NO_GLYPH = "\uffff"
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me")


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a layout that the picture is drawn in."""

    paper: str = "#FFFFFF"
    ink: str = "#22302C"
    muted: str = "#55635E"
    accent: str = "#1E5B4F"


def palette_of(css: str) -> Palette:
    """Read the colours that a layout's web version names as its own; the first ones are light."""
    found = {}
    for name in ("paper", "ink", "muted", "accent"):
        match = re.search(rf"--{name}:\s*(#[0-9A-Fa-f]{{6}})\b", css)
        if match:
            found[name] = match[1]
    return Palette(**found)


@lru_cache(maxsize=512)
def share_picture(
    title: str, date: str, organisation: str, masthead: bytes | None, palette: Palette
) -> bytes:
    """Give the PNG: 1200 by 630 pixels, as those who show shared links ask for.

    Kept, since a server that makes the archive anew draws most of them again.
    """
    from PIL import Image, ImageDraw

    ground, floor = _ground(masthead, palette)
    picture = ground.copy()
    draw = ImageDraw.Draw(picture)
    _centred(draw, organisation, 44, 64, palette.accent)
    size, lines = _fitted(title, floor - 128 - 70)
    step = round(size * 1.18)
    top = 128 + max(0, floor - 128 - 70 - step * len(lines)) // 2
    for index, line in enumerate(lines):
        _centred(draw, line, size, top + index * step, palette.ink)
    _centred(draw, date, 32, top + len(lines) * step + 18, palette.muted)
    out = io.BytesIO()
    colours = _colours(masthead, palette)
    picture.quantize(palette=colours, dither=Image.Dither.NONE).save(out, "PNG", compress_level=7)
    return out.getvalue()


@lru_cache(maxsize=4)
def _ground(masthead: bytes | None, palette: Palette) -> "tuple[Image, int]":
    """Give the picture without words, and where they have to end: all editions share it."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (WIDTH, HEIGHT), palette.paper)
    if masthead:
        return picture, _place_masthead(picture, masthead)
    ImageDraw.Draw(picture).rectangle((0, 0, WIDTH, 14), fill=palette.accent)
    return picture, HEIGHT - 60


@lru_cache(maxsize=4)
def _colours(masthead: bytes | None, palette: Palette) -> "Image":
    """Give a picture whose 200 colours are enough for all pictures on this ground."""
    from PIL import Image, ImageDraw

    sample = _ground(masthead, palette)[0].copy()
    draw = ImageDraw.Draw(sample)
    for index, colour in enumerate((palette.ink, palette.accent, palette.muted)):
        _centred(draw, "Åäö abcdefgh 0123", 64, 20 + index * 80, colour)
    return sample.quantize(200, dither=Image.Dither.NONE)


def _place_masthead(picture: "Image", data: bytes) -> int:
    """Put the drawing at the foot; give where it begins."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as opened:
        drawing = opened.convert("RGBA")
    scale = min((WIDTH - 40) / drawing.width, 250 / drawing.height)
    shape = (max(1, round(drawing.width * scale)), max(1, round(drawing.height * scale)))
    drawing = drawing.resize(shape, Image.Resampling.LANCZOS)
    top = HEIGHT - shape[1] - 24
    picture.paste(drawing, ((WIDTH - shape[0]) // 2, top), drawing)
    return top


def _fitted(title: str, room: int) -> tuple[int, list[str]]:
    """Give the largest size at which the title fits, and its lines; what does not fit is cut."""
    for size in _SIZES:
        lines = _wrapped(title, size)
        if len(lines) <= _MOST_LINES and len(lines) * round(size * 1.18) <= room:
            return size, lines
    lines = _wrapped(title, _SIZES[-1])[:_MOST_LINES]
    lines[-1] = _shortened(lines[-1], _SIZES[-1])
    return _SIZES[-1], lines


def _wrapped(text: str, size: int) -> list[str]:
    """Divide a text into lines of about equal length, none wider than the picture."""
    words = [part for word in drawable(text[:_LONGEST]).split() for part in _broken(word, size)]
    lines = _filled(words, size, WIDTH - 2 * _MARGIN)
    if len(lines) < 2:
        return lines or [""]
    narrowest = WIDTH - 2 * _MARGIN
    while narrowest > 200 and len(_filled(words, size, narrowest - 20)) == len(lines):
        narrowest -= 20
    return _filled(words, size, narrowest)


def _filled(words: list[str], size: int, width: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _length(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _broken(word: str, size: int) -> list[str]:
    """Break a word that is wider than the picture."""
    parts = [""]
    for sign in word:
        if parts[-1] and _length(parts[-1] + sign, size) > WIDTH - 2 * _MARGIN:
            parts.append("")
        parts[-1] += sign
    return parts


def _shortened(line: str, size: int) -> str:
    line += " …"
    while len(line) > 3 and _length(line, size) > WIDTH - 2 * _MARGIN:
        line = line[:-3].rstrip() + " …"
    return line


def drawable(text: str) -> str:
    """Give what can be drawn of a text: composed letters, without what no font of ours has."""
    whole = unicodedata.normalize("NFC", text)
    seen = (" " if each.isspace() else each for each in whole)
    return "".join(each for each in seen if each == " " or _font_of(each) is not None)


@cache
def _font(name: str, size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    data = (files("smakom_mail") / "data" / "fonts" / name).read_bytes()
    # The plain engine: the other one is not in every Pillow, and would place letters otherwise.
    return ImageFont.truetype(io.BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _font_of(sign: str) -> str | None:
    """Give the font that has a sign, or None."""
    if unicodedata.category(sign) in _UNSEEN:
        return None
    for name in _FONTS:
        font = _font(name, 40)
        if bytes(font.getmask(sign)) != bytes(font.getmask(_NO_GLYPH)):
            return name
    return None


def _runs(text: str, size: int) -> "list[tuple[FreeTypeFont, str]]":
    runs: list[tuple[str, str]] = []
    for sign in drawable(text):
        name = runs[-1][0] if sign == " " and runs else _font_of(sign) or _FONTS[0]
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + sign)
        else:
            runs.append((name, sign))
    return [(_font(name, size), part) for name, part in runs]


def _length(text: str, size: int) -> float:
    return sum(font.getlength(part) for font, part in _runs(text, size))


def _centred(draw: "ImageDraw", text: str, size: int, top: int, colour: str) -> None:
    left = (WIDTH - _length(text, size)) / 2
    for font, part in _runs(text, size):
        draw.text((round(left), top + size), part, font=font, fill=colour, anchor="ls")
        left += font.getlength(part)
