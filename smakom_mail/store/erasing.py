"""Erasing a person: out of every table, then out of the bytes of the files.

What stays is the row that sums depend on, with its fingerprint, and the no that blocks it. Freed
pages are overwritten by SQLite (secure_delete), but pages that were split and joined may keep what
once stood in them; so the file is written anew (VACUUM) and the write-ahead log emptied. A mark in
`meta`, committed with the erasure, is taken away when that is done: a crash in between, or another
program that still reads the old pages, leaves the mark, and the next opening goes on.
"""

import re

from smakom_mail.model.person import Act, Reason, Suppression
from smakom_mail.store.database import Database
from smakom_mail.store.journal import Journal
from smakom_mail.store.people import find_by_id, literal
from smakom_mail.store.suppressions import suppress

_FORGET = """
UPDATE subscribers SET key = NULL, email = NULL, name = NULL, organisation = NULL, language = NULL,
    sort_key = NULL, flags = '', state = 'forgotten', changed_at = :at
WHERE id = :id
"""
_OWN = (
    "DELETE FROM memberships WHERE subscriber_id = :id",
    "DELETE FROM tags WHERE subscriber_id = :id",
    "DELETE FROM consents WHERE subscriber_id = :id",
    "UPDATE history SET actor = '', old = '', new = '' WHERE subscriber_id = :id",
)
_NOTES = "UPDATE suppressions SET note = '', actor = '' WHERE fingerprint = :fingerprint"
# The address may stand in what is written of others: "the same as …", the source of a consent.
_ELSEWHERE = (
    ("history", "actor"),
    ("history", "old"),
    ("history", "new"),
    ("consents", "source"),
    ("consents", "wording"),
    ("consents", "actor"),
    ("suppressions", "actor"),
    ("suppressions", "note"),
    ("suppressions", "lifted_by"),
)
_MENTIONS = {
    (table, column): f"SELECT DISTINCT {column} AS text FROM {table}"  # noqa: S608 - names of ours
    f" WHERE lower({column}) LIKE :like ESCAPE '!'"
    for table, column in _ELSEWHERE
}
_BLOT = {
    (table, column): f"UPDATE {table} SET {column} = :clean WHERE {column} = :text"  # noqa: S608 - names of ours
    for table, column in _ELSEWHERE
}
_BLOTTED = "(forgotten)"
_OLD_ADDRESSES = """
SELECT old FROM history WHERE subscriber_id = :id AND what = 'email' AND old <> ''
"""
_FORGOTTEN = """
INSERT INTO history (subscriber_id, at, step, actor, what, old, new)
SELECT :id, :at, COALESCE(MAX(step), 0) + 1, '', 'forgotten', '', ''
FROM history WHERE subscriber_id = :id
"""
_MARK = """
INSERT INTO meta (key, value) VALUES ('traces', 'left') ON CONFLICT (key) DO NOTHING
"""
_MARKED = "SELECT 1 FROM meta WHERE key = 'traces'"
_UNMARK = "DELETE FROM meta WHERE key = 'traces'"


def forget(database: Database, journal: Journal, id_: str, act: Act) -> bool:
    """Erase a person everywhere, in a transaction of its own; the fingerprint still blocks.

    Gives False where another program still reads the old pages: the address is out of the tables,
    and `erase_traces`, which the next opening runs, takes it out of the files.
    """
    person = find_by_id(database, id_)
    if person is None:
        raise LookupError(id_)
    with database.transaction():
        no = Suppression(person.fingerprint, "", Reason.FORGOTTEN, act.at, act.actor)
        suppress(database, journal, no)
        scrub(database, id_, act.at)
    return erase_traces(database)


def scrub(database: Database, id_: str, at: str) -> None:
    """Take a person out of every table, inside a transaction."""
    person = find_by_id(database, id_)
    if person is None or person.state == "forgotten":
        return
    addresses = {person.key, person.email.lower()}
    addresses |= {row["old"].lower() for row in database.all(_OLD_ADDRESSES, {"id": id_})}
    for statement in _OWN:
        database.run(statement, {"id": id_})
    database.run(_NOTES, {"fingerprint": person.fingerprint})
    for address in sorted(addresses):
        _blot(database, address)
    database.run(_FORGET, {"id": id_, "at": at})
    database.run(_FORGOTTEN, {"id": id_, "at": at})
    database.run(_MARK)


def _blot(database: Database, address: str) -> None:
    """Take an address out of what is written of other people, and no longer one that ends in it."""
    whole = re.compile(
        rf"(?<![\w.!#$%&'*+/=?^`{{|}}~-]){re.escape(address)}(?![\w-])", re.IGNORECASE
    )
    for place in _ELSEWHERE:
        for row in database.all(_MENTIONS[place], {"like": f"%{literal(address)}%"}):
            clean = whole.sub(_BLOTTED, row["text"])
            database.run(_BLOT[place], {"clean": clean, "text": row["text"]})


def erase_traces(database: Database) -> bool:
    """Take what was erased out of the files too; True where nothing is left to do."""
    if database.one(_MARKED) is None:
        return True
    if not database.rewrite():
        return False
    with database.transaction():
        database.run(_UNMARK)
    return True
