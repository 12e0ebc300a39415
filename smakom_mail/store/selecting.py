"""A selection as a condition in SQL: fragments of ours, and parameters for every name.

Names are compared as the language compares them (case, blanks, NFC), which SQL cannot do alike on
every database: so the few spellings that are in the store are looked up first.

A list is asked for in two ways. Broadly, anybody who stands on it in any state, or has said no to
it: they are candidates, and are told why they get nothing. Strictly, only whom it reaches. Behind
an odd number of `not`, both mean that the person stands confirmed on it, so that the broad
condition holds wherever the strict one does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from smakom_mail.config.selection import EVERYONE, And, Not, Or, Selection, Term, matches, terms
from smakom_mail.store.database import Database
from smakom_mail.store.lists import list_bits

_SPELLINGS = {
    "tag": "SELECT DISTINCT tag AS name FROM tags",
    "organisation": "SELECT DISTINCT organisation AS name FROM subscribers WHERE state = 'active'",
    "language": "SELECT DISTINCT language AS name FROM subscribers WHERE state = 'active'",
    "list": "SELECT slug AS name FROM lists",
}
_EVERYBODY = "1 = 1"
_NOBODY = "1 = 0"


@dataclass(frozen=True, slots=True)
class Condition:
    """The two conditions over the columns of the audience query, and their parameters.

    `mentioned` has the bits of the lists that are asked for; all lists where none is.
    """

    broad: str
    strict: str
    mentioned: int
    values: dict[str, object] = field(default_factory=dict)


def as_condition(database: Database, selection: Selection) -> Condition:
    """Write a selection as conditions."""
    writer = _Writer(database)
    asked = set(_asked(selection, negated=False))
    mentioned = 0
    for term in asked:
        mentioned |= writer.bits(term)
    broad = writer.write(selection, "related", negated=False)
    strict = writer.write(selection, "working", negated=False)
    if not asked:
        mentioned = sum(list_bits(database).values())
    return Condition(broad, strict, mentioned, writer.values)


def unknown_terms(database: Database, selection: Selection) -> Iterator[tuple[Term, list[str]]]:
    """Give each tag, organisation and language that nobody has, with those that somebody has."""
    for term in dict.fromkeys(terms(selection)):
        if term.kind in ("tag", "organisation", "language"):
            names = [row["name"] for row in database.each(_SPELLINGS[term.kind])]
            if not any(_means(term, name) for name in names):
                yield term, [name for name in names if name]


def _asked(selection: Selection, *, negated: bool) -> Iterator[Term]:
    match selection:
        case Term("list", _) if not negated:
            yield selection
        case Not(part):
            yield from _asked(part, negated=not negated)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _asked(part, negated=negated)


class _Writer:
    """Writes fragments, and keeps the values that stand in none of them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.values: dict[str, object] = {}
        self._bits = list_bits(database)
        self._names: dict[Term, list[str]] = {}

    def write(self, selection: Selection, column: str, *, negated: bool) -> str:
        match selection:
            case Term():
                return self._term(selection, "confirmed" if negated else column)
            case Not(part):
                return f"NOT ({self.write(part, column, negated=not negated)})"
            case And(parts):
                return self._joined(" AND ", parts, column, negated=negated)
            case Or(parts):
                return self._joined(" OR ", parts, column, negated=negated)

    def _joined(
        self, word: str, parts: tuple[Selection, ...], column: str, *, negated: bool
    ) -> str:
        return word.join(f"({self.write(part, column, negated=negated)})" for part in parts)

    def _term(self, term: Term, column: str) -> str:
        if term.kind == EVERYONE:
            return _EVERYBODY
        if term.kind == "list":
            return f"({column} & {self._value(self.bits(term))}) <> 0"
        names = [self._value(name) for name in self._spellings(term)]
        if not names:
            return _NOBODY
        spelled = ", ".join(names)
        if term.kind == "tag":
            return (
                "EXISTS (SELECT 1 FROM tags t"  # noqa: S608 - names of parameters
                f" WHERE t.subscriber_id = id AND t.tag IN ({spelled}))"
            )
        return f"{term.kind} IN ({spelled})"

    def bits(self, term: Term) -> int:
        return sum(self._bits[slug] for slug in self._spellings(term))

    def _spellings(self, term: Term) -> list[str]:
        if term not in self._names:
            rows = self.database.each(_SPELLINGS[term.kind])
            self._names[term] = [row["name"] for row in rows if _means(term, row["name"])]
        return self._names[term]

    def _value(self, value: object) -> str:
        name = f"selected_{len(self.values)}"
        self.values[name] = value
        return f":{name}"


def _means(term: Term, name: str) -> bool:
    match term.kind:
        case "tag":
            return matches(term, tags=(name,))
        case "organisation":
            return matches(term, organisation=name)
        case "language":
            return matches(term, language=name)
    return matches(term, lists=(name,))
