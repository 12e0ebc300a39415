"""Sending an edition: what must be true first, the plan, the yes to it, the wait, and the sending.

The one who sends is asked through `Talk`; without her yes, or when she takes it back during the
hold, nothing of the plan is left. From the yes on every crash leaves what `resume` goes on with.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import repeat
from typing import Protocol

from smakom_mail.errors import SmakomMailError
from smakom_mail.model.campaign import Campaign, Kind, Wish
from smakom_mail.model.person import Act
from smakom_mail.services.checking import CheckedEdition, check_edition
from smakom_mail.services.sending.clearing import require_approval, require_proof
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.controlling import Status, status_of
from smakom_mail.services.sending.foretelling import Foretold, foretell
from smakom_mail.services.sending.freezing import freeze
from smakom_mail.services.sending.means import Means, Watcher
from smakom_mail.services.sending.outbox import outbox_means, outbox_of
from smakom_mail.services.sending.planning import Plan, Wanted, plan_campaign
from smakom_mail.services.sending.reachable import Asker, look_outside
from smakom_mail.services.sending.relaying import relay_means, signs_envelope
from smakom_mail.services.sending.running import Ran, held, run_campaign
from smakom_mail.services.sending.waiting import TAKEN_BACK, Waiting, wait_until
from smakom_mail.services.storing import Store, open_store, timestamp
from smakom_mail.services.surveying import Progress
from smakom_mail.services.workplace import Workplace
from smakom_mail.store.campaigns import (
    drop_campaign,
    drop_rehearsals,
    find_by_id,
    latest_campaign,
    require_campaign,
    set_due,
    set_wish,
    unknown_before,
)
from smakom_mail.store.deliveries import planned_domains
from smakom_mail.store.locks import Lock
from smakom_mail.store.senders import recover


@dataclass(frozen=True, slots=True)
class Order:
    """What the one who sends asks for.

    `hold_seconds` is how long it can be taken back; `due` is when it shall begin (None: now).
    `asked` says whether the plan has to be agreed to, `ask` asks web addresses for a person.
    """

    act: Act
    asked: bool = True
    proof: bool = True
    dry_run: bool = False
    wait: bool = True
    hold_seconds: float = 0.0
    limit: int = 0
    canaries: Sequence[str] = ()
    due: datetime | None = None
    ask: Asker | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is shown before anything is sent; `upload` is what is left to do once it begins."""

    plan: Plan
    checked: CheckedEdition
    relay: str
    rate: str
    lasts: Foretold
    order: Order
    notes: tuple[str, ...] = ()
    upload: str = ""


