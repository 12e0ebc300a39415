"""Reconciling: deliveries of which nobody knew, settled by the relay's log or a person's word.

Nothing is settled by itself, and nothing but what is unknown. That no line of a log names a
message proves nothing: it stays unknown until somebody says what to do.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from smakom_mail.errors import SmakomMailError
from smakom_mail.model.campaign import Campaign, Kind, Wish
from smakom_mail.model.delivery import Event
from smakom_mail.model.person import Act
from smakom_mail.services.sending.controlling import find_campaign
from smakom_mail.services.sending.relay_log import (
    Evidence,
    LogReader,
    Progress,
    read_postfix,
    reading_of,
)
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.typed import read_address
from smakom_mail.store.campaigns import every_campaign
from smakom_mail.store.deliveries import Delivery, deliveries_to, unknown_deliveries
from smakom_mail.store.senders import recover
from smakom_mail.store.settling import settle

ALL = "all"
"""In the place of an address: every one that is unknown and not settled otherwise."""


class NotUnknownError(SmakomMailError):
    """Somebody of whom it is known how her delivery stands."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a person says of addresses, and the logs that are evidence."""

    logs: tuple[Path, ...] = ()
    pattern: str = ""
    accepted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    resend: tuple[str, ...] = ()

    @property
    def sweeping(self) -> bool:
        """Whether it is about everybody, or lets somebody get a second copy: it is asked about."""
        return bool(self.resend) or ALL in (*self.accepted, *self.refused)

    def by_event(self) -> Iterator[tuple[Event, tuple[str, ...]]]:
        """Give the addresses by what is said of them."""
        yield Event.SETTLE_ACCEPTED, self.accepted
        yield Event.SETTLE_REFUSED, self.refused
        yield Event.SETTLE_RESEND, self.resend


@dataclass(frozen=True, slots=True)
class Settling:
    """One delivery that is to be settled: how, and what says so."""

    delivery: Delivery
    event: Event
    evidence: str
    by_log: bool


