"""CSS into style attributes, through premailer with its teeth drawn.

premailer by itself drops a lower-case doctype, strips ``!important`` from media queries,
replaces image widths, fetches ``@import`` over the network in spite of its own option, and is
not safe in threads. Each is shut off or guarded here; nothing else in the house touches it.
"""

import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from smakom_mail.render.selectors import SelectorIndex

if TYPE_CHECKING:
    from premailer import Premailer

_LOCK = threading.Lock()
_INDEX = SelectorIndex()
_DOCTYPE = re.compile(r"\A\s*<!doctype html>", re.IGNORECASE)


def inline_css(html: str) -> str:
    """Move the rules of every ``<style>`` not marked data-premailer="ignore" into the elements.

    The same input gives the same bytes; nothing is read or fetched.
    """
    page = _DOCTYPE.sub("<!DOCTYPE html>", html, count=1)
    with _LOCK:
        try:
            result = _premailer()(page, **_OPTIONS).transform(pretty_print=False)
        finally:
            _INDEX.clear()
    return str(result)


_OPTIONS: dict[str, Any] = {
    "allow_network": False,
    "allow_loading_external_files": False,
    "strip_important": False,
    "keep_style_tags": False,
    "remove_classes": False,
    "disable_validation": True,
    "disable_leftover_css": False,
    "disable_basic_attributes": ["width", "height", "align", "valign", "bgcolor"],
    "exclude_pseudoclasses": True,
    "align_floating_images": False,
    "cssutils_logging_level": 50,
}


@cache
def _premailer() -> "type[Premailer]":
    # Read at import by premailer: its default cache of 128 entries makes it seven times slower.
    os.environ.setdefault("PREMAILER_CACHE", "LRU")
    os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", "4096")
    import cssutils

    with _without_requests():
        from premailer import Premailer, merge_style
        from premailer import premailer as engine

    _lighten(engine, merge_style)
    # cssutils would write #FFFFFF as #FFF, which not every mail program knows.
    cssutils.ser.prefs.minimizeColorHash = False

    class OfflinePremailer(Premailer):  # type: ignore[misc] # the package has no types
        """Parses CSS with a fetcher that never fetches."""

        def _parse_css_string(self, css_body: str, *, validate: bool = True) -> object:
            parser = cssutils.CSSParser(fetcher=lambda _: (None, b""), validate=validate)
            return parser.parseString(css_body)

        def _parse_style_rules(
            self, css_body: str, ruleset_index: int
        ) -> tuple[list[Any], list[Any]]:
            if (css_body, ruleset_index) not in parsed:
                parsed[css_body, ruleset_index] = super()._parse_style_rules(
                    css_body, ruleset_index
                )
            rules, leftover = parsed[css_body, ruleset_index]
            return list(rules), list(leftover)

        def _style_to_basic_html_attributes(self, *_: object, **__: object) -> None:
            """Write no attributes: every one that it knows is disabled, only slowly."""

    # Parsing a layout's CSS costs three times the inlining; the lock of `inline_css` holds here.
    parsed: dict[tuple[str, int], tuple[list[Any], list[Any]]] = {}
    return OfflinePremailer


@contextmanager
def _without_requests() -> Iterator[None]:
    """Import premailer without its HTTP client, which is never used and slow to load."""
    missing = object()
    before = sys.modules.get("requests", missing)
    if before is missing:
        sys.modules["requests"] = ModuleType("requests")
    try:
        yield
    finally:
        if before is missing:
            del sys.modules["requests"]


def _lighten(engine: Any, merging: Any) -> None:  # noqa: ANN401 - modules without types
    """Take two slow habits off premailer: XPath for plain selectors, and validating CSS.

    Validation only logs, and building its tables costs a fifth of a second at first use.
    """
    pairs, select = merging.csstext_to_pairs, engine._create_cssselector  # noqa: SLF001 - no other way in

    def unvalidated(csstext: str, validate: bool = False) -> Any:  # noqa: ANN401, ARG001, FBT001, FBT002 - its shape
        return pairs(csstext, validate=False)

    unvalidated._lock = pairs._lock  # type: ignore[attr-defined] # noqa: SLF001 - premailer asks for it
    merging.csstext_to_pairs = unvalidated
    engine._create_cssselector = lambda selector: _INDEX.finder(selector, select)  # noqa: SLF001 - as above
