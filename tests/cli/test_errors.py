"""Every stated problem is a sentence and a hint; a bug is a log file and no traceback."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.services import checking

Cli = Callable[..., Result]
SLUG = "januari-2021"


@pytest.mark.parametrize(
    ("arguments", "error", "hint"),
    [
        (
            ["check", "januari-2020"],
            "there is no edition “januari-2020” in newsletters/",
            "did you mean “januari-2021”?",
        ),
        (
            ["build", "zzzzzz"],
            "there is no edition “zzzzzz” in newsletters/",
            "make it: smakom-mail new zzzzzz",
        ),
        (
            ["check", "../januari-2021"],
            "“../januari-2021” cannot be the name of an edition",
            "use small letters, digits and hyphens, as in januari-2021",
        ),
        (
            ["new", "Februari 2021"],
            "“Februari 2021” cannot be the name of an edition",
            "use small letters, digits and hyphens, as in februari-2021",
        ),
        (
            ["new", SLUG],
            "the edition “januari-2021” is already there",
            "see what it lacks: smakom-mail check januari-2021",
        ),
        (
            ["init", "newsletters"],
            "newsletters is not empty",
            "name a new folder: smakom-mail init my-newsletter",
        ),
        (
            ["init", "smakom-mail.toml"],
            "smakom-mail.toml is a file",
            "name a new folder: smakom-mail init my-newsletter",
        ),
        (
            ["build", SLUG, "--out", "seeds"],
            "seeds holds something else than a build, so it is not replaced",
            "name an empty or new folder with --out",
        ),
        (
            ["build", SLUG, "--out", "."],
            ". holds something else than a build, so it is not replaced",
            "name an empty or new folder with --out",
        ),
    ],
)
def test_a_stated_problem_is_a_sentence_and_a_hint(
    cli: Cli, arguments: list[str], error: str, hint: str
) -> None:
    result = cli(*arguments)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == f"error: {error}\n    hint: {hint}\n"


def test_no_project_is_a_stated_problem(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = cli("check", SLUG)

    assert result.exit_code == 1
    assert result.stderr == (
        f"error: there is no smakom-mail.toml in {tmp_path} or in a folder above it\n"
        "    hint: go to the newsletter's folder, name it with --project DIR, "
        "or make one: smakom-mail init DIR\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check"], "Error: Missing argument 'EDITION'."),
        (["chekc", SLUG], "Error: No such command 'chekc'."),
        (
            ["check", SLUG, "--frmat", "json"],
            "Error: No such option '--frmat'. Did you mean '--format'?",
        ),
        (
            ["check", SLUG, "--format", "xml"],
            "'xml' is not one of 'text', 'json', 'sarif', 'html'.",
        ),
        (
            ["check", SLUG, "--lang", "no"],
            "Error: Invalid value for '--lang': 'no' is not one of 'sv', 'en'.",
        ),
        (
            ["--project", "saknas", "check", SLUG],
            "Error: Invalid value for '--project': Directory 'saknas' does not exist.",
        ),
        (
            ["build", SLUG, "--out", "smakom-mail.toml"],
            "Error: Invalid value for '--out': Directory 'smakom-mail.toml' is a file.",
        ),
    ],
)
def test_wrong_usage_is_exit_code_2(cli: Cli, arguments: list[str], said: str) -> None:
    result = cli(*arguments)

    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_a_bug_writes_a_log_and_shows_no_traceback(
    cli: Cli, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("så ska det inte vara")

    monkeypatch.setattr(checking, "load_edition", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = sorted(project.rglob("*"))

    result = cli("check", SLUG)

    assert result.exit_code == 3
    first, second = result.stderr.splitlines()
    assert first == "bug: RuntimeError: så ska det inte vara"
    named = re.fullmatch(r"    hint: please report it with the file (.+\.log)", second)
    assert named
    log = Path(named[1]).read_text(encoding="utf-8")
    assert log.startswith("smakom-mail ")
    assert log.endswith("RuntimeError: så ska det inte vara\n")
    assert "Traceback" in log
    assert "Traceback" not in result.output
    assert sorted(project.rglob("*")) == before, "never into the project"


def test_an_interrupted_command_ends_with_130(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "load_edition", interrupted)

    result = cli("check", SLUG)

    assert (result.exit_code, result.stderr) == (130, "interrupted\n")


WAITING = """
import sys, time
from smakom_mail.cli import main
from smakom_mail.services import checking

def wait(*_):
    print("ready", flush=True)
    time.sleep(60)

checking.load_edition = wait
main(["check", "januari-2021"])
"""


def test_ctrl_c_leaves_no_traceback(project: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITING],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout
        assert running.stdout.readline() == "ready\n"
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=60)

    assert (running.returncode, errors) == (130, "interrupted\n")


def test_a_reader_that_goes_away_is_no_bug(project: Path) -> None:
    code = "from smakom_mail.cli import main; main(['seeds', 'show', 'smakom-januari-2021'])"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout
        running.stdout.close()
        assert running.stderr
        errors = running.stderr.read()
        running.wait(60)

    assert b"Traceback" not in errors
    assert b"bug:" not in errors
