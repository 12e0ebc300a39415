"""Changing a person: each change once, with its line of history."""

import pytest

from smakom_mail.errors import StoreError
from smakom_mail.model.person import Basis, Consent, MembershipState, Reason
from smakom_mail.store import Database
from smakom_mail.store.changing import (
    add_person,
    add_tags,
    change_person,
    readdress,
    record_consent,
    remove_tags,
    set_membership,
)
from smakom_mail.store.erasing import forget
from smakom_mail.store.people import find_by_id, find_by_key, history_of
from smakom_mail.store.suppressions import standing_noes
from tests.store.peopled import NOW, added, fingerprint, journal_of, no, person, say_no

KIM = "kim@exempel.example"


@pytest.fixture
def kim(database: Database) -> str:
    """Add Kim, a member; give her id."""
    return added(database, person(KIM, "medlemmar", name="Kim", tags=("ny",)))[0]


def news(database: Database, id_: str) -> list[tuple[str, str, str]]:
    """Give what, old and new of every change made NOW."""
    return [(c.what, c.old, c.new) for c in history_of(database, id_) if c.at == NOW.at]


def test_fields_are_changed_with_old_and_new(database: Database, kim: str) -> None:
    changes = {"name": "Kim Ås", "organisation": "Näs", "language": "sv", "sort_key": "å"}

    with database.transaction():
        made = change_person(database, kim, changes, NOW)

    assert [(c.what, c.old, c.new) for c in made] == [
        ("name", "Kim", "Kim Ås"),
        ("organisation", "", "Näs"),
    ]
    assert news(database, kim) == [(c.what, c.old, c.new) for c in made]
    found = find_by_id(database, kim)
    assert found is not None
    assert (found.name, found.sort_key, found.changed_at) == ("Kim Ås", "å", NOW.at)


def test_what_is_as_it_was_leaves_no_trace(database: Database, kim: str) -> None:
    before = find_by_id(database, kim)
    with database.transaction():
        assert change_person(database, kim, {"name": "Kim"}, NOW) == ()
        assert set_membership(database, kim, "medlemmar", MembershipState.CONFIRMED, NOW) is None
        assert add_tags(database, kim, ["ny", "ny"], NOW) == ()
        assert remove_tags(database, kim, ["gammal"], NOW) == ()

    assert news(database, kim) == []
    assert find_by_id(database, kim) == before


def test_an_unknown_field_is_a_fault_of_the_program(database: Database, kim: str) -> None:
    with pytest.raises(KeyError, match="key"), database.transaction():
        change_person(database, kim, {"key": "x"}, NOW)


def test_lists_tags_and_grounds_come_with_their_history(database: Database, kim: str) -> None:
    consent = Consent("press", Basis.PUBLIC_TASK, "2024-04-30", "beslut 7", "KS 2024/7")
    with database.transaction():
        set_membership(database, kim, "medlemmar", MembershipState.LEFT, NOW)
        set_membership(database, kim, "press", MembershipState.PENDING, NOW)
        record_consent(database, kim, consent, NOW)
        add_tags(database, kim, ["chef"], NOW)
        remove_tags(database, kim, ["ny", "chef"], NOW)

    assert news(database, kim) == [
        ("list medlemmar", "confirmed", "left"),
        ("list press", "", "pending"),
        ("basis press", "", "public-task"),
        ("tag", "", "chef"),
        ("tag", "ny", ""),
        ("tag", "chef", ""),
    ]
    found = find_by_id(database, kim)
    assert found is not None
    assert found.tags == ()
    assert found.consents[-1] == Consent(
        "press", Basis.PUBLIC_TASK, "2024-04-30", "beslut 7", "KS 2024/7", NOW.at, NOW.actor
    )


def test_an_address_stands_once(database: Database, kim: str) -> None:
    with pytest.raises(StoreError) as error, database.transaction():
        add_person(database, person("KIM@exempel.example"), NOW)

    assert kim
    assert error.value.message == ("KIM@exempel.example is a subscriber already, or was forgotten")
    assert error.value.hint == (
        "see what is held: smakom-mail subscribers show KIM@exempel.example"
    )


def test_a_new_address_keeps_the_person_and_every_no(database: Database, kim: str) -> None:
    say_no(database, no(KIM, "medlemmar"), no(KIM, "", Reason.BOUNCED))
    moved = person("kim@nas.example")

    with database.transaction():
        readdress(database, journal_of(database), kim, moved, NOW)

    assert find_by_key(database, KIM) is None
    found = find_by_key(database, "kim@nas.example")
    assert found is not None
    assert (found.id, found.name, found.fingerprint) == (kim, "Kim", moved.fingerprint)
    assert [(n.list_slug, n.reason) for n in standing_noes(database, [moved.fingerprint])] == [
        ("", Reason.BOUNCED),
        ("medlemmar", Reason.UNSUBSCRIBED),
    ]
    assert fingerprint("kim@nas.example") in journal_of(database).path.read_text()
    assert news(database, kim) == [("email", KIM, "kim@nas.example")]


def test_nobody_takes_another_s_address_or_a_forgotten_one(database: Database, kim: str) -> None:
    bo, eva = added(database, person("bo@nas.example"), person("eva@nas.example"))
    forget(database, journal_of(database), eva, NOW)

    for email in ("bo@nas.example", "eva@nas.example"):
        with (
            pytest.raises(StoreError, match="is a subscriber already, or was forgotten"),
            database.transaction(),
        ):
            readdress(database, journal_of(database), kim, person(email), NOW)

    assert bo
    assert find_by_key(database, KIM) is not None


def test_a_forgotten_person_who_comes_back_is_the_same_and_still_suppressed(
    database: Database, kim: str
) -> None:
    forget(database, journal_of(database), kim, NOW)

    (again,) = added(database, person(KIM, "medlemmar", name="Kim igen"))

    assert again == kim
    found = find_by_key(database, KIM)
    assert found is not None
    assert (found.name, found.state) == ("Kim igen", "active")
    assert [n.reason for n in standing_noes(database, [fingerprint(KIM)])] == [Reason.FORGOTTEN]


def test_a_person_who_is_not_there_cannot_be_changed(database: Database) -> None:
    with pytest.raises(LookupError, match="nobody"), database.transaction():
        change_person(database, "nobody", {"name": "Kim"}, NOW)
