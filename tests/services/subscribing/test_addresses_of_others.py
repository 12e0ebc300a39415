"""An address that nobody has, but that stands in what is held of others: found, shown, erased."""

import pytest

from smakom_mail.model.person import Basis, Reason
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.adding import Details, add_subscriber, edit_subscriber
from smakom_mail.services.subscribing.finding import find, former_notes
from smakom_mail.services.subscribing.inviting import invite
from smakom_mail.services.subscribing.leaving import (
    Left,
    forget_subscriber,
    lift_no,
    unsubscribe,
)
from smakom_mail.services.subscribing.showing import show_subscriber
from smakom_mail.services.subscribing.typed import Ground, SubscriberError
from tests.services.subscribing.keeping import (
    ACT,
    NOW,
    added,
    counts,
    history,
    imported,
    later,
    planned,
    standing,
)

SHARED, ANNA, BO = "kansliet@example.se", "anna@example.se", "bo@example.se"


@pytest.fixture
def shared(store: Store) -> Store:
    """Let Anna have had an address before, and then Bo."""
    for number, email in enumerate((ANNA, BO)):
        added(store, SHARED)
        edit_subscriber(store, SHARED, Details(email=email), later(hours=number), NOW)
    return store


def test_who_leaves_by_an_address_of_two_is_told_whose_it_was(shared: Store) -> None:
    left = unsubscribe(shared, SHARED, (), ACT)

    assert left == Left(
        SHARED, ("",), Reason.UNSUBSCRIBED, known=False, new=True, formers=(BO, ANNA)
    )
    assert planned(shared) == [ANNA, BO]
    assert show_subscriber(shared, SHARED).formers == (BO, ANNA)


def test_an_address_of_two_is_erased_from_the_history_of_both(shared: Store) -> None:
    done = forget_subscriber(shared, SHARED, later(days=1))

    assert (done.now, done.subscriber, done.texts) == (True, False, {"history": 1})
    assert [what for what in history(shared, ANNA) if what[0] == "email"] == [
        ("email", "(forgotten)", ANNA)
    ]
    assert standing(shared, SHARED) == {"no *": "forgotten"}
    assert counts(imported(shared, f"email\n{SHARED}\n")) == {"suppressed": 1}
    unsubscribe(shared, ANNA, (), later(days=2))
    forget_subscriber(shared, BO, later(days=2))
    assert planned(shared) == []


def test_an_address_in_the_grounds_of_others_is_shown_and_erased(store: Store) -> None:
    ground = Ground(Basis.CONSENT, "Ja", f"brev från {SHARED}", "2021-01-04")
    add_subscriber(store, ANNA, Details(name=f"c/o {SHARED}", ground=ground), ACT, NOW)

    assert show_subscriber(store, SHARED).texts == (
        ("legal grounds", 1),
        ("names and organisations", 1),
    )
    done = forget_subscriber(store, SHARED, later(days=1))

    assert done.texts == {"legal grounds": 1, "names and organisations": 1}
    person = show_subscriber(store, ANNA).person
    assert person is not None
    assert (person.name, person.consents[0].source) == ("c/o (forgotten)", "brev från (forgotten)")
    assert show_subscriber(store, SHARED).texts == ()


def test_of_an_address_that_stands_nowhere_nothing_is_held(store: Store) -> None:
    added(store, ANNA)

    for ask in (
        lambda: show_subscriber(store, SHARED),
        lambda: forget_subscriber(store, SHARED, ACT),
    ):
        with pytest.raises(SubscriberError, match=r"^nothing is held of this address$"):
            ask()
    assert standing(store, SHARED) == {}


def test_who_adds_or_invites_a_former_address_is_told_whose_it_is(shared: Store) -> None:
    assert former_notes(shared, find(shared, SHARED)) == (
        "kansliet@example.se is a former address of bo@example.se, who is left as they are",
        "kansliet@example.se is a former address of anna@example.se, who is left as they are",
    )
    assert former_notes(shared, find(shared, ANNA)) == ()
    assert len(invite(shared, SHARED, (), ACT).notes) == 2
    assert former_notes(shared, find(shared, SHARED)) == ()


def test_a_complaint_is_lifted_by_the_address_that_somebody_had(store: Store) -> None:
    added(store, SHARED)
    edit_subscriber(store, SHARED, Details(email=ANNA), ACT, NOW)
    unsubscribe(store, ANNA, (), later(hours=1), Reason.COMPLAINED)

    lifted = lift_no(store, SHARED, "talat med Anna", later(hours=2))

    assert (lifted.email, lifted.standing) == (ANNA, ())
    assert planned(store) == [ANNA]
