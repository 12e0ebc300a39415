"""Leaving, lifting, inviting and confirming."""

import pytest

from smakom_mail.model.person import Act, Basis, Reason
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.finding import find
from smakom_mail.services.subscribing.inviting import Confirmed, confirm, invite
from smakom_mail.services.subscribing.leaving import forget_subscriber, lift_no, unsubscribe
from smakom_mail.services.subscribing.typed import SubscriberError
from smakom_mail.store.invariants import problems
from tests.services.subscribing.keeping import (
    ACT,
    NOES,
    WORDING,
    added,
    history,
    imported,
    later,
    planned,
    standing,
)

ANNA = "anna@example.se"


def confirmed(store: Store, token: str, act: Act) -> Confirmed | None:
    """Confirm what a link is about."""
    return confirm(store, token, act, WORDING)


def token_of(store: Store, *lists: str, act: Act) -> str:
    """Invite anna; give the token of the link."""
    url = invite(store, ANNA, lists, act).url
    assert url.startswith("https://brev.forening.example/confirm/")
    return url.rpartition("/")[2]


def test_whoever_leaves_leaves_every_list(store: Store) -> None:
    added(store, ANNA, "medlemmar", "press")

    left = unsubscribe(store, ANNA, (), later(hours=1))

    assert (left.lists, left.known, left.new) == (("",), True, True)
    assert standing(store, ANNA) == {
        "medlemmar": "left",
        "press": "left",
        "no *": "unsubscribed",
    }
    assert history(store, ANNA)[-3:] == [
        ("no *", "", "unsubscribed"),
        ("list medlemmar", "confirmed", "left"),
        ("list press", "confirmed", "left"),
    ]
    assert planned(store) == []


def test_whoever_leaves_one_list_keeps_the_other(store: Store) -> None:
    added(store, ANNA, "medlemmar", "press")

    unsubscribe(store, ANNA, ("Pressen",), later(hours=1))

    assert standing(store, ANNA) == {
        "medlemmar": "confirmed",
        "press": "left",
        "no press": "unsubscribed",
    }
    assert planned(store) == [ANNA]


def test_leaving_twice_changes_nothing(store: Store) -> None:
    added(store, ANNA)
    unsubscribe(store, ANNA, (), later(hours=1))
    before = history(store, ANNA)

    assert not unsubscribe(store, ANNA, (), later(hours=2)).new
    assert history(store, ANNA) == before


def test_an_address_that_nobody_has_is_kept_out_too(store: Store) -> None:
    left = unsubscribe(store, ANNA, (), ACT)

    assert (left.known, left.new) == (False, True)
    assert imported(store, f"email\n{ANNA}\n").suppressed == 1


@pytest.mark.parametrize("reason", [reason for reason in NOES if reason != "unsubscribed"])
def test_a_complaint_or_bounce_is_lifted_for_a_reason(store: Store, reason: Reason) -> None:
    added(store, ANNA)
    unsubscribe(store, ANNA, (), later(hours=1), reason)
    assert planned(store) == []

    done = lift_no(store, ANNA, " talade med\nAnna ", later(hours=2))

    assert [no.reason for no in done.lifted] == [reason]
    assert done.standing == ()
    assert history(store, ANNA)[-1] == (f"lifted {reason}", "*", "talade med Anna")
    assert planned(store) == [ANNA]


def test_an_unsubscription_is_not_lifted_by_an_editor(store: Store) -> None:
    added(store, ANNA)
    unsubscribe(store, ANNA, (), later(hours=1))

    with pytest.raises(SubscriberError) as error:
        lift_no(store, ANNA, "hon sa det", later(hours=2))

    assert (error.value.message, error.value.hint) == (
        "there is no complaint or bounce to lift",
        f"an unsubscription is lifted only by the person: smakom-mail subscribers invite {ANNA}",
    )


def test_a_lifted_complaint_leaves_the_unsubscription(store: Store) -> None:
    added(store, ANNA)
    unsubscribe(store, ANNA, (), later(hours=1))
    unsubscribe(store, ANNA, (), later(hours=1), Reason.COMPLAINED)

    done = lift_no(store, ANNA, "missförstånd", later(hours=2))

    assert [no.reason for no in done.standing] == ["unsubscribed"]
    assert planned(store) == []


def test_nothing_is_lifted_without_a_reason(store: Store) -> None:
    unsubscribe(store, ANNA, (), ACT, Reason.COMPLAINED)

    with pytest.raises(SubscriberError, match=r"^there is no reason$"):
        lift_no(store, ANNA, " \n", later(hours=1))


def test_an_invitation_mails_nobody_and_lifts_nothing(store: Store) -> None:
    added(store, ANNA)
    unsubscribe(store, ANNA, (), later(hours=1))

    token_of(store, act=later(hours=2))

    assert standing(store, ANNA) == {"medlemmar": "pending", "no *": "unsubscribed"}
    assert planned(store) == []
    assert imported(store, f"email\n{ANNA}\n", act=later(hours=3)).suppressed == 1


