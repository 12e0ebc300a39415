"""The mail as where pictures are not fetched: a frame for each, with its alternative text."""

import re
from functools import lru_cache
from html import escape

from smakom_mail.render.appearance.pieces import attribute_text, read_attributes, rewritten
from smakom_mail.render.appearance.pieces import with_attributes as _changed
from smakom_mail.render.appearance.stylesheet import COMMENT, STRING

# Grey that is seen on white and on black.
_FRAME = "1px solid #808885"
_FETCHING = ("src", "srcset", "imagesrcset", "background", "poster", "data", "lowsrc", "dynsrc")
_REFERRING = frozenset({"link", "image", "use", "feimage"})
_REFERENCES = ("href", "xlink:href")
# Of a picture's own attributes, those that mean the same on the frame.
_KEPT = ("id", "class", "title", "lang", "dir")
_FETCHES = re.compile(
    r"[\s/\"'](?:src|srcset|imagesrcset|background|poster|data|lowsrc|dynsrc|(?:xlink:)?href"
    r"|style)\s*=",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    rf"(?P<kept>{COMMENT}|{STRING})|@import\b(?:{STRING}|[^;{{}}\"'])*+;?"
    r"|(?P<begun>(?:url|src|image|(?:-webkit-)?image-set)\()",
    re.IGNORECASE,
)
_BRACKET = re.compile(rf"{COMMENT}|{STRING}|[()]")
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|([^\n0-9a-fA-F]))")
_PIXELS = re.compile(r"\s*(\d{1,5})(?:\.\d*)?\s*(%|px)?\s*", re.IGNORECASE)
_WIDTH = re.compile(r"(?:^|;)\s*width\s*:\s*(?!auto)", re.IGNORECASE)
_MAX_WIDTH = re.compile(r"(?:^|;)\s*max-width\s*:", re.IGNORECASE)
_HEIGHT = re.compile(r"(?:^|;)\s*height\s*:\s*(?!auto)", re.IGNORECASE)
_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:", re.IGNORECASE)


def without_pictures(html: str) -> str:
    """Show `html` as where pictures are not fetched.

    Each picture is a frame of its size with its alternative text in the picture's own type; one
    whose alternative text is empty leaves nothing. Background pictures go, and every other
    address that a browser would fetch by itself.
    """
    return rewritten(html, _tag, without_addresses)


def _tag(name: str, text: str) -> str:
    if name == "img":
        return _frame(text)
    return _quiet(name, text) if _FETCHES.search(text) else text


@lru_cache(maxsize=1024)
def _quiet(name: str, tag: str) -> str:
    """Give a tag that fetches nothing."""
    changes: dict[str, str | None] = {}
    for attribute in read_attributes(tag):
        if attribute.name == "style":
            changes["style"] = without_addresses(attribute.value)
        elif attribute.name in _FETCHING or (name in _REFERRING and attribute.name in _REFERENCES):
            changes[attribute.name] = None
    return _changed(tag, changes)


@lru_cache(maxsize=64)
def without_addresses(css: str) -> str:
    """Put ``none`` in the place of every address; ``@import`` goes."""
    if "\\" in css:
        css = _ESCAPE.sub(_read_escape, css)

    out: list[str] = []
    at = 0
    while match := _ADDRESS.search(css, at):
        out.append(css[at : match.start()])
        at = match.end()
        if match["kept"] is not None:
            out.append(match[0])
        elif match["begun"]:
            out.append("none")
            at = _closed(css, at, match[0])
    return "".join([*out, css[at:]])


def _closed(css: str, at: int, begun: str) -> int:
    """Give where the bracket that was opened before `at` has been closed."""
    if begun.lower() == "url(" and css[at:].lstrip()[:1] not in ('"', "'"):
        return (css.find(")", at) + 1) or len(css)
    depth = 1
    for match in _BRACKET.finditer(css, at):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if not depth:
            return match.end()
    return len(css)


def _read_escape(match: re.Match[str]) -> str:
    r"""Read ``\75 rl`` as the letters that it stands for; what is no letter stays escaped."""
    letter = chr(int(match[1], 16)) if match[1] and int(match[1], 16) < 128 else match[2] or ""
    return letter if letter.isalpha() else match[0]


@lru_cache(maxsize=1024)
def _frame(tag: str) -> str:
    """Give what stands in the place of a picture."""
    attributes = {each.name: each.value for each in read_attributes(tag)}
    kept = [
        attribute_text(name, value)
        for name, value in attributes.items()
        if name in _KEPT or name.startswith("data-")
    ]
    alt = " ".join(attributes.get("alt", "").split())
    style = without_addresses(attributes.get("style", ""))
    style = f"{style.rstrip('; ')};{_size(style, attributes)}" if alt else "display:none"
    start = " ".join(["<span", *kept, attribute_text("style", style.lstrip(";"))])
    return f"{start}>{escape(alt, quote=False)}</span>"


def _size(style: str, attributes: dict[str, str]) -> str:
    """Give the rest of a frame's style: as large as the picture, and never wider than its place."""
    width, height = (_pixels(attributes.get(name, "")) for name in ("width", "height"))
    parts = [f"border:{_FRAME}", "box-sizing:border-box"]
    if not _DISPLAY.search(style):
        parts.append("display:inline-block")
    if not _MAX_WIDTH.search(style):
        parts.append("max-width:100%")
    if width and not _WIDTH.search(style):
        parts.append(f"width:{width}")
    if height and not _HEIGHT.search(style):
        whole = width.endswith("px") and height.endswith("px")
        ratio = f"aspect-ratio:{width[:-2]}/{height[:-2]};height:auto" if whole else ""
        parts.append(ratio or f"height:{height}")
    if width or height or _WIDTH.search(style):
        parts.append("overflow:hidden")
    return ";".join(parts)


def _pixels(text: str) -> str:
    """Read a width or height as HTML does: ``600``, ``600px`` and ``50%`` are lengths."""
    match = _PIXELS.match(text)
    if not match or not int(match[1]):
        return ""
    return f"{int(match[1])}{'%' if match[2] == '%' else 'px'}"
