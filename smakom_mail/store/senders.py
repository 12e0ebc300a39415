"""Who is sending: a program that lives holds a lock on a file of its name, and a dead one does not.

Nothing here depends on a clock, or on a process number that another program has got meanwhile.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from smakom_mail.errors import StoreError
from smakom_mail.model.campaign import Campaign
from smakom_mail.model.delivery import Event, State, sources
from smakom_mail.store.database import Database
from smakom_mail.store.installation import Installation
from smakom_mail.store.locks import Lock, take_lock

_ENTER = """
INSERT INTO senders (id, campaign_id, installation, machine, process, begun_at, ended_at)
VALUES (:id, :campaign, :installation, :machine, :process, :at, '')
"""
_LEAVE = "UPDATE senders SET ended_at = :at WHERE id = :id"
_THERE = """
SELECT id, installation, machine, process FROM senders
WHERE campaign_id = :campaign AND ended_at = '' ORDER BY begun_at, id
"""
_GIVE_BACK = """
UPDATE deliveries SET state = 'waiting', sender = ''
WHERE id BETWEEN :first AND :last AND sender = :sender AND state = 'claimed'
"""
# It died before it could withhold what it had claimed of a campaign that was cancelled.
_WITHHOLD = """
UPDATE deliveries SET state = 'withheld', sender = '', why = 'cancelled', at = :at, next_at = ''
WHERE id BETWEEN :first AND :last AND sender = :sender AND state = 'claimed'
    AND EXISTS (SELECT 1 FROM campaigns c WHERE c.id = :campaign AND c.wish = 'cancelled')
"""
_DOUBT = """
UPDATE deliveries SET state = 'unknown', sender = '', why = 'the program was stopped', at = :at
WHERE id BETWEEN :first AND :last AND sender = :sender AND state = 'submitting'
RETURNING id
"""
_NOTE = """
INSERT INTO attempts (delivery_id, number, at, state, phase, code, reply, why)
SELECT id, attempts, at, state, '', 0, '', why FROM deliveries WHERE id = :id
"""
_TRIES, _PAUSE = 3, 0.01


def lock_folder(database: Database) -> Path:
    """Give the folder beside the database in which senders hold their locks."""
    return database.path.with_name(f"{database.path.name}.senders")


@dataclass(frozen=True, slots=True)
class Sender:
    """One program that sends a campaign."""

    id: str
    lock: Lock

    def end(self, database: Database, at: str) -> None:
        """Record that it ended with nothing in hand, inside a transaction."""
        database.run(_LEAVE, {"id": self.id, "at": at})


def enter_sender(installation: Installation, campaign: Campaign, at: str) -> Sender:
    """Begin to send: the lock first, so that nobody takes this sender for a dead one."""
    database = installation.database
    id_ = installation.randomness(8).hex()
    lock = take_lock(lock_folder(database) / id_)
    if lock is None:
        raise StoreError(f"the name {id_} is taken", "do it again")
    with database.transaction():
        database.run(
            _ENTER,
            {
                "id": id_,
                "campaign": campaign.id,
                "installation": installation.id,
                "machine": installation.machine,
                "process": os.getpid(),
                "at": at,
            },
        )
    return Sender(id_, lock)


@dataclass(frozen=True, slots=True)
class Recovered:
    """What dead senders left behind, and the processes that still live.

    `given_back` wait again, as nothing of them had left; the ids in `unknown` may have been taken.
    """

    given_back: int
    unknown: tuple[int, ...]
    living: tuple[int, ...]


def recover(installation: Installation, campaign: Campaign, at: str, own: str = "") -> Recovered:
    """Take over what dead senders of a campaign had in hand; nothing of it is sent again.

    What was only claimed waits again. What was being submitted is unknown, and stays so until a
    person or the relay's log says otherwise. `own` is the sender that asks.
    """
    if sources(Event.DIE) != (State.CLAIMED, State.SUBMITTING):
        raise AssertionError("the statements and the table differ")
    database = installation.database
    given_back = 0
    unknown: list[int] = []
    living: list[int] = []
    for row in database.all(_THERE, {"campaign": campaign.id}):
        if row["id"] == own:
            continue
        lock = _lock_of_dead(installation, row["id"], row["installation"], row["machine"])
        if lock is None:
            living.append(row["process"])
            continue
        try:
            values = {"first": campaign.first_id, "last": campaign.last_id, "sender": row["id"]}
            with database.transaction():
                database.run(_WITHHOLD, {**values, "at": at, "campaign": campaign.id})
                given_back += database.run(_GIVE_BACK, values)
                doubtful = database.returning(_DOUBT, {**values, "at": at})
                database.many(_NOTE, [{"id": each["id"]} for each in doubtful])
                database.run(_LEAVE, {"id": row["id"], "at": at})
            unknown += [each["id"] for each in doubtful]
        finally:
            lock.release()
    return Recovered(given_back, tuple(unknown), tuple(living))


def living_senders(installation: Installation, campaign: Campaign) -> tuple[int, ...]:
    """Give the processes that send a campaign now; those of another machine may be among them."""
    living: list[int] = []
    for row in installation.database.all(_THERE, {"campaign": campaign.id}):
        lock = _lock_of_dead(installation, row["id"], row["installation"], row["machine"])
        if lock is None:
            living.append(row["process"])
        else:
            lock.release()
    return tuple(living)


def _lock_of_dead(installation: Installation, id_: str, owner: str, machine: str) -> Lock | None:
    """Give the lock of a sender that is dead; None for one that may live.

    Its lock tells on this machine. One of another machine is dead once this database was made the
    original (`db adopt`), which is a person's word that the other is never used again.
    """
    if machine != installation.machine and owner == installation.id:
        return None
    for _ in range(_TRIES):
        lock = take_lock(lock_folder(installation.database) / id_)
        if lock is not None:
            return lock
        time.sleep(_PAUSE)  # another program may only be looking, as we do
    return None
