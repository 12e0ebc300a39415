"""Adding and changing one person."""

from dataclasses import replace

import pytest

from smakom_mail.model.person import Basis, Reason
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.adding import Details, add_subscriber, edit_subscriber
from smakom_mail.services.subscribing.finding import find
from smakom_mail.services.subscribing.inviting import invite
from smakom_mail.services.subscribing.leaving import forget_subscriber, lift_no, unsubscribe
from smakom_mail.services.subscribing.typed import Ground, SubscriberError
from tests.services.subscribing.keeping import (
    ACT,
    CONSENT,
    NOES,
    NOW,
    WORDING,
    added,
    imported,
    later,
    planned,
    standing,
)


def edited(store: Store, email: str, details: Details) -> list[tuple[str, str, str]]:
    """Change a person an hour later; give what really changed."""
    done = edit_subscriber(store, email, details, later(hours=1), NOW)
    return [(change.what, change.old, change.new) for change in done.changes]


def test_somebody_is_added_to_the_default_list_with_what_was_typed(store: Store) -> None:
    details = Details(None, " Anna\u00a0Berg ", "Åmål", "svenska", tags=("A", "b"), ground=CONSENT)

    person = add_subscriber(store, " Anna@Example.SE ", details, ACT, NOW)

    assert (person.email, person.key) == ("Anna@example.se", "anna@example.se")
    assert (person.name, person.organisation, person.language) == ("Anna Berg", "Åmål", "sv")
    assert person.tags == ("a", "b")
    assert [(c.list_slug, c.basis, c.at, c.source, c.wording) for c in person.consents] == [
        ("medlemmar", Basis.CONSENT, ACT.at, "typed by hand", WORDING)
    ]
    assert planned(store) == ["Anna@example.se"]


@pytest.mark.parametrize(
    ("email", "details", "message"),
    [
        ("anna", Details(ground=CONSENT), "this is no address that can be written to: the e-mail"),
        ("a@a.se, b@b.se", Details(ground=CONSENT), "these are several e-mail addresses where one"),
        ("anna@example.se", Details(), "without a legal ground nobody is written to"),
        ("anna@example.se", Details(lists=("x",), ground=CONSENT), "there is no list x; there"),
        ("anna@example.se", Details(language="tyska", ground=CONSENT), 'the language "tyska" is'),
        ("anna@example.se", Details(name="x" * 201, ground=CONSENT), "name has 201 characters"),
        ("bo@example.se", Details(ground=CONSENT), "there is a subscriber with this address"),
        ("BO@example.se", Details(ground=CONSENT), "there is a subscriber with this address"),
    ],
)
def test_what_cannot_be_added_is_said(
    store: Store, email: str, details: Details, message: str
) -> None:
    added(store, "bo@example.se")

    with pytest.raises(SubscriberError) as error:
        add_subscriber(store, email, details, ACT, NOW)

    assert error.value.message.startswith(message)
    assert planned(store) == ["bo@example.se"]


@pytest.mark.parametrize("reason", NOES)
def test_nobody_who_said_no_is_added(store: Store, reason: Reason) -> None:
    unsubscribe(store, "anna@example.se", (), ACT, reason)

    with pytest.raises(SubscriberError) as error:
        added(store, "anna@example.se")

    assert error.value.message == (
        f"this address is kept from getting anything everywhere: {reason} 2026-11-21"
    )


def test_nobody_who_was_forgotten_is_added(store: Store) -> None:
    added(store, "anna@example.se")
    forget_subscriber(store, "anna@example.se", later(hours=1))

    with pytest.raises(SubscriberError) as error:
        added(store, "anna@example.se")

    assert error.value.hint == (
        "only the person can lift that: smakom-mail subscribers invite anna@example.se"
    )


def test_an_edit_tells_what_really_changed(store: Store) -> None:
    added(store, "anna@example.se", name="Anna", organisation="Åmål")

    assert edited(
        store, "anna@example.se", Details(name="Anna", organisation="", language="en", tags=("x",))
    ) == [("organisation", "Åmål", ""), ("language", "", "en"), ("tag", "", "x")]
    assert edited(store, "anna@example.se", Details(untag=("x", "y"))) == [("tag", "x", "")]
    assert edited(store, "anna@example.se", Details(name="Anna")) == []


