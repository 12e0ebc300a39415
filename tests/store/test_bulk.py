"""A large change whose references are not looked up one by one."""

import sqlite3

import pytest

from smakom_mail.store import Database
from smakom_mail.store.applying import apply_import
from smakom_mail.store.staging import Staging
from tests.store.peopled import NOW, imported, no, row, say_no, sort_key

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


def test_what_is_written_is_read_in_the_order_in_which_it_is_written(database: Database) -> None:
    """A million rows are neither sorted nor indexed on their way from the table to the people."""
    asked: list[str] = []
    with Staging(database) as staging:
        staging.add(row(n, f"p{n}@example.se", "medlemmar", "press") for n in range(2, 400))
        database._connection.set_trace_callback(asked.append)  # noqa: SLF001 - what SQLite is asked
        apply_import(staging, NOW, sort_key)
        database._connection.set_trace_callback(None)  # noqa: SLF001 - no more

        tables = ("subscribers", "memberships", "consents", "history")
        plans = {
            step["detail"]
            for sql in asked
            if sql.split()[:2] == ["INSERT", "INTO"] and sql.split()[2] in tables
            for step in database.all(f"EXPLAIN QUERY PLAN {sql}")
        }

    assert {"SCAN c", "SEARCH g USING INTEGER PRIMARY KEY (rowid=?)"} <= plans
    assert [plan for plan in plans if "TEMP B-TREE" in plan or "AUTOMATIC" in plan] == []
