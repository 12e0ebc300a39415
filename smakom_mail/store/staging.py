"""An imported table beside the people who are there: what it would add and change.

The rows lie in a temporary table on disk, so that a million of them take no memory, and are
compared set by set. Nothing here writes to the database itself; store/applying.py does.

Rules: an address that is there keeps its person; an empty cell changes nothing; lists and tags are
added, never taken away; whoever has said no to every list, or to all that the row names, is left
as she is; a list she has left, or said no to, is left out of the row. Somebody new, or new on a
list, needs a legal ground in the row. An address that somebody had before, and nobody has now, is
still hers: such a row, of an old file, adds nobody and leaves her as she is. Who has left a list
that is no longer configured is put on no other, but by a consent of the row's own that is newer.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Self

from smakom_mail.model.person import Basis, PersonRow
from smakom_mail.store.comparing import BIT, COMPARE
from smakom_mail.store.database import Database
from smakom_mail.store.lists import list_bits
from smakom_mail.store.people import former_keys
from smakom_mail.store.suppressions import LATER

_TOGETHER = 2_000
_STEP = 2**40 - 1
_HIGHEST = 2**64 - 1
_BASES: dict[Basis | None, str] = {None: "", **{basis: str(basis) for basis in Basis}}

_TABLES = (
    """
    CREATE TEMPORARY TABLE staged (
        number INTEGER PRIMARY KEY NOT NULL, id TEXT NOT NULL, ref TEXT NOT NULL,
        key TEXT NOT NULL, email TEXT NOT NULL, fingerprint TEXT NOT NULL, name TEXT NOT NULL,
        organisation TEXT NOT NULL, language TEXT NOT NULL, flags TEXT NOT NULL,
        sort_key TEXT NOT NULL, lists BIGINT NOT NULL, newcomer_lists BIGINT NOT NULL,
        basis TEXT NOT NULL, consent_at TEXT NOT NULL, consent_source TEXT NOT NULL,
        wording TEXT NOT NULL, own_at TEXT NOT NULL, twin_of INTEGER
    )
    """,
    "CREATE TEMPORARY TABLE staged_tags (number INTEGER, tag TEXT, PRIMARY KEY (number, tag))",
    "CREATE TEMPORARY TABLE staged_fingerprints (number INTEGER, age INTEGER, fingerprint TEXT)",
    """
    CREATE TEMPORARY TABLE compared (
        number INTEGER PRIMARY KEY NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL,
        joined BIGINT NOT NULL, refused BIGINT NOT NULL, waiting BIGINT NOT NULL,
        grounded BIGINT NOT NULL,
        differs INTEGER NOT NULL, tagged INTEGER NOT NULL, departed INTEGER NOT NULL
    )
    """,
    "CREATE TEMPORARY TABLE gone (slug TEXT PRIMARY KEY NOT NULL)",
    "CREATE TEMPORARY TABLE former (key TEXT PRIMARY KEY NOT NULL, person TEXT NOT NULL)",
)
_NAMES = ("staged", "staged_tags", "staged_fingerprints", "compared", "gone", "former")
_STAGE = f"INSERT INTO staged VALUES ({', '.join('?' * 18)}, NULL)"  # noqa: S608 - question marks
_STAGE_TAG = "INSERT INTO staged_tags VALUES (?, ?) ON CONFLICT DO NOTHING"
_STAGE_FINGERPRINT = "INSERT INTO staged_fingerprints VALUES (?, ?, ?)"
_FORMER = "INSERT INTO former VALUES (?, ?) ON CONFLICT DO NOTHING"
_GONE = "INSERT INTO gone VALUES (?)"
_REFUSED_SLUGS = "SELECT DISTINCT list_slug FROM suppressions WHERE lifted_at = ''"
_BY_KEY = "CREATE INDEX staged_by_key ON staged (key)"
_TWINS = """
UPDATE staged SET twin_of = (SELECT MIN(g.number) FROM staged g WHERE g.key = staged.key)
WHERE key IN (SELECT key FROM staged GROUP BY key HAVING COUNT(*) > 1)
AND number <> (SELECT MIN(g.number) FROM staged g WHERE g.key = staged.key)
"""
# Whom an older secret's fingerprint names: known by that one for ever.
_KNOWN_LONGER = """
UPDATE staged SET fingerprint = (
    SELECT f.fingerprint FROM staged_fingerprints f WHERE f.number = staged.number
    AND (EXISTS (SELECT 1 FROM subscribers s WHERE s.fingerprint = f.fingerprint)
        OR EXISTS (SELECT 1 FROM suppressions u WHERE u.fingerprint = f.fingerprint))
    ORDER BY f.age LIMIT 1)
