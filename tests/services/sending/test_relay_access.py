"""How the relay is reached: never in the open, and never with a secret that shows."""

import shlex
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from smakom_mail.config import read_config
from smakom_mail.errors import SmakomMailError
from smakom_mail.mail.smtp.auth import Credentials
from smakom_mail.services.sending import relay_access
from smakom_mail.services.sending.relay_access import (
    RelayNotConfiguredError,
    RelayRefusedError,
    open_access,
)
from smakom_mail.services.workplace import Workplace
from tests.repositories import add, repository

CANARY = "kanariefågeln sjunger-7"
TICKET = "eyJhbGciOi.kanariefageln.sjunger_7-0123456789"
SETTINGS = """[newsletter]
name = "Nytt från Näs"
[sender]
email = "nytt@nas.example"
[site]
url = "https://nytt.nas.example"
[relay]
host = "smtp.leverantor.example"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give an empty project; its name has to be quoted in a shell."""
    folder = tmp_path / "ett brev"
    folder.mkdir()
    return folder


def place(root: Path, text: str, environment: dict[str, str]) -> Workplace:
    return Workplace(root, *read_config(f"{SETTINGS}{text}\n", environment))


def signed_in(root: Path, text: str, **environment: str) -> Credentials:
    """Give what signs us in, with SMAKOM_MAIL_RELAY_… variables."""
    given = {f"SMAKOM_MAIL_RELAY_{name}": value for name, value in environment.items()}
    return open_access(place(root, text, given), given).credentials


def refused(root: Path, text: str, **environment: str) -> str:
    """Give ``sentence | hint`` of a refusal that shows no secret anywhere."""
    with pytest.raises(SmakomMailError) as raised:
        signed_in(root, text, **environment)
    for shown in everything_said(raised.value):
        for secret in (CANARY, TICKET, "kanarief", "sjunger"):
            assert secret not in shown
    return f"{raised.value.message} | {raised.value.hint}"


def everything_said(error: BaseException | None) -> Iterator[str]:
    """Yield all that an exception and what led to it would print."""
    while error is not None:
        yield from (str(error), repr(error), repr(error.args), repr(vars(error)))
        yield "".join(traceback.format_exception_only(error))
        error = error.__cause__ or error.__context__


def written(root: Path, content: str | bytes, mode: int = 0o600) -> Path:
    """Write the password's file as somebody might."""
    path = root / "losenord"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def command(name: str, *lines: str) -> str:
    """Give the setting of a command that runs lines of Python."""
    program = "; ".join(("import os, sys", *lines))
    words = ", ".join(f"'{word}'" for word in (sys.executable, "-c", program))
    return f"{name} = [{words}]"


# ---------------------------------------------------------------------------------- whether at all


def test_without_a_relay_it_says_how_to_try_everything(root: Path) -> None:
    workplace = Workplace(
        root, *read_config(SETTINGS.replace('host = "smtp.leverantor.example"', ""), {})
    )

    with pytest.raises(RelayNotConfiguredError) as raised:
        open_access(workplace, {}, "januari-2021")

    assert (raised.value.message, raised.value.hint) == (
        "no relay is configured, so nothing can be sent",
        (
            "set host under [relay] in smakom-mail.toml, or SMAKOM_MAIL_RELAY_HOST "
            "(docs/sending.md); to try everything without one: smakom-mail rehearse januari-2021"
        ),
    )


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_this_machine_may_be_spoken_to_in_the_open(root: Path, host: str) -> None:
    assert signed_in(root, 'security = "none"', HOST=host) == Credentials()


@pytest.mark.parametrize(
    ("port", "named"), [(25, "port 25 (port 25 is for mail between servers)"), (2525, "port 2525")]
)
def test_nothing_goes_to_another_machine_in_the_open(root: Path, port: int, named: str) -> None:
    said = refused(root, f'port = {port}\nsecurity = "none"')

    usual = named.removeprefix(f"port {port}")
    assert said == (
        f"nothing is sent to smtp.leverantor.example, port {port} without encryption | "
        f'use the relay\'s port 587 with security = "starttls", or 465 with "tls"{usual}; if it '
        "has neither, run a Postfix on this machine that takes the mail on localhost and passes "
        "it on"
    )


