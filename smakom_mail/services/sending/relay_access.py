"""How the relay is reached: whether it may be spoken to at all, and what signs us in.

A password comes from the environment, a file that nobody else can read, or a command; a token from
a command. None of them stands in a sentence, an exception or a log.
"""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smakom_mail.config import RelaySettings
from smakom_mail.config.addresses import is_loopback
from smakom_mail.config.relay import PASSWORD_VARIABLE
from smakom_mail.diagnostics import Severity
from smakom_mail.errors import SmakomMailError
from smakom_mail.mail.smtp.auth import Credentials
from smakom_mail.services.secrets import OLD_VARIABLE, VARIABLE
from smakom_mail.services.sending.private_file import read_private
from smakom_mail.services.workplace import Workplace

COMMAND_SECONDS = 30
_WHAT = "the password for the relay"
_LARGEST = 64_000
_OWN_SECRETS = (VARIABLE, OLD_VARIABLE, PASSWORD_VARIABLE)
# A value behind a word such as token=, and what is too long and mixed to be a word.
_NAMED = re.compile(
    r"(?i)(pass(?:word|wd)?|secret|token|api[_-]?key)([\"']?\s*[=:]\s*)\S+|(bearer)(\s+)\S+"
)
_LONG = re.compile(r"(?=\S*[0-9])(?=\S*[A-Za-z])[A-Za-z0-9+/=_.~-]{24,}")


class RelayNotConfiguredError(SmakomMailError):
    """There is no relay to send through."""


class RelayRefusedError(SmakomMailError):
    """A relay that may not be spoken to as the settings say, or that nobody can sign in to."""


@dataclass(frozen=True, slots=True)
class RelayAccess:
    """What signs us in, and the certificates that are trusted: the text of `ca_file`, if any."""

    credentials: Credentials
    authorities: str


def open_access(
    workplace: Workplace, environment: Mapping[str, str], edition: str = "EDITION"
) -> RelayAccess:
    """See that the relay may be spoken to, and fetch what signs us in to it.

    A command may take its time: half a minute at most. Raises RelayNotConfiguredError,
    RelayRefusedError and PrivateFileError.
    """
    settings = workplace.config.relay
    _require_settings(workplace)
    require_relay(settings, edition)
    password = token = ""
    if settings.auth == "xoauth2":
        token = fetch_token(workplace, environment)
    elif settings.auth:
        password = _password(workplace, environment)
    elif environment.get(PASSWORD_VARIABLE) or settings.password_file or settings.password_command:
        raise RelayRefusedError(
            "there is a password for the relay, but no user",
            "set username under [relay], or SMAKOM_MAIL_RELAY_USERNAME",
        )
    authorities = _authorities(workplace.root, settings.ca_file) if settings.ca_file else ""
    return RelayAccess(Credentials(settings.auth, settings.username, password, token), authorities)


def _require_settings(workplace: Workplace) -> None:
    """See that smakom-mail.toml has no fault: a rate that cannot be read would be none at all."""
    faults = [each for each in workplace.findings if each.severity is Severity.ERROR]
    if faults:
        raise RelayRefusedError(
            f"nothing is sent by faulty settings: {faults[0].location}: {faults[0].message('en')}",
            faults[0].hint("en"),
        )


def require_relay(settings: RelaySettings, edition: str = "EDITION") -> None:
    """See that there is a relay, and that what goes to it is encrypted or stays on this machine.

    Raises RelayNotConfiguredError and RelayRefusedError.
    """
    if not settings.configured:
        raise RelayNotConfiguredError(
            "no relay is configured, so nothing can be sent",
            "set host under [relay] in smakom-mail.toml, or SMAKOM_MAIL_RELAY_HOST "
            f"(docs/sending.md); to try everything without one: smakom-mail rehearse {edition}",
        )
    if settings.security != "none" or is_loopback(settings.host):
        return
    where = f"{settings.host}, port {settings.port}"
    usual = " (port 25 is for mail between servers)" if settings.port == 25 else ""
    raise RelayRefusedError(
        f"nothing is sent to {where} without encryption",
        f'use the relay\'s port 587 with security = "starttls", or 465 with "tls"{usual}; if it '
        "has neither, run a Postfix on this machine that takes the mail on localhost and passes "
        "it on",
    )


def fetch_token(workplace: Workplace, environment: Mapping[str, str]) -> str:
    """Run `token_command`; a token lasts about an hour, so a long campaign fetches several.

    Raises RelayRefusedError.
    """
    command = workplace.config.relay.token_command
    if not command:
        raise RelayRefusedError(
            "signing in with XOAUTH2 takes a token, and there is no token_command",
            'name a program that prints one: token_command = ["/usr/local/bin/relay-token"]',
        )
    return _printed("token_command", command, workplace.root, environment)


