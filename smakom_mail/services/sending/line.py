"""One connection of a campaign: whose message is on it, and how far that has come.

It knows two recipients at most: the current one, and the next, whose envelope went out behind the
current one's dot. The body leaves when the relay has asked for it and the intent is durable,
whichever comes last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smakom_mail.mail.smtp.envelope import Envelope
    from smakom_mail.mail.smtp.extensions import Extensions
    from smakom_mail.mail.smtp.verdicts import Verdict
    from smakom_mail.model.campaign import Recipient


class Wire(Protocol):
    """What a line writes to: a connection to the relay, or the outbox."""

    def offer(self, envelope: Envelope) -> None:
        """Ask the relay about a recipient."""

    def send_body(self, parts: list[bytes], then: Envelope | None = None) -> None:
        """Send the body, the dot and, where the relay lets us, the next envelope."""

    def quit(self) -> None:
        """End politely; nothing is on it."""

    def abort(self) -> None:
        """End at once; a message whose dot has not left is never taken."""


class Desk(Protocol):
    """What a line asks of the engine that all lines share."""

    def take(self, line: Line) -> Recipient | None:
        """Give the next recipient for a line, None where there is none for it now."""

    def envelope(self, recipient: Recipient) -> Envelope:
        """Give a recipient's envelope."""

    def compose(self, recipient: Recipient) -> list[bytes] | None:
        """Give a recipient's message; None where it cannot be made (it is refused then)."""

    def intend(self, line: Line, recipient: Recipient) -> None:
        """Ask for the intent; `granted` or `denied` is called once that is decided."""

    def judged(self, line: Line, recipient: Recipient, verdict: Verdict) -> None:
        """Take in what the relay answered about a recipient."""

    def dropped(self, recipients: Sequence[Recipient]) -> None:
        """Take back those of whom nothing has been said."""

    def doubted(self, recipient: Recipient, why: str) -> None:
        """Take in that nobody knows whether the relay took a message."""

    def closed(self, line: Line, why: str, *, worked: bool) -> None:
        """Take in that a connection has ended."""

    def failed(self, line: Line, verdict: Verdict) -> None:
        """Take in that there is no session."""


class Line:
    """One connection and its one or two recipients (a Listener of mail.smtp)."""

    def __init__(self, desk: Desk, most: int) -> None:
        """Begin without a connection; `most` messages go over it, 0 for any number."""
        self.wire: Wire | None = None
        self.current: Recipient | None = None
        self.next: Recipient | None = None
        self.is_ready = False
        self.ending = False
        self.taken = 0
        self.answered = 0
        self.idle_since: float | None = None
        self._desk = desk
        self._most = most
        self._asked = False
        self._granted = False

    # ------------------------------------------------------------- what the engine asks of it

    def feed(self) -> None:
        """Begin with another recipient, if the line is free and there is one."""
        if not self.is_ready or self.ending or self.current is not None or self.wire is None:
            return
        if self._full:
            self.end()
            return
        recipient = self._desk.take(self)
        if recipient is None:
            return
        self.idle_since = None
        self.current = recipient
        self.taken += 1
        self._desk.intend(self, recipient)
        self.wire.offer(self._desk.envelope(recipient))

    def granted(self, recipient: Recipient) -> None:
        """Learn that the intent of a recipient is durable."""
        if recipient is self.current:
            self._granted = True
            self._push()

    def denied(self, recipient: Recipient) -> None:
        """Learn that a recipient, whose envelope is out, must not get it: only closing helps."""
        if recipient is self.current:
            self.current = None
            self.abort("")  # nothing is wrong with the relay

    def end(self) -> None:
        """Close politely once nothing is on the line."""
        if self.ending:
            return
        self.ending = True
        if not self.is_ready:
            self.abort("")
        elif self.current is None and self.wire is not None:
            self.wire.quit()

    def abort(self, why: str) -> None:
        """Close at once: what is behind its dot is in doubt, what is before it is taken back."""
        wire, self.wire = self.wire, None
        if wire is None:
            return
        wire.abort()
        pushed = self._pushed
        current, following = self.current, self.next
        self._forget()
        if current is not None and pushed:
            self._desk.doubted(current, why)
        before = [each for each in (None if pushed else current, following) if each is not None]
        self._desk.dropped(before)
        self._desk.closed(self, why, worked=self.answered > 0)

    # ------------------------------------------------------------- what the connection tells it

    def ready(self, extensions: Extensions) -> None:
        """Learn that the session stands."""
        del extensions
        self.is_ready = True
        self.feed()

    def wants_body(self, tag: object) -> None:
        """Learn that the relay waits for the message of `tag`."""
        if self.current is not None and self.current.id == tag:
            self._asked = True
            self._push()

    def settled(self, tag: object, verdict: Verdict) -> None:
        """Learn what the relay answered about `tag`."""
        if self.next is not None and self.next.id == tag:
            # Nothing of it was sent: the session saw by itself that the relay cannot take it.
            unsendable, self.next = self.next, None
            self._desk.judged(self, unsendable, verdict)
            return
        recipient = self.current
        if recipient is None or recipient.id != tag:
            raise AssertionError(f"a reply about {tag!r}, where {recipient!r} is on the line")
        self._shift()
        self.answered += 1
        self._desk.judged(self, recipient, verdict)
        self._go_on()

    def _go_on(self) -> None:
        """Turn to the next recipient, or take leave."""
        if self.wire is None:
            return
        if self.current is not None:
            self._desk.intend(self, self.current)  # rides with the outcome in one commit
        elif self.ending:
            self.wire.quit()
        else:
            self.feed()

    def lost(self, before_dot: Sequence[object], after_dot: object | None, why: str) -> None:
        """Learn that the connection is gone."""
        if self.wire is None:
            return
        self.wire = None
        mine: dict[object, Recipient] = {
            each.id: each for each in (self.current, self.next) if each is not None
        }
        self._forget()
        if after_dot is not None and after_dot in mine:
            self._desk.doubted(mine.pop(after_dot), why)
        if mine.keys() - set(before_dot):
            raise AssertionError(f"nothing was said about {mine}")
        self._desk.dropped(list(mine.values()))
        self._desk.closed(self, why, worked=self.answered > 0)

    def failed(self, verdict: Verdict) -> None:
        """Learn that there is no session."""
        if self.wire is None:
            return
        self.wire = None
        dropped = [each for each in (self.current, self.next) if each is not None]
        self._forget()
        self._desk.dropped(dropped)
        self._desk.failed(self, verdict)

    # ------------------------------------------------------------------------------ the inside

    @property
    def _full(self) -> bool:
        return bool(self._most) and self.taken >= self._most

    @property
    def _pushed(self) -> bool:
        return self._asked and self._granted

    def _push(self) -> None:
        """Send the message, now that it is asked for and the intent is durable."""
        if not self._pushed or self.wire is None or self.current is None:
            return
        parts = self._desk.compose(self.current)
        if parts is None:
            self.current = None
            self._asked = self._granted = False
            self.abort("")
            return
        following = None if self._full or self.ending else self._desk.take(self)
        if following is not None:
            self.taken += 1
            self.next = following
        self.wire.send_body(parts, self._desk.envelope(following) if following else None)

    def _shift(self) -> None:
        self.current, self.next = self.next, None
        self._asked = self._granted = False

    def _forget(self) -> None:
        self.current = self.next = None
        self._asked = self._granted = False
        self.is_ready = False