@pytest.mark.parametrize(
    "host", ["localhost.nas.example", "127.0.0.1.nas.example", "10.0.0.1", "0.0.0.1", "::"]
)
def test_what_only_looks_like_this_machine_is_another_one(root: Path, host: str) -> None:
    assert "without encryption" in refused(root, 'security = "none"', HOST=host)


def test_port_25_with_encryption_is_a_relay_like_any_other(root: Path) -> None:
    assert signed_in(root, "port = 25") == Credentials()


def test_a_fault_in_the_settings_stops_it(root: Path) -> None:
    """A rate that cannot be read would else be no limit at all."""
    assert refused(root, 'rate = "30/mn"') == (
        "nothing is sent by faulty settings: smakom-mail.toml:9: “rate” must be a number for "
        'each s, min, h or day, or "unlimited", not "30/mn" | '
        'write for example rate = "30/min, 10000/day"'
    )


# ----------------------------------------------------------------------------------- the password


def test_the_environment_comes_before_the_file_and_the_file_before_the_command(root: Path) -> None:
    written(root, "ur filen\n")
    both = 'username = "nytt"\npassword_file = "losenord"\n' + command(
        "password_command", 'print("ur kommandot")'
    )
    only = both.replace('password_file = "losenord"\n', "")

    found = [
        signed_in(root, both, PASSWORD=CANARY),
        signed_in(root, both),
        signed_in(root, both, PASSWORD=""),
        signed_in(root, only),
    ]
    assert [each.password for each in found] == [CANARY, "ur filen", "ur filen", "ur kommandot"]


@pytest.mark.parametrize(
    "content", [CANARY, f"{CANARY}\n", f"\ufeff{CANARY}\r\n\r\n", f"\n{CANARY}\n"]
)
def test_a_file_holds_the_password_and_nothing_else(root: Path, content: str) -> None:
    path = written(root, content)
    expected = Credentials("login", "nytt", CANARY)
    settings = 'username = "nytt"\nauth = "login"\npassword_file = "NAME"'

    assert signed_in(root, settings.replace("NAME", "losenord")) == expected
    assert signed_in(root, settings.replace("NAME", str(path))) == expected


def test_a_file_may_lie_in_the_home_folder(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(root, CANARY)
    monkeypatch.setenv("HOME", str(root))

    assert signed_in(root, 'username = "a"\npassword_file = "~/losenord"').password == CANARY


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_file_that_others_can_read_is_refused(root: Path, mode: int) -> None:
    path = written(root, CANARY, mode)

    assert refused(root, 'username = "nytt"\npassword_file = "losenord"') == (
        f"others can reach {path}: its mode is {mode:04o} | chmod 600 {shlex.quote(str(path))}"
    )


def test_a_file_that_git_keeps_is_refused(root: Path) -> None:
    repository(root)
    add(root, {"losenord": CANARY})
    (root / "losenord").chmod(0o600)

    assert refused(root, 'username = "nytt"\npassword_file = "losenord"').startswith(
        f"git keeps {root / 'losenord'}, so that everybody with the repository has "
        "the password for the relay | "
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{CANARY}\nannat\n", "losenord holds more than one line | leave nothing but the"),
        ("", "losenord is empty | put the secret there"),
        (" \n\n", "losenord is empty | put the secret there"),
        (b"\xff\xfekanarief", "losenord is not UTF-8 | save it as UTF-8"),
        (f"{CANARY}\0", "losenord holds a line break or another control character | "),
        (f"a\r{CANARY}", "losenord holds a line break or another control character | "),
    ],
)
def test_a_file_that_holds_no_password_is_refused(
    root: Path, content: str | bytes, said: str
) -> None:
    written(root, content)

    assert refused(root, 'username = "nytt"\npassword_file = "losenord"').startswith(said)


