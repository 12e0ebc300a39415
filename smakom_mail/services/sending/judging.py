"""What a campaign does about what its relay says: the recipient, the connections, the whole.

The table of replies (mail.smtp.verdicts) says what one reply means; here is what a row of them
means. A relay that refuses everybody is not refusing people, so their refusals are taken back.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from smakom_mail.mail.smtp.verdicts import Action, Phase, Verdict
from smakom_mail.model.campaign import NOT_WAITED
from smakom_mail.model.delivery import Event
from smakom_mail.services.sending.clock import Clock
from smakom_mail.store.ledger import Outcome

DELAYS = (300.0, 900.0, 1800.0, 3600.0, 7200.0)
"""Seconds until a deferred message is tried again: RFC 5321 section 4.5.4.1 asks for patience."""
JITTER = 0.2
ROW = 5
"""So many refusals of one kind in a row are the relay's or the message's fault."""
FAILURES = 6
"""So many connections that come to nothing in a row, and the campaign is paused."""
HANDSHAKES = 3
"""So many, where TLS breaks off and the relay has never been spoken to: it will not get better."""
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
QUOTA_PAUSE = 900.0
"""Seconds until the relay is asked again, once it has said that a quota is used up."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reply leads to."""

    outcome: Outcome
    close: bool = False
    stop: str = ""
    said: str = ""
    reopen: tuple[int, ...] = ()


@dataclass
class Judge:
    """Remembers what the relay said last, and decides (nothing here reads a clock by itself)."""

    clock: Clock
    connections: int
    jitter: Callable[[], float] = random.random
    waits: bool = True
    """Whether a used up quota is waited for."""
    resume_at: float = 0.0
    open_at: float = 0.0
    _row: list[int] = field(default_factory=list)
    _kind: tuple[object, ...] = ()
    _tripped: tuple[object, ...] = ("nothing",)
    _failures: int = 0
    _met: bool = False
    _deferred: dict[int, int] = field(default_factory=dict)

    @property
    def careful(self) -> bool:
        """Whether the last thing a connection did was to fail."""
        return self._failures > 0

    def decide(self, id_: int, verdict: Verdict) -> Decision:
        """Decide about a reply to one recipient's message."""
        self._met = True
        if verdict.action is Action.ACCEPT:
            self._row, self._failures = [], 0
            return Decision(self._outcome(id_, Event.ACCEPT, verdict))
        decide = {
            Action.DEFER: self._defer,
            Action.SLOWER: self._defer,
            Action.REFUSE: self._refuse,
            Action.BREAKER: self._refuse,
            Action.FEWER: self._fewer,
            Action.QUOTA: self._quota,
            Action.RECONNECT: self._reconnect,
            Action.STOP: self._stop,
        }[verdict.action]
        return decide(id_, verdict)

    def lost(self, why: str, *, worked: bool) -> str:
        """Take in that a connection broke; give why the campaign is paused, if it is."""
        return self._wait_to_open("" if worked else why)

    def failed(self, verdict: Verdict) -> str:
        """Take in that no session was made; give why the campaign is paused, if it is."""
        if verdict.action is Action.STOP:
            return in_words(verdict)
        if verdict.action is Action.FEWER and self.connections > 1:
            self.connections -= 1
        if verdict.action is Action.QUOTA:
            self.resume_at = self.open_at = self.clock.monotonic() + QUOTA_PAUSE
            return "" if self.waits else in_words(verdict) + NOT_WAITED
        broken_off = verdict.phase is Phase.STARTTLS and not verdict.reply.code
        most = HANDSHAKES if broken_off and not self._met else FAILURES
        return self._wait_to_open(in_words(verdict), most)

    def _wait_to_open(self, why: str, most: int = FAILURES) -> str:
        if why:
            self._failures += 1
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** max(0, self._failures - 1)) if why else 0.0
        self.open_at = max(self.open_at, self.clock.monotonic() + wait)
        return why if self._failures >= most else ""

    def _defer(self, id_: int, verdict: Verdict) -> Decision:
        times = self._deferred[id_] = self._deferred.get(id_, 0) + 1
        return Decision(self._outcome(id_, Event.DEFER, verdict, self._delay(times)))

    def _delay(self, times: int) -> float:
        delay = DELAYS[min(times, len(DELAYS)) - 1]
        return delay * (1 + JITTER * (2 * self.jitter() - 1))

    def _refuse(self, id_: int, verdict: Verdict) -> Decision:
        outcome = self._outcome(id_, Event.REFUSE, verdict)
        if verdict.address:
            return Decision(outcome)
        kind = (verdict.phase, verdict.reply.code, verdict.reply.enhanced)
        if kind == self._tripped:
            return Decision(self._given_back(id_, verdict))
        if kind != self._kind:
            self._row, self._kind = [], kind
        self._row.append(id_)
        if len(self._row) < ROW:
            return Decision(outcome)
        row, self._row, self._tripped = tuple(self._row), [], kind
        why = f"the relay refused {ROW} messages in a row: {verdict.reply}"
        return Decision(outcome, stop=why, reopen=row)

    def _fewer(self, id_: int, verdict: Verdict) -> Decision:
        self.connections = max(1, self.connections - 1)
        self.open_at = self.clock.monotonic() + _FIRST_WAIT
        return Decision(self._given_back(id_, verdict), close=True, said=verdict.why)

    def _quota(self, id_: int, verdict: Verdict) -> Decision:
        self.resume_at = self.open_at = self.clock.monotonic() + QUOTA_PAUSE
        said = f"{verdict.why}; it is asked again in {QUOTA_PAUSE / 60:.0f} minutes"
        outcome = self._given_back(id_, verdict)
        if not self.waits:
            return Decision(outcome, close=True, stop=in_words(verdict) + NOT_WAITED)
        return Decision(outcome, close=True, said=said)

    def _reconnect(self, id_: int, verdict: Verdict) -> Decision:
        stop = self._wait_to_open(in_words(verdict))
        if verdict.phase is Phase.DOT:
            return Decision(self._defer(id_, verdict).outcome, close=True, stop=stop)
        return Decision(self._given_back(id_, verdict), close=True, stop=stop)

    def _stop(self, id_: int, verdict: Verdict) -> Decision:
        return Decision(self._given_back(id_, verdict), close=True, stop=in_words(verdict))

    def _given_back(self, id_: int, verdict: Verdict) -> Outcome:
        return self._outcome(id_, Event.RELEASE, verdict)

    def _outcome(self, id_: int, event: Event, verdict: Verdict, delay: float = 0.0) -> Outcome:
        return Outcome(
            id_,
            event,
            self.clock.stamp(),
            self.clock.stamp(delay) if delay else "",
            str(verdict.phase),
            verdict.reply.code,
            str(verdict.reply),
            "" if event is Event.ACCEPT else verdict.why,
        )


def in_words(verdict: Verdict) -> str:
    """Say what a reply means, with the relay's own words behind it where it said any."""
    return f"{verdict.why}: {verdict.reply}" if verdict.reply.code else verdict.why
