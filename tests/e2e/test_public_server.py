"""The server itself: killed, ended, waited for, asked by a real client in every allowed form."""

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.served import Serving, form, made, serving, token
from tests.services.receiving import opened

PEOPLE = tuple(f"a{n}@kommun.se" for n in range(400))
URLENCODED = form(**{"List-Unsubscribe": "One-Click"})
MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    {"content-type": "multipart/form-data; boundary=b"},
)


def left(root: Path) -> set[str]:
    """Read who has left, as any program would."""
    with sqlite3.connect(root / "var" / "smakom-mail.db") as connection:
        rows = connection.execute(
            "SELECT s.email FROM memberships m JOIN subscribers s ON s.id = m.subscriber_id "
            "JOIN suppressions u ON u.fingerprint = s.fingerprint AND u.list_slug = m.list_slug "
            "WHERE m.state = 'left'"
        )
        return {email for (email,) in rows}


def leave_one_after_another(
    server: Serving, tokens: dict[str, str], answered: list[str], enough: threading.Event
) -> None:
    """Leave for many, until the server is gone; note whom it said 200 to."""
    for email, each in tokens.items():
        try:
            status, _ = server.ask("POST", f"/u/{each}", *URLENCODED)
        except (OSError, http.client.HTTPException):  # also between an answer's head and its body
            return
        if status == 200:
            answered.append(email)
        if len(answered) >= 100:
            enough.set()


def in_parallel(server: Serving, tokens: dict[str, str], answered: list[str]) -> threading.Event:
    """Let eight clients leave at once; give what is set when a hundred were answered."""
    enough = threading.Event()
    items = list(tokens.items())
    for n in range(8):
        some = dict(items[n::8])
        arguments = (server, some, answered, enough)
        threading.Thread(target=leave_one_after_another, args=arguments, name="client").start()
    return enough


def joined() -> None:
    """Wait for the clients."""
    for thread in threading.enumerate():
        if thread.name == "client":
            thread.join()


def test_it_says_so_where_nothing_leads_to_its_pages(tmp_path: Path) -> None:
    root = tmp_path / "brev"
    made(root)
    with serving(root, "--quiet") as server:
        assert server.errors.read_text("utf-8") == ""
    settings = root / "smakom-mail.toml"
    text = settings.read_text("utf-8").replace("[site]\n", "[site]\npages = false\n")
    settings.write_text(text, "utf-8")
    with serving(root, "--quiet") as server:
        said = server.errors.read_text("utf-8")
    assert said.partition(" ")[2] == (
        "note: nothing leads to these pages, since [site] pages = false: no mail, no letter, "
        "not the archive; where readers reach them, set pages = true\n"
    )


def test_killed_while_many_leave_it_has_lost_nobody_whom_it_answered(tmp_path: Path) -> None:
    root = tmp_path / "brev"
    tokens = made(root, *PEOPLE)
    answered: list[str] = []
    with serving(root, "--quiet") as server:
        in_parallel(server, tokens, answered).wait()
        server.end(signal.SIGKILL)
    joined()

    assert len(answered) >= 100
    assert set(answered) - left(root) == set()
    journal = (root / "var" / "smakom-mail.db.journal").read_text("utf-8")
    assert len(set(journal.splitlines())) >= len(answered)


def test_told_to_end_it_answers_what_it_has_taken(tmp_path: Path) -> None:
    root = tmp_path / "brev"
    tokens = made(root, *PEOPLE)
    answered: list[str] = []
    with serving(root, "--quiet") as server:
        in_parallel(server, tokens, answered).wait()
        assert server.end(signal.SIGTERM) == 0
    joined()

    assert set(answered) == left(root)
    assert server.errors.read_text("utf-8") == ""


@pytest.mark.parametrize(("body", "headers"), [URLENCODED, MULTIPART])
def test_one_click_by_a_real_client(tmp_path: Path, body: bytes, headers: dict[str, str]) -> None:
    root = tmp_path / "brev"
    tokens = made(root, "kim@kommun.se", "bo@kommun.se")
    path = f"/u/{tokens['kim@kommun.se']}"
    with serving(root) as server:
        for _ in range(2):
            assert server.ask("POST", path, body, headers) == (200, b"Unsubscribed.\n")
        assert left(root) == {"kim@kommun.se"}
        assert server.end() == 0

    log = server.errors.read_text("utf-8")
    assert [line.split(" ", 1)[1].rsplit(" ", 2)[0] for line in log.splitlines()] == (
        ["POST /u/… 200"] * 2
    )
    assert tokens["kim@kommun.se"] not in log
    assert "127.0.0.1" not in log


@pytest.mark.parametrize("tail", ["/", ".", ")", "%20", "%3E", "%C2%A0"])
def test_a_link_works_with_what_a_mail_program_took_for_a_part_of_it(
    tmp_path: Path, tail: str
) -> None:
    root = tmp_path / "brev"
    link = made(root, *PEOPLE[:1])[PEOPLE[0]]
    with serving(root) as server:
        assert server.ask("GET", f"/u/{link}{tail}")[0] == 200
        assert server.ask("POST", f"/u/{link}{tail}", *URLENCODED) == (200, b"Unsubscribed.\n")
        assert left(root) == set(PEOPLE[:1])
        server.end()
        assert link[:20] not in server.errors.read_text("utf-8")


