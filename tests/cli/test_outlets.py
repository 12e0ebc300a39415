"""Whoever reads the output goes away: the command does what it was told all the same."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.test_proofing import relay
from tests.services.receiving import EDITION
from tests.services.running import as_json
from tests.services.sending.underway import peopled

Cli = Callable[..., Result]
PROGRAM = (sys.executable, "-m", "smakom_mail")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a newsletter with two readers."""
    return peopled(tmp_path / "brev", "asa", "bo")


def unread(*arguments: str, stdout: bool = True, stderr: bool = True) -> tuple[int, bytes]:
    """Run a command whose output goes into a pipe that nobody reads; give code and the rest."""
    reader, pipe = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [*PROGRAM, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=pipe if stdout else subprocess.PIPE,
            stderr=pipe if stderr else subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(pipe)
    return done.returncode, (done.stdout or b"") + (done.stderr or b"")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_sending_goes_on_where_nobody_reads_what_it_says(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    with relay(monkeypatch) as running:
        assert unread("send", EDITION, "--yes", "--format", form) == (0, b"")
    assert len(running.accepted) == 2
    assert as_json(cli("status", EDITION, "--format", "json"))["state"] == "finished"
    assert unread("resume", EDITION, "--format", form) == (0, b"")


@pytest.mark.usefixtures("cli")
def test_the_exit_code_is_that_of_the_command() -> None:
    assert unread("check", EDITION) == (0, b"")
    assert unread("check", "januari-2020") == (1, b"")
    assert unread("chekc") == (2, b"")
    assert unread("--help", stderr=False) == (0, b"")


@pytest.mark.usefixtures("cli")
def test_what_the_other_stream_says_is_still_heard() -> None:
    code, heard = unread("check", EDITION, "--format", "json", stdout=False)
    assert (code, json.loads(heard)["errors"]) == (0, 0)
    code, heard = unread("status", EDITION, stderr=False)
    assert (code, heard) == (
        1,
        b"error: exempel has not been sent\n    hint: to begin: smakom-mail send exempel\n",
    )


@pytest.mark.usefixtures("cli")
def test_streams_that_are_closed_from_the_beginning_stop_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command = f'"{sys.executable}" -m smakom_mail send {EDITION} --yes <&- >&- 2>&-'
    with relay(monkeypatch) as running:
        assert subprocess.run(["/bin/sh", "-c", command], check=False).returncode == 0
    assert len(running.accepted) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.usefixtures("cli")
def test_a_log_on_a_full_disk_stops_no_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    with relay(monkeypatch) as running, Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "send", EDITION, "--yes"], stdout=subprocess.PIPE, stderr=full, check=False
        )
    assert (done.returncode, len(running.accepted)) == (0, 2)
    assert b"exempel" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.usefixtures("cli")
@pytest.mark.parametrize("command", [("check", EDITION), ("seeds", "list"), ("--help",)])
def test_a_result_that_a_full_disk_cuts_off_is_a_stated_problem(command: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, *command], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr.decode().splitlines()[-2:]) == (
        1,
        [
            "error: the output cannot be written: No space left on device",
            "    hint: make room, or lead it elsewhere; what was done before stays done",
        ],
    )
