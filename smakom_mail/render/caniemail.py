"""What mail programs support, after Can I email (data/caniemail, MIT), and what we accept.

A feature is named by caniemail's own slug, such as ``css-border-radius``. baseline.toml says
which of them a mail may lack somewhere, and why that does no harm.
"""

import gzip
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from smakom_mail.render.css import Declaration

TARGETS = {
    "Gmail": ("gmail.desktop-webmail", "gmail.ios", "gmail.android"),
    "Outlook Windows": ("outlook.windows",),
    "Outlook.com": ("outlook.outlook-com",),
    "Apple Mail": ("apple-mail.macos", "apple-mail.ios"),
    "Yahoo": ("yahoo.desktop-webmail", "yahoo.ios", "yahoo.android"),
    "Samsung": ("samsung-email.android",),
    "Thunderbird": ("thunderbird.macos", "thunderbird.windows"),
}
"""Who our readers read with; Gmail's page for telephones' browsers is left out."""

_WITH_PARTS = ("margin", "padding", "border", "list-style", "outline", "inset")
_CORNERS = re.compile(r"border-(top|bottom)-(left|right)-radius")
_FUNCTIONS = {
    "calc": "css-unit-calc",
    "clamp": "css-function-clamp",
    "conic-gradient": "css-conic-gradient",
    "lab": "css-modern-color",
    "lch": "css-modern-color",
    "light-dark": "css-function-light-dark",
    "linear-gradient": "css-linear-gradient",
    "max": "css-function-max",
    "min": "css-function-min",
    "oklab": "css-modern-color",
    "oklch": "css-modern-color",
    "radial-gradient": "css-radial-gradient",
    "rgb": "css-rgb",
    "rgba": "css-rgba",
    "var": "css-variables",
}
_PAIRS = {
    ("display", "flex"): "css-display-flex",
    ("display", "grid"): "css-display-grid",
    ("display", "none"): "css-display-none",
    ("flex-direction", "column"): "css-flex-direction",
    ("flex-wrap", "wrap"): "css-flex-wrap",
}
_LISTED = {
    "css-animation": tuple(
        f"animation-{part}"
        for part in ("name", "duration", "delay", "timing-function", "iteration-count")
    ),
    "css-border-inline-block": ("border-inline", "border-block"),
    "css-border-inline-block-individual": tuple(
        f"border-{axis}-{part}"
        for axis in ("inline", "block")
        for part in ("color", "style", "width")
    ),
    "css-border-inline-block-longhand": tuple(
        f"border-{axis}-{side}" for axis in ("inline", "block") for side in ("start", "end")
    ),
    "css-border-radius-logical": tuple(
        f"border-{block}-{inline}-radius"
        for block in ("start", "end")
        for inline in ("start", "end")
    ),
    "css-block-inline-size": ("block-size", "inline-size"),
    "css-color-scheme": ("color-scheme",),
    "css-column-layout-properties": ("columns", "column-count", "column-width", "column-rule"),
    "css-gap": ("gap", "row-gap", "column-gap"),
    "css-grid-template": ("grid-template", "grid-template-columns", "grid-template-rows"),
    "css-inset": ("inset",),
    "css-left-right-top-bottom": ("left", "right", "top", "bottom"),
    "css-margin-block-start-end": ("margin-block-start", "margin-block-end"),
    "css-margin-inline-block": ("margin-inline", "margin-block"),
    "css-margin-inline-start-end": ("margin-inline-start", "margin-inline-end"),
    "css-overflow": ("overflow-x", "overflow-y", "overflow-block", "overflow-inline"),
    "css-padding-block-start-end": ("padding-block-start", "padding-block-end"),
    "css-padding-inline-block": ("padding-inline", "padding-block"),
    "css-padding-inline-start-end": ("padding-inline-start", "padding-inline-end"),
    "css-scroll-snap": ("scroll-snap-type", "scroll-snap-align", "scroll-snap-stop"),
    "css-transition": tuple(
        f"transition-{part}" for part in ("property", "duration", "delay", "timing-function")
    ),
}
_WORDS = (
    (re.compile(r"(?<![\w-])initial(?![\w-])"), "css-unit-initial"),
    (re.compile(r"(?<![\w-])(?:fit|min|max)-content(?![\w-])"), "css-intrinsic-size"),
    (re.compile(r"(?<![\w-])(?:system-ui|ui-(?:sans-)?serif|ui-monospace)"), "css-sytem-ui"),
)
_UNIT = re.compile(r"(?<![\w#.-])-?[\d.]+([a-z]+|%)")
_MEDIA = (
    ("prefers-color-scheme", "css-at-media-prefers-color-scheme"),
    ("prefers-reduced-motion", "css-at-media-prefers-reduced-motion"),
    ("orientation", "css-at-media-orientation"),
    ("device-pixel-ratio", "css-at-media-device-pixel-ratio"),
    ("hover", "css-at-media-hover"),
)
_SELECTORS = (
    (re.compile(r">"), "css-selector-child"),
    (re.compile(r"\+"), "css-selector-adjacent-sibling"),
    (re.compile(r"~(?!=)"), "css-selector-general-sibling"),
    (re.compile(r"\["), "css-selector-attribute"),
    (re.compile(r"#"), "css-selector-id"),
    (re.compile(r"\."), "css-selector-class"),
    (re.compile(r"\.[\w-]+\."), "css-selector-chaining"),
    (re.compile(r"[\w\])*]\s+[\w.#\[*:]"), "css-selector-descendant"),
    (re.compile(r"(?:^|[\s>+~])\*"), "css-selector-universal"),
    (re.compile(r"(?:^|[\s>+~])[a-zA-Z]"), "css-selector-type"),
)
_SEMANTIC = frozenset(
    """article aside details figcaption figure footer header main mark nav section summary
    time""".split()  # noqa: SIM905 - a list to read
)
_ELEMENTS = {
    "ul": "html-lists",
    "ol": "html-lists",
    "dl": "html-lists",
    "map": "html-image-maps",
    "embed": "html-object",
    "s": "html-strike",
} | {f"h{level}": "html-h1-h6" for level in range(1, 7)}


