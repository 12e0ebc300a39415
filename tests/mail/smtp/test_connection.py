"""One connection: what it sends, in which order, and what its owner is told."""

import asyncio

import pytest

from smakom_mail.mail.smtp.connection import RelayConnection, _is_loopback
from smakom_mail.mail.smtp.envelope import Envelope
from smakom_mail.mail.smtp.events import SessionSettings
from smakom_mail.mail.smtp.wire import UnsafeBodyError
from tests.mail.smtp.relay import EXTENSIONS, SILENCE, Answer, Relay, closing
from tests.mail.smtp.sender import BODY, Sender, conversation, envelopes, plain, sent_to

READY = "ready with pipelining"
OK = "accept (the relay has accepted it): 250 2.0.0 Ok: queued"
ONE_BY_ONE = tuple(each for each in EXTENSIONS if each != "PIPELINING")


def taken(relay: Relay) -> list[str]:
    """Say whose messages the relay accepted."""
    return [mail.recipient.partition("@")[0] for mail in relay.accepted]


@pytest.mark.parametrize("extensions", [EXTENSIONS, ONE_BY_ONE, ()])
def test_every_message_arrives_once_as_it_is(extensions: tuple[str, ...]) -> None:
    relay = Relay(extensions=extensions)
    log = conversation(relay, 3)
    assert [line for line in log if "accept" in line] == [f"1: {OK}", f"2: {OK}", f"3: {OK}"]
    assert log[-1] == "over"
    assert taken(relay) == ["reader1", "reader2", "reader3"]
    assert {mail.data for mail in relay.accepted} == {BODY}


def test_with_pipelining_the_next_envelope_leaves_with_the_dot_before_it() -> None:
    assert conversation(Relay(), 2) == [
        READY,
        "1: wanted",
        f"1: {OK}",
        "2: wanted",
        f"2: {OK}",
        "over",
    ]


def test_a_transaction_that_was_opened_is_reset_before_the_next() -> None:
    relay = Relay(answers={"RCPT": ["550 5.1.1 Unknown"]}, extensions=ONE_BY_ONE)
    conversation(relay, 2)
    assert relay.commands == [
        "EHLO smakom.example",
        "MAIL FROM:<studs+1@smakom.example>",
        "RCPT TO:<reader1@kommun.example>",
        "RSET",
        "MAIL FROM:<studs+2@smakom.example>",
        "RCPT TO:<reader2@kommun.example>",
        "DATA",
        "QUIT",
    ]


def test_a_message_that_nobody_is_to_get_is_ended_empty() -> None:
    """With PIPELINING a relay may answer DATA with 354 although it refused the recipient."""
    no_one = {"RCPT": ["550 5.1.1 Unknown"], "DATA": ["354 Go on"], "DOT": ["554 5.5.1 No one"]}
    relay = Relay(answers=no_one)
    assert conversation(relay, 2) == [
        READY,
        "1: refuse (the relay says that the address does not exist): 550 5.1.1 Unknown",
        "2: wanted",
        f"2: {OK}",
        "over",
    ]
    assert taken(relay) == ["reader2"]
    assert b"DATA\r\n.\r\nMAIL FROM:<studs+2@smakom.example>\r\n" in relay.received[0]


def test_a_relay_that_takes_the_reader_but_not_the_sender_gets_no_empty_message() -> None:
    relay = Relay(answers={"MAIL": ["451 4.3.0 Later"], "RCPT": ["250 Ok"], "DATA": ["354 Go on"]})
    assert conversation(relay, 1) == [
        READY,
        "1: reconnect (the relay cannot take messages just now): 451 4.3.0 Later",
        "over: the relay is out of step: it wants a message whose envelope it refused",
    ]
    assert relay.accepted == []


def test_a_line_without_end_is_not_read_for_ever() -> None:
    relay = Relay(answers={"GREETING": [Answer("220 " + "x" * 5000, raw=True)]})
    assert conversation(relay, 1) == [
        "failed: reconnect (the relay is out of step: it sent a line of more than 4096 bytes)"
    ]


