"""Noes, by fingerprint: stronger than any import, sign-up or selection.

A person is known by one fingerprint for ever: the one that was made first, also when the secret
has changed since. `known_fingerprint` finds it among those that the keys of today can make.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from smakom_mail.model.person import Act, Reason, Suppression
from smakom_mail.store.database import Database, Row
from smakom_mail.store.journal import Journal

_TOGETHER = 5_000
LATER = "+"
"""The list_slug of a no to every list that is made later: it becomes one to each as it is made."""

_COLUMNS = "fingerprint, list_slug, reason, at, actor, note, lifted_at, lifted_by"
_OF = f"SELECT {_COLUMNS} FROM suppressions WHERE fingerprint = :fingerprint ORDER BY at, list_slug"  # noqa: S608 - column names of ours
_ALL = f"SELECT {_COLUMNS} FROM suppressions ORDER BY at, fingerprint, list_slug"  # noqa: S608 - column names of ours
_TO = f"SELECT {_COLUMNS} FROM suppressions WHERE list_slug = :list AND lifted_at = ''"  # noqa: S608 - column names of ours
_STANDS = """
SELECT 1 FROM suppressions
WHERE fingerprint = :fingerprint AND list_slug = :list AND reason = :reason AND lifted_at = ''
"""
ADD = """
INSERT INTO suppressions (fingerprint, list_slug, reason, at, actor, note, lifted_at, lifted_by)
VALUES (:fingerprint, :list, :reason, :at, :actor, :note, '', '')
ON CONFLICT DO NOTHING
"""
_LIFT = """
UPDATE suppressions SET lifted_at = :at, lifted_by = :actor
WHERE fingerprint = :fingerprint AND list_slug = :list AND reason = :reason AND lifted_at = ''
"""
_KNOWN = """
SELECT 1 FROM subscribers WHERE fingerprint = :fingerprint
UNION ALL SELECT 1 FROM suppressions WHERE fingerprint = :fingerprint LIMIT 1
"""


def known_fingerprint(database: Database, fingerprints: Sequence[str]) -> str:
    """Give the one of an address's fingerprints that the store knows, else the newest.

    `fingerprints` are those that each key makes, newest first.
    """
    for each in fingerprints:
        if database.one(_KNOWN, {"fingerprint": each}):
            return each
    return fingerprints[0]


def noes_of(database: Database, fingerprints: Collection[str]) -> tuple[Suppression, ...]:
    """Give every no of an address, the lifted ones too, oldest first."""
    return tuple(
        _suppression(row)
        for each in fingerprints
        for row in database.all(_OF, {"fingerprint": each})
    )


def standing_noes(database: Database, fingerprints: Collection[str]) -> tuple[Suppression, ...]:
    """Give the noes of an address that hold now."""
    return tuple(no for no in noes_of(database, fingerprints) if not no.lifted_at)


def noes_to(database: Database, list_slug: str) -> Iterator[Suppression]:
    """Stream everybody's noes to a list ("" is the one to every list) that hold now."""
    return (_suppression(row) for row in database.each(_TO, {"list": list_slug}))


def is_suppressed(
    database: Database, fingerprints: Collection[str], list_slug: str = ""
) -> Suppression | None:
    """Give the no that keeps an address from a list (or from every list), or None."""
    for no in standing_noes(database, fingerprints):
        if no.list_slug in ("", list_slug):
            return no
    return None


def each_no(database: Database) -> Iterator[Suppression]:
    """Stream every no, oldest first."""
    return (_suppression(row) for row in database.each(_ALL))


def suppress(database: Database, journal: Journal, no: Suppression) -> bool:
    """Record a no, for one list or (with an empty one) everywhere; False where it stood already.

    Inside a transaction. The journal's line is on disk before the transaction can be committed.
    """
    if stands(database, no):
        return False
    suppress_all(database, journal, [no])
    return True


def stands(database: Database, no: Suppression) -> bool:
    """Say whether a no for the same list and reason holds already."""
    return database.one(_STANDS, as_values(no)) is not None


def suppress_all(database: Database, journal: Journal, noes: Iterable[Suppression]) -> None:
    """Record noes whether or not others stand, with one forced write for many of them."""
    added = (_added(database, no) for no in noes)
    while some := list(islice(added, _TOGETHER)):
        journal.append(database, some)


def _added(database: Database, no: Suppression) -> Suppression:
    while not database.run(ADD, as_values(no)):
        # Said, lifted and said again within one tick of the clock: the journal tells them apart.
        later = datetime.fromisoformat(no.at) + timedelta(microseconds=1)
        no = replace(no, at=later.isoformat(timespec="microseconds"))
    return no


def as_values(no: Suppression) -> dict[str, str]:
    """Give a no as the parameters of ADD."""
    return {
        "fingerprint": no.fingerprint,
        "list": no.list_slug,
        "reason": str(no.reason),
        "at": no.at,
        "actor": no.actor,
        "note": no.note,
    }


def lift(
    database: Database,
    fingerprints: Collection[str],
    lists: Collection[str],
    reasons: Collection[Reason],
    act: Act,
) -> int:
    """Lift the noes of an address for these lists ("" is the one for every list) and reasons.

    Inside a transaction. Gives how many were lifted: what the person said is kept, with the act
    that took it back.
    """
    return sum(
        database.run(
            _LIFT,
            {
                "fingerprint": each,
                "list": slug,
                "reason": str(reason),
                "at": act.at,
                "actor": act.actor,
            },
        )
        for each in fingerprints
        for slug in lists
        for reason in reasons
    )


def _suppression(row: Row) -> Suppression:
    return Suppression(
        row["fingerprint"],
        row["list_slug"],
        Reason(row["reason"]),
        row["at"],
        row["actor"],
        row["note"],
        row["lifted_at"],
        row["lifted_by"],
    )
