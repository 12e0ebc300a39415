"""Backups: whole, checked, private, and never in the place of the database itself."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from smakom_mail.errors import StoreError
from smakom_mail.store import Database
from smakom_mail.store.backup import back_up, backup_before_upgrade, default_backup
from tests.store.peopled import NOW, added, person

Opener = Callable[[], Database]


def test_a_backup_is_one_private_file_with_everybody_in_it(
    database: Database, tmp_path: Path
) -> None:
    added(database, *(person(f"kim{n}@exempel.example", "medlemmar") for n in range(50)))
    target = tmp_path / "copies" / "backup.db"

    size = back_up(database, target)

    assert [path.name for path in target.parent.iterdir()] == ["backup.db"]
    assert size == target.stat().st_size
    assert f"{target.stat().st_mode & 0o777:o}" == "600"
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT COUNT(*) FROM subscribers").fetchone() == (50,)
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_backup_is_of_one_moment_while_others_write(
    database: Database, opener: Opener, tmp_path: Path
) -> None:
    added(database, person("kim@exempel.example", "medlemmar"))
    other = opener()
    with other.transaction():
        other.run("DELETE FROM tags")
        other.run("UPDATE subscribers SET name = 'halvt'")
        back_up(database, tmp_path / "backup.db")

    with closing(sqlite3.connect(tmp_path / "backup.db")) as copy:
        assert copy.execute("SELECT name FROM subscribers").fetchall() == [("",)]


def test_a_backup_is_dated(tmp_path: Path) -> None:
    file = tmp_path / "var" / "smakom-mail.db"

    assert default_backup(file, NOW.at) == (
        tmp_path / "var" / "backups" / "smakom-mail-20240501T080000Z.db"
    )
    assert backup_before_upgrade(file, 1, NOW.at).name == (
        "smakom-mail-20240501T080000Z-before-upgrade-from-0001.db"
    )


@pytest.mark.parametrize(
    "name", ["people.db", "people.db-wal", "people.db-shm", "people.db.journal",
             "people.db.installation"],
)  # fmt: skip
def test_no_backup_takes_the_place_of_the_database(database: Database, name: str) -> None:
    target = database.path.parent / name

    with pytest.raises(StoreError) as error:
        back_up(database, target, replace=True)

    assert error.value.message == (
        f"{target} cannot hold a backup: it is a file of the database itself, or a folder"
    )


def test_a_link_to_the_database_is_the_database(database: Database, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(database.path)

    with pytest.raises(StoreError, match="it is a file of the database itself"):
        back_up(database, tmp_path / "link.db", replace=True)


def test_what_is_there_is_replaced_only_when_told_so(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    target.write_text("kept")

    with pytest.raises(StoreError) as error:
        back_up(database, target)
    assert error.value.message == f"{target} is there already"
    assert target.read_text() == "kept"

    back_up(database, target, replace=True)
    assert target.read_bytes().startswith(b"SQLite format 3\0")


def test_a_backup_that_fails_leaves_what_was_there(database: Database, tmp_path: Path) -> None:
    added(database, *(person(f"kim{n}@exempel.example", "medlemmar") for n in range(50)))
    database.one("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(database.path.read_bytes())
    table = database.one("SELECT rootpage FROM sqlite_master WHERE name = 'subscribers'")
    page = table["rootpage"]  # type: ignore[index] # the table is there
    data[(page - 1) * 4096 : (page - 1) * 4096 + 200] = b"\xa5" * 200
    database.close()
    database.path.write_bytes(bytes(data))
    target = tmp_path / "backup.db"
    target.write_text("the good one")
    damaged = Database(database.path)

    with pytest.raises(StoreError, match="is damaged"):
        back_up(damaged, target, replace=True)

    assert target.read_text() == "the good one"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["backup.db"]
    damaged.close()


def test_a_place_that_cannot_be_written_is_named(database: Database, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError) as error:
        back_up(database, tmp_path / "file" / "backup.db")

    assert error.value.message == (
        f"the backup {tmp_path}/file/backup.db cannot be written: File exists"
    )
