"""Who sends, and what a dead sender leaves."""

import os

from smakom_mail.model.campaign import Wish
from smakom_mail.model.delivery import Event, State
from smakom_mail.store import Database
from smakom_mail.store.installation import Installation
from smakom_mail.store.senders import (
    living_senders,
    lock_folder,
    recover,
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
