"""The outbox of rehearsals: a Maildir in var/ that any mail program can open; nothing is sent."""

import asyncio
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import time

from smakom_mail.config.measures import NO_LIMIT
from smakom_mail.errors import WriteRefusedError
from smakom_mail.mail.smtp.envelope import Envelope
from smakom_mail.mail.smtp.extensions import Extensions
from smakom_mail.mail.smtp.replies import Reply
from smakom_mail.mail.smtp.verdicts import Action, Phase, Verdict
from smakom_mail.model.campaign import Recipient
from smakom_mail.services.sending.line import Line, Wire
from smakom_mail.services.sending.means import Limits, Means
from smakom_mail.services.sending.throttle import Throttle


@dataclass
class Outbox:
    """A Maildir; a message is there whole or not at all."""

    folder: Path
    written: int = 0
    _run: str = field(default_factory=lambda: secrets.token_hex(4))

    def open(self) -> None:
        """Make the folders, for nobody else to read. Raises WriteRefusedError."""
        try:
            for name in ("tmp", "new", "cur"):
                (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise self._refused(error) from error

    def add(self, parts: list[bytes], mark: str) -> None:
        """Write one message; `mark` is in its name. Raises WriteRefusedError."""
        self.written += 1
        # Maildir's own rule: time, something unique, host; the mark is part of the second.
        name = f"{int(time())}.{self._run}_{self.written:07}_{mark}.{_host()}"
        fresh = self.folder / "tmp" / name
        try:
            fresh.write_bytes(b"".join(parts))
            fresh.replace(self.folder / "new" / name)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            raise self._refused(error) from error

    def clear(self, mark: str) -> int:
        """Take away what bears a mark, as another rehearsal takes its place; give how many."""
        number = 0
        for name in ("tmp", "new", "cur"):
            for path in sorted((self.folder / name).glob(f"*_{mark}.*")):
                path.unlink(missing_ok=True)
                number += 1
        return number

    def _refused(self, error: OSError) -> WriteRefusedError:
        reason = error.strerror or str(error)
        return WriteRefusedError(
            f"the outbox {self.folder} cannot be written: {reason}", "make room, or permission"
        )


def _host() -> str:
    return socket.gethostname().replace("/", "").replace(":", "") or "localhost"


def outbox_of(root: Path) -> Outbox:
    """Give the outbox of a project: var/outbox."""
    return Outbox(root / "var" / "outbox")


def outbox_means(outbox: Outbox, mark: str) -> Means:
    """Give what lays a campaign in the outbox, through the same loop and ledger as a relay."""

    def opener(line: Line) -> Wire:
        return OutboxWire(line, outbox, mark)

    return Means(opener, Throttle(NO_LIMIT), Limits(1), _no_sender, account="outbox")


def _no_sender(_recipient: Recipient) -> str:
    return ""


class OutboxWire:
    """A connection that leads to the outbox, and takes everything."""

    def __init__(self, line: Line, outbox: Outbox, mark: str) -> None:
        """Be ready soon."""
        self._line = line
        self._outbox = outbox
        self._mark = mark
        self._tag: object = None
        self._over = False
        self._soon(lambda: line.ready(Extensions()))

    def offer(self, envelope: Envelope) -> None:
        """Ask for the message."""
        self._tag = envelope.tag
        self._soon(lambda: self._line.wants_body(envelope.tag))

    def send_body(self, parts: list[bytes], then: Envelope | None = None) -> None:
        """Write the message, and ask for the next one."""
        tag = self._tag
        try:
            self._outbox.add(parts, self._mark)
            verdict = Verdict(Action.ACCEPT, _TAKEN, Phase.DOT, "")
        except WriteRefusedError as error:
            verdict = Verdict(Action.STOP, _FULL, Phase.DOT, error.message)
        self._soon(lambda: self._line.settled(tag, verdict))
        if then is not None:
            self.offer(then)

    def quit(self) -> None:
        """End soon."""
        self.abort()

    def abort(self) -> None:
        """End soon; what was not written is not there."""
        if not self._over:
            self._over = True
            before = () if self._line.current is None else (self._line.current.id,)
            asyncio.get_running_loop().call_soon(self._line.lost, before, None, "")

    def _soon(self, what: Callable[[], None]) -> None:
        """Tell the line on the next turn, as a relay would, unless that is over."""

        def tell() -> None:
            if not self._over:
                what()

        asyncio.get_running_loop().call_soon(tell)


_TAKEN = Reply(250, "2.0.0", "laid in the outbox")
_FULL = Reply(452, "4.3.1", "the outbox cannot be written")
