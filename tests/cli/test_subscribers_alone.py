"""The commands for people as programs of their own: killed half-way, and two at a time."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from smakom_mail.config.selection import Term
from smakom_mail.store.audience import candidates
from smakom_mail.store.people import each_person
from tests.services.subscribing.keeping import SECRET, made_project, opened

PEOPLE = 3_000
OLD = 1_500
CONSENT = ("--basis", "consent", "--wording", "Ja.")


def started(root: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start smakom-mail in a project."""
    command = [sys.executable, "-m", "smakom_mail", "subscribers", *arguments]
    environment = {**os.environ, **SECRET}
    return subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finished(process: subprocess.Popen[bytes]) -> str:
    """Wait for a program that ends well; give what it printed."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()
    return out.decode()


def table(path: Path, number: int, name: str) -> str:
    """Write a table of so many people; give its name."""
    rows = "".join(f"p{n}@example.se,{name} {n},Åmål\n" for n in range(number))
    path.write_text(f"email,name,kommun\n{rows}", encoding="utf-8")
    return path.name


def names(root: Path) -> set[tuple[str, int]]:
    """Give the first names that people have, with how many have them."""
    with opened(root) as store:
        found = [person.name.split()[0] for person in each_person(store.database)]
        assert store.database.damages() == []
    return {(name, found.count(name)) for name in set(found)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a project with 1,500 people, and a table that renames them and doubles them."""
    root = made_project(tmp_path / "project")
    first = table(root / "first.csv", OLD, "Gammal")
    finished(started(root, "import", first, "--apply", *CONSENT))
    table(root / "second.csv", PEOPLE, "Ny")
    return root


def test_an_import_that_is_killed_has_done_all_or_nothing(root: Path, tmp_path: Path) -> None:
    begun = time.monotonic()
    whole = shutil.copytree(root, tmp_path / "whole")
    finished(started(whole, "import", "second.csv", "--apply", *CONSENT))
    takes = time.monotonic() - begun
    assert names(whole) == {("Ny", PEOPLE)}

    for part in range(1, 11):
        killed = shutil.copytree(root, tmp_path / f"killed-{part}")
        process = started(killed, "import", "second.csv", "--apply", *CONSENT)
        time.sleep(takes * (0.3 + 0.07 * part))
        process.send_signal(signal.SIGKILL)
        process.communicate()

        assert names(killed) in ({("Gammal", OLD)}, {("Ny", PEOPLE)})
        finished(started(killed, "import", "second.csv", "--apply", *CONSENT))
        assert names(killed) == {("Ny", PEOPLE)}


@pytest.mark.parametrize("wait", [0.0, 0.3, 0.6])
def test_a_no_that_is_said_during_an_import_stands(root: Path, wait: float) -> None:
    """By somebody who is there, and by somebody whom the same import brings."""
    importing = started(root, "import", "second.csv", "--apply", *CONSENT)
    time.sleep(wait)
    leaving = [
        started(root, "unsubscribe", email) for email in ("p1@example.se", f"p{OLD}@example.se")
    ]
    for process in (importing, *leaving):
        finished(process)

    finished(started(root, "import", "second.csv", "--apply", *CONSENT))

    with opened(root) as store:
        reached = {c.email for c in candidates(store.database, Term("everyone")) if not c.excluded}
    everybody = {f"p{n}@example.se" for n in range(PEOPLE)}
    assert everybody - reached == {"p1@example.se", f"p{OLD}@example.se"}


def test_two_imports_at_once_are_one_after_the_other(root: Path) -> None:
    table(root / "third.csv", PEOPLE, "Nyast")
    both = [
        started(root, "import", name, "--apply", *CONSENT) for name in ("second.csv", "third.csv")
    ]
    for process in both:
        finished(process)

    assert names(root) in ({("Ny", PEOPLE)}, {("Nyast", PEOPLE)})


def test_an_export_can_be_cut_short_by_its_reader(root: Path) -> None:
    process = started(root, "export")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == (
        b"email,name,organisation,language,lists,tags,basis,consent_at,consent_source,wording\r\n"
    )
    process.stdout.close()
    process.wait(timeout=60)

    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