def test_too_many_connections_are_said_to_be_too_many() -> None:
    relay = Relay(most=1)

    async def run() -> list[str]:
        async with relay.running():
            first, second = Sender(envelopes(1), hold=True), Sender(envelopes(1))
            first.connection = RelayConnection(plain(relay.port), first)
            await first.connection.connect()
            await first.held.wait()
            log = await sent_to(second, plain(relay.port))
            first.connection.abort("enough")
            return [*log, *first.log]

    refused = "failed: fewer (the relay wants fewer connections at a time): 421 4.7.0 "
    assert asyncio.run(run()) == [
        refused + "relay.example Error: too many connections",
        READY,
        "1: wanted",
        "1: waiting",
        "over: enough",
    ]


def test_what_is_offered_while_the_end_is_being_told_is_lost_with_the_rest() -> None:
    relay = Relay(answers={"MAIL": ["250 2.1.0 Ok", closing("421 4.3.2 Bye")]})
    log = conversation(relay, 4)
    assert log == [
        READY,
        "1: wanted",
        f"1: {OK}",
        "2: reconnect (the relay closes the connection): 421 4.3.2 Bye",
        "3: waiting",
        "over: the relay closed the connection: 421 4.3.2 Bye",
    ]


def test_after_the_end_has_been_told_nothing_more_is_taken() -> None:
    async def run() -> None:
        relay = Relay()
        async with relay.running():
            sender = Sender([])
            await sent_to(sender, plain(relay.port))
            with pytest.raises(ValueError, match="the connection is over"):
                sender.connection.offer(envelopes(1)[0])

    asyncio.run(run())


def test_no_one_at_the_door_is_a_reason_to_come_back() -> None:
    async def run() -> list[str]:
        relay = Relay()
        async with relay.running():
            pass
        return await sent_to(Sender(envelopes(1)), plain(relay.port))

    [log] = asyncio.run(run())
    assert log.startswith("failed: reconnect (no connection to 127.0.0.1 on port ")


def test_nothing_is_said_unencrypted_to_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smakom_mail.mail.smtp.connection._is_loopback", lambda _peer: False)
    relay = Relay()
    assert conversation(relay, 1) == [
        (
            "failed: stop (127.0.0.1 is not this machine, and nothing is sent there unencrypted: "
            'use the relay\'s port 587 with security = "starttls" or 465 with "tls", ask its '
            "keeper to switch TLS on, or let a mail server on this machine pass the messages on)"
        )
    ]
    assert relay.received in ([], [b""])


@pytest.mark.parametrize(
    ("peer", "loopback"),
    [
        (("127.0.0.1", 25), True),
        (("::1", 25, 0, 0), True),
        (("::1%lo", 25, 0, 1), True),
        (("192.0.2.1", 25), False),
        (("2001:db8::1", 25, 0, 0), False),
        (None, False),
    ],
)
def test_loopback_is_told_from_the_address_that_answered(
    peer: object,
    loopback: bool,  # noqa: FBT001 - a row of the table
) -> None:
    assert _is_loopback(peer) is loopback


def test_an_unsafe_message_is_not_sent_at_all() -> None:
    relay = Relay()

    async def run() -> list[str]:
        async with relay.running():
            sender = Sender(envelopes(1), hold=True)
            sender.connection = RelayConnection(plain(relay.port), sender)
            await sender.connection.connect()
            await sender.held.wait()
            with pytest.raises(UnsafeBodyError):
                sender.connection.send_body([b"Subject: x\r\n\r\nhej\n.\r\nMAIL FROM:<>\r\n"])
            sender.connection.abort("not safe")
            return sender.log

    assert asyncio.run(run()) == [READY, "1: wanted", "1: waiting", "over: not safe"]
    assert relay.accepted == []
    assert relay.received[0].endswith(b"DATA\r\n")


def test_what_leaves_has_no_line_end_but_crlf_and_no_dot_that_is_not_the_end() -> None:
    relay = Relay()
    body = [b"Subject: x\r\n\r\n", b"a=2E=\r\n" * 20000, b"..\r\n"[:0], b"end\r\n"]
    conversation(relay, 5, body=body)
    [sent] = relay.received
    assert sent.count(b"\r\n") == sent.count(b"\n") == sent.count(b"\r")
    assert [line for line in sent.split(b"\r\n") if line.startswith(b".")] == [b"."] * 5
    assert {mail.data for mail in relay.accepted} == {b"".join(body)}