class Talk(Waiting, Watcher, Protocol):
    """How a campaign speaks with the one who sends it."""

    def proposed(self, proposal: Proposal) -> None:
        """Show the plan."""

    def agreed(self, number: int) -> bool:
        """Ask for the number of recipients to be typed."""

    def started(self, status: Status) -> None:
        """Learn that messages begin to leave."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How a command that sends ended: why it stopped, and how everybody stands.

    `status` is None where nothing was begun: `checked` holds the errors that stand in the way,
    or the plan was only shown, or was not agreed to (`undone`).
    """

    checked: CheckedEdition | None = None
    status: Status | None = None
    ran: Ran | None = None
    proposal: Proposal | None = None
    undone: str = ""

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C took it back."""
        return self.undone == TAKEN_BACK


NOT_AGREED = "the plan was not agreed to; begin again with the same command"


class AlreadySentError(SmakomMailError):
    """The edition has a campaign already: nobody gets it twice."""


def send_edition(  # noqa: PLR0913 - who, what, where, and how it is told
    workplace: Workplace,
    environment: Mapping[str, str],
    slug: str,
    order: Order,
    *,
    talk: Talk,
    progress: Progress,
    clock: Clock,
) -> Sent:
    """Plan an edition, have the plan agreed to, and send it.

    Raises AlreadySentError, BusyCampaignError, NobodyError, CopyError, RelayNotConfiguredError,
    and SmakomMailError for whatever else stands in the way.
    """
    with open_store(workplace, environment, create=False) as store:
        _require_new(store, slug)
        means = None
        if not order.dry_run:
            means = relay_means(
                workplace, environment, slug, wait=order.wait, clock=clock, said=talk.said
            )
        checked = check_edition(workplace, slug)
        if checked.rendered is None or checked.broken:
            return Sent(checked)
        digest = checked.rendered.digest
        if not order.dry_run and order.proof:
            require_proof(store, slug, digest)
        if not order.dry_run:
            require_approval(store, slug, digest)
        with held(store, slug) as lock:
            _require_new(store, slug, lock)
            with _planned(store, checked, order, progress, clock) as plan:
                proposal = _proposal(store, plan, checked, order)
                return _propose(store, proposal, means, talk, clock)


def _propose(
    store: Store, proposal: Proposal, means: Means | None, talk: Talk, clock: Clock
) -> Sent:
    """Show the plan; send once it is agreed to and its time has come. A trial has no `means`."""
    plan, order, checked = proposal.plan, proposal.order, proposal.checked
    talk.proposed(proposal)
    if means is None:
        return Sent(checked, proposal=proposal)
    if order.asked and not talk.agreed(plan.campaign.planned):
        return Sent(checked, proposal=proposal, undone=NOT_AGREED)
    campaign = _agree(store, plan.campaign, order)
    release = order.due.timestamp() if order.due else clock.time() + order.hold_seconds
    if why := wait_until(store, campaign, release, talk, clock):
        if why == TAKEN_BACK:
            drop_campaign(store.database, campaign.id)
        return Sent(checked, _paused(store, campaign), proposal=proposal, undone=why)
    status = release_campaign(store, campaign)
    talk.started(status)
    if proposal.upload:
        talk.said(proposal.upload)
    ran = run_campaign(store, status.campaign, means, talk, clock)
    return Sent(checked, status_of(store, ran.campaign), ran, proposal)


def _paused(store: Store, campaign: Campaign) -> Status | None:
    """Say how a campaign stands that was paused while it waited for its hour."""
    there = find_by_id(store.database, campaign.id)
    return status_of(store, there) if there and there.wish is Wish.PAUSED else None


@contextmanager
def _planned(
    store: Store, checked: CheckedEdition, order: Order, progress: Progress, clock: Clock
) -> Iterator[Plan]:
    """Write a plan down, and take it away again unless it was agreed to."""
    if checked.rendered is None:
        raise TypeError("an edition that was not rendered")
    config = store.workplace.config
    date = order.due or datetime.fromtimestamp(clock.time(), UTC).astimezone()
    wanted = Wanted(
        canaries=order.canaries,
        limit=order.limit,
        signed_envelope=signs_envelope(config.relay),
        trial=order.dry_run,
    )
    frozen = freeze(checked.rendered, config, date)
    plan = plan_campaign(store, checked, frozen, wanted, act=order.act, progress=progress)
    try:
        yield plan
    finally:
        current = find_by_id(store.database, plan.campaign.id)
        waits = current is not None and current.wish is Wish.HELD and order.due is not None
        if current is not None and current.wish in (Wish.PLANNED, Wish.HELD) and not waits:
            drop_campaign(store.database, current.id)


def _agree(store: Store, campaign: Campaign, order: Order) -> Campaign:
    with store.database.transaction():
        set_wish(store.database, campaign, Wish.HELD, [Wish.PLANNED])
        if order.due is not None:
            due = order.due.astimezone(UTC).isoformat(timespec="milliseconds")
            set_due(store.database, campaign, due)
    return require_campaign(store.database, campaign.id)


def release_campaign(store: Store, campaign: Campaign) -> Status:
    """Let a held campaign begin. Raises CopyError."""
    store.installation.require_original()
    with store.database.transaction():
        set_wish(store.database, campaign, Wish.SENDING, [Wish.HELD])
    return status_of(store, require_campaign(store.database, campaign.id))


def _proposal(store: Store, plan: Plan, checked: CheckedEdition, order: Order) -> Proposal:
    relay = store.workplace.config.relay
    number = plan.campaign.pause_after or plan.campaign.planned
    name = f"{relay.host}:{relay.port}" if relay.configured else ""
    domains = (
        planned_domains(store.database, plan.campaign, number)
        if relay.domain_rates
        else repeat("", number)
    )
    lasts = foretell(relay.rate, relay.domain_rates, domains)
    outside = look_outside(store, checked.rendered, order.ask)
    notes = (*_notes_of_doubt(store, plan.campaign), *outside.notes)
    return Proposal(plan, checked, name, str(relay.rate), lasts, order, notes, outside.upload)


def _notes_of_doubt(store: Store, campaign: Campaign) -> Iterator[str]:
    """Name those who may have got the edition by a campaign that was cancelled."""
    if number := unknown_before(store.database, campaign):
        stand = "1 person stands" if number == 1 else f"{number} people stand"
        yield (
            f"{stand} in doubt since an earlier campaign of it, and {_are(number)} left out; "
            f"to settle that first: smakom-mail reconcile {campaign.edition}"
        )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _require_new(store: Store, slug: str, lock: Lock | None = None) -> None:
    """See that the edition has no campaign that is under way or over. Raises AlreadySentError.

    Only who holds the edition takes away what was agreed to and never begun, and takes over what
    a dead sender had in hand of a campaign that was cancelled.
    """
    campaign = latest_campaign(store.database, slug)
    if campaign is not None and campaign.wish is Wish.CANCELLED and lock is not None:
        recover(store.installation, campaign, timestamp())
    if campaign is None or campaign.wish is Wish.CANCELLED:
        return
    if campaign.wish is Wish.HELD and not campaign.due_at:
        # Its hold was cut short, and nothing had left; or another program is in its hold now.
        if lock is not None:
            drop_campaign(store.database, campaign.id)
        return
    status = status_of(store, campaign)
    if not status.tally.open and campaign.begun_at:
        raise _already_sent(status)
    raise AlreadySentError(
        f"{slug} has been begun already, and is {status.state}",
        f"to go on: smakom-mail resume {slug}; to end it: smakom-mail cancel {slug}",
    )


def _already_sent(status: Status) -> AlreadySentError:
    campaign = status.campaign
    slug, number = campaign.edition, campaign.planned
    day = datetime.fromisoformat(campaign.begun_at).astimezone().date().isoformat()
    if doubtful := status.in_doubt:
        return AlreadySentError(
            f"{slug} was sent on {day} to {number} people, and {doubtful} {_are(doubtful)} in "
            "doubt: nobody gets it twice",
            f"who is: smakom-mail report {slug}; to settle that: smakom-mail reconcile {slug}",
        )
    return AlreadySentError(
        f"{slug} was sent on {day} to {number} people: nobody gets it twice",
        f"see smakom-mail report {slug}; what has to be put right goes out as a new edition",
    )


def rehearse_edition(  # noqa: PLR0913 - who, what, where, and how it is told
    workplace: Workplace,
    environment: Mapping[str, str],
    slug: str,
    act: Act,
    *,
    talk: Talk,
    progress: Progress,
    clock: Clock,
) -> Sent:
    """Lay the whole campaign in the outbox, in the place of its last rehearsal; nothing is sent."""
    with open_store(workplace, environment, create=False) as store:
        checked = check_edition(workplace, slug)
        if checked.rendered is None or checked.broken:
            return Sent(checked)
        slug = checked.edition.slug
        outbox = outbox_of(workplace.root)
        outbox.open()
        with held(store, f"{slug} rehearsal"):
            drop_rehearsals(store.database, slug)
            outbox.clear(slug)
            date = datetime.fromtimestamp(clock.time(), UTC).astimezone()
            frozen = freeze(checked.rendered, workplace.config, date)
            wanted = Wanted(Kind.REHEARSAL)
            plan = plan_campaign(store, checked, frozen, wanted, act=act, progress=progress)
            with store.database.transaction():
                set_wish(store.database, plan.campaign, Wish.SENDING, [Wish.PLANNED])
            status = status_of(store, require_campaign(store.database, plan.campaign.id))
            talk.started(status)
            ran = run_campaign(store, status.campaign, outbox_means(outbox, slug), talk, clock)
            return Sent(checked, status_of(store, ran.campaign), ran)