WHERE number IN (
    SELECT f.number FROM staged_fingerprints f
    WHERE EXISTS (SELECT 1 FROM subscribers s WHERE s.fingerprint = f.fingerprint)
    OR EXISTS (SELECT 1 FROM suppressions u WHERE u.fingerprint = f.fingerprint))
AND NOT EXISTS (SELECT 1 FROM subscribers s WHERE s.fingerprint = staged.fingerprint)
AND NOT EXISTS (SELECT 1 FROM suppressions u WHERE u.fingerprint = staged.fingerprint)
"""
_COUNTS = "SELECT kind, COUNT(*) AS number FROM compared GROUP BY kind"
_OF_KIND = """
SELECT g.number, g.email FROM compared c JOIN staged g ON g.number = c.number
WHERE c.kind = :kind ORDER BY g.number
"""
_TWINS_FOUND = """
SELECT number, email, twin_of FROM staged WHERE twin_of IS NOT NULL ORDER BY number
"""
_FORMERS = """
SELECT g.number, g.email, s.email AS now FROM former f
JOIN staged g ON g.key = f.key JOIN compared c ON c.number = g.number
JOIN subscribers s ON s.id = c.person
WHERE c.kind = 'unchanged' AND s.key <> g.key ORDER BY g.number
"""
_REFUSED = f"""
SELECT c.number, g.email, l.slug FROM compared c
JOIN staged g ON g.number = c.number JOIN lists l ON (c.refused & {BIT}) <> 0
WHERE c.kind <> 'suppressed' AND c.refused <> 0 ORDER BY c.number, l.position
"""  # noqa: S608 - fragments of ours
_WAITING = f"""
SELECT c.number, g.email, l.slug FROM compared c
JOIN staged g ON g.number = c.number JOIN lists l ON (c.waiting & {BIT}) <> 0
WHERE c.kind IN ('changed', 'unchanged') ORDER BY c.number, l.position
"""  # noqa: S608 - fragments of ours
_DEPARTED = """
SELECT c.number, g.email, o.slug FROM compared c JOIN staged g ON g.number = c.number
LEFT JOIN subscribers s ON s.id = c.person CROSS JOIN gone o
WHERE c.departed = 1 AND (
    EXISTS (SELECT 1 FROM suppressions u WHERE u.list_slug = o.slug AND u.lifted_at = ''
        AND u.fingerprint = COALESCE(s.fingerprint, g.fingerprint))
    OR EXISTS (SELECT 1 FROM memberships m WHERE m.list_slug = o.slug AND m.state = 'left'
        AND m.subscriber_id = s.id))
