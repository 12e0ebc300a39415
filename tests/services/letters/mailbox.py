"""A real mail server (aiosmtpd) in a thread of its own, and the mailbox behind it."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailbox:
    """What the server took; `refuses` is what it answers to a recipient instead of yes."""

    refuses: str = ""
    port: int = 0
    mail: list[tuple[str | None, list[str], bytes]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take a recipient, or say why not."""
        del server, session, options
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a message."""
        del server, session
        assert isinstance(envelope.content, bytes)
        self.mail.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK queued"


class _Server(SMTP):
    """One connection, which is cut at the end of the test whatever the client did."""

    transports: "list[asyncio.BaseTransport]"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection."""
        self.transports.append(transport)
        super().connection_made(transport)


@contextlib.contextmanager
def running_mailbox() -> Iterator[Mailbox]:
    """Run a mail server until the end of the block."""
    box, started = Mailbox(), threading.Event()
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()

    async def serve() -> None:
        transports: list[asyncio.BaseTransport] = []

        def connection() -> _Server:
            made = _Server(box, hostname="mail.example", loop=loop)
            made.transports = transports
            return made

        server = await loop.create_server(connection, "127.0.0.1", 0)
        box.port = server.sockets[0].getsockname()[1]
        started.set()
        await ended.wait()
        server.close()
        for transport in transports:
            transport.close()
        await asyncio.sleep(0.05)

    def run() -> None:
        with contextlib.closing(loop):
            loop.run_until_complete(serve())

    thread = threading.Thread(target=run)
    thread.start()
    started.wait(10)
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
