"""How many an edition would reach: said beside a build, which never waits for it or fails by it."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from smakom_mail.services import reaching
from smakom_mail.services.building import build_edition
from smakom_mail.services.reaching import Reach, audience_of, count_reach
from tests.services.receiving import (
    EDITION,
    add,
    aimed_at,
    listed,
    newsletter,
    opened,
    person,
    place,
    say_no,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a newsletter without people."""
    return newsletter(tmp_path / "brev")


def reach(root: Path) -> Reach | None:
    workplace = place(root)
    return count_reach(workplace, build_edition(workplace, EDITION).checked.edition)


def test_without_a_database_there_is_nothing_to_say_and_none_is_made(root: Path) -> None:
    assert reach(root) is None
    assert not (root / "var").exists()


def test_an_empty_file_is_no_database_yet(root: Path) -> None:
    (root / "var").mkdir()
    (root / "var/smakom-mail.db").touch()

    assert reach(root) is None
    assert [path.name for path in (root / "var").iterdir()] == ["smakom-mail.db"]


def test_it_is_the_sum_of_the_send_list(root: Path) -> None:
    with opened(root) as store:
        add(
            store,
            *(person(store, f"p{n}@a.example", "medlemmar", tags=["styrelse"]) for n in range(3)),
            *(person(store, f"q{n}@a.example", "medlemmar") for n in range(4)),
            person(store, "r@a.example"),
        )
        say_no(store, "q0@a.example")
    aimed_at(root, "list:medlemmar and not tag:styrelse")

    found = listed(root)
    assert reach(root) == Reach(3, 8) == Reach(found.planned, found.candidates)


def test_it_needs_no_secret(root: Path) -> None:
    with opened(root) as store:
        add(store, person(store, "a@a.example"))
    (root / "var/secret").unlink()

    assert reach(root) == Reach(1, 1)
    assert not (root / "var/secret").exists()


def test_a_file_that_is_no_database_is_told_and_left_as_it_is(root: Path) -> None:
    file = root / "var/smakom-mail.db"
    file.parent.mkdir()
    file.write_bytes(b"not a database" * 100)

    assert reach(root) == Reach(unknown=f"the database {file} is not a database")
    assert file.read_bytes() == b"not a database" * 100


def test_a_database_that_lacks_a_table_does_not_fail_the_build(root: Path) -> None:
    with opened(root) as store:
        add(store, person(store, "a@a.example"))
    connection = sqlite3.connect(root / "var/smakom-mail.db")
    connection.execute("DROP TABLE consents")
    connection.close()

    assert reach(root) == Reach(unknown="OperationalError: no such table: consents")


def test_more_people_than_can_be_counted_quickly_are_left_to_the_send_list(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reaching, "QUICKLY", 2)
    with opened(root) as store:
        add(store, *(person(store, f"p{n}@a.example") for n in range(3)))

    assert reach(root) == Reach(
        unknown="3 people take a while to count: smakom-mail sendlist exempel"
    )


def test_an_audience_that_nobody_has_checked_is_a_fault_of_the_program(root: Path) -> None:
    workplace = place(root)
    edition = build_edition(workplace, EDITION).checked.edition

    with pytest.raises(TypeError, match=r'^character 1: here stands "medlemmar" in place of '):
        audience_of(replace(edition, audience="medlemmar"), workplace.config)
