"""One connection behind a small interface: SQLite now, PostgreSQL later behind the same methods."""

import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from smakom_mail.errors import StoreError
from smakom_mail.store.faults import NoRoomError, Stated, is_busy, no_room

PATIENCE = 10.0
"""Seconds that a statement waits for another program to let go of the database."""

_LOOKS = 0.001
"""Seconds between two looks whether the database is free to be written: SQLite's own waiting sleeps
up to a tenth of a second, and a program that writes all the time leaves a far shorter gap."""

_PAGES_KEPT = 32 * 1024  # KiB of the database in memory: flat, whatever the list's size

_STAGED_PAGE = 16 * 1024


class Row(Protocol):
    """A row: its values by name."""

    def __getitem__(self, name: str, /) -> Any:  # noqa: ANN401 - whatever the column holds
        """Give the value of a column."""


Values = Sequence[object] | Mapping[str, Any]


class Database:
    """An open database. What a program changes, it changes inside `transaction`."""

    dialect = "sqlite"

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        """Open the file, which must be there, with what durability asks for.

        Raises StoreError.
        """
        self.path = path
        self._changes = 0
        self._patience = patience
        with Stated(path):
            # No transaction but ours; rw: a file is made where its mode is given, not here.
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=0,  # the waiting is ours (_execute)
                isolation_level=None,
            )
            try:
                self._settle()
            except BaseException:
                self._connection.close()
                raise

    def _settle(self) -> None:
        self._connection.row_factory = sqlite3.Row
        for pragma in (
            "journal_mode = WAL",
            # NORMAL loses what was committed when the power goes; FULL loses nothing.
            "synchronous = FULL",
            "fullfsync = ON",
            "checkpoint_fullfsync = ON",
            "foreign_keys = ON",
            # What is deleted is overwritten, in every page that is freed from now on.
            "secure_delete = ON",
            # Temporary tables lie in a file that is unlinked while it is open.
            "temp.secure_delete = OFF",
            f"cache_size = -{_PAGES_KEPT}",
            # Sorting and staging on disk: a million people do not fit in 300 MB.
            "temp_store = FILE",
            # Staged rows are wide, and written and read from end to end.
            f"temp.page_size = {_STAGED_PAGE}",
            f"temp.cache_size = -{_PAGES_KEPT // 2}",
            "trusted_schema = OFF",
        ):
            self._execute(f"PRAGMA {pragma}")

    def _execute(self, sql: str, values: Values = ()) -> sqlite3.Cursor:
        """Run a statement as soon as other programs leave the database free for it."""
        until: float | None = None
        while True:
            try:
                return self._connection.execute(sql, values)
            except sqlite3.OperationalError as error:
                now = time.monotonic()
                until = now + self._patience if until is None else until
                if not is_busy(error) or now >= until:
                    raise
                time.sleep(_LOOKS)

    def one(self, sql: str, values: Values = ()) -> Row | None:
        """Give the first row, or None."""
        with Stated(self.path):
            row: Row | None = self._execute(sql, values).fetchone()
        return row

    def all(self, sql: str, values: Values = ()) -> list[Row]:
        """Give every row at once: for what is small."""
        with Stated(self.path):
            rows: list[Row] = self._execute(sql, values).fetchall()
        return rows

    def each(self, sql: str, values: Values = ()) -> Iterator[Row]:
        """Stream rows as they stood when the first was read, in flat memory."""
        with Stated(self.path):
            cursor = self._execute(sql, values)
            cursor.arraysize = 500
            try:
                while rows := cursor.fetchmany():
                    yield from rows
            finally:
                # Whoever stops reading early may have closed the database by now.
                with suppress(sqlite3.ProgrammingError):
                    cursor.close()

    def run(self, sql: str, values: Values = ()) -> int:
        """Run a statement inside a transaction; give the number of rows that it changed."""
        self._require_transaction()
        with Stated(self.path):
            return self._execute(sql, values).rowcount

    def returning(self, sql: str, values: Values = ()) -> list[Row]:
        """Run a statement inside a transaction; give the rows that it returns."""
        self._require_transaction()
        return self.all(sql, values)

    def many(self, sql: str, rows: Iterable[Values]) -> int:
        """Run a statement for every row of values; give the number of rows changed."""
        self._require_transaction()
        with Stated(self.path):
            return self._connection.executemany(sql, rows).rowcount

    def _require_transaction(self) -> None:
        if not self.in_transaction:
            raise RuntimeError("a change outside a transaction")

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside one change: all of it is committed, or none.

        It takes the right to write at once, so that what is read inside still holds when it is
        committed. One inside another is a fault of the program.
        """
        yield from self._framed("BEGIN IMMEDIATE")
        self._changes += 1

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """Make a transaction whose references are not looked up one by one.

        For statements that take the ids they refer to out of the tables themselves: a million
        rows would be looked up four times each.
        """
        self._connection.execute("PRAGMA foreign_keys = OFF")
        try:
            with self.transaction():
                yield
        finally:
            self._connection.execute("PRAGMA foreign_keys = ON")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let every statement inside read the same state of the database."""
        yield from self._framed("BEGIN")

    def _framed(self, begin: str) -> Iterator[None]:
        if self.in_transaction:
            raise RuntimeError("a transaction inside another")
        with Stated(self.path):
            self._execute(begin)
        try:
            yield
            with Stated(self.path):
                self._execute("COMMIT")
        except BaseException:
            # Some faults have rolled back already.
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def state(self) -> object:
        """Give what stays equal as long as nobody commits a change; None where nobody can know."""
        with Stated(self.path):
            version = self._execute("PRAGMA data_version").fetchone()[0]
        return version, self._changes

    def tables(self) -> frozenset[str]:
        """Give the names of the tables, whoever made them."""
        rows = self.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        return frozenset(row["name"] for row in rows)

    def copy_into(self, target: Path) -> list[str]:
        """Copy the database, as it is at one moment, into the empty file `target`.

        Others may read and write meanwhile. The copy is a single file, without write-ahead log.
        Gives what is wrong with it; normally nothing.
        """
        with Stated(target):
            copy = sqlite3.connect(f"{target.absolute().as_uri()}?mode=rw", uri=True)
            try:
                self._connection.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
                return _damages(copy)
            finally:
                copy.close()

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Let no statement inside wait for another program."""
        patience, self._patience = self._patience, 0.0
        try:
            yield
        finally:
            self._patience = patience

    def rewrite(self) -> None:
        """Write the whole file anew, so that no freed page is left once the log is emptied.

        Raises NoRoomError, without having tried where there is clearly none, and BusyError.
        """
        with Stated(self.path):
            pages, free, size = (
                self._execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
        if shutil.disk_usage(self.path.parent).free < (pages - free) * size:
            raise no_room(self.path)
        try:
            with Stated(self.path):
                self._execute("VACUUM")
        except NoRoomError:
            # The log has taken all that there was, for nothing.
            with suppress(StoreError):
                self.empty_log()
            raise

    def empty_log(self) -> bool:
        """Bring the write-ahead log into the file; False where others still read what was before.

        Raises NoRoomError.
        """
        until = time.monotonic() + self._patience
        while True:
            with Stated(self.path):
                busy = self._execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy or time.monotonic() >= until:
                return not busy
            time.sleep(_LOOKS)

    def damages(self) -> list[str]:
        """Give what SQLite finds wrong with the file and with its references; normally nothing."""
        with Stated(self.path):
            return _damages(self._connection)

    def close(self) -> None:
        """Close the connection; the last one takes the write-ahead log with it."""
        self._connection.close()


def _damages(connection: sqlite3.Connection) -> list[str]:
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(100)")]
    loose = connection.execute("PRAGMA foreign_key_check").fetchall()
    return [text for text in found if text != "ok"] + [
        f"a row of {table} refers to a row of {parent} that is not there"
        for table, _, parent, _ in loose
    ]
