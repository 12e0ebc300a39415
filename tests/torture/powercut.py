"""Power loss under the ledger: what SQLite had not synced is dropped, in part or out of order.

apsw lets the file system be played here, and brings an SQLite of its own (`sqlite_version()`): not
the one that the program runs on, but the same statements, pragmas and protocol.
"""

import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import apsw

from smakom_mail.model.campaign import Campaign
from smakom_mail.model.delivery import Event, State
from smakom_mail.store.database import Database, Row, Values
from smakom_mail.store.ledger import Ledger, Outcome
from smakom_mail.store.lists import keep_lists
from smakom_mail.store.opening import open_database
from tests.store.campaigned import AT, begun, people
from tests.store.peopled import LISTS, added, no

Operation = tuple[Literal["write", "cut", "sync", "gone"], str, int, bytes]
Snapshot = tuple[tuple[int, str, str], ...]


def sqlite_version() -> str:
    """Give the version of the SQLite that the power is cut under."""
    return apsw.sqlite_lib_version()


class _File(apsw.VFSFile):
    """A file that writes down what is done to it."""

    def __init__(self, name: Any, flags: list[int], log: list[Operation]) -> None:  # noqa: ANN401 - as SQLite names files
        super().__init__("", name, flags)
        self._name = str(name.filename() if hasattr(name, "filename") else name or "")
        self._log = log

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: ANN401, N802 - SQLite's own
        super().xWrite(data, offset)
        self._log.append(("write", self._name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - SQLite's own
        super().xTruncate(newsize)
        self._log.append(("cut", self._name, newsize, b""))

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's own
        super().xSync(flags)
        self._log.append(("sync", self._name, 0, b""))


class _Files(apsw.VFS):
    """A file system that writes down what is done to its files."""

    def __init__(self) -> None:
        self.log: list[Operation] = []
        super().__init__("powercut", "")

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: ANN401, N802 - SQLite's own
        return _File(name, flags, self.log)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802 - SQLite's own
        super().xDelete(filename, syncdir)
        self.log.append(("gone", filename, 0, b""))


class _ApswDatabase(Database):
    """The store's database on apsw's SQLite, with the pragmas of the real one."""

    def __init__(self, path: Path, vfs: str, synchronous: str) -> None:
        self.path = path
        self._changes = 0
        self._apsw = apsw.Connection(str(path), vfs=vfs)
        self._apsw.set_row_trace(lambda cursor, row: dict(zip(_names(cursor), row, strict=True)))
        self._settle_apsw(synchronous)

    def _settle_apsw(self, synchronous: str) -> None:
        for pragma in (
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "fullfsync = ON",
            "checkpoint_fullfsync = ON",
            "foreign_keys = ON",
            "secure_delete = ON",
            "wal_autocheckpoint = 12",  # so that checkpoints are among what is cut
        ):
            list(self._apsw.execute(f"PRAGMA {pragma}"))

    def one(self, sql: str, values: Values = ()) -> Row | None:
        return next(iter(self.all(sql, values)), None)

    def all(self, sql: str, values: Values = ()) -> list[Row]:
        return list(self._apsw.execute(sql, values))

    def run(self, sql: str, values: Values = ()) -> int:
        before = self._apsw.total_changes()
        self._apsw.execute(sql, values)
        return self._apsw.total_changes() - before

    def many(self, sql: str, rows: Iterable[Values]) -> int:
        return sum(self.run(sql, row) for row in rows)

    def _require_transaction(self) -> None:
        if not self.in_transaction:
            raise RuntimeError("a change outside a transaction")

    @property
    def in_transaction(self) -> bool:
        return self._apsw.in_transaction

    def _framed(self, begin: str) -> Iterator[None]:
        self._apsw.execute(begin)
        try:
            yield
        except BaseException:
            self._apsw.execute("ROLLBACK")
            raise
        self._apsw.execute("COMMIT")

    def close(self) -> None:
        self._apsw.close()


def _names(cursor: apsw.Cursor) -> list[str]:
    return [column[0] for column in cursor.get_description()]


@dataclass
class Cuts:
    """What came of them: acknowledged changes that were gone, and files that were damaged."""

    cuts: int = 0
    lost: int = 0
    corrupt: int = 0


@dataclass
class _Run:
    """A campaign that was sent while the disk was watched."""

    base: bytes
    log: list[Operation]
    acknowledged: list[tuple[int, Snapshot]] = field(default_factory=list)
    """After each commit: how far the log had come, and what the ledger held."""


def cut_power(folder: Path, seed: int, *, cuts: int, synchronous: str = "FULL") -> Cuts:
    """Send a small campaign, then cut the power at so many moments of it and look what is left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    chance = random.Random(seed)  # noqa: S311 - a repeatable run
    run = _sent(folder, chance, synchronous)
    done = Cuts()
    for _ in range(cuts):
        place = chance.randrange(run.acknowledged[0][0], len(run.log) + 1)
        _after_cut(folder / "after", run, place, chance, done)
    return done


def _sent(folder: Path, chance: random.Random, synchronous: str) -> _Run:
    with_people = open_database("sqlite:///people.db", folder, create=True)
    keep_lists(with_people, LISTS)
    readers = people(14)
    added(with_people, *readers)
    campaign = begun(with_people, readers)
    with_people.empty_log()
    with_people.close()
    path = folder / "people.db"
    files = _Files()
    run = _Run(path.read_bytes(), files.log)
    database = _ApswDatabase(path, "powercut", synchronous)
    try:
        _send(database, campaign, chance, lambda: _acknowledge(run, database))
        run.log = list(files.log)  # what closing does to the files is another matter
    finally:
        database.close()
        files.unregister()
    return run


def _send(
    database: Database, campaign: Campaign, chance: random.Random, acknowledge: Callable[[], None]
) -> None:
    """Let the ledger's own statements do what a sender does, with everything that may happen."""
    ledger = Ledger(database, campaign, "one")
    acknowledge()
    on_lines: list[int] = []
    claimed: list[int] = []
    events = (Event.ACCEPT, Event.ACCEPT, Event.ACCEPT, Event.DEFER, Event.REFUSE, Event.LOSE)
    for turn in range(60):
        if not claimed:
            state = chance.choice([State.WAITING, State.DEFERRED])
            claimed = [each.id for each in ledger.claim(state, 4, AT)]
            acknowledge()
        answered = [id_ for id_ in on_lines if chance.random() < 0.7]
        asked, claimed = claimed[:2], claimed[2:]
        outcomes = [Outcome(id_, chance.choice(events), AT, why="it said so") for id_ in answered]
        done = ledger.commit(outcomes, asked, AT)
        acknowledge()
        on_lines = [id_ for id_ in on_lines if id_ not in answered] + sorted(done.granted)
        if turn % 20 == 7:
            _leave(database, turn // 20 + 10)
            acknowledge()


def _leave(database: Database, number: int) -> None:
    said = no(f"reader{number}@kommun.example")
    with database.transaction():
        database.run(
            "INSERT INTO suppressions (fingerprint, list_slug, reason, at, actor, note, lifted_at,"
            " lifted_by) VALUES (:fingerprint, '', 'unsubscribed', :at, 'x', '', '', '')",
            {"fingerprint": said.fingerprint, "at": AT},
        )


def _snapshot(rows: Iterable[Any]) -> Snapshot:
    return tuple((row["id"], row["state"], row["more"]) for row in rows)


_HELD = """
SELECT id, state, sender || attempts || why AS more FROM deliveries
UNION ALL SELECT -rowid, 'no', fingerprint FROM suppressions
UNION ALL SELECT 1000 + rowid, state, why FROM attempts ORDER BY 1
"""


def _acknowledge(run: _Run, database: Database) -> None:
    run.acknowledged.append((len(run.log), _snapshot(database.all(_HELD))))


def _after_cut(folder: Path, run: _Run, place: int, chance: random.Random, done: Cuts) -> None:
    """Start the machine again, and hold the ledger against what had been acknowledged."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in _on_disk(run, place, chance).items():
        (folder / Path(name).name).write_bytes(content)
    done.cuts += 1
    told = [snapshot for at, snapshot in run.acknowledged if at <= place]
    coming = [snapshot for at, snapshot in run.acknowledged if at > place][:1]
    connection = apsw.Connection(str(folder / "people.db"))
    try:
        if list(connection.execute("PRAGMA integrity_check")) != [("ok",)]:
            done.corrupt += 1
        elif tuple(connection.execute(_HELD)) not in [told[-1], *coming]:
            done.lost += 1
    except apsw.Error:
        done.corrupt += 1
    finally:
        connection.close()


def _on_disk(run: _Run, place: int, chance: random.Random) -> dict[str, bytearray]:
    """Give the files: what was synced is there; of the rest some, whole or half, in any order."""
    main = next(name for _what, name, _at, _data in run.log if name.endswith("people.db-wal"))
    disk = {main.removesuffix("-wal"): bytearray(run.base)}
    pending: dict[str, list[Operation]] = {}
    for operation in run.log[:place]:
        what, name, _, _ = operation
        if what == "sync":
            for each in pending.pop(name, []):
                _apply(disk, each)
        elif what == "gone":
            disk.pop(name, None)
            pending.pop(name, None)
        else:
            pending.setdefault(name, []).append(operation)
    for operations in pending.values():
        chance.shuffle(operations)
        for what, name, offset, data in operations:
            luck = chance.random()
            if luck < 0.5:
                _apply(disk, (what, name, offset, data if luck < 0.3 else data[: len(data) // 2]))
    return disk


def _apply(disk: dict[str, bytearray], operation: Operation) -> None:
    what, name, offset, data = operation
    content = disk.setdefault(name, bytearray())
    if what == "cut":
        del content[offset:]
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data
