"""The loop that joins relay and ledger: one thread, one event loop, one commit for many lines.

Whatever the lines learn in a turn or two (replies, and intents to submit) is made durable in one
transaction (gathering.py). Only then may a body leave, and only then is an outcome shown. Two
recipients at most are on a connection; what is claimed beyond them is given back at the end.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from smakom_mail.errors import StoreError
from smakom_mail.mail.smtp.envelope import Envelope
from smakom_mail.mail.smtp.verdicts import Action, Phase
from smakom_mail.mail.template import ReaderValueError
from smakom_mail.model.campaign import Wish
from smakom_mail.model.delivery import Event
from smakom_mail.services.sending.gathering import Gathering
from smakom_mail.services.sending.judging import Judge
from smakom_mail.services.sending.line import Line
from smakom_mail.services.sending.means import Ended
from smakom_mail.services.sending.queue import WATCH_SECONDS, Queue, domain_of
from smakom_mail.store.ledger import LedgerError, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from smakom_mail.mail.message import MessageTemplate
    from smakom_mail.mail.smtp.verdicts import Verdict
    from smakom_mail.model.campaign import Recipient
    from smakom_mail.services.sending.clock import Clock
    from smakom_mail.services.sending.means import Means, Watcher
    from smakom_mail.store.ledger import Committed, Ledger
    from smakom_mail.store.spending import Spending

IDLE_SECONDS = 15.0
"""A connection that waits longer for its turn is closed: relays hang up on silent ones."""
_PATIENCE = 30
"""How many times, a second apart, a commit of what the relay said is tried again."""


class Engine:
    """Sends one campaign until nothing is left, or somebody or something stops it (a Desk)."""

    def __init__(  # noqa: PLR0913 - what it joins
        self,
        ledger: Ledger,
        template: MessageTemplate,
        means: Means,
        *,
        clock: Clock,
        watcher: Watcher,
        refresh: Callable[[], None] = lambda: None,
    ) -> None:
        """Keep what is joined; nothing happens before `run`."""
        self._ledger = ledger
        self._template = template
        self._opener = means.opener
        self._throttle = means.throttle
        self._limits = means.limits
        self._clock = clock
        self._watcher = watcher
        self._sender_of = means.sender_of
        self._judge = Judge(clock, means.limits.connections, waits=means.limits.wait)
        self._size = template.size()
        self._lines: list[Line] = []
        self._queue = Queue(ledger, means.throttle, clock, refresh)
        self._outcomes: list[Outcome] = []
        self._intents: dict[int, tuple[Line, Recipient]] = {}
        self._submitting: set[int] = set()
        self._gathering = Gathering(self._flush)
        self._ended: Ended | None = None
        self._failure: StoreError | None = None
        self._changed = asyncio.Event()

    # ---------------------------------------------------------------------------------- running

    async def run(self) -> Ended:
        """Send until nothing is left to do; give why it ended. All that was learned is durable."""
        try:
            while True:
                self._turn()
                if self._ended is not None and not self._lines:
                    break
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), self._pause())
                self._changed.clear()
            await self._settle_all()
        except BaseException:
            self.stop_now()
            self._flush()
            raise
        return self._ended

    def stop(self, why: str = "") -> None:
        """Finish the messages in flight, give the rest back and end."""
        self._end(Ended(why, stopped=True))

    def stop_now(self, why: str = "the program was stopped") -> None:
        """End without waiting for a reply: what is behind its dot stays unknown."""
        self._end(Ended(why, stopped=True))
        for line in tuple(self._lines):
            line.abort(why)
        self._changed.set()

    def _end(self, ended: Ended) -> None:
        if self._ended is None:
            self._ended = ended
        for line in tuple(self._lines):
            line.end()
        self._changed.set()

    @property
    def _over(self) -> bool:
        return self._ended is not None

    def _turn(self) -> None:
        """Look what there is to do: connections to open, people whose time has come, the end."""
        if not self._over:
            self._close_idle(self._clock.monotonic())
            self._fill()
            self._go_on()
        for line in tuple(self._lines):
            line.end() if self._over else line.feed()

    def _go_on(self) -> None:
        if not self._over and not self._busy:
            self._rest()
        if self._may_open(self._clock.monotonic()):
            self._open()

    def _may_open(self, now: float) -> bool:
        if self._over:
            return False
        if not self._queue or now < max(self._judge.open_at, self._judge.resume_at):
            return False
        return len(self._lines) < min(self._judge.connections, len(self._queue) + self._busy)

    def _open(self) -> None:
        while self._may_open(self._clock.monotonic()):
            line = Line(self, self._limits.per_connection)
            self._lines.append(line)
            line.idle_since = self._clock.monotonic()
            line.wire = self._opener(line)
            if self._judge.careful:
                return  # after a failure, one at a time

    @property
    def _busy(self) -> int:
        """How many are in hand, on their way, or not written down yet."""
        on_lines = sum(1 for line in self._lines if line.current is not None)
        return on_lines + self._queue.in_hand + len(self._outcomes)

    def _close_idle(self, now: float) -> None:
        for line in tuple(self._lines):
            if not line.is_ready or line.current is not None:
                line.idle_since = None if line.current is not None else line.idle_since
            elif line.idle_since is None:
                line.idle_since = now
            elif now - line.idle_since > IDLE_SECONDS:
                line.end()

    def _pause(self) -> float:
        """Say how long to wait when nothing happens, in seconds of the loop."""
        wait = self._throttle.wait(self._clock.monotonic()) or WATCH_SECONDS
        return min(WATCH_SECONDS, wait) / self._clock.pace

    # -------------------------------------------------------------------------------- recipients

    def _fill(self) -> None:
        """Have somebody in hand, if there is anybody and the campaign is to be sent."""
        try:
            self._queue.fill()
        except StoreError as error:
            self._fail(error)
        if self._queue.wish is not Wish.SENDING:
            self._unwished(self._queue.wish)

    def _rest(self) -> None:
        """Nobody is in hand and nothing on its way: end, or wait for who was deferred."""
        try:
            done = self._queue.is_done(self._limits.lifetime, wait=self._limits.wait)
        except StoreError as error:
            self._fail(error)
            return
        if done:
            self._end(Ended())

    def take(self, line: Line) -> Recipient | None:
        """Give the next recipient that the relay's limits allow now."""
        del line
        if self._over or self._clock.monotonic() < self._judge.resume_at:
            return None
        try:
            recipient = self._queue.take()
        except StoreError as error:
            self._fail(error)
            return None
        if self._queue.wish is not Wish.SENDING:
            self._unwished(self._queue.wish)
        return recipient

    def envelope(self, recipient: Recipient) -> Envelope:
        """Give a recipient's envelope; the id is the tag."""
        envid = recipient.message_id.strip("<>")
        return Envelope(
            recipient.id, self._sender_of(recipient), recipient.email, self._size, envid=envid
        )

    def compose(self, recipient: Recipient) -> list[bytes] | None:
        """Give a recipient's message; one that cannot be made is refused and named."""
        try:
            return self._template.compose(recipient)
        except ReaderValueError as error:
            self._learn(Outcome(recipient.id, Event.REFUSE, self._clock.stamp(), why=error.message))
            return None

    # ------------------------------------------------------------------- what the lines report

    def intend(self, line: Line, recipient: Recipient) -> None:
        """Note that a line waits for an intent; the turn's commit decides."""
        self._intents[recipient.id] = (line, recipient)
        self._schedule()

    def judged(self, line: Line, recipient: Recipient, verdict: Verdict) -> None:
        """Take in a reply: an outcome for the recipient, and what it says about the relay."""
        self._intents.pop(recipient.id, None)
        decision = self._judge.decide(recipient.id, verdict)
        self._learn(decision.outcome)
        if verdict.action is Action.SLOWER:
            self._throttle.slower(self._clock.monotonic())
        if decision.close:
            line.end()
        if decision.said:
            self._watcher.said(decision.said)
        if decision.stop:
            self._reopen(decision.reopen)
            self._end(Ended(decision.stop, pause=True))

    def _reopen(self, ids: Collection[int]) -> None:
        """Take back the refusals of a row that was not about those people."""
        if not ids:
            return
        self._flush()
        try:
            self._ledger.reopen(tuple(ids))
        except StoreError as error:
            self._fail(error)

    def doubted(self, recipient: Recipient, why: str) -> None:
        """Take in that nobody knows whether the relay took a message."""
        at = self._clock.stamp()
        phase = str(Phase.DOT)
        self._learn(Outcome(recipient.id, Event.LOSE, at, phase=phase, why=why))

    def dropped(self, recipients: Sequence[Recipient]) -> None:
        """Take back those of whom nothing has left, or nothing was said."""
        for recipient in recipients:
            if self._intents.pop(recipient.id, None) is None and recipient.id in self._submitting:
                at = self._clock.stamp()
                self._learn(Outcome(recipient.id, Event.RELEASE, at))
            else:
                self._queue.put_back(recipient)
        self._changed.set()

    def closed(self, line: Line, why: str, *, worked: bool) -> None:
        """Take in that a connection has ended."""
        self._forget(line)
        if why and not line.ending:
            self._stop_if(self._judge.lost(why, worked=worked))

    def failed(self, line: Line, verdict: Verdict) -> None:
        """Take in that a session could not be made."""
        self._forget(line)
        self._stop_if(self._judge.failed(verdict))

    def _stop_if(self, why: str) -> None:
        if why:
            self._end(Ended(why, pause=True))

    def _forget(self, line: Line) -> None:
        if line in self._lines:
            self._lines.remove(line)
        self._changed.set()

    # --------------------------------------------------------------------------------- the ledger

    def _learn(self, outcome: Outcome) -> None:
        self._outcomes.append(outcome)
        self._schedule()

    def _schedule(self) -> None:
        self._gathering.ask(len(self._intents), len(self._lines))

    def _flush(self) -> None:
        """Make everything that was learned durable, then let the bodies go."""
        self._gathering.begun()
        outcomes, intents = self._outcomes, self._intents
        if not outcomes and not intents:
            return
        self._outcomes, self._intents = [], {}
        asked = () if self._failure is not None else tuple(intents)
        try:
            at = self._clock.stamp()
            done = self._ledger.commit(outcomes, asked, at, self._spending(intents))
        except LedgerError as error:
            self._fail(error)
            self._refuse_all(intents)
            return
        except StoreError as error:
            self._outcomes = outcomes + self._outcomes
            self._fail(error)
            self._refuse_all(intents)
            return
        self._submitting -= {each.id for each in outcomes}
        self._submitting |= done.granted
        self._watcher.settled(outcomes, len(done.withheld))
        self._answer(intents, done)
        if not self._queue.in_hand:
            self._changed.set()  # it may have been the last

    def _answer(self, intents: dict[int, tuple[Line, Recipient]], done: Committed) -> None:
        withheld = frozenset(done.withheld)
        for id_, (line, recipient) in intents.items():
            if id_ in done.granted:
                line.granted(recipient)
            elif id_ in withheld:
                line.denied(recipient)
        rest = {id_: intents[id_] for id_ in intents if id_ not in done.granted | withheld}
        if rest:
            self._refuse_all(rest)
        if done.wish is not Wish.SENDING:
            self._unwished(done.wish)

    def _refuse_all(self, intents: dict[int, tuple[Line, Recipient]]) -> None:
        """Close the lines whose envelopes are out and whose messages may not follow."""
        for line, recipient in intents.values():
            self._queue.put_back(recipient)
            line.denied(recipient)

    def _spending(
        self, intents: dict[int, tuple[Line, Recipient]]
    ) -> Callable[[Collection[int]], Sequence[Spending]]:
        def spend(granted: Collection[int]) -> Sequence[Spending]:
            domains = [domain_of(intents[id_][1]) for id_ in granted]
            return self._throttle.spending(self._clock.time(), domains)

        return spend

    def _unwished(self, wish: Wish) -> None:
        """Stop, as somebody has paused or cancelled the campaign from elsewhere."""
        self._end(Ended(f"the campaign was {wish}", stopped=True))

    def _fail(self, error: StoreError) -> None:
        """Send nothing more: what happens could not be written down."""
        if self._failure is None:
            self._failure = error
            self._watcher.said(f"nothing more is sent: {error.message}")
        self._end(Ended(error.message, error=error))

    async def _settle_all(self) -> None:
        """Give back what is still claimed, and write down what the relay said.

        It is tried again for half a minute: a reply that is lost is a person in doubt.
        """
        at = self._clock.stamp()
        wish = Wish.SENDING
        rest = self._queue.empty()
        with contextlib.suppress(StoreError):
            wish = self._ledger.wish()
        if wish is Wish.CANCELLED:
            with contextlib.suppress(StoreError):
                self._ledger.withhold([each.id for each in rest], at, "cancelled")
                rest = []
        given_back = [Outcome(each.id, Event.RELEASE, at) for each in rest]
        for attempt in range(_PATIENCE):
            try:
                self._ledger.commit(self._outcomes + given_back, (), at)
            except LedgerError as error:
                self._give_up(error)
                return
            except StoreError as error:
                if attempt == _PATIENCE - 1:
                    self._give_up(error)
                    return
                await self._clock.sleep(1.0)
            else:
                self._watcher.settled(self._outcomes, 0)
                self._outcomes = []
                return

    def _give_up(self, error: StoreError) -> None:
        if self._ended is not None:
            self._ended.error = self._ended.error or error
            self._ended.unrecorded = self._outcomes