def test_a_new_name_is_sorted_where_it_belongs(store: Store) -> None:
    added(store, "a@example.se", name="Ärla")
    added(store, "b@example.se", name="Åsa")
    added(store, "c@example.se", name="Örjan")

    edited(store, "c@example.se", Details(name="Zoë"))

    assert planned(store) == ["c@example.se", "b@example.se", "a@example.se"]


def test_joining_a_list_needs_a_ground(store: Store) -> None:
    added(store, "anna@example.se", "medlemmar")

    with pytest.raises(SubscriberError, match="without a legal ground nobody is written to"):
        edited(store, "anna@example.se", Details(lists=("press",)))
    assert edited(store, "anna@example.se", Details(lists=("press",), ground=CONSENT)) == [
        ("list press", "", "confirmed"),
        ("basis press", "", "consent"),
    ]
    assert edited(store, "anna@example.se", Details(lists=("press",), ground=CONSENT)) == []


def test_an_older_ground_does_not_confirm_who_waits_to_confirm(store: Store) -> None:
    added(store, "anna@example.se", "press")
    unsubscribe(store, "anna@example.se", ("press",), ACT, Reason.BOUNCED)
    invite(store, "anna@example.se", ("press",), ACT)
    lift_no(store, "anna@example.se", "talat med Anna", ACT)

    with pytest.raises(SubscriberError, match="without a legal ground nobody is written to"):
        edited(store, "anna@example.se", Details(lists=("press",)))
    edited(store, "anna@example.se", Details(lists=("press",), ground=Ground(Basis.MEMBERSHIP)))

    assert planned(store) == ["anna@example.se"]


def test_a_new_ground_stands_beside_the_old_one(store: Store) -> None:
    added(store, "anna@example.se")
    newer = replace(CONSENT, wording="Nya ord.")

    edited(store, "anna@example.se", Details(lists=("medlemmar",), ground=newer))

    person = find(store, "anna@example.se").person
    assert person is not None
    assert sorted(consent.wording for consent in person.consents) == [WORDING, "Nya ord."]


def test_a_ground_without_a_list_is_about_nothing(store: Store) -> None:
    added(store, "anna@example.se")

    with pytest.raises(SubscriberError, match=r"^a legal ground is about lists$"):
        edited(store, "anna@example.se", Details(ground=Ground(Basis.MEMBERSHIP)))


@pytest.mark.parametrize("lists", [(), ("medlemmar",)])
def test_an_edit_lifts_no_no(store: Store, lists: tuple[str, ...]) -> None:
    added(store, "anna@example.se")
    unsubscribe(store, "anna@example.se", lists, ACT)
    before = standing(store, "anna@example.se")

    with pytest.raises(SubscriberError, match="is kept from getting anything"):
        edited(store, "anna@example.se", Details(lists=("medlemmar",), ground=CONSENT))
    edited(store, "anna@example.se", Details(name="Anna", tags=("x",)))

    assert standing(store, "anna@example.se") == before
    assert planned(store) == []


def test_an_edit_is_made_whole_or_not_at_all(store: Store) -> None:
    added(store, "anna@example.se", name="Anna")
    unsubscribe(store, "anna@example.se", ("press",), ACT)

    with pytest.raises(SubscriberError):
        edited(store, "anna@example.se", Details(name="Bo", lists=("press",), ground=CONSENT))

    person = find(store, "anna@example.se").person
    assert person is not None
    assert person.name == "Anna"


def test_a_no_goes_with_a_person_to_a_new_address(store: Store) -> None:
    added(store, "anna@example.se")
    unsubscribe(store, "anna@example.se", ("medlemmar",), ACT)

    edited(store, "anna@example.se", Details(email="kommun@example.se"))

    assert standing(store, "kommun@example.se") == {
        "medlemmar": "left",
        "no medlemmar": "unsubscribed",
    }
    assert imported(store, "email\nanna@example.se\n").suppressed == 1
    person = find(store, "kommun@example.se").person
    assert person is not None
    assert (person.email, person.flags) == ("kommun@example.se", ("role",))