ORDER BY c.number, o.slug
"""
CHANGES = f"""
SELECT g.number, s.email, 0 AS step, 'name' AS what, s.name AS old, g.name AS new
FROM compared c JOIN staged g ON g.number = c.number JOIN subscribers s ON s.id = c.person
WHERE c.kind = 'changed' AND c.differs = 1 AND g.name <> '' AND g.name <> s.name
UNION ALL
SELECT g.number, s.email, 1, 'organisation', s.organisation, g.organisation
FROM compared c JOIN staged g ON g.number = c.number JOIN subscribers s ON s.id = c.person
WHERE c.kind = 'changed' AND c.differs = 1
AND g.organisation <> '' AND g.organisation <> s.organisation
UNION ALL
SELECT g.number, s.email, 2, 'language', s.language, g.language
FROM compared c JOIN staged g ON g.number = c.number JOIN subscribers s ON s.id = c.person
WHERE c.kind = 'changed' AND c.differs = 1 AND g.language <> '' AND g.language <> s.language
UNION ALL
SELECT g.number, s.email, 3 + l.position, 'list ' || l.slug, COALESCE(m.state, ''), 'confirmed'
FROM compared c JOIN staged g ON g.number = c.number JOIN subscribers s ON s.id = c.person
JOIN lists l ON (c.joined & {BIT}) <> 0
LEFT JOIN memberships m ON m.subscriber_id = c.person AND m.list_slug = l.slug
WHERE c.kind = 'changed' AND c.joined <> 0
UNION ALL
SELECT g.number, s.email, 100 + l.position, 'basis ' || l.slug, '', g.basis
FROM compared c JOIN staged g ON g.number = c.number JOIN subscribers s ON s.id = c.person
JOIN lists l ON (c.grounded & {BIT}) <> 0
WHERE c.kind = 'changed' AND c.grounded <> 0
UNION ALL
SELECT g.number, s.email, 200, 'tag', '', t.tag
FROM compared c JOIN staged g ON g.number = c.number JOIN subscribers s ON s.id = c.person
JOIN staged_tags t ON t.number = c.number
WHERE c.kind = 'changed' AND c.tagged = 1
AND NOT EXISTS (SELECT 1 FROM tags x WHERE x.subscriber_id = c.person AND x.tag = t.tag)
"""  # noqa: S608 - fragments of ours


class StagedRow(NamedTuple):
    """A row and what the store adds to it.

    `fingerprints` are those of each key, newest first. The row's own lists count for anybody;
    `newcomer_lists` only where it names none and the person is new. `own_consent_at` is the date
    of a consent that the row itself documents.
    """

    row: PersonRow
    fingerprints: Sequence[str]
    sort_key: str
    newcomer_lists: tuple[str, ...] = ()
    own_consent_at: str = ""


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One thing that a row would change about somebody who is there."""

    row: int
    email: str
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows would do what; with `twins` they make up all staged rows."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    suppressed: int = 0
    unfounded: int = 0
    twins: int = 0


