"""Importing a table of people: what it would add and change, and doing it.

The rows are read once, laid into the store's staging tables, and weighed there against the people
who are there (store/staging.py has the rules). Nothing is kept in memory but what is shown.
"""

import datetime as dt
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from heapq import merge
from itertools import islice, starmap
from pathlib import Path
from typing import BinaryIO

from smakom_mail.config.people import PeopleSettings
from smakom_mail.content.people.rows import read_rows
from smakom_mail.content.people.sentences import sentence
from smakom_mail.content.people.table import Table, read_table
from smakom_mail.errors import SmakomMailError
from smakom_mail.model.person import Act, Basis, Fault, PersonRow, Rejected, Repeated
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.typed import (
    NO_GROUND,
    Ground,
    known_lists,
    list_names,
    list_slugs,
    person_sort_key,
    read_ground,
    read_typed,
    role_addresses,
    unknown_list,
)
from smakom_mail.store.applying import apply_import
from smakom_mail.store.staging import Counts, PlannedChange, StagedRow, Staging

SHOWN = 1_000
"""How many rejected rows, changes and so on are kept to be shown."""
_OFTEN = 2_000
_NO_GROUND = (
    "nobody is written to without a legal ground: fill in the column basis, or write --basis"
)

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is (0: not known)."""


class FileRefusedError(SmakomMailError):
    """A file of people that cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What rows that say nothing of it are given.

    `lists` are for everybody in the file; without any, newcomers go to the default list.
    """

    ground: Ground = NO_GROUND
    lists: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


_NOTHING = Defaults()


@dataclass(frozen=True, slots=True)
class RowNote:
    """Something about a row: why it is rejected, or what was mended."""

    row: int
    email: str
    message: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import would do, or has done where `applied`; lists hold the first of each kind.

    `departed` have left, or said no to, a list that is no longer configured, and are put on none.

    rows = added + changed + unchanged + suppressed + repeated + rejected_count.
    """

    file: str
    applied: bool
    rows: int
    added: int
    changed: int
    unchanged: int
    suppressed: int
    repeated: int
    rejected_count: int
    rejected: tuple[RowNote, ...]
    changes: tuple[PlannedChange, ...]
    not_revived: tuple[tuple[int, str, str], ...]
    departed: tuple[tuple[int, str, str], ...]
    unconfirmed: tuple[tuple[int, str, str], ...]
    notes: tuple[RowNote, ...]
    note_count: int
    file_notes: tuple[str, ...]
    flags: tuple[tuple[str, int], ...]
    flagged: tuple[RowNote, ...]
    thin: int

    @property
    def is_useless(self) -> bool:
        """Whether not one row could be used."""
        return self.rejected_count == self.rows


@contextmanager
def people_file(path: Path, sheet: str = "") -> Iterator[tuple[Table, BinaryIO]]:
    """Open a file of people and understand its header.

    Raises FileRefusedError with a sentence for whatever it is instead.
    """
    with _opened(path) as stream:
        try:
            table = read_table(stream, sheet)
        except OSError as error:
            raise _unreadable(path, error) from error
        if isinstance(table, Fault):
            raise FileRefusedError(f"{path}: {sentence(table, 'en')}", "nothing was changed")
        yield table, stream


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        # Not blocking: a pipe of that name would hold us for ever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        what = "a folder" if stat.S_ISDIR(mode) else "not a file"
        raise FileRefusedError(f"{path} is {what}", "name the .csv or .xlsx file itself")
    with os.fdopen(handle, "rb") as stream:
        yield stream


def _unreadable(path: Path, error: Exception) -> FileRefusedError:
    reason = getattr(error, "strerror", None) or "that is no name of a file"
    return FileRefusedError(
        f"{path} cannot be read: {reason}", "see where it lies, and whose it is"
    )


