"""The ledger: what a sender claims, intends and learns, and what the database refuses."""

from collections.abc import Callable

import pytest

from smakom_mail.model.campaign import Wish
from smakom_mail.model.delivery import TABLE, Event, State
from smakom_mail.model.person import MembershipState, Reason
from smakom_mail.store import Database
from smakom_mail.store.campaigns import tally
from smakom_mail.store.changing import readdress, set_membership
from smakom_mail.store.erasing import forget
from smakom_mail.store.ledger import Ledger, LedgerError, Outcome
from smakom_mail.store.lists import keep_lists
from smakom_mail.store.spending import Spending
from smakom_mail.store.suppressions import lift
from tests.store.campaigned import (
    AT,
    LATER,
    begun,
    came_to,
    ledger_of,
    people,
    planned,
    shown,
    states,
    submitting,
    wished,
)
from tests.store.conftest import Opener
from tests.store.happening import happen, put
from tests.store.peopled import LISTS, NOW, added, fingerprint, journal_of, no, person, say_no

LEFT = MembershipState.LEFT


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("state", State)
def test_the_statements_do_what_the_table_holds_and_nothing_else(
    database: Database, state: State, event: Event
) -> None:
    """Each of the 112 pairs, through the very statement that the program has for the event."""
    campaign = begun(database, 1)
    ledger = ledger_of(database, campaign, "dead")
    with database.transaction():
        database.run(
            "INSERT INTO senders VALUES ('dead', :campaign, :installation, :machine, 1, :at, '')",
            {
                "campaign": campaign.id,
                "installation": "",
                "machine": "0123456789abcdef0123456789abcdef",
                "at": AT,
            },
        )
    put(database, ledger, campaign.first_id, state)
    happen(database, campaign, ledger, event, campaign.first_id)
    assert states(database, campaign) == [TABLE.get((state, event), state)]


def test_claims_come_in_their_order_and_only_once(database: Database) -> None:
    campaign = begun(database, 5)
    one, other = ledger_of(database, campaign, "one"), ledger_of(database, campaign, "other")
    assert [each.email for each in one.claim(State.WAITING, 2, AT)] == [
        "reader1@kommun.example",
        "reader2@kommun.example",
    ]
    assert [each.email for each in other.claim(State.WAITING, 9, AT)] == [
        "reader3@kommun.example",
        "reader4@kommun.example",
        "reader5@kommun.example",
    ]
    assert one.claim(State.WAITING, 9, AT) == []


def test_a_claim_gives_all_that_a_message_is_made_of(database: Database) -> None:
    reader = person("kim@kommun.example", "medlemmar", name="Kim", organisation="Exempelby")
    added(database, reader)
    (got,) = ledger_of(database, begun(database, [reader])).claim(State.WAITING, 1, AT)
    assert (got.email, got.name, got.organisation) == ("kim@kommun.example", "Kim", "Exempelby")
    assert got.token.startswith("token")
    assert got.message_id.endswith("@brev.example>")
    assert got.envelope_token.startswith("e")


def test_an_intent_is_granted_once_and_counts_as_an_attempt(database: Database) -> None:
    campaign = begun(database, 1)
    ledger = ledger_of(database, campaign)
    (id_,) = submitting(ledger)
    assert shown(database, id_, "state", "attempts", "first_at") == ("submitting", 1, AT)
    with pytest.raises(LedgerError):
        ledger.commit([], [id_], LATER)
    assert shown(database, id_, "state", "attempts") == ("submitting", 1)


def test_an_intent_that_was_not_claimed_by_this_sender_ends_it(database: Database) -> None:
    campaign = begun(database, 1)
    ledger_of(database, campaign, "one").claim(State.WAITING, 1, AT)
    with pytest.raises(LedgerError) as caught:
        ledger_of(database, campaign, "other").commit([], [campaign.first_id], AT)
    number = campaign.first_id
    assert caught.value.message == f"the ledger's row {number} is not as this program left it"
    assert states(database, campaign) == ["claimed"]


def test_outcomes_and_intents_are_one_change(database: Database) -> None:
    """Where one of them is refused, none of them is kept."""
    campaign = begun(database, 3)
    ledger = ledger_of(database, campaign)
    first, _second = submitting(ledger, 2)
    wrong = Outcome(campaign.last_id, Event.ACCEPT, AT)
    with pytest.raises(LedgerError):
        ledger.commit([Outcome(first, Event.ACCEPT, AT), wrong], (), AT)
    assert states(database, campaign) == ["submitting", "submitting", "waiting"]


