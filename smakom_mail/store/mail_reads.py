"""What the store remembers of mail that was read: which ones were acted upon, and when.

A handled mail is an entry in the history of the person it was about: a keyed hash of what tells
the mail from others. So it goes when she is forgotten, and nothing of the mail is kept.
"""

from smakom_mail.model.person import Act, Change
from smakom_mail.store.changing import write_history
from smakom_mail.store.database import Database

LEFT_BY_MAIL = "left by mail"
AGREED_BY_MAIL = "agreed by mail"
_HANDLED = """
SELECT 1 FROM history WHERE subscriber_id = :id AND what = :what AND new = :mark LIMIT 1
"""
_READ_AT = "SELECT value FROM meta WHERE key = 'unsubscribes_read_at'"
_KEEP_READ_AT = """
INSERT INTO meta (key, value) VALUES ('unsubscribes_read_at', :at)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
_SENT_AT = "SELECT max(begun_at) AS at FROM campaigns WHERE kind = 'campaign' AND begun_at <> ''"


def was_handled(database: Database, person: str, what: str, marks: tuple[str, ...]) -> bool:
    """Say whether a mail with one of these marks was acted upon for a person, to leave or agree."""
    return any(database.one(_HANDLED, {"id": person, "what": what, "mark": mark}) for mark in marks)


def remember_handled(database: Database, person: str, what: str, mark: str, act: Act) -> None:
    """Keep that a mail was acted upon, in the transaction that does it."""
    write_history(database, person, Change(act.at, act.actor, what, "", mark))


def last_read(database: Database) -> str:
    """Give when unsubscriptions by mail were last read through; empty where they never were."""
    row = database.one(_READ_AT)
    return row["value"] if row else ""


def record_read(database: Database, at: str) -> None:
    """Keep when unsubscriptions by mail were read through, inside a transaction."""
    database.run(_KEEP_READ_AT, {"at": at})


def last_sent(database: Database) -> str:
    """Give when the newest campaign began to be sent; empty where none was."""
    row = database.one(_SENT_AT)
    return (row["at"] or "") if row else ""
