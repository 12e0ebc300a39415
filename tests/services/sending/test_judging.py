"""What a row of replies means: delays that grow, breakers, connections and quotas."""

import pytest

from smakom_mail.mail.smtp.replies import NO_REPLY, Reply
from smakom_mail.mail.smtp.verdicts import Action, Phase, Verdict
from smakom_mail.model.delivery import Event
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.judging import (
    DELAYS,
    FAILURES,
    HANDSHAKES,
    QUOTA_PAUSE,
    ROW,
    Decision,
    Judge,
)

NOW = 1_714_550_400.0  # 2024-05-01 08:00 UTC


def judge(connections: int = 3, luck: float = 0.5, *, waits: bool = True) -> Judge:
    """Give a judge whose clock stands still."""
    return Judge(Clock(lambda: NOW, lambda: 100.0), connections, lambda: luck, waits)


def verdict(
    action: Action,
    reply: str = "450 4.2.0 later",
    phase: Phase = Phase.DOT,
    *,
    address: bool = False,
) -> Verdict:
    """Make a verdict about a reply."""
    code, enhanced, text = reply.split(" ", 2)
    return Verdict(action, Reply(int(code), enhanced, text), phase, "why", address)


def delay_of(decision: Decision) -> str:
    """Give the time of day of the next try."""
    return decision.outcome.next_at[11:19]


def test_what_is_taken_is_accepted_with_the_relay_s_words() -> None:
    outcome = judge().decide(1, verdict(Action.ACCEPT, "250 2.0.0 Ok: queued as 4F")).outcome
    assert (outcome.event, outcome.code, outcome.why) == (Event.ACCEPT, 250, "")
    assert outcome.reply == "250 2.0.0 Ok: queued as 4F"


def test_the_delay_grows_with_each_deferral_of_a_recipient() -> None:
    one = judge()
    found = [delay_of(one.decide(1, verdict(Action.DEFER))) for _ in range(6)]
    assert found == ["08:05:00", "08:15:00", "08:30:00", "09:00:00", "10:00:00", "10:00:00"]
    assert delay_of(one.decide(2, verdict(Action.DEFER))) == "08:05:00"


@pytest.mark.parametrize(
    ("luck", "time"), [(0.0, "08:04:00"), (0.5, "08:05:00"), (1.0, "08:06:00")]
)
def test_chance_spreads_the_delays_by_a_fifth(luck: float, time: str) -> None:
    assert delay_of(judge(luck=luck).decide(1, verdict(Action.DEFER))) == time
    assert DELAYS[0] == 300


@pytest.mark.parametrize("action", [Action.REFUSE, Action.BREAKER])
def test_a_row_of_one_kind_stops_and_takes_the_whole_row_back(action: Action) -> None:
    one = judge()
    decisions = [one.decide(n, verdict(action, "550 5.7.1 no")) for n in range(1, ROW + 1)]
    assert [each.stop for each in decisions[:-1]] == [""] * (ROW - 1)
    assert decisions[-1].stop == "the relay refused 5 messages in a row: 550 5.7.1 no"
    assert decisions[-1].reopen == (1, 2, 3, 4, 5)


def test_what_is_refused_behind_the_row_is_given_back() -> None:
    one = judge()
    for number in range(ROW):
        one.decide(number, verdict(Action.REFUSE, "550 5.7.1 no"))
    assert one.decide(9, verdict(Action.REFUSE, "550 5.7.1 no")).outcome.event is Event.RELEASE


def test_a_yes_ends_a_row() -> None:
    one = judge()
    for _ in range(3):
        for number in range(ROW - 1):
            assert not one.decide(number, verdict(Action.REFUSE, "550 5.7.1 no")).stop
        one.decide(9, verdict(Action.ACCEPT, "250 2.0.0 Ok"))


def test_refusals_of_different_kinds_are_no_row() -> None:
    one = judge()
    kinds = ["550 5.7.1 no", "554 5.6.0 no", "550 5.7.1 no", "554 5.6.0 no", "552 5.3.4 no"]
    found = [one.decide(n, verdict(Action.REFUSE, kind)).stop for n, kind in enumerate(kinds * 2)]
    assert found == [""] * 10


