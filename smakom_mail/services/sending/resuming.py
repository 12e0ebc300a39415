"""Going on with a campaign that was begun: after a pause, a crash, a stop, or for its hour."""

from collections.abc import Mapping
from dataclasses import dataclass

from smakom_mail.errors import SmakomMailError
from smakom_mail.model.campaign import Campaign, Wish
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.controlling import Status, find_campaign, status_of
from smakom_mail.services.sending.relaying import relay_means
from smakom_mail.services.sending.running import held, run_campaign
from smakom_mail.services.sending.starting import Sent, Talk, release_campaign
from smakom_mail.services.sending.waiting import (
    LATE_SECONDS,
    TAKEN_BACK,
    due_time,
    late_sentence,
    wait_until,
)
from smakom_mail.services.storing import Store, open_store
from smakom_mail.services.workplace import Workplace
from smakom_mail.store.campaigns import (
    drop_campaign,
    find_by_id,
    has_untried,
    hasten,
    place_behind,
    require_campaign,
    set_pause,
    set_wish,
)


@dataclass(frozen=True, slots=True)
class Continuation:
    """How to go on: stop behind so many more (0: do not), `wait` for deferred ones, or `late`."""

    limit: int = 0
    wait: bool = True
    late: bool = False


def resume_edition(  # noqa: PLR0913 - who, what, where, and how it is told
    workplace: Workplace,
    environment: Mapping[str, str],
    slug: str,
    how: Continuation,
    *,
    talk: Talk,
    clock: Clock,
) -> Sent:
    """Go on with the newest campaign of an edition until nothing is left to do.

    What was frozen is sent, whatever has become of the files since. A campaign that is finished is
    only told. Raises NoCampaignError, BusyCampaignError, CopyError, RelayRefusedError.
    """
    with open_store(workplace, environment, create=False) as store, held(store, slug):
        store.installation.require_original()
        campaign = find_campaign(store, slug)
        _require_alive(campaign)
        campaign = _held_again(store, campaign)
        if campaign.wish is Wish.HELD:
            if why := _wait_for_hour(store, campaign, how, talk, clock):
                there = find_by_id(store.database, campaign.id)
                return Sent(status=status_of(store, there) if there else None, undone=why)
            release_campaign(store, campaign)
        before = _now(store, campaign)
        if before.tally.open == 0:
            return Sent(status=before)
        means = relay_means(
            workplace, environment, slug, wait=how.wait, clock=clock, said=talk.said
        )
        with store.database.transaction():
            set_wish(store.database, campaign, Wish.SENDING, [Wish.SENDING, Wish.PAUSED])
            hasten(store.database, campaign)
            set_pause(store.database, campaign, _behind(store, campaign, how))
        talk.started(_now(store, campaign))
        ran = run_campaign(store, _now(store, campaign).campaign, means, talk, clock)
        return Sent(status=status_of(store, ran.campaign), ran=ran)


def _held_again(store: Store, campaign: Campaign) -> Campaign:
    """Let one that was paused before its hour wait for it again."""
    if campaign.wish is not Wish.PAUSED or not campaign.due_at or campaign.begun_at:
        return campaign
    with store.database.transaction():
        set_wish(store.database, campaign, Wish.HELD, [Wish.PAUSED])
    return require_campaign(store.database, campaign.id)


def _now(store: Store, campaign: Campaign) -> Status:
    return status_of(store, require_campaign(store.database, campaign.id))


def _behind(store: Store, campaign: Campaign, how: Continuation) -> int:
    """Give behind how many to stop: a pause that was asked for holds until it is reached."""
    if how.limit:
        return place_behind(store.database, campaign, how.limit)
    first = campaign.pause_after
    return first if first and has_untried(store.database, campaign, first) else 0


def _require_alive(campaign: Campaign) -> None:
    if campaign.wish is Wish.CANCELLED:
        raise SmakomMailError(
            f"{campaign.edition} was cancelled, which is for good",
            f"a new campaign leaves out whom it reached: smakom-mail send {campaign.edition}",
        )


def _wait_for_hour(
    store: Store, campaign: Campaign, how: Continuation, talk: Talk, clock: Clock
) -> str:
    """Wait until a held campaign may begin; give why it may not."""
    if not campaign.due_at:
        raise SmakomMailError(
            f"{campaign.edition} was held to be taken back, and the program ended meanwhile",
            f"nothing was sent; begin again: smakom-mail send {campaign.edition}",
        )
    late = clock.time() - due_time(campaign)
    if how.late:
        return ""
    if late > LATE_SECONDS:
        raise SmakomMailError(
            f"{campaign.edition} is held: {late_sentence(late)}",
            f"to send it all the same: smakom-mail resume {campaign.edition} --late; "
            f"to take it back: smakom-mail cancel {campaign.edition}",
        )
    why = wait_until(store, campaign, due_time(campaign), talk, clock)
    if why == TAKEN_BACK:
        drop_campaign(store.database, campaign.id)
    return why
