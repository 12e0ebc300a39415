"""Finding people, and streaming those that a filter names."""

import pytest

from smakom_mail.model.person import Basis, Consent, Membership, MembershipState, Reason
from smakom_mail.store import Database
from smakom_mail.store.erasing import forget
from smakom_mail.store.people import (
    Filter,
    each_person,
    each_unused,
    find_by_fingerprint,
    find_by_id,
    find_by_key,
    find_by_ref,
    history_of,
    new_identity,
)
from tests.store.peopled import (
    NOW,
    THEN,
    WORDING,
    added,
    fingerprint,
    journal_of,
    no,
    person,
    say_no,
)


def test_a_person_is_found_whole_by_everything_that_names_her(database: Database) -> None:
    given = person(
        "Kim@Exempel.example",
        "press",
        "medlemmar",
        name="Kim Ås",
        organisation="Exempelkommunen",
        tags=("styrelse", "ny"),
    )
    added(database, given)

    found = find_by_key(database, "kim@exempel.example")

    assert found is not None
    assert (found.email, found.key) == ("Kim@Exempel.example", "kim@exempel.example")
    assert (found.name, found.organisation, found.language) == ("Kim Ås", "Exempelkommunen", "sv")
    assert found.memberships == (
        Membership("medlemmar", MembershipState.CONFIRMED, THEN.at),
        Membership("press", MembershipState.CONFIRMED, THEN.at),
    )
    assert found.tags == ("ny", "styrelse")
    assert found.consents == tuple(
        Consent(slug, Basis.CONSENT, THEN.at, "webb", WORDING, THEN.at, THEN.actor)
        for slug in ("medlemmar", "press")
    )
    assert found.created_at == found.changed_at == THEN.at
    assert find_by_ref(database, given.ref) == found
    assert find_by_id(database, given.id) == found
    assert find_by_fingerprint(database, ["0" * 64, given.fingerprint]) == found
    assert find_by_key(database, "kim") is None
    assert find_by_fingerprint(database, []) is None


def test_her_history_says_what_was_done_and_in_which_order(database: Database) -> None:
    (id_,) = added(database, person("kim@exempel.example", "medlemmar", tags=("ny",)))

    assert [(c.at, c.actor, c.what, c.old, c.new) for c in history_of(database, id_)] == [
        (THEN.at, THEN.actor, "added", "", ""),
        (THEN.at, THEN.actor, "list medlemmar", "", "confirmed"),
        (THEN.at, THEN.actor, "tag", "", "ny"),
        (THEN.at, THEN.actor, "basis medlemmar", "", "consent"),
    ]


@pytest.fixture
def peopled(database: Database) -> Database:
    """Add six people who differ in every way that a filter knows."""
    ids = added(
        database,
        person("anna@nas.example", "medlemmar", name="Anna", organisation="Näs", tags=("ny",)),
        person("bo@nas.example", "medlemmar", "press", name="Bo 50%", organisation="Näs"),
        person("cia@vik.example", "press", state=MembershipState.PENDING, language="en"),
        person("dan@vik.example", "medlemmar", state=MembershipState.LEFT),
        person("eva_1@vik.example", "medlemmar", organisation="Vik"),
        person("fia@vik.example", "medlemmar"),
    )
    say_no(database, no("eva_1@vik.example", "", Reason.BOUNCED))
    forget(database, journal_of(database), ids[-1], NOW)
    return database


@pytest.mark.parametrize(
    ("where", "names"),
    [
        (Filter(), "cia dan anna bo eva_1"),
        (Filter(list_slug="medlemmar"), "dan anna bo eva_1"),
        (Filter(list_slug="medlemmar", membership="confirmed"), "anna bo eva_1"),
        (Filter(membership="pending"), "cia"),
        (Filter(membership="left"), "dan"),
        (Filter(tag="ny"), "anna"),
        (Filter(organisation="Näs"), "anna bo"),
        (Filter(language="en"), "cia"),
        (Filter(search="VIK.ex"), "cia dan eva_1"),
        (Filter(search="ann"), "anna"),
        (Filter(search="0%"), "bo"),
        (Filter(search="%"), "bo"),
        (Filter(search="_"), "eva_1"),
        (Filter(search="' OR 1 = 1 --"), ""),
        (Filter(suppressed="yes"), "eva_1"),
        (Filter(suppressed="no"), "cia dan anna bo"),
        (Filter(organisation="Näs", list_slug="press"), "bo"),
    ],
)
def test_a_filter_names_those_of_whom_all_of_it_holds(
    peopled: Database, where: Filter, names: str
) -> None:
    found = [each.key.split("@")[0] for each in each_person(peopled, where)]

    assert found == names.split()


def test_the_forgotten_are_listed_without_a_word_of_them(peopled: Database) -> None:
    (forgotten,) = each_person(peopled, Filter(state="forgotten"))

    assert forgotten.fingerprint == fingerprint("fia@vik.example")
    assert (forgotten.key, forgotten.email, forgotten.name, forgotten.sort_key) == ("", "", "", "")
    assert (forgotten.memberships, forgotten.tags, forgotten.consents) == ((), (), ())
    assert len(list(each_person(peopled, Filter(state="")))) == 6


def test_whom_nobody_writes_to_is_found_by_age(peopled: Database) -> None:
    assert [each.key for each in each_unused(peopled, "2024-03-02")] == [
        "cia@vik.example",
        "dan@vik.example",
    ]
    assert list(each_unused(peopled, "2024-03-01")) == []


def test_more_people_than_are_fetched_together_come_all_in_order(database: Database) -> None:
    emails = [f"kim{n:04}@exempel.example" for n in range(1_203)]
    added(database, *(person(email, "medlemmar", tags=(email[:4],)) for email in reversed(emails)))

    found = list(each_person(database))

    assert [each.key for each in found] == emails
    assert {(len(each.memberships), each.tags, len(each.consents)) for each in found} == {
        (1, ("kim0",), 1),
        (1, ("kim1",), 1),
    }


def test_ids_are_random_and_told_apart() -> None:
    assert new_identity(lambda n: bytes(range(n))) == ("0001020304050607", "08090a0b0c0d0e0f")
    assert len({part for _ in range(100) for part in new_identity()}) == 200
