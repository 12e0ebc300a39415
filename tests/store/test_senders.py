"""Who sends: a lock that dies with its program, and what a dead one leaves."""

import os
import subprocess
import sys
from pathlib import Path

from smakom_mail.model.campaign import Wish
from smakom_mail.model.delivery import Event, State
from smakom_mail.store import Database
from smakom_mail.store.installation import Installation
from smakom_mail.store.senders import (
    living_senders,
    lock_folder,
    recover,
    take_lock,
)
from tests.store.campaigned import (
    AT,
    LATER,
    begun,
    came_to,
    installation_of,
    ledger_of,
    sender_of,
    shown,
    states,
    submitting,
    taken_over,
    wished,
)

HOLD = """
import sys, time
from pathlib import Path
from smakom_mail.store.senders import take_lock
assert take_lock(Path(sys.argv[1])) is not None
print("held", flush=True)
time.sleep(600)
"""


def holding(path: Path) -> "subprocess.Popen[str]":
    """Start a program that holds a lock until it is killed."""
    program = [sys.executable, "-c", HOLD, str(path)]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_lock_is_held_once_and_again_after_its_release(tmp_path: Path) -> None:
    lock = take_lock(tmp_path / "locks" / "one")
    assert lock is not None
    assert take_lock(tmp_path / "locks" / "one") is None
    lock.release()
    again = take_lock(tmp_path / "locks" / "one")
    assert again is not None
    again.release()
    assert list((tmp_path / "locks").iterdir()) == []


def test_a_lock_goes_with_a_program_that_is_killed(tmp_path: Path) -> None:
    with holding(tmp_path / "one") as process:
        held = take_lock(tmp_path / "one")
        process.kill()
    assert held is None
    lock = take_lock(tmp_path / "one")
    assert lock is not None
    lock.release()


def test_a_lock_is_not_inherited_by_what_its_holder_starts(tmp_path: Path) -> None:
    """Else the password command of a sender that was killed would stand for it."""
    lock = take_lock(tmp_path / "one")
    assert lock is not None
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        lock.release()
        again = take_lock(tmp_path / "one")
        child.communicate(b"\n")
    assert again is not None
    again.release()


def test_what_a_living_sender_holds_is_left_alone(database: Database) -> None:
    campaign = begun(database, 3)
    ledger, sender = sender_of(database, campaign)
    submitting(ledger, 2)
    found = taken_over(database, campaign)
    assert (found.given_back, found.unknown, found.living) == (0, (), (os.getpid(),))
    assert living_senders(installation_of(database), campaign) == (os.getpid(),)
    assert states(database, campaign) == ["submitting", "submitting", "waiting"]
    sender.lock.release()


def test_what_a_dead_sender_claimed_waits_and_what_it_submitted_is_unknown(
    database: Database,
) -> None:
    campaign = begun(database, 4)
    ledger, sender = sender_of(database, campaign)
    first, second = submitting(ledger, 2)
    came_to(ledger, Event.ACCEPT, first)
    ledger.claim(State.WAITING, 1, AT)
    sender.lock.release()
    found = taken_over(database, campaign)
    assert (found.given_back, found.unknown, found.living) == (1, (second,), ())
    assert states(database, campaign) == ["accepted", "unknown", "waiting", "waiting"]
    assert shown(database, second, "sender", "why") == ("", "the program was stopped")
    assert living_senders(installation_of(database), campaign) == ()


def test_a_death_is_told_once(database: Database) -> None:
    campaign = begun(database, 2)
    ledger, sender = sender_of(database, campaign)
    submitting(ledger, 2)
    sender.lock.release()
    assert len(taken_over(database, campaign).unknown) == 2
    assert taken_over(database, campaign).unknown == ()
    rows = database.all("SELECT state, why FROM attempts")
    assert [row["why"] for row in rows] == ["the program was stopped"] * 2


def test_another_campaign_of_a_dead_sender_is_left_alone(database: Database) -> None:
    campaign = begun(database, 2)
    other = ledger_of(database, campaign, "somebody else's")
    submitting(other, 1)
    _, sender = sender_of(database, campaign)
    sender.lock.release()
    assert taken_over(database, campaign).unknown == ()
    assert states(database, campaign) == ["submitting", "waiting"]


def test_a_sender_that_asks_is_not_dead(database: Database) -> None:
    campaign = begun(database, 1)
    ledger, sender = sender_of(database, campaign)
    submitting(ledger)
    found = recover(installation_of(database), campaign, LATER, own=sender.id)
    assert (found.unknown, found.living) == ((), ())
    sender.lock.release()


def test_a_sender_of_another_machine_may_live(database: Database) -> None:
    """Its lock cannot be seen from here: only a person's word (db adopt) says that it is dead."""
    campaign = begun(database, 1)
    ledger, sender = sender_of(database, campaign)
    submitting(ledger)
    sender.lock.release()
    elsewhere = Installation(database, "f" * 32)
    assert recover(elsewhere, campaign, LATER).unknown == ()
    assert elsewhere.adopt(LATER).in_doubt == {campaign.edition: 1}
    assert states(database, campaign) == ["unknown"]


def test_a_cancelled_campaign_gets_nobody_back(database: Database) -> None:
    """Its sender was killed before it could withhold what it had claimed."""
    campaign = begun(database, 3)
    ledger, sender = sender_of(database, campaign)
    submitting(ledger, 1)
    ledger.claim(State.WAITING, 2, AT)
    campaign = wished(database, campaign, Wish.CANCELLED)
    sender.lock.release()
    assert taken_over(database, campaign).given_back == 0
    assert states(database, campaign) == ["unknown", "withheld", "withheld"]


def test_no_lock_is_left_behind(database: Database) -> None:
    campaign = begun(database, 1)
    _, sender = sender_of(database, campaign)
    sender.lock.release()
    taken_over(database, campaign)
    assert list(lock_folder(database).iterdir()) == []
