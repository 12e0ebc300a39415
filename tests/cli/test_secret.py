"""`secret check` and `secret rotate`: all about the secret but the secret."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.tokens import Keyring
from tests.services.running import as_json, ran

Cli = Callable[..., Result]
CANARY = "kanariefageln-sjunger-inte-i-loggen"
OLDER = "en-aldre-hemlighet-som-ar-lang-nog-1"
NAME, OLDER_NAME = Keyring((CANARY.encode(), OLDER.encode())).names
KEEP = "keep a copy of it where the backups of the database are not\n"


@pytest.fixture
def written(project: Path) -> Path:
    """Write a secret and an older one; give the file."""
    path = project / "var/secret"
    path.parent.mkdir()
    path.write_text(f"{CANARY}\n{OLDER}\n", encoding="ascii")
    path.chmod(0o600)
    return path


def test_check_says_where_it_is_who_reaches_it_and_what_each_is_called(
    cli: Cli, written: Path
) -> None:
    out, err = ran(cli("secret", "check"))

    assert out == (
        "the secret is in var/secret (mode 0600)\n"
        f"    {NAME}  current\n"
        f"    {OLDER_NAME}  known as before\n"
    )
    assert err == ""
    assert written.read_text(encoding="ascii") == f"{CANARY}\n{OLDER}\n"


def test_check_as_json(cli: Cli, written: Path) -> None:
    assert written.exists()
    assert as_json(cli("secret", "check", "--format", "json")) == {
        "source": "file",
        "file": "var/secret",
        "mode": "0600",
        "names": [NAME, OLDER_NAME],
        "unread": False,
    }


def test_check_makes_none(cli: Cli, project: Path) -> None:
    out, _ = ran(cli("secret", "check"))

    assert out == "there is no secret yet; var/secret is made at first need\n"
    assert not (project / "var").exists()


def test_check_says_that_the_environment_comes_first(
    cli: Cli, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert written.exists()
    monkeypatch.setenv("SMAKOM_MAIL_SECRET", OLDER)

    out, _ = ran(cli("secret", "check"))

    assert out == (
        "the secret is in SMAKOM_MAIL_SECRET (the environment)\n"
        f"    {OLDER_NAME}  current\n"
        "var/secret is there too, and is not read\n"
    )


def test_check_refuses_what_could_not_be_used(cli: Cli, written: Path) -> None:
    written.chmod(0o644)

    out, err = ran(cli("secret", "check"), 1)

    assert out == ""
    assert err == (
        "error: others can reach var/secret: its mode is 0644\n"
        f"    hint: chmod 600 {written} (on a disk without modes: set SMAKOM_MAIL_SECRET instead)\n"
    )


def test_rotate_makes_a_new_one_and_keeps_the_old(cli: Cli, written: Path) -> None:
    out, err = ran(cli("secret", "rotate", "--yes"))

    first, *rest = written.read_text(encoding="ascii").split()
    assert rest == [CANARY, OLDER]
    fresh = Keyring((first.encode(),)).names[0]
    assert out == (
        "the secret is in var/secret (mode 0600)\n"
        f"    {fresh}  current\n"
        f"    {NAME}  known as before\n"
        f"    {OLDER_NAME}  known as before\n"
    )
    assert err == KEEP
    assert first not in out + err


def test_rotate_changes_nothing_where_nobody_can_answer(cli: Cli, written: Path) -> None:
    out, err = ran(cli("secret", "rotate"), 1)

    assert (out, err) == ("", "nothing is changed: answer yes, or write --yes\n")
    assert written.read_text(encoding="ascii") == f"{CANARY}\n{OLDER}\n"


def test_rotate_makes_the_first(cli: Cli, project: Path) -> None:
    out, err = ran(cli("secret", "rotate", "--yes", "--format", "json"))

    assert json.loads(out)["names"] == list(
        Keyring(((project / "var/secret").read_bytes().strip(),)).names
    )
    assert err == KEEP


def test_rotate_says_how_to_change_one_of_the_environment_without_asking(
    cli: Cli, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMAKOM_MAIL_SECRET", CANARY)

    out, err = ran(cli("secret", "rotate"), 1)

    assert out == ""
    assert err == (
        "error: the secret comes from SMAKOM_MAIL_SECRET, which is not ours to change\n"
        "    hint: put its value first in SMAKOM_MAIL_SECRETS_OLD (commas between), and a new "
        "one in SMAKOM_MAIL_SECRET: "
        'python3 -c "import secrets; print(secrets.token_urlsafe(48))"\n'
    )
    assert written.read_text(encoding="ascii") == f"{CANARY}\n{OLDER}\n"


@pytest.mark.parametrize("arguments", [["check"], ["rotate"], ["rotate", "--yes"], ["-h"]])
@pytest.mark.parametrize("form", [[], ["--format", "json"]])
@pytest.mark.parametrize("broken", [b"", b"\0", b"\xff", b"short"])
def test_no_secret_is_ever_printed(
    cli: Cli, written: Path, arguments: list[str], form: list[str], broken: bytes
) -> None:
    """Whole and broken, by every command and in every form."""
    written.write_bytes(CANARY.encode() + b"\n" + OLDER.encode() + b"\n" + broken)

    output = cli("secret", *arguments, *form).output

    assert output
    kept = written.read_bytes().split()
    assert [
        secret for secret in kept if len(secret) > 5 and secret.decode("latin-1") in output
    ] == []
    assert CANARY[:12] not in output
