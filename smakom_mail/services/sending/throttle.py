"""How much the relay's limits allow now, for all messages and for each recipient's domain.

The clock is passed in: `now` in seconds that never go back (the loop's time), `wall` in seconds of
the epoch, for what is kept. Within a program only `now` counts, so that setting the machine's clock
changes nothing. What a restart has to know is kept in spans of a second or a minute; of a span
only its end is known, so all of it counts as spent there: a restart rather waits too long.
"""

from collections import Counter, deque
from collections.abc import Iterable, Sequence

from smakom_mail.config.measures import NO_LIMIT, Rate
from smakom_mail.store.spending import Spending

UNLIMITED = 1_000_000_000
MINUTE = 60
SAME_COMPLAINT_SECONDS = 5.0
"""Complaints that several connections hear at once are one."""
_GRAINS = 100
_OBSERVED_SECONDS = 10.0
_SLOWEST = 1 / 60
_LEEWAY = 0.001
_MOST_DOMAINS = 5000


class _Window:
    """What was spent in the last `width` seconds, in grains: each counts from its last message."""

    __slots__ = ("_grain", "_grains", "_total", "limit", "width")

    def __init__(self, limit: int, width: float) -> None:
        self.limit = limit
        self.width = width
        self._grain = width / _GRAINS
        self._grains: deque[list[float]] = deque()  # first, last, number
        self._total = 0.0

    def add(self, now: float, number: int) -> None:
        grains = self._grains
        if grains and now - grains[-1][0] < self._grain:
            grains[-1][1] = now
            grains[-1][2] += number
        else:
            grains.append([now, now, number])
        self._total += number

    def room(self, now: float) -> int:
        self._forget(now)
        return max(0, int(self.limit - self._total))

    def wait(self, now: float) -> float:
        """Give the seconds until there is room for one."""
        self._forget(now)
        over = self._total - self.limit + 1
        for _first, last, number in self._grains if over > 0 else ():
            over -= number
            if over <= 0:
                return last + self.width - now + _LEEWAY
        return 0.0

    def speed(self, now: float) -> float:
        """Give the messages a second that went lately."""
        self._forget(now)
        return self._total / max(1.0, now - self._grains[0][0]) if self._grains else 0.0

    @property
    def is_empty(self) -> bool:
        return not self._grains

    def _forget(self, now: float) -> None:
        grains = self._grains
        while grains and grains[0][1] + self.width <= now:
            self._total -= grains.popleft()[2]


class _Pace:
    """A speed below the configured one, after a complaint; it grows until it is not needed."""

    def __init__(self, now: float, speed: float, base: float, ceiling: float) -> None:
        self._start, self._since = max(speed, _SLOWEST), now
        self._growth = base / 10 / MINUTE
        self._ceiling = ceiling
        self._tokens, self._filled_at = 0.0, now

    def speed(self, now: float) -> float:
        return self._start + self._growth * (now - self._since)

    def is_over(self, now: float) -> bool:
        return self.speed(now) >= self._ceiling

    def room(self, now: float) -> int:
        speed = self.speed(now)
        grown = self._tokens + speed * (now - self._filled_at)
        self._tokens, self._filled_at = min(grown, max(1.0, speed)), now
        return max(0, int(self._tokens))

    def wait(self, now: float) -> float:
        return 0.0 if self.room(now) else (1 - self._tokens) / self.speed(now) + _LEEWAY

    def add(self, now: float, number: int) -> None:
        self.room(now)
        self._tokens -= number


