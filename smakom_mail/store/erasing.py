"""Erasing a person: out of every table, then out of the bytes of the files.

What stays is the row that sums depend on, with its fingerprint, and the no that blocks it. Freed
pages are overwritten by SQLite (secure_delete), but pages that were split and joined may keep what
once stood in them; so the file is written anew (VACUUM) and the write-ahead log emptied. A mark in
`meta`, committed with the erasure, is taken away when that is done: a crash in between, another
program that still reads the old pages, or a disk without room for the new file leave the mark, and
the next opening goes on.
"""

import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import nullcontext
from enum import StrEnum

from smakom_mail.model.person import Act, Reason, Suppression
from smakom_mail.store.blotting import blot, mentions
from smakom_mail.store.database import Database
from smakom_mail.store.faults import BusyError, NoRoomError
from smakom_mail.store.journal import Journal
from smakom_mail.store.letters import blank_letters_of, blank_letters_to
from smakom_mail.store.people import find_by_id
from smakom_mail.store.proofs import erase_proofs
from smakom_mail.store.requests import blank_requests_of, blank_requests_to
from smakom_mail.store.suppressions import stands, suppress_all

_FORGET = """
UPDATE subscribers SET key = NULL, email = NULL, name = NULL, organisation = NULL, language = NULL,
    sort_key = NULL, flags = '', state = 'forgotten', changed_at = :at
WHERE id = :id
"""
_WAITS = "('waiting', 'deferred')"
_OWN = (
    "DELETE FROM memberships WHERE subscriber_id = :id",
    "DELETE FROM tags WHERE subscriber_id = :id",
    "DELETE FROM consents WHERE subscriber_id = :id",
    "DELETE FROM leavings WHERE subscriber_id = :id",
    "UPDATE history SET actor = '', old = '', new = '' WHERE subscriber_id = :id",
    """UPDATE attempts SET reply = '', why = ''
    WHERE delivery_id IN (SELECT id FROM deliveries WHERE subscriber_id = :id)""",
)
_FORGOTTEN_IDS = "SELECT id FROM subscribers WHERE state = 'forgotten'"
# The rows stay, as sums depend on them. One that a sender has in hand is left there: no intent
# is granted without a key, and what is given back is withheld by whoever claims it next.
_FORGET_DELIVERIES = f"""
UPDATE deliveries SET key = NULL, email = NULL, name = NULL, organisation = NULL, token = NULL,
    message_id = NULL, envelope_token = NULL, reply = '',
    why = CASE WHEN state IN {_WAITS} THEN 'forgotten' ELSE '' END,
    at = CASE WHEN state IN {_WAITS} THEN :at ELSE at END,
    next_at = CASE WHEN state IN {_WAITS} THEN '' ELSE next_at END,
    state = CASE WHEN state IN {_WAITS} THEN 'withheld' ELSE state END
WHERE subscriber_id {{who}}
"""  # noqa: S608 - fragments of ours
_NOTES = "UPDATE suppressions SET note = '', actor = '' WHERE fingerprint = :fingerprint"
_OLD_ADDRESSES = """
SELECT old FROM history WHERE subscriber_id = :id AND what = 'email' AND old <> ''
"""
_TAKEN = "SELECT 1 FROM subscribers WHERE key = :key"
_FORGOTTEN = """
INSERT INTO history (subscriber_id, at, step, actor, what, old, new)
SELECT :id, :at, COALESCE(MAX(step), 0) + 1, '', 'forgotten', '', ''
FROM history WHERE subscriber_id = :id
"""
# The mark names one erasure: whoever has ended that has not ended another one's since.
_MARK = """
INSERT INTO meta (key, value) VALUES ('traces', :mark)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
_MARKED = "SELECT value FROM meta WHERE key = 'traces'"
_REMARK = "UPDATE meta SET value = :mark WHERE key = 'traces' AND value = :seen"
_UNMARK = "DELETE FROM meta WHERE key = 'traces' AND value = :seen"
_IN_LOG = "log"


class Left(StrEnum):
    """What keeps an address in the bytes of the files although it is out of the tables."""

    NOTHING = ""
    READ = "another program still reads the old pages"
    NO_ROOM = "there is no room on the disk to write the file anew"


def forget(database: Database, journal: Journal, id_: str, act: Act) -> Left:
    """Erase a person everywhere, in a transaction of its own; the fingerprint still blocks.

    Where it gives something, the address is out of the tables, but not of the bytes on disk: that
    is for `erase_traces`, which the next opening runs. Raises LookupError, and StoreError where
    nothing was changed.
    """
    if find_by_id(database, id_) is None:
        raise LookupError(id_)
    with database.transaction():
        erase(database, journal, [id_], act)
    return erase_traces(database)


def erase(database: Database, journal: Journal, ids: Collection[str], act: Act) -> None:
    """Say the no of each of these people, and take them out of every table, in a transaction.

    What is written of others is looked through once for all of them. `erase_traces` is to follow.
    """
    suppress_all(database, journal, _noes(database, ids, act))
    scrub(database, ids, act.at)


def _noes(database: Database, ids: Iterable[str], act: Act) -> Iterator[Suppression]:
    for id_ in ids:
        person = find_by_id(database, id_)
        if person is None:
            continue
        no = Suppression(person.fingerprint, "", Reason.FORGOTTEN, act.at, act.actor)
        # Forgotten before, and invited since: the journal has to tell the second time too.
        if person.state == "active" or not stands(database, no):
            yield no


def scrub(database: Database, ids: Iterable[str], at: str) -> None:
    """Take people out of every table, inside a transaction."""
    addresses: set[str] = set()
    for id_ in ids:
        addresses |= _scrubbed(database, id_, at)
    if addresses:
        database.run(_MARK, {"mark": secrets.token_hex(8)})
    # An address that she had before may be somebody else's today.
    free = [each for each in addresses if not database.one(_TAKEN, {"key": each})]
    erase_proofs(database, free)
    blank_requests_to(database, free)
    blank_letters_to(database, free)
    blot(database, free)


def scrub_planned(database: Database, at: str) -> int:
    """Empty what was planned for people who were forgotten meanwhile; inside a transaction.

    A plan is made of one moment, and written down somewhat later. Give how many there were.
    """
    who = f"IN ({_FORGOTTEN_IDS})"
    number = database.run(_FORGET_DELIVERIES.format(who=f"{who} AND email IS NOT NULL"), {"at": at})
    if number:
        database.run(_MARK, {"mark": secrets.token_hex(8)})
    return number


def scrub_address(database: Database, key: str) -> tuple[int, dict[str, int]]:
    """Take the address of nobody out of every table and out of all that is written.

    Inside a transaction; `erase_traces` is to follow. Gives how many proofs, requests and letters
    to it there were, and how many texts.
    """
    rows = erase_proofs(database, [key])
    rows += blank_requests_to(database, [key])
    rows += blank_letters_to(database, [key])
    texts = mentions(database, [key])
    if texts:
        blot(database, [key])
    if rows or texts:
        database.run(_MARK, {"mark": secrets.token_hex(8)})
    return rows, texts


def _scrubbed(database: Database, id_: str, at: str) -> set[str]:
    """Empty a person's own rows; give every address that she had."""
    person = find_by_id(database, id_)
    if person is None or person.state == "forgotten":
        return set()
    addresses = {person.key, person.email.lower()}
    addresses |= {row["old"].lower() for row in database.all(_OLD_ADDRESSES, {"id": id_})}
    for statement in _OWN:
        database.run(statement, {"id": id_})
    blank_requests_of(database, id_)
    blank_letters_of(database, id_)
    database.run(_NOTES, {"fingerprint": person.fingerprint})
    database.run(_FORGET, {"id": id_, "at": at})
    database.run(_FORGET_DELIVERIES.format(who="= :id"), {"id": id_, "at": at})
    database.run(_FORGOTTEN, {"id": id_, "at": at})
    return addresses


def erase_traces(database: Database, *, wait: bool = True) -> Left:
    """Take what was erased out of the files too; give what hinders it, if anything does.

    Without `wait` it is tried once, while whoever opens the database waits.
    """
    row = database.one(_MARKED)
    if row is None:
        return Left.NOTHING
    try:
        with nullcontext() if wait else database.impatient():
            return _traces_erased(database, row["value"])
    except BusyError:
        return Left.READ
    except NoRoomError:
        return Left.NO_ROOM


def _traces_erased(database: Database, mark: str) -> Left:
    # A look first: to write a large file anew for a reader who stays would be in vain.
    if not database.empty_log():
        return Left.READ
    if not mark.startswith(_IN_LOG):
        database.rewrite()
        if not database.empty_log():
            # The new pages are in the log: next time that is all there is to bring over.
            with database.transaction():
                database.run(_REMARK, {"mark": f"{_IN_LOG} {mark}", "seen": mark})
            return Left.READ
    with database.transaction():
        database.run(_UNMARK, {"seen": mark})
    return Left.NOTHING
