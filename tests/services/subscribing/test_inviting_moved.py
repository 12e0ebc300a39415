"""A link for saying yes is the yes of the address that it was sent to, and of no other."""

import pytest

from smakom_mail.model.person import Basis
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.adding import Details, Edited, edit_subscriber
from smakom_mail.services.subscribing.inviting import Confirmed, confirm, invite
from smakom_mail.services.subscribing.leaving import unsubscribe
from smakom_mail.services.subscribing.typed import Ground, SubscriberError
from tests.services.subscribing.keeping import ACT, NOW, WORDING, later, standing

OLD, NEW = "anna@gammal.example", "anna@ny.example"


def invited(store: Store, email: str, **when: float) -> str:
    """Invite somebody; give the token."""
    return invite(store, email, (), later(**when)).url.rpartition("/")[2]


def said_yes(store: Store, token: str) -> Confirmed | None:
    return confirm(store, token, later(days=9), WORDING)


def moved(store: Store, old: str, new: str) -> Edited:
    return edit_subscriber(store, old, Details(email=new, ground=Ground()), later(hours=1), NOW)


def test_the_link_of_the_old_address_lifts_no_no_of_the_new_one(store: Store) -> None:
    token = invited(store, OLD)
    unsubscribe(store, NEW, (), ACT)

    done = moved(store, OLD, NEW)

    assert done.notes[-1] == (
        "the sign-up to medlemmar still waits, but no link sent to anna@gammal.example confirms "
        "it any more: smakom-mail subscribers invite anna@ny.example"
    )
    assert said_yes(store, token) is None
    assert standing(store, NEW) == {"medlemmar": "pending", "no *": "unsubscribed"}


def test_the_link_of_the_old_address_is_none_of_a_new_invitation(store: Store) -> None:
    old = invited(store, OLD)
    moved(store, OLD, NEW)

    new = invited(store, NEW, hours=2)

    assert said_yes(store, old) is None
    assert standing(store, NEW) == {"medlemmar": "pending"}
    assert said_yes(store, new) == Confirmed(NEW, ("medlemmar",), new=True)
    assert said_yes(store, old) is None


def test_an_address_written_in_other_letters_is_the_same_one(store: Store) -> None:
    token = invited(store, OLD)
    moved(store, OLD, "Anna@gammal.example")

    assert said_yes(store, token) == Confirmed("Anna@gammal.example", ("medlemmar",), new=True)


def test_a_bare_consent_is_not_the_yes_that_is_waited_for(store: Store) -> None:
    invited(store, OLD)

    def joined(ground: Ground) -> dict[str, str]:
        details = Details(lists=("medlemmar",), ground=ground)
        edit_subscriber(store, OLD, details, later(hours=1), NOW)
        return standing(store, OLD)

    for ground in (
        Ground(Basis.CONSENT),
        Ground(Basis.CONSENT, WORDING, "möte"),
        Ground(Basis.CONSENT, WORDING, "", "2026-11-20"),
    ):
        with pytest.raises(SubscriberError) as error:
            joined(ground)
        assert error.value.message == "the sign-up to medlemmar waits for the person's own yes"
        assert error.value.hint == (
            "a consent that is documented elsewhere has when and how: --consent-at DATE "
            "--source TEXT"
        )
    assert standing(store, OLD) == {"medlemmar": "pending"}
    assert joined(Ground(None, "", "möte", "2026-11-20")) == {"medlemmar": "confirmed"}


def test_another_ground_confirms_who_waits(store: Store) -> None:
    invited(store, OLD)
    details = Details(lists=("medlemmar",), ground=Ground(Basis.MEMBERSHIP))

    edit_subscriber(store, OLD, details, later(hours=1), NOW)

    assert standing(store, OLD) == {"medlemmar": "confirmed"}


def test_moving_there_and_back_makes_no_old_link_work_again(store: Store) -> None:
    token = invited(store, OLD)
    moved(store, OLD, NEW)
    moved(store, NEW, OLD)

    assert said_yes(store, token) is None
