"""What a program makes of selectors and at-rules."""

import re
from dataclasses import dataclass
from functools import lru_cache

from smakom_mail.render.caniemail import of_at_rule, of_selector
from smakom_mail.render.shapes.losses import Why
from smakom_mail.render.shapes.model import Client
from smakom_mail.render.shapes.phrases import why_lost
from smakom_mail.render.shapes.support import lacks, notes_on

_ATTRIBUTE = re.compile(r"\[\s*([\w-]+)\s*(?:([~|^$*]?=)[^\]]*)?\]")
_PARTS = re.compile(r"(\[[^\]]*\]|\"[^\"]*\"|'[^']*')")
_BODY = re.compile(r"(?:^|(?<=[\s>+~(,]))(?:html|body)(?![\w-])", re.IGNORECASE)
_MEDIA_WORDS = frozenset(
    ("and", "only", "screen", "all", "min-width", "max-width", "min-height", "max-height")
)
_SOME = Why(
    "{client} kan bara vissa sådana urval, så regeln gäller inte.",
    "{client} knows only some such selectors, so the rule is void.",
)
_TYPES_ONLY = Why(
    "{client} kan sådana regler bara för ett element utan klass.",
    "{client} knows such rules only for an element without a class.",
)
_FIRST = Why(
    "{client} läser bara den första klassen av flera.",
    "{client} reads only the first of several classes.",
)
_NO_BODY = Why(
    "{client} gör om <body> till en ruta, så regler för body och html gäller inte.",
    "{client} turns <body> into a box, so rules for body and html are void.",
)
_SOME_MEDIA = Why(
    "{client} kan bara regler om skärmens bredd.",
    "{client} knows only rules about the width of the screen.",
)
_REMOTE = Why("{client} hämtar inga egna typsnitt.", "{client} loads no fonts of the mail's own.")
_NESTED = Why(
    "{client} tar bort regler om skärmen som ligger i varandra.",
    "{client} drops rules about the screen that lie in each other.",
)


@dataclass(frozen=True, slots=True)
class Ruling:
    """A selector or at-rule that goes (`kept` empty) or is changed, and why."""

    feature: str
    why: Why
    kept: str = ""


@lru_cache(maxsize=4096)
def judge_selector(client: Client, selector: str) -> Ruling | None:
    """Say what becomes of a selector; None: it stays."""
    bodies = {"gmail": True, "yahoo": True, "outlook-com": False}
    if client.key in bodies:
        found = _BODY.findall(_quiet(selector))
        if found and (bodies[client.key] or "html" in map(str.lower, found)):
            return Ruling("html-body", _NO_BODY)
    for slug in of_selector(selector):
        notes = " ".join(notes_on(client.program, slug))
        if slug == "css-selector-chaining" and "first selector of the chain." in notes:
            if "prefixed" in notes:
                return Ruling(slug, _FIRST)
            return Ruling(slug, _FIRST, re.sub(r"(\.[\w-]+)(?:\.[\w-]+)+", r"\1", selector))
        if lacks(client, slug):
            return Ruling(slug, why_lost(slug))
        if slug == "css-selector-attribute" and not _attribute_known(selector, notes):
            return Ruling(slug, _SOME)
        if slug.startswith("css-pseudo-") and "type selectors" in notes and _classed(selector):
            return Ruling(slug, _TYPES_ONLY)
    return None


def _quiet(selector: str) -> str:
    return "".join(part for part in _PARTS.split(selector) if part[:1] not in ("[", '"', "'"))


def _attribute_known(selector: str, notes: str) -> bool:
    """Say whether every attribute that a selector asks for is of the kind the notes allow."""
    for match in _ATTRIBUTE.finditer(selector):
        name, operator = match[1].lower(), match[2] or ""
        if "Only supports `[attr~=value]`" in notes and (name, operator) != ("class", "~="):
            return False
        if "Only supports `[attr=value]` syntax" in notes and operator != "=":
            return False
        if "Can not be used with a class" in notes:
            if operator not in ("", "=", "~=", "|=") or name in ("class", "id"):
                return False
            if re.search(r"[.#][\w-]+$", selector[: match.start()]):
                return False
    return True


def _classed(selector: str) -> bool:
    return bool(re.search(r"[.#\]][\w-]*(?:\[[^\]]*\])*::?[a-z-]+", selector))


@lru_cache(maxsize=1024)
def judge_at_rule(client: Client, name: str, prelude: str, body: str, depth: int) -> Ruling | None:
    """Say what becomes of an at-rule; None: it stays."""
    slugs = of_at_rule(name, prelude)
    for slug in reversed(slugs):
        if lacks(client, slug):
            return Ruling(slug, why_lost(slug))
    if not slugs:
        return None
    notes = " ".join(notes_on(client.program, slugs[0]))
    if name == "media":
        words = re.findall(r"(?<![\d.])\b[a-z][a-z-]*", prelude.lower())
        if "height based media" in notes and any("height" in word for word in words):
            return Ruling(slugs[0], _SOME_MEDIA)
        if "based media queries" in notes and "Only supports `screen`" in notes:
            asked = [word for word in words if word not in ("px", "em", "rem")]
            if not _MEDIA_WORDS.issuperset(asked):
                return Ruling(slugs[0], _SOME_MEDIA)
        if "Nested media queries are removed" in notes and depth:
            return Ruling(slugs[0], _NESTED)
    if "distant fonts are ignored" in notes and "url(" in body.lower():
        return Ruling(slugs[0], _REMOTE)
    return None


def renamed(selector: str, prefix: str, body: str) -> str:
    """Put `prefix` before every class and id, and `body` in the place of the element body."""
    parts = _PARTS.split(selector)
    for at in range(0, len(parts), 2):
        parts[at] = re.sub(r"([.#])(?=-?[A-Za-z_\x80-\uffff])", rf"\g<1>{prefix}", parts[at])
        if body:
            parts[at] = re.sub(r"(^|[\s>+~(,])body(?![\w-])", rf"\g<1>{body}", parts[at])
    return "".join(parts)