def import_people(  # noqa: PLR0913 - the parts of one use case, each by its name
    store: Store,
    file: Path,
    table: Table,
    defaults: Defaults,
    act: Act,
    *,
    now: dt.datetime,
    apply: bool,
    position: Callable[[], tuple[int, int]] = lambda: (0, 0),
    progress: Progress = lambda _what, _done, _all: None,
) -> Imported:
    """Say what importing `table` would do; with `apply` do it, in one transaction.

    `position` tells how far the file has been read. Raises SubscriberError for defaults that are
    none, StoreError.
    """
    people = store.workplace.config.people
    reading = _Reading(store, file, _checked(defaults, people, now), now)
    with Staging(store.database, configured=list_slugs(people)) as staging:
        staging.add(reading.staged(table, lambda: progress("reading", *position())))
        if not reading.rows:
            raise FileRefusedError(f"{file} has a header and no rows", "nothing was changed")
        progress("comparing with who is there", 0, 0)
        counts = staging.compare()
        changes = tuple(islice(staging.changes(), SHOWN))
        if apply:
            progress("writing", 0, 0)
            counts = apply_import(staging, act, person_sort_key)
        return _told(reading, staging, counts, changes, applied=apply)


def _checked(defaults: Defaults, people: PeopleSettings, now: dt.datetime) -> Defaults:
    tags = read_typed({"tags": ";".join(defaults.tags)}, people, now).tags
    ground = read_ground(defaults.ground, people, now)
    return Defaults(ground, known_lists(defaults.lists, people), tags)


@dataclass(slots=True)
class _Reading:
    """One pass over a table; what is seen on the way."""

    store: Store
    file: Path
    defaults: Defaults
    now: dt.datetime
    rows: int = 0
    repeated: int = 0
    rejected_count: int = 0
    rejected: list[RowNote] = field(default_factory=list)
    notes: list[RowNote] = field(default_factory=list)
    note_count: int = 0
    thin: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    flagged: list[RowNote] = field(default_factory=list)
    file_notes: tuple[str, ...] = ()
    _lists: dict[tuple[str, ...], tuple[str, ...] | str] = field(default_factory=dict)
    _complete: bool = False

    def __post_init__(self) -> None:
        """See once whether rows are to be given anything at all."""
        self._complete = self.defaults == _NOTHING

    def staged(self, table: Table, tick: Callable[[], None]) -> Iterator[StagedRow]:
        people = self.store.workplace.config.people
        fingerprints = self.store.keyring.fingerprints
        default = (people.default_list,)
        self.file_notes = tuple(sentence(note, "en") for note in table.notes)
        for row in read_rows(table, now=self.now, roles=role_addresses(people)):
            self.rows += 1
            if not self.rows % _OFTEN:
                tick()
            usable = self._usable(row)
            if usable is not None:
                key = person_sort_key(usable.name, usable.organisation, usable.email)
                own = _own_consent_at(row)
                yield StagedRow(usable, fingerprints(usable.key), key, default, own)

    def _usable(self, row: PersonRow | Rejected | Repeated) -> PersonRow | None:
        if isinstance(row, Repeated):
            self.repeated += 1
            return None
        if isinstance(row, Rejected):
            self._reject(row.row, row.email, sentence(row.reason, "en"))
            return None
        lists = self._slugs(row.lists) if row.lists else self.defaults.lists
        if isinstance(lists, str):
            self._reject(row.row, row.email, lists)
            return None
        if row.notes or row.flags:
            self._look_at(row)
        return self._filled(row, lists)

    def _reject(self, row: int, email: str, reason: str) -> None:
        self.rejected_count += 1
        if len(self.rejected) < SHOWN:
            self.rejected.append(RowNote(row, email, reason))

    def _slugs(self, named: tuple[str, ...]) -> tuple[str, ...] | str:
        """Give the slugs of lists that a row names, or why there are none."""
        if named not in self._lists:
            people = self.store.workplace.config.people
            known = list_names(people)
            unknown = next((each for each in named if each not in known), None)
            self._lists[named] = (
                tuple(known[each] for each in named)
                if unknown is None
                else unknown_list(unknown, people)
            )
        return self._lists[named]

    def _look_at(self, row: PersonRow) -> None:
        for note in row.notes:
            self.note_count += 1
            if len(self.notes) < SHOWN:
                self.notes.append(RowNote(row.row, row.email, sentence(note, "en")))
        for flag in row.flags:
            self.flags[flag] += 1
            if flag != "role" and len(self.flagged) < SHOWN:
                self.flagged.append(RowNote(row.row, row.email, flag))

    def _filled(self, row: PersonRow, lists: tuple[str, ...]) -> PersonRow:
        """Give the row what it does not say itself; a ground of its own is not mixed with ours."""
        if self._complete and row.consent_at and row.consent_source and row.lists == lists:
            return row
        ours = self.defaults.ground
        basis, at, source, wording = row.basis, row.consent_at, row.consent_source, row.wording
        if basis is None or ours.basis in (None, basis):
            basis = basis or ours.basis
            at = at or ours.consent_at
            source = source or ours.source
            wording = wording or ours.wording
        if basis is None and at and source:
            basis = Basis.CONSENT
        if basis is Basis.CONSENT and not wording and not (at and source):
            self.thin += 1
        if basis is not None and not source and not at:
            # How it came here; a row with a date of its own says so itself, or leaves it open.
            source = f"import of {self.file.name}"
        tags = row.tags
        if self.defaults.tags:
            tags = tuple(sorted({*tags, *self.defaults.tags}))
        return PersonRow(
            row.row, row.email, row.key, row.flags, row.name, row.organisation, row.language,
            lists, tags, basis, at, source, wording,
        )  # fmt: skip