@pytest.mark.parametrize("change", ["sender = 'other'", "state = 'accepted', sender = ''"])
def test_the_row_that_another_hand_has_changed_is_named(database: Database, change: str) -> None:
    campaign = begun(database, 4)
    ledger = ledger_of(database, campaign)
    ids = submitting(ledger, 4)
    with database.transaction():
        sql = f"UPDATE deliveries SET at = :at, {change} WHERE id = :id"  # noqa: S608 - a test's own words
        database.run(sql, {"id": ids[2], "at": AT})
    before = states(database, campaign)
    with pytest.raises(LedgerError) as caught:
        came_to(ledger, Event.ACCEPT, *ids)
    assert caught.value.message == f"the ledger's row {ids[2]} is not as this program left it"
    assert states(database, campaign) == before


def test_a_row_that_is_settled_twice_at_once_is_named(database: Database) -> None:
    campaign = begun(database, 2)
    ledger = ledger_of(database, campaign)
    one, other = submitting(ledger, 2)
    with pytest.raises(LedgerError) as caught:
        came_to(ledger, Event.ACCEPT, one, other, other)
    assert caught.value.message == f"the ledger's row {other} is not as this program left it"


@pytest.mark.parametrize("number", [1, 2, 3, 7, 8, 9, 100])
def test_any_number_of_intents_go_together(database: Database, number: int) -> None:
    campaign = begun(database, number)
    submitting(ledger_of(database, campaign), number)
    assert states(database, campaign) == ["submitting"] * number


# ------------------------------------------------------------------------------ who has left


def _unsubscribe(database: Database, email: str, _id: str) -> None:
    say_no(database, no(email))


def _leave_the_list(database: Database, email: str, _id: str) -> None:
    say_no(database, no(email, "medlemmar"))


def _complain(database: Database, email: str, _id: str) -> None:
    say_no(database, no(email, reason=Reason.COMPLAINED))


def _lose_membership(database: Database, _email: str, id_: str) -> None:
    with database.transaction():
        set_membership(database, id_, "medlemmar", LEFT, NOW)


def _lose_consent(database: Database, _email: str, id_: str) -> None:
    with database.transaction():
        database.run("DELETE FROM consents WHERE subscriber_id = :id", {"id": id_})


def _forget(database: Database, _email: str, id_: str) -> None:
    forget(database, journal_of(database), id_, NOW)


def _readdress(database: Database, _email: str, id_: str) -> None:
    with database.transaction():
        moved = person("new@kommun.example")
        readdress(database, journal_of(database), id_, moved, NOW)


LEAVING = (
    *(_unsubscribe, _leave_the_list, _complain),
    *(_lose_membership, _lose_consent, _forget, _readdress),
)


@pytest.mark.parametrize("leave", LEAVING)
def test_who_leaves_between_claim_and_intent_is_withheld(
    database: Database, leave: Callable[[Database, str, str], None]
) -> None:
    readers = people(3)
    added(database, *readers)
    campaign = begun(database, readers)
    ledger = ledger_of(database, campaign)
    ids = [each.id for each in ledger.claim(State.WAITING, 3, AT)]
    leave(database, "reader2@kommun.example", readers[1].id)
    done = ledger.commit([], ids, AT)
    assert (done.granted, done.withheld) == (frozenset([ids[0], ids[2]]), (ids[1],))
    assert states(database, campaign) == ["submitting", "withheld", "submitting"]
    assert shown(database, ids[1], "why", "attempts", "sender") == ("has left", 0, "")


def test_a_no_to_another_list_withholds_nothing(database: Database) -> None:
    campaign = begun(database, 1)
    say_no(database, no("reader1@kommun.example", "press"))
    submitting(ledger_of(database, campaign))
    assert states(database, campaign) == ["submitting"]


def test_a_no_that_was_lifted_withholds_nothing(database: Database) -> None:
    campaign = begun(database, 1)
    say_no(database, no("reader1@kommun.example", reason=Reason.BOUNCED))
    with database.transaction():
        lift(database, [fingerprint("reader1@kommun.example")], [""], [Reason.BOUNCED], NOW)
    submitting(ledger_of(database, campaign))
    assert states(database, campaign) == ["submitting"]


