"""A large change whose references are not looked up one by one."""

import sqlite3

import pytest

from smakom_mail.store import Database
from tests.store.peopled import imported, no, row, say_no

LOOSE = "INSERT INTO tags (subscriber_id, tag) VALUES ('nobody', 'x')"


def test_references_are_looked_up_again_after_it(database: Database) -> None:
    with database.bulk():
        database.run("UPDATE lists SET name = name")

    with pytest.raises(sqlite3.IntegrityError), database.transaction():
        database.run(LOOSE)
    assert database.damages() == []


def test_they_are_looked_up_again_after_one_that_failed(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.bulk():
        assert database.run(LOOSE) == 1 / 0

    assert database.damages() == []
    with pytest.raises(sqlite3.IntegrityError), database.transaction():
        database.run(LOOSE)


def test_an_import_leaves_no_loose_reference(database: Database) -> None:
    say_no(database, no("p3@example.se", "press"))
    first = [row(n, f"p{n}@example.se", "medlemmar", "press", tags=("x",)) for n in range(2, 40)]
    imported(database, first)
    imported(database, [row(n, f"p{n}@example.se", "styrelse", tags=("y",)) for n in range(2, 60)])

    assert database.damages() == []
