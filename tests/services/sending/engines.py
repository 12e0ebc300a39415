"""A campaign that is really sent, in this process, to a relay that plays a script."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from smakom_mail.config.measures import NO_LIMIT, Rate
from smakom_mail.config.relay import RelaySettings
from smakom_mail.mail.smtp.auth import Credentials
from smakom_mail.mail.smtp.connection import Timeouts
from smakom_mail.mail.smtp.verdicts import Phase
from smakom_mail.model.campaign import Campaign, Kind, Wish
from smakom_mail.model.delivery import State
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.means import Limits, Means
from smakom_mail.services.sending.relay_access import RelayAccess
from smakom_mail.services.sending.relaying import Opener
from smakom_mail.services.sending.running import Ran, run_campaign
from smakom_mail.services.sending.throttle import Throttle
from smakom_mail.services.storing import Store
from smakom_mail.store.campaigns import require_campaign, set_wish
from smakom_mail.store.ledger import Outcome
from tests.mail.letters import FROZEN
from tests.mail.smtp.relay import Answer, Relay
from tests.services import receiving
from tests.store import campaigned

MESSAGE = replace(FROZEN, digest=FROZEN.computed_digest())
HURRY = 1000.0
"""How much faster the campaign's clock runs than the tests'."""
SOON = Timeouts(5, 5, 0.02, dict.fromkeys(Phase, 1.0))
"""For relays that say nothing."""
PATIENT = Timeouts(30, 30, 0.02, dict.fromkeys(Phase, 30.0))
"""For all others: a busy machine is slow, and nobody is in doubt for that."""


def hurried(begin: float | None = None) -> Clock:
    """Give a clock of which a second passes in a thousandth."""
    real, wall = time.monotonic(), time.time() if begin is None else begin

    def passed() -> float:
        return (time.monotonic() - real) * HURRY

    return Clock(lambda: wall + passed(), lambda: real + passed(), HURRY)


@dataclass
class Heard:
    """What a campaign tells the one who sends it."""

    sentences: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    withheld: int = 0
    then: Callable[[], None] | None = None
    """Called once, after the first thing that became durable."""

    def settled(self, outcomes: Sequence[Outcome], withheld: int) -> None:
        """Keep it."""
        self.outcomes += outcomes
        self.withheld += withheld
        then, self.then = self.then, None
        if then is not None:
            then()

    def said(self, sentence: str) -> None:
        """Keep it."""
        self.sentences.append(sentence)


def store_of(folder: Path, number: int) -> Store:
    """Open the store of a newsletter with so many readers: reader1 and so on."""
    store = receiving.opened(receiving.newsletter(folder))
    readers = [receiving.person(store, f"reader{n}@kommun.example") for n in range(1, number + 1)]
    receiving.add(store, *readers)
    return store


def campaign_of(store: Store, *, pause_after: int = 0, kind: Kind = Kind.CAMPAIGN) -> Campaign:
    """Write a campaign for all readers down, and let it begin."""
    from smakom_mail.store.people import find_by_id

    store.installation.raise_epoch()
    rows = store.database.all("SELECT id FROM subscribers WHERE state = 'active' ORDER BY rowid")
    found = [find_by_id(store.database, row["id"]) for row in rows]
    people = [each for each in found if each is not None]
    lists = ("prenumeranter",)
    campaign = campaigned.planned(
        store.database, people, message=MESSAGE, kind=kind, pause_after=pause_after, lists=lists
    )
    return wished(store, campaign, Wish.SENDING)


def wished(store: Store, campaign: Campaign, wish: Wish) -> Campaign:
    """Say what is wanted of a campaign."""
    with store.database.transaction():
        set_wish(store.database, campaign, wish, list(Wish))
    return require_campaign(store.database, campaign.id)


@contextmanager
def listening(relay: Relay) -> Iterator[Relay]:
    """Run a relay beside the test, in a thread and loop of its own."""
    begun = threading.Event()
    ends: list[Callable[[], object]] = []

    async def run() -> None:
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        ends.append(lambda: loop.call_soon_threadsafe(over.set))
        async with relay.running():
            begun.set()
            await over.wait()

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    try:
        begun.wait()
        yield relay
    finally:
        ends[0]()
        thread.join()


def means_to(  # noqa: PLR0913 - what a relay is used with
    port: int,
    clock: Clock,
    *,
    connections: int = 1,
    per_connection: int = 0,
    rate: Rate = NO_LIMIT,
    lifetime: float = 24 * 3600.0,
    wait: bool = True,
    timeouts: Timeouts = PATIENT,
) -> Means:
    """Give what sends to a relay on loopback."""
    relay = RelaySettings(host="127.0.0.1", port=port, security="none")
    access = RelayAccess(Credentials(""), "")
    opener = Opener(relay, access, clock, timeouts=timeouts)
    limits = Limits(connections, per_connection, lifetime, wait)
    throttle = Throttle(rate, relay="relay")
    return Means(opener, throttle, limits, lambda _reader: "studs@brev.example", "relay")


def sent(  # noqa: PLR0913 - what a relay is used with
    store: Store,
    campaign: Campaign,
    relay: Relay,
    *,
    heard: Heard | None = None,
    connections: int = 1,
    per_connection: int = 0,
    rate: Rate = NO_LIMIT,
    lifetime: float = 24 * 3600.0,
    wait: bool = True,
    clock: Clock | None = None,
    timeouts: Timeouts = PATIENT,
) -> Ran:
    """Send a campaign to a relay; give how that ended."""
    clock = clock or hurried()
    with listening(relay):
        means = means_to(
            relay.port,
            clock,
            connections=connections,
            per_connection=per_connection,
            rate=rate,
            lifetime=lifetime,
            wait=wait,
            timeouts=timeouts,
        )
        return run_campaign(store, campaign, means, heard or Heard(), clock)


def tallied(ran: Ran) -> dict[str, int]:
    """Give how many stand in each state, without those in which nobody does."""
    ran.tally.require_sum()
    return {str(state): ran.tally.of(state) for state in State if ran.tally.of(state)}


def reached(relay: Relay) -> list[str]:
    """Give whose messages a relay has taken, sorted."""
    return sorted(mail.recipient.partition("@")[0] for mail in relay.accepted)


def scripted(**answers: Sequence[str | Answer]) -> Relay:
    """Give a relay that answers so at these steps, and takes all else."""
    script: Mapping[str, Sequence[str | Answer]] = answers
    return Relay(answers=script)
