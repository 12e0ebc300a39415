"""Each fault of a relay at each step: the right state for whom it met, and the others get it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from smakom_mail.config.measures import Rate
from smakom_mail.mail.smtp.connection import Timeouts
from smakom_mail.model.campaign import Wish
from smakom_mail.services.sending.clock import Clock
from tests.mail.smtp.relay import (
    DIE,
    SILENCE,
    TAKE_AND_DIE,
    Answer,
    Relay,
    closing,
    half,
)
from tests.services.sending.engines import (
    PATIENT,
    SOON,
    Heard,
    campaign_of,
    reached,
    scripted,
    sent,
    store_of,
    tallied,
)

SLOW = Answer("250 2.0.0 " + "x" * 200, drip=0.01)
"""A byte at a time: every one of them is soon enough, the whole never is."""
FAULTS: dict[str, str | Answer] = {
    "dies": DIE,
    "says half a line and dies": half("25"),
    "says nothing": SILENCE,
    "says a byte a second": SLOW,
    "421": closing("421 4.3.2 relay.example is closing"),
    "450": "450 4.2.0 come again later",
    "451": "451 4.3.0 local error",
    "452": "452 4.2.2 mailbox full",
    "550": "550 5.1.1 no such user",
    "552": "552 5.2.2 mailbox full",
    "554": "554 5.7.1 refused",
}
ALL = {"accepted": 4}
ONE_REFUSED = {"accepted": 3, "refused": 1}
ONE_UNKNOWN = {"accepted": 3, "unknown": 1}
NOBODY = {"waiting": 4}
BEFORE = dict.fromkeys(FAULTS, ALL)
SETTINGS = BEFORE | {"550": NOBODY, "552": NOBODY, "554": NOBODY}
REFUSALS = BEFORE | {"550": ONE_REFUSED, "552": ONE_REFUSED, "554": ONE_REFUSED}
SILENT = ("dies", "says half a line and dies", "says nothing", "says a byte a second")
EXPECTED = {
    "GREETING": SETTINGS,
    "EHLO": SETTINGS,
    "MAIL": SETTINGS,
    "RCPT": REFUSALS,
    "DATA": REFUSALS,
    "DOT": REFUSALS | dict.fromkeys(SILENT, ONE_UNKNOWN),
}
TABLE = [(step, name, EXPECTED[step][name]) for step in EXPECTED for name in FAULTS]


def _patience(fault: str) -> Timeouts:
    return SOON if fault.startswith("says") else PATIENT


@pytest.mark.parametrize("extensions", [("PIPELINING", "ENHANCEDSTATUSCODES"), ()])
@pytest.mark.parametrize(("step", "fault", "expected"), TABLE)
def test_one_fault_ends_in_the_right_state_and_the_sums_hold(
    tmp_path: Path, step: str, fault: str, expected: dict[str, int], extensions: Sequence[str]
) -> None:
    relay = Relay(answers={step: [FAULTS[fault]]}, extensions=extensions)
    with store_of(tmp_path / "project", 4) as store:
        ran = sent(store, campaign_of(store), relay, timeouts=_patience(fault))
    assert tallied(ran) == expected
    assert len(reached(relay)) == len(set(reached(relay)))
    paused = expected == NOBODY
    assert (ran.campaign.wish is Wish.PAUSED, bool(ran.ended.why)) == (paused, paused)


@pytest.mark.parametrize(("step", "fault", "expected"), TABLE)
def test_a_fault_in_the_middle_of_a_run(
    tmp_path: Path, step: str, fault: str, expected: dict[str, int]
) -> None:
    """The same at a later step, on three connections: one recipient at most is not reached."""
    later = 0 if step in ("GREETING", "EHLO") else 7
    usual: list[str | Answer] = [{"DATA": "354 go on"}.get(step, "250 2.0.0 Ok")] * later
    relay = scripted(**{step: [*usual, FAULTS[fault]]})
    with store_of(tmp_path / "project", 20) as store:
        ran = sent(store, campaign_of(store), relay, connections=3, timeouts=_patience(fault))
    found = {"accepted": 0} | tallied(ran)
    if expected == NOBODY:
        assert found == {"accepted": len(relay.accepted), "waiting": 20 - len(relay.accepted)}
    else:
        assert found == expected | {"accepted": 16 + expected["accepted"]}
    assert len(reached(relay)) == len(set(reached(relay)))


def test_a_message_that_was_taken_although_the_connection_died_is_not_sent_again(
    tmp_path: Path,
) -> None:
    relay, afterwards = scripted(DOT=[TAKE_AND_DIE]), scripted()
    with store_of(tmp_path / "project", 3) as store:
        ran = sent(store, campaign_of(store), relay)
        again = sent(store, ran.campaign, afterwards)
    assert tallied(again) == {"accepted": 2, "unknown": 1}
    assert reached(relay) == ["reader1", "reader2", "reader3"]
    assert reached(afterwards) == []


def test_a_relay_that_dies_within_the_message_leaves_one_in_doubt(tmp_path: Path) -> None:
    """The dot had been handed over: it may have arrived."""
    with store_of(tmp_path / "project", 3) as store:
        ran = sent(store, campaign_of(store), scripted(BODY=[DIE]))
    assert tallied(ran) == {"accepted": 2, "unknown": 1}


def test_each_connection_leaves_one_in_doubt_at_most(tmp_path: Path) -> None:
    relay = scripted(DOT=[DIE] * 3)
    with store_of(tmp_path / "project", 30) as store:
        ran = sent(store, campaign_of(store), relay, connections=3)
    assert tallied(ran) == {"accepted": 27, "unknown": 3}


# ---------------------------------------------------------------------- a relay that wants nobody


@pytest.mark.parametrize(
    ("relay", "why"),
    [
        (
            scripted(DOT=["550 5.7.1 your IP is blocked"] * 99),
            "the relay refused 5 messages in a row: 550 5.7.1 your IP is blocked",
        ),
        (
            scripted(RCPT=["550 5.7.1 relaying denied"] * 99),
            "the relay does not send on for this machine or account",
        ),
        (
            scripted(MAIL=["550 5.7.1 sender rejected"] * 99),
            "the relay refuses this sender or session",
        ),
        (
            scripted(DOT=["554 5.2.0 SendAsDenied; kim not allowed to send as brev"] * 99),
            "",
        ),
    ],
)
def test_a_relay_that_refuses_everybody_pauses_the_campaign_and_burns_nobody(
    tmp_path: Path, relay: Relay, why: str
) -> None:
    with store_of(tmp_path / "project", 12) as store:
        ran = sent(store, campaign_of(store), relay, connections=2)
    assert tallied(ran) == {"waiting": 12}
    assert ran.campaign.wish is Wish.PAUSED
    assert ran.campaign.why == ran.ended.why
    assert why in ran.ended.why


def test_four_refusals_in_a_row_are_about_four_people(tmp_path: Path) -> None:
    relay = scripted(RCPT=["550 5.7.1 we know better"] * 4)
    with store_of(tmp_path / "project", 12) as store:
        ran = sent(store, campaign_of(store), relay)
    assert tallied(ran) == {"accepted": 8, "refused": 4}


def test_any_number_of_addresses_that_do_not_exist_stop_nothing(tmp_path: Path) -> None:
    relay = scripted(RCPT=["550 5.1.1 no such user"] * 11)
    with store_of(tmp_path / "project", 12) as store:
        ran = sent(store, campaign_of(store), relay)
    assert tallied(ran) == {"accepted": 1, "refused": 11}


def test_a_relay_that_is_not_there_pauses_the_campaign(tmp_path: Path) -> None:
    relay = scripted(GREETING=[DIE] * 99)
    with store_of(tmp_path / "project", 3) as store:
        ran = sent(store, campaign_of(store), relay)
    assert (tallied(ran), ran.campaign.wish) == ({"waiting": 3}, Wish.PAUSED)


def test_a_relay_that_says_421_on_every_connection_pauses_the_campaign(tmp_path: Path) -> None:
    relay = scripted(GREETING=[closing("421 4.3.2 closed for the weekend")] * 99)
    with store_of(tmp_path / "project", 3) as store:
        ran = sent(store, campaign_of(store), relay, connections=2)
    assert (tallied(ran), ran.campaign.wish) == ({"waiting": 3}, Wish.PAUSED)


def test_a_relay_that_says_421_to_every_sender_pauses_the_campaign(tmp_path: Path) -> None:
    relay = scripted(MAIL=[closing("421 4.3.2 closed for the weekend")] * 99)
    with store_of(tmp_path / "project", 3) as store:
        ran = sent(store, campaign_of(store), relay)
    assert (tallied(ran), ran.campaign.wish) == ({"waiting": 3}, Wish.PAUSED)


def test_too_many_connections_are_one_fewer_and_nobody_is_lost(tmp_path: Path) -> None:
    relay = Relay(most=2)
    with store_of(tmp_path / "project", 40) as store:
        ran = sent(store, campaign_of(store), relay, connections=5)
    assert tallied(ran) == {"accepted": 40}


def test_432_at_the_message_is_one_connection_fewer(tmp_path: Path) -> None:
    relay = scripted(DOT=["432 4.3.2 STOREDRV; concurrent connections limit exceeded"])
    with store_of(tmp_path / "project", 10) as store:
        ran = sent(store, campaign_of(store), relay, connections=3)
    assert tallied(ran) == {"accepted": 10}


@pytest.mark.parametrize(
    "reply",
    [
        "454 4.7.0 Throttling failure: Daily message quota exceeded",
        "550 5.4.5 Daily user sending limit exceeded",
        "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
    ],
)
def test_a_used_up_quota_waits_and_refuses_nobody(tmp_path: Path, reply: str) -> None:
    heard = Heard()
    relay = scripted(DOT=["250 2.0.0 Ok", reply])
    with store_of(tmp_path / "project", 4) as store:
        ran = sent(store, campaign_of(store), relay, heard=heard)
    assert tallied(ran) == {"accepted": 4}
    (said,) = heard.sentences
    assert said.endswith("; it is asked again in 15 minutes")


def test_a_used_up_quota_ends_a_run_that_does_not_wait(tmp_path: Path) -> None:
    """The one whose envelope had gone with the message is asked about all the same."""
    heard = Heard()
    relay = scripted(DOT=["250 2.0.0 Ok", "550 5.4.5 Daily user sending limit exceeded"])
    with store_of(tmp_path / "project", 4) as store:
        ran = sent(store, campaign_of(store), relay, heard=heard, wait=False)
    assert tallied(ran) == {"accepted": 2, "waiting": 2}
    assert (ran.campaign.wish, ran.campaign.why) == (
        Wish.PAUSED,
        (
            "the relay's quota for this period is used up: 550 5.4.5 Daily user sending limit "
            "exceeded; it is not waited for, as --no-wait was given"
        ),
    )
    assert heard.sentences == []


def test_a_complaint_about_the_rate_makes_it_slower(tmp_path: Path) -> None:
    relay = scripted(RCPT=["454 4.7.0 Throttling failure: Maximum sending rate exceeded."])
    with store_of(tmp_path / "project", 6) as store:
        ran = sent(store, campaign_of(store), relay, rate=Rate(((100, 1),)))
    assert tallied(ran) == {"accepted": 6}


# ------------------------------------------------------------------------------ time and lifetime


def test_who_is_deferred_for_a_lifetime_is_refused_with_the_reason(tmp_path: Path) -> None:
    relay = scripted(RCPT=["450 4.2.0 later"] * 999)
    with store_of(tmp_path / "project", 2) as store:
        campaign = campaign_of(store)
        ran = sent(store, campaign, relay, lifetime=3600.0)
        rows = store.database.all("SELECT why, attempts FROM deliveries")
    assert tallied(ran) == {"refused": 2}
    assert {row["why"] for row in rows} == {"the relay had not taken it in 1 hours"}
    assert all(3 <= row["attempts"] <= 8 for row in rows)


def test_a_run_that_does_not_wait_leaves_who_is_deferred(tmp_path: Path) -> None:
    relay = scripted(RCPT=["450 4.2.0 later"] * 2)
    with store_of(tmp_path / "project", 4) as store:
        # By the true clock: in a hurried one they are due before a busy machine has ended the run.
        ran = sent(store, campaign_of(store), relay, wait=False, clock=Clock())
        tries = store.database.all(
            "SELECT attempts, first_at FROM deliveries WHERE state = 'deferred'"
        )
    assert tallied(ran) == {"accepted": 2, "deferred": 2}
    assert all(row["attempts"] == 1 and row["first_at"] for row in tries)
