"""Every event of the table, as the program's own statements let it happen to a delivery."""

from smakom_mail.model.campaign import Campaign, Wish
from smakom_mail.model.delivery import Event, State
from smakom_mail.store import Database
from smakom_mail.store.adopting import doubt_open
from smakom_mail.store.campaigns import set_wish, withhold_rest
from smakom_mail.store.ledger import Ledger, LedgerError, Outcome
from smakom_mail.store.senders import recover
from smakom_mail.store.settling import EVENTS as SETTLING
from smakom_mail.store.settling import settle
from tests.store.campaigned import AT, LATER, installation_of

OUTCOMES = (Event.RELEASE, Event.ACCEPT, Event.DEFER, Event.REFUSE, Event.LOSE)


def put(database: Database, ledger: Ledger, id_: int, state: State) -> None:
    """Put a delivery into a state, as if the sender of `ledger` had brought it there."""
    in_hand = state in (State.CLAIMED, State.SUBMITTING)
    values = {
        "id": id_,
        "state": str(state),
        "sender": ledger.sender if in_hand else "",
        "first": "" if state in (State.WAITING, State.CLAIMED) else AT,
    }
    with database.transaction():
        database.run(
            "UPDATE deliveries SET state = :state, sender = :sender, first_at = :first "
            "WHERE id = :id",
            values,
        )


def happen(database: Database, campaign: Campaign, ledger: Ledger, event: Event, id_: int) -> None:
    """Let an event happen to a delivery by the statement that the program has for it."""
    try:
        if event in OUTCOMES:
            ledger.commit([Outcome(id_, event, AT)], (), AT)
        elif event is Event.INTEND:
            ledger.commit([], [id_], AT)
        elif event in SETTLING:
            settle(database, id_, event, AT, "Kim says so")
        else:
            _others(database, campaign, ledger, event, id_)
    except LedgerError:
        pass  # the statement refused it, and the sender stops


def _others(database: Database, campaign: Campaign, ledger: Ledger, event: Event, id_: int) -> None:
    if event is Event.CLAIM:
        for state in (State.WAITING, State.DEFERRED):
            ledger.claim(state, 100, LATER)
    elif event is Event.WITHHOLD:
        with database.transaction():
            withhold_rest(database, campaign, AT)
        ledger.withhold([id_], AT, "cancelled")
    elif event is Event.DIE:
        recover(installation_of(database), campaign, LATER)
    elif event is Event.ADOPT:
        with database.transaction():
            doubt_open(database, LATER)
    elif event is Event.EXPIRE:
        ledger.expire(LATER, LATER, "too late")
    elif event is Event.REOPEN:
        ledger.reopen([id_])
    else:
        raise AssertionError(event)


def restart(database: Database, campaign: Campaign) -> None:
    """Let a campaign be wished to be sent again."""
    with database.transaction():
        set_wish(database, campaign, Wish.SENDING, list(Wish))