def test_old_links_work_after_the_secret_was_changed(tmp_path: Path) -> None:
    root = tmp_path / "brev"
    tokens = made(root, "kim@kommun.se")
    rotate = [sys.executable, "-m", "smakom_mail", "secret", "rotate", "--yes"]
    subprocess.run(rotate, cwd=root, check=True, capture_output=True)
    with serving(root) as server:
        path = f"/u/{tokens['kim@kommun.se']}"
        assert server.ask("POST", path, *URLENCODED) == (200, b"Unsubscribed.\n")

    assert left(root) == {"kim@kommun.se"}


def test_new_links_work_as_soon_as_the_secret_was_changed_beside_it(tmp_path: Path) -> None:
    root = tmp_path / "brev"
    old = made(root, "kim@kommun.se")["kim@kommun.se"]
    rotate = [sys.executable, "-m", "smakom_mail", "secret", "rotate", "--yes"]
    with serving(root, "--quiet") as server:
        for _ in range(12):  # every thread that reads has the database open
            assert server.ask("GET", f"/u/{old}")[0] == 200
        subprocess.run(rotate, cwd=root, check=True, capture_output=True)
        with opened(root) as store:
            new = token(store, "kim@kommun.se", ("prenumeranter",))
        assert new != old

        for _ in range(12):
            assert server.ask("GET", f"/u/{new}")[0] == 200
        assert server.ask("POST", f"/u/{new}", *URLENCODED) == (200, b"Unsubscribed.\n")
        assert server.ask("POST", f"/u/{old}", *URLENCODED) == (200, b"Unsubscribed.\n")

        # A secret that cannot be read keeps nobody from leaving.
        (root / "var" / "secret").write_text("kort\n", encoding="utf-8")
        for each in (old, new):
            assert server.ask("POST", f"/u/{each}", *URLENCODED) == (200, b"Unsubscribed.\n")
    assert left(root) == {"kim@kommun.se"}
    assert server.errors.read_text("utf-8") == ""


def test_a_post_waits_while_an_import_has_the_database(tmp_path: Path) -> None:
    root = tmp_path / "brev"
    tokens = made(root, "kim@kommun.se")
    with serving(root) as server:
        other = sqlite3.connect(root / "var" / "smakom-mail.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        answers: list[tuple[int, bytes]] = []
        path = f"/u/{tokens['kim@kommun.se']}"
        client = threading.Thread(
            target=lambda: answers.append(server.ask("POST", path, *URLENCODED))
        )
        client.start()
        assert server.ask("GET", "/healthz")[0] == 503
        assert server.ask("GET", path)[0] == 200
        assert answers == []
        other.execute("COMMIT")
        client.join()

    assert answers == [(200, b"Unsubscribed.\n")]


def test_a_client_that_sends_nothing_keeps_nobody_waiting(tmp_path: Path) -> None:
    root = tmp_path / "brev"
    made(root, "kim@kommun.se")
    with serving(root) as server:
        address = urlsplit(server.url)
        silent = [
            socket.create_connection((address.hostname or "", address.port or 0)) for _ in range(50)
        ]
        for each in silent:
            each.sendall(b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nema")
        assert server.ask("GET", "/")[0] == 200
        for each in silent:
            each.close()


def said(server: Serving, head: bytes, rest: bytes = b"") -> bytes:
    """Give all that the server answers to these bytes, sent in two pieces."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname or "", address.port or 0), 60) as client:
        client.sendall(head)
        time.sleep(0.2)  # what comes later is another piece
        client.sendall(rest)
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    return answer


@pytest.mark.parametrize("pieces", [1, 2])
def test_a_head_without_measure_is_refused(tmp_path: Path, pieces: int) -> None:
    root = tmp_path / "brev"
    made(root, "kim@kommun.se")
    line = b"X-A: " + b"y" * 1000 + b"\r\n"
    head = b"GET / HTTP/1.1\r\nHost: x\r\n" + line * 20
    with serving(root, "--quiet") as server:
        first, rest = (head + b"\r\n", b"") if pieces == 1 else (head, b"")
        answer = said(server, first, rest)
        assert server.ask("GET", "/", b"", {"X-A": "y" * 10_000})[0] == 200
        assert said(server, b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400 Bad Request\r\n")

    assert answer.startswith(b"HTTP/1.1 431 ")
    assert answer.endswith(b"\r\n\r\nThe head of the request is too large.\n")


def test_a_large_body_keeps_nobody_from_leaving(tmp_path: Path) -> None:
    root = tmp_path / "brev"
    tokens = made(root, "kim@kommun.se", "bo@kommun.se")
    kim, bo = (f"/u/{tokens[email]}".encode() for email in ("kim@kommun.se", "bo@kommun.se"))
    with serving(root, "--quiet") as server:
        begun = b"POST " + kim + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n"
        answer = said(server, begun, b"y" * 40_000)
        chunked = b"POST " + bo + b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        other = said(server, chunked, b"9c40\r\n" + b"y" * 40_000)

    for each in (answer, other):
        assert each.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"\r\nconnection: close\r\n" in each
    assert left(root) == {"kim@kommun.se", "bo@kommun.se"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--port", "99999"), 2, "99999 is not in the range 0<=x<=65535"),
        (("--host", "192.0.2.1"), 1, "error: cannot listen on 192.0.2.1 port 8026: "),
    ],
)
def test_where_it_cannot_listen_is_said(
    tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    root = tmp_path / "brev"
    made(root, "kim@kommun.se")
    done = subprocess.run(
        [sys.executable, "-m", "smakom_mail", "serve", *arguments],
        cwd=root, env={**os.environ}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, words in done.stderr) == (code, True)
