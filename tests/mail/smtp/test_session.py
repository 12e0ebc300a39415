"""The session without input and output: bytes in, events and bytes out."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.mail.smtp.envelope import Envelope
from smakom_mail.mail.smtp.events import (
    Event,
    Lost,
    Ready,
    Security,
    SessionSettings,
    Settled,
    StartTls,
    WantsBody,
)
from smakom_mail.mail.smtp.session import RelaySession
from smakom_mail.mail.smtp.verdicts import Phase

BODY = [b"Subject: x\r\n\r\n", b"Hej\r\n"]
HELLO = b"220 relay.example\r\n250-relay.example\r\n250-SIZE 0\r\n250 PIPELINING\r\n"
# Every kind of end that a message can have: what a relay says from one of our words to the next.
TURNS = [
    b"220 relay.example\r\n",
    b"250-relay.example\r\n250-SIZE 0\r\n250 PIPELINING\r\n",
    b"250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 Go on\r\n",
    (
        b"250-2.0.0 Ok\r\n250 2.0.0 queued\r\n"
        b"250 2.1.0 Ok\r\n550-5.1.1 No\r\n550 5.1.1 such user\r\n354 Go on\r\n"
    ),
    b"554 5.5.1 No one\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 Go on\r\n",
    b"451 4.3.0 Later\r\n451 4.3.0 No\r\n503 5.5.1 No\r\n503 5.5.1 No\r\n",
    b"250 2.1.0 Ok\n250 2.1.5 Ok\n354 Go on\n",
    b"250 2.0.0 Ok\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 Go on\r\n",
    b"421 4.3.2 Bye\r\n",
]


def envelope(tag: int) -> Envelope:
    """Give the envelope of a message."""
    return Envelope(tag, "studs@smakom.example", f"reader{tag}@kommun.example")


def session(security: Security = "none") -> RelaySession:
    """Begin a session."""
    return RelaySession(SessionSettings("relay.example", 25, security, "smakom.example"))


class Owner:
    """Answers a session's events as a sender does, with what was told and sent written down."""

    def __init__(self, count: int = 6) -> None:
        """Begin, with a number of messages to send."""
        self.session = session()
        self.left = [envelope(tag) for tag in range(1, count + 1)]
        self.log: list[str] = []
        self.sent = b""
        self.busy = 0

    def take(self, data: bytes) -> None:
        """Hand bytes to the session, and do what it asks for."""
        todo = self.session.receive(data)
        while todo:
            event = todo.pop(0)
            todo += self.react(event)
        self.sent += self.session.outgoing()

    def react(self, event: Event) -> list[Event]:
        """Write an event down, and act."""
        match event:
            case Settled():
                self.busy -= 1
                self.log.append(f"{event.tag}: {event.verdict.action} {event.verdict.reply}")
            case WantsBody() if not self.session.over:
                self.busy += bool(self.left)
                self.log.append(f"{event.tag}: wanted")
                return self.session.send_body(BODY, self.left.pop(0) if self.left else None)
            case Lost():
                self.log.append(f"lost {event.before_dot} {event.after_dot} {event.why}")
                return []
            case _:
                pass
        if self.busy == 0 and self.left and not self.session.over:
            self.busy = 1
            return self.session.offer(self.left.pop(0))
        return []


def heard(pieces: list[bytes]) -> tuple[list[str], bytes]:
    """Give what an owner was told and sent, when the relay's bytes came in these pieces."""
    owner = Owner()
    for piece in pieces:
        owner.take(piece)
    return owner.log, owner.sent


LOG = [
    "1: wanted",
    "1: accept 250 2.0.0 Ok queued",
    "2: refuse 550 5.1.1 No such user",
    "3: wanted",
    "3: defer 451 4.3.0 Later",
    "4: reconnect 451 4.3.0 No",
    "5: wanted",
    "5: accept 250 2.0.0 Ok",
    "6: wanted",
    "6: reconnect 421 4.3.2 Bye",
    "lost () None the relay closed the connection: 421 4.3.2 Bye",
]


def test_each_reply_goes_to_the_message_it_is_about() -> None:
    assert heard(TURNS)[0] == LOG


@given(st.data())
def test_it_does_not_matter_how_the_relays_bytes_are_cut(data: st.DataObject) -> None:
    pieces = []
    for turn in TURNS:
        cuts = sorted(data.draw(st.sets(st.integers(0, len(turn)), max_size=8)))
        edges = [0, *cuts, len(turn)]
        pieces += [turn[a:b] for a, b in itertools.pairwise(edges)]
    assert heard(pieces) == heard(TURNS)


def test_byte_for_byte_gives_the_same() -> None:
    whole = b"".join(TURNS)
    assert heard([whole[n : n + 1] for n in range(len(whole))]) == heard(TURNS)


@given(st.binary(max_size=300))
def test_no_bytes_of_a_relay_break_the_session(noise: bytes) -> None:
    owner = Owner()
    owner.take(HELLO + noise)
    tags = {line.partition(":")[0] for line in owner.log if "wanted" not in line}
    assert len(tags) == len([line for line in owner.log if "wanted" not in line])


