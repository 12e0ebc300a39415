"""The one place that changes anything: together, in order, after the commit, or not at all."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from smakom_mail.errors import StoreError
from smakom_mail.services.public.desk import Desk, DeskClosedError
from smakom_mail.services.public.leaving import leave
from smakom_mail.services.storing import Store, open_store
from smakom_mail.store.faults import BusyError
from smakom_mail.store.gathering import GatheringJournal
from smakom_mail.store.journal import journal_beside
from smakom_mail.store.lists import scope_code
from smakom_mail.store.sidecar import read_sidecar
from smakom_mail.tokens import make_token
from tests.services.receiving import THEN, add, newsletter, person, place

KEEP = """
INSERT INTO meta (key, value) VALUES (:key, 'x') ON CONFLICT (key) DO UPDATE SET value = 'y'
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a newsletter."""
    return newsletter(tmp_path / "brev")


@pytest.fixture
def desk(root: Path) -> Iterator[Desk]:
    """Open a desk that waits for nobody."""
    made = Desk(opener(root), patience=0.0)
    made.open()
    yield made
    made.close()


def opener(root: Path) -> Callable[[bool], Store]:
    """Give what opens the store of a newsletter."""
    workplace = place(root)

    def opened(create: bool) -> Store:  # noqa: FBT001 - what the desk asks of it
        return open_store(workplace, {}, create=create)

    return opened


def keep(key: str) -> Callable[[Store], str]:
    """Give a job that writes a row."""

    def job(store: Store) -> str:
        store.database.run(KEEP, {"key": key})
        return key

    return job


def kept(root: Path) -> list[str]:
    """Read the rows, as any program would."""
    with sqlite3.connect(root / "var" / "smakom-mail.db") as connection:
        rows = connection.execute("SELECT key FROM meta WHERE value IN ('x', 'y') ORDER BY key")
        return [key for (key,) in rows]


def trace(store: Store, told: Callable[[str], None] | None) -> None:
    """Let every statement be told."""
    store.database._connection.set_trace_callback(told)  # noqa: SLF001 - SQLite tells only here


def impatient(store: Store) -> None:
    """Let the database say at once that another has it: the test need not wait."""
    store.database._patience = 0.0  # noqa: SLF001 - set only here


def held_up(desk: Desk) -> Callable[[], None]:
    """Let the desk be busy until what is given is called."""
    free, begun = threading.Event(), threading.Event()

    def job(_: Store) -> None:
        begun.set()
        free.wait()

    asked = desk.submit_alone(job)
    begun.wait()

    def go() -> None:
        free.set()
        asked.result()

    return go


def test_an_answer_is_given_when_the_row_is_there(root: Path, desk: Desk) -> None:
    assert desk.submit(keep("a")).result() == "a"
    assert kept(root) == ["a"]


def test_what_waits_is_done_together_in_one_commit(root: Path, desk: Desk) -> None:
    go = held_up(desk)
    told: list[str] = []
    desk.submit_alone(lambda store: trace(store, told.append))
    asked = [desk.submit(keep(f"{n:03}")) for n in range(150)]
    go()

    assert [each.result() for each in asked] == [f"{n:03}" for n in range(150)]
    assert kept(root) == [f"{n:03}" for n in range(150)]
    assert told.count("COMMIT") == 1


def test_many_leave_by_one_forced_write_of_the_journal(
    root: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opener(root)(False) as store:  # noqa: FBT003 - as above
        people = [person(store, f"a{n}@kommun.se") for n in range(100)]
        add(store, *people)
        code = scope_code(store.database, ("prenumeranter",))
        tokens = [
            make_token(store.keyring, "unsubscribe", bytes.fromhex(each.ref), code)
            for each in people
        ]
    forced: list[int] = []
    fsync = os.fsync

    def counted(file: int) -> None:
        forced.append(file)
        fsync(file)

    monkeypatch.setattr(os, "fsync", counted)
    go = held_up(desk)
    asked = [
        desk.submit(lambda store, token=token: leave(store, token, "page", THEN))  # type: ignore[misc] # mypy knows no such lambda
        for token in tokens
    ]
    go()

    assert [each.result() for each in asked] == [True] * 100
    lines = (root / "var" / "smakom-mail.db.journal").read_text("utf-8").splitlines()
    assert len(lines) == 100
    # The new file, what stands beside it, and their folder: once for all hundred.
    assert 1 <= len(forced) < 10


def leaving(root: Path, *emails: str) -> list[Callable[[Store], bool]]:
    """Add people, and give the acts by which they leave."""
    with opener(root)(False) as store:  # noqa: FBT003 - as above
        people = [person(store, email) for email in emails]
        add(store, *people)
        code = scope_code(store.database, ("prenumeranter",))
        refs = [bytes.fromhex(each.ref) for each in people]
        tokens = [make_token(store.keyring, "unsubscribe", ref, code) for ref in refs]
    return [partial(leave, token=token, how="one-click", act=THEN) for token in tokens]


def behind(root: Path) -> int:
    """Say by how many bytes the sidecar is behind the journal."""
    journal = journal_beside(root / "var" / "smakom-mail.db")
    sidecar = read_sidecar(journal.sidecar)
    assert sidecar
    return journal.size() - sidecar.journal


def test_the_sidecar_knows_of_the_first_no_before_it_is_answered(root: Path, desk: Desk) -> None:
    [first] = leaving(root, "a@kommun.se")

    assert desk.submit(first).result()
    assert behind(root) == 0


def test_the_sidecar_catches_up_when_nobody_says_more(root: Path, desk: Desk) -> None:
    for each in leaving(root, "a@kommun.se", "b@kommun.se", "c@kommun.se"):
        desk.submit(each).result()

    while behind(root):  # ends, or the test is stopped
        time.sleep(0.01)


def test_the_sidecar_catches_up_once_another_program_has_written(root: Path, desk: Desk) -> None:
    first, second = leaving(root, "a@kommun.se", "b@kommun.se")
    desk.submit(first).result()
    desk.submit(second).result()
    with closing(sqlite3.connect(root / "var" / "smakom-mail.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        late = desk.submit(keep("late"), patience=0.1)
        with pytest.raises(BusyError):
            late.result()
        other.execute("COMMIT")

    while behind(root):
        time.sleep(0.01)


def test_the_sidecar_has_caught_up_when_the_desk_is_closed(root: Path) -> None:
    made = Desk(opener(root))
    made.open()
    asked = [made.submit(each) for each in leaving(root, "a@kommun.se", "b@kommun.se")]
    made.close()

    assert [each.result() for each in asked] == [True, True]
    assert behind(root) == 0


def test_a_sidecar_that_cannot_be_written_keeps_nobody_from_leaving(
    root: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = leaving(root, "a@kommun.se", "b@kommun.se", "c@kommun.se")
    desk.submit(first).result()
    tried = threading.Event()

    def broken(_self: object, _database: object) -> None:
        tried.set()
        raise OSError("no such device")

    monkeypatch.setattr(GatheringJournal, "catch_up", broken)

    assert desk.submit(second).result()
    tried.wait()
    assert desk.submit(third).result()


def test_one_that_fails_fails_alone(root: Path, desk: Desk) -> None:
    def broken(store: Store) -> str:
        store.database.run(KEEP, {"key": "broken"})
        raise ValueError("a bug")

    go = held_up(desk)
    asked = [desk.submit(keep("a")), desk.submit(broken), desk.submit(keep("b"))]
    go()

    assert asked[0].result() == "a"
    with pytest.raises(ValueError, match="a bug"):
        asked[1].result()
    assert asked[2].result() == "b"
    assert kept(root) == ["a", "b"]


def test_it_waits_while_another_program_has_the_database(root: Path) -> None:
    waiting = Desk(opener(root), patience=60.0)
    waiting.open()
    other = sqlite3.connect(root / "var" / "smakom-mail.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting.submit_alone(impatient)
    asked = waiting.submit(keep("a"))
    refused = waiting.submit(keep("b"), patience=-1.0)

    with pytest.raises(BusyError):
        refused.result()
    assert not asked.done()
    other.execute("COMMIT")
    assert asked.result() == "a"
    waiting.close()
    other.close()


def test_closing_answers_all_that_was_taken_and_takes_no_more(root: Path) -> None:
    made = Desk(opener(root))
    made.open()
    go = held_up(made)
    asked = [made.submit(keep(f"{n:02}")) for n in range(50)]
    closing = threading.Thread(target=made.close)
    closing.start()
    go()
    closing.join()

    assert [each.result() for each in asked] == [f"{n:02}" for n in range(50)]
    with pytest.raises(DeskClosedError):
        made.submit(keep("late"))
    assert len(kept(root)) == 50


def test_a_database_that_was_exchanged_is_opened_anew(root: Path, desk: Desk) -> None:
    desk.submit(keep("a")).result()
    database = root / "var" / "smakom-mail.db"
    with opener(root)(False) as store:  # noqa: FBT003 - as above
        copy = root / "copy.db"
        copy.touch(0o600)
        store.database.copy_into(copy)
    copy.replace(database)
    for name in ("smakom-mail.db-wal", "smakom-mail.db-shm"):
        (root / "var" / name).unlink(missing_ok=True)

    desk.submit(keep("b")).result()

    assert kept(root) == ["a", "b"]


def test_a_database_that_is_gone_is_not_made_anew(root: Path, desk: Desk) -> None:
    desk.submit(keep("a")).result()
    for file in (root / "var").glob("smakom-mail.db*"):
        file.unlink()

    with pytest.raises(StoreError, match="there is no database yet"):
        desk.submit(keep("b")).result()
    assert not (root / "var" / "smakom-mail.db").exists()


def test_a_store_that_cannot_be_opened_is_told_at_once(root: Path) -> None:
    (root / "var").mkdir()
    (root / "var" / "smakom-mail.db").write_bytes(b"this is no database at all" * 100)

    with pytest.raises(StoreError):
        Desk(opener(root)).open()
