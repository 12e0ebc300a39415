"""The shell around a session: a socket, TLS, and deadlines that nothing extends.

A deadline is for a whole answer, so that a relay that sends a byte a second is given up like one
that sends none; it is looked at once a second, without a timer for each message.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

from smakom_mail.mail.smtp.envelope import Envelope
from smakom_mail.mail.smtp.events import (
    DEADLINES,
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
from smakom_mail.mail.smtp.replies import NO_REPLY
from smakom_mail.mail.smtp.session import RelaySession
from smakom_mail.mail.smtp.tls import BROKEN_OFF, broke_off, refusal
from smakom_mail.mail.smtp.verdicts import Action, Phase, Verdict
from smakom_mail.mail.smtp.wire import WireGuard

_BUFFER = 4 << 20
_INPUT = 16 << 10
_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)
_GONE = "the relay closed the connection"
PLAIN_REFUSED = (
    "{host} is not this machine, and nothing is sent there unencrypted: use the relay's port 587 "
    'with security = "starttls" or 465 with "tls", ask its keeper to switch TLS on, or let a mail '
    "server on this machine pass the messages on"
)


class Listener(Protocol):
    """What the owner of a connection is told, from within the loop.

    Each connection ends in exactly one call of `lost` or `failed`, also after `quit` and `abort`;
    each tag in exactly one `settled` or `lost`.
    """

    def ready(self, extensions: Extensions) -> None:
        """Envelopes may be offered."""

    def wants_body(self, tag: object) -> None:
        """The relay waits for this message: `send_body` once its intent is durable."""

    def settled(self, tag: object, verdict: Verdict) -> None:
        """A reply has ended this delivery."""

    def lost(self, before_dot: Sequence[object], after_dot: object | None, why: str) -> None:
        """The connection is over; `why` is empty after `quit`."""

    def failed(self, verdict: Verdict) -> None:
        """There was no session; nothing was offered and nothing sent."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How many seconds things may take: connecting, TLS, and each whole answer.

    `check` is how often that is looked at; after `hint` a missing greeting is worth a word.
    """

    connect: float = 30
    handshake: float = 60
    check: float = 1
    answers: Mapping[Phase, float] = field(default_factory=lambda: DEADLINES)
    hint: float = 10


class RelayConnection(asyncio.BufferedProtocol):
    """One connection to a relay: `connect` it, and its listener is told the rest."""

    def __init__(  # noqa: PLR0913 - what it is made of, and its patience
        self,
        settings: SessionSettings,
        listener: Listener,
        *,
        ssl_context: ssl.SSLContext | None = None,
        timeouts: Timeouts | None = None,
        guard: WireGuard | None = None,
        silent: Callable[[], None] | None = None,
    ) -> None:
        """Prepare a session; `ssl_context` comes from `tls.client_context`.

        `silent` is called once if a greeting takes long that TLS may have to come before.
        """
        if settings.security != "none" and ssl_context is None:
            raise ValueError("TLS takes a context")
        self.session = RelaySession(settings, guard)
        self._settings = settings
        self._listener = listener
        self._context = ssl_context
        self._timeouts = timeouts or Timeouts()
        self._silent = silent if settings.security != "tls" else None
        self._transport: asyncio.Transport | None = None
        self._rearm: Callable[[int, int, int], None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._upgrade: asyncio.Task[None] | None = None
        self._input = memoryview(bytearray(_INPUT))
        self._seen = -1
        self._since = 0.0
        self._told: deque[Event] = deque()
        self._telling = False

    # ------------------------------------------------------------------------ what its owner does

    async def connect(self) -> None:
        """Open the connection. What goes wrong is told to the listener, and raises nothing."""
        implicit = self._settings.security == "tls"
        try:
            async with asyncio.timeout(self._timeouts.connect):
                await asyncio.get_running_loop().create_connection(
                    lambda: self,
                    self._settings.host,
                    self._settings.port,
                    ssl=self._context if implicit else None,
                    server_hostname=self._settings.host if implicit else None,
                )
        except OSError as error:
            broken_off = implicit and broke_off(error)
            self._no_session(Phase.STARTTLS if broken_off else Phase.CONNECT, error)

    def offer(self, envelope: Envelope) -> None:
        """Take the next envelope, as `RelaySession.offer`."""
        if self.session.over:
            self._too_late(envelope)
        else:
            self._handle(self.session.offer(envelope))

    def send_body(self, parts: Sequence[bytes], then: Envelope | None = None) -> None:
        """Send the awaited message and its dot, and the next envelope in the same piece."""
        if not self.session.over:
            self._handle(self.session.send_body(parts, then))
        elif then is not None:
            self._too_late(then)

    def quit(self) -> None:
        """Take leave when all that is on its way has been answered."""
        if self.session.ready:
            self.session.quit()
            self._handle([])
        else:
            self.abort()

    def abort(self, why: str = "given up") -> None:
        """Cut the connection; the listener is told now, or after the call that this comes from."""
        self._handle(self.session.lost(why))

    # -------------------------------------------------------------------------- what the loop does

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport; a peer that is not this machine gets nothing unencrypted."""
        self._take(cast("asyncio.Transport", transport))
        if self.session.over:
            self._shut()
            return
        if self._settings.security == "none" and not _is_loopback(
            transport.get_extra_info("peername")
        ):
            why = PLAIN_REFUSED.format(host=self._settings.host)
            self._handle(self.session.failed(_verdict(Action.STOP, Phase.CONNECT, why)))
            return
        self._tick()

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - as the loop calls it
        """Lend the buffer that the loop reads into; a fresh one each time costs 20 µs."""
        return self._input

    def buffer_updated(self, nbytes: int) -> None:
        """Hand bytes on, with the next acknowledgement asked for at once."""
        if self._rearm is not None and _QUICKACK is not None:
            # Linux forgets it; without it TLS waits 40 ms for each message.
            self._rearm(socket.IPPROTO_TCP, _QUICKACK, 1)
        self._handle(self.session.receive(bytes(self._input[:nbytes])))

    def eof_received(self) -> None:
        """Let the transport close."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell what was on its way."""
        reason = f": {exc.strerror or exc}" if isinstance(exc, OSError) else ""
        self._handle(self.session.lost(_GONE + reason))

    # --------------------------------------------------------------------------------------- within

    def _take(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        transport.set_write_buffer_limits(high=_BUFFER)
        tcp = transport.get_extra_info("socket")
        self._rearm = tcp.setsockopt if tcp is not None else None

    def _handle(self, events: list[Event]) -> None:
        """Send what is to be sent, then tell; what the listener does meanwhile waits its turn."""
        if (data := self.session.outgoing()) and self._transport is not None:
            self._transport.write(data)
        if events:
            self._told.extend(events)
        if self._telling:
            return
        self._telling = True
        try:
            while self._told:
                self._tell(self._told.popleft())
        finally:
            self._telling = False

    def _too_late(self, envelope: Envelope) -> None:
        """Add an envelope to what is lost, where the listener has not been told of that yet."""
        for place, event in enumerate(self._told):
            if isinstance(event, Lost):
                before = (*event.before_dot, envelope.tag)
                self._told[place] = Lost(before, event.after_dot, event.why)
                return
        raise ValueError("the connection is over")

    def _tell(self, event: Event) -> None:
        match event:
            case Settled():
                self._listener.settled(event.tag, event.verdict)
            case WantsBody() if not self.session.over:
                self._listener.wants_body(event.tag)
            case Ready():
                self._listener.ready(event.extensions)
            case StartTls():
                self._begin_tls()
            case Lost():
                self._shut()
                self._listener.lost(event.before_dot, event.after_dot, event.why)
            case Failed():
                self._shut()
                self._listener.failed(event.verdict)

    def _shut(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            # Nothing more is wanted or owed: after QUIT the relay has said goodbye.
            self._transport.abort()

    def _tick(self) -> None:
        """Look whether the answer that is awaited has been awaited too long."""
        if self.session.over:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self.session.steps != self._seen:
            self._seen, self._since = self.session.steps, now
        awaited = self.session.awaited
        if awaited is Phase.GREETING and now - self._since > self._timeouts.hint and self._silent:
            self._silent()
            self._silent = None
        if awaited is not None and now - self._since > self._timeouts.answers[awaited]:
            seconds = self._timeouts.answers[awaited]
            why = f"the relay left {awaited} unanswered for {seconds:g} seconds"
            self._handle(self.session.lost(why))
            return
        self._timer = loop.call_later(self._timeouts.check, self._tick)

    def _begin_tls(self) -> None:
        if self._transport is not None and self._context is not None:
            # What comes now belongs to TLS.
            self._transport.pause_reading()
            start = self._start_tls(self._transport, self._context)
            self._upgrade = asyncio.get_running_loop().create_task(start)

    async def _start_tls(self, plain: asyncio.Transport, context: ssl.SSLContext) -> None:
        try:
            secured = await asyncio.get_running_loop().start_tls(
                plain,
                self,
                context,
                server_hostname=self._settings.host,
                ssl_handshake_timeout=self._timeouts.handshake,
            )
        except OSError as error:
            self._no_session(Phase.STARTTLS, error)
            return
        if secured is None:
            self._no_session(Phase.STARTTLS, ConnectionResetError())
            return
        self._take(secured)
        if not self.session.over:
            self._handle(self.session.tls_started())

    def _no_session(self, phase: Phase, error: Exception) -> None:
        host, port = self._settings.host, self._settings.port
        if why := refusal(host, error):
            verdict = _verdict(Action.STOP, phase, why)
        else:
            reason = "it does not answer" if isinstance(error, TimeoutError) else str(error)
            if phase is Phase.STARTTLS and broke_off(error):
                reason = BROKEN_OFF
            reason = reason or "it was closed"
            why = f"no connection to {host} on port {port}: {reason}"
            verdict = _verdict(Action.RECONNECT, phase, why)
        self._handle(self.session.failed(verdict))


def _verdict(action: Action, phase: Phase, why: str) -> Verdict:
    return Verdict(action, NO_REPLY, phase, why)


def _is_loopback(peer: object) -> bool:
    return isinstance(peer, tuple) and ipaddress.ip_address(peer[0].partition("%")[0]).is_loopback
