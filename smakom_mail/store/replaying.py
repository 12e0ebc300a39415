"""Bringing database and journal together: neither may lack a no that the other has."""

from collections.abc import Iterator
from itertools import islice

from smakom_mail.model.person import Reason, Suppression
from smakom_mail.store.database import Database
from smakom_mail.store.erasing import scrub
from smakom_mail.store.journal import (
    Journal,
    is_lost,
    keep_lost,
    record_length,
    recorded_length,
    why_lost,
)
from smakom_mail.store.suppressions import ADD, as_values, each_no

_TOGETHER = 5000
_STAGE = """
CREATE TEMPORARY TABLE journal_lines (
    fingerprint TEXT NOT NULL,
    list_slug TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (fingerprint, list_slug, reason, at)
)
"""
_LINE = "INSERT INTO journal_lines VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_UNSTAGE = "DROP TABLE journal_lines"
_WRITTEN = """
SELECT 1 FROM journal_lines WHERE fingerprint = :fingerprint AND list_slug = :list
AND reason = :reason AND at = :at
"""
_STILL_HERE = """
SELECT s.id FROM subscribers s
WHERE s.state = 'active' AND EXISTS (
    SELECT 1 FROM journal_lines j WHERE j.fingerprint = s.fingerprint AND j.reason = 'forgotten'
    AND NOT EXISTS (SELECT 1 FROM suppressions u WHERE u.fingerprint = j.fingerprint
        AND u.reason = 'forgotten' AND u.at = j.at))
"""

# Not one who was erased and has been invited since: the address came back after the erasure.
_FORGOTTEN_ACTIVE = """
SELECT s.id FROM subscribers s JOIN suppressions u ON u.fingerprint = s.fingerprint
WHERE s.state = 'active' AND u.reason = :reason AND u.lifted_at = ''
AND NOT EXISTS (SELECT 1 FROM history h
    WHERE h.subscriber_id = s.id AND h.what = 'forgotten' AND h.at >= u.at)
"""


def settle(database: Database, journal: Journal, at: str) -> int:
    """Enter the noes that only the journal has, and write the lines that it lacks.

    Looks at the journal only where it is not as long as at the last commit. Gives how many noes
    the database did not know. Raises StoreError.
    """
    if recorded_length(database) == journal.size() and (
        is_lost(database) or not why_lost(database, journal)
    ):
        return 0
    return replay(database, journal, at)


def replay(database: Database, journal: Journal, at: str) -> int:
    """Do what `settle` does, however long the journal is. Doing it twice changes nothing.

    Whom it erases is out of the tables; `erase_traces` is to follow.
    """
    with database.transaction():
        keep_lost(database, journal)
        entries = journal.entries()
        database.run(_STAGE)
        while some := list(islice(entries, _TOGETHER)):
            database.many(_LINE, [(e.fingerprint, e.list_slug, e.reason, e.at) for e in some])
        # Erased after that backup was made: erased again. Whoever has come back since has not.
        scrub(database, [row["id"] for row in database.all(_STILL_HERE)], at)
        new = sum(database.run(ADD, as_values(entry)) for entry in journal.entries())
        unwritten = _unwritten(database)
        while lines := list(islice(unwritten, _TOGETHER)):
            journal.append(database, lines)
        database.run(_UNSTAGE)
        record_length(database, journal.size())
    return new


def _unwritten(database: Database) -> Iterator[Suppression]:
    for no in each_no(database):
        if not no.lifted_at and not database.one(_WRITTEN, as_values(no)):
            yield no


def forgotten_but_here(database: Database) -> list[str]:
    """Give the ids of people with an address although an erasure of theirs stands."""
    return [row["id"] for row in database.all(_FORGOTTEN_ACTIVE, {"reason": Reason.FORGOTTEN})]
