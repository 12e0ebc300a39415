"""A relay that plays any script: each fault ends in the right state."""

from collections.abc import Mapping, Sequence

import pytest

from smakom_mail.mail.smtp.connection import Timeouts
from smakom_mail.mail.smtp.events import DEADLINES
from smakom_mail.mail.smtp.verdicts import Phase
from tests.mail.smtp.relay import (
    DEFAULTS,
    DIE,
    EXTENSIONS,
    SILENCE,
    TAKE_AND_DIE,
    Answer,
    Relay,
    closing,
    half,
)
from tests.mail.smtp.sender import conversation

READY = "ready with pipelining"
OK = "accept (the relay has accepted it): 250 2.0.0 Ok: queued"
CLOSED = "over: the relay closed the connection"
ONE_BY_ONE = tuple(each for each in EXTENSIONS if each != "PIPELINING")


def taken(relay: Relay) -> list[str]:
    """Say whose messages the relay accepted."""
    return [mail.recipient.partition("@")[0] for mail in relay.accepted]


# What happens -> what becomes of readers 1, 2 and 3, whose messages go out in this order.
FAULTS: dict[str, tuple[Mapping[str, Sequence[str | Answer]], list[str], list[str]]] = {
    "dies before the banner": (
        {"GREETING": [DIE]},
        ["failed: reconnect (the relay closed the connection)"],
        [],
    ),
    "sends half a banner": (
        {"GREETING": [half("220 rel")]},
        ["failed: reconnect (the relay closed the connection)"],
        [],
    ),
    "dies after MAIL": (
        {"MAIL": [DIE]},
        [READY, "1: waiting", CLOSED],
        [],
    ),
    "dies after the second RCPT": (
        {"RCPT": ["250 2.1.5 Ok", DIE]},
        [READY, "1: wanted", f"1: {OK}", "2: waiting", CLOSED],
        ["reader1"],
    ),
    "dies after DATA": (
        {"DATA": [DIE]},
        [READY, "1: waiting", CLOSED],
        [],
    ),
    "sends half a 354": (
        {"DATA": [half("354 End da")]},
        [READY, "1: waiting", CLOSED],
        [],
    ),
    "dies in the message": (
        {"BODY": [DIE]},
        [READY, "1: wanted", "2: waiting", "1: unknown", CLOSED],
        [],
    ),
    "dies behind the dot, without the message": (
        {"DOT": [DIE]},
        [READY, "1: wanted", "2: waiting", "1: unknown", CLOSED],
        [],
    ),
    "dies behind the dot, with the message": (
        {"DOT": [TAKE_AND_DIE]},
        [READY, "1: wanted", "2: waiting", "1: unknown", CLOSED],
        ["reader1"],
    ),
    "sends half a 250": (
        {"DOT": [Answer("250 2.0.0 O", die=True, raw=True, takes=True)]},
        [READY, "1: wanted", "2: waiting", "1: unknown", CLOSED],
        ["reader1"],
    ),
    "sends what is no reply behind the dot": (
        {"DOT": [Answer("Ok: queued", takes=True)]},
        [
            READY,
            "1: wanted",
            "2: waiting",
            "1: unknown",
            "over: the relay is out of step: it sent what is no reply: 'Ok: queued'",
        ],
        ["reader1"],
    ),
    "answers the dot with 354": (
        {"DOT": ["354 go on"]},
        [
            READY,
            "1: wanted",
            "2: waiting",
            "1: unknown",
            "over: the relay is out of step: it answered end of message with 354 go on",
        ],
        [],
    ),
    "421 at the banner": (
        {"GREETING": [closing("421 4.3.2 Shutting down")]},
        ["failed: reconnect (the relay closes the connection): 421 4.3.2 Shutting down"],
        [],
    ),
    "421 at MAIL": (
        {"MAIL": [closing("421 4.3.2 Shutting down")]},
        [
            READY,
            "1: reconnect (the relay closes the connection): 421 4.3.2 Shutting down",
            "2: waiting",
            "over: the relay closed the connection: 421 4.3.2 Shutting down",
        ],
        [],
    ),
    "421 at the dot": (
        {"DOT": [closing("421 4.3.2 Shutting down")]},
        [
            READY,
            "1: wanted",
            "1: reconnect (the relay closes the connection): 421 4.3.2 Shutting down",
            "2: waiting",
            "over: the relay closed the connection: 421 4.3.2 Shutting down",
        ],
        [],
    ),
    "450 at RCPT": (
        {"RCPT": ["450 4.2.0 Greylisted"]},
        [
            READY,
            "1: defer (the relay makes a new sender wait): 450 4.2.0 Greylisted",
            "2: wanted",
            f"2: {OK}",
            "3: wanted",
            f"3: {OK}",
            "over",
        ],
        ["reader2", "reader3"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_in_the_right_state(fault: str) -> None:
    answers, log, accepted = FAULTS[fault]
    relay = Relay(answers=answers)
    assert conversation(relay, 3) == log
    assert taken(relay) == accepted


# What becomes of a message by a code at a step, without words that say more.
ACTIONS = {
    "MAIL": "450 reconnect, 451 reconnect, 452 slower, 550 stop, 552 stop, 554 stop",
    "RCPT": "450 defer, 451 defer, 452 slower, 550 refuse, 552 refuse, 554 refuse",
    "DATA": "450 defer, 451 defer, 452 slower, 550 breaker, 552 breaker, 554 breaker",
    "DOT": "450 defer, 451 defer, 452 slower, 550 breaker, 552 breaker, 554 breaker",
}
CELLS = [(step, *cell.split(" ")) for step, cells in ACTIONS.items() for cell in cells.split(", ")]


@pytest.mark.parametrize("extensions", [EXTENSIONS, ONE_BY_ONE], ids=["pipelining", "one by one"])
@pytest.mark.parametrize(("step", "code", "action"), CELLS)
def test_a_no_at_any_step_ends_one_delivery_and_no_other(
    step: str, code: str, action: str, extensions: tuple[str, ...]
) -> None:
    relay = Relay(answers={step: [DEFAULTS[step], f"{code} no"]}, extensions=extensions)
    log = conversation(relay, 3)
    outcomes = [line.split(" ")[:2] for line in log if line[0].isdigit() and "wanted" not in line]
    assert outcomes == [["1:", "accept"], ["2:", action], ["3:", "accept"]]
    assert log[-1] == "over"
    assert taken(relay) == ["reader1", "reader3"]


@pytest.mark.parametrize("answer", [SILENCE, Answer("250-" + "x" * 4000, drip=0.002)])
@pytest.mark.parametrize("extensions", [EXTENSIONS, ONE_BY_ONE], ids=["pipelining", "one by one"])
@pytest.mark.parametrize(
    ("step", "phase", "log"),
    [
        ("GREETING", Phase.GREETING, ["failed: reconnect (the relay left greeting unanswered"]),
        ("EHLO", Phase.EHLO, ["failed: reconnect (the relay left EHLO unanswered"]),
        ("MAIL", Phase.MAIL, ["1: waiting", "over: the relay left MAIL FROM unanswered"]),
        ("RCPT", Phase.RCPT, ["1: waiting", "over: the relay left RCPT TO unanswered"]),
        ("DATA", Phase.DATA, ["1: waiting", "over: the relay left DATA unanswered"]),
        ("DOT", Phase.DOT, ["1: unknown", "over: the relay left end of message unanswered"]),
        ("QUIT", Phase.QUIT, [f"1: {OK}", "over"]),
    ],
)
def test_a_relay_that_sends_a_byte_now_and_then_is_given_up_like_a_silent_one(
    step: str, phase: Phase, log: list[str], extensions: tuple[str, ...], answer: Answer
) -> None:
    relay = Relay(answers={step: [answer]}, extensions=extensions)
    timeouts = Timeouts(check=0.02, answers={**DEADLINES, phase: 0.2})
    told = conversation(relay, 1, timeouts=timeouts)
    told = [line.partition(" for 0.2 seconds")[0] for line in told if "wanted" not in line]
    assert [line for line in told if not line.startswith("ready")] == log


def test_an_answer_may_take_as_long_as_the_standard_says() -> None:
    """RFC 5321 section 4.5.3.2; a dot that is given up too early means a second copy."""
    at_least = {"greeting": 300, "MAIL FROM": 300, "RCPT TO": 300, "DATA": 120}
    at_least["end of message"] = 600
    assert {str(phase): DEADLINES[phase] for phase in DEADLINES if phase in at_least} == at_least
    assert Timeouts().answers == DEADLINES
    assert set(DEADLINES) == set(Phase) - {Phase.CONNECT}