class Throttle:
    """Says how many messages may go now, and remembers what has gone."""

    def __init__(
        self, rate: Rate, domain_rates: Iterable[tuple[str, Rate]] = (), *, relay: str = ""
    ) -> None:
        """Hold a relay to `rate`, and each recipient's domain to its own ("*": each other one).

        `relay` is the account that the quota is counted for.
        """
        self._rate = rate
        self._domain_rates = dict(domain_rates)
        self._relay = relay
        self._windows = _windows(rate)
        self._domains: dict[str, list[_Window]] = {}
        self._observed = _Window(UNLIMITED, _OBSERVED_SECONDS)
        self._pace: _Pace | None = None
        self._base = 0.0
        self._slowed_at = float("-inf")
        self._last: float | None = None
        self._behind = 0.0
        self._free = not rate and not any(self._domain_rates.values())
        self._kept_wall, self._kept_at = float("-inf"), 0.0

    @property
    def horizon(self) -> int:
        """How many seconds of what was spent `load` needs."""
        rates = (self._rate, *self._domain_rates.values())
        return max((width for rate in rates for _, width in rate.limits), default=0) + MINUTE

    def load(self, rows: Iterable[Spending], now: float, wall: float) -> None:
        """Take in what was spent before this program began; once, before anything else.

        A span that lies in the future (the clock was set back meanwhile) counts as spent now.
        """
        now = self._tick(now)
        self._kept_wall, self._kept_at = wall, now
        for row in sorted(rows, key=lambda row: (row.start + 1) * row.width):
            at = now - max(0.0, wall - (row.start + 1) * row.width)
            windows = self._windows_of(row.domain, now) if row.domain else self._windows
            for window in windows:
                if _span(window.width) == row.width:
                    window.add(at, row.number)

    def allowance(self, now: float, domain: str = "") -> int:
        """Give how many messages may go now (to `domain`); many where nothing limits them."""
        if self._free and self._pace is None:
            return UNLIMITED
        now = self._tick(now)
        rooms = [limiter.room(now) for limiter in self._limiters(now, domain)]
        return min(rooms, default=UNLIMITED)

    def wait(self, now: float, domain: str = "") -> float:
        """Give the seconds until one may go; 0 where it may now."""
        if self._free and self._pace is None:
            return 0.0
        now = self._tick(now)
        return max((limiter.wait(now) for limiter in self._limiters(now, domain)), default=0.0)

    def spent(self, now: float, domain: str = "", number: int = 1) -> None:
        """Count messages that are given to the relay."""
        now = self._tick(now)
        self._observed.room(now)
        self._observed.add(now, number)
        for limiter in () if self._free and self._pace is None else self._limiters(now, domain):
            limiter.add(now, number)

    def slower(self, now: float) -> None:
        """Halve the speed, as the relay complains of it.

        It grows by a tenth of the configured rate for each minute without a complaint, up to that
        rate. Where none is configured, what went in the last seconds stands for it, and the
        speed is free again at twice that.
        """
        now = self._tick(now)
        if now - self._slowed_at < SAME_COMPLAINT_SECONDS:
            return
        self._slowed_at = now
        configured = _speed(self._rate)
        paced = self._pace.speed(now) if self._pace is not None else 0.0
        current = min((s for s in (self._observed.speed(now), configured, paced) if s), default=0.0)
        if self._pace is None:
            self._base = configured or current
        ceiling = configured or 2 * self._base
        self._pace = _Pace(now, current / 2, self._base, ceiling)

    def spending(self, wall: float, domains: Sequence[str]) -> list[Spending]:
        """Give what is to be kept of messages to these domains, given to the relay now.

        The number of a row is to be added to what is kept. The relay's minutes are kept without
        any limit too, so that one that is set later knows of them.
        """
        elapsed = (self._last or 0.0) + self._behind - self._kept_at
        self._kept_wall = wall = max(wall, self._kept_wall + elapsed)
        self._kept_at += elapsed
        counts = Counter({"": len(domains)} if domains else {})
        if self._domain_rates:
            counts.update(domain for domain in domains if self._rate_of(domain))
        return [
            Spending(self._relay, domain, width, int(wall // width), number)
            for domain, number in counts.items()
            for width in self._spans(domain)
        ]

    # -------------------------------------------------------------------------------------- inside

    def _tick(self, now: float) -> float:
        """Give a time that goes on from the last one also where the clock has gone back."""
        if self._last is not None and now < self._last:
            self._behind += self._last - now
        self._last = now
        return now + self._behind

    def _limiters(self, now: float, domain: str) -> list[_Window | _Pace]:
        found: list[_Window | _Pace] = [*self._windows]
        if domain and self._domain_rates:
            found += self._windows_of(domain, now)
        if self._pace is not None:
            if self._pace.is_over(now):
                self._pace = None
            else:
                found.append(self._pace)
        return found

    def _windows_of(self, domain: str, now: float) -> list[_Window]:
        if domain not in self._domains:
            rate = self._rate_of(domain)
            if not rate:
                return []
            if len(self._domains) >= _MOST_DOMAINS:
                self._forget_quiet(now)
            self._domains[domain] = _windows(rate)
        return self._domains[domain]

    def _forget_quiet(self, now: float) -> None:
        """Drop the domains to which nothing went lately: a list may have very many."""
        for domain, windows in tuple(self._domains.items()):
            for window in windows:
                window.room(now)
            if all(window.is_empty for window in windows):
                del self._domains[domain]

    def _rate_of(self, domain: str) -> Rate:
        return self._domain_rates.get(domain, self._domain_rates.get("*", NO_LIMIT))

    def _spans(self, domain: str) -> list[int]:
        rate = self._rate_of(domain) if domain else self._rate
        spans = {_span(width) for _, width in rate.limits}
        return sorted(spans if domain else spans | {MINUTE})


def _windows(rate: Rate) -> list[_Window]:
    return [_Window(number, width) for number, width in rate.limits]


def _span(width: float) -> int:
    """Say how long the spans are in which a window's spending is kept."""
    return MINUTE if width >= MINUTE else 1


def _speed(rate: Rate) -> float:
    """Give the messages a second of the shortest window; 0 without any."""
    return rate.limits[0][0] / rate.limits[0][1] if rate.limits else 0.0
