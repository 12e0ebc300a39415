"""The relay session without any input or output: bytes in, events out, bytes to send out.

It knows for every message whether its dot has been handed out, and keeps a queue of the commands
that are unanswered, so that each reply goes to the message it is about. Where the relay offers
PIPELINING (RFC 2920) an envelope goes out in one piece, with the end of the message before it.
"""

from collections import deque
from collections.abc import Sequence
from enum import Enum, auto

from smakom_mail.mail.smtp.envelope import Envelope, mail_line, obstacle, rcpt_line
from smakom_mail.mail.smtp.events import (
    Event,
    Failed,
    Lost,
    Ready,
    SessionSettings,
    Settled,
    StartTls,
    WantsBody,
)
from smakom_mail.mail.smtp.extensions import Extensions
from smakom_mail.mail.smtp.handshake import Command, Handshake
from smakom_mail.mail.smtp.replies import NO_REPLY, ProtocolError, Reply, ReplyReader
from smakom_mail.mail.smtp.verdicts import Action, Phase, Verdict, judge
from smakom_mail.mail.smtp.wire import WireGuard

CLOSED = "the relay closed the connection: {reply}"
UNASKED = "the relay is out of step: it answered nothing with {reply}"


class _Stage(Enum):
    HANDSHAKE = auto()
    TLS = auto()
    READY = auto()
    OVER = auto()


# An enumeration's member costs a call each time it is named.
_TLS, _READY, _OVER = _Stage.TLS, _Stage.READY, _Stage.OVER
_MAIL, _RCPT, _DATA, _DOT = Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT
_RSET, _QUIT = Phase.RSET, Phase.QUIT
_NO = range(400, 600)
_YES_OR_NO = frozenset((*range(200, 300), *_NO))
_GO_ON_OR_NO = frozenset((354, *_NO))


class _Transaction:
    """One message on its way: what the relay has said to it so far."""

    __slots__ = ("dot", "envelope", "opened", "settled", "taken")

    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope
        self.opened = self.taken = self.dot = self.settled = False


