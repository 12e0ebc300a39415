"""Rules for readers who see badly: contrast in light and dark, marked links, size (A09–A11)."""

from collections.abc import Iterator

from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.render.cascade import DARK, LIGHT, MODES, Look
from smakom_mail.render.contrast import contrast, hex_colour, shown_ratio
from smakom_mail.render.css import parse_style
from smakom_mail.render.finished import Words, own_text
from smakom_mail.render.inspection import Inspection
from smakom_mail.render.origins import Place

SMALLEST = 14
TIGHTEST = 1.4
LINK_APART = 3.0
LONG = 60
"""Letters of text that run over several lines on a telephone."""


def check_looks(seen: Inspection) -> Iterator[Diagnostic]:
    """Check how every word of the mail looks; the same fault of the same colours is said once."""
    said: set[object] = set()
    for words in seen.mail.words:
        for mode in MODES:
            look = words.node.looks[mode]
            key = (mode, look.colour, look.background, look.needed)
            if not look.hidden and look.contrast < look.needed and key not in said:
                said.add(key)
                yield _contrast(seen, words, mode)
        yield from _unmarked(seen, words, said)
        yield from _shape(seen, words, said)


def _sample(words: Words) -> str:
    return words.text if len(words.text) <= 40 else words.text[:39].rstrip() + "…"


def _contrast(seen: Inspection, words: Words, mode: str) -> Diagnostic:
    look = words.node.looks[mode]
    place = _colour_place(seen, words, mode)
    colour, background = hex_colour(look.colour), hex_colour(look.background)
    text, ratio, needed = _sample(words), shown_ratio(look.contrast), f"{look.needed:g}"
    if mode == DARK:
        return finding(
            "contrast-dark",
            *place,
            text=text,
            colour=colour,
            background=background,
            ratio=ratio,
            needed=needed,
        )
    return finding(
        "contrast-light",
        *place,
        text=text,
        colour=colour,
        background=background,
        ratio=ratio,
        needed=needed,
    )


def _colour_place(seen: Inspection, words: Words, mode: str) -> Place:
    """Give the line that sets the colour, or where in the dark styles it should be set."""
    colour = hex_colour(words.node.looks[mode].colour)
    if mode == DARK and colour == hex_colour(words.node.looks[LIGHT].colour):
        return seen.origins.in_css("prefers-color-scheme", (), dark=True)
    return seen.origins.in_css(colour, words.node.selectors(), dark=mode == DARK)


def _unmarked(seen: Inspection, words: Words, said: set[object]) -> Iterator[Diagnostic]:
    """Find a link in running text that only its colour shows, and shows too weakly (1.4.1)."""
    link, parent = words.element, words.element.getparent()
    above = words.node.parent
    if link.tag != "a" or parent is None or above is None:
        return
    if not words.node.looks[LIGHT].plain_link or not any(map(str.isalnum, own_text(parent))):
        return
    apart = {m: contrast(words.node.looks[m].colour, above.looks[m].colour) for m in MODES}
    mode, ratio = min(apart.items(), key=lambda pair: pair[1])
    key = ("link", words.node.looks[mode].colour, above.looks[mode].colour)
    if ratio < LINK_APART and key not in said:
        said.add(key)
        place = seen.origins.in_css("text-decoration", words.node.selectors())
        yield finding("link-unmarked", *place, text=_sample(words), ratio=shown_ratio(ratio))


def _shape(seen: Inspection, words: Words, said: set[object]) -> Iterator[Diagnostic]:
    look, text = words.node.looks[LIGHT], _sample(words)
    if look.size < SMALLEST:
        place = _declared_place(seen, words, "font-size")
        if _new(said, "size", place, look.size):
            yield finding("text-small", *place, text=text, size=f"{look.size:g}")
    if _is_body_text(words, look) and look.spacing < TIGHTEST:
        place = _declared_place(seen, words, "line-height")
        if _new(said, "line", place):
            yield finding("lines-tight", *place, text=text, ratio=shown_ratio(look.spacing))
    if look.justified:
        place = seen.origins.in_css("justify", words.node.selectors())
        if _new(said, "justify", place):
            yield finding("text-justified", *place, text=text)
    if look.capitals:
        place = seen.origins.in_css("uppercase", words.node.selectors())
        if _new(said, "capitals", place):
            yield finding("text-capitals", *place, text=text)


def _declared_place(seen: Inspection, words: Words, name: str) -> Place:
    """Give the line that sets the property `name` of an element, or of one around it."""
    return seen.origins.in_css(_declared(words, name) or name, words.node.selectors())


def _new(said: set[object], *key: object) -> bool:
    """Say whether `key` is new, and keep it."""
    before = len(said)
    said.add(key)
    return len(said) > before


def _is_body_text(words: Words, look: Look) -> bool:
    return len(words.text) >= LONG and not words.heading and look.size < 24 and not _is_image(words)


def _is_image(words: Words) -> bool:
    return bool(words.element.tag == "img")


def _declared(words: Words, name: str) -> str:
    """Give ``name: value`` as the nearest element's own style says it."""
    element = words.element
    while element is not None:
        for declared in parse_style(element.get("style") or ""):
            if declared.name == name:
                return f"{name}: {declared.value}"
        element = element.getparent()
    return ""
