"""A lock that dies with its program."""

import subprocess
import sys
from pathlib import Path

from smakom_mail.store.locks import take_lock

HOLD = """
import sys, time
from pathlib import Path
from smakom_mail.store.locks import take_lock
assert take_lock(Path(sys.argv[1])) is not None
print("held", flush=True)
time.sleep(600)
"""


def holding(path: Path) -> "subprocess.Popen[str]":
    """Start a program that holds a lock until it is killed."""
    program = [sys.executable, "-c", HOLD, str(path)]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_lock_is_held_once_and_again_after_its_release(tmp_path: Path) -> None:
    lock = take_lock(tmp_path / "locks" / "one")
    assert lock is not None
    assert take_lock(tmp_path / "locks" / "one") is None
    lock.release()
    again = take_lock(tmp_path / "locks" / "one")
    assert again is not None
    again.release()
    assert list((tmp_path / "locks").iterdir()) == []


def test_a_lock_goes_with_a_program_that_is_killed(tmp_path: Path) -> None:
    with holding(tmp_path / "one") as process:
        held = take_lock(tmp_path / "one")
        process.kill()
    assert held is None
    lock = take_lock(tmp_path / "one")
    assert lock is not None
    lock.release()


def test_a_lock_is_not_inherited_by_what_its_holder_starts(tmp_path: Path) -> None:
    """Else the password command of a sender that was killed would stand for it."""
    lock = take_lock(tmp_path / "one")
    assert lock is not None
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        lock.release()
        again = take_lock(tmp_path / "one")
        child.communicate(b"\n")
    assert again is not None
    again.release()