class RelaySession:
    """One session with a relay.

    At most two messages are on their way: one behind its dot, and the next one before it. Each
    ends in exactly one event: Settled, or Lost that names its tag.
    """

    def __init__(self, settings: SessionSettings, guard: WireGuard | None = None) -> None:
        """Begin, with the greeting awaited; sessions of one sender share a guard."""
        self.extensions = Extensions()
        self.steps = 0
        self._settings = settings
        self._guard = guard or WireGuard()
        self._reader = ReplyReader()
        self._out: list[bytes] = []
        self._events: list[Event] = []
        self._stage = _Stage.HANDSHAKE
        self._handshake = Handshake(settings)
        self._unanswered: deque[tuple[Phase, _Transaction | None]] = deque([(Phase.GREETING, None)])
        self._live: list[_Transaction] = []
        self._queued: _Transaction | None = None
        self._under_way: _Transaction | None = None
        self._body: _Transaction | None = None
        self._reset_first = False
        self._quitting = False

    # ------------------------------------------------------------------------ what is to be known

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self._stage is _Stage.OVER

    @property
    def ready(self) -> bool:
        """Whether envelopes may be offered."""
        return self._stage is _Stage.READY

    @property
    def dot_sent(self) -> bool:
        """Whether the dot of a message has been handed out, and no reply has come to it."""
        return any(transaction.dot for transaction in self._live)

    @property
    def awaited(self) -> Phase | None:
        """What the relay owes an answer to, None while it waits for us; `steps` counts answers."""
        return self._unanswered[0][0] if self._unanswered and not self.over else None

    def outgoing(self) -> bytes:
        """Give what is to be sent now, once."""
        if not self._out:
            return b""
        data = b"".join(self._out)
        self._out.clear()
        return data

    # --------------------------------------------------------------------------- what happens to it

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes of the relay."""
        if self._stage is _OVER:
            return []
        if self._stage is _TLS:
            self._follow(self._handshake.injected())
            return self._told()
        self._reader.feed(data)
        try:
            while self._stage is not _OVER and (found := self._reader.pop()) is not None:
                self._answered(*found)
        except ProtocolError as error:
            self._lose(f"the relay is out of step: {error}")
        return self._told()

    def tls_started(self) -> list[Event]:
        """Go on after StartTls, with all that was learnt before forgotten (RFC 3207)."""
        if self._stage is not _TLS:
            raise ValueError("no TLS was to be started")
        self._stage = _Stage.HANDSHAKE
        self._reader = ReplyReader()
        self._follow(self._handshake.encrypted())
        return self._told()

    def offer(self, envelope: Envelope) -> list[Event]:
        """Take the next envelope; it leaves as soon as the one before it lets it.

        Raises ValueError where one is waiting already, or the session is not ready.
        """
        if self._stage is not _READY or self._queued is not None or self._quitting:
            raise ValueError("the session cannot take an envelope now")
        if verdict := obstacle(envelope, self.extensions):
            self._events.append(Settled(envelope.tag, verdict))
            return self._told()
        self._queued = _Transaction(envelope)
        self._live.append(self._queued)
        self._advance()
        return self._told()

    def send_body(self, parts: Sequence[bytes], then: Envelope | None = None) -> list[Event]:
        """Hand out the awaited message with its dot, and the next envelope with it.

        From here on its dot counts as sent. Raises ValueError where none is awaited, and
        UnsafeBodyError, with nothing handed out, for a message that could be read as two.
        """
        transaction = self._body
        if transaction is None or (then is not None and self._queued is not None):
            raise ValueError("the session cannot take a message now")
        self._guard.require_safe(parts)
        transaction.dot = True
        self._body = self._under_way = None
        self._out.extend(parts)
        self._send(_DOT, b".\r\n", transaction)
        if then is not None:
            return self.offer(then)
        self._advance()
        return self._told()

    def quit(self) -> None:
        """Take leave when all that is on its way has been answered."""
        if self._stage is _Stage.READY and not self._quitting:
            self._quitting = True
            self._advance()

    def lost(self, why: str) -> list[Event]:
        """Take it that the connection is gone, or given up."""
        if not self.over:
            self._lose(why)
        return self._told()

    def failed(self, verdict: Verdict) -> list[Event]:
        """Take it that there can be no session."""
        if not self.over:
            self._fail(verdict)
        return self._told()

    # --------------------------------------------------------------------------------- the messages

    def _advance(self) -> None:
        """Let the queued envelope leave, or take leave, where nothing is in the way."""
        pipelining = self.extensions.pipelining
        if self._under_way is not None or (self._unanswered and not pipelining):
            return
        if (transaction := self._queued) is None:
            if self._quitting and not self._unanswered:
                self._send(_QUIT, b"QUIT\r\n")
            return
        if self._reset_first:
            self._reset_first = False
            self._send(_RSET, b"RSET\r\n")
            if not pipelining:
                return
        self._queued, self._under_way = None, transaction
        line = mail_line(transaction.envelope, self.extensions, dsn=self._settings.dsn)
        self._send(_MAIL, line, transaction)
        if pipelining:
            self._send_recipient(transaction)
            self._send(_DATA, b"DATA\r\n", transaction)

    def _send_recipient(self, transaction: _Transaction) -> None:
        line = rcpt_line(transaction.envelope, self.extensions, dsn=self._settings.dsn)
        self._send(_RCPT, line, transaction)

    def _message_answered(self, phase: Phase, reply: Reply, transaction: _Transaction) -> None:
        if phase is _DOT:
            self._settle(_DOT, reply, transaction)
            self._advance()
        elif phase is _DATA:
            self._data_answered(reply, transaction)
        elif reply.code >= 400:
            self._refused(phase, reply, transaction)
        elif phase is _MAIL:
            transaction.opened = True
            if not self.extensions.pipelining:
                self._send_recipient(transaction)
        else:
            transaction.taken = True
            if not self.extensions.pipelining:
                self._send(_DATA, b"DATA\r\n", transaction)

    def _refused(self, phase: Phase, reply: Reply, transaction: _Transaction) -> None:
        """End a message at its envelope; with PIPELINING the reply to DATA is still to come."""
        self._settle(phase, reply, transaction)
        if not self.extensions.pipelining:
            self._give_way(transaction)

    def _give_way(self, transaction: _Transaction) -> None:
        self._reset_first = transaction.opened
        self._under_way = None
        self._advance()

    def _data_answered(self, reply: Reply, transaction: _Transaction) -> None:
        if reply.code != 354:
            self._settle(_DATA, reply, transaction)
            self._give_way(transaction)
        elif not transaction.settled:
            self._body = transaction
            self._events.append(WantsBody(transaction.envelope.tag))
        elif transaction.taken:
            # An empty message would reach somebody: better no connection.
            raise ProtocolError("it wants a message whose envelope it refused")
        else:
            self._under_way = None
            self._send(_DOT, b".\r\n", transaction)
            self._advance()

    def _settle(self, phase: Phase, reply: Reply, transaction: _Transaction) -> None:
        if not transaction.settled:
            transaction.settled = True
            self._live.remove(transaction)
            self._events.append(Settled(transaction.envelope.tag, judge(phase, reply)))

    # --------------------------------------------------------------------------------------- within

    def _send(self, phase: Phase, line: bytes, transaction: _Transaction | None = None) -> None:
        if not self._unanswered:
            self.steps += 1
        self._out.append(line)
        self._unanswered.append((phase, transaction))

    def _answered(self, reply: Reply, lines: Sequence[str]) -> None:
        if not self._unanswered:
            self._lose((CLOSED if reply.code == 421 else UNASKED).format(reply=reply))
            return
        phase, transaction = self._unanswered[0]
        if transaction is not None:
            if reply.code not in (_GO_ON_OR_NO if phase is _DATA else _YES_OR_NO):
                # It stays unanswered: nobody knows what has become of the message.
                raise ProtocolError(f"it answered {phase} with {reply}")
            self._unanswered.popleft()
            self._message_answered(phase, reply, transaction)
        else:
            self._unanswered.popleft()
            if phase is _QUIT:
                self._lose("")
            elif phase is _RSET:
                self._advance()
            else:
                self._follow(self._handshake.after(phase, reply, lines))
        self.steps += 1
        if reply.code == 421 and self._stage is not _OVER:
            self._lose(CLOSED.format(reply=reply))

    def _follow(self, step: Command | StartTls | Ready | Failed) -> None:
        match step:
            case Command():
                self._send(step.phase, step.line)
            case Failed():
                self._fail(step.verdict)
            case StartTls() if self._reader.pending:
                self._follow(self._handshake.injected())
            case StartTls():
                self._stage = _Stage.TLS
                self._events.append(step)
            case Ready():
                self.extensions = step.extensions
                self._stage = _Stage.READY
                self._events.append(step)

    def _fail(self, verdict: Verdict) -> None:
        self._close()
        self._events.append(Failed(verdict))

    def _lose(self, why: str) -> None:
        if self._stage is not _READY:
            phase = self.awaited or Phase.STARTTLS
            self._fail(Verdict(Action.RECONNECT, NO_REPLY, phase, why))
            return
        before = tuple(each.envelope.tag for each in self._live if not each.dot)
        after = next((each.envelope.tag for each in self._live if each.dot), None)
        farewell = self._quitting and not self._live
        self._close()
        self._events.append(Lost(before, after, "" if farewell else why))

    def _close(self) -> None:
        self._stage = _Stage.OVER
        self._live = []
        self._unanswered.clear()
        self._out.clear()
        self._queued = self._under_way = self._body = None

    def _told(self) -> list[Event]:
        events, self._events = self._events, []
        return events
