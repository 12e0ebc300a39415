"""A real Postfix's own log settles what it took, and nothing that it only began to read."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from smakom_mail.model.delivery import Event
from smakom_mail.services.sending.reconciling import Words, open_reconciling, reconcile
from tests.postfix import PATIENCE, Postfix, running
from tests.services.receiving import EDITION, THEN, opened
from tests.services.sending.underway import message_ids, states, underway


@pytest.fixture
def postfix() -> Iterator[Postfix]:
    """Run a Postfix."""
    with running() as started:
        yield started


def handed(postfix: Postfix, message_id: str, *, dot: bool) -> None:
    """Hand a message over; end it with its dot, or break off before."""
    with socket.create_connection(("127.0.0.1", postfix.port)) as line:
        replies = line.makefile("rb")
        replies.readline()
        for command in ("HELO x", "MAIL FROM:<a@a.example>", "RCPT TO:<b@b.example>", "DATA"):
            line.sendall(f"{command}\r\n".encode())
            replies.readline()
        line.sendall(f"Message-ID: {message_id}\r\n\r\nHej\r\n".encode() + b".\r\n" * dot)
        if dot:
            replies.readline()


def _until(postfix: Postfix, words: str) -> None:
    end = time.monotonic() + PATIENCE
    while words not in postfix.log:
        assert time.monotonic() < end, postfix.log
        time.sleep(0.02)


def test_of_three_messages_in_doubt_the_one_that_postfix_took_is_settled(
    tmp_path: Path, postfix: Postfix
) -> None:
    root = underway(tmp_path / "brev", asa=Event.LOSE, bo=Event.LOSE, cia=Event.LOSE)
    ids = message_ids(root)
    handed(postfix, ids["asa"], dot=True)
    handed(postfix, ids["bo"], dot=False)
    postfix.messages()
    # Postfix notes the id of the message that broke off too.
    _until(postfix, ids["bo"])
    log = tmp_path / "mail.log"
    log.write_text(postfix.log, encoding="utf-8")

    with opened(root) as store:
        found = open_reconciling(store, EDITION, Words((log,)), THEN.at)
        reconcile(store, found, THEN)

    assert states(root) == {"asa": "accepted", "bo": "unknown", "cia": "unknown"}
    assert [delivery.email for delivery, _ in found.seen] == ["bo@a.example"]