def test_a_file_that_is_missing_or_none_is_refused(root: Path) -> None:
    settings = 'username = "nytt"\npassword_file = "losenord"'
    assert refused(root, settings) == (
        f"there is no {root / 'losenord'}, which holds the password for the relay | "
        "put it there, or set SMAKOM_MAIL_RELAY_PASSWORD"
    )

    (root / "losenord").mkdir(mode=0o700)
    assert "is not a file" in refused(root, settings)


def test_a_user_without_a_password_and_a_password_without_a_user_are_told(root: Path) -> None:
    assert refused(root, 'username = "nytt"') == (
        "there is no password for nytt at smtp.leverantor.example | "
        "set SMAKOM_MAIL_RELAY_PASSWORD, or password_file or password_command under [relay]"
    )
    for text, environment in (
        ("", {"PASSWORD": CANARY}),
        ('password_file = "losenord"', {}),
        (command("password_command", "print(1)"), {}),
    ):
        assert refused(root, text, **environment) == (
            "there is a password for the relay, but no user | "
            "set username under [relay], or SMAKOM_MAIL_RELAY_USERNAME"
        )


def test_a_password_of_the_environment_with_a_line_break_is_refused(root: Path) -> None:
    assert refused(root, 'username = "nytt"', PASSWORD=f"{CANARY}\n") == (
        "SMAKOM_MAIL_RELAY_PASSWORD holds a line break or another control character | "
        "leave the secret alone"
    )


# ------------------------------------------------------------------------------------ the commands


def test_a_command_prints_the_secret_on_its_first_line(root: Path) -> None:
    settings = 'username = "nytt"\n' + command(
        "password_command", f'print("{CANARY}")', 'print("login: nytt")'
    )

    assert signed_in(root, settings).password == CANARY


def test_a_token_signs_in_by_xoauth2(root: Path) -> None:
    settings = 'username = "nytt"\n' + command("token_command", f'print("{TICKET}")')

    assert signed_in(root, settings, PASSWORD=CANARY) == Credentials(
        "xoauth2", "nytt", token=TICKET
    )


def test_xoauth2_without_a_token_command_is_refused(root: Path) -> None:
    assert refused(root, 'username = "nytt"\nauth = "xoauth2"', PASSWORD=CANARY) == (
        "signing in with XOAUTH2 takes a token, and there is no token_command | "
        'name a program that prints one: token_command = ["/usr/local/bin/relay-token"]'
    )


def test_a_command_runs_in_the_project_without_a_shell_and_without_our_secrets(root: Path) -> None:
    settings = 'username = "nytt"\n' + command(
        "token_command",
        'print("$HOME", os.getcwd(), sorted(n for n in os.environ if n.startswith("SMAKOM")))',
    )
    environment = {
        "SMAKOM_MAIL_SECRET": "x" * 40,
        "SMAKOM_MAIL_RELAY_PASSWORD": CANARY,
        "SMAKOM_MAIL_RELAY_USERNAME": "nytt",
    }

    found = open_access(place(root, settings, environment), environment).credentials

    assert found.token == f"$HOME {root} ['SMAKOM_MAIL_RELAY_USERNAME']"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["sys.exit(3)"], "ended with 3"),
        (['sys.exit("no entry for the relay")'], "ended with 1: no entry for the relay"),
        (
            [f'print("{TICKET}")', f'sys.exit("cannot renew {TICKET} now")'],
            "ended with 1: cannot renew … now",
        ),
        ([f'sys.exit("Bearer {TICKET[:12]} refused")'], "ended with 1: Bearer … refused"),
        (
            ['sys.exit("client_secret=kanarief was refused")'],
            "ended with 1: client_secret=… was refused",
        ),
        (
            [f'sys.exit("{{\\"access_token\\": \\"{TICKET[:14]}\\"}}")'],
            'ended with 1: {"access_token": …',
        ),
        (
            ['sys.exit("first\\n\\nlast\\x1b[31m" + " rad" * 100)'],
            f"ended with 1: last [31m{' rad' * 47} r…",
        ),
    ],
)
def test_a_command_that_fails_tells_its_last_line_without_secrets(
    root: Path, lines: list[str], said: str
) -> None:
    settings = 'username = "nytt"\n' + command("token_command", *lines)

    assert refused(root, settings) == (
        f"token_command failed: {sys.executable} {said} | run it by hand to see all that it says"
    )


