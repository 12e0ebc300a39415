"""What people want of a campaign: pause it, go on, cancel it, and how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from smakom_mail.errors import ExitCode, SmakomMailError
from smakom_mail.model.campaign import BY_HAND, Campaign, Kind, Tally, Wish
from smakom_mail.model.delivery import State
from smakom_mail.services.storing import Store, open_store, timestamp
from smakom_mail.services.workplace import Workplace, require_edition
from smakom_mail.store.campaigns import (
    latest_campaign,
    require_campaign,
    set_wish,
    tally,
    unknown_before,
    withhold_rest,
)
from smakom_mail.store.senders import living_senders, recover


class NoCampaignError(SmakomMailError):
    """The edition has no campaign that this could be about."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a campaign stands: the wish, and what is true of its recipients now.

    `state` is computed: held, paused, cancelled, sending (a program sends it), interrupted (none
    does, and somebody waits), deferred (nobody waits but for the relay), unsettled (only unknown
    ones are left), or finished. `senders` are the processes on this machine that send it;
    `earlier_unknown` counts who is in doubt since an earlier campaign of the edition.
    """

    campaign: Campaign
    tally: Tally
    state: str
    senders: tuple[int, ...] = ()
    earlier_unknown: int = 0

    @property
    def in_doubt(self) -> int:
        """How many nobody knows of, by this campaign or an earlier one of the edition."""
        return self.tally.of(State.UNKNOWN) + self.earlier_unknown

    @property
    def is_complete(self) -> bool:
        """Whether nobody waits, is deferred or unknown any more."""
        return self.tally.settled and not self.earlier_unknown

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of a command that ends with this."""
        return ExitCode.DONE if self.is_complete else ExitCode.INCOMPLETE


def status_of(store: Store, campaign: Campaign) -> Status:
    """Say how a campaign stands; the sums are asserted."""
    counted = tally(store.database, campaign)
    senders = living_senders(store.installation, campaign)
    state = _state(campaign, counted, sending=bool(senders))
    return Status(campaign, counted, state, senders, unknown_before(store.database, campaign))


def _state(campaign: Campaign, counted: Tally, *, sending: bool) -> str:
    if campaign.wish in (Wish.PLANNED, Wish.HELD, Wish.CANCELLED):
        return str(campaign.wish)
    if sending:
        return "sending"
    if counted.settled:
        return "finished"
    if counted.open == 0:
        return "unsettled"
    if counted.open == counted.of(State.DEFERRED) and campaign.wish is Wish.SENDING:
        return "deferred"
    return "paused" if campaign.wish is Wish.PAUSED else "interrupted"


def campaign_status(
    workplace: Workplace,
    environment: Mapping[str, str],
    slug: str,
    kind: Kind = Kind.CAMPAIGN,
) -> Status:
    """Say how the newest campaign of an edition stands. Raises NoCampaignError, StoreError."""
    with open_store(workplace, environment, create=False) as store:
        return status_of(store, find_campaign(store, slug, kind))


def find_campaign(store: Store, slug: str, kind: Kind = Kind.CAMPAIGN) -> Campaign:
    """Give the newest campaign of an edition; the edition's own folder may be gone.

    What a dead sender had in hand is taken over first, so that whoever is in doubt is known.
    Raises NoCampaignError, EditionNotFoundError.
    """
    campaign = latest_campaign(store.database, slug, kind)
    if campaign is not None:
        recover(store.installation, campaign, timestamp())
        return campaign
    slug = require_edition(store.workplace, slug)
    what = "sent" if kind is Kind.CAMPAIGN else "rehearsed"
    command = "send" if kind is Kind.CAMPAIGN else "rehearse"
    raise NoCampaignError(f"{slug} has not been {what}", f"to begin: smakom-mail {command} {slug}")


def pause_campaign(workplace: Workplace, environment: Mapping[str, str], slug: str) -> Status:
    """Let a campaign rest until `resume`: its sender finishes what is in flight and stops.

    One that waits for its hour rests too. The time to take a yes back is none to pause in.
    """
    with open_store(workplace, environment, create=False) as store:
        campaign = find_campaign(store, slug)
        before = [Wish.SENDING, Wish.HELD] if campaign.due_at else [Wish.SENDING]
        with store.database.transaction():
            done = set_wish(store.database, campaign, Wish.PAUSED, before, BY_HAND)
        status = _again(store, campaign)
        if not done and status.campaign.wish is not Wish.PAUSED:
            raise NoCampaignError(
                f"{slug} is {status.state}, so there is nothing to pause", _instead(status)
            )
        if status.tally.settled:
            raise NoCampaignError(f"{slug} is finished: there is nothing to pause")
        return status


def _instead(status: Status) -> str:
    slug = status.campaign.edition
    if status.campaign.wish is Wish.HELD:
        return f"to take it back before anything is sent: smakom-mail cancel {slug}"
    return f"see smakom-mail status {slug}"


def cancel_campaign(workplace: Workplace, environment: Mapping[str, str], slug: str) -> Status:
    """End a campaign for good: whoever still waits gets nothing of it.

    Whoever was reached, or may have been, stays so; a new campaign of the edition leaves them out.
    """
    with open_store(workplace, environment, create=False) as store:
        campaign = find_campaign(store, slug)
        before_it = status_of(store, campaign)
        if campaign.wish is not Wish.HELD and before_it.tally.settled:
            raise NoCampaignError(f"{slug} is {before_it.state}: there is nothing left to cancel")
        with store.database.transaction():
            before = [Wish.HELD, Wish.SENDING, Wish.PAUSED]
            set_wish(store.database, campaign, Wish.CANCELLED, before, BY_HAND)
            withhold_rest(store.database, campaign, timestamp())
        return _again(store, campaign)


def _again(store: Store, campaign: Campaign) -> Status:
    return status_of(store, require_campaign(store.database, campaign.id))
