"""One connection: what is committed stays, what is not is not, and every fault has a sentence."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from smakom_mail.errors import StoreError
from smakom_mail.store import Database, open_database
from smakom_mail.store.faults import BusyError, Stated

Opener = Callable[[], Database]
ADD = "INSERT INTO meta (key, value) VALUES (:key, :value)"
KEYS = "SELECT key FROM meta ORDER BY key"


def keys(database: Database) -> list[str]:
    return [row["key"] for row in database.all(KEYS)]


def said(error: pytest.ExceptionInfo[StoreError], path: Path) -> str:
    """Give the sentence, with the file's place left out."""
    return error.value.message.replace(str(path), "PATH")


def test_what_is_committed_is_seen_by_others(database: Database, opener: Opener) -> None:
    before = keys(database)

    with database.transaction():
        database.run(ADD, {"key": "a", "value": "1"})
        database.many(ADD, [{"key": "b", "value": "2"}, {"key": "c", "value": "3"}])

    assert keys(opener()) == sorted([*before, "a", "b", "c"])
    assert database.one("SELECT value FROM meta WHERE key = :key", {"key": "b"})["value"] == "2"  # type: ignore[index] # it was just put there
    assert database.one("SELECT value FROM meta WHERE key = :key", {"key": "none"}) is None


def test_what_fails_inside_leaves_nothing(database: Database) -> None:
    before = keys(database)

    def fail() -> None:
        with database.transaction():
            database.run(ADD, {"key": "a", "value": "1"})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()

    assert keys(database) == before
    assert not database.in_transaction


def test_a_broken_rule_of_a_table_leaves_nothing(database: Database) -> None:
    before = keys(database)

    with pytest.raises(sqlite3.IntegrityError), database.transaction():
        database.many(ADD, [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}])

    assert keys(database) == before


def test_a_change_outside_a_transaction_is_a_fault_of_the_program(database: Database) -> None:
    with pytest.raises(RuntimeError, match="a change outside a transaction"):
        database.run(ADD, {"key": "a", "value": "1"})
    with pytest.raises(RuntimeError, match="a change outside a transaction"):
        database.many(ADD, [])


def test_a_transaction_inside_another_is_a_fault_of_the_program(database: Database) -> None:
    with (
        pytest.raises(RuntimeError, match="a transaction inside another"),
        database.transaction(),
        database.transaction(),
    ):
        pass

    assert not database.in_transaction


def test_a_snapshot_sees_one_state_while_others_write(database: Database, opener: Opener) -> None:
    other = opener()
    with database.snapshot():
        before = keys(database)
        with other.transaction():
            other.run(ADD, {"key": "later", "value": ""})
        during = keys(database)

    assert before == during
    assert keys(database) == sorted([*before, "later"])


def test_rows_stream_as_they_stood_at_the_first(database: Database, opener: Opener) -> None:
    with database.transaction():
        database.many(ADD, ({"key": f"k{n:05}", "value": ""} for n in range(2_000)))
    streaming = database.each("SELECT key FROM meta WHERE key LIKE 'k%' ORDER BY key")
    first = next(streaming)["key"]
    other = opener()
    with other.transaction():
        other.run("DELETE FROM meta WHERE key LIKE 'k%'")

    assert [first, *(row["key"] for row in streaming)] == [f"k{n:05}" for n in range(2_000)]


def test_the_state_changes_with_every_commit_of_anybody(database: Database, opener: Opener) -> None:
    other = opener()
    first = database.state()
    with other.transaction():
        other.run(ADD, {"key": "a", "value": ""})
    second = database.state()
    with database.transaction():
        database.run(ADD, {"key": "b", "value": ""})

    assert len({first, second, database.state()}) == 3
    assert database.state() == database.state()


def test_another_writer_is_waited_for_and_then_named(database: Database, opener: Opener) -> None:
    other = opener()
    with other.transaction():
        with pytest.raises(StoreError) as error, database.transaction():
            pass
        other.run(ADD, {"key": "a", "value": ""})

    assert said(error, database.path) == "the database PATH is in use by another program"
    assert "a" in keys(database)


def test_a_full_disk_is_named_and_nothing_is_lost(database: Database) -> None:
    with database.transaction():
        database.run(ADD, {"key": "before", "value": "x"})
    pages = database.one("PRAGMA page_count")
    database.one(f"PRAGMA max_page_count = {pages['page_count'] + 4}")  # type: ignore[index] # always one row

    with pytest.raises(StoreError) as error, database.transaction():
        database.many(ADD, ({"key": f"{n}", "value": "x" * 4_000} for n in range(100)))

    assert said(error, database.path) == "the database PATH cannot be written: the disk is full"
    assert "before" in keys(database)
    assert "0" not in keys(database)
    assert database.damages() == []


