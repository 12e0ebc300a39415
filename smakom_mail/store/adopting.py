"""What the original may have done since a copy of it was made that now takes its place."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from smakom_mail.model.delivery import Event, sources
from smakom_mail.store.database import Database

_WHY = "the database was put back"
_FROM = ", ".join(f"'{state}'" for state in sources(Event.ADOPT))
_AGREED = "kind = 'campaign' AND wish IN ('held', 'sending', 'paused')"
_STILL_OPEN = f"state IN ({_FROM}) AND campaign_id IN (SELECT id FROM campaigns WHERE {_AGREED})"  # noqa: S608 - fragments of ours
_OPEN = f"""
SELECT c.edition, COUNT(*) AS number FROM campaigns c JOIN deliveries d ON d.campaign_id = c.id
WHERE c.{_AGREED} AND d.state IN ({_FROM})
GROUP BY c.edition ORDER BY c.edition
"""  # noqa: S608 - fragments of ours
_NOTE = f"""
INSERT INTO attempts (delivery_id, number, at, state, phase, code, reply, why)
SELECT id, attempts, :at, 'unknown', '', 0, '', :why FROM deliveries
WHERE {_STILL_OPEN}
"""  # noqa: S608 - fragments of ours
_DOUBT = f"""
UPDATE deliveries SET state = 'unknown', sender = '', next_at = '', at = :at, why = :why
WHERE {_STILL_OPEN}
"""  # noqa: S608 - fragments of ours
_REST = f"UPDATE campaigns SET wish = 'paused', why = :why, due_at = '' WHERE {_AGREED}"  # noqa: S608 - fragments of ours
_DOUBT_LETTERS = """
UPDATE letters SET state = 'unknown', next_at = '', at = :at, why = :why
WHERE state IN ('waiting', 'deferred', 'submitting') AND key <> ''
"""
_KNOWN = "SELECT id FROM campaigns WHERE wish NOT IN ('planning', 'planned')"


@dataclass(frozen=True, slots=True)
class Adoption:
    """What nobody knows once a copy is the original.

    `in_doubt` counts, by edition, whom a campaign had still to reach; `letters` the single letters
    that waited; `unknown` names the editions that were begun after the copy was made.
    """

    in_doubt: Mapping[str, int]
    letters: int
    unknown: tuple[str, ...]


NOTHING_OPEN = Adoption({}, 0, ())


def doubt_open(database: Database, at: str) -> dict[str, int]:
    """Let everybody whom a campaign had still to reach be in doubt, and the campaign rest.

    Inside a transaction; gives how many there are, by edition.
    """
    found = {row["edition"]: row["number"] for row in database.all(_OPEN)}
    if found:
        database.run(_NOTE, {"at": at, "why": _WHY})
        database.run(_DOUBT, {"at": at, "why": _WHY})
    database.run(_REST, {"why": _WHY})
    return found


def doubt_letters(database: Database, at: str) -> int:
    """Let every letter that waits be in doubt, inside a transaction; give how many."""
    return database.run(_DOUBT_LETTERS, {"at": at, "why": _WHY})


def unknown_editions(database: Database, begun: Collection[str]) -> tuple[str, ...]:
    """Give the editions of those campaigns, each "ID EDITION", that the database does not hold."""
    known = {row["id"] for row in database.all(_KNOWN)}
    parts = (each.partition(" ") for each in begun)
    return tuple(dict.fromkeys(edition for id_, _, edition in parts if id_ not in known))
