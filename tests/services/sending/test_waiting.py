"""The time before a campaign begins: it can be taken back, ended, cancelled, or come too late."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smakom_mail.model.campaign import Campaign, Wish
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.waiting import LATE_SECONDS, TAKEN_BACK, due_time, wait_until
from smakom_mail.services.storing import Store
from smakom_mail.store.campaigns import require_campaign, set_due
from tests.services.sending.engines import campaign_of, store_of, wished

DUE = "2024-05-01T08:00:00.000+00:00"
EIGHT = 1_714_550_400.0


class Told:
    """Does something when it is told how long it still takes, and keeps that."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        """Take what to do the first time."""
        self.left: list[float] = []
        self._then = then

    def waiting(self, seconds: float) -> None:
        """Keep it."""
        self.left.append(round(seconds))
        if len(self.left) == 1:
            self._then()


class Watch:
    """A wall clock that is read in steps: each look at it is another time."""

    def __init__(self, *times: float) -> None:
        """Take the times of the looks; the last one stays."""
        self._times = list(times)

    def __call__(self) -> float:
        """Look at it."""
        return self._times.pop(0) if len(self._times) > 1 else self._times[0]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a newsletter with a reader."""
    with store_of(tmp_path / "project", 1) as opened:
        yield opened


def on_hold(store: Store, due: str = "") -> Campaign:
    """Give a campaign that was agreed to."""
    campaign = wished(store, campaign_of(store), Wish.HELD)
    with store.database.transaction():
        set_due(store.database, campaign, due)
    return require_campaign(store.database, campaign.id)


def waited(store: Store, campaign: Campaign, told: Told, *times: float) -> str:
    """Wait for eight o'clock."""
    return wait_until(store, campaign, EIGHT, told, Clock(Watch(*times)))


def test_it_begins_when_its_time_has_come(store: Store) -> None:
    told = Told()
    assert waited(store, on_hold(store), told, EIGHT - 0.01, EIGHT) == ""
    assert told.left == [0]


def test_what_is_due_already_is_not_waited_for(store: Store) -> None:
    told = Told()
    assert (waited(store, on_hold(store), told, EIGHT + 1), told.left) == ("", [])


@pytest.mark.parametrize(
    ("name", "why"),
    [(signal.SIGINT, TAKEN_BACK), (signal.SIGTERM, "the program was stopped")],
)
def test_ctrl_c_takes_it_back_and_sigterm_only_ends_the_program(
    store: Store, name: signal.Signals, why: str
) -> None:
    before = signal.getsignal(name)
    told = Told(lambda: os.kill(os.getpid(), name))
    assert waited(store, on_hold(store), told, EIGHT - 600) == why
    assert signal.getsignal(name) is before


def test_a_cancellation_from_elsewhere_ends_the_wait(store: Store) -> None:
    campaign = on_hold(store)
    told = Told(lambda: void(wished(store, campaign, Wish.CANCELLED)))
    assert waited(store, campaign, told, EIGHT - 0.01) == "it was cancelled"


def void(_value: object) -> None:
    """Drop a value."""


@pytest.mark.parametrize(
    ("seconds", "why"),
    [(LATE_SECONDS, ""), (LATE_SECONDS + 1800, "it is 2 h late for its hour")],
)
def test_a_machine_that_slept_through_the_hour_holds_it(
    store: Store, seconds: float, why: str
) -> None:
    campaign = on_hold(store, DUE)
    assert due_time(campaign) == EIGHT
    assert waited(store, campaign, Told(), EIGHT - 0.01, EIGHT + seconds) == why


def test_a_campaign_without_an_hour_of_its_own_is_never_late(store: Store) -> None:
    assert waited(store, on_hold(store), Told(), EIGHT - 0.01, EIGHT + 99_999) == ""
