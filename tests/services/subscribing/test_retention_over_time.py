"""Retention as the months go by: the clock is a parameter, and each person has one of her own."""

import datetime as dt
from pathlib import Path

import pytest

from smakom_mail.model.person import Act, Reason
from smakom_mail.services.storing import Store, open_store, timestamp
from smakom_mail.services.subscribing.inviting import confirm, invite
from smakom_mail.services.subscribing.leaving import lift_no, unsubscribe
from smakom_mail.services.subscribing.listing import list_people
from smakom_mail.services.subscribing.organisations import list_organisations
from smakom_mail.services.subscribing.retaining import retain
from smakom_mail.services.workplace import open_workplace
from tests.services.subscribing.keeping import (
    NOW,
    SECRET,
    SETTINGS,
    WORDING,
    added,
    later,
    opened,
    planned,
)

ANNA = "anna@example.se"


def in_months(months: int, *, days: int = 0) -> dt.datetime:
    """Give the moment so many months (of the calendar) after everybody was added."""
    year, month = divmod(NOW.year * 12 + NOW.month - 1 + months, 12)
    return NOW.replace(year=year, month=month + 1) + dt.timedelta(days=days)


def act(months: int, *, days: int = 0) -> Act:
    """Give an act at that moment."""
    return Act(timestamp(in_months(months, days=days)), "kim")


def named(store: Store, months: int, *, days: int = 0) -> list[str]:
    """Say who is too old at that moment."""
    moment = in_months(months, days=days)
    return [each.email for each in retain(store, act(months), moment, apply=False).people]


def test_each_is_forgotten_in_the_month_when_her_own_time_is_out(store: Store) -> None:
    for number in range(6):
        added(store, f"p{number}@example.se")
        unsubscribe(store, f"p{number}@example.se", (), act(number))
    added(store, "stannar@example.se")

    forgotten: dict[str, int] = {}
    for month in range(36):
        before = {each.email for each in list_people(store)}
        moment = in_months(month, days=1)
        done = retain(store, act(month, days=1), moment, apply=True)
        gone = before - {each.email for each in list_people(store)}
        assert done.count == len(gone)
        forgotten |= dict.fromkeys(gone, month)

    assert forgotten == {f"p{number}@example.se": 24 + number for number in range(6)}
    assert planned(store) == ["stannar@example.se"]


def test_the_day_counts_and_not_only_the_month(store: Store) -> None:
    added(store, ANNA)
    unsubscribe(store, ANNA, (), act(0))

    assert named(store, 24, days=-1) == []
    assert named(store, 24) == []
    assert named(store, 24, days=1) == [ANNA]


def test_whoever_is_reached_is_never_too_old(store: Store) -> None:
    added(store, ANNA)

    assert named(store, 1200) == []


def test_a_yes_ends_the_count_and_a_new_no_begins_it_anew(store: Store) -> None:
    added(store, ANNA)
    unsubscribe(store, ANNA, (), act(0))
    url = invite(store, ANNA, (), act(20)).url
    assert named(store, 30) == []  # asked twenty months later, and not yet answered
    assert confirm(store, url.rpartition("/")[2], act(21), WORDING)
    assert named(store, 60) == []

    unsubscribe(store, ANNA, (), act(60))

    assert named(store, 83) == []
    assert named(store, 84, days=1) == [ANNA]


def test_a_lifted_bounce_ends_the_count(store: Store) -> None:
    added(store, ANNA)
    unsubscribe(store, ANNA, (), act(1), Reason.BOUNCED)
    assert named(store, 26) == [ANNA]

    lift_no(store, ANNA, "adressen lever", act(26))

    assert named(store, 600) == []


@pytest.fixture
def narrowed(tmp_path: Path) -> Store:
    """Open a store in which Anna stands on a list that has been taken out of the settings."""
    with opened(tmp_path) as store:
        added(store, ANNA, "press", organisation="Åmål")
        added(store, "bo@example.se", organisation="Åmål")
    kept = SETTINGS.rpartition("[[people.list]]")[0]
    (tmp_path / "smakom-mail.toml").write_text(kept, encoding="utf-8")
    return open_store(open_workplace(tmp_path, {}), SECRET, create=False)


def test_a_list_that_was_taken_out_of_the_settings_by_a_slip_loses_nobody(narrowed: Store) -> None:
    with narrowed as store:
        assert named(store, 600) == []


def test_an_address_on_a_list_that_is_gone_does_not_work_for_its_organisation(
    narrowed: Store,
) -> None:
    with narrowed as store:
        (found,) = list_organisations(store).organisations
        assert (found.name, found.addresses, found.working) == ("Åmål", 2, 1)
        unsubscribe(store, "bo@example.se", (), later(hours=1))
        assert list_organisations(store).organisations[0].working == 0
