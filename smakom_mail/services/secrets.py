"""The secret of an installation: from the environment, or a file that is made at first need.

All tokens, fingerprints and message ids are made with it (tokens.keyring). It is never shown:
not in a sentence, not in an exception, not by the command that looks after it.
"""

import os
import shlex
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex, token_urlsafe

from smakom_mail.errors import SmakomMailError
from smakom_mail.services.durable import sync_folder
from smakom_mail.services.tracked import VAR, tracked_by_git
from smakom_mail.services.workplace import Workplace
from smakom_mail.tokens import SHORTEST, Keyring

VARIABLE = "SMAKOM_MAIL_SECRET"
OLD_VARIABLE = "SMAKOM_MAIL_SECRETS_OLD"
FILE = f"{VAR}/secret"
HOW_TO_MAKE = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
_LARGEST = 100_000
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class SecretRefusedError(SmakomMailError):
    """A secret that cannot be used as it is, or that cannot be found or made."""


@dataclass(frozen=True, slots=True)
class SecretState:
    """Where the secret comes from ("environment", "file", "none") and how it is kept.

    `mode` is that of the file, as in "0600"; `names` tell the secrets apart, current first.
    """

    source: str
    file: str
    mode: str
    names: tuple[str, ...]
    unread: bool = False


def open_keyring(
    workplace: Workplace, environment: Mapping[str, str], *, create: bool = True
) -> Keyring:
    """Give the secrets of a project; at first need the file is made.

    With `create` false a missing one is refused: where people are recorded already, a new secret
    would not know those who have said no. Raises SecretRefusedError.
    """
    given = _from_environment(environment, VARIABLE)
    old = _from_environment(environment, OLD_VARIABLE)
    if not given:
        path = _path(workplace.root)
        if create and not os.path.lexists(path):
            _make(workplace.root, path)
        given = _read(workplace.root, path)
    return Keyring(tuple(dict.fromkeys((*given, *old))))


class SecretInUse:
    """The file that a keyring was read from, watched by a program that keeps it for long.

    Where the secret comes from the environment there is no file, and it never changes.
    """

    def __init__(self, workplace: Workplace, environment: Mapping[str, str]) -> None:
        """Remember the file as it is now: to be made before it is read."""
        self._workplace = workplace
        self._environment = environment
        self._seen = self._file()
        self._names: frozenset[str] = frozenset()

    def use(self, keyring: Keyring) -> None:
        """Tell what was read; a file that was made by that is no change."""
        self._names = frozenset(keyring.names)
        self._seen = self._seen or self._file()

    def has_changed(self) -> bool:
        """Say whether the file holds other secrets now that can be used.

        Where it cannot be read any more, or lacks one that links are out with, what was read goes
        on being used: a restart tells the operator, and nobody's no is refused meanwhile.
        """
        file = self._file()
        if file == self._seen:
            return False
        try:
            names = open_keyring(self._workplace, self._environment, create=False).names
        except SecretRefusedError:
            names = ()
        changed = self._names < frozenset(names)
        if not changed:
            self._seen = file
        return changed

    def _file(self) -> tuple[int, ...]:
        if VARIABLE in self._environment:
            return ()
        try:
            found = (self._workplace.root / FILE).stat()
        except OSError:
            return ()
        return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def inspect_secret(workplace: Workplace, environment: Mapping[str, str]) -> SecretState:
    """Say where the secret comes from and how it is kept; make nothing.

    Raises SecretRefusedError where it could not be used.
    """
    path = workplace.root / FILE
    there = os.path.lexists(path)
    if VARIABLE not in environment and not there:
        return SecretState("none", FILE, "", ())
    names = open_keyring(workplace, environment, create=False).names
    if VARIABLE in environment:
        return SecretState("environment", VARIABLE, "", names, unread=there)
    return SecretState("file", FILE, f"{stat.S_IMODE(path.stat().st_mode):04o}", names)


