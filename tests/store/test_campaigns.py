"""Campaigns: written down before anything is sent, whole or not at all, and once for an edition."""

import sqlite3
from dataclasses import replace

import pytest

from smakom_mail.errors import StoreError
from smakom_mail.model.campaign import Kind, Wish
from smakom_mail.model.delivery import Event, State
from smakom_mail.store import Database
from smakom_mail.store.campaigns import (
    Planned,
    PlanWriter,
    begin_plan,
    drop_campaign,
    drop_plans,
    drop_rehearsals,
    every_campaign,
    find_by_id,
    frozen_message,
    has_begun_before,
    has_reached,
    hasten,
    latest_campaign,
    require_campaign,
    seal_plan,
    set_begun,
    set_due,
    set_pause,
    set_wish,
    tally,
    withhold_rest,
)
from tests.store.campaigned import (
    AT,
    LATER,
    MESSAGE,
    SCOPE,
    begun,
    came_to,
    candidate,
    ledger_of,
    people,
    planned,
    shown,
    states,
    submitting,
    wished,
)
from tests.store.peopled import NOW, added


def counted(database: Database) -> tuple[int, int, int]:
    """Count campaigns, deliveries and lists of campaigns."""
    rows = database.all(
        "SELECT (SELECT COUNT(*) FROM campaigns) AS a, (SELECT COUNT(*) FROM deliveries) AS b, "
        "(SELECT COUNT(*) FROM campaign_lists) AS c"
    )
    return rows[0]["a"], rows[0]["b"], rows[0]["c"]


def test_a_plan_holds_every_recipient_once_and_in_order(database: Database) -> None:
    readers = people(3)
    added(database, *readers)
    campaign = planned(database, readers)
    assert (campaign.planned, campaign.last_id - campaign.first_id) == (3, 2)
    assert dict(campaign.excluded) == {"unconfirmed": 2}
    assert tally(database, campaign).candidates == 5
    assert states(database, campaign) == ["waiting"] * 3


def test_the_database_refuses_the_same_address_twice(database: Database) -> None:
    (reader,) = people(1)
    added(database, reader)
    with pytest.raises(sqlite3.IntegrityError):
        planned(database, [reader, reader])


def test_a_plan_of_which_a_row_is_missing_is_not_sealed(database: Database) -> None:
    readers = people(2)
    added(database, *readers)
    id_ = begin_plan(database, MESSAGE, Kind.CAMPAIGN, act=NOW, epoch=1, room=3)
    campaign = require_campaign(database, id_)
    writer = PlanWriter(database, campaign)
    writer.add(Planned(candidate(readers[0]), SCOPE, "t", "<m@brev.example>", ""))
    writer.flush()
    with pytest.raises(AssertionError) as caught:
        seal_plan(database, campaign, 2, {})
    assert str(caught.value) == "1 recipients are written of 2"
    assert latest_campaign(database, MESSAGE.edition) is None


def test_a_plan_that_was_never_agreed_to_counts_for_nothing(database: Database) -> None:
    readers = people(2)
    added(database, *readers)
    planned(database, readers)
    assert latest_campaign(database, MESSAGE.edition) is None
    assert list(every_campaign(database)) == []
    drop_plans(database, MESSAGE.edition, Kind.CAMPAIGN)
    assert counted(database) == (0, 0, 0)


def test_the_plan_of_a_rehearsal_is_left_alone_by_a_sending(database: Database) -> None:
    readers = people(2)
    added(database, *readers)
    rehearsal = planned(database, readers, kind=Kind.REHEARSAL)
    drop_plans(database, MESSAGE.edition, Kind.CAMPAIGN)
    assert states(database, rehearsal) == ["waiting", "waiting"]


def test_the_plans_of_other_editions_are_left_alone(database: Database) -> None:
    readers = people(2)
    added(database, *readers)
    other = planned(database, readers, message=replace(MESSAGE, edition="februari-2021"))
    drop_plans(database, MESSAGE.edition, Kind.CAMPAIGN)
    assert states(database, other) == ["waiting", "waiting"]


def test_ranges_of_campaigns_never_overlap(database: Database) -> None:
    readers = people(3)
    added(database, *readers)
    made = [planned(database, readers, message=replace(MESSAGE, edition=f"e{n}")) for n in range(3)]
    assert [(each.first_id, each.last_id) for each in made] == [(1, 3), (4, 6), (7, 9)]


@pytest.mark.parametrize("wish", [Wish.HELD, Wish.SENDING, Wish.PAUSED])
def test_the_database_refuses_a_second_campaign_of_an_edition(
    database: Database, wish: Wish
) -> None:
    readers = people(1)
    added(database, *readers)
    first, second = planned(database, readers), planned(database, readers)
    wished(database, first, wish)
    with pytest.raises(sqlite3.IntegrityError):
        wished(database, second, Wish.SENDING)


def test_another_campaign_may_follow_a_cancelled_one(database: Database) -> None:
    readers = people(1)
    added(database, *readers)
    wished(database, planned(database, readers), Wish.CANCELLED)
    second = wished(database, planned(database, readers), Wish.SENDING)
    assert latest_campaign(database, MESSAGE.edition) == second


def test_any_number_of_rehearsals_stand_beside_a_campaign(database: Database) -> None:
    campaign = begun(database, 1)
    readers = [replace(each) for each in people(0)]
    for _ in range(2):
        rehearsal = planned(database, readers, kind=Kind.REHEARSAL)
        wished(database, rehearsal, Wish.SENDING)
    assert latest_campaign(database, MESSAGE.edition) == campaign
    drop_rehearsals(database, MESSAGE.edition)
    assert [each.id for each in every_campaign(database)] == [campaign.id]