def test_a_confirmed_yes_lifts_the_no_to_that_list_alone(store: Store) -> None:
    added(store, ANNA, "medlemmar", "press")
    unsubscribe(store, ANNA, (), later(hours=1))
    token = token_of(store, "press", act=later(hours=2))

    assert confirmed(store, token, later(hours=3)) == Confirmed(ANNA, ("press",), new=True)

    assert standing(store, ANNA) == {
        "medlemmar": "left",
        "press": "confirmed",
        "no medlemmar": "unsubscribed",
        "no +": "unsubscribed",
    }
    assert planned(store) == [ANNA]
    person = find(store, ANNA).person
    assert person is not None
    latest = person.consents[-1]
    assert (latest.list_slug, latest.basis, latest.at, latest.wording) == (
        "press",
        Basis.CONSENT,
        later(hours=3).at,
        WORDING,
    )


def test_confirming_twice_is_once(store: Store) -> None:
    token = token_of(store, act=ACT)
    confirmed(store, token, later(hours=1))
    before = history(store, ANNA)

    assert confirmed(store, token, later(hours=2)) == Confirmed(ANNA, ("medlemmar",), new=False)
    assert history(store, ANNA) == before


def test_a_link_from_before_the_last_no_does_nothing(store: Store) -> None:
    token = token_of(store, act=ACT)
    confirmed(store, token, later(hours=1))
    unsubscribe(store, ANNA, (), later(hours=2))

    assert confirmed(store, token, later(hours=3)) is None
    assert planned(store) == []


def test_a_link_that_was_never_used_does_nothing_after_a_no(store: Store) -> None:
    token = token_of(store, act=ACT)
    unsubscribe(store, ANNA, (), later(hours=2))

    assert confirmed(store, token, later(hours=3)) is None
    assert planned(store) == []


def test_who_was_forgotten_comes_back_only_by_a_yes(store: Store) -> None:
    added(store, ANNA, "medlemmar", "press", name="Anna Berg")
    forget_subscriber(store, ANNA, later(hours=1))
    token = token_of(store, act=later(hours=2))
    assert planned(store) == []

    confirmed(store, token, later(hours=3))

    assert standing(store, ANNA) == {
        "medlemmar": "confirmed",
        "no press": "unsubscribed",
        "no +": "unsubscribed",
    }
    assert planned(store) == [ANNA]
    assert [problem.code for problem in problems(store.database, store.journal)] == []


@pytest.mark.parametrize("reason", NOES)
def test_a_no_after_an_erasure_writes_nothing_about_the_person(
    store: Store, reason: Reason
) -> None:
    added(store, ANNA)
    forget_subscriber(store, ANNA, later(hours=1))
    before = history(store, ANNA)

    unsubscribe(store, ANNA, (), later(hours=2), reason)
    if reason is not Reason.UNSUBSCRIBED:
        lift_no(store, ANNA, "över", later(hours=3))

    assert history(store, ANNA) == before
    assert [problem.code for problem in problems(store.database, store.journal)] == []


def test_an_invitation_after_an_erasure_is_no_problem_of_the_database(store: Store) -> None:
    added(store, ANNA)
    forget_subscriber(store, ANNA, later(hours=1))

    token_of(store, act=later(hours=2))
    assert [problem.code for problem in problems(store.database, store.journal)] == []
    unsubscribe(store, ANNA, (), later(hours=3))

    assert [problem.code for problem in problems(store.database, store.journal)] == []


@pytest.mark.parametrize("reason", [Reason.COMPLAINED, Reason.MANUAL])
def test_a_yes_does_not_lift_what_only_an_editor_lifts(store: Store, reason: Reason) -> None:
    token = token_of(store, act=ACT)
    unsubscribe(store, ANNA, (), later(hours=1), reason)

    assert confirmed(store, token, later(hours=2)) is None
    with pytest.raises(SubscriberError, match="is kept from getting anything"):
        invite(store, ANNA, (), later(days=3))
    assert planned(store) == []


def test_nobody_is_invited_twice_a_day(store: Store) -> None:
    invite(store, ANNA, (), ACT)

    with pytest.raises(SubscriberError) as error:
        invite(store, ANNA, (), later(hours=23, minutes=59))
    assert (error.value.message, error.value.hint) == (
        f"{ANNA} was invited less than 24 hours ago",
        "nobody is asked more often; from 2026-11-22T12:00+00:00 on",
    )
    assert invite(store, ANNA, (), later(hours=24)).lists == ("medlemmar",)


def test_whoever_gets_it_already_is_not_invited(store: Store) -> None:
    added(store, ANNA)

    with pytest.raises(SubscriberError, match="gets medlemmar already"):
        invite(store, ANNA, ("medlemmar",), ACT)


@pytest.mark.parametrize("token", ["", "x", "A" * 36, "é" * 36])
def test_a_token_that_we_did_not_make_confirms_nothing(store: Store, token: str) -> None:
    token_of(store, act=ACT)

    assert confirmed(store, token, later(hours=1)) is None
