"""Files of people that are no such thing, through the command: a sentence each, never a trace."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.cli import acting
from tests.services.running import ran
from tests.services.subscribing.keeping import SECRET

Cli = Callable[..., Result]
CONSENT = ("--basis", "consent", "--wording", "Ja.")


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a secret, and let no machine be slow."""
    monkeypatch.setattr(acting, "PATIENCE", 1e9)
    for name, value in SECRET.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("empty.csv", b"", "the file is empty"),
        ("blank.csv", b"\n\n \n", "the file is empty"),
        ("nul.csv", b"email\nanna@example.se\0\n", "row 2 holds empty bytes (NUL): the file is"),
        ("utf16.csv", "email\na@example.se\n".encode("utf-16"), "the file is saved as Unicode"),
        ("headless.csv", b"anna@example.se;Anna\n", "the first row has no headers, only data:"),
        ("other.csv", b"namn;kommun\nAnna;\n", "no column is called email; the columns are namn"),
        ("twice.csv", b"email;e-post\na@example.se;\n", "two columns are for the same thing:"),
        ("page.xlsx", b"<!doctype html><table>", "the file is no table but a web page: save it"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "the file is in Excel's"),
        ("broken.xlsx", b"PK\x03\x04" + b"\xff" * 600, "the workbook is damaged and cannot be"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 90, "the file is no table but a picture"),
        ("noise.csv", bytes(range(256)) * 40, "row "),
    ],
)
def test_what_is_no_table_is_said_in_a_sentence(
    cli: Cli, project: Path, name: str, data: bytes, message: str
) -> None:
    (project / name).write_bytes(data)

    out, err = ran(cli("subscribers", "import", name, "--apply", *CONSENT), 1)

    assert out == ""
    assert err.startswith(f"error: {name}: {message}")
    assert re.fullmatch(r"error: .+\n    hint: nothing was changed\n", err)
    assert not (project / "var").exists(), "nothing is made for a file that is none"


def test_the_name_of_a_file_does_not_matter(cli: Cli, project: Path) -> None:
    (project / "people.docx").write_bytes("e-post;namn\nåsa@example.se;Å\nbo@example.se;".encode())

    out, _ = ran(cli("subscribers", "import", "people.docx", *CONSENT))

    assert "added              1\n" in out


def test_a_link_to_a_file_is_read(cli: Cli, project: Path) -> None:
    (project / "real.csv").write_bytes(b"email\nanna@example.se\n")
    (project / "link.csv").symlink_to("real.csv")

    assert "added              1\n" in ran(cli("subscribers", "import", "link.csv", *CONSENT))[0]


@pytest.mark.parametrize("name", ["folder.csv", "pipe.csv", "loop.csv", "missing.csv", "/dev/zero"])
def test_what_is_no_file_is_said_at_once(cli: Cli, project: Path, name: str) -> None:
    (project / "folder.csv").mkdir()
    (project / "loop.csv").symlink_to("loop.csv")
    os.mkfifo(project / "pipe.csv")

    _, err = ran(cli("subscribers", "import", name), 1)

    assert re.fullmatch(rf"error: {name} (is|cannot be) .+\n    hint: .+\n", err)


def test_a_file_that_may_not_be_read_is_named(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "a.csv").write_bytes(b"email\n")

    def refused(*_arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("smakom_mail.services.importing.os.open", refused)

    assert ran(cli("subscribers", "import", "a.csv"), 1)[1] == (
        "error: a.csv cannot be read: Permission denied\n"
        "    hint: see where it lies, and whose it is\n"
    )


def test_40_megabytes_of_one_line_are_no_trouble(cli: Cli, project: Path) -> None:
    line = b'"' + b"x" * 40_000_000
    (project / "long.csv").write_bytes(b"email\nanna@example.se\n" + line)

    out, _ = ran(cli("subscribers", "import", "long.csv", "--apply", *CONSENT))

    assert "added              1\n" in out
    assert "rejected           1\n" in out


def test_a_hundred_thousand_rows_of_one_person_are_one_person(cli: Cli, project: Path) -> None:
    rows = b"anna@example.se,Anna,Kommunen i fj\xc3\xa4llen vid gr\xc3\xa4nsen\n" * 100_000
    (project / "many.csv").write_bytes(b"email,namn,kommun\n" + rows)

    out, _ = ran(cli("subscribers", "import", "many.csv", "--apply", *CONSENT))

    assert "added              1\n" in out
    assert "repeated       99999   say what a row above says\n" in out