def _password(workplace: Workplace, environment: Mapping[str, str]) -> str:
    """Give the password from the environment, else the file, else the command."""
    settings = workplace.config.relay
    if given := environment.get(PASSWORD_VARIABLE):
        return _usable(given, PASSWORD_VARIABLE)
    if settings.password_file:
        return _from_file(workplace.root, settings.password_file)
    if settings.password_command:
        command = settings.password_command
        return _printed("password_command", command, workplace.root, environment)
    raise RelayRefusedError(
        f"there is no password for {settings.username} at {settings.host}",
        f"set {PASSWORD_VARIABLE}, or password_file or password_command under [relay]",
    )


def _usable(secret: str, where: str) -> str:
    """Give a secret that can be signed in with; the refusal holds nothing of it."""
    if any(ord(character) < 32 or ord(character) == 127 for character in secret):
        raise RelayRefusedError(
            f"{where} holds a line break or another control character", "leave the secret alone"
        )
    if any("\ud800" <= character <= "\udfff" for character in secret):
        raise RelayRefusedError(f"{where} is not UTF-8", "save it as UTF-8")
    if not secret.strip():
        raise RelayRefusedError(f"{where} is empty", "put the secret there")
    return secret


# ---------------------------------------------------------------------------------------- a file


def _from_file(root: Path, name: str) -> str:
    """Read the password from a file that only its owner can read."""
    data = read_private(root, _placed(name), _WHAT, f"put it there, or set {PASSWORD_VARIABLE}")
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1:
        raise RelayRefusedError(
            f"{name} holds more than one line", "leave nothing but the password in it"
        )
    return _usable(lines[0].removesuffix("\r") if lines else "", name)


def _authorities(root: Path, name: str) -> str:
    try:
        text = (root / _placed(name)).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise RelayRefusedError(
            f"{name} cannot be read: {getattr(error, 'strerror', None) or 'it is not text'}",
            "ca_file under [relay], or SMAKOM_MAIL_RELAY_CA_FILE, names a file in PEM",
        ) from None
    if "-----BEGIN" not in text:
        raise RelayRefusedError(
            f"{name} holds no certificate",
            "ca_file under [relay], or SMAKOM_MAIL_RELAY_CA_FILE, names a file in PEM",
        )
    return text


def _placed(name: str) -> Path:
    """Give the path of a file that the settings name, as it is seen from the project."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


# ------------------------------------------------------------------------------------- a command


def _printed(
    name: str, command: tuple[str, ...], root: Path, environment: Mapping[str, str]
) -> str:
    """Give the first line that a command prints; it is started without a shell, in the project."""
    given = {key: value for key, value in environment.items() if key not in _OWN_SECRETS}
    ended = _ended(command, root, given)
    # Refused out here, where no exception hangs on that holds what the command has printed.
    if isinstance(ended, str):
        raise RelayRefusedError(
            f"{name} {ended}: {command[0]}",
            "run it by hand: it must be a program that prints the secret and asks for nothing",
        )
    printed = ended.stdout[:_LARGEST].decode("utf-8", "surrogateescape")
    if ended.returncode != 0:
        secrets = [environment.get(variable, "") for variable in _OWN_SECRETS]
        said = _harmless(ended.stderr, [*printed.split(), *secrets])
        raise RelayRefusedError(
            f"{name} failed: {command[0]} ended with {ended.returncode}" + (said and f": {said}"),
            "run it by hand to see all that it says",
        )
    return _usable(printed.partition("\n")[0].removesuffix("\r"), f"what {name} prints")


def _ended(
    command: tuple[str, ...], root: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes] | str:
    """Run a command to its end, or say why that was not to be."""
    try:
        return subprocess.run(  # noqa: S603 - the operator's own command, without a shell
            command,
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"did not end within {COMMAND_SECONDS} seconds"
    except (OSError, ValueError) as error:
        return f"cannot be run ({getattr(error, 'strerror', None) or 'that is no command'})"


def _harmless(stderr: bytes, secrets: list[str]) -> str:
    """Give the last line that a command complained with, without what may be a secret."""
    text = stderr[-_LARGEST:].decode("utf-8", "replace").strip()
    line = text.rsplit("\n", 1)[-1].strip()
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) > 3:
            line = line.replace(secret, "…")
    line = _LONG.sub("…", _NAMED.sub(r"\1\2\3\4…", line))
    line = "".join(character if character.isprintable() else " " for character in line)
    return line if len(line) <= 200 else line[:199] + "…"
