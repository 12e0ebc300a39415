"""The commands for the database as programs of their own, killed half-way."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from smakom_mail.services.storing import check_store
from smakom_mail.services.workplace import open_workplace
from smakom_mail.store import Database
from smakom_mail.store.lists import keep_lists
from smakom_mail.store.migrating import migrations, upgrade_schema
from tests.services.running import Cli, as_json, ran
from tests.services.subscribing.keeping import SECRET, made_project
from tests.store.peopled import LISTS, added, person

PEOPLE = 4_000
PARTS = 8


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a project whose database is of the first version, with 4,000 people in it."""
    root = made_project(tmp_path / "project")
    (root / "var").mkdir(mode=0o700)
    (root / "var/smakom-mail.db").touch(0o600)
    with closing(Database(root / "var/smakom-mail.db")) as database:
        upgrade_schema(database, migrations()[:1])
        keep_lists(database, LISTS)
        added(database, *(person(f"p{n}@example.se", "press") for n in range(PEOPLE)))
    return root


def started(root: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start ``smakom-mail db`` in a project."""
    command = [sys.executable, "-m", "smakom_mail", "db", *arguments]
    environment = {**os.environ, **SECRET}
    return subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finished(process: subprocess.Popen[bytes]) -> None:
    """Wait for a program that ends well."""
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()


def killed(process: subprocess.Popen[bytes], when: Callable[[], bool]) -> None:
    """Kill a program as soon as something is so, or when it ends by itself before that."""
    while process.poll() is None and not when():
        time.sleep(0.0005)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def after(seconds: float) -> Callable[[], bool]:
    """Say when so much time has gone."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def appears(folder: Path, pattern: str) -> Callable[[], bool]:
    """Say when there is such a file."""
    return lambda: any(folder.glob(pattern))


def people(file: Path) -> int:
    """Count the people in a database that is whole."""
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (number,) = database.execute("SELECT COUNT(*) FROM subscribers").fetchone()
    assert isinstance(number, int)
    return number


def wholes(folder: Path) -> list[int]:
    """Count the people in each file that goes by the name of a backup."""
    names = sorted(folder.glob("*.db")) if folder.is_dir() else []
    return [people(file) for file in names if not file.name.startswith(".")]


def duration(root: Path, folder: Path, *arguments: str) -> float:
    """Give how long a command takes that is not killed."""
    copy = shutil.copytree(root, folder)
    begun = time.monotonic()
    finished(started(copy, *arguments))
    return time.monotonic() - begun


def test_a_backup_that_is_killed_is_none(root: Path, tmp_path: Path) -> None:
    takes = duration(root, tmp_path / "whole", "backup", "kopior/kopia.db")

    for part in range(PARTS):
        copy = shutil.copytree(root, tmp_path / f"killed-{part}")
        halves = copy / "kopior"
        process = started(copy, "backup", "kopior/kopia.db")
        delay = after(takes * (0.4 + 0.08 * part))
        killed(process, delay if part % 2 else appears(halves, ".kopia.db.*"))

        assert wholes(halves) in ([], [PEOPLE])
        assert people(copy / "var/smakom-mail.db") == PEOPLE
        finished(started(copy, "backup", "kopior/kopia.db", "--yes"))
        assert wholes(halves) == [PEOPLE]


def test_an_upgrade_that_is_killed_is_done_or_not(root: Path, tmp_path: Path) -> None:
    takes = duration(root, tmp_path / "whole", "upgrade")

    for part in range(PARTS):
        copy = shutil.copytree(root, tmp_path / f"killed-{part}")
        backups = copy / "var/backups"
        process = started(copy, "upgrade")
        delay = after(takes * (0.4 + 0.08 * part))
        killed(process, delay if part % 2 else appears(backups, "*.db"))

        assert people(copy / "var/smakom-mail.db") == PEOPLE
        assert set(wholes(backups)) <= {PEOPLE}
        # Backups are named by the second, and one that is there is never replaced.
        time.sleep(1 - time.time() % 1)
        finished(started(copy, "upgrade"))
        assert checked(copy) == (migrations()[-1].number, PEOPLE)


def checked(root: Path) -> tuple[int, int]:
    """Give the version and the people of a database in which nothing is wrong but its hashes."""
    found = check_store(open_workplace(root, {}), SECRET)
    assert {problem.code for problem in found.problems} <= {"secret", "fingerprint"}
    return found.version, people(found.database)


def test_what_a_killed_backup_left_is_named_when_somebody_is_forgotten(
    cli: Cli, project: Path
) -> None:
    ran(cli("subscribers", "add", "anna@example.se", "--basis", "membership"))
    half = project / "var/backups/.smakom-mail-1.db.x7"
    half.parent.mkdir()
    half.write_bytes(b"SQLite format 3\0")

    found = as_json(cli("subscribers", "forget", "anna@example.se", "--yes", "--format", "json"))

    assert found["backups"] == ["var/backups/.smakom-mail-1.db.x7"]
