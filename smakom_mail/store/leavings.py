"""That somebody left by a link: kept so that it can be undone, and so that the editor can see why.

The no itself stands in `suppressions`; this only remembers what it changed.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from smakom_mail.store.database import Database, Row

How = Literal["one-click", "page", "mail"]
Why = Literal["", "too-often", "not-for-me", "never-asked", "other-address", "other"]
WHYS: tuple[Why, ...] = tuple(why for why in get_args(Why) if why)
"""What somebody may answer who is asked why; there is nothing to type."""

_ADD = """
INSERT INTO leavings (subscriber_id, list_slug, was, said, how, why, at, undone_at)
VALUES (:person, :list, :was, :said, :how, '', :at, '')
"""
_STANDING = """
SELECT subscriber_id, list_slug, was, said, how, why, at, undone_at FROM leavings
WHERE subscriber_id = :person AND undone_at = '' AND at >= :since ORDER BY at, list_slug
"""
_UNDO = """
UPDATE leavings SET undone_at = :at
WHERE subscriber_id = :person AND undone_at = '' AND at >= :since
"""
_SAY_WHY = """
UPDATE leavings SET why = :why
WHERE subscriber_id = :person AND undone_at = '' AND at >= :since
"""
_OF = """
SELECT subscriber_id, list_slug, was, said, how, why, at, undone_at FROM leavings
WHERE subscriber_id = :person ORDER BY at, list_slug
"""


@dataclass(frozen=True, slots=True)
class Leaving:
    """That one person left one list ("" is every one), how she stood to it before, and why.

    `said` tells whether a no was recorded with it: there was none before. `undone_at` is empty
    unless she took it back.
    """

    subscriber_id: str
    list_slug: str
    was: str
    said: bool
    how: How
    at: str
    why: Why = ""
    undone_at: str = ""


def record_leaving(database: Database, leaving: Leaving) -> None:
    """Remember what a leaving changed, inside the transaction that changes it."""
    database.run(
        _ADD,
        {
            "person": leaving.subscriber_id,
            "list": leaving.list_slug,
            "was": leaving.was,
            "said": int(leaving.said),
            "how": leaving.how,
            "at": leaving.at,
        },
    )


def standing_leavings(database: Database, person: str, since: str) -> tuple[Leaving, ...]:
    """Give a person's leavings since then that were not undone, oldest first."""
    rows = database.all(_STANDING, {"person": person, "since": since})
    return tuple(_leaving(row) for row in rows)


def mark_undone(database: Database, person: str, since: str, at: str) -> None:
    """Record that a person's leavings since then were undone, inside a transaction."""
    database.run(_UNDO, {"person": person, "since": since, "at": at})


def record_why(database: Database, person: str, since: str, why: Why) -> bool:
    """Keep why somebody left, inside a transaction; False where there is nothing to keep it at."""
    return database.run(_SAY_WHY, {"person": person, "since": since, "why": why}) > 0


def leavings_of(database: Database, person: str) -> tuple[Leaving, ...]:
    """Give every leaving of a person, those that she took back too; oldest first."""
    return tuple(_leaving(row) for row in database.all(_OF, {"person": person}))


def _leaving(row: Row) -> Leaving:
    return Leaving(
        row["subscriber_id"],
        row["list_slug"],
        row["was"],
        bool(row["said"]),
        row["how"],
        row["at"],
        row["why"],
        row["undone_at"],
    )
