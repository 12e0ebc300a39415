"""How long the relay's limits make a campaign last, told before it begins.

Everybody is gone through in the order of the campaign, as queue.py does it with a relay that takes
no time: whoever's domain has to wait lets others pass, until too many are set aside. So a domain
that many people share is seen, and one whose people all come last.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from smakom_mail.config.measures import NO_LIMIT, Rate
from smakom_mail.services.sending.queue import MOST_ASIDE


@dataclass(frozen=True, slots=True)
class Foretold:
    """The seconds until the last message may go, and the domain whose limit holds it back.

    Without a domain it is the limit for all.
    """

    seconds: float = 0.0
    domain: str = ""


def foretell(
    rate: Rate, domain_rates: Iterable[tuple[str, Rate]], domains: Iterable[str]
) -> Foretold:
    """Say how long it lasts to send to people with these domains, in their order."""
    rates = dict(domain_rates)
    usual = rates.get("*", NO_LIMIT)
    if not rate and not any(rates.values()):
        return Foretold()
    course = _Course(rate, lambda domain: rates.get(domain, usual), iter(domains))
    return course.run()


class _Gate:
    """When the next one may go: for each limit, its window after the one so many before it."""

    __slots__ = ("_gone", "_limits")

    def __init__(self, rate: Rate) -> None:
        self._limits = rate.limits
        self._gone: list[float] = []

    def opens(self) -> float:
        gone = self._gone
        number = len(gone)
        opens = 0.0
        for limit, width in self._limits:
            if number >= limit:
                opens = max(opens, gone[number - limit] + width)
        return opens

    def add(self, now: float) -> None:
        self._gone.append(now)


class _Course:
    """A sending that is only counted through."""

    def __init__(self, rate: Rate, rate_of: Callable[[str], Rate], domains: Iterator[str]) -> None:
        self._all = _Gate(rate)
        self._rate_of = rate_of
        self._rest = domains
        self._gates: dict[str, _Gate] = {}
        self._aside: Counter[str] = Counter()
        self._number_aside = 0
        self._ready: list[tuple[float, str]] = []
        """When the next one of each domain that is set aside may go."""

    def run(self) -> Foretold:
        now, last = 0.0, Foretold()
        while True:
            now = max(now, self._all.opens())
            if self._ready and self._ready[0][0] <= now:
                last = self._recall(now)
            elif (domain := self._next()) is not None:
                if self._send_or_set_aside(domain, now):
                    last = Foretold(now)
            elif self._ready:
                now = self._ready[0][0]
            else:
                return last

    def _next(self) -> str | None:
        return next(self._rest, None) if self._number_aside < MOST_ASIDE else None

    def _send_or_set_aside(self, domain: str, now: float) -> bool:
        gate = self._gate(domain)
        if gate is not None and (opens := gate.opens()) > now:
            self._number_aside += 1
            self._aside[domain] += 1
            if self._aside[domain] == 1:
                heapq.heappush(self._ready, (opens, domain))
            return False
        self._all.add(now)
        if gate is not None:
            gate.add(now)
        return True

    def _recall(self, now: float) -> Foretold:
        """Send the next one of a domain that was set aside."""
        ready, domain = heapq.heappop(self._ready)
        gate = self._gates[domain]
        self._all.add(now)
        gate.add(now)
        self._number_aside -= 1
        self._aside[domain] -= 1
        if self._aside[domain]:
            heapq.heappush(self._ready, (gate.opens(), domain))
        return Foretold(now, domain if ready == now else "")

    def _gate(self, domain: str) -> _Gate | None:
        if domain not in self._gates:
            rate = self._rate_of(domain)
            if not rate:
                return None
            self._gates[domain] = _Gate(rate)
        return self._gates[domain]
