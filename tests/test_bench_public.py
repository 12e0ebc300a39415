"""The benchmark of readers who leave runs the real programs and would see what went wrong."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.public import (
    TITLES,
    Amounts,
    Scene,
    late_of,
    lost_of,
    measure_public,
    one_burst,
    report,
    serving,
)
from benchmarks.public_load import Answer, post_all, read_answers, request, status_of
from benchmarks.public_rows import Burst, Measured, public_rows
from benchmarks.sending_letters import Letters, prepare
from benchmarks.sending_ours import workplace_for
from benchmarks.sending_programs import fast_sink
from smakom_mail.services.storing import open_store
from tests.conftest import ROOT

DONE = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngone"


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Letters:
    return prepare(ROOT, tmp_path_factory.mktemp("letters"), 600)


@pytest.fixture(scope="module")
def scene(letters: Letters) -> Iterator[Scene]:
    with (
        open_store(workplace_for(letters.root), {}, create=False) as store,
        fast_sink() as relay,
        serving(letters.root) as (server, port),
    ):
        yield Scene(letters.root, store, server, port, relay)


# ------------------------------------------------------------------------------------ the client


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (DONE, 200),
        (DONE.replace(b"200 OK", b"503 Service Unavailable"), 503),
        (DONE[:-1], 0),
        (DONE[:20], 0),
        (b"", 0),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 0),
    ],
)
def test_an_answer_counts_when_all_of_it_is_there(data: bytes, status: int) -> None:
    assert status_of(data) == status


def test_a_post_is_what_a_mail_program_sends() -> None:
    head, body = request("abc", anew=True).split(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"POST /u/abc HTTP/1.1",
        b"Host: nyhetsbrev.example",
        b"Content-Type: application/x-www-form-urlencoded",
        b"Content-Length: %d" % len(body),
        b"Connection: close",
    ]
    assert body == b"List-Unsubscribe=One-Click"
    assert b"Connection" not in request("abc", anew=False)


def test_answers_are_read_as_they_were_written(tmp_path: Path) -> None:
    answers = [Answer("abc", 200, 1.25, 1.5), Answer("def", 0, 2.0, 2.0)]
    file = tmp_path / "answers"
    file.write_text("".join(each.line for each in answers), encoding="ascii")

    assert read_answers(file) == answers


def test_a_post_to_which_nobody_answers_is_noted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port: int = nobody.getsockname()[1]
    answers: list[Answer] = []

    asyncio.run(post_all(port, 2, ["abc", "def", "ghi"], answers, anew=False))

    assert sorted((each.token, each.status) for each in answers) == [
        ("abc", 0),
        ("def", 0),
        ("ghi", 0),
    ]


# ------------------------------------------------------------------------------------- the bursts


@pytest.mark.parametrize("case", ["alone", "limited", "anew"])
def test_everybody_who_posts_has_left_and_the_send_goes_on(
    scene: Scene, letters: Letters, case: str
) -> None:
    some = list(TITLES).index(case) * 20
    tokens = [each.token for each in letters.recipients[some : some + 20]]

    burst = one_burst(scene, case, tokens, before=0.1)

    assert sorted(each.token for each in burst.accepted) == sorted(tokens)
    assert (burst.lost, burst.late, burst.over) == (0, 0, False)
    assert (burst.before is None) == (burst.meanwhile is None) == (case == "alone")


def test_whoever_was_answered_and_has_not_left_is_lost(scene: Scene, letters: Letters) -> None:
    never = letters.recipients[-1].token
    assert lost_of(scene.store, [Answer(never, 200, 1.0, 2.0)]) == 1
    assert lost_of(scene.store, [Answer(never, 503, 1.0, 2.0)]) == 0


def test_whoever_is_written_to_after_the_answer_is_late(scene: Scene, letters: Letters) -> None:
    tokens = [each.token for each in letters.recipients[100:120]]
    one_burst(scene, "limited", tokens, before=0.1)
    first = letters.recipients[200].token  # has her mail, as the first twenty have
    with scene.store.database.transaction():
        scene.store.database.run(
            "UPDATE deliveries SET first_at = '2026-01-01T00:00:01.000+00:00' WHERE token = :token",
            {"token": first},
        )

    at = 1767225601.0
    assert late_of(scene.store, [Answer(first, 200, at - 2, at - 1)]) == 1
    assert late_of(scene.store, [Answer(first, 200, at - 2, at + 1)]) == 0


def test_there_must_be_more_people_than_leave(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="5 people are too few for 8 who leave"):
        measure_public(ROOT, tmp_path, Amounts(rounds=1, posts=2, people=5))


def test_all_cases_are_measured_and_told(tmp_path: Path) -> None:
    amounts = Amounts(rounds=1, posts=5, people=200, before=0.05)

    told = report(amounts, measure_public(ROOT, tmp_path, amounts))

    assert "medians of 1 in turns, 5 POSTs each, 50 connections" in told
    assert [title for title in TITLES.values() if f"| {title} " not in told] == []
    for row in ("answered with 200, of 20", "– of them not in the database"):
        [line] = [line for line in told.splitlines() if row in line]
        assert line.split("|")[-2].strip() == "met"


# --------------------------------------------------------------------------------------- the rows


def test_what_is_not_reached_is_not_met() -> None:
    answers = [Answer(str(n), 200 if n else 503, n / 100, n / 100 + 0.05) for n in range(100)]
    burst = Burst(answers, lost=1, late=2, before=100.4, meanwhile=49.5, cpu=0.08, over=True)

    rows = public_rows({"full": "POSTs"}, Measured({"full": [burst]}))

    assert [row.cells for row in rows] == [
        ("POSTs", "95", "50, 50", "≥ 300/s", "not met"),
        ("– CPU of the server for 1,000", "", "0.80 s", "", ""),
        ("– messages sent before it", "100", "", "", ""),
        ("– messages sent meanwhile", "50", "", "", ""),
        ("– – of 1 sends, over before the burst was", "1", "", "", ""),
        ("answered with 200, of 100", "99", "", "all", "not met"),
        ("– of them not in the database", "1", "", "0", "not met"),
        ("– written to after their 200", "2", "", "0", "not met"),
    ]
