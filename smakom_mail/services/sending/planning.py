"""Planning a campaign: the message and everybody who will get it, written down before anything.

The people are read as they stand at one moment, and written through another connection some
thousands at a time, so that a no can be recorded meanwhile: consent is read again for each message.
Nobody whom an earlier campaign of the edition reached, or may have reached, is planned again.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from smakom_mail.content.people.address import Address, canonical
from smakom_mail.errors import SmakomMailError
from smakom_mail.mail.message import MessageTemplate
from smakom_mail.model.campaign import Campaign, FrozenMessage, Kind, Recipient
from smakom_mail.model.person import Act, Candidate
from smakom_mail.services.checking import CheckedEdition
from smakom_mail.services.dry_run import DryRun
from smakom_mail.services.reaching import audience_of
from smakom_mail.services.storing import Store
from smakom_mail.services.surveying import Links, Progress, SendList, Sink, survey
from smakom_mail.store import Database
from smakom_mail.store.audience import count_people
from smakom_mail.store.campaigns import (
    Planned,
    PlanWriter,
    begin_plan,
    drop_campaign,
    drop_plans,
    has_begun_before,
    has_reached,
    require_campaign,
    seal_plan,
)
from smakom_mail.store.installation import Installation
from smakom_mail.tokens import make_token
from smakom_mail.tokens.message_id import Kind as IdKind

_DRY_COMPOSED = 5_000
"""So many whole messages are made as a trial; more would only take longer to say the same."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign that is written down and not agreed to yet, and whom it is for."""

    campaign: Campaign
    frozen: FrozenMessage
    list: SendList


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a campaign is to be planned.

    `canaries` are addresses that come first, with a pause behind them; `limit` stops behind so
    many (0: nobody is left out). A `trial` is only shown; like a rehearsal it does not mark that
    this database sends.
    """

    kind: Kind = Kind.CAMPAIGN
    canaries: Sequence[str] = ()
    limit: int = 0
    signed_envelope: bool = True
    trial: bool = False


class NobodyError(SmakomMailError):
    """A campaign for nobody: that is a slip, never a success."""


def plan_campaign(  # noqa: PLR0913 - what a plan is made of
    store: Store,
    checked: CheckedEdition,
    frozen: FrozenMessage,
    wanted: Wanted,
    *,
    act: Act,
    progress: Progress,
) -> Plan:
    """Write a campaign down, after every recipient's message was filled in once.

    What was planned of the edition and never agreed to goes away. Raises NobodyError, CopyError,
    and SmakomMailError where somebody lacks what the text says of her.
    """
    template = MessageTemplate(frozen)
    drop_plans(store.database, frozen.edition, wanted.kind)
    epoch = _epoch_for(store.installation, frozen.edition, wanted)
    room = count_people(store.database) + 1
    id_ = begin_plan(store.database, frozen, wanted.kind, act=act, epoch=epoch, room=room)
    campaign = require_campaign(store.database, id_)
    try:
        with (
            closing(Database(store.database.path)) as side,
            closing(Links(store, frozen.edition, _kind_of_id(wanted))) as links,
        ):
            recorder = _Recorder(
                store, side=side, campaign=campaign, links=links, template=template, wanted=wanted
            )
            total = _record(store, checked, recorder, progress)
        after = len(recorder.canaries) or wanted.limit
        sealed = seal_plan(
            store.database, campaign, total.planned, dict(total.excluded), pause_after=after
        )
    except BaseException:
        drop_campaign(store.database, id_)
        raise
    return Plan(sealed, frozen, total)


def _epoch_for(installation: Installation, edition: str, wanted: Wanted) -> int:
    """Give the epoch of what is planned; that of a campaign to be sent is a new one."""
    if wanted.kind is not Kind.CAMPAIGN:
        return installation.epoch
    installation.require_known(edition)
    return installation.epoch if wanted.trial else installation.raise_epoch()


def _kind_of_id(wanted: Wanted) -> IdKind:
    return "rehearsal" if wanted.kind is Kind.REHEARSAL else "campaign"


def _record(
    store: Store, checked: CheckedEdition, recorder: "_Recorder", progress: Progress
) -> SendList:
    if checked.rendered is None:
        raise TypeError("an edition that was not rendered cannot be planned")
    dry_run = DryRun(checked.rendered)
    selection = audience_of(checked.edition, store.workplace.config)
    sink = Sink(recorder.plan, bar=recorder.bar)
    total = survey(store, selection, dry_run, sink, progress)
    dry_run.require_complete()
    recorder.finish()
    if not total.planned:
        reasons = ", ".join(f"{number} {reason}" for reason, number in total.excluded)
        raise NobodyError(
            f"{checked.edition.slug} would reach nobody: {reasons or 'there are no people yet'}",
            f"see why: smakom-mail sendlist {checked.edition.slug}",
        )
    return total


class _Recorder:
    """Writes down whom the survey plans: the canaries in the first places, the others behind."""

    def __init__(  # noqa: PLR0913 - what a row is made of
        self,
        store: Store,
        *,
        side: Database,
        campaign: Campaign,
        links: Links,
        template: MessageTemplate,
        wanted: Wanted,
    ) -> None:
        """Begin; `side` is the connection that writes while the store's reads."""
        self.canaries = frozenset(_key(each) for each in wanted.canaries)
        self._store = store
        self._campaign = campaign
        self._links = links
        self._template = template
        self._signed = wanted.signed_envelope
        self._edition = campaign.edition
        self._code = bytes.fromhex(campaign.code)
        self._again = wanted.kind is Kind.CAMPAIGN and has_begun_before(side, campaign.edition)
        self._first = PlanWriter(side, campaign)
        self._rest = PlanWriter(side, campaign, len(self.canaries))
        self._composed = 0
        self._found: set[str] = set()

    def bar(self, person: Candidate) -> str:
        """Leave out whom an earlier campaign of this edition reached, or may have reached."""
        if self._again and has_reached(self._store.database, self._edition, person.id):
            return "already-sent"
        return ""

    def plan(self, person: Candidate) -> None:
        """Write one recipient down."""
        ref, keyring = bytes.fromhex(person.ref), self._store.keyring
        planned = Planned(
            person,
            self._links.scope(person.lists),
            self._links.token(person),
            self._links.message_id(person),
            make_token(keyring, "envelope", ref, self._code) if self._signed else "",
        )
        if self._composed < _DRY_COMPOSED:
            self._composed += 1
            self._template.compose(
                Recipient(
                    0,
                    person.email,
                    person.name,
                    person.organisation,
                    planned.token,
                    planned.message_id,
                )
            )
        if person.key in self.canaries:
            self._found.add(person.key)
            self._first.add(planned)
        else:
            self._rest.add(planned)

    def finish(self) -> None:
        """Write the last of them; raise SmakomMailError where a canary is not among them."""
        self._first.flush()
        self._rest.flush()
        if missing := self.canaries - self._found:
            named = ", ".join(sorted(missing))
            raise SmakomMailError(
                f"not every canary would get {self._edition}: not {named}",
                "a canary is a recipient like others: see who is left out and why, "
                f"with smakom-mail sendlist {self._edition} --excluded FILE.csv",
            )


def _key(address: str) -> str:
    found = canonical(address)
    return found.key if isinstance(found, Address) else address.lower()