def rotate_secret(workplace: Workplace, environment: Mapping[str, str]) -> SecretState:
    """Make a new current secret, and keep those before it behind it.

    Raises SecretRefusedError.
    """
    if VARIABLE in environment:
        raise SecretRefusedError(
            f"the secret comes from {VARIABLE}, which is not ours to change",
            f"put its value first in {OLD_VARIABLE} (commas between), "
            f"and a new one in {VARIABLE}: {HOW_TO_MAKE}",
        )
    root, path = workplace.root, _path(workplace.root)
    if not os.path.lexists(path):
        _make(root, path)
        return inspect_secret(workplace, environment)
    with _writing(path), _alone(path.parent):
        kept = _read(root, path)
        fresh = _write_beside(path, (_drawn(), *kept), path.stat())
        try:
            fresh.replace(path.resolve())
        finally:
            fresh.unlink(missing_ok=True)
        sync_folder(path.parent)
    return inspect_secret(workplace, environment)


def _path(root: Path) -> Path:
    """Give the place of the file; SecretRefusedError where it is not in the project."""
    path = root / FILE
    try:
        inside = path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError) as error:
        raise _unreadable(error, _shown(path)) from None
    if not inside:
        raise SecretRefusedError(
            f"{FILE} leads out of the project by a link",
            f"put the file itself there, or set {VARIABLE} instead",
        )
    return path


def _drawn() -> bytes:
    return token_urlsafe(48).encode("ascii")


# ------------------------------------------------------------------------------------ reading


def _from_environment(environment: Mapping[str, str], name: str) -> tuple[bytes, ...]:
    """Read a variable: one secret, or for the old ones several with commas between."""
    if name not in environment:
        return ()
    several = name == OLD_VARIABLE
    parts = environment[name].split(",") if several else [environment[name]]
    values = [part.strip() for part in parts]
    if several:
        values = [value for value in values if value]
    for number, value in enumerate(values, 1):
        if fault := _fault(value):
            which = f"secret {number} in {name}" if several else f"the secret in {name}"
            raise SecretRefusedError(f"{which} {fault}", f"make one: {HOW_TO_MAKE}")
    return tuple(value.encode("utf-8") for value in values)


def _read(root: Path, path: Path) -> tuple[bytes, ...]:
    """Read the file: a secret on each line, the current one first."""
    data = _bytes(root, path)
    shown = _shown(path)
    if len(data) > _LARGEST:
        raise SecretRefusedError(f"{FILE} is too large to hold secrets", _restore(shown))
    lines = _lines(data)
    if not lines:
        raise SecretRefusedError(f"{FILE} is empty", _restore(shown))
    for number, line in enumerate(lines, 1):
        if fault := _fault(line):
            raise SecretRefusedError(
                f"the secret on line {number} of {FILE} {fault}", _restore(shown)
            )
    return tuple(line.encode("utf-8") for line in lines)


def _lines(data: bytes) -> tuple[str, ...]:
    # What is no UTF-8 becomes lone surrogates here, and a fault of its line below: an exception
    # of the decoder would carry the secret with it.
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def _fault(secret: str) -> str:
    """Say what is wrong with a secret, without a word of it; empty where nothing is."""
    if len(secret) < SHORTEST:
        return f"has fewer than {SHORTEST} characters"
    if any(ord(character) < 32 or ord(character) == 127 for character in secret):
        return "holds a line break or another control character"
    if any("\ud800" <= character <= "\udfff" for character in secret):
        return "is not UTF-8"
    return ""


def _restore(shown: str) -> str:
    return (
        f"put back your copy of it; only where nobody has been mailed yet: rm {shown}, "
        "and a new one is made"
    )


