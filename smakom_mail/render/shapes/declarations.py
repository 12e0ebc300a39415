"""What a program makes of declarations: on an element, and in a rule of a style sheet."""

import re
from dataclasses import dataclass
from functools import lru_cache

from smakom_mail.render.caniemail import of_declaration
from smakom_mail.render.css import Declaration, parse_style, split_outside
from smakom_mail.render.shapes.losses import Why
from smakom_mail.render.shapes.model import Client
from smakom_mail.render.shapes.notes import NOTE_RULES, NoteRule, Use, without_system_fonts
from smakom_mail.render.shapes.phrases import why_lost
from smakom_mail.render.shapes.support import OTHER_ACCOUNT, lacks, notes_on

_MARK = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_LATE = ("css-unit-", "css-important", "css-sytem-ui")
_EARLY = (
    "css-display-",
    "css-function-",
    "css-intrinsic-",
    "css-unit-calc",
    "css-linear-",
    "css-radial-",
    "css-conic-",
    "css-modern-",
)
_CHANGES = 4


@dataclass(frozen=True, slots=True)
class Lost:
    """One declaration that went: its feature, its property, its value, and why."""

    feature: str
    group: str
    value: str
    why: Why


@dataclass(frozen=True, slots=True)
class _Verdict:
    lost: Lost
    kept: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """Declarations as a program leaves them; `whole`: everything around them went as well."""

    text: str
    lost: tuple[Lost, ...] = ()
    whole: bool = False


@lru_cache(maxsize=16384)
def edit_style(client: Client, text: str, tag: str, *, inline: bool) -> Edited:
    """Give the declarations `text` as `client` leaves them; untouched they keep their bytes."""
    if client.key == "outlook-windows":
        text = _words_own(text, tag)
    pieces, lost, changed = [], [], False
    for piece in split_outside(_COMMENT.sub("", text), ";"):
        kept = piece
        for _ in range(_CHANGES):
            verdict = _judge(client, kept, tag, inline=inline)
            if verdict is None:
                break
            lost.append(verdict.lost)
            if verdict.whole:
                return Edited("", tuple(lost), whole=True)
            kept, changed = verdict.kept, True
        if kept or not changed:
            pieces.append(kept)
    if not changed:
        return Edited(text)
    return Edited(";".join(pieces) if any(p.strip() for p in pieces) else "", tuple(lost))


@lru_cache(maxsize=16384)
def _judge(client: Client, piece: str, tag: str, *, inline: bool) -> _Verdict | None:
    read = parse_style(piece)
    if len(read) != 1:
        return None
    declared = read[0]
    found = _MARK.search(piece)
    slugs = _in_order(of_declaration(declared))
    mark = found[0].rstrip() if found else ""
    for slug in slugs:
        for rule, note in _rules_for(client, slug):
            kept = rule.apply(Use(declared.name, declared.value, mark, tag, inline, note))
            if kept is not None:
                return _Verdict(_lost(slug, declared, rule.why), kept, rule.whole)
        if _lacking(client, slug, declared):
            use = Use(declared.name, declared.value, mark, tag, inline, "")
            kept = without_system_fonts(use) if slug == "css-sytem-ui" else ""
            return _Verdict(_lost(slug, declared, why_lost(slug)), kept or "")
    return None


def _lost(slug: str, declared: Declaration, why: Why) -> Lost:
    mark = " !important" if declared.important else ""
    return Lost(slug, declared.name, f"{declared.value}{mark}", why)


def _lacking(client: Client, slug: str, declared: Declaration) -> bool:
    if slug == "css-variables" and not declared.name.startswith("--"):
        # Some lose only the declaration of a variable; var() itself then falls back.
        notes = " ".join(notes_on(client.program, slug))
        return lacks(client, slug) and "`var()` function is supported" not in notes
    return lacks(client, slug)


@lru_cache(maxsize=2048)
def _in_order(slugs: tuple[str, ...]) -> tuple[str, ...]:
    """Put what says most about a declaration first: the function, the property, the unit.

    A background comes first of all, since some programs take the colour out of it.
    """
    return tuple(sorted(slugs, key=_rank))


def _rank(slug: str) -> int:
    if slug == "css-background":
        return 0
    if slug.startswith(_EARLY):
        return 1
    return 3 if slug.startswith(_LATE) else 2


@lru_cache(maxsize=2048)
def _rules_for(client: Client, slug: str) -> tuple[tuple[NoteRule, str], ...]:
    return tuple(
        (rule, note)
        for note in notes_on(client.program, slug)
        for rule in NOTE_RULES
        if rule.said.search(note)
        and (not rule.features or slug in rule.features)
        and (client.key == "gmail-other" or not OTHER_ACCOUNT.search(note))
    )


def applied_notes(client: Client, slug: str) -> bool:
    """Say whether something is lost by a note about `slug`, although it works in part."""
    return bool(_rules_for(client, slug))


def _words_own(text: str, tag: str) -> str:
    """Let Word's own properties mean what they mean there; padding only in cells."""
    low = text.lower()
    if "mso-" not in low:
        return text
    added = []
    for declared in parse_style(text):
        if declared.name == "mso-hide" and declared.value.lower() == "all":
            added.append("display:none")
        elif declared.name == "mso-padding-alt" and tag in ("td", "th"):
            added.append(f"padding:{declared.value}")
    return ";".join([text.rstrip().rstrip(";"), *added]) if added else text