@pytest.mark.parametrize(
    ("lists", "where"), [((), "everywhere"), (("press",), "on the list press")]
)
@pytest.mark.parametrize("reason", NOES)
def test_a_list_that_a_new_address_said_no_to_is_not_joined_with_the_move(
    store: Store, reason: Reason, lists: tuple[str, ...], where: str
) -> None:
    added(store, "anna@example.se")
    unsubscribe(store, "berg@example.se", lists, ACT, reason)

    with pytest.raises(SubscriberError) as error:
        edited(
            store, "anna@example.se",
            Details(email="berg@example.se", lists=("press",), ground=CONSENT),
        )  # fmt: skip

    assert error.value.message == (
        f"the new address is kept from getting anything {where}: {reason} 2026-11-21"
    )
    assert planned(store) == ["anna@example.se"]


def test_a_no_of_the_old_address_is_told_of_it_and_not_of_the_new_one(store: Store) -> None:
    added(store, "anna@example.se")
    unsubscribe(store, "anna@example.se", ("press",), ACT)

    with pytest.raises(SubscriberError, match=r"^this address is kept from getting anything on"):
        edited(
            store, "anna@example.se",
            Details(email="berg@example.se", lists=("press",), ground=CONSENT),
        )  # fmt: skip


def test_a_no_that_a_new_address_brings_along_is_told(store: Store) -> None:
    added(store, "anna@example.se", "medlemmar", "press")
    unsubscribe(store, "berg@example.se", ("press",), ACT)
    unsubscribe(store, "berg@example.se", (), ACT, Reason.COMPLAINED)

    done = edit_subscriber(
        store, "anna@example.se", Details(email="berg@example.se"), later(hours=1), NOW
    )

    told = "the new address berg@example.se is kept from"
    lift = "if that is over: smakom-mail subscribers lift berg@example.se --reason TEXT"
    own = "only the person can lift that: smakom-mail subscribers invite berg@example.se"
    assert done.notes == (
        f"{told} every list (complained 2026-11-21), and the person now is too; {lift}",
        f"{told} the list press (unsubscribed 2026-11-21), and the person now is too; {own}",
    )
    assert planned(store) == []


def test_of_an_address_that_said_nothing_there_is_nothing_to_tell(store: Store) -> None:
    added(store, "anna@example.se")
    unsubscribe(store, "anna@example.se", ("press",), ACT)

    for email in ("Anna@example.se", "berg@example.se"):
        done = edit_subscriber(store, "anna@example.se", Details(email=email), later(hours=1), NOW)
        assert done.notes == ()


def test_a_no_at_a_new_address_holds_at_the_old_one(store: Store) -> None:
    added(store, "anna@example.se")
    edited(store, "anna@example.se", Details(email="berg@example.se"))
    unsubscribe(store, "berg@example.se", (), later(hours=2))

    assert imported(store, "email\nanna@example.se\nberg@example.se\n").suppressed == 2


def test_a_no_at_a_new_address_is_not_that_of_whoever_has_the_old_one_now(store: Store) -> None:
    added(store, "kansli@example.se")
    edited(store, "kansli@example.se", Details(email="anna@example.se"))
    added(store, "kansli@example.se")

    unsubscribe(store, "anna@example.se", (), later(hours=2))

    assert planned(store) == ["kansli@example.se"]


def test_only_the_spelling_of_an_address_may_change(store: Store) -> None:
    added(store, "anna@example.se")

    assert edited(store, "anna@example.se", Details(email="Anna@Example.se")) == [
        ("email", "anna@example.se", "Anna@example.se")
    ]
    assert planned(store) == ["Anna@example.se"]


def test_an_address_that_is_taken_or_forgotten_is_refused(store: Store) -> None:
    for email in ("anna@example.se", "bo@example.se", "cia@example.se"):
        added(store, email)
    forget_subscriber(store, "cia@example.se", ACT)

    with pytest.raises(SubscriberError, match=r"^the new address is another subscriber's$"):
        edited(store, "anna@example.se", Details(email="bo@example.se"))
    with pytest.raises(SubscriberError, match=r"^the new address was forgotten$"):
        edited(store, "anna@example.se", Details(email="cia@example.se"))


def test_whoever_is_not_there_is_not_changed(store: Store) -> None:
    with pytest.raises(SubscriberError, match=r"^there is no subscriber with this address$"):
        edited(store, "anna@example.se", Details(name="Anna"))
