"""The loop: what it does when people stop it, leave, or ask for less, and when writing fails."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smakom_mail.config.measures import Rate
from smakom_mail.errors import StoreError
from smakom_mail.model.campaign import Campaign, Wish
from smakom_mail.model.delivery import Event, State
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.controlling import cancel_campaign, pause_campaign
from smakom_mail.services.storing import Store
from smakom_mail.store.campaigns import require_campaign, set_pause
from smakom_mail.store.faults import NoRoomError
from smakom_mail.store.ledger import Ledger
from tests.mail.smtp.relay import DIE, SILENCE, Relay
from tests.services import receiving
from tests.services.sending.engines import (
    MESSAGE,
    SOON,
    Heard,
    campaign_of,
    hurried,
    reached,
    scripted,
    sent,
    store_of,
    tallied,
    wished,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a newsletter with twenty readers."""
    with store_of(tmp_path / "project", 20) as opened:
        yield opened


def test_everybody_gets_it_once(store: Store) -> None:
    relay, heard = scripted(), Heard()
    ran = sent(store, campaign_of(store), relay, heard=heard, connections=3)
    assert tallied(ran) == {"accepted": 20}
    assert reached(relay) == sorted(f"reader{n}" for n in range(1, 21))
    assert [each.event for each in heard.outcomes] == [Event.ACCEPT] * 20
    assert (ran.ended.why, ran.recovered) == ("", 0)


def test_each_message_has_the_message_id_of_its_row(store: Store) -> None:
    relay = scripted()
    sent(store, campaign_of(store), relay, connections=2)
    rows = store.database.all("SELECT email, message_id FROM deliveries")
    for row in rows:
        (mail,) = [each for each in relay.accepted if each.recipient == row["email"]]
        assert f"Message-ID: {row['message_id']}\r\n".encode() in mail.data
        assert f"To: {row['email']}\r\n".encode() in mail.data


def test_a_connection_is_changed_after_so_many_messages(store: Store) -> None:
    relay = scripted()
    ran = sent(store, campaign_of(store), relay, per_connection=7)
    assert tallied(ran) == {"accepted": 20}
    assert [bytes(each).count(b"\r\nDATA\r\n") for each in relay.received] == [7, 7, 6]


def test_what_is_finished_is_not_sent_again(store: Store) -> None:
    campaign, second = campaign_of(store), scripted()
    sent(store, campaign, scripted())
    assert tallied(sent(store, campaign, second)) == {"accepted": 20}
    assert second.received == []


def test_a_limit_pauses_behind_the_first_ones(store: Store) -> None:
    relay = scripted()
    ran = sent(store, campaign_of(store, pause_after=5), relay, connections=3)
    assert tallied(ran) == {"accepted": 5, "waiting": 15}
    assert reached(relay) == [f"reader{n}" for n in range(1, 6)]
    assert (ran.campaign.wish, ran.campaign.why) == (
        Wish.PAUSED,
        "behind the first 5, as it was asked for",
    )


def test_a_rate_is_kept(store: Store) -> None:
    """Five in ten minutes: twenty take half an hour, by the campaign's clock."""
    clock = hurried()
    begun = clock.monotonic()
    ran = sent(store, campaign_of(store), scripted(), rate=Rate(((5, 600),)), clock=clock)
    assert tallied(ran) == {"accepted": 20}
    assert clock.monotonic() - begun >= 1800


def test_a_rate_is_kept_over_a_restart(store: Store) -> None:
    clock, five = hurried(), Rate(((5, 600),))
    campaign = campaign_of(store, pause_after=5)
    sent(store, campaign, scripted(), rate=five, clock=clock)
    begun = clock.monotonic()
    again = wished(store, campaign_wide(store, campaign.id), Wish.SENDING)
    ran = sent(store, again, scripted(), rate=five, clock=clock)
    assert tallied(ran) == {"accepted": 20}
    assert clock.monotonic() - begun >= 1800 - 60


def campaign_wide(store: Store, id_: str) -> Campaign:
    """Let senders go on to the last one."""
    campaign = require_campaign(store.database, id_)
    with store.database.transaction():
        set_pause(store.database, campaign, 0)
    return require_campaign(store.database, id_)


# ------------------------------------------------------------------------------ people stop it


def test_a_pause_from_elsewhere_finishes_what_is_in_flight(store: Store) -> None:
    place = receiving.place(store.workplace.root)
    heard = Heard(then=lambda: void(pause_campaign(place, {}, MESSAGE.edition)))
    ran = sent(store, campaign_of(store), scripted(), heard=heard, connections=2)
    found = tallied(ran)
    assert ran.ended.why == "the campaign was paused"
    assert set(found) == {"accepted", "waiting"}
    assert found["accepted"] < 10


