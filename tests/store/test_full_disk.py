"""A disk without room: what was committed stands, the rest is put off, and all of it is said."""

import errno
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from smakom_mail.errors import StoreError
from smakom_mail.store import Database, open_database
from smakom_mail.store.erasing import Left, erase_traces, forget
from smakom_mail.store.faults import NoRoomError, Stated
from smakom_mail.store.lists import keep_lists
from smakom_mail.store.people import find_by_id, find_by_key
from tests.store.peopled import LISTS, NOW, added, imported, journal_of, person, row

KIM = "kim.ovanlig@exempel.example"


class Disk(NamedTuple):
    """A disk of 8 MB: its folder, and what leaves no more than so many bytes of it free."""

    folder: Path
    leave: Callable[[int], None]

    def empty(self) -> None:
        """Make room again."""
        (self.folder / "filling").unlink(missing_ok=True)


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    """Mount a small disk; who may not gets a folder that says it is one, and takes no new file."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount") or "mount"
    command = [mount, "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if mounted:
        yield Disk(folder, lambda free: _fill(folder, free))
        subprocess.run([shutil.which("umount") or "umount", folder], check=True)
        return
    asked = shutil.disk_usage

    def usage(path: Path) -> object:
        filling = folder / "filling"
        free = int(filling.read_text("ascii")) if filling.is_file() else 8_000_000
        return asked(path)._replace(free=free)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    yield Disk(folder, lambda free: _write(folder / "filling", free))


def _write(filling: Path, free: int) -> None:
    filling.write_text(str(free), encoding="ascii")


def _fill(folder: Path, free: int) -> None:
    with (folder / "filling").open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, shutil.disk_usage(folder).free - free)


@pytest.fixture
def database(disk: Disk) -> Iterator[Database]:
    """Make a database of about a megabyte on the small disk."""
    made = open_database("sqlite:///people.db", disk.folder, create=True)
    keep_lists(made, LISTS)
    imported(made, [row(n, f"other{n}@exempel.example", "press") for n in range(1_500)])
    made.empty_log()
    yield made
    made.close()


def size(database: Database) -> int:
    return database.path.stat().st_size


def opened(database: Database) -> Database:
    return open_database("sqlite:///people.db", database.path.parent, create=False)


def test_who_is_forgotten_without_room_for_a_new_file_is_forgotten_and_it_is_told(
    database: Database, disk: Disk
) -> None:
    (id_,) = added(database, person(KIM, "medlemmar"))
    database.empty_log()
    disk.leave(size(database) - 200_000)

    left = forget(database, journal_of(database), id_, NOW)

    assert left == "there is no room on the disk to write the file anew"
    assert find_by_key(database, KIM) is None
    found = find_by_id(database, id_)
    assert found is not None
    assert found.state == "forgotten"
    other = opened(database)
    assert erase_traces(other, wait=False) is Left.NO_ROOM
    disk.empty()
    assert erase_traces(other, wait=False) is Left.NOTHING
    other.close()
    assert KIM.encode() not in database.path.read_bytes()


def test_what_is_not_committed_for_want_of_room_says_so(tmp_path: Path) -> None:
    """SQLite calls it a fault of the disk where it has no room for its shared memory."""
    fault = sqlite3.OperationalError("disk I/O error")
    fault.sqlite_errorcode = 4874  # SQLITE_IOERR_SHMSIZE

    def full(dir: Path) -> object:  # noqa: A002 - as tempfile calls it
        assert dir == tmp_path
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def failing() -> None:
        with Stated(tmp_path / "people.db"):
            raise fault

    with pytest.raises(StoreError) as error:
        failing()
    assert error.value.message == (
        f"the database {tmp_path}/people.db cannot be read or written: the disk reports a fault"
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tempfile, "TemporaryFile", full)
        with pytest.raises(NoRoomError) as error:
            failing()
    assert error.value.message == (
        f"the database {tmp_path}/people.db cannot be written: the disk is full"
    )
