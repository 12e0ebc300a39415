"""Migrations: each with its record or not at all, and no database that is not ours."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from smakom_mail.errors import StoreError
from smakom_mail.store import Database, open_database
from smakom_mail.store.migrating import (
    Migration,
    migrations,
    pending,
    schema_version,
    upgrade_schema,
)

Opener = Callable[[], Database]
NEWEST = len(migrations())
NEXT = Migration(
    NEWEST + 1, "pets", ("CREATE TABLE pets (name TEXT)", "INSERT INTO pets VALUES ('Kim')")
)
BROKEN = Migration(
    NEWEST + 1, "pets", ("CREATE TABLE pets (name TEXT)", "INSERT INTO nowhere VALUES (1)")
)


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [step.number for step in migrations()] == list(range(1, len(migrations()) + 1))
    assert all(step.statements for step in migrations())


def test_migrations_speak_no_sql_that_only_one_database_knows() -> None:
    text = " ".join(" ".join(step.statements) for step in migrations()).upper()

    words = ("AUTOINCREMENT", "INSERT OR", "WITHOUT ROWID", "STRICT", "SERIAL", "JSONB")
    assert [word for word in words if word in text] == []


def test_comments_and_semicolons_part_the_statements(tmp_path: Path) -> None:
    (tmp_path / "0001_first.sql").write_text("-- a;\nCREATE TABLE a (b TEXT);\n  -- c\nDROP a;")
    (tmp_path / "0002_next.sql").write_text("DELETE FROM a\nWHERE b = 'c'")
    (tmp_path / "readme.txt").write_text("not one of them")

    assert migrations(tmp_path) == (
        Migration(1, "first", ("CREATE TABLE a (b TEXT)", "DROP a")),
        Migration(2, "next", ("DELETE FROM a\nWHERE b = 'c'",)),
    )


def test_a_step_is_taken_once_and_recorded(database: Database, opener: Opener) -> None:
    known = (*migrations(), NEXT)
    other = opener()

    assert pending(database, known).steps == (NEXT,)
    assert upgrade_schema(database, known) == (NEXT,)
    assert upgrade_schema(other, known) == ()
    assert schema_version(database) == NEWEST + 1
    assert [row["name"] for row in other.all("SELECT name FROM pets")] == ["Kim"]


def test_a_step_that_fails_leaves_nothing_of_itself(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError):
        upgrade_schema(database, (*migrations(), BROKEN))

    assert schema_version(database) == NEWEST
    assert "pets" not in database.tables()
    assert upgrade_schema(database, (*migrations(), NEXT)) == (NEXT,)


def test_a_new_database_is_never_seen_between_two_steps(tmp_path: Path) -> None:
    (tmp_path / "new.db").touch()
    with closing(Database(tmp_path / "new.db")) as database:
        with pytest.raises(sqlite3.OperationalError):
            upgrade_schema(database, (*migrations(), BROKEN))

        assert database.tables() == frozenset()
        assert upgrade_schema(database) == migrations()


def test_a_database_of_a_newer_version_is_refused(database: Database, tmp_path: Path) -> None:
    upgrade_schema(database, (*migrations(), NEXT))

    with pytest.raises(StoreError) as error:
        open_database("sqlite:///var/people.db", tmp_path, create=False)

    assert error.value.message == (
        f"the database {database.path} was made by a newer version of smakom-mail"
    )
    assert error.value.hint == (
        "install that version here, or point [database] url at another database"
    )


def test_a_database_of_an_older_version_says_how_to_upgrade(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = (*migrations(), NEXT)
    monkeypatch.setattr("smakom_mail.store.migrating.migrations", lambda: known)

    with pytest.raises(StoreError) as error:
        open_database("sqlite:///var/people.db", tmp_path, create=True)

    assert error.value.message == (
        f"the database {database.path} was made by an older version of smakom-mail"
    )
    assert error.value.hint == (
        "bring it up to this one (a backup is made first): smakom-mail db upgrade"
    )
    older = open_database("sqlite:///var/people.db", tmp_path, create=False, older=True)
    assert schema_version(older) == NEWEST
    older.close()


@pytest.mark.parametrize(
    "table", ["CREATE TABLE photos (id)", "CREATE TABLE migrations (id, app, name)"]
)
def test_a_database_of_another_program_is_left_alone(tmp_path: Path, table: str) -> None:
    path = tmp_path / "photos.db"
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute(table)

    with pytest.raises(StoreError) as error:
        open_database("sqlite:///photos.db", tmp_path, create=True)

    assert error.value.message == f"the database {path} belongs to another program"
    with closing(sqlite3.connect(path)) as foreign:
        assert [row[0] for row in foreign.execute("SELECT sql FROM sqlite_master")] == [table]


def test_another_step_under_a_known_number_is_not_ours(database: Database) -> None:
    with pytest.raises(StoreError, match="belongs to another program"):
        pending(database, (Migration(1, "otherwise", ("SELECT 1",)), *migrations()[1:]))
