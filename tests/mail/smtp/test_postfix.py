"""A real Postfix takes what we send: every message once, whole, and never two out of one."""

import asyncio
import smtplib
import socket
from collections.abc import Sequence

import pytest

from smakom_mail.mail.message import MessageTemplate
from smakom_mail.mail.smtp.envelope import Envelope
from smakom_mail.mail.smtp.events import Security, SessionSettings
from smakom_mail.mail.smtp.tls import client_context
from smakom_mail.model.rendered import PersonalText
from tests.mail.letters import KIM, bodies, of_text
from tests.mail.smtp.sender import BODY, Sender, envelopes, sent_to
from tests.postfix import Postfix

SMUGGLED = (
    "{}MAIL FROM:<ordforande@smakom.example>\r\nRCPT TO:<alla@kommun.example>\r\nDATA\r\n"
    "Subject: smuggled\r\n\r\nondska\r\n.\r\n"
)
ENDINGS = ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r\n\0.\r\n", "\r\n.\r\n"]


def send(
    postfix: Postfix,
    waiting: Sequence[Envelope],
    body: Sequence[bytes] = (BODY,),
    security: Security = "none",
) -> list[str]:
    """Send to a Postfix; give what the sender was told."""

    async def run() -> list[str]:
        port = postfix.tls_port if security == "tls" else postfix.port
        context = None if security == "none" else client_context(postfix.authority)
        settings = SessionSettings("localhost", port, security, "smakom.example", dsn=True)
        return await sent_to(Sender(waiting, body), settings, context)

    return asyncio.run(run())


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_every_message_arrives_once(postfix: Postfix, security: Security) -> None:
    log = send(postfix, envelopes(20), security=security)
    accepted = [line for line in log if "accept (the relay has accepted it): 250 2.0.0 Ok" in line]
    assert (len(accepted), log[0], log[-1]) == (20, "ready with pipelining", "over")
    messages = postfix.messages()
    assert sorted(message["Delivered-To"] for message in messages) == sorted(
        f"reader{n}@kommun.example" for n in range(1, 21)
    )
    assert {message["Subject"] for message in messages} == {"Nytt"}


def test_a_big_message_arrives_as_it_was_sent(postfix: Postfix) -> None:
    lines = b"".join(b"%076d\r\n" % number for number in range(2000))
    send(postfix, envelopes(3), [b"Subject: x\r\n\r\n", lines], "starttls")
    stored = postfix.raw_messages()
    assert len(stored) == 3
    assert [raw.endswith(b"\n\n" + lines.replace(b"\r\n", b"\n")) for raw in stored] == [True] * 3


def test_an_address_outside_ascii_arrives(postfix: Postfix) -> None:
    log = send(postfix, [Envelope(1, "studs@smakom.example", "åsa@kommun.example")])
    assert [line for line in log if line.startswith("1: accept")] != []
    [message] = postfix.messages()
    assert message["Delivered-To"] == "åsa@kommun.example"


@pytest.mark.parametrize("ending", ENDINGS, ids=ascii)
def test_text_that_would_smuggle_a_second_message_arrives_as_text(
    postfix: Postfix, ending: str
) -> None:
    text = "Hej" + SMUGGLED.format(ending)
    frozen = of_text(PersonalText((text,)))
    parts = MessageTemplate(frozen).compose(KIM)
    log = send(postfix, envelopes(1), parts)
    assert [line for line in log if line.startswith("1: accept")] != []
    [message] = postfix.messages()
    assert message["To"] == "kim@kommun.example"
    assert "smuggled" in bodies(message)[0]


@pytest.mark.parametrize("ending", ["\n.\n", "\n.\r\n"], ids=ascii)
def test_the_same_text_sent_carelessly_would_have_been_two(postfix: Postfix, ending: str) -> None:
    """Without this the test above could not fail: our session refuses such bytes."""
    data = b"Subject: x\r\n\r\nHej" + SMUGGLED.format(ending).encode()
    with socket.create_connection(("127.0.0.1", postfix.port)) as line, line.makefile("rb") as said:
        said.readline()
        for command in (b"HELO x", b"MAIL FROM:<a@b.example>", b"RCPT TO:<c@d.example>", b"DATA"):
            line.sendall(command + b"\r\n")
            said.readline()
        line.sendall(data)
        line.sendall(b"QUIT\r\n")
        said.read()
    assert len(postfix.messages()) == 2


def test_a_refused_reader_is_no_obstacle_for_the_next(postfix: Postfix) -> None:
    waiting = [
        Envelope(1, "studs@smakom.example", "en@kommun.example"),
        Envelope(2, "studs@smakom.example", f"{'x' * 200}@kommun.example"),
        Envelope(3, "studs@smakom.example", "no-domain"),
        Envelope(4, "studs@smakom.example", "tre@kommun.example"),
    ]
    outcomes = [line.partition(" (")[0] for line in send(postfix, waiting) if line[0].isdigit()]
    outcomes = [line for line in outcomes if "wanted" not in line]
    assert outcomes[0] == "1: accept"
    assert outcomes[-1] == "4: accept"
    assert len(postfix.messages()) == sum("accept" in line for line in outcomes)


def test_the_mailbox_of_the_test_counts_every_message(postfix: Postfix) -> None:
    with smtplib.SMTP("127.0.0.1", postfix.port, "test.example") as other:
        for number in range(3):
            other.sendmail("a@b.example", ["c@d.example"], f"Subject: {number}\r\n\r\nHej\r\n")
    assert sorted(message["Subject"] for message in postfix.messages()) == ["0", "1", "2"]