def test_addresses_that_do_not_exist_are_no_row_and_break_none() -> None:
    one = judge()
    gone = verdict(Action.REFUSE, "550 5.1.1 no such user", Phase.RCPT, address=True)
    stops = []
    for number in range(ROW):
        assert not one.decide(number, gone).stop
        stops.append(one.decide(10 + number, verdict(Action.REFUSE, "550 5.7.1 no")).stop)
    assert stops[-1] == "the relay refused 5 messages in a row: 550 5.7.1 no"


def test_fewer_connections_never_become_none() -> None:
    one = judge(connections=2)
    for number in range(4):
        decision = one.decide(number, verdict(Action.FEWER, "432 4.3.2 concurrent"))
        assert (decision.outcome.event, decision.close) == (Event.RELEASE, True)
    assert one.connections == 1


def test_a_quota_waits_a_quarter_of_an_hour() -> None:
    one = judge()
    decision = one.decide(1, verdict(Action.QUOTA, "550 5.4.5 daily limit"))
    assert (decision.outcome.event, decision.said) == (
        Event.RELEASE,
        "why; it is asked again in 15 minutes",
    )
    assert one.resume_at == one.open_at == 100.0 + QUOTA_PAUSE


def test_a_quota_that_is_not_waited_for_stops() -> None:
    full = verdict(Action.QUOTA, "452 4.5.3 daily quota exceeded", Phase.MAIL)
    why = "why: 452 4.5.3 daily quota exceeded; it is not waited for, as --no-wait was given"
    decision = judge(waits=False).decide(1, full)
    assert (decision.outcome.event, decision.stop, decision.said) == (Event.RELEASE, why, "")
    assert judge(waits=False).failed(full) == why
    assert judge().failed(full) == ""


def test_a_421_before_the_dot_gives_back_and_behind_it_defers() -> None:
    closing = "421 4.3.2 closing"
    before = judge().decide(1, verdict(Action.RECONNECT, closing, Phase.RCPT))
    behind = judge().decide(1, verdict(Action.RECONNECT, closing, Phase.DOT))
    assert (before.outcome.event, before.outcome.next_at) == (Event.RELEASE, "")
    assert (behind.outcome.event, delay_of(behind)) == (Event.DEFER, "08:05:00")
    assert before.close
    assert behind.close


def test_connections_that_come_to_nothing_are_waited_for_longer_and_longer_then_stop() -> None:
    one = judge()
    failed = Verdict(Action.RECONNECT, NO_REPLY, Phase.CONNECT, "it does not answer")
    found = []
    for _ in range(FAILURES):
        why = one.failed(failed)
        found.append((one.open_at - 100.0, why))
    assert found == [(1, ""), (2, ""), (4, ""), (8, ""), (16, ""), (32, "it does not answer")]


def test_a_tls_that_has_never_come_about_is_tried_three_times() -> None:
    one = judge()
    cut = Verdict(Action.RECONNECT, NO_REPLY, Phase.STARTTLS, "it broke off")
    assert [one.failed(cut) for _ in range(HANDSHAKES)] == ["", "", "it broke off"]


def test_a_tls_that_came_about_before_is_tried_as_any_connection() -> None:
    one = judge()
    one.decide(1, verdict(Action.ACCEPT, "250 2.0.0 Ok"))
    cut = Verdict(Action.RECONNECT, NO_REPLY, Phase.STARTTLS, "it broke off")
    assert [one.failed(cut) for _ in range(FAILURES)] == [*[""] * (FAILURES - 1), "it broke off"]


def test_a_connection_that_worked_is_opened_again_at_once() -> None:
    one = judge()
    assert one.lost("the relay closed the connection", worked=True) == ""
    assert (one.open_at, one.careful) == (100.0, False)


def test_settings_that_are_wrong_stop_at_once() -> None:
    wrong = Verdict(Action.STOP, NO_REPLY, Phase.AUTH, "the relay does not know the password")
    assert judge().failed(wrong) == "the relay does not know the password"
    decision = judge().decide(1, verdict(Action.STOP, "530 5.7.0 log in first", Phase.MAIL))
    assert (decision.outcome.event, decision.stop) == (
        Event.RELEASE,
        "why: 530 5.7.0 log in first",
    )
