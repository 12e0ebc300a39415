"""Rows of a table: each a person, or rejected with a reason that names what is wrong."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Literal

from smakom_mail.content.people.address import ROLES, Address, AddressFault, canonical
from smakom_mail.content.people.columns import Columns, fold
from smakom_mail.content.people.formulas import restored
from smakom_mail.content.people.moments import read_moment
from smakom_mail.content.people.table import Row, Table
from smakom_mail.model.person import Basis, Fault, PersonRow, Rejected, Repeated

LIMITS = {"name": 200, "organisation": 200, "consent_source": 500, "wording": 10_000}
"""The most characters that a field may have; more is a reason to reject the row."""
LABEL_LIMIT = 60
LABELS_LIMIT = 50

_BASES = {
    Basis.CONSENT: ("samtycke", "consent", "opt-in", "frivilligt samtycke"),
    Basis.MEMBERSHIP: ("medlemskap", "membership", "medlem", "member", "medlemsavtal"),
    Basis.PUBLIC_TASK: (
        *("allmänt intresse", "public task", "public-task", "uppgift av allmänt intresse"),
        *("myndighetsuppgift", "allmän uppgift", "public interest"),
    ),
    Basis.LEGITIMATE_INTEREST: (
        *("berättigat intresse", "legitimate interest", "legitimate-interest"),
        *("intresseavvägning",),
    ),
}
_BASIS = {fold(word): basis for basis, words in _BASES.items() for word in words}
_LANGUAGES = {
    **dict.fromkeys(("sv", "svenska", "swedish", "se", "svse", "sve", "swe", "svfi"), "sv"),
    **dict.fromkeys(("en", "engelska", "english", "eng", "engb", "enus", "uk", "gb"), "en"),
}
_ERRORS = """
    #N/A #NAME? #NULL! #NUM! #REF! #VALUE! #DIV/0! #SPILL! #CALC!
    #SAKNAS! #NAMN? #SKÄRNING! #OGILTIGT! #REFERENS! #VÄRDEFEL! #DIVISION/0!
