"""What a sender does with a connection, at its simplest, and a log of what it was told."""

import asyncio
import ssl
from collections.abc import Iterator, Sequence

from smakom_mail.mail.smtp.connection import RelayConnection, Timeouts
from smakom_mail.mail.smtp.envelope import Envelope
from smakom_mail.mail.smtp.events import SessionSettings
from smakom_mail.mail.smtp.extensions import Extensions
from smakom_mail.mail.smtp.verdicts import Verdict
from tests.mail.smtp.relay import Relay

BODY = b"Subject: Nytt\r\n\r\nHej!\r\n"


def envelopes(count: int) -> list[Envelope]:
    """Give envelopes to reader1, reader2 …, with their numbers as tags."""
    return [
        Envelope(n, f"studs+{n}@smakom.example", f"reader{n}@kommun.example")
        for n in range(1, count + 1)
    ]


class Sender:
    """Sends one message after the other over one connection, and takes leave."""

    def __init__(
        self,
        waiting: Sequence[Envelope],
        body: Sequence[bytes] = (BODY,),
        *,
        hold: bool = False,
    ) -> None:
        """Take what is to be sent; with `hold` no message leaves after 354."""
        self.log: list[str] = []
        self.connection: RelayConnection
        self.over = asyncio.Event()
        self._waiting: Iterator[Envelope] = iter(waiting)
        self._body = body
        self._busy = 0
        self._hold = hold
        self.held = asyncio.Event()

    def _next(self) -> Envelope | None:
        envelope = next(self._waiting, None)
        self._busy += envelope is not None
        return envelope

    def ready(self, extensions: Extensions) -> None:
        """Offer the first."""
        self.log.append("ready" + (" with pipelining" if extensions.pipelining else ""))
        self._go_on()

    def _go_on(self) -> None:
        if self._busy:
            return
        if (envelope := self._next()) is not None:
            self.connection.offer(envelope)
        else:
            self.connection.quit()

    def wants_body(self, tag: object) -> None:
        """Send it, and the next envelope."""
        self.log.append(f"{tag}: wanted")
        if self._hold:
            self.held.set()
            return
        self.connection.send_body(self._body, self._next())

    def settled(self, tag: object, verdict: Verdict) -> None:
        """Write it down, and go on."""
        said = f": {verdict.reply}" if verdict.reply.code else ""
        self.log.append(f"{tag}: {verdict.action} ({verdict.why}){said}")
        self._busy -= 1
        self._go_on()

    def lost(self, before_dot: Sequence[object], after_dot: object | None, why: str) -> None:
        """Write it down."""
        names = [f"{tag}: waiting" for tag in before_dot]
        names += [f"{after_dot}: unknown"] if after_dot is not None else []
        self.log += [*names, f"over: {why}" if why else "over"]
        self.over.set()

    def failed(self, verdict: Verdict) -> None:
        """Write it down."""
        said = f": {verdict.reply}" if verdict.reply.code else ""
        self.log.append(f"failed: {verdict.action} ({verdict.why}){said}")
        self.over.set()


def plain(port: int) -> SessionSettings:
    """Give the settings for a relay on loopback without TLS."""
    return SessionSettings("127.0.0.1", port, "none", "smakom.example")


async def sent_to(
    sender: Sender,
    settings: SessionSettings,
    context: ssl.SSLContext | None = None,
    timeouts: Timeouts | None = None,
) -> list[str]:
    """Let a sender send all it has; give its log."""
    sender.connection = RelayConnection(settings, sender, ssl_context=context, timeouts=timeouts)
    await sender.connection.connect()
    await sender.over.wait()
    return sender.log


def conversation(
    relay: Relay,
    count: int,
    *,
    body: Sequence[bytes] = (BODY,),
    timeouts: Timeouts | None = None,
) -> list[str]:
    """Send a number of messages to a relay without TLS; give the log."""

    async def run() -> list[str]:
        async with relay.running():
            sender = Sender(envelopes(count), body)
            return await sent_to(sender, plain(relay.port), timeouts=timeouts)

    return asyncio.run(run())
