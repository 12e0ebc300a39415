"""Running a campaign: who holds it, what a dead sender left, the loop, and how it ended."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from smakom_mail.errors import SmakomMailError, StoreError
from smakom_mail.mail.message import MessageTemplate
from smakom_mail.model.campaign import AS_ASKED, Campaign, Kind, Tally, Wish
from smakom_mail.model.delivery import State
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.engine import Engine
from smakom_mail.services.sending.means import Ended, Means, Watcher
from smakom_mail.services.sending.quota import load_spent
from smakom_mail.services.sending.waiting import STOPS
from smakom_mail.services.storing import Store
from smakom_mail.store.campaigns import (
    frozen_message,
    require_campaign,
    set_begun,
    set_wish,
    tally,
)
from smakom_mail.store.deliveries import emails_of
from smakom_mail.store.ledger import Ledger
from smakom_mail.store.locks import Lock, take_lock
from smakom_mail.store.senders import Sender, enter_sender, lock_folder, recover

_RECOVER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run of a sender ended: why, and how all recipients stand now."""

    campaign: Campaign
    tally: Tally
    ended: Ended
    recovered: int = 0
    """How many a dead sender had left in doubt."""
    unrecorded: tuple[tuple[str, str], ...] = ()
    """Addresses with what the relay said, where that could not be written down."""


class BusyCampaignError(SmakomMailError):
    """Another program has the campaign in hand."""


@contextlib.contextmanager
def held(store: Store, edition: str) -> Iterator[Lock]:
    """Hold an edition's campaigns: no other program plans or sends one meanwhile.

    Raises BusyCampaignError.
    """
    name = f"edition-{edition.encode('utf-8').hex()[:120]}"
    lock = take_lock(lock_folder(store.database) / name)
    if lock is None:
        raise BusyCampaignError(
            f"another program is sending {edition}, or about to",
            f"follow it with: smakom-mail status {edition}",
        )
    try:
        yield lock
    finally:
        lock.release()


def run_campaign(
    store: Store, campaign: Campaign, means: Means, watcher: Watcher, clock: Clock
) -> Ran:
    """Send what waits of a campaign that is wished to be sent, and give how it stands.

    The sums are asserted before the first message and at the end. Raises CopyError, StoreError.
    """
    counts = campaign.kind is Kind.CAMPAIGN
    if counts:
        store.installation.raise_epoch(f"{campaign.id} {campaign.edition}")
    template = MessageTemplate(frozen_message(store.database, campaign), means.signer)
    left = recover(store.installation, campaign, clock.stamp())
    tally(store.database, campaign)
    with store.database.transaction():
        set_begun(store.database, campaign, clock.stamp())
    load_spent(store.database, means.throttle, means.account, clock)
    sender = enter_sender(store.installation, campaign, clock.stamp())
    try:
        withheld = partial(watcher.settled, ())
        ledger = Ledger(store.database, campaign, sender.id, withheld)
        refresh = _refresher(store, campaign, clock, sender.id)
        ended = asyncio.run(_send(ledger, template, means, watcher, clock, refresh))
    finally:
        sender.lock.release()
    if ended.error is None:
        _leave(store, campaign, sender, ended, clock)
        if counts:
            # It guards against a backup of meanwhile; how the run ended is told in any case.
            with contextlib.suppress(StoreError):
                store.installation.advance()
    after = require_campaign(store.database, campaign.id)
    lost = {each.id: each.reply or each.why for each in ended.unrecorded if each.code}
    emails = emails_of(store.database, lost)
    unrecorded = tuple((emails.get(id_, ""), said) for id_, said in lost.items())
    return Ran(after, tally(store.database, after), ended, len(left.unknown), unrecorded)


async def _send(  # noqa: PLR0913, PLR0917 - what an engine joins
    ledger: Ledger,
    template: MessageTemplate,
    means: Means,
    watcher: Watcher,
    clock: Clock,
    refresh: Callable[[], None],
) -> Ended:
    engine = Engine(ledger, template, means, clock=clock, watcher=watcher, refresh=refresh)
    with _signals(engine), _faults(engine):
        return await engine.run()


@contextlib.contextmanager
def _faults(engine: Engine) -> Iterator[None]:
    """Let a fault of the program end it: asyncio would only tell, and a line wait for ever."""
    loop = asyncio.get_running_loop()
    faults: list[BaseException] = []

    def faulted(told: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, BaseException):
            told.default_exception_handler(context)
            return
        faults.append(error)
        engine.stop_now("the program has a fault")

    loop.set_exception_handler(faulted)
    try:
        yield
    finally:
        loop.set_exception_handler(None)
        if faults:
            raise faults[0]


def _leave(store: Store, campaign: Campaign, sender: Sender, ended: Ended, clock: Clock) -> None:
    """Record that a sender has ended, and that the campaign is to rest where that is so."""
    counted = tally(store.database, campaign)
    why = ended.why if ended.pause else ""
    if not ended.why and campaign.pause_after and counted.of(State.WAITING):
        why = f"behind the first {campaign.pause_after}{AS_ASKED}"
    with store.database.transaction():
        sender.end(store.database, clock.stamp())
        if why:
            set_wish(store.database, campaign, Wish.PAUSED, [Wish.SENDING], why)


def _refresher(store: Store, campaign: Campaign, clock: Clock, own: str) -> Callable[[], None]:
    """Look now and then whether another sender of the campaign has died; leave copies behind."""
    last = clock.monotonic()

    def refresh() -> None:
        nonlocal last
        if clock.monotonic() - last >= _RECOVER_SECONDS:
            last = clock.monotonic()
            recover(store.installation, campaign, clock.stamp(), own)
            if campaign.kind is Kind.CAMPAIGN:
                store.installation.advance()

    return refresh


@contextlib.contextmanager
def _signals(engine: Engine) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM finish what is in flight; a second one stops now."""
    loop = asyncio.get_running_loop()
    told = 0

    def told_to_stop() -> None:
        nonlocal told
        told += 1
        if told == 1:
            engine.stop("the program was told to stop")
        else:
            engine.stop_now()

    names = STOPS
    try:
        for name in names:
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(name, told_to_stop)
        yield
    finally:
        for name in names:
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.remove_signal_handler(name)
