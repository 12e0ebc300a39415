"""Handing letters over one at a time: to the relay, or where there is none to the outbox.

A session of mail.smtp tells what happens from within the loop; here each step is awaited instead.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from smakom_mail.errors import WriteRefusedError
from smakom_mail.mail.smtp.envelope import Envelope
from smakom_mail.mail.smtp.extensions import Extensions
from smakom_mail.mail.smtp.replies import NO_REPLY, Reply
from smakom_mail.mail.smtp.verdicts import Action, Phase, Verdict
from smakom_mail.services.sending.outbox import Outbox
from smakom_mail.services.sending.relaying import Opener

if TYPE_CHECKING:
    from smakom_mail.mail.smtp.connection import RelayConnection

LAID = "laid in the outbox"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The relay waits for the message."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The connection is over; `doubtful` tells that the dot had left."""

    why: str
    doubtful: bool = False


Answer = Wanted | Verdict | Gone


class NoSessionError(Exception):
    """No session with the relay: its verdict says why."""

    def __init__(self, verdict: Verdict) -> None:
        """Keep the verdict."""
        super().__init__(verdict.why)
        self.verdict = verdict


class Post(Protocol):
    """Where letters are handed over."""

    over: bool
    """Whether nothing more can be handed over here."""

    async def ask(self, envelope: Envelope) -> Answer:
        """Ask whether a letter is taken for its recipient."""

    async def send(self, parts: list[bytes]) -> Verdict | Gone:
        """Hand over the letter that is wanted, and its dot."""

    async def close(self) -> None:
        """End politely."""

    def abort(self, why: str) -> None:
        """End at once: what is wanted is never handed over, what was handed over is in doubt."""


class PostOffice(Protocol):
    """Opens posts."""

    async def open(self) -> Post:
        """Open one. Raises NoSessionError."""


class RelayPost:
    """One session with the relay (a Listener of mail.smtp)."""

    def __init__(self) -> None:
        """Begin without a connection."""
        self.over = False
        self.connection: RelayConnection | None = None
        self._answers: asyncio.Queue[Answer | Extensions] = asyncio.Queue()

    # ------------------------------------------------------------------ what the connection tells

    def ready(self, extensions: Extensions) -> None:
        """Learn that the session stands."""
        self._answers.put_nowait(extensions)

    def wants_body(self, tag: object) -> None:
        """Learn that the relay waits for the message."""
        del tag
        self._answers.put_nowait(Wanted())

    def settled(self, tag: object, verdict: Verdict) -> None:
        """Learn what the relay answered."""
        del tag
        self._answers.put_nowait(verdict)

    def lost(self, before_dot: Sequence[object], after_dot: object | None, why: str) -> None:
        """Learn that the connection is over."""
        del before_dot
        self.over = True
        self._answers.put_nowait(Gone(why, doubtful=after_dot is not None))

    def failed(self, verdict: Verdict) -> None:
        """Learn that there is no session."""
        self.over = True
        self._answers.put_nowait(verdict)

    # --------------------------------------------------------------------- what the sender asks

    async def begin(self, opener: Opener) -> None:
        """Open the session. Raises NoSessionError."""
        self.connection = opener.connection(self)
        await self.connection.connect()
        match await self._answers.get():
            case Verdict() as verdict:
                raise NoSessionError(verdict)
            case Gone(why=why):
                raise NoSessionError(Verdict(Action.RECONNECT, NO_REPLY, Phase.EHLO, why))

    async def ask(self, envelope: Envelope) -> Answer:
        """Ask whether a letter is taken for its recipient."""
        if self.over or self.connection is None:
            return Gone("the connection is over")
        self.connection.offer(envelope)
        return await self._next()

    async def send(self, parts: list[bytes]) -> Verdict | Gone:
        """Hand over the letter that is wanted, and its dot."""
        if self.over or self.connection is None:
            return self._ended()
        self.connection.send_body(parts)
        answer = await self._next()
        return Gone("the relay asked again") if isinstance(answer, Wanted) else answer

    def _ended(self) -> Verdict | Gone:
        """Give what was told while the intent was made durable: nothing of the letter has left."""
        while not self._answers.empty():
            answer = self._answers.get_nowait()
            if isinstance(answer, Verdict | Gone):
                return answer
        return Gone("the connection is over")

    async def _next(self) -> Answer:
        answer = await self._answers.get()
        return Gone("the session began anew") if isinstance(answer, Extensions) else answer

    async def close(self) -> None:
        """Take leave, and wait until the relay has done so too."""
        if self.connection is None or self.over:
            return
        self.connection.quit()
        while not self.over:
            await self._answers.get()

    def abort(self, why: str) -> None:
        """Cut the connection."""
        if self.connection is not None and not self.over:
            self.connection.abort(why)
        self.over = True


@dataclass(frozen=True, slots=True)
class RelayOffice:
    """Opens sessions with the relay."""

    opener: Opener

    async def open(self) -> Post:
        """Open one. Raises NoSessionError."""
        post = RelayPost()
        try:
            await post.begin(self.opener)
        except asyncio.CancelledError:
            post.abort("the program was told to stop")
            raise
        return post


class OutboxPost:
    """Takes every letter, into the outbox."""

    def __init__(self, outbox: Outbox) -> None:
        """Take the outbox, which is open."""
        self.over = False
        self._outbox = outbox
        self._mark = ""

    async def ask(self, envelope: Envelope) -> Answer:
        """Want every letter."""
        self._mark = f"letter-{envelope.tag}"
        return Wanted()

    async def send(self, parts: list[bytes]) -> Verdict | Gone:
        """Lay a letter in the outbox."""
        try:
            self._outbox.add(parts, self._mark)
        except WriteRefusedError as error:
            return Verdict(Action.STOP, NO_REPLY, Phase.DOT, error.message)
        return Verdict(Action.ACCEPT, Reply(250, "", LAID), Phase.DOT, LAID)

    async def close(self) -> None:
        """End."""
        self.over = True

    def abort(self, why: str) -> None:
        """End."""
        del why
        self.over = True


@dataclass(frozen=True, slots=True)
class OutboxOffice:
    """Lays letters in the outbox."""

    outbox: Outbox

    async def open(self) -> Post:
        """Make the folders. Raises NoSessionError."""
        try:
            self.outbox.open()
        except WriteRefusedError as error:
            verdict = Verdict(Action.STOP, NO_REPLY, Phase.CONNECT, error.message)
            raise NoSessionError(verdict) from error
        return OutboxPost(self.outbox)
