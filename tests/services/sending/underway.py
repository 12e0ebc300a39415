"""A campaign on its way, for the tests of what is said and done about it afterwards."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from smakom_mail.model.campaign import Campaign, Kind, Wish
from smakom_mail.model.delivery import Event, State
from smakom_mail.services.checking import check_edition
from smakom_mail.services.sending.freezing import freeze
from smakom_mail.services.sending.planning import Wanted, plan_campaign
from smakom_mail.services.storing import Store
from smakom_mail.store.campaigns import require_campaign, set_begun, set_wish
from smakom_mail.store.ledger import Ledger, Outcome
from smakom_mail.store.senders import enter_sender
from tests.services.receiving import EDITION, THEN, add, newsletter, opened, person, place

DATE = datetime(2024, 5, 1, 8, tzinfo=UTC)
AT = "2024-05-01T08:00:00.000+00:00"
REPLIES: Mapping[Event, tuple[str, int, str, str]] = {
    Event.ACCEPT: ("end of message", 250, "250 2.0.0 Ok: queued as 4F", ""),
    Event.DEFER: ("RCPT TO", 450, "450 4.2.0 later", "the relay asks to try again later"),
    Event.REFUSE: ("RCPT TO", 550, "550 5.1.1 no such user", "the address does not exist"),
    Event.LOSE: ("end of message", 0, "", "the relay closed the connection"),
}


def peopled(folder: Path, *names: str) -> Path:
    """Make a newsletter with readers: asa gets asa@a.example, and is called Asa Ek."""
    root = newsletter(folder)
    with opened(root) as store:
        for name in names:
            add(store, person(store, f"{name}@a.example", name=f"{name.capitalize()} Ek"))
    return root


def planned(root: Path, store: Store, kind: Kind = Kind.CAMPAIGN) -> Campaign:
    """Plan a campaign for everybody, and let it begin."""
    checked = check_edition(place(root), EDITION)
    assert checked.rendered is not None
    frozen = freeze(checked.rendered, place(root).config, DATE)
    plan = plan_campaign(
        store, checked, frozen, Wanted(kind), act=THEN, progress=lambda _what, _done, _all: None
    )
    return wished(store, plan.campaign, Wish.SENDING)


def wished(store: Store, campaign: Campaign, wish: Wish) -> Campaign:
    """Say what is wanted of a campaign."""
    with store.database.transaction():
        assert set_wish(store.database, campaign, wish, list(Wish))
    return require_campaign(store.database, campaign.id)


def came_to(store: Store, campaign: Campaign, outcomes: Mapping[str, Event], at: str = AT) -> None:
    """Let a sender try some people and learn what came of it; the others wait on."""
    with store.database.transaction():
        set_begun(store.database, campaign, at)
    sender = enter_sender(store.installation, campaign, at)
    ledger = Ledger(store.database, campaign, sender.id)
    for each in ledger.claim(State.WAITING, 1000, at):
        event = outcomes.get(each.email.partition("@")[0], Event.RELEASE)
        if event is Event.RELEASE:
            ledger.commit([Outcome(each.id, event, at)], [], at)
            continue
        assert ledger.commit([], [each.id], at).granted == {each.id}
        phase, code, reply, why = REPLIES[event]
        ledger.commit([Outcome(each.id, event, at, "", phase, code, reply, why)], [], at)
    sender.lock.release()
    with store.database.transaction():
        sender.end(store.database, at)


def underway(folder: Path, **outcomes: Event) -> Path:
    """Make a newsletter whose edition was sent: to whom, with what outcome."""
    root = peopled(folder, *outcomes)
    with opened(root) as store:
        came_to(store, planned(root, store), outcomes)
    return root


def message_ids(root: Path) -> dict[str, str]:
    """Give the Message-IDs of an edition's deliveries by the name of the reader."""
    with opened(root) as store:
        rows = store.database.all("SELECT email, message_id FROM deliveries ORDER BY id")
        return {row["email"].partition("@")[0]: row["message_id"] for row in rows if row["email"]}


def states(root: Path) -> dict[str, str]:
    """Give the states of an edition's deliveries by the name of the reader."""
    with opened(root) as store:
        rows = store.database.all("SELECT email, state FROM deliveries ORDER BY id")
        return {(row["email"] or "").partition("@")[0]: row["state"] for row in rows}