@given(st.lists(st.sampled_from(["2", "4", "5", "354", "421"]), max_size=25), st.booleans())
def test_every_message_ends_exactly_once(codes: list[str], cut: bool) -> None:  # noqa: FBT001 - drawn
    owner = Owner(count=20)
    owner.take(HELLO)
    for code in codes:
        owner.take(code.ljust(3, "5" if code in "45" else "0").encode() + b" said\r\n")
    if cut or not owner.session.over:
        for event in owner.session.lost("cut"):
            owner.react(event)
    ends: list[str] = []
    for line in owner.log:
        if line.startswith("lost"):
            before, _, rest = line.removeprefix("lost (").partition(")")
            ends += [tag for tag in before.replace(",", " ").split() if tag]
            ends += [tag for tag in rest.split()[:1] if tag != "None"]
        elif "wanted" not in line:
            ends.append(line.partition(":")[0])
    begun = 20 - len(owner.left)
    assert sorted(ends, key=int) == [str(tag) for tag in range(1, begun + 1)]


def test_a_dot_that_was_handed_out_counts_as_sent_until_it_is_answered() -> None:
    one = session()
    one.receive(HELLO)
    one.offer(envelope(1))
    one.receive(b"250 Ok\r\n250 Ok\r\n354 Go on\r\n")
    stood = [(one.dot_sent, one.awaited)]
    one.send_body(BODY)
    stood.append((one.dot_sent, one.awaited))
    one.receive(b"250 Ok\r\n")
    stood.append((one.dot_sent, one.awaited))
    assert stood == [(False, None), (True, Phase.DOT), (False, None)]


def test_the_end_of_a_message_and_the_next_envelope_leave_in_one_piece() -> None:
    one = session()
    one.receive(HELLO)
    one.outgoing()
    one.offer(envelope(1))
    first = one.outgoing()
    one.receive(b"250 Ok\r\n250 Ok\r\n354 Go on\r\n")
    one.send_body(BODY, envelope(2))
    assert (first, one.outgoing()) == (
        b"MAIL FROM:<studs@smakom.example>\r\nRCPT TO:<reader1@kommun.example>\r\nDATA\r\n",
        (
            b"Subject: x\r\n\r\nHej\r\n.\r\n"
            b"MAIL FROM:<studs@smakom.example>\r\nRCPT TO:<reader2@kommun.example>\r\nDATA\r\n"
        ),
    )


def test_without_pipelining_no_command_leaves_before_the_last_is_answered() -> None:
    one = session()
    one.receive(b"220 relay.example\r\n")
    one.receive(b"250 relay.example\r\n")
    one.outgoing()
    one.offer(envelope(1))
    sent = [one.outgoing()]
    for reply in (b"250 Ok\r\n", b"250 Ok\r\n", b"354 Go on\r\n"):
        one.receive(reply)
        sent.append(one.outgoing())
    one.send_body(BODY, envelope(2))
    sent.append(one.outgoing())
    one.receive(b"250 Ok\r\n")
    sent.append(one.outgoing())
    assert sent == [
        b"MAIL FROM:<studs@smakom.example>\r\n",
        b"RCPT TO:<reader1@kommun.example>\r\n",
        b"DATA\r\n",
        b"",
        b"Subject: x\r\n\r\nHej\r\n.\r\n",
        b"MAIL FROM:<studs@smakom.example>\r\n",
    ]


def test_what_was_offered_before_tls_is_forgotten() -> None:
    one = session("starttls")
    events = one.receive(b"220 relay.example\r\n")
    events += one.receive(b"250-relay.example\r\n250-PIPELINING\r\n250 STARTTLS\r\n")
    events += one.receive(b"220 Go on\r\n")
    assert events == [StartTls()]
    one.outgoing()
    one.tls_started()
    assert one.outgoing() == b"EHLO smakom.example\r\n"
    [ready] = one.receive(b"250-relay.example\r\n250 SIZE 1000\r\n")
    assert isinstance(ready, Ready)
    assert (ready.extensions.pipelining, ready.extensions.size) == (False, 1000)


def test_a_session_takes_one_envelope_at_a_time_and_a_message_when_it_is_wanted() -> None:
    one = session()
    with pytest.raises(ValueError, match="cannot take an envelope now"):
        one.offer(envelope(1))
    with pytest.raises(ValueError, match="no TLS was to be started"):
        one.tls_started()
    one.receive(HELLO)
    one.offer(envelope(1))
    one.offer(envelope(2))
    with pytest.raises(ValueError, match="cannot take an envelope now"):
        one.offer(envelope(3))
    with pytest.raises(ValueError, match="cannot take a message now"):
        one.send_body(BODY)


def test_a_421_that_nobody_asked_for_ends_an_idle_session() -> None:
    one = session()
    one.receive(HELLO)
    assert one.receive(b"421 4.4.2 idle too long\r\n") == [
        Lost((), None, "the relay closed the connection: 421 4.4.2 idle too long")
    ]
    assert one.receive(b"250 Ok\r\n") == []


def test_quit_waits_for_what_is_on_its_way() -> None:
    one = session()
    one.receive(HELLO)
    one.offer(envelope(1))
    one.quit()
    one.receive(b"250 Ok\r\n250 Ok\r\n354 Go on\r\n")
    one.send_body(BODY)
    assert not one.outgoing().endswith(b"QUIT\r\n")
    one.receive(b"250 Ok\r\n")
    assert one.outgoing() == b"QUIT\r\n"
    assert one.receive(b"221 Bye\r\n") == [Lost((), None, "")]
