"""A campaign for the tests of the ledger, and shorter words for what happens to its recipients."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace

from smakom_mail.model.campaign import Campaign, FrozenMessage, Kind, Wish
from smakom_mail.model.delivery import Event, State
from smakom_mail.model.person import Candidate, Subscriber
from smakom_mail.store import Database
from smakom_mail.store.campaigns import (
    Planned,
    PlanWriter,
    begin_plan,
    require_campaign,
    seal_plan,
    set_wish,
)
from smakom_mail.store.installation import Installation
from smakom_mail.store.ledger import Ledger, Outcome
from smakom_mail.store.senders import Recovered, Sender, enter_sender, recover
from tests.mail.letters import FROZEN
from tests.store.peopled import NOW, added, person

AT = "2024-05-01T08:00:00.000+00:00"
LATER = "2024-05-01T09:00:00.000+00:00"
MACHINE = "0123456789abcdef0123456789abcdef"
SCOPE = b"medlemmar"
MESSAGE = replace(FROZEN, digest=FROZEN.computed_digest())
_names = itertools.count(1)


def people(number: int) -> list[Subscriber]:
    """Give so many people on medlemmar: reader1 and so on."""
    return [person(f"reader{n}@kommun.example", "medlemmar") for n in range(1, number + 1)]


def candidate(someone: Subscriber, lists: Sequence[str] = ("medlemmar",)) -> Candidate:
    """Give somebody as the survey gives them."""
    assert someone.email is not None
    return Candidate(
        id=someone.id,
        ref=someone.ref,
        key=someone.key or "",
        email=someone.email,
        name=someone.name or "",
        organisation=someone.organisation or "",
        language="sv",
        flags=(),
        excluded="",
        lists=tuple(lists),
    )


def planned(  # noqa: PLR0913 - what a campaign is written down with
    database: Database,
    readers: Iterable[Subscriber],
    *,
    message: FrozenMessage = MESSAGE,
    kind: Kind = Kind.CAMPAIGN,
    pause_after: int = 0,
    lists: Sequence[str] = ("medlemmar",),
) -> Campaign:
    """Write a campaign for people down who stand in the database."""
    some = list(readers)
    id_ = begin_plan(database, message, kind, act=NOW, epoch=1, room=len(some) + 1)
    campaign = require_campaign(database, id_)
    writer = PlanWriter(database, campaign)
    for someone in some:
        mark = next(_names)
        who = candidate(someone, lists)
        writer.add(Planned(who, SCOPE, f"token{mark}", f"<m{mark}@brev.example>", f"e{mark}"))
    writer.flush()
    return seal_plan(database, campaign, len(some), {"unconfirmed": 2}, pause_after=pause_after)


def begun(
    database: Database, readers: int | Iterable[Subscriber] = 5, *, pause_after: int = 0
) -> Campaign:
    """Give a campaign that is being sent, for people who are added where they are not there."""
    if isinstance(readers, int):
        readers = people(readers)
        added(database, *readers)
    campaign = planned(database, readers, pause_after=pause_after)
    return wished(database, campaign, Wish.SENDING)


def wished(database: Database, campaign: Campaign, wish: Wish) -> Campaign:
    """Say what is wanted of a campaign, whatever was wanted before."""
    with database.transaction():
        assert set_wish(database, campaign, wish, list(Wish))
    return require_campaign(database, campaign.id)


def ledger_of(database: Database, campaign: Campaign, sender: str = "one") -> Ledger:
    """Give the ledger in the hand of a sender, which need not live."""
    return Ledger(database, campaign, sender)


def installation_of(database: Database) -> Installation:
    """Give the installation of a test's database, settled."""
    found = Installation(database, MACHINE)
    found.settle()
    return found


def sender_of(database: Database, campaign: Campaign) -> tuple[Ledger, Sender]:
    """Enter a sender; give its ledger, and the sender with its lock."""
    sender = enter_sender(installation_of(database), campaign, AT)
    return Ledger(database, campaign, sender.id), sender


def taken_over(database: Database, campaign: Campaign) -> Recovered:
    """Take over what dead senders of a campaign left."""
    return recover(installation_of(database), campaign, LATER)


def submitting(ledger: Ledger, number: int = 1) -> list[int]:
    """Claim so many and record their intents; give their ids."""
    ids = [each.id for each in ledger.claim(State.WAITING, number, AT)]
    assert ledger.commit([], ids, AT).granted == frozenset(ids)
    return ids


def came_to(ledger: Ledger, event: Event, *ids: int, next_at: str = "", why: str = "") -> None:
    """Record the outcome of tries."""
    ledger.commit([Outcome(id_, event, AT, next_at=next_at, why=why) for id_ in ids], (), AT)


def states(database: Database, campaign: Campaign) -> list[str]:
    """Give the states of a campaign's recipients, in their order."""
    rows = database.all(
        "SELECT state FROM deliveries WHERE campaign_id = :id ORDER BY id", {"id": campaign.id}
    )
    return [row["state"] for row in rows]


def shown(database: Database, id_: int, *columns: str) -> tuple[object, ...]:
    """Give some columns of a delivery."""
    sql = f"SELECT {', '.join(columns)} FROM deliveries WHERE id = :id"  # noqa: S608 - a test's own names
    row = database.one(sql, {"id": id_})
    assert row is not None
    return tuple(row[column] for column in columns)
