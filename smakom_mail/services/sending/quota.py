"""What a relay was given, kept by whoever gives it something: campaigns, proofs."""

from dataclasses import dataclass

from smakom_mail.config import RelaySettings
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.throttle import Throttle
from smakom_mail.store import Database
from smakom_mail.store.spending import add_spending, forget_spending, spent_since

_KEPT_SECONDS = 40 * 86_400
"""Longer than the longest window of a rate."""


def load_spent(database: Database, throttle: Throttle, account: str, clock: Clock) -> None:
    """Tell a throttle what the relay was given before this program began."""
    now = int(clock.time())
    forget_spending(database, now - _KEPT_SECONDS)
    rows = spent_since(database, account, now - throttle.horizon)
    throttle.load(rows, clock.monotonic(), clock.time())


@dataclass(frozen=True, slots=True)
class Quota:
    """The relay's limits for a few messages that no ledger keeps."""

    database: Database
    throttle: Throttle
    clock: Clock

    def take(self, domain: str) -> float:
        """Take a message's place, durably, before it leaves; else give the seconds to wait."""
        now = self.clock.monotonic()
        if wait := max(self.throttle.wait(now), self.throttle.wait(now, domain)):
            return wait
        self.throttle.spent(now, domain)
        with self.database.transaction():
            add_spending(self.database, self.throttle.spending(self.clock.time(), [domain]))
        return 0.0


def open_quota(database: Database, relay: RelaySettings, clock: Clock) -> Quota:
    """Give the quota of the configured relay, with what was spent of it before."""
    throttle = Throttle(relay.rate, relay.domain_rates, relay=relay.account)
    load_spent(database, throttle, relay.account, clock)
    return Quota(database, throttle, clock)