def test_a_cancellation_from_elsewhere_withholds_the_rest(store: Store) -> None:
    place = receiving.place(store.workplace.root)
    heard = Heard(then=lambda: void(cancel_campaign(place, {}, MESSAGE.edition)))
    ran = sent(store, campaign_of(store), scripted(), heard=heard, connections=2)
    found = tallied(ran)
    assert ran.ended.why == "the campaign was cancelled"
    assert set(found) == {"accepted", "withheld"}


def test_what_is_deferred_while_a_campaign_is_cancelled_is_withheld(store: Store) -> None:
    place = receiving.place(store.workplace.root)
    heard = Heard(then=lambda: void(cancel_campaign(place, {}, MESSAGE.edition)))
    relay = scripted(DOT=["250 2.0.0 Ok", *["451 4.3.0 later"] * 30])
    ran = sent(store, campaign_of(store), relay, heard=heard, connections=4)
    assert set(tallied(ran)) <= {"accepted", "withheld", "unknown"}


def void(_value: object) -> None:
    """Drop a value."""


def signalled(name: signal.Signals, times: int = 1) -> Callable[[], None]:
    """Give what sends a signal to this process."""

    def send() -> None:
        for _ in range(times):
            os.kill(os.getpid(), name)

    return send


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_a_first_signal_finishes_what_is_in_flight(store: Store, name: signal.Signals) -> None:
    relay = scripted()
    ran = sent(store, campaign_of(store), relay, heard=Heard(then=signalled(name)), connections=2)
    found = tallied(ran)
    assert ran.ended.why == "the program was told to stop"
    assert set(found) == {"accepted", "waiting"}
    assert found["accepted"] == len(relay.accepted)
    assert tallied(sent(store, ran.campaign, scripted())) == {"accepted": 20}


def test_a_second_signal_does_not_wait_for_a_reply(store: Store) -> None:
    """The relay is silent behind a dot: that one is in doubt, and only that one."""
    relay = scripted(DOT=["250 2.0.0 Ok", SILENCE])

    def twice() -> None:
        signalled(signal.SIGINT)()
        threading.Timer(0.1, signalled(signal.SIGINT)).start()

    ran = sent(store, campaign_of(store), relay, heard=Heard(then=twice))
    assert tallied(ran) == {"accepted": 1, "unknown": 1, "waiting": 18}
    (row,) = store.database.all("SELECT email, why FROM deliveries WHERE state = 'unknown'")
    assert (row["email"], row["why"]) == ("reader2@kommun.example", "the program was stopped")


# ------------------------------------------------------------------------------- people leave


def test_any_number_who_have_left_since_the_plan_stop_nothing(store: Store) -> None:
    """They are not even claimed, so that nothing of theirs is on the way."""
    campaign = campaign_of(store)
    for number in range(1, 13):
        receiving.say_no(store, f"reader{number}@kommun.example")
    relay, heard = scripted(), Heard()
    ran = sent(store, campaign, relay, heard=heard)
    assert tallied(ran) == {"accepted": 8, "withheld": 12}
    assert heard.withheld == 12
    assert reached(relay) == [f"reader{number}" for number in range(13, 21)]
    assert len(relay.received) == 1


def test_any_number_who_leave_while_they_are_in_hand_stop_nothing(store: Store) -> None:
    """Each costs a connection, since an envelope cannot be taken back; none is a failure."""

    def leave() -> None:
        for number in range(3, 13):
            receiving.say_no(store, f"reader{number}@kommun.example")

    campaign = campaign_of(store)
    relay, heard = scripted(), Heard(then=leave)
    clock = hurried()
    begun = clock.monotonic()
    ran = sent(store, campaign, relay, heard=heard, clock=clock)
    found = tallied(ran)
    assert found["accepted"] + found["withheld"] == 20
    assert 9 <= heard.withheld == found["withheld"] <= 10  # one intent may have been durable
    assert len(relay.received) > found["withheld"]
    assert set(reached(relay)) >= {"reader1", *(f"reader{number}" for number in range(13, 21))}
    assert clock.monotonic() - begun < 16 * 1000  # hours would be back-off; no wait was asked for


def test_a_reader_who_cannot_be_written_to_is_refused_and_named(store: Store) -> None:
    campaign = campaign_of(store)
    with store.database.transaction():
        store.database.run(
            "UPDATE deliveries SET name = :name WHERE id = :id",
            {"name": "Kim\r\nBcc: alla@kommun.example", "id": campaign.first_id + 2},
        )
    relay = scripted()
    ran = sent(store, campaign, relay, connections=2)
    assert tallied(ran) == {"accepted": 19, "refused": 1}
    (row,) = store.database.all("SELECT email, why FROM deliveries WHERE state = 'refused'")
    assert row["why"].startswith("reader3@kommun.example")


