"""What an erasure leaves of the editions that somebody was sent: rows for the sums, and no more."""

import pytest

from smakom_mail.model.delivery import Event, State
from smakom_mail.store import Database
from smakom_mail.store.campaigns import tally
from smakom_mail.store.erasing import forget
from smakom_mail.store.invariants import problems
from smakom_mail.store.ledger import Outcome
from smakom_mail.store.proofs import Proof, proofs_of, proofs_to, record_proof
from tests.store.campaigned import (
    AT,
    LATER,
    begun,
    came_to,
    ledger_of,
    people,
    planned,
    sender_of,
    shown,
    states,
    submitting,
    taken_over,
)
from tests.store.peopled import NOW, added, fingerprint, journal_of

READER = "reader1@kommun.example"
EMPTIED = (
    *("key", "email", "name", "organisation"),
    *("token", "message_id", "envelope_token"),
)


def forgotten(database: Database, email: str = READER) -> None:
    """Forget somebody."""
    row = database.one("SELECT id FROM subscribers WHERE key = :key", {"key": email})
    assert row is not None
    assert not forget(database, journal_of(database), row["id"], NOW)


def codes(database: Database) -> list[str]:
    """Give what db check finds."""
    found = problems(database, journal_of(database), lambda key: [fingerprint(key)])
    return [problem.code for problem in found]


@pytest.mark.parametrize("event", [Event.ACCEPT, Event.REFUSE, Event.LOSE])
def test_of_what_is_settled_the_state_and_the_time_stay(database: Database, event: Event) -> None:
    campaign = begun(database, 2)
    ledger = ledger_of(database, campaign)
    (id_,) = submitting(ledger)
    before = Outcome(id_, event, AT, "", "RCPT TO", 550, f"550 {READER} unknown", f"not {READER}")
    ledger.commit([before], (), AT)
    state = states(database, campaign)[0]

    forgotten(database)

    assert shown(database, id_, *EMPTIED) == (None,) * 7
    assert shown(database, id_, "state", "at", "code", "reply", "why") == (state, AT, 550, "", "")
    tried = database.all("SELECT code, reply, why FROM attempts")
    assert [(row["code"], row["reply"], row["why"]) for row in tried] == [(550, "", "")]
    assert tally(database, campaign).planned == 2


@pytest.mark.parametrize("event", [Event.RELEASE, Event.DEFER])
def test_who_still_waits_is_withheld(database: Database, event: Event) -> None:
    campaign = begun(database, 2)
    (id_,) = submitting(ledger_of(database, campaign))
    came_to(ledger_of(database, campaign), event, id_, next_at=LATER, why="later")

    forgotten(database)

    assert shown(database, id_, "state", "why", "next_at") == ("withheld", "forgotten", "")
    assert tally(database, campaign).of(State.WITHHELD) == 1


def test_who_is_claimed_gets_nothing_and_the_sender_goes_on(database: Database) -> None:
    campaign = begun(database, 2)
    ledger = ledger_of(database, campaign)
    ids = [each.id for each in ledger.claim(State.WAITING, 2, AT)]

    forgotten(database)

    committed = ledger.commit([], ids, AT)
    assert (committed.granted, committed.withheld) == (frozenset(ids[1:]), (ids[0],))
    assert states(database, campaign) == ["withheld", "submitting"]


def test_who_was_given_back_after_the_erasure_is_withheld_by_the_next_claim(
    database: Database,
) -> None:
    campaign = begun(database, 2)
    ledger = ledger_of(database, campaign)
    ids = [each.id for each in ledger.claim(State.WAITING, 2, AT)]
    forgotten(database)
    ledger.commit([Outcome(id_, Event.RELEASE, AT) for id_ in ids], (), AT)
    assert states(database, campaign) == ["waiting", "waiting"]

    claimed = ledger.claim(State.WAITING, 2, LATER)

    assert [each.id for each in claimed] == ids[1:]
    assert shown(database, ids[0], "state", "why") == ("withheld", "forgotten")