def test_a_wish_is_only_changed_from_where_it_may_be(database: Database) -> None:
    campaign = begun(database, 1)
    with database.transaction():
        assert not set_wish(database, campaign, Wish.SENDING, [Wish.HELD])
        assert set_wish(database, campaign, Wish.PAUSED, [Wish.SENDING], "by hand")
    found = require_campaign(database, campaign.id)
    assert (found.wish, found.why) == (Wish.PAUSED, "by hand")


def test_when_it_began_is_kept_from_the_first_time(database: Database) -> None:
    campaign = begun(database, 1)
    for at in (AT, LATER):
        with database.transaction():
            set_begun(database, campaign, at)
            set_due(database, campaign, at)
            set_pause(database, campaign, 3)
    found = require_campaign(database, campaign.id)
    assert (found.begun_at, found.due_at, found.pause_after) == (AT, LATER, 3)


def test_what_was_frozen_is_read_back(database: Database) -> None:
    assert frozen_message(database, begun(database, 1)) == MESSAGE


@pytest.mark.parametrize("touched", ["", "{", "null", MESSAGE.as_json().replace("Hej", "Betala")])
def test_what_another_hand_changed_is_not_sent(database: Database, touched: str) -> None:
    campaign = begun(database, 1)
    with database.transaction():
        database.run("UPDATE campaigns SET frozen = :text", {"text": touched})
    with pytest.raises(StoreError) as caught:
        frozen_message(database, campaign)
    digest = MESSAGE.digest[:8]
    expected = f"what was frozen of januari-2021 is not what {digest} stands for"
    assert caught.value.message == expected


def test_cancelling_withholds_who_waits_and_nobody_else(database: Database) -> None:
    campaign = begun(database, 6)
    ledger = ledger_of(database, campaign)
    ids = submitting(ledger, 4)
    came_to(ledger, Event.ACCEPT, ids[0])
    came_to(ledger, Event.DEFER, ids[1])
    came_to(ledger, Event.LOSE, ids[2])
    with database.transaction():
        assert withhold_rest(database, campaign, AT) == 3
    assert states(database, campaign) == [
        "accepted",
        "withheld",
        "unknown",
        "submitting",
        "withheld",
        "withheld",
    ]


def test_who_is_deferred_can_be_tried_at_once(database: Database) -> None:
    campaign = begun(database, 1)
    ledger = ledger_of(database, campaign)
    came_to(ledger, Event.DEFER, *submitting(ledger), next_at=LATER)
    with database.transaction():
        hasten(database, campaign)
    assert len(ledger.claim(State.DEFERRED, 1, AT)) == 1


@pytest.mark.parametrize(
    ("event", "reached"),
    [(Event.ACCEPT, True), (Event.LOSE, True), (Event.REFUSE, False), (Event.RELEASE, False)],
)
def test_whoever_was_or_may_have_been_reached_is_known(
    database: Database, event: Event, *, reached: bool
) -> None:
    readers = people(1)
    added(database, *readers)
    campaign = begun(database, readers)
    ledger = ledger_of(database, campaign)
    came_to(ledger, event, *submitting(ledger))
    assert has_reached(database, MESSAGE.edition, readers[0].id) is reached


def test_a_rehearsal_reaches_nobody(database: Database) -> None:
    readers = people(1)
    added(database, *readers)
    rehearsal = wished(database, planned(database, readers, kind=Kind.REHEARSAL), Wish.SENDING)
    ledger = ledger_of(database, rehearsal)
    came_to(ledger, Event.ACCEPT, *submitting(ledger))
    with database.transaction():
        set_begun(database, rehearsal, AT)
    assert not has_reached(database, MESSAGE.edition, readers[0].id)
    assert not has_begun_before(database, MESSAGE.edition)


def test_a_campaign_that_is_gone_is_said_to_be(database: Database) -> None:
    campaign = begun(database, 1)
    ledger = ledger_of(database, campaign)
    came_to(ledger, Event.DEFER, *submitting(ledger), why="busy")
    drop_campaign(database, campaign.id)
    assert counted(database) == (0, 0, 0)
    assert find_by_id(database, campaign.id) is None
    with pytest.raises(StoreError) as caught:
        require_campaign(database, campaign.id)
    assert caught.value.message == "the campaign is gone"
    assert ledger.wish() is Wish.CANCELLED


def test_a_sum_that_does_not_come_out_is_never_shown(database: Database) -> None:
    campaign = begun(database, 3)
    with database.transaction():
        database.run("DELETE FROM deliveries WHERE id = :id", {"id": campaign.last_id})
    with pytest.raises(AssertionError) as caught:
        tally(database, campaign)
    assert str(caught.value) == "3 people were planned, and 2 are counted"


def test_the_attempts_of_a_reader_are_counted_in_the_row(database: Database) -> None:
    campaign = begun(database, 1)
    ledger = ledger_of(database, campaign)
    came_to(ledger, Event.DEFER, *submitting(ledger), why="busy")
    (reader,) = ledger.claim(State.DEFERRED, 1, LATER)
    ledger.commit([], [reader.id], LATER)
    assert shown(database, reader.id, "attempts", "first_at", "at") == (2, AT, LATER)
