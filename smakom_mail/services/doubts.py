"""What an editor should know of an audience before she trusts its number.

Nothing of this stops a list: a number that is too small looks like any other, so it is said why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from smakom_mail.config.people import PeopleSettings
from smakom_mail.config.selection import Selection, Term, print_selection
from smakom_mail.diagnostics import nearest
from smakom_mail.store import Database
from smakom_mail.store.audience import count_stranded
from smakom_mail.store.installation import Installation
from smakom_mail.store.lists import known_lists
from smakom_mail.store.selecting import unknown_terms

_WORDS = {
    "not in selection": "not-selected",
    "no consent": "no-consent",
    "suppressed (forgotten)": "forgotten",
    "suppressed (complained)": "complained",
    "suppressed (manual)": "manual",
    "suppressed (bounced)": "bounced",
}
_SAID = {
    "not-selected": "not in the audience",
    "no-consent": "without a recorded legal ground",
    "unconfirmed": "waiting to confirm",
    "unsubscribed": "unsubscribed",
    "bounced": "bounced",
    "complained": "complained",
    "manual": "taken off by hand",
    "forgotten": "forgotten",
}
_REMEDIES = {
    "not-selected": "see who is on which list: smakom-mail subscribers list; the audience stands "
    "in edition.toml, else in smakom-mail.toml",
    "no-consent": "record the ground: smakom-mail subscribers import FILE --basis …",
    "unconfirmed": "they have to open the link that invites them: smakom-mail subscribers invite",
}
_MOST = 5_000
"""Among more names than these the nearest is not looked for."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a number may not be the one that was meant, and what to do about it."""

    message: str
    hint: str


def word_of(verdict: str) -> str:
    """Give the word for a verdict of the store, as it stands in files and sums."""
    return _WORDS.get(verdict, verdict)


def doubts_of(
    database: Database, selection: Selection, people: PeopleSettings, counted: Mapping[str, int]
) -> tuple[Doubt, ...]:
    """Give the doubts of an audience; `counted` are its people by word, the planned under ""."""
    return (
        *_unmatched(database, selection),
        *_stranded(database, people),
        *_nobody(selection, counted),
    )


def why_copy(installation: Installation) -> tuple[str, tuple[Doubt, ...]]:
    """Say what shows that a database is a copy, and the doubt of it; nothing of an original."""
    why = installation.why_copy()
    if not why:
        return "", ()
    hint = "only if the other one is out of use for ever: smakom-mail db adopt"
    return why, (Doubt(f"this database is a copy, from which nothing is sent: {why}", hint),)


def current_lists(people: PeopleSettings) -> tuple[str, ...]:
    """Give the lists that may reach somebody: those in the settings."""
    return tuple(each.slug for each in people.lists)


def _unmatched(database: Database, selection: Selection) -> Iterator[Doubt]:
    for term, names in unknown_terms(database, selection):
        near = _nearest(term.name, names)
        meant = f"; did you mean {print_selection(Term(term.kind, near))}?" if near else ""
        yield Doubt(
            f"{print_selection(term)} in the audience is nobody's {term.kind}{meant}",
            "see what people have: smakom-mail subscribers list",
        )


def _nearest(name: str, names: list[str]) -> str:
    if len(names) > _MOST:
        return ""
    folded = {" ".join(each.lower().split()) for each in names}
    begins = sorted(each for each in folded if each.startswith(name) or name.startswith(each))
    return nearest(name, folded) or (begins[0] if begins else "")


def _stranded(database: Database, people: PeopleSettings) -> Iterator[Doubt]:
    current = current_lists(people)
    if {each.slug for each in known_lists(database)} <= set(current):
        return
    for slug, number in count_stranded(database, current).items():
        who = "1 person is" if number == 1 else f"{number} people are"
        yield Doubt(
            f"{who} only on the list {slug}, which is no longer configured: it reaches nobody",
            f'put back [[people.list]] slug = "{slug}" in smakom-mail.toml; a list that is to be '
            "called something else keeps its slug and gets another name",
        )


def _nobody(selection: Selection, counted: Mapping[str, int]) -> Iterator[Doubt]:
    if counted.get("", 0):
        return
    everybody = sum(counted.values())
    if not everybody:
        yield Doubt(
            "nobody would get it: there is nobody in the database",
            "bring people in: smakom-mail subscribers import FILE.csv --basis … --apply",
        )
        return
    reasons = sorted((word for word in counted if counted[word]), key=lambda w: (-counted[w], w))
    why = ", ".join(f"{counted[word]} {_SAID.get(word, word)}" for word in reasons)
    yield Doubt(
        f"nobody would get it: of {everybody} in the database, {why} "
        f"(audience: {print_selection(selection)})",
        _REMEDIES.get(reasons[0], "see why: smakom-mail subscribers list"),
    )
