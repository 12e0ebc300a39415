"""What relays were given in the spans of time that their quotas are about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smakom_mail.store.database import Database

_SPENT = """
SELECT relay, domain, width, start, number FROM spent
WHERE relay = :relay AND (start + 1) * width > :since
"""
_ADD = """
INSERT INTO spent (relay, domain, width, start, number)
VALUES (:relay, :domain, :width, :start, :number)
ON CONFLICT (relay, domain, width, start) DO UPDATE SET number = spent.number + excluded.number
"""
_FORGET = "DELETE FROM spent WHERE (start + 1) * width <= :before"


@dataclass(frozen=True, slots=True)
class Spending:
    """How many messages a relay is given in a span: the `start`th of `width` seconds each."""

    relay: str
    domain: str
    width: int
    start: int
    number: int


def spent_since(database: Database, relay: str, since: int) -> Iterator[Spending]:
    """Give what a relay was given in spans that end after `since` (seconds of the epoch)."""
    for row in database.all(_SPENT, {"relay": relay, "since": since}):
        yield Spending(row["relay"], row["domain"], row["width"], row["start"], row["number"])


def add_spending(database: Database, spending: Iterable[Spending]) -> None:
    """Add what a relay is given now, inside the transaction that records the intent."""
    for each in spending:
        values = {
            "relay": each.relay,
            "domain": each.domain,
            "width": each.width,
            "start": each.start,
            "number": each.number,
        }
        database.run(_ADD, values)


def forget_spending(database: Database, before: int) -> None:
    """Drop spans that ended before, which no quota looks at any more."""
    with database.transaction():
        database.run(_FORGET, {"before": before})