def test_whoever_left_one_of_two_lists_still_gets_it_by_the_other(database: Database) -> None:
    reader = person("kim@kommun.example", "medlemmar", "press")
    added(database, reader)
    campaign = planned(database, [reader], lists=("medlemmar", "press"))
    campaign = wished(database, campaign, Wish.SENDING)
    say_no(database, no("kim@kommun.example", "medlemmar"))
    submitting(ledger_of(database, campaign))
    assert states(database, campaign) == ["submitting"]


@pytest.mark.parametrize("leave", [each for each in LEAVING if each is not _forget])
def test_who_left_before_is_not_claimed(
    database: Database, leave: Callable[[Database, str, str], None]
) -> None:
    readers = people(4)
    added(database, *readers)
    campaign = begun(database, readers)
    told: list[int] = []
    ledger = Ledger(database, campaign, "one", told.append)
    leave(database, "reader2@kommun.example", readers[1].id)
    claimed = [each.id - campaign.first_id for each in ledger.claim(State.WAITING, 3, AT)]
    assert (claimed, told) == ([0, 2], [1])
    assert states(database, campaign) == ["claimed", "withheld", "claimed", "waiting"]
    assert shown(database, campaign.first_id + 1, "why", "at", "sender") == ("has left", AT, "")


def test_who_was_forgotten_in_the_hand_of_another_sender_is_not_claimed(database: Database) -> None:
    readers = people(2)
    added(database, *readers)
    campaign = begun(database, readers)
    other = ledger_of(database, campaign, "other")
    ids = [each.id for each in other.claim(State.WAITING, 2, AT)]
    _forget(database, "reader1@kommun.example", readers[0].id)
    came_to(other, Event.RELEASE, *ids)
    (claimed,) = ledger_of(database, campaign).claim(State.WAITING, 2, AT)
    assert claimed.email == "reader2@kommun.example"
    assert shown(database, ids[0], "state", "why") == ("withheld", "forgotten")


def test_the_next_are_claimed_where_all_the_first_have_left(database: Database) -> None:
    campaign = begun(database, 5)
    told: list[int] = []
    ledger = Ledger(database, campaign, "one", told.append)
    for number in (1, 2, 3, 4):
        say_no(database, no(f"reader{number}@kommun.example"))
    assert [each.email for each in ledger.claim(State.WAITING, 2, AT)] == ["reader5@kommun.example"]
    assert told == [2, 2]
    assert states(database, campaign) == [*["withheld"] * 4, "claimed"]


def test_who_leaves_after_a_deferral_is_not_tried_again(database: Database) -> None:
    campaign = begun(database, 1)
    ledger = ledger_of(database, campaign)
    (id_,) = submitting(ledger)
    came_to(ledger, Event.DEFER, id_, next_at=LATER)
    say_no(database, no("reader1@kommun.example"))
    assert ledger.claim(State.DEFERRED, 1, LATER) == []
    assert shown(database, id_, "state", "attempts", "next_at") == ("withheld", 1, "")


# ----------------------------------------------------------------------------------- outcomes


def test_what_is_not_wished_is_not_granted_and_outcomes_are_kept(database: Database) -> None:
    campaign = begun(database, 2)
    ledger = ledger_of(database, campaign)
    (first,) = submitting(ledger)
    (second,) = (each.id for each in ledger.claim(State.WAITING, 1, AT))
    wished(database, campaign, Wish.PAUSED)
    done = ledger.commit([Outcome(first, Event.ACCEPT, AT)], [second], AT)
    assert (done.granted, done.withheld, done.wish) == (frozenset(), (), Wish.PAUSED)
    assert states(database, campaign) == ["accepted", "claimed"]


def test_what_comes_back_with_nothing_said_was_no_try(database: Database) -> None:
    campaign = begun(database, 1)
    ledger = ledger_of(database, campaign)
    came_to(ledger, Event.RELEASE, *submitting(ledger))
    assert shown(database, campaign.first_id, "state", "attempts") == ("waiting", 0)


@pytest.mark.parametrize("event", [Event.DEFER, Event.REFUSE])
def test_a_reply_that_is_faster_than_the_intent_was_a_try(database: Database, event: Event) -> None:
    """With pipelining RCPT is answered together with the dot before it, in one turn."""
    campaign = begun(database, 1)
    ledger = ledger_of(database, campaign)
    (reader,) = ledger.claim(State.WAITING, 1, AT)
    came_to(ledger, event, reader.id, why="later")
    assert shown(database, reader.id, "attempts", "first_at") == (1, AT)


