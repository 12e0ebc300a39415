"""The benchmark of sending sends the real newsletter with the real programs; nothing is timed."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import sending_programs
from benchmarks.sending import (
    MANY,
    Cases,
    amounts_for,
    certificates,
    far_cases,
    fast_cases,
    measure_memory,
    measure_postfix,
    report,
    sink_cases,
    take_turns,
)
from benchmarks.sending_compose import Composing, measure_composing
from benchmarks.sending_letters import Letters, prepare
from benchmarks.sending_ours import Taken
from benchmarks.sending_programs import (
    PeerMissingError,
    by_library,
    by_smtp_source,
    far,
    fast_sink,
    smtp_sink,
    taken_by_sink,
)
from benchmarks.sending_rows import Amounts, Measured, Memory, sending_rows
from benchmarks.sending_sink import Counted, Session
from tests.conftest import ROOT

FEW = Amounts(rounds=1, fast=12, postfix=5, nodemailer=3, library=2, far=2, recipients=30, sent=20)
LONG = b"".join(b"%060d\r\n" % number for number in range(200))


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Letters:
    return prepare(ROOT, tmp_path_factory.mktemp("letters"), FEW.fast)


@pytest.fixture
def sinks(tmp_path: Path) -> Iterator[tuple[int, int, Path]]:
    pem, chain = certificates(tmp_path)
    with fast_sink() as port, fast_sink(chain) as tls:
        yield port, tls, pem


def only(cases: Cases, *keys: str) -> Cases:
    return {key: cases[key] for key in keys}


# ---------------------------------------------------------------------------------- what is sent


def test_everybody_sends_the_repositorys_own_edition_to_people_who_all_differ(
    letters: Letters,
) -> None:
    parts = json.loads(letters.peers.read_text(encoding="utf-8"))
    assert letters.frozen.edition == "januari-2021"
    assert parts["html"].count("@@unsubscribe@@") == len(
        [slot for slot in letters.frozen.html.slots if slot.name == "unsubscribe"]
    )
    for name in ("email", "message_id", "token", "unsubscribe"):
        assert len({each[name] for each in parts["recipients"]}) == FEW.fast
    source = letters.source.read_bytes()
    assert b"\r" not in source
    assert len(source) + source.count(b"\n") == letters.size
    assert 60_000 < letters.size < 100_000


def test_we_send_in_all_ways_and_the_sinks_have_taken_every_message(
    letters: Letters, sinks: tuple[int, int, Path]
) -> None:
    port, tls, pem = sinks
    measured = Measured(FEW)
    every = fast_cases(letters, FEW, port, tls, pem)
    ways = ("fast 10 ours", "fast 10 bare", "fast 10 dkim", "fast 1 ours", "fast 10 tls")
    take_turns(measured, only(every, *ways))
    assert {key: [run.messages for run in runs] for key, runs in measured.runs.items()} == {
        key: [FEW.fast] for key in ways
    }
    assert taken_by_sink(port) == 4 * FEW.fast
    assert all(run.cpu > 0 < run.seconds for runs in measured.runs.values() for run in runs)


def test_the_others_send_as_many_each_or_are_named_as_missing(
    letters: Letters, sinks: tuple[int, int, Path]
) -> None:
    port, tls, pem = sinks
    measured = Measured(FEW)
    every = fast_cases(letters, FEW, port, tls, pem)
    others = ("fast 10 source", "nodemailer", "aiosmtplib", "smtplib", "emails")
    take_turns(measured, only(every, *others))
    assert set(measured.runs) | set(measured.missing) == set(others)
    sent = [run.messages for runs in measured.runs.values() for run in runs]
    assert taken_by_sink(port) == sum(sent)
    assert "smtplib" in measured.runs


def test_a_far_relay_and_postfixs_sink_are_sent_to(
    letters: Letters, sinks: tuple[int, int, Path]
) -> None:
    measured = Measured(FEW)
    with far(sinks[0], 0.001) as distant, smtp_sink() as port:
        take_turns(measured, only(far_cases(letters, FEW, distant), "far 10 ours"))
        take_turns(measured, only(sink_cases(letters, FEW, port), "sink 4 source", "sink 4 ours"))
    assert {key: runs[0].messages for key, runs in measured.runs.items()} == {
        "far 10 ours": 5 * FEW.far,
        "sink 4 source": FEW.fast,
        "sink 4 ours": FEW.fast,
    }
    assert taken_by_sink(sinks[0]) == 5 * FEW.far


def test_a_real_postfix_is_sent_to_with_and_without_tls(letters: Letters, tmp_path: Path) -> None:
    measured = Measured(FEW)
    measure_postfix(measured, letters, tmp_path)
    assert measured.missing == {}
    assert {key: runs[0].messages for key, runs in measured.runs.items()} == dict.fromkeys(
        ("postfix source", "postfix ours", "postfix tls"), FEW.postfix
    )


def test_memory_is_that_of_planning_for_all_and_of_sending_to_some(
    letters: Letters, tmp_path: Path
) -> None:
    with fast_sink() as port:
        memory = measure_memory(tmp_path, letters, FEW, port)
        assert taken_by_sink(port) == FEW.sent + FEW.fast
    assert (memory.planned, memory.sent, memory.few) == (FEW.recipients, FEW.sent, FEW.fast)
    assert min(memory.plan, memory.send, memory.few_plan, memory.few_send) > 5
    assert (tmp_path / "people" / "newsletters" / MANY).is_dir()


def test_a_message_a_signed_one_and_a_bare_signature_are_measured(letters: Letters) -> None:
    composing = measure_composing(letters.frozen, letters.recipients, turns=1)
    assert composing.plain < composing.signed
    assert composing.bare > 0


# -------------------------------------------------------------------------------- what is missing


def test_what_is_not_installed_is_named_and_the_rest_is_measured(
    letters: Letters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sending_programs, "_SERVERS", ())
    measured = Measured(FEW)
    with fast_sink() as port:
        every = fast_cases(letters, FEW, port, 0, tmp_path)
        library = {"lost": lambda: by_library("no_such_library", letters, port, 1)}
        take_turns(measured, {**only(every, "fast 10 source", "nodemailer", "smtplib"), **library})
    measure_postfix(measured, letters, tmp_path)
    assert list(measured.runs) == ["smtplib"]
    assert report(measured).splitlines()[:6] == [
        "sending: medians of 1 in turns, 12 messages each",
        "measured without no_such_library",
        "measured without node",
        "measured without postfix (of Postfix)",
        "measured without smtp-source (of Postfix)",
        "",
    ]


def test_a_sink_that_cannot_be_started_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sending_programs, "_SERVERS", ())
    with (
        pytest.raises(PeerMissingError, match=r"^smtp-sink \(of Postfix\)$"),
        ExitStack() as stack,
    ):
        stack.enter_context(smtp_sink())


def test_a_sender_that_fails_is_not_measured(letters: Letters) -> None:
    with pytest.raises(SystemExit, match=r"smtp-source.* ended with 1"):
        by_smtp_source(letters, 1, 1)


# -------------------------------------------------------------------------------------- the rows


def run_of(rate: float, cpu: float) -> list[Taken]:
    """Give three runs whose medians are these."""
    return [Taken(1000, 1000 / each, cpu, 50.0) for each in (rate, rate / 2, rate * 2)]


def test_the_rows_say_what_is_reached_and_what_is_not() -> None:
    measured = Measured(
        Amounts(),
        runs={
            "fast 10 source": run_of(4000, 0.1),
            "fast 10 ours": run_of(3880, 0.2504),
            "nodemailer": run_of(480, 3.0),
            "aiosmtplib": run_of(131, 9.0),
            "sink 10 ours": run_of(860, 0.25),
            "sink 10 bare": run_of(1000, 0.19),
            "postfix source": run_of(1000, 0.1),
            "postfix tls": run_of(600, 0.3),
            "far 1 ours": run_of(40, 1.0),
        },
        composing=Composing(49.96, 379.96, 250.0),
        memory=Memory(1_000_000, 20_000, 300.4, 80.0, 3000, 70.0, 71.0),
    )
    judged = [row.cells for row in sending_rows(measured) if row.met is not None]
    assert judged == [
        ("compose one message", "", "50.0 µs", "≤ 50 µs", "met"),
        ("– what DKIM adds / the bare signature", "", "1.32 ×", "≤ 1.3 ×", "not met"),
        ("– ours, with the ledger", "3,880", "0.250", "≤ 0.25 s CPU", "not met"),
        ("– – ours / smtp-source", "0.97 ×", "", "≥ 1 ×", "not met"),
        ("– – ours / nodemailer", "8.08 ×", "", "≥ 8 ×", "met"),
        ("– – ours / aiosmtplib", "29.62 ×", "", "≥ 30 ×", "not met"),
        ("– – the ledger, of the rate", "14 %", "", "≤ 15 %", "met"),
        ("– – the ledger, CPU", "", "0.060", "≤ 0.06 s CPU", "met"),
        ("– – ours over TLS / smtp-source without", "0.60 ×", "", "≥ 0.6 ×", "met"),
        ("– ours, with the ledger", "40", "1.000", "≥ 40/s", "met"),
        ("memory: 1,000,000 planned", "", "300 MB", "≤ 300 MB", "not met"),
        ("– 20,000 of them sent", "", "80 MB", "≤ 300 MB", "met"),
    ]


def test_a_row_without_a_measurement_claims_nothing() -> None:
    rows = [row.cells for row in sending_rows(Measured(Amounts()))]
    assert {row[4] for row in rows} == {""}
    assert rows[:3] == [
        ("fast sink, 10 connections: smtp-source: not measured", "", "", "", ""),
        ("– ours, with the ledger: not measured", "", "", "≤ 0.25 s CPU", ""),
        ("– – ours / smtp-source", "not measured", "", "≥ 1 ×", ""),
    ]


def test_fewer_messages_are_fewer_everywhere() -> None:
    assert amounts_for(3000, 3, 1_000_000) == Amounts()
    few = amounts_for(30, 1, 100)
    assert (few.fast, few.postfix, few.nodemailer, few.library, few.far) == (30, 15, 6, 2, 2)


# -------------------------------------------------------------------------------------- the sink


def said(stream: bytes, cuts: list[int]) -> tuple[bytes, Counted]:
    """Give what the sink answers to a stream that arrives in pieces, and what it has counted."""
    counted = Counted()
    session = Session(counted)
    replies, places = b"", sorted({cut % (len(stream) + 1) for cut in cuts})
    for start, end in zip([0, *places], [*places, len(stream)], strict=True):
        buffer = bytearray(stream[start:end])
        replies += session.answer(buffer, len(buffer))
    return replies, counted


@given(
    st.lists(st.sampled_from([b"", b"x\r\n", b".. a\r\n", b"one.\r\ntwo\r\n", LONG]), max_size=3),
    st.lists(st.integers(0, 40_000), max_size=6),
)
def test_the_sink_counts_each_message_however_it_is_cut(
    bodies: list[bytes], cuts: list[int]
) -> None:
    ask = b"MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"
    stream = b"".join([ask, *(body + b".\r\n" + ask for body in bodies)])
    # Nobody sends a body before it is asked for: each begins a reading of its own.
    begins = [len(ask)]
    for body in bodies:
        begins.append(begins[-1] + len(body) + 3 + len(ask))
    replies, counted = said(stream, [*begins, *cuts])
    assert counted.messages == len(bodies)
    assert replies.count(b"250 2.0.0 Ok: queued as") == len(bodies)
    assert replies.count(b"354 go on\r\n") == len(bodies) + 1
    assert counted.octets == sum(len(body) + 3 for body in bodies)


def test_the_sink_takes_leave_and_says_what_it_has_taken() -> None:
    stream = b"EHLO me\r\nDATA\r\nhello\r\n.\r\nXCOUNT\r\nQUIT\r\n"
    assert said(stream, [])[0].splitlines() == [
        b"250-sink.example",
        b"250-PIPELINING",
        b"250-SIZE 52428800",
        b"250 8BITMIME",
        b"354 go on",
        b"250 2.0.0 Ok: queued as 1",
        b"250 1 10",
        b"221 2.0.0 bye",
    ]
