"""A list that is no longer in the settings: whoever left it is brought back on no other one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smakom_mail.services.importing import Defaults
from smakom_mail.services.storing import Store, open_store
from smakom_mail.services.subscribing.inviting import invite
from smakom_mail.services.subscribing.leaving import unsubscribe
from smakom_mail.services.workplace import open_workplace
from tests.services.subscribing.keeping import (
    CONSENT,
    SECRET,
    SETTINGS,
    added,
    counts,
    imported,
    later,
    opened,
    planned,
    standing,
)

PEOPLE = ("anna@example.se", "bo@example.se", "cia@example.se")
FILE = "email\n" + "\n".join(PEOPLE) + "\n"


@pytest.fixture
def renamed(tmp_path: Path) -> Iterator[Store]:
    """Open a store whose list press was called medier, with Anna who left it and Bo on it.

    Cia was nobody, and said no to it.
    """
    with opened(tmp_path) as store:
        added(store, PEOPLE[0], "press")
        added(store, PEOPLE[1], "press")
        unsubscribe(store, PEOPLE[0], ("press",), later(days=-5))
        unsubscribe(store, PEOPLE[2], ("press",), later(days=-5))
    settings = SETTINGS.replace('slug = "press"', 'slug = "medier"')
    (tmp_path / "smakom-mail.toml").write_text(settings, encoding="utf-8")
    with open_store(open_workplace(tmp_path, {}), SECRET, create=False) as store:
        yield store


@pytest.mark.parametrize("slug", ["medier", "medlemmar"])
def test_an_import_into_another_list_names_them_and_leaves_them_out(
    renamed: Store, slug: str
) -> None:
    done = imported(renamed, FILE, Defaults(CONSENT, (slug,)))

    assert counts(done) == {"changed": 1, "suppressed": 2}
    assert done.departed == ((2, PEOPLE[0], "press"), (4, PEOPLE[2], "press"))
    assert planned(renamed) == [PEOPLE[1]]
    assert counts(imported(renamed, FILE, Defaults(CONSENT, (slug,)))) == {
        "unchanged": 1,
        "suppressed": 2,
    }


@pytest.mark.parametrize(
    ("consent_at", "departed"),
    [("2026-11-15", 1), ("2026-11-16", 1), ("2026-11-17", 0)],
)
def test_a_consent_of_their_own_brings_them_in_where_it_is_newer(
    renamed: Store, consent_at: str, departed: int
) -> None:
    row = f"email,lists,consent_at,consent_source\n{PEOPLE[0]},medier,{consent_at},blanketten\n"

    plan = imported(renamed, row, apply=False)

    assert len(plan.departed) == departed
    assert counts(plan) == ({"suppressed": 1} if departed else {"changed": 1})


def test_a_date_for_the_whole_file_is_no_consent_of_their_own(renamed: Store) -> None:
    ground = CONSENT.__class__(CONSENT.basis, "", "möte", "2026-11-21")

    done = imported(renamed, FILE, Defaults(ground, ("medier",)))

    assert [row for row, _, _ in done.departed] == [2, 4]


def test_an_invitation_is_about_lists_of_today(renamed: Store) -> None:
    assert invite(renamed, PEOPLE[0], (), later(hours=1)).lists == ("medlemmar",)


def test_it_can_still_be_left(renamed: Store) -> None:
    left = unsubscribe(renamed, PEOPLE[1], ("press",), later(hours=1))

    assert (left.lists, left.new) == (("press",), True)
    assert standing(renamed, PEOPLE[1]) == {"press": "left", "no press": "unsubscribed"}