def test_a_command_that_complains_of_our_own_secrets_does_not_show_them(root: Path) -> None:
    settings = 'username = "nytt"\n' + command(
        "token_command", 'sys.exit("wrong: kanarie" + "fågeln sjunger-7")'
    )

    assert "wrong: … |" in refused(root, settings, PASSWORD=CANARY)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["pass"], "what token_command prints is empty"),
        (['print("  ")'], "what token_command prints is empty"),
        (['print("a\\x00b")'], "what token_command prints holds a line break or another control"),
        (['sys.stdout.buffer.write(b"\\xff")'], "what token_command prints is not UTF-8"),
    ],
)
def test_a_command_that_prints_no_secret_is_refused(
    root: Path, lines: list[str], said: str
) -> None:
    assert refused(root, 'username = "nytt"\n' + command("token_command", *lines)).startswith(said)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ('["./finns-inte"]', "cannot be run (No such file or directory): ./finns-inte"),
        ('["."]', "cannot be run (Permission denied): ."),
    ],
)
def test_a_command_that_cannot_be_started_is_told(root: Path, argv: str, said: str) -> None:
    assert refused(root, f'username = "nytt"\ntoken_command = {argv}') == (
        f"token_command {said} | "
        "run it by hand: it must be a program that prints the secret and asks for nothing"
    )


def test_a_command_that_does_not_end_is_stopped_and_what_it_printed_forgotten(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_access, "COMMAND_SECONDS", 1)
    settings = 'username = "nytt"\n' + command(
        "token_command", f'print("{TICKET}", flush=True)', "import time", "time.sleep(600)"
    )

    assert refused(root, settings) == (
        f"token_command did not end within 1 seconds: {sys.executable} | "
        "run it by hand: it must be a program that prints the secret and asks for nothing"
    )


def test_a_command_that_asks_gets_no_answer(root: Path) -> None:
    settings = 'username = "nytt"\n' + command("token_command", "print(repr(sys.stdin.read()))")

    assert signed_in(root, settings) == Credentials("xoauth2", "nytt", "", "''")


# -------------------------------------------------------------------------------- the certificates


def test_certificates_of_ones_own_are_read(root: Path) -> None:
    pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    (root / "ca.pem").write_text(pem)

    workplace = place(root, 'ca_file = "ca.pem"', {})

    assert open_access(workplace, {}).authorities == pem
    assert open_access(place(root, "", {}), {}).authorities == ""


@pytest.mark.parametrize("content", [None, b"", b"nothing", b"\xff\xfe"])
def test_a_file_without_certificates_is_refused_rather_than_the_usual_ones_trusted(
    root: Path, content: bytes | None
) -> None:
    if content is not None:
        (root / "ca.pem").write_bytes(content)

    assert refused(root, 'ca_file = "ca.pem"').startswith(
        ("ca.pem cannot be read: ", "ca.pem holds no certificate | ")
    )


def test_what_signs_us_in_shows_nothing(root: Path) -> None:
    settings = 'username = "nytt"'
    access = open_access(place(root, settings, {}), {"SMAKOM_MAIL_RELAY_PASSWORD": CANARY})

    assert access.credentials.password == CANARY
    assert CANARY not in repr(access)
    assert issubclass(RelayRefusedError, SmakomMailError)
