"""What a relay was given is known after a restart, for as long as a quota looks at it."""

from smakom_mail.model.delivery import State
from smakom_mail.store import Database
from smakom_mail.store.spending import Spending, forget_spending, spent_since
from tests.store.campaigned import AT, begun, ledger_of, submitting


def spend(database: Database, *spendings: Spending) -> None:
    """Record what one granted intent uses."""
    ledger = ledger_of(database, begun(database, 1))
    (reader,) = ledger.claim(State.WAITING, 1, AT)
    ledger.commit([], [reader.id], AT, lambda _granted: spendings)


def test_what_one_relay_was_given_is_added_up_for_each_span_and_domain(database: Database) -> None:
    spend(
        database,
        Spending("smtp.example", "", 60, 10, 2),
        Spending("smtp.example", "", 60, 10, 3),
        Spending("smtp.example", "kommun.example", 60, 10, 1),
        Spending("other.example", "", 60, 10, 9),
    )
    assert sorted(spent_since(database, "smtp.example", 0), key=lambda each: each.domain) == [
        Spending("smtp.example", "", 60, 10, 5),
        Spending("smtp.example", "kommun.example", 60, 10, 1),
    ]


def test_a_span_counts_until_its_end(database: Database) -> None:
    spend(database, Spending("smtp.example", "", 60, 10, 2))
    assert len(list(spent_since(database, "smtp.example", 659))) == 1
    assert list(spent_since(database, "smtp.example", 660)) == []


def test_what_no_quota_looks_at_is_forgotten(database: Database) -> None:
    old, new = Spending("r", "", 60, 10, 2), Spending("r", "", 60, 11, 3)
    spend(database, old, new)
    forget_spending(database, 660)
    assert list(spent_since(database, "r", 0)) == [new]


def test_nothing_is_spent_where_no_intent_is_granted(database: Database) -> None:
    ledger = ledger_of(database, begun(database, 1))
    asked: list[object] = []

    def spend_nothing(granted: object) -> list[Spending]:
        asked.append(granted)
        return [Spending("r", "", 60, 1, 1)]

    ledger.commit([], (), AT, spend_nothing)
    submitting(ledger)
    assert asked == []
    assert list(spent_since(database, "r", 0)) == []
