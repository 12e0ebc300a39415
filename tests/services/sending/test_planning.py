"""Planning: everybody written down with what her message is made of, or nothing at all."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from smakom_mail.errors import SmakomMailError
from smakom_mail.model.campaign import Kind, Wish
from smakom_mail.services.checking import check_edition
from smakom_mail.services.sending.freezing import freeze
from smakom_mail.services.sending.planning import NobodyError, Plan, Wanted, plan_campaign
from smakom_mail.services.storing import Store
from smakom_mail.store.campaigns import PlanWriter, frozen_message
from tests.services.receiving import (
    EDITION,
    FIRST,
    THEN,
    add,
    append,
    opened,
    person,
    place,
    say_no,
)
from tests.services.sending.underway import DATE, peopled, wished


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a newsletter with four readers."""
    with opened(peopled(tmp_path / "brev", "asa", "bo", "cia", "dan")) as there:
        yield there


def plan_of(store: Store, wanted: Wanted | None = None) -> Plan:
    """Plan the edition."""
    there = place(store.workplace.root)
    checked = check_edition(there, EDITION)
    assert checked.rendered is not None
    frozen = freeze(checked.rendered, there.config, DATE)
    wanted = wanted or Wanted()
    return plan_campaign(store, checked, frozen, wanted, act=THEN, progress=lambda *_said: None)


def rows(store: Store, *columns: str) -> list[Sequence[object]]:
    """Give some columns of all deliveries, in their order."""
    sql = f"SELECT {', '.join(columns)} FROM deliveries ORDER BY id"  # noqa: S608 - a test's own names
    return [tuple(row[name] for name in columns) for row in store.database.all(sql)]


def test_the_sums_of_a_plan_are_those_of_its_list(store: Store) -> None:
    say_no(store, "bo@a.example")
    plan = plan_of(store)
    assert (plan.campaign.planned, dict(plan.campaign.excluded)) == (3, {"unsubscribed": 1})
    assert plan.list.candidates == 4
    assert rows(store, "email", "state") == [
        ("asa@a.example", "waiting"),
        ("cia@a.example", "waiting"),
        ("dan@a.example", "waiting"),
    ]


def test_what_is_frozen_is_what_the_digest_stands_for(store: Store) -> None:
    plan = plan_of(store)
    frozen = frozen_message(store.database, plan.campaign)
    assert frozen == plan.frozen
    assert frozen.computed_digest() == frozen.digest == plan.campaign.digest
    assert frozen.date == "2024-05-01T08:00:00+00:00"


def test_every_recipient_has_a_link_a_message_id_and_a_return_address_of_her_own(
    store: Store,
) -> None:
    plan_of(store)
    for column in ("token", "message_id", "envelope_token"):
        assert len(set(rows(store, column))) == 4


def test_a_plain_return_address_has_no_token(store: Store) -> None:
    plan_of(store, Wanted(signed_envelope=False))
    assert rows(store, "envelope_token") == [("",)] * 4


def test_the_message_ids_of_a_plan_are_always_the_same_and_a_rehearsal_s_are_others(
    store: Store,
) -> None:
    plan_of(store)
    first = rows(store, "email", "message_id")
    plan_of(store)
    assert rows(store, "email", "message_id") == first
    plan_of(store, Wanted(Kind.REHEARSAL))
    assert not {id_ for _, id_ in rows(store, "email", "message_id")[4:]} & {
        id_ for _, id_ in first
    }


def test_canaries_come_first_whatever_their_order(store: Store) -> None:
    plan = plan_of(store, Wanted(canaries=("DAN@a.example", "bo@a.example")))
    assert [email for (email,) in rows(store, "email")] == [
        "bo@a.example",
        "dan@a.example",
        "asa@a.example",
        "cia@a.example",
    ]
    assert plan.campaign.pause_after == 2


@pytest.mark.parametrize("canary", ["eva@a.example", "bo@a.example"])
def test_a_canary_who_would_not_get_it_leaves_no_plan(store: Store, canary: str) -> None:
    say_no(store, "bo@a.example")
    with pytest.raises(SmakomMailError) as caught:
        plan_of(store, Wanted(canaries=(canary,)))
    assert caught.value.message == f"not every canary would get exempel: not {canary}"
    assert rows(store, "id") == []


def test_a_campaign_for_nobody_is_refused_and_leaves_nothing(store: Store) -> None:
    for name in ("asa", "bo", "cia", "dan"):
        say_no(store, f"{name}@a.example")
    with pytest.raises(NobodyError) as caught:
        plan_of(store)
    assert caught.value.message == "exempel would reach nobody: 4 unsubscribed"
    assert store.database.all("SELECT id FROM campaigns") == []


def test_a_plan_that_somebody_cannot_get_is_refused_whole(store: Store) -> None:
    append(store.workplace.root / FIRST, "\nHej {organisation}!\n")
    with pytest.raises(SmakomMailError):
        plan_of(store)
    assert rows(store, "id") == []


def test_a_plan_that_was_cut_short_is_taken_away_by_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dead(_writer: PlanWriter) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("smakom_mail.services.sending.planning.drop_campaign", lambda *_a: None)
        patch.setattr(PlanWriter, "flush", dead)
        with pytest.raises(KeyboardInterrupt):
            plan_of(store)
    assert len(store.database.all("SELECT id FROM campaigns WHERE wish = 'planning'")) == 1
    plan = plan_of(store)
    assert [row["id"] for row in store.database.all("SELECT id FROM campaigns")] == [
        plan.campaign.id
    ]


def test_a_no_can_be_said_while_a_plan_is_written(store: Store) -> None:
    """She is planned, as she stood in what was read, and withheld when it is her turn."""
    original = PlanWriter.flush

    def flush(writer: PlanWriter) -> None:
        original(writer)
        with opened(store.workplace.root) as other:
            say_no(other, "asa@a.example")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PlanWriter, "flush", flush)
        plan = plan_of(store)
    assert plan.campaign.planned == 4


def test_whom_an_earlier_campaign_may_have_reached_is_not_planned_again(store: Store) -> None:
    campaign = wished(store, plan_of(store).campaign, Wish.CANCELLED)
    with store.database.transaction():
        store.database.run("UPDATE campaigns SET begun_at = :at", {"at": THEN.at})
        for number, state in enumerate(("accepted", "unknown", "refused", "withheld")):
            store.database.run(
                "UPDATE deliveries SET state = :state WHERE id = :id",
                {"state": state, "id": campaign.first_id + number},
            )
    add(store, person(store, "eva@a.example"))
    plan = plan_of(store)
    assert dict(plan.campaign.excluded) == {"already-sent": 2}
    assert [email for (email,) in rows(store, "email")[4:]] == [
        "cia@a.example",
        "dan@a.example",
        "eva@a.example",
    ]