class Staging:
    """The rows of one import, in a database that is open; a context that clears up after itself."""

    def __init__(
        self,
        database: Database,
        randomness: Callable[[int], bytes] = secrets.token_bytes,
        *,
        configured: Collection[str] = (),
    ) -> None:
        """Take the database; `randomness` makes the ids of new people.

        `configured` are the lists of today, where they are not all that the store knows.
        """
        self.database = database
        self._configured = configured
        self._randomness = randomness
        self._bits = list_bits(database)
        self._masks: dict[tuple[str, ...], int] = {(): 0}
        self._last_id = int.from_bytes(randomness(8))
        self._compared: tuple[object, Counts] | None = None

    def __enter__(self) -> Self:
        """Make the tables."""
        self._clear()
        with self.database.snapshot():
            for table in _TABLES:
                self.database.run(table)
        return self

    def __exit__(self, *_: object) -> None:
        """Drop the tables."""
        self._clear()

    def _clear(self) -> None:
        with self.database.snapshot():
            for name in _NAMES:
                self.database.run(f"DROP TABLE IF EXISTS {name}")

    def add(self, rows: Iterable[StagedRow]) -> int:
        """Take in rows, in flat memory; give how many. Nobody else has to wait meanwhile.

        Raises KeyError for a list that the store does not know.
        """
        self._compared = None
        number = 0
        remaining = iter(rows)
        with self.database.snapshot():
            while some := list(islice(remaining, _TOGETHER)):
                number += len(some)
                self._take(some)
            self.database.run(_BY_KEY)
            self.database.run(_TWINS)
        return number

    def _take(self, rows: Sequence[StagedRow]) -> None:
        self.database.many(_STAGE, map(self._values, rows, self._identities(len(rows))))
        tags = [(s.row.row, tag) for s in rows for tag in s.row.tags]
        self.database.many(_STAGE_TAG, tags)
        older = [
            (s.row.row, age, fingerprint)
            for s in rows
            if len(s.fingerprints) > 1
            for age, fingerprint in enumerate(s.fingerprints[1:])
        ]
        self.database.many(_STAGE_FINGERPRINT, older)

    def _identities(self, number: int) -> Iterator[tuple[str, str]]:
        """Make ids that grow by random steps, so that tables grow at their ends, and random refs.

        An id is never shown; a step of 40 bits tells no number to whoever should see one.
        """
        refs = self._randomness(8 * number).hex()
        for at, step in enumerate(memoryview(self._randomness(8 * number)).cast("Q")):
            # Kept at each: whoever takes the last one does not come back for what stands below.
            self._last_id = last = (self._last_id + 1 + (step & _STEP)) & _HIGHEST
            yield f"{last:016x}", refs[at * 16 : at * 16 + 16]

    def _values(self, staged: StagedRow, identity: tuple[str, str]) -> tuple[object, ...]:
        row, newcomer, masks = staged.row, staged.newcomer_lists, self._masks
        return (
            row.row,
            *identity,
            row.key,
            row.email,
            staged.fingerprints[0],
            row.name,
            row.organisation,
            row.language,
            " ".join(row.flags) if row.flags else "",
            staged.sort_key,
            masks[row.lists] if row.lists in masks else self._mask(row.lists),
            masks[newcomer] if newcomer in masks else self._mask(newcomer),
            _BASES[row.basis],
            row.consent_at,
            row.consent_source,
            row.wording,
            staged.own_consent_at,
        )

    def _mask(self, lists: tuple[str, ...]) -> int:
        if lists not in self._masks:
            self._masks[lists] = sum(self._bits[slug] for slug in set(lists))
        return self._masks[lists]

    def compare(self) -> Counts:
        """Weigh every row against the people who are there now; give the counts."""
        with nullcontext() if self.database.in_transaction else self.database.snapshot():
            state = self.database.state()
            if self._compared is None or state is None or self._compared[0] != state:
                self._compared = (state, self._compare())
        return self._compared[1]

    def _compare(self) -> Counts:
        self._compared = None
        self.database.run("DELETE FROM compared")
        self.database.run("DELETE FROM former")
        self.database.run("DELETE FROM gone")
        self.database.many(_GONE, [(slug,) for slug in self._gone()])
        self.database.many(_FORMER, former_keys(self.database))
        self.database.run(_KNOWN_LONGER)
        self.database.run(COMPARE)
        counted = {row["kind"]: row["number"] for row in self.database.all(_COUNTS)}
        twins = self.database.one("SELECT COUNT(twin_of) AS number FROM staged")
        return Counts(**counted, twins=twins["number"] if twins else 0)

    def _gone(self) -> set[str]:
        """Give the lists that were there once, by what people have left or said no to."""
        if not self._configured:
            return set()
        refused = {row["list_slug"] for row in self.database.all(_REFUSED_SLUGS)}
        return (refused | set(self._bits)) - {*self._configured, "", LATER}

    def departed(self) -> Iterator[tuple[int, str, str]]:
        """Stream the rows of people who have left a list that is gone: number, address, list."""
        for row in self.database.each(_DEPARTED):
            yield row["number"], row["email"], row["slug"]

    def twins(self) -> Iterator[tuple[int, str, int]]:
        """Stream the rows whose address stands in an earlier row: number, address, that row."""
        for row in self.database.each(_TWINS_FOUND):
            yield row["number"], row["email"], row["twin_of"]

    def formers(self) -> Iterator[tuple[int, str, str]]:
        """Stream the rows with an address that somebody had before: number, it, the one of now."""
        for row in self.database.each(_FORMERS):
            yield row["number"], row["email"], row["now"]

    def of_kind(self, kind: str) -> Iterator[tuple[int, str]]:
        """Stream the rows of a kind ("suppressed", "unfounded" …): number and address."""
        for row in self.database.each(_OF_KIND, {"kind": kind}):
            yield row["number"], row["email"]

    def refused_lists(self) -> Iterator[tuple[int, str, str]]:
        """Stream the lists that rows ask for and their people have said no to."""
        for row in self.database.each(_REFUSED):
            yield row["number"], row["email"], row["slug"]

    def waiting_lists(self) -> Iterator[tuple[int, str, str]]:
        """Stream the lists that rows ask for and their people have still to confirm themselves."""
        for row in self.database.each(_WAITING):
            yield row["number"], row["email"], row["slug"]

    def changes(self) -> Iterator[PlannedChange]:
        """Stream what rows would change, field by field, in the order of the rows."""
        for row in self.database.each(f"{CHANGES} ORDER BY 1, 3"):
            yield PlannedChange(row["number"], row["email"], row["what"], row["old"], row["new"])