def test_only_who_was_first_tried_before_that_is_given_up(database: Database) -> None:
    campaign = begun(database, 2)
    ledger = ledger_of(database, campaign)
    came_to(ledger, Event.DEFER, *submitting(ledger))
    (id_,) = (each.id for each in ledger.claim(State.WAITING, 1, AT))
    ledger.commit([], [id_], LATER)
    ledger.commit([Outcome(id_, Event.DEFER, LATER)], (), LATER)
    assert ledger.expire(LATER, LATER, "the relay had not taken it in 24 hours") == 1
    assert states(database, campaign) == ["refused", "deferred"]


def test_who_was_deferred_before_an_intent_is_not_given_up_at_once(database: Database) -> None:
    campaign = begun(database, 1)
    ledger = ledger_of(database, campaign)
    (reader,) = ledger.claim(State.WAITING, 1, AT)
    came_to(ledger, Event.DEFER, reader.id)
    assert ledger.expire("2024-04-30T08:00:00.000+00:00", AT, "too late") == 0
    assert states(database, campaign) == ["deferred"]


def test_who_is_deferred_is_claimed_when_the_time_has_come(database: Database) -> None:
    campaign = begun(database, 1)
    ledger = ledger_of(database, campaign)
    came_to(ledger, Event.DEFER, *submitting(ledger), next_at=LATER)
    assert ledger.next_due(State.DEFERRED) == LATER
    assert ledger.claim(State.DEFERRED, 1, AT) == []
    assert [each.id for each in ledger.claim(State.DEFERRED, 1, LATER)] == [campaign.first_id]


def test_every_try_that_was_not_a_yes_is_kept(database: Database) -> None:
    campaign = begun(database, 1)
    ledger = ledger_of(database, campaign)
    came_to(ledger, Event.DEFER, *submitting(ledger), why="busy")
    (again,) = ledger.claim(State.DEFERRED, 1, AT)
    ledger.commit([], [again.id], LATER)
    came_to(ledger, Event.LOSE, again.id, why="the relay closed the connection")
    rows = database.all("SELECT number, state, why FROM attempts ORDER BY number")
    assert [tuple(row) for row in rows] == [  # type: ignore[arg-type] # a row is a sequence too
        (1, "deferred", "busy"),
        (2, "unknown", "the relay closed the connection"),
    ]


def test_a_sender_stops_behind_the_first_ones(database: Database) -> None:
    campaign = begun(database, 5, pause_after=2)
    ledger = ledger_of(database, campaign)
    assert len(ledger.claim(State.WAITING, 9, AT)) == 2
    assert ledger.next_due(State.WAITING) is None


def test_reopened_refusals_wait_again(database: Database) -> None:
    campaign = begun(database, 2)
    ledger = ledger_of(database, campaign)
    ids = submitting(ledger, 2)
    came_to(ledger, Event.REFUSE, ids[0], why="no")
    came_to(ledger, Event.ACCEPT, ids[1])
    ledger.reopen(ids)
    assert states(database, campaign) == ["waiting", "accepted"]


def test_what_the_relay_is_given_is_counted_with_the_intent(database: Database) -> None:
    campaign = begun(database, 3)
    ledger = ledger_of(database, campaign)
    claimed = ledger.claim(State.WAITING, 3, AT)
    say_no(database, no("reader2@kommun.example"))
    for reader in claimed:
        ledger.commit(
            [], [reader.id], AT, lambda granted: [Spending("relay", "", 60, 7, len(granted))]
        )
    assert [row["number"] for row in database.all("SELECT number FROM spent")] == [2]


def test_two_ledgers_of_one_database_never_hold_the_same(opener: Opener) -> None:
    database = opener()
    keep_lists(database, LISTS)
    campaign = begun(database, 40)
    one, other = ledger_of(opener(), campaign, "one"), ledger_of(opener(), campaign, "other")
    held: list[int] = []
    for number in range(40):
        ledger = (one, other)[number * number % 3 % 2]
        held += [each.id for each in ledger.claim(State.WAITING, 1 + number % 3, AT)]
    assert sorted(held) == list(range(campaign.first_id, campaign.last_id + 1))


def test_a_cancelled_sender_withholds_what_it_has_claimed(database: Database) -> None:
    campaign = begun(database, 2)
    ledger = ledger_of(database, campaign)
    ids = [each.id for each in ledger.claim(State.WAITING, 2, AT)]
    ledger.withhold(ids, AT, "cancelled")
    assert states(database, campaign) == ["withheld", "withheld"]
    tally(database, campaign).require_sum()