def test_a_file_that_may_not_be_written_is_named(database: Database) -> None:
    """As root every file may be written: so the connection is told that this one may not."""
    uri = f"{database.path.as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True)) as reading,
        pytest.raises(StoreError) as error,
        Stated(database.path),
    ):
        reading.execute("DELETE FROM meta")

    assert (
        said(error, database.path)
        == "the database PATH cannot be written: it, or its folder, is read-only"
    )
    assert error.value.hint == "its owner has to run this, or give you the right to write there"


def test_a_file_that_is_gone_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        Database(tmp_path / "none.db")

    assert said(error, tmp_path / "none.db") == "the database PATH cannot be opened"
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_something_else_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    path.write_text("name;email\nKim;kim@exempel.example\n" * 200, encoding="utf-8")
    kept = path.read_bytes()

    with pytest.raises(StoreError) as error:
        open_database("sqlite:///people.db", tmp_path, create=True)

    assert said(error, path) == "the database PATH is not a database"
    assert path.read_bytes() == kept


def test_a_damaged_file_is_named(opener: Opener) -> None:
    database = opener()
    with database.transaction():
        database.many(ADD, ({"key": f"k{n:05}", "value": "x" * 500} for n in range(2_000)))
    database.close()
    data = bytearray(database.path.read_bytes())
    for place in range(4096 * 8, 4096 * 60):
        data[place] = 0xA5
    database.path.write_bytes(bytes(data))

    with pytest.raises(StoreError) as error:
        opener().all("SELECT key, value FROM meta ORDER BY key")

    assert said(error, database.path) == "the database PATH is damaged"


def test_a_connection_keeps_what_is_committed_through_a_power_cut(database: Database) -> None:
    settings = ("journal_mode", "synchronous", "fullfsync", "foreign_keys", "secure_delete")

    values = {name: database.one(f"PRAGMA {name}")[name] for name in settings}  # type: ignore[index] # always one row

    assert values == {
        "journal_mode": "wal",
        "synchronous": 2,
        "fullfsync": 1,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


def test_the_files_are_their_owner_s_alone(database: Database) -> None:
    with database.transaction():
        database.run(ADD, {"key": "a", "value": ""})

    modes = {
        path.name: f"{path.stat().st_mode & 0o777:o}" for path in database.path.parent.iterdir()
    }

    assert modes == {"people.db": "600", "people.db-shm": "600", "people.db-wal": "600"}
    assert f"{database.path.parent.stat().st_mode & 0o777:o}" == "700"


def test_a_transaction_begins_in_the_gap_that_another_program_leaves(
    database: Database,
) -> None:
    ends = threading.Event()

    def writes_all_the_time() -> None:
        with closing(sqlite3.connect(database.path, isolation_level=None)) as connection:
            while not ends.is_set():
                connection.execute("BEGIN IMMEDIATE")
                time.sleep(0.02)
                connection.execute("COMMIT")
                time.sleep(0.005)

    writing = threading.Thread(target=writes_all_the_time)
    writing.start()
    try:
        with closing(Database(database.path, patience=60.0)) as patient:
            for number in range(20):
                with patient.transaction():
                    patient.run(ADD, {"key": f"a{number:02}", "value": "1"})
    finally:
        ends.set()
        writing.join()

    assert [key for key in keys(database) if key[0] == "a"] == [f"a{n:02}" for n in range(20)]


@contextmanager
def alone(path: Path) -> Iterator[sqlite3.Connection]:
    """Have the whole file for itself, as nobody of ours does: not even a reader comes in."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as holder:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN IMMEDIATE")
        holder.execute("COMMIT")
        yield holder


def test_a_statement_waits_for_a_program_that_has_the_file_for_itself(database: Database) -> None:
    with database.transaction():
        database.run(ADD, {"key": "a", "value": "1"})
    path = database.path
    database.close()
    with alone(path) as holder:
        with pytest.raises(BusyError):
            Database(path, patience=0.0)
        leaves = threading.Timer(0.2, holder.close)
        leaves.start()
        with closing(Database(path, patience=60.0)) as patient:
            assert "a" in keys(patient)
        leaves.join()


def test_a_database_that_another_program_keeps_is_busy(database: Database, opener: Opener) -> None:
    other = opener()
    with (
        other.transaction(),
        database.impatient(),
        pytest.raises(BusyError),
        database.transaction(),
    ):
        pass

    with database.transaction():
        database.run(ADD, {"key": "a", "value": "1"})
    assert "a" in keys(other)