# --------------------------------------------------------------------- what cannot be written down


class Broken:
    """Lets commits fail, from the given one on and so many times."""

    def __init__(self, patch: pytest.MonkeyPatch, begin: int, times: int) -> None:
        """Put it around every commit of every ledger."""
        self.commits = 0
        original = Ledger.commit

        def commit(ledger: Ledger, *arguments: object) -> object:
            self.commits += 1
            if begin <= self.commits < begin + times:
                raise NoRoomError("there is no room on the disk", "make room")
            return original(ledger, *arguments)  # type: ignore[arg-type] # as it was called

        patch.setattr(Ledger, "commit", commit)


@pytest.mark.parametrize("begin", range(1, 12))
def test_a_disk_that_is_full_for_a_while_stops_it_and_loses_no_reply(
    store: Store, monkeypatch: pytest.MonkeyPatch, begin: int
) -> None:
    campaign, relay, heard = campaign_of(store), scripted(), Heard()
    Broken(monkeypatch, begin, 3)
    ran = sent(store, campaign, relay, heard=heard, connections=2)
    assert isinstance(ran.ended.error, StoreError)
    assert ran.ended.unrecorded == []
    assert heard.sentences == ["nothing more is sent: there is no room on the disk"]
    found = tallied(ran)
    assert set(found) <= {"accepted", "waiting"}
    assert found.get("accepted", 0) == len(relay.accepted)
    monkeypatch.undo()
    assert tallied(sent(store, ran.campaign, scripted())) == {"accepted": 20}


@pytest.mark.parametrize("begin", [1, 2, 3, 7])
def test_a_disk_that_stays_full_leaves_nobody_who_would_get_it_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch, begin: int
) -> None:
    campaign, relay = campaign_of(store), scripted()
    Broken(monkeypatch, begin, 10_000)
    ran = sent(store, campaign, relay, connections=2)
    told = {each.id for each in ran.ended.unrecorded if each.event is Event.ACCEPT}
    monkeypatch.undo()
    second = scripted()
    again = sent(store, ran.campaign, second)
    assert not set(reached(relay)) & set(reached(second))
    assert again.tally.of(State.UNKNOWN) == len(told) <= 2
    assert len(relay.accepted) + len(second.accepted) == 20


def test_another_program_that_takes_the_campaign_over_stops_it(store: Store) -> None:
    campaign = campaign_of(store)

    def take_over() -> None:
        with store.database.transaction():
            store.database.run("UPDATE deliveries SET sender = 'other' WHERE sender <> ''")

    ran = sent(store, campaign, scripted(), heard=Heard(then=take_over))
    assert ran.ended.error is not None
    assert ran.ended.error.message.endswith("is not as this program left it")


def test_a_fault_of_the_program_ends_it_and_is_not_swallowed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a line would wait for an intent for ever."""

    def fault(*_arguments: object) -> None:
        raise ZeroDivisionError("a fault of the program")

    campaign = campaign_of(store)
    monkeypatch.setattr(Ledger, "commit", fault)
    with pytest.raises(ZeroDivisionError):
        sent(store, campaign, scripted())


# ------------------------------------------------------------------------------------ clocks


@pytest.mark.parametrize("jump", [-3600.0, 3600.0, 31_536_000.0])
def test_a_wall_clock_that_jumps_changes_nothing(store: Store, jump: float) -> None:
    steady = hurried()
    jumped: list[float] = [0.0]
    clock = Clock(lambda: steady.time() + jumped[0], steady.monotonic, steady.pace)
    heard = Heard(then=lambda: jumped.__setitem__(0, jump))
    ran = sent(store, campaign_of(store), scripted(), heard=heard, clock=clock)
    assert tallied(ran) == {"accepted": 20}


def test_the_year_2038_is_a_year_like_any(store: Store) -> None:
    relay = scripted(RCPT=["450 4.2.0 later"])
    ran = sent(store, campaign_of(store), relay, clock=hurried(2_147_483_640.0))
    assert tallied(ran) == {"accepted": 20}


def test_a_silent_relay_is_given_up_and_the_rest_is_sent(store: Store) -> None:
    relay = Relay(answers={"DATA": [SILENCE], "GREETING": [SILENCE, DIE]})
    ran = sent(store, campaign_of(store), relay, connections=2, timeouts=SOON)
    assert tallied(ran) == {"accepted": 20}