@dataclass(frozen=True, slots=True)
class Feature:
    """One entry: the newest answer of each program, y, n, a (partly) or u, with its notes."""

    slug: str
    title: str
    support: dict[str, str]
    notes: dict[str, str]

    @property
    def lacking(self) -> tuple[str, ...]:
        """The targets in which it does not work at all, in some of their forms."""
        return tuple(
            target
            for target, programs in TARGETS.items()
            if any(self.support.get(program, "u").startswith("n") for program in programs)
        )


def _data() -> Any:  # noqa: ANN401 - a folder of the package, whatever it was installed from
    return files("smakom_mail") / "data" / "caniemail"


@cache
def features() -> dict[str, Feature]:
    """Give every feature by its slug."""
    data = json.loads(gzip.decompress((_data() / "support.json.gz").read_bytes()))
    return {
        slug: Feature(slug, entry["title"], entry["support"], entry["notes"])
        for slug, entry in data["features"].items()
    }


@cache
def baseline() -> dict[str, tuple[str, ...]]:
    """Give the targets in which the lack of a feature is accepted, by its slug."""
    text = (_data() / "baseline.toml").read_text(encoding="utf-8")
    return {slug: tuple(entry["clients"]) for slug, entry in tomllib.loads(text).items()}


@cache
def unaccepted(slug: str) -> tuple[str, ...]:
    """Give the targets that lack the feature `slug`, without those of the baseline."""
    feature = features().get(slug)
    accepted = baseline().get(slug, ())
    return tuple(t for t in feature.lacking if t not in accepted) if feature else ()


@cache
def _properties() -> dict[str, str]:
    """Give the slug of each CSS property."""
    found = {}
    for slug, feature in features().items():
        name = feature.title.removesuffix(" property").removesuffix(" shorthand").strip()
        if slug.startswith("css-") and re.fullmatch(r"[a-z-]+", name):
            found[name] = slug
    return found | {name: slug for slug, names in _LISTED.items() for name in names}


@lru_cache(maxsize=4096)
def of_declaration(declared: Declaration) -> tuple[str, ...]:
    """Give the features that a declaration needs."""
    return tuple(dict.fromkeys(_of_declaration(declared)))


def _of_declaration(declared: Declaration) -> Iterator[str]:
    name, value = declared.name, declared.value.lower()
    if name.startswith("--"):
        yield "css-variables"
        return
    if slug := _of_property(name):
        yield slug
    if pair := _PAIRS.get((name, value)):
        yield pair
    for function in re.findall(r"(?<![a-z-])([a-z-]+)\(", value):
        if function in _FUNCTIONS:
            yield _FUNCTIONS[function]
    bare = re.sub(r"url\([^)]*\)|\"[^\"]*\"|'[^']*'", "", value)
    for unit in _UNIT.findall(bare):
        yield f"css-unit-{'percent' if unit == '%' else unit}"
    yield from (slug for pattern, slug in _WORDS if pattern.search(bare))
    if declared.important:
        yield "css-important"


def _of_property(name: str) -> str:
    known = _properties()
    if name in known:
        return known[name]
    if _CORNERS.fullmatch(name):
        return known["border-radius"]
    return next((known[part] for part in _WITH_PARTS if name.startswith(f"{part}-")), "")


@lru_cache(maxsize=1024)
def of_selector(selector: str) -> tuple[str, ...]:
    """Give the features that a selector needs."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", selector)
    found = [slug for pattern, slug in _SELECTORS if pattern.search(bare)]
    for colons, name in re.findall(r"(::?)([a-z-]+)", bare):
        kind = "element" if colons == "::" or name in ("before", "after") else "class"
        found.append(f"css-pseudo-{kind}-{name}")
    return tuple(found)


def of_at_rule(name: str, prelude: str) -> tuple[str, ...]:
    """Give the features that an at-rule needs."""
    if name != "media":
        return (f"css-at-{name}",)
    return ("css-at-media", *(slug for word, slug in _MEDIA if word in prelude.lower()))


@lru_cache(maxsize=1024)
def of_element(tag: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Give the features that an element with the attributes `names` needs."""
    known = features()
    found = [_ELEMENTS.get(tag, "html-semantics" if tag in _SEMANTIC else f"html-{tag}")]
    for name in names:
        # The element <style> shares its slug with the attribute, which is something else.
        if name in ("srcset", "sizes"):
            found.append("html-srcset")
        elif f"html-{name}" in known and name not in ("style", "form"):
            found.append(f"html-{name}")
    return tuple(slug for slug in found if slug in known)
