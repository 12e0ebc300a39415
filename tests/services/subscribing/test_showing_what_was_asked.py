"""What was asked on the public pages is shown with all else, also of who is no subscriber."""

import pytest

from smakom_mail.cli import output_person
from smakom_mail.content.people.address import Address, canonical
from smakom_mail.services.public.asking import SignUp, Visitor, ask_address, sign_up
from smakom_mail.services.public.leaving import leave_by_link
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.leaving import forget_subscriber
from smakom_mail.services.subscribing.showing import show_subscriber, shown_data
from tests.services.subscribing.keeping import ACT, added, later

KIM = "kim@exempel.example"
NEW = "ny@exempel.example"
VISITOR = Visitor("192.0.2.1", "sv")


def address(email: str) -> Address:
    """Give an address in its one spelling."""
    found = canonical(email)
    assert isinstance(found, Address)
    return found


def signed_up(store: Store, email: str) -> None:
    """Let somebody fill in the form."""
    with store.database.transaction():
        sign_up(store, address(email), SignUp("Kim"), VISITOR, later(hours=1).at)


def test_of_who_only_filled_in_the_form_that_and_the_letter_are_shown(store: Store) -> None:
    signed_up(store, KIM)

    data = shown_data(show_subscriber(store, KIM))

    assert (data["state"], data["noes"], data["proofs"]) == ("no subscriber", [], [])
    assert data["requests"] == [
        {
            "kind": "sign-up",
            "state": "waiting",
            "email": KIM,
            "name": "Kim",
            "language": "sv",
            "lists": ["medlemmar"],
            "at": later(hours=1).at,
            "done_at": None,
        }
    ]
    letters = data["letters"]
    assert isinstance(letters, list)
    assert [(each["kind"], each["state"]) for each in letters] == [("sign-up", "waiting")]


def test_the_sentence_of_it_says_what_waits(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_up(store, KIM)

    output_person.shown_person(show_subscriber(store, KIM), "text")

    at = later(hours=1).at
    assert capsys.readouterr().out.splitlines() == [
        "this is no subscriber; what is kept is what was asked for it",
        f"asked        sign-up {at} for {KIM}, Kim, medlemmar, sv: waits for a yes",
        f"letter       sign-up in sv asked for {at}, to {KIM}: waiting {at}",
    ]


def test_a_new_address_that_she_asked_for_is_shown_at_the_old_one(store: Store) -> None:
    kim = added(store, KIM, "medlemmar")
    with store.database.transaction():
        ask_address(store, kim, address(NEW), VISITOR, later(hours=1).at)

    shown = show_subscriber(store, KIM)

    assert [(each.kind, each.email) for each in shown.requests] == [("address", NEW)]
    assert [(each.kind, each.email) for each in shown.letters] == [("address", NEW)]


def test_who_has_the_new_address_is_not_told_whose_wish_it_was(store: Store) -> None:
    kim = added(store, KIM, "medlemmar")
    with store.database.transaction():
        ask_address(store, kim, address(NEW), VISITOR, later(hours=1).at)

    data = shown_data(show_subscriber(store, NEW))

    assert data["state"] == "no subscriber"
    assert KIM not in str(data)


def test_what_was_asked_after_an_erasure_is_shown_beside_it(store: Store) -> None:
    added(store, KIM, "medlemmar")
    forget_subscriber(store, KIM, ACT)
    signed_up(store, KIM)

    data = shown_data(show_subscriber(store, KIM))

    assert sorted(data) == ["at", "letters", "requests", "state"]
    assert data["state"] == "forgotten"


def test_a_leaving_is_shown_with_how_and_how_she_stood(store: Store) -> None:
    kim = added(store, KIM, "medlemmar")
    with store.database.transaction():
        leave_by_link(store, kim, ("medlemmar",), "one-click", later(hours=1))

    assert shown_data(show_subscriber(store, KIM))["leavings"] == [
        {
            "list": "medlemmar",
            "how": "one-click",
            "at": later(hours=1).at,
            "why": "",
            "undone_at": None,
            "stood": "confirmed",
            "no_recorded": True,
        }
    ]
