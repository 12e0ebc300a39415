"""Text made larger alone, as a reader's own setting does: type grows, columns stay."""

import re
from functools import lru_cache

from smakom_mail.render.appearance.pieces import (
    read_attributes,
    rewritten,
    with_attributes,
    with_first_style,
)
from smakom_mail.render.appearance.stylesheet import SKIPPED, rewrite_sheet, rewrite_style

_TYPE = frozenset({"font", "font-size", "line-height"})
_LENGTH = re.compile(
    rf"(?P<kept>{SKIPPED}|#[\w-]+|[a-z_][\w-]*)"
    r"|(?P<number>\d+\.?\d*|\.\d+)(?P<unit>px|pt|pc|in|cm|mm|q|rem)(?![\w%-])",
    re.IGNORECASE,
)
_KEYWORDS = {
    "xx-small": 9,
    "x-small": 10,
    "small": 13,
    "medium": 16,
    "large": 18,
    "x-large": 24,
    "xx-large": 32,
    "xxx-large": 48,
}
# What <font size="1"> to <font size="7"> mean (HTML 15.3.1).
_FONT_SIZES = (10, 13, 16, 18, 24, 32, 48)
_FONT_SIZE = re.compile(r"\s*([+-]?)(\d{1,3})")
_ROOT = re.compile(r"(?:html|:root)", re.IGNORECASE)
_RELATIVE = re.compile(r"(\d+\.?\d*|\.\d+)(%|em)(?![\w-])", re.IGNORECASE)
_SPEAKS = re.compile(r"font|line-height|rem\b", re.IGNORECASE)


def with_text_at(html: str, per_cent: int) -> str:
    """Make the text of `html` larger (or smaller), and nothing else.

    Sizes and line heights in px, pt and the like are multiplied; those in %, em or without a
    unit follow by inheritance. The root's size grows, for text that states none; a length in rem
    that is no text's is divided by as much.
    """
    if per_cent == 100 or not 0 < per_cent <= 10_000:
        return html
    page = rewritten(
        html,
        lambda name, text: _tag(name, text, per_cent) if _SPEAKS.search(text) else text,
        lambda css: _sheet(css, per_cent),
    )
    fields = _number(13.333, per_cent)
    return with_first_style(
        page,
        f":where(html){{font-size:{per_cent}%}}"
        f":where(input,button,select,textarea){{font-size:{fields}px}}",
    )


@lru_cache(maxsize=4096)
def _tag(name: str, tag: str, per_cent: int) -> str:
    attributes = {each.name: each.value for each in read_attributes(tag)}
    changes: dict[str, str | None] = {}
    style = attributes.get("style")
    if style is not None:
        style = rewrite_style(
            style, lambda of, value, _: _value(of, value, per_cent, root=name == "html")
        )
        changes["style"] = style
    if name == "font" and (match := _FONT_SIZE.match(attributes.get("size", ""))):
        number = int(match[1] + match[2]) + (3 if match[1] else 0)
        size = _number(_FONT_SIZES[min(7, max(1, number)) - 1], per_cent)
        changes |= {"size": None, "style": f"font-size:{size}px" + (f";{style}" if style else "")}
    return with_attributes(tag, changes)


@lru_cache(maxsize=64)
def _sheet(css: str, per_cent: int) -> str:
    """Change a style sheet; where a rule is for the root and others, the root gets its own."""
    own: list[str] = []

    def change(name: str, value: str, around: tuple[str, ...]) -> str:
        selectors = [part.strip() for part in around[-1].split(",")] if around else []
        roots = [part for part in selectors if _ROOT.fullmatch(part)]
        alone = bool(roots) and len(roots) == len(selectors)
        if roots and not alone and name == "font-size":
            rule = f"{','.join(roots)}{{{name}:{_value(name, value, per_cent, root=True)}}}"
            own.append("{".join([*around[:-1], rule]) + "}" * len(around[:-1]))
        return _value(name, value, per_cent, root=alone)

    return rewrite_sheet(css, change) + "".join(own)


def _value(name: str, value: str, per_cent: int, *, root: bool) -> str:
    if name.startswith("--"):
        return value
    if name not in _TYPE:
        return _LENGTH.sub(lambda match: _kept_rem(match, per_cent), value)
    word, mark, important = value.partition("!")
    if name == "font-size" and (size := _KEYWORDS.get(word.strip().lower())):
        return f"{_number(size, per_cent)}px{mark}{important}"
    value = _LENGTH.sub(lambda match: _larger(match, per_cent), value)
    if not root or name == "line-height":
        return value
    # Nothing above the root has grown, so that its own relative size must.
    return _RELATIVE.sub(
        lambda match: _number(float(match[1]), per_cent) + match[2], value, count=1
    )


def _larger(match: re.Match[str], per_cent: int) -> str:
    if match["kept"] is not None or match["unit"].lower() == "rem":
        return match[0]
    return _number(float(match["number"]), per_cent) + match["unit"]


def _kept_rem(match: re.Match[str], per_cent: int) -> str:
    if match["kept"] is not None or match["unit"].lower() != "rem":
        return match[0]
    return f"{float(match['number']) * 100 / per_cent:.6g}{match['unit']}"


def _number(number: float, per_cent: int) -> str:
    return f"{number * per_cent / 100:.6g}"