def test_a_withdrawn_message_is_cut_off_before_its_dot() -> None:
    """A reader who leaves after 354: SMTP has no way back but the end of the connection."""
    relay = Relay()

    async def run() -> list[str]:
        async with relay.running():
            sender = Sender(envelopes(1), hold=True)
            sender.connection = RelayConnection(plain(relay.port), sender)
            await sender.connection.connect()
            await sender.held.wait()
            sender.connection.abort("withheld")
            return sender.log

    assert asyncio.run(run()) == [READY, "1: wanted", "1: waiting", "over: withheld"]
    assert relay.accepted == []


def test_quit_before_the_session_is_ready_ends_it() -> None:
    async def run() -> list[str]:
        relay = Relay(answers={"GREETING": [SILENCE]})
        async with relay.running():
            sender = Sender([])
            sender.connection = RelayConnection(plain(relay.port), sender)
            await sender.connection.connect()
            sender.connection.quit()
            return sender.log

    assert asyncio.run(run()) == ["failed: reconnect (given up)"]


def test_an_impossible_address_is_refused_without_asking_the_relay() -> None:
    relay = Relay(extensions=("PIPELINING", "SIZE 1000"))
    waiting = [
        Envelope(1, "studs@smakom.example", "a b@kommun.example"),
        Envelope(2, "studs@smakom.example", "c@kommun.example>\r\nRCPT TO:<d@kommun.example"),
        Envelope(3, "studs@smakom.example", "åsa@kommun.example"),
        Envelope(4, "stu ds@smakom.example", "e@kommun.example"),
        Envelope(5, "studs@smakom.example", "f@kommun.example", size=1001),
        Envelope(6, "studs@smakom.example", "g@kommun.example", size=1000),
    ]

    async def run() -> list[str]:
        async with relay.running():
            return await sent_to(Sender(waiting), plain(relay.port))

    assert asyncio.run(run()) == [
        READY,
        "1: refuse (the address 'a b@kommun.example' cannot stand in an SMTP command)",
        (
            "2: refuse (the address 'c@kommun.example>\\r\\nRCPT TO:<d@kommun.example' cannot "
            "stand in an SMTP command)"
        ),
        "3: refuse (the address needs SMTPUTF8, which the relay does not offer)",
        "4: stop (the envelope sender 'stu ds@smakom.example' cannot stand in an SMTP command)",
        (
            "5: stop (the message has 1001 octets, and the relay takes 1000 at most: make it "
            "smaller, or ask the relay's keeper for a higher limit)"
        ),
        "6: wanted",
        f"6: {OK}",
        "over",
    ]
    assert taken(relay) == ["g"]


def test_many_refusals_in_a_row_do_not_pile_up() -> None:
    waiting = [Envelope(n, "studs@smakom.example", "å@b.example") for n in range(3000)]

    async def run() -> list[str]:
        async with Relay(extensions=()).running() as relay:
            return await sent_to(Sender(waiting), plain(relay.port))

    log = asyncio.run(run())
    assert len(log) == 3002
    assert log[-1] == "over"


def test_tls_takes_a_context() -> None:
    with pytest.raises(ValueError, match="TLS takes a context"):
        RelayConnection(SessionSettings("relay.example"), Sender([]))


def test_a_connection_given_up_while_it_opens_says_nothing() -> None:
    relay = Relay()

    async def run() -> list[str]:
        async with relay.running():
            sender = Sender(envelopes(1))
            sender.connection = RelayConnection(plain(relay.port), sender)
            opening = asyncio.create_task(sender.connection.connect())
            await asyncio.sleep(0)
            sender.connection.abort("no longer wanted")
            await opening
            return sender.log

    assert asyncio.run(run()) == ["failed: reconnect (no longer wanted)"]
    assert b"".join(relay.received) == b""


def test_a_message_that_comes_after_the_end_was_told_is_not_sent() -> None:
    """The intent may become durable while the connection breaks: the engine then comes late."""
    relay = Relay()

    async def run() -> list[str]:
        async with relay.running():
            sender = Sender(envelopes(1), hold=True)
            sender.connection = RelayConnection(plain(relay.port), sender)
            await sender.connection.connect()
            await sender.held.wait()
            sender.connection.abort("cut")
            sender.connection.send_body([BODY])
            with pytest.raises(ValueError, match="the connection is over"):
                sender.connection.send_body([BODY], envelopes(2)[1])
            return sender.log

    assert asyncio.run(run()) == [READY, "1: wanted", "1: waiting", "over: cut"]
    assert relay.accepted == []
