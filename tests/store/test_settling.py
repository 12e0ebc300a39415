"""Settling touches what is unknown and nothing else, once, and keeps who said so."""

import pytest

from smakom_mail.model.delivery import Event, State
from smakom_mail.store import Database
from smakom_mail.store.deliveries import each_delivery, unknown_deliveries
from smakom_mail.store.settling import EVENTS, settle
from tests.store.campaigned import (
    AT,
    LATER,
    begun,
    came_to,
    ledger_of,
    shown,
    states,
    submitting,
)


@pytest.mark.parametrize(
    ("event", "state", "first_at"),
    [
        (Event.SETTLE_ACCEPTED, "accepted", AT),
        (Event.SETTLE_REFUSED, "refused", AT),
        (Event.SETTLE_RESEND, "waiting", ""),
    ],
)
def test_an_unknown_delivery_is_settled_once(
    database: Database, event: Event, state: str, first_at: str
) -> None:
    campaign = begun(database, 1)
    ledger = ledger_of(database, campaign)
    (id_,) = submitting(ledger)
    came_to(ledger, Event.LOSE, id_, why="gone")

    assert [settle(database, id_, event, LATER, f"by {n}") for n in (1, 2)] == [True, False]

    settled = shown(database, id_, "state", "at", "next_at", "sender", "why", "first_at")
    assert settled == (state, LATER, "", "", "by 1", first_at)
    ((_, tries),) = each_delivery(database, campaign)
    assert [(each.number, each.state, each.at, each.why) for each in tries] == [
        (1, "unknown", AT, "gone"),
        (1, state, LATER, "by 1"),
    ]
    assert unknown_deliveries(database, campaign) == ()


def test_what_is_to_be_sent_again_is_claimed_at_once(database: Database) -> None:
    campaign = begun(database, 1)
    ledger = ledger_of(database, campaign)
    (id_,) = submitting(ledger)
    came_to(ledger, Event.LOSE, id_)
    settle(database, id_, Event.SETTLE_RESEND, LATER, "by hand")

    assert submitting(ledger) == [id_]
    assert shown(database, id_, "attempts", "first_at") == (2, AT)


@pytest.mark.parametrize("event", EVENTS)
def test_nothing_else_is_ever_settled(database: Database, event: Event) -> None:
    campaign = begun(database, 6)
    ledger = ledger_of(database, campaign)
    ids = submitting(ledger, 4)
    for id_, came in zip(ids, (Event.ACCEPT, Event.REFUSE, Event.DEFER), strict=False):
        came_to(ledger, came, id_)
    ledger.claim(State.WAITING, 1, AT)
    before = ["accepted", "refused", "deferred", "submitting", "claimed", "waiting"]
    assert states(database, campaign) == before

    assert [settle(database, id_, event, LATER, "by hand") for id_ in range(8)] == [False] * 8

    assert states(database, campaign) == before


@pytest.mark.parametrize("event", sorted(set(Event) - set(EVENTS)))
def test_no_other_event_settles(database: Database, event: Event) -> None:
    with pytest.raises(AssertionError, match="settles nothing"):
        settle(database, 1, event, LATER, "by hand")