@dataclass(frozen=True, slots=True)
class Reconciling:
    """What would be settled, what the logs say without proving it, and who stays unknown.

    `lines` and `relevant` count the lines of the logs, and those of them about messages.
    """

    edition: str
    settlings: tuple[Settling, ...]
    seen: tuple[tuple[Delivery, str], ...]
    left: tuple[Delivery, ...]
    lines: int = 0
    relevant: int = 0

    def by_word(self, event: Event) -> tuple[Settling, ...]:
        """Give those that a person's word settles in this way."""
        return tuple(each for each in self.settlings if each.event is event and not each.by_log)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was settled; `left` are those who are still unknown."""

    edition: str
    settled: tuple[Settling, ...]
    left: tuple[Delivery, ...]


def open_reconciling(
    store: Store,
    slug: str,
    words: Words,
    at: str,
    progress: Progress = lambda _what, _done, _all: None,
) -> Reconciling:
    """Say what is known of an edition's unknown deliveries now; change nothing about them.

    What a dead sender had in hand is taken over first. Raises NoCampaignError, NotUnknownError,
    RelayLogError, CopyError, SubscriberError.
    """
    store.installation.require_original()
    edition = find_campaign(store, slug).edition
    campaigns = _campaigns(store, edition, at)
    unknown = [each for one in campaigns for each in unknown_deliveries(store.database, one)]
    said = _said(store, edition, words, unknown)
    reader = _reader(words, unknown, progress)
    settlings: list[Settling] = []
    seen: list[tuple[Delivery, str]] = []
    left: list[Delivery] = []
    for each in unknown:
        evidence = reader.found.get(_bare(each.message_id))
        if evidence is not None and not evidence.taken:
            seen.append((each, str(evidence)))
        settling = _settling(each, evidence, said)
        if settling is None:
            left.append(each)
        else:
            settlings.append(settling)
    _require_open(settlings, campaigns)
    return Reconciling(
        edition, tuple(settlings), tuple(seen), tuple(left), reader.lines, reader.relevant
    )


def reconcile(store: Store, found: Reconciling, act: Act) -> Reconciled:
    """Settle what `open_reconciling` found, each delivery in a transaction of its own."""
    settled = tuple(
        each
        for each in found.settlings
        if settle(
            store.database,
            each.delivery.id,
            each.event,
            act.at,
            f"settled by {act.actor}: {each.evidence}",
        )
    )
    return Reconciled(found.edition, settled, found.left)


def _campaigns(store: Store, edition: str, at: str) -> tuple[Campaign, ...]:
    """Give every campaign of an edition, those that were cancelled too."""
    found = tuple(
        each
        for each in every_campaign(store.database)
        if each.edition == edition and each.kind is Kind.CAMPAIGN
    )
    for campaign in found:
        recover(store.installation, campaign, at)
    return found


@dataclass(frozen=True, slots=True)
class _Said:
    """What a person says: of single deliveries, and of all the others."""

    single: Mapping[int, Event]
    others: Event | None

    def of(self, delivery: Delivery) -> Event | None:
        return self.single.get(delivery.id, self.others)


def _said(store: Store, edition: str, words: Words, unknown: Sequence[Delivery]) -> _Said:
    """Look up of whom a person says what, each of them unknown. Raises NotUnknownError."""
    ids = {each.id for each in unknown}
    single: dict[int, Event] = {}
    others: Event | None = None
    for event, addresses in words.by_event():
        for address in addresses:
            if address == ALL:
                if others not in (None, event):
                    raise NotUnknownError("all of them can be only one of these", "say which")
                others = event
                continue
            for id_ in _named(store, edition, address, ids):
                if single.setdefault(id_, event) is not event:
                    raise NotUnknownError(f"{address} can be only one of these", "say which")
    return _Said(single, others)


def _named(store: Store, edition: str, address: str, unknown: Collection[int]) -> list[int]:
    """Give the unknown deliveries to an address."""
    key = read_address(address, store.workplace.config.people).key
    found = deliveries_to(store.database, edition, key)
    named = [each.id for each in found if each.id in unknown]
    if named:
        return named
    hint = f"see how everybody stands: smakom-mail report {edition}"
    if found:
        state = found[-1].state
        raise NotUnknownError(f"{address} is {state}: only what is unknown is settled", hint)
    raise NotUnknownError(f"{address} is no recipient of {edition}", hint)


def _reader(words: Words, unknown: Iterable[Delivery], progress: Progress) -> LogReader:
    read = reading_of(words.pattern) if words.pattern else read_postfix
    wanted = frozenset(_bare(each.message_id) for each in unknown if each.message_id)
    reader = LogReader(wanted, read, progress)
    reader.read_files(words.logs)
    return reader


def _bare(message_id: str) -> str:
    return message_id.removeprefix("<").removesuffix(">")


def _settling(delivery: Delivery, evidence: Evidence | None, said: _Said) -> Settling | None:
    """Say how a delivery is settled; where the log proves that it was taken, by the log."""
    if evidence is not None and evidence.taken:
        return Settling(delivery, Event.SETTLE_ACCEPTED, str(evidence), by_log=True)
    event = said.of(delivery)
    return Settling(delivery, event, "by hand", by_log=False) if event else None


def _require_open(settlings: Iterable[Settling], campaigns: Iterable[Campaign]) -> None:
    """See that what is to be sent again belongs to a campaign that goes on."""
    again = [each.delivery for each in settlings if each.event is Event.SETTLE_RESEND]
    if any(not each.email for each in again):
        raise NotUnknownError(
            "somebody who was forgotten cannot be sent it again",
            "name the others one by one; --refused all, or --accepted all, settles hers too",
        )
    cancelled = {each.id for each in campaigns if each.wish is Wish.CANCELLED}
    for each in again:
        if each.campaign_id in cancelled:
            raise NotUnknownError(
                f"{each.email} belongs to a campaign that was cancelled",
                "settle it with --refused ADDRESS: then a new campaign of the edition plans "
                "for her again",
            )
