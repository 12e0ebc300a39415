"""Who is next: claimed some at a time, and set aside while a domain has to wait."""

from collections import deque
from collections.abc import Callable

from smakom_mail.model.campaign import Recipient, Wish
from smakom_mail.model.delivery import State
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.throttle import Throttle
from smakom_mail.store.ledger import Ledger

CLAIMS = 100
"""How many recipients are claimed at a time: what a crash gives back, untouched."""
WATCH_SECONDS = 1.0
MOST_ASIDE = 10 * CLAIMS
"""So many at most are set aside, since their domains have to wait."""
_SHORTEST_WAIT = 0.05


class Queue:
    """The recipients of a campaign that one sender has in hand, and those it can claim.

    Whatever reads the ledger raises StoreError. `wish` is what was wanted of the campaign when
    it was last asked.
    """

    def __init__(
        self, ledger: Ledger, throttle: Throttle, clock: Clock, refresh: Callable[[], None]
    ) -> None:
        """Begin with nobody; `refresh` is called before each claim."""
        self.wish = Wish.SENDING
        self._ledger = ledger
        self._throttle = throttle
        self._clock = clock
        self._refresh = refresh
        self._claimed: deque[Recipient] = deque()
        self._aside: list[tuple[float, Recipient]] = []
        self._dry_until = float("-inf")

    def __len__(self) -> int:
        """Give how many could be taken now, but for the relay's limits."""
        return len(self._claimed)

    @property
    def in_hand(self) -> int:
        """How many are claimed, also those set aside."""
        return len(self._claimed) + len(self._aside)

    def fill(self) -> None:
        """Claim the next ones, if there are none: who waits, then who is deferred and due."""
        now = self._clock.monotonic()
        self._recall(now)
        if self._claimed or len(self._aside) >= MOST_ASIDE or now < self._dry_until:
            return
        self._refresh()
        self.wish = self._ledger.wish()
        if self.wish is not Wish.SENDING:
            return
        for state in (State.WAITING, State.DEFERRED):
            self._claimed.extend(self._ledger.claim(state, CLAIMS, self._clock.stamp()))
            if self._claimed:
                return
        self._dry_until = now + WATCH_SECONDS

    def take(self) -> Recipient | None:
        """Give the next whom the relay's limits allow now, None where there is nobody."""
        while True:
            self.fill()
            now = self._clock.monotonic()
            if not self._claimed or self._throttle.allowance(now) <= 0:
                return None
            domain = domain_of(self._claimed[0])
            if self._throttle.allowance(now, domain) > 0:
                self._throttle.spent(now, domain)
                return self._claimed.popleft()
            wait = max(_SHORTEST_WAIT, self._throttle.wait(now, domain))
            self._aside.append((now + wait, self._claimed.popleft()))

    def put_back(self, recipient: Recipient) -> None:
        """Take one back of whom nothing has left."""
        self._claimed.appendleft(recipient)

    def empty(self) -> list[Recipient]:
        """Give all that are in hand, and have none any more."""
        rest = [*self._claimed, *(recipient for _, recipient in self._aside)]
        self._claimed.clear()
        self._aside.clear()
        return rest

    def is_done(self, lifetime: float, *, wait: bool) -> bool:
        """Say whether nobody is left to claim; who was deferred for a lifetime is given up."""
        why = f"the relay had not taken it in {lifetime / 3600:g} hours"
        waiting = self._ledger.next_due(State.WAITING)
        deferred = self._ledger.next_due(State.DEFERRED)
        before = self._clock.stamp(-lifetime)
        if deferred is not None and self._ledger.expire(before, self._clock.stamp(), why):
            deferred = self._ledger.next_due(State.DEFERRED)
        return waiting is None and (deferred is None or not wait)

    def _recall(self, now: float) -> None:
        """Take up again those whose domain had to wait."""
        if self._aside:
            ready = [recipient for at, recipient in self._aside if at <= now]
            self._aside = [(at, recipient) for at, recipient in self._aside if at > now]
            self._claimed.extendleft(reversed(ready))


def domain_of(recipient: Recipient) -> str:
    """Give the domain of a recipient's address."""
    return recipient.email.rpartition("@")[2].lower()
