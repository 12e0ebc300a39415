"""What an import would do, row by row, and that nothing of it is done before it is applied."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from smakom_mail.model.person import Basis, MembershipState, Reason
from smakom_mail.store import Database
from smakom_mail.store.applying import apply_import
from smakom_mail.store.changing import readdress
from smakom_mail.store.erasing import forget
from smakom_mail.store.people import find_by_former, find_by_key
from smakom_mail.store.staging import Counts, PlannedChange, StagedRow, Staging
from tests.store.peopled import (
    NOW,
    added,
    fingerprint,
    journal_of,
    no,
    person,
    row,
    say_no,
    sort_key,
)

Opener = Callable[[], Database]


@pytest.fixture
def staging(database: Database) -> Iterator[Staging]:
    """Give an empty staging beside six people, of whom some have said no."""
    ids = added(
        database,
        person("anna@nas.example", "medlemmar", name="Anna", organisation="Näs", tags=("ny",)),
        person("bo@nas.example", "medlemmar", state=MembershipState.PENDING),
        person("cia@nas.example", "medlemmar", state=MembershipState.LEFT),
        person("dan@nas.example", "medlemmar"),
        person("eva@nas.example", "medlemmar", "press"),
        person("fia@nas.example", "medlemmar"),
    )
    say_no(
        database,
        no("dan@nas.example"),
        no("eva@nas.example", "medlemmar"),
        no("gun@nas.example", "", Reason.COMPLAINED),
    )
    forget(database, journal_of(database), ids[-1], NOW)
    with Staging(database) as staged:
        yield staged


def kind(staging: Staging, staged: StagedRow) -> str:
    """Say what one row would do."""
    staging.add([staged])
    (found,) = [name for name, n in _counts(staging.compare()).items() if n]
    return found


def _counts(counts: Counts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in Counts.__dataclass_fields__}


@pytest.mark.parametrize(
    ("staged", "expected"),
    [
        (row(2, "new@nas.example", "press"), "added"),
        (row(2, "new@nas.example"), "added"),
        (row(2, "new@nas.example", basis=None), "unfounded"),
        (row(2, "anna@nas.example", "medlemmar"), "unchanged"),
        (row(2, "ANNA@nas.example", basis=None), "unchanged"),
        (row(2, "anna@nas.example", name="Anna", organisation="Näs", tags=("ny",)), "unchanged"),
        (row(2, "anna@nas.example", name="Anna Å"), "changed"),
        (row(2, "anna@nas.example", organisation="Vik", basis=None), "changed"),
        (row(2, "anna@nas.example", tags=("ny", "chef")), "changed"),
        (row(2, "anna@nas.example", "press"), "changed"),
        (row(2, "anna@nas.example", "press", basis=None), "unfounded"),
        (row(2, "anna@nas.example", "medlemmar", consent_at="2020-01-01"), "changed"),
        (row(2, "bo@nas.example", "medlemmar"), "unchanged"),
        (row(2, "bo@nas.example", "medlemmar", consent_at="2020-01-01"), "changed"),
        (row(2, "bo@nas.example", "medlemmar", basis=Basis.MEMBERSHIP), "changed"),
        (row(2, "bo@nas.example", "medlemmar", basis=None), "unfounded"),
        (row(2, "cia@nas.example", "medlemmar"), "suppressed"),
        (row(2, "cia@nas.example", "medlemmar", "press"), "changed"),
        (row(2, "cia@nas.example", name="Cia"), "changed"),
        (row(2, "dan@nas.example", "press", name="Dan"), "suppressed"),
        (row(2, "eva@nas.example", "medlemmar"), "suppressed"),
        (row(2, "eva@nas.example", "medlemmar", "press"), "unchanged"),
        (row(2, "fia@nas.example", "press"), "suppressed"),
        (row(2, "gun@nas.example", "medlemmar", basis=None), "suppressed"),
    ],
)
def test_every_row_does_one_thing(staging: Staging, staged: StagedRow, expected: str) -> None:
    assert kind(staging, staged) == expected


def test_the_counts_make_up_all_rows_and_each_is_named(staging: Staging) -> None:
    rows = [
        row(2, "new@nas.example"),
        row(3, "anna@nas.example", name="Annika"),
        row(4, "NEW@nas.example"),
        row(5, "dan@nas.example"),
        row(6, "other@nas.example", basis=None),
        row(7, "new@nas.example"),
        row(8, "eva@nas.example", "medlemmar", "styrelse"),
        row(9, "anna@nas.example"),
    ]

    assert staging.add(rows) == 8
    assert staging.compare() == Counts(
        added=1, changed=2, unchanged=0, suppressed=1, unfounded=1, twins=3
    )
    assert list(staging.twins()) == [
        (4, "NEW@nas.example", 2),
        (7, "new@nas.example", 2),
        (9, "anna@nas.example", 3),
    ]
    assert list(staging.of_kind("suppressed")) == [(5, "dan@nas.example")]
    assert list(staging.of_kind("unfounded")) == [(6, "other@nas.example")]
    assert list(staging.of_kind("added")) == [(2, "new@nas.example")]
    assert list(staging.refused_lists()) == [(8, "eva@nas.example", "medlemmar")]


def test_changes_are_told_field_by_field(staging: Staging) -> None:
    staging.add(
        [
            row(
                2,
                "bo@nas.example",
                "medlemmar",
                "press",
                name="Bo",
                organisation="Näs",
                basis=Basis.MEMBERSHIP,
            ),
            row(3, "Anna@nas.example", name="Annika", tags=("chef", "ny"), consent_at="2020-01-01"),
            row(4, "eva@nas.example", "press"),
        ]
    )
    staging.compare()

    bo, anna = "bo@nas.example", "anna@nas.example"
    assert list(staging.changes()) == [
        PlannedChange(2, bo, "name", "", "Bo"),
        PlannedChange(2, bo, "organisation", "", "Näs"),
        PlannedChange(2, bo, "list medlemmar", "pending", "confirmed"),
        PlannedChange(2, bo, "list press", "", "confirmed"),
        PlannedChange(2, bo, "basis press", "", "membership"),
        PlannedChange(3, anna, "name", "Anna", "Annika"),
        PlannedChange(3, anna, "tag", "", "chef"),
    ]


def test_a_list_that_waits_for_the_persons_own_yes_is_named_and_the_rest_goes_on(
    staging: Staging,
) -> None:
    staging.add([row(2, "bo@nas.example", "medlemmar", "press"), row(3, "anna@nas.example")])

    assert staging.compare() == Counts(changed=1, unchanged=1)
    assert list(staging.waiting_lists()) == [(2, "bo@nas.example", "medlemmar")]
    assert [change.what for change in staging.changes()] == ["list press", "basis press"]


def test_planning_changes_nothing_and_stops_nobody(
    staging: Staging, database: Database, opener: Opener
) -> None:
    other = opener()
    staging.add([row(2, "new@nas.example")])
    staging.compare()

    added(other, person("later@nas.example"))

    assert find_by_key(other, "new@nas.example") is None
    assert find_by_key(database, "later@nas.example") is not None


def test_a_row_is_weighed_anew_when_somebody_has_changed_something(
    staging: Staging, opener: Opener
) -> None:
    staging.add([row(2, "new@nas.example")])
    assert staging.compare() == staging.compare() == Counts(added=1)

    say_no(opener(), no("new@nas.example"))

    assert staging.compare() == Counts(suppressed=1)


def test_a_no_under_an_older_secret_blocks(staging: Staging, database: Database) -> None:
    old = fingerprint("hans@nas.example", "old")
    with database.transaction():
        database.run(
            "INSERT INTO suppressions VALUES (:f, '', 'forgotten', '2020', '', '', '', '')",
            {"f": old},
        )
    staging.add([row(2, "hans@nas.example"), row(3, "ida@nas.example")])

    assert staging.compare() == Counts(added=1, suppressed=1)


def test_a_list_that_is_not_there_is_a_fault_of_the_program(staging: Staging) -> None:
    with pytest.raises(KeyError, match="okänd"):
        staging.add([row(2, "new@nas.example", "okänd")])


def test_the_next_import_begins_with_nothing(database: Database) -> None:
    for _ in range(2):
        with Staging(database) as staged:
            staged.add([row(2, "new@nas.example")])
            assert staged.compare() == Counts(added=1)


def test_ids_grow_through_a_whole_import_but_for_where_they_begin_anew(
    database: Database,
) -> None:
    """Tables that are walked by id lie in that order on disk, and no id comes twice."""
    with Staging(database) as staged:
        staged.add([row(number, f"p{number}@nas.example") for number in range(2, 4502)])
        rows = database.all("SELECT id FROM staged ORDER BY number")

    ids = [each["id"] for each in rows]
    falls = sum(later <= earlier for earlier, later in itertools.pairwise(ids))
    assert falls <= 1  # at the end of the numbers, which few imports come to
    assert len(set(ids)) == 4500


def moved(database: Database, old: str, new: str) -> None:
    """Give somebody another address."""
    found = find_by_key(database, old.lower())
    assert found is not None
    with database.transaction():
        readdress(database, journal_of(database), found.id, person(new), NOW)


def test_an_old_file_adds_nobody_a_second_time_by_an_address_of_before(
    staging: Staging, database: Database
) -> None:
    moved(database, "anna@nas.example", "Anna@ny.example")
    rows = [
        row(2, "ANNA@nas.example", "medlemmar", "press", name="Annika", tags=("chef",)),
        row(3, "anna@ny.example", "medlemmar"),
        row(4, "anna@nas.example", basis=None),
        row(5, "new@nas.example"),
    ]
    staging.add(rows)

    assert staging.compare() == Counts(added=1, unchanged=2, twins=1)
    assert list(staging.formers()) == [(2, "ANNA@nas.example", "Anna@ny.example")]
    assert apply_import(staging, NOW, sort_key) == Counts(added=1, unchanged=2, twins=1)
    found = find_by_key(database, "anna@ny.example")
    assert found is not None
    assert (found.name, found.tags) == ("Anna", ("ny",))
    assert [each.list_slug for each in found.memberships] == ["medlemmar"]
    assert find_by_key(database, "anna@nas.example") is None


def test_an_address_of_before_without_a_ground_is_still_a_former_one(
    staging: Staging, database: Database
) -> None:
    moved(database, "anna@nas.example", "anna@ny.example")

    assert kind(staging, row(2, "anna@nas.example", "press", basis=None)) == "unchanged"


def test_an_address_of_before_that_is_somebody_elses_now_is_theirs(
    staging: Staging, database: Database
) -> None:
    moved(database, "anna@nas.example", "anna@ny.example")
    added(database, person("anna@nas.example", "medlemmar", name="Anna Två"))

    assert kind(staging, row(2, "anna@nas.example", name="Anna Tre")) == "changed"
    assert list(staging.formers()) == []


def test_a_no_at_an_address_of_before_is_told_as_a_no(staging: Staging, database: Database) -> None:
    moved(database, "anna@nas.example", "anna@ny.example")
    say_no(database, no("anna@nas.example"))

    assert kind(staging, row(2, "anna@nas.example")) == "suppressed"
    assert list(staging.formers()) == []


def test_an_address_that_two_had_before_adds_neither(staging: Staging, database: Database) -> None:
    moved(database, "anna@nas.example", "anna@ny.example")
    moved(database, "bo@nas.example", "anna@nas.example")
    moved(database, "anna@nas.example", "bo@ny.example")

    assert kind(staging, row(2, "anna@nas.example")) == "unchanged"
    assert len(list(staging.formers())) == 1
    assert find_by_former(database, "anna@nas.example") is None


def test_an_address_of_before_with_letters_of_its_own_is_known(
    staging: Staging, database: Database
) -> None:
    moved(database, "anna@nas.example", "Åsa@nas.example")
    moved(database, "åsa@nas.example", "asa@nas.example")

    assert kind(staging, row(2, "åsa@nas.example")) == "unchanged"