"""
_FAILED = frozenset(_ERRORS.split())
_EDGES = " \t\r\n\x0b\x0c\u00a0\u2007\u202f\u200b\ufeff"
# Controls, line ends, and what turns the direction of writing (Unicode's Bidi_Control).
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\uffff\ud800-\udfff]"
)
_INVISIBLE = re.compile("[\u00ad\u200b\u2060-\u2064\ufeff]")
_FIELD = {"first_name": "name", "last_name": "name"}
_KEPT = 10_000
_SHORT = 1_000
_ROOM = 40
_SAID = (1 << _ROOM) - 1


class _Refusal(Exception):  # noqa: N818 - no error: the way out of a row that is rejected
    """Carries the reason out of the reading of a row."""

    def __init__(self, kind: str, **values: object) -> None:
        super().__init__(kind)
        self.fault = Fault(kind, tuple((name, str(value)) for name, value in values.items()))


@dataclass(slots=True)
class _Seen:
    """The people that stood above, by a digest of the key: a million of them take 150 MB."""

    rows: dict[bytes, int] = field(default_factory=dict)

    def first(self, person: PersonRow) -> tuple[int, bool]:
        """Give the row above with the same key (0: there is none), and whether it says the same.

        What the rows say is told apart by 40 bits: the first of them counts in either case.
        """
        said = hash(
            (
                *(person.name, person.organisation, person.language, person.lists, person.tags),
                *(person.basis, person.consent_at, person.consent_source, person.wording),
            )
        )
        entry = person.row << _ROOM | said & _SAID
        digest = blake2b(person.key.encode("utf-8"), digest_size=12).digest()
        kept = self.rows.setdefault(digest, entry)
        first = kept >> _ROOM
        return (0, True) if first == person.row else (first, kept & _SAID == said & _SAID)


def read_rows(
    table: Table,
    *,
    now: dt.datetime,
    allow_smtputf8: bool = False,
    roles: Collection[str] = ROLES,
) -> Iterator[PersonRow | Rejected | Repeated]:
    """Yield a person for each row, or why there is none; nothing but digests is kept.

    `now` has a zone: consents after it are rejected, and times without a zone are in that one.
    Of rows with the same address the first counts; a later one is `Repeated` where it says the
    same, else rejected.
    """
    reader = _Reader(table.columns, now, allow_smtputf8, roles, wide=not table.delimiter)
    seen = _Seen()
    for row in table.rows:
        person = reader.read(row)
        if isinstance(person, PersonRow):
            first, same = seen.first(person)
            if first and same:
                yield Repeated(person.row, person.email, first)
                continue
            if first:
                fault = Fault("duplicate", (("first", str(first)),))
                yield Rejected(person.row, person.email, fault)
                continue
        yield person


class _Reader:
    """What is the same for all rows of a table; `wide` allows text right of the headers."""

    def __init__(
        self,
        columns: Columns,
        now: dt.datetime,
        allow_smtputf8: bool,  # noqa: FBT001 - as read_rows was given it
        roles: Collection[str],
        *,
        wide: bool,
    ) -> None:
        self.places = columns.places
        self.width = columns.width
        self.now = now
        self.allow_smtputf8 = allow_smtputf8
        self.roles = roles
        self.wide = wide
        self.notes: list[Fault] = []
        self.read_before: dict[tuple[str, str], object] = {}
        # Only of the columns that are there: a million rows would be asked about the others.
        self.readers = tuple(
            (name, columns.places[name], read)
            for name, read in (
                ("basis", self._basis),
                ("consent_at", self._moment),
                ("consent_source", self._text),
                ("organisation", self._text),
                ("language", self._language),
                ("lists", self._labels),
                ("tags", self._labels),
                ("wording", self._text),
            )
            if name in columns.places
        )

    def read(self, row: Row) -> PersonRow | Rejected:
        """Read one row."""
        email = restored(self._raw(row, "email")).strip(_EDGES)
        if row.fault:
            return Rejected(row.number, _safe(email), row.fault)
        self.notes = []
        try:
            self._refuse_wide(row)
            address = canonical(email, allow_smtputf8=self.allow_smtputf8, roles=self.roles)
            if isinstance(address, AddressFault):
                return Rejected(row.number, _safe(email), address)
            return self._person(row, address)
        except _Refusal as refusal:
            return Rejected(row.number, _safe(email), refusal.fault)

    def _person(self, row: Row, address: Address) -> PersonRow:
        name = self._name(row)
        said: dict[str, Any] = {
            field: self._kept(row, place, field, read) for field, place, read in self.readers
        }
        basis = said.get("basis", "")
        consent_at, source = said.get("consent_at", ""), said.get("consent_source", "")
        if not basis and consent_at and source:
            basis = Basis.CONSENT
        return PersonRow(
            row.number,
            address.email,
            address.key,
            address.flags,
            name,
            said.get("organisation", ""),
            said.get("language", ""),
            said.get("lists") or (),
            said.get("tags") or (),
            basis or None,
            consent_at,
            source,
            said.get("wording", ""),
            tuple(self.notes),
        )

    def _raw(self, row: Row, name: str) -> str:
        place = self.places.get(name)
        return row.cells[place] if place is not None and place < len(row.cells) else ""

    def _kept(self, row: Row, place: int, name: str, read: Callable[[str, str], object]) -> object:
        """Read a cell of which many rows have the same; what gave no note is read once."""
        if place >= len(row.cells) or not (raw := row.cells[place]):
            return ""
        known = self.read_before.get((name, raw))
        if known is not None:
            return known
        before = len(self.notes)
        value = read(name, raw)
        if len(self.notes) == before and len(self.read_before) < _KEPT and len(raw) < _SHORT:
            self.read_before[name, raw] = value
        return value

    def _refuse_wide(self, row: Row) -> None:
        """Refuse a row that was divided wrongly: a comma in a name pushes the rest aside."""
        if self.wide or len(row.cells) <= self.width:
            return
        for place, cell in enumerate(row.cells[self.width :], self.width + 1):
            if cell.strip(_EDGES):
                raise _Refusal("row-wide", column=place)

    def _cell(self, name: str, raw: str) -> str:
        text = restored(raw).strip(_EDGES)
        if text.startswith("#") and text.upper() in _FAILED:
            self._note("cell-error", field=_FIELD.get(name, name), value=text)
            return ""
        return text

    def _text(self, name: str, raw: str) -> str:
        clean, mended = _clean(self._cell(name, raw), lines=name == "wording")
        shown = _FIELD.get(name, name)
        if mended:
            self._note("text-mended", field=shown)
        if len(clean) > LIMITS[shown]:
            raise _Refusal("too-long", field=shown, length=len(clean), limit=LIMITS[shown])
        return clean

    def _name(self, row: Row) -> str:
        if name := self._text("name", self._raw(row, "name")):
            return name
        parts = (self._text(half, self._raw(row, half)) for half in _FIELD)
        name = " ".join(filter(None, parts))
        if len(name) > LIMITS["name"]:
            raise _Refusal("too-long", field="name", length=len(name), limit=LIMITS["name"])
        return name

    def _labels(self, name: str, raw: str) -> tuple[str, ...]:
        """Give the parts between the semicolons, in lower case, each once and in order."""
        parts = self._cell(name, raw).split(";")
        labels = {_clean(part, lines=False)[0].lower() for part in parts} - {""}
        longest = max(map(len, labels), default=0)
        if longest > LABEL_LIMIT:
            raise _Refusal("too-long", field=name, length=longest, limit=LABEL_LIMIT)
        if len(labels) > LABELS_LIMIT:
            raise _Refusal("too-many", field=name, length=len(labels), limit=LABELS_LIMIT)
        return tuple(sorted(labels))

    def _language(self, name: str, raw: str) -> str:
        text = self._cell(name, raw)
        if text and fold(text) not in _LANGUAGES:
            raise _Refusal("language-unknown", value=text)
        return _LANGUAGES[fold(text)] if text else ""

    def _basis(self, name: str, raw: str) -> Basis | Literal[""]:
        text = self._cell(name, raw)
        if text and fold(text) not in _BASIS:
            raise _Refusal("basis-unknown", value=text)
        return _BASIS[fold(text)] if text else ""

    def _moment(self, name: str, raw: str) -> str:
        text = self._cell(name, raw)
        if not text:
            return ""
        moment, fault = read_moment(text, self.now)
        if not moment and fault:
            raise _Refusal(fault.kind, **dict(fault.values))
        self.notes += [fault] if fault else []
        return moment

    def _note(self, kind: str, **values: str) -> None:
        note = Fault(kind, tuple(values.items()))
        if note not in self.notes:
            self.notes.append(note)


def _clean(text: str, *, lines: bool) -> tuple[str, bool]:
    """Give NFC text without controls, on one line unless `lines`; say whether any were taken."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()), False
    text = unicodedata.normalize("NFC", text)
    if lines:
        parts = re.split(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]", text)
        cleaned = [_clean(part, lines=False) if part else ("", False) for part in parts]
        return "\n".join(part for part, _ in cleaned).strip(), any(mended for _, mended in cleaned)
    plain = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    return " ".join(plain.split()), plain != text


def _safe(email: str) -> str:
    """Give what stood for an address so that it can be shown: on one line, not too long."""
    line = _clean(email[:1000], lines=False)[0][:254]
    return "".join(character if character.isprintable() else "\ufffd" for character in line)