def test_a_reply_that_comes_after_the_erasure_is_not_kept(database: Database) -> None:
    campaign = begun(database, 1)
    ledger = ledger_of(database, campaign)
    (id_,) = submitting(ledger)

    forgotten(database)
    said = f"550 {READER} unknown"
    ledger.commit([Outcome(id_, Event.REFUSE, AT, "", "RCPT TO", 550, said, READER)], (), AT)

    assert shown(database, id_, "state", "reply", "why") == ("refused", "", "")
    assert [row["reply"] for row in database.all("SELECT reply FROM attempts")] == [""]
    assert codes(database) == []


def test_whom_a_plan_wrote_down_after_her_erasure_is_emptied_too(database: Database) -> None:
    readers = people(2)
    added(database, *readers)
    forgotten(database)

    campaign = planned(database, readers)

    assert shown(database, campaign.first_id, *EMPTIED) == (None,) * 7
    assert states(database, campaign) == ["withheld", "waiting"]
    assert (codes(database), tally(database, campaign).planned) == ([], 2)


def test_an_address_goes_out_of_what_was_said_of_others(database: Database) -> None:
    campaign = begun(database, 2)
    ledger = ledger_of(database, campaign)
    ids = submitting(ledger, 2)
    said = f"550 5.1.1 <{READER}> (of reader2@kommun.example) unknown"
    ledger.commit([Outcome(ids[1], Event.REFUSE, AT, "", "RCPT TO", 550, said, "no")], (), AT)

    forgotten(database)

    kept = "550 5.1.1 <(forgotten)> (of reader2@kommun.example) unknown"
    assert shown(database, ids[1], "email", "reply") == ("reader2@kommun.example", kept)
    assert [row["reply"] for row in database.all("SELECT reply FROM attempts")] == [kept]


def test_that_a_proof_went_out_stays_and_to_whom_does_not(database: Database) -> None:
    added(database, *people(1))
    with database.transaction():
        for email in ("Reader1@kommun.example", "ordf@kommun.example"):
            record_proof(database, "mars", Proof("d" * 64, AT, "kansliet", email, f"250 {email}"))
    assert [edition for edition, _ in proofs_to(database, READER)] == ["mars"]

    forgotten(database)

    assert sorted((each.email, each.reply) for each in proofs_of(database, "mars")) == [
        ("", ""),
        ("ordf@kommun.example", "250 ordf@kommun.example"),
    ]
    assert proofs_to(database, READER) == ()


# -------------------------------------------------------------------------------- db check


def test_a_campaign_that_is_under_way_and_one_that_crashed_are_in_order(database: Database) -> None:
    campaign = begun(database, 4)
    ledger, sender = sender_of(database, campaign)
    ids = submitting(ledger, 3)
    came_to(ledger, Event.ACCEPT, ids[0])
    came_to(ledger, Event.LOSE, ids[1], why="gone")

    assert codes(database) == []
    sender.lock.release()
    taken_over(database, campaign)
    assert codes(database) == []


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("DELETE FROM deliveries WHERE id = 1", "campaign-sum"),
        ("UPDATE campaigns SET planned = 5", "campaign-sum"),
        ("UPDATE deliveries SET id = 99 WHERE id = 1", "campaign-sum campaign-strays"),
        ("UPDATE deliveries SET state = 'claimed' WHERE id = 1", "campaign-hands"),
        ("UPDATE campaigns SET wish = 'cancelled'", "campaign-cancelled"),
        ("UPDATE campaigns SET digest = 'x'", "campaign-frozen"),
        ("UPDATE campaigns SET frozen = '{}'", "campaign-frozen"),
    ],
)
def test_a_campaign_that_another_hand_has_changed_is_found(
    database: Database, sql: str, code: str
) -> None:
    begun(database, 4)
    assert codes(database) == []

    with database.transaction():
        database.run(sql)

    assert codes(database) == code.split()