def _own_consent_at(row: PersonRow | Rejected | Repeated) -> str:
    """Give when a row itself says that its person has consented; a consent needs its source too."""
    if not isinstance(row, PersonRow) or row.basis not in (None, Basis.CONSENT):
        return ""
    return row.consent_at if row.consent_source else ""


def _told(
    reading: _Reading,
    staging: Staging,
    counts: Counts,
    changes: tuple[PlannedChange, ...],
    *,
    applied: bool,
) -> Imported:
    unfounded = (
        RowNote(row, email, _NO_GROUND)
        for row, email in islice(staging.of_kind("unfounded"), SHOWN)
    )
    rejected = merge(reading.rejected, unfounded, key=lambda each: each.row)
    suppressed = ((row, email, "") for row, email in islice(staging.of_kind("suppressed"), SHOWN))
    refused = islice(staging.refused_lists(), SHOWN)
    formers = sum(1 for _ in staging.formers())
    former = starmap(_former, islice(staging.formers(), SHOWN))
    return Imported(
        file=str(reading.file),
        applied=applied,
        rows=reading.rows,
        added=counts.added,
        changed=counts.changed,
        unchanged=counts.unchanged,
        suppressed=counts.suppressed,
        repeated=reading.repeated + counts.twins,
        rejected_count=reading.rejected_count + counts.unfounded,
        rejected=tuple(islice(rejected, SHOWN)),
        changes=changes,
        departed=tuple(islice(staging.departed(), SHOWN)),
        unconfirmed=tuple(islice(staging.waiting_lists(), SHOWN)),
        not_revived=tuple(islice(merge(suppressed, refused), SHOWN)),
        notes=tuple(islice(merge(reading.notes, former, key=lambda each: each.row), SHOWN)),
        note_count=reading.note_count + formers,
        file_notes=reading.file_notes,
        flags=tuple(sorted(reading.flags.items())),
        flagged=tuple(reading.flagged),
        thin=reading.thin,
    )


def _former(row: int, email: str, now: str) -> RowNote:
    message = f"a former address: the person is now {now}, and is left as they are"
    return RowNote(row, email, message)
