"""Where a bug's traceback goes."""

import tempfile
from pathlib import Path

import pytest

from smakom_mail.services.bug_log import write_bug_log


def fail() -> str:
    try:
        return str(1 / 0)
    except ZeroDivisionError:
        return write_bug_log()


def test_a_traceback_is_kept_in_a_file_outside_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    said = fail()
    assert said.startswith(f"file {tmp_path}/smakom-mail-")
    text = Path(said.removeprefix("file ")).read_text(encoding="utf-8")
    assert text.startswith("smakom-mail ")
    assert text.endswith("ZeroDivisionError: division by zero\n")


def test_on_a_full_disk_the_traceback_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkstemp", full)
    assert fail() == "text above"
    assert capsys.readouterr().err.endswith("ZeroDivisionError: division by zero\n")


def test_nobody_is_named_in_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    typed = [
        "subscribers",
        "add",
        "anna@example.se",
        "--name",
        "Anna Berg",
        "--wording=Ja",
        "--yes",
    ]
    monkeypatch.setattr("sys.argv", ["smakom-mail", *typed])

    def reported(words: str) -> str:
        try:
            return str(int(words))
        except ValueError:
            return write_bug_log()

    text = Path(reported("<anna@example.se>: åsa.berg@åmål.se").removeprefix("file ")).read_text(
        encoding="utf-8"
    )

    assert text.splitlines()[1] == (
        "['subscribers', 'add', '(address)', '--name', '(text)', '--wording=(text)', '--yes']"
    )
    assert text.endswith("with base 10: '<(address)>: (address)'\n")
    assert "anna" not in text.lower()
