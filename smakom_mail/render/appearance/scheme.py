"""Light or dark by our own decision, not by that of the browser that shows the preview."""

import re
from functools import lru_cache
from html import unescape
from typing import Literal

from smakom_mail.render.appearance.forcing import with_forced_colours
from smakom_mail.render.appearance.pieces import read_attributes, rewritten, with_attributes
from smakom_mail.render.appearance.stylesheet import COMMENT, SKIPPED, rewrite_sheet, rewrite_style

Scheme = Literal["light", "dark", "partial", "full"]
# What holds on every screen, and what on none: a condition keeps its form around them.
ALWAYS, NEVER = "(min-width:0px)", "(max-width:0px)"
_BLANK = rf"(?:\s|{COMMENT})*+"
_PREFERS = re.compile(
    rf"\({_BLANK}prefers-color-scheme{_BLANK}(?::{_BLANK}(light|dark){_BLANK})?\)", re.IGNORECASE
)
_PREFERS_OR_SKIPPED = re.compile(rf"{_PREFERS.pattern}|{SKIPPED}", re.IGNORECASE)
_METAS = ("color-scheme", "supported-color-schemes")
_INHERITED = ("inherit", "unset", "revert", "revert-layer")
_NAMED = re.compile(r"color-scheme|prefers-", re.IGNORECASE)


def with_scheme(html: str, scheme: Scheme) -> str:
    """Show `html` in one scheme, whatever the browser that shows it prefers.

    "light" and "dark" switch the mail's own rules for dark off or on. "partial" and "full" are
    what mail programs do that force a dark scheme on the light mail: partial turns light grounds
    and dark text (Outlook.com, Gmail on Android), full turns every colour (Gmail on iOS, Outlook
    on Windows). Rules for ``[data-ogsc]`` and its like stay as they are and match nothing.
    """
    wanted = "dark" if scheme == "dark" else "light"
    forced = scheme in ("partial", "full")

    def tag(name: str, text: str) -> str:
        return _decided_tag(name, text, wanted, forced) if _asks(text) else text

    decided = rewritten(html, tag, lambda css: _decided_sheet(css, wanted, forced))
    if scheme == "partial" or scheme == "full":  # noqa: PLR1714 - the form that mypy narrows by
        return with_forced_colours(decided, scheme)
    return decided


def _asks(tag: str) -> bool:
    if _NAMED.search(tag):
        return True
    return "&" in tag and bool(_NAMED.search(unescape(tag)))


@lru_cache(maxsize=256)
def _decided_tag(name: str, tag: str, wanted: str, forced: bool) -> str:  # noqa: FBT001 - a cache's key
    attributes = {each.name: each.value for each in read_attributes(tag)}
    changes: dict[str, str | None] = {}
    if "media" in attributes:
        changes["media"] = decided_query(attributes["media"], wanted)
    if "style" in attributes:
        changes["style"] = rewrite_style(
            attributes["style"], lambda of, value, _: _decided_value(of, value, wanted, forced)
        )
    if name == "meta" and attributes.get("name", "").strip().lower() in _METAS:
        changes["content"] = _used_scheme(attributes.get("content", ""), wanted, forced)
    return with_attributes(tag, changes)


def decided_query(query: str, wanted: str) -> str:
    """Decide what a media query asks of the reader's scheme; its other parts stay."""
    return _PREFERS.sub(lambda match: _answer(match[1], wanted), query)


def _answer(asked: str | None, wanted: str) -> str:
    return ALWAYS if not asked or asked.lower() == wanted else NEVER


@lru_cache(maxsize=64)
def _decided_sheet(css: str, wanted: str, forced: bool) -> str:  # noqa: FBT001 - a cache's key
    if not _NAMED.search(css):
        return css
    css = _PREFERS_OR_SKIPPED.sub(
        lambda match: _answer(match[1], wanted) if match[0].startswith("(") else match[0], css
    )
    return rewrite_sheet(css, lambda of, value, _: _decided_value(of, value, wanted, forced))


def _decided_value(name: str, value: str, wanted: str, forced: bool) -> str:  # noqa: FBT001 - passed on
    if name not in _METAS:
        return value
    bare, mark, important = value.partition("!")
    return _used_scheme(bare, wanted, forced) + (f" {mark}{important}" if mark else "")


def _used_scheme(text: str, wanted: str, forced: bool) -> str:  # noqa: FBT001 - passed on
    """Give the one scheme that a browser takes of those that the page says it knows."""
    words = re.findall(r"[\w-]+", text.lower())
    if words and words[0] in _INHERITED:
        return text.strip()
    if forced:
        return "dark"
    known = [word for word in words if word in ("light", "dark")]
    if not known:
        return "light"
    return wanted if wanted in known else known[0]