def _bytes(root: Path, path: Path) -> bytes:
    """Read the file where nobody else can, and where git does not keep it."""
    if tracked_by_git(root, [path]):
        raise SecretRefusedError(
            f"git keeps {FILE}, so that everybody with the repository has it",
            f"git -C {_shown(root)} rm --cached {FILE}, and then smakom-mail secret rotate",
        )
    try:
        # Not blocking: a pipe of that name would hold us for ever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            refuse_access(path, os.fstat(handle), root.stat())
            return os.read(handle, _LARGEST + 1)
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise SecretRefusedError(
            f"there is no secret: {FILE} is missing",
            f"put back your copy of it, or set {VARIABLE}: a new one would know neither the links "
            "that are out nor those who have said no",
        ) from None
    except OSError as error:
        raise _unreadable(error, _shown(path)) from None


def refuse_access(path: Path, found: os.stat_result, project: os.stat_result) -> None:
    """See that what is `found` at `path` is a file that nobody else can reach.

    Where the system has no owners and modes (Windows) only the kind of file is looked at.
    Raises SecretRefusedError.
    """
    shown = _shown(path)
    if not stat.S_ISREG(found.st_mode):
        raise SecretRefusedError(f"{FILE} is not a file", f"move it away: mv {shown} {shown}.old")
    if not hasattr(os, "geteuid"):
        return
    if found.st_mode & _OTHERS:
        raise SecretRefusedError(
            f"others can reach {FILE}: its mode is {stat.S_IMODE(found.st_mode):04o}",
            f"chmod 600 {shown} (on a disk without modes: set {VARIABLE} instead)",
        )
    if found.st_uid not in (os.geteuid(), project.st_uid):
        raise SecretRefusedError(
            f"{FILE} belongs neither to you nor to the owner of the project's folder",
            f"sudo chown {os.geteuid()} {shown}",
        )


def _unreadable(error: Exception, shown: str) -> SecretRefusedError:
    reason = getattr(error, "strerror", None) or "its links go in a circle"
    return SecretRefusedError(
        f"{FILE} cannot be read: {reason}",
        f"see whose it is: ls -l {shown}; then run this as its owner, or set {VARIABLE}",
    )


def _shown(path: Path) -> str:
    """Give a path as it is typed in a shell."""
    return shlex.quote(str(path))


# ------------------------------------------------------------------------------------ writing


def _make(root: Path, path: Path) -> None:
    """Make the file with a new secret, whole from the first moment anybody can see it.

    Of several processes that make it at once one wins, and the others read what it made.
    """
    with _writing(path):
        with suppress(FileExistsError):
            path.parent.mkdir(mode=0o700)
            _hand_over(path.parent, root.stat())
            sync_folder(root)
        fresh = _write_beside(path, (_drawn(),), root.stat())
        try:
            with suppress(FileExistsError):
                _put(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
        sync_folder(path.parent)


def _write_beside(path: Path, secrets: tuple[bytes, ...], like: os.stat_result) -> Path:
    """Write a file beside `path` that belongs to the owner of what is `like` it."""
    fresh = path.with_name(f".{path.name}-{token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "wb") as file:  # noqa: PTH123 - a handle has no path
        file.write(b"".join(secret + b"\n" for secret in secrets))
        file.flush()
        os.fsync(handle)
    _hand_over(fresh, like)
    return fresh


def _hand_over(path: Path, like: os.stat_result) -> None:
    """Let what root makes belong to the one whose project it is, who could not read it else."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.chown(path, like.st_uid, like.st_gid)


def _put(fresh: Path, path: Path) -> None:
    """Give `fresh` the name `path` unless that is taken: FileExistsError."""
    try:
        os.link(fresh, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        with _alone(path.parent):
            if os.path.lexists(path):
                raise FileExistsError from None
            fresh.rename(path)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SecretRefusedError(
            f"{FILE} cannot be written: {error.strerror or 'the disk refuses it'}",
            f"make room or permission in {_shown(path.parent)}, or set {VARIABLE} instead",
        ) from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time change what is in `folder`, where the system can lock one."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
