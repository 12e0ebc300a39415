"""Carrying out an import: all of it in one transaction, or nothing."""

from collections.abc import Callable, Iterator
from itertools import islice

from smakom_mail.model.person import Act
from smakom_mail.store.database import Database
from smakom_mail.store.staging import CHANGES, Counts, Staging

# From here on, making an index once costs less than keeping it up row by row.
_MANY = 20_000
_TOGETHER = 2_000
# As in migrations/0001_people.sql.
_INDEXES = {
    "subscribers_by_ref": "CREATE UNIQUE INDEX subscribers_by_ref ON subscribers (ref)",
    "subscribers_by_key": "CREATE UNIQUE INDEX subscribers_by_key ON subscribers (key)",
    "subscribers_by_fingerprint": (
        "CREATE UNIQUE INDEX subscribers_by_fingerprint ON subscribers (fingerprint)"
    ),
    "consents_of": "CREATE INDEX consents_of ON consents (subscriber_id, list_slug)",
    "history_of": "CREATE INDEX history_of ON history (subscriber_id)",
}
_BIT = "(CAST(1 AS BIGINT) << l.position)"
# CROSS JOIN: SQLite takes the tables as they stand, and then has nothing to sort.
# Rows in the order of their numbers are in that of their new ids too: what is kept by id grows at
# its end.
_ADD = """
INSERT INTO subscribers (id, ref, key, email, fingerprint, name, organisation, language, flags,
    sort_key, created_at, changed_at, state)
SELECT g.id, g.ref, g.key, g.email, g.fingerprint, g.name, g.organisation, g.language, g.flags,
    g.sort_key, :at, :at, 'active'
FROM compared c JOIN staged g ON g.number = c.number WHERE c.kind = 'added' ORDER BY c.number
"""
_JOIN_NEW = f"""
INSERT INTO memberships (subscriber_id, list_slug, state, since)
SELECT c.person, l.slug, 'confirmed', :at
FROM compared c CROSS JOIN lists l
WHERE (c.joined & {_BIT}) <> 0 AND c.kind = 'added' ORDER BY c.number
"""  # noqa: S608 - fragments of ours
_JOIN = f"""
INSERT INTO memberships (subscriber_id, list_slug, state, since)
SELECT c.person AS who, l.slug, 'confirmed', :at
FROM compared c CROSS JOIN lists l
WHERE (c.joined & {_BIT}) <> 0 AND c.kind = 'changed' ORDER BY c.number
ON CONFLICT (subscriber_id, list_slug) DO UPDATE SET state = excluded.state, since = excluded.since
"""  # noqa: S608 - fragments of ours
_GROUND = f"""
INSERT INTO consents (subscriber_id, list_slug, basis, at, source, wording, recorded_at, actor)
SELECT c.person, l.slug, g.basis,
    CASE WHEN g.consent_at = '' THEN :at ELSE g.consent_at END, g.consent_source, g.wording,
    :at, :actor
FROM compared c JOIN staged g ON g.number = c.number CROSS JOIN lists l
WHERE (c.grounded & {_BIT}) <> 0 AND c.kind IN ('added', 'changed') ORDER BY c.number
"""  # noqa: S608 - fragments of ours
_TAG = """
INSERT INTO tags (subscriber_id, tag)
SELECT c.person AS who, t.tag
FROM staged_tags t JOIN compared c ON c.number = t.number
WHERE c.kind IN ('added', 'changed') AND c.tagged = 1 ORDER BY who, t.tag
ON CONFLICT DO NOTHING
"""
_HISTORY_NEW = """
INSERT INTO history (subscriber_id, at, step, actor, what, old, new)
SELECT c.person, :at, 1, :actor, 'added', '', 'import'
FROM compared c WHERE c.kind = 'added' ORDER BY c.number
"""
_HISTORY_CHANGED = f"""
INSERT INTO history (subscriber_id, at, step, actor, what, old, new)
SELECT c.person, :at, changed.step
    + COALESCE((SELECT MAX(h.step) FROM history h WHERE h.subscriber_id = c.person), 0) + 1,
    :actor, changed.what, changed.old, changed.new
FROM ({CHANGES}) changed JOIN compared c ON c.number = changed.number
ORDER BY changed.number, changed.step
"""  # noqa: S608 - fragments of ours
_CHANGE = """
UPDATE subscribers SET changed_at = :at, name = v.name, organisation = v.organisation,
    language = v.language
FROM (
    SELECT c.person,
        CASE WHEN g.name = '' THEN s.name ELSE g.name END AS name,
        CASE WHEN g.organisation = '' THEN s.organisation ELSE g.organisation END AS organisation,
        CASE WHEN g.language = '' THEN s.language ELSE g.language END AS language
    FROM compared c JOIN staged g ON g.number = c.number JOIN subscribers s ON s.id = c.person
    WHERE c.kind = 'changed'
) AS v
WHERE subscribers.id = v.person
"""
_RENAMED = """
SELECT s.id, s.email, s.name, s.organisation FROM compared c JOIN subscribers s ON s.id = c.person
WHERE c.kind = 'changed' AND c.differs = 1
"""
_RESORT = "UPDATE subscribers SET sort_key = ? WHERE id = ?"
_PEOPLE = "SELECT COUNT(*) AS number FROM subscribers"

SortKey = Callable[[str, str, str], str]
"""Makes the key that a person sorts by, from name, organisation and address."""


def apply_import(staging: Staging, act: Act, sort_key: SortKey) -> Counts:
    """Add and change what the staged rows say, after weighing them once more.

    One transaction; only it keeps others from writing. Gives what was done. Raises StoreError.
    """
    database = staging.database
    # Every id below is one that `compare` found in this transaction, or that it adds.
    with database.bulk():
        counts = staging.compare()
        values = {"at": act.at, "actor": act.actor}
        if counts.changed:
            # Before the memberships and tags that it tells of are there.
            database.run(_HISTORY_CHANGED, values)
            database.run(_CHANGE, {"at": act.at})
        large = _is_large(database, counts.added)
        if large:
            for name in _INDEXES:
                database.run(f"DROP INDEX {name}")
        database.run(_ADD, {"at": act.at})
        database.run(_HISTORY_NEW, values)
        database.run(_JOIN_NEW, {"at": act.at})
        database.run(_JOIN, {"at": act.at})
        database.run(_GROUND, values)
        database.run(_TAG)
        if large:
            for statement in _INDEXES.values():
                database.run(statement)
        _resort(database, sort_key)
    return counts


def _is_large(database: Database, added: int) -> bool:
    row = database.one(_PEOPLE)
    return added >= _MANY and added * 2 >= (row["number"] if row else 0)


def _resort(database: Database, sort_key: SortKey) -> None:
    """Give those whose name or organisation has changed their new place."""
    renamed = database.each(_RENAMED)
    keys: Iterator[tuple[str, str]] = (
        (sort_key(row["name"], row["organisation"], row["email"]), row["id"]) for row in renamed
    )
    while some := list(islice(keys, _TOGETHER)):
        database.many(_RESORT, some)
