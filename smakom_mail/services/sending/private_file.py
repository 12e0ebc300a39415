"""Secrets in files of their own: readable for their owner alone, and not kept by git."""

import os
import shlex
import stat
from pathlib import Path
from secrets import token_hex

from smakom_mail.errors import SmakomMailError
from smakom_mail.services.durable import sync_folder
from smakom_mail.services.sendfiles import would_reach_git
from smakom_mail.services.tracked import tracked_by_git

LARGEST = 100_000
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class PrivateFileError(SmakomMailError):
    """A secret's file that cannot be used as it is, found or made."""


def read_private(root: Path, path: Path, what: str, missing: str) -> bytes:
    """Read the file at `path` (seen from `root`), which holds `what`.

    `missing` is the hint where there is none. Raises PrivateFileError, without a word of the file.
    """
    path = root / path
    if tracked_by_git(root, [path]):
        raise PrivateFileError(
            f"git keeps {path}, so that everybody with the repository has {what}",
            f"git -C {_typed(path.parent)} rm --cached {_typed(path)}, and make another one",
        )
    try:
        # Not blocking: a pipe of that name would hold us for ever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            _refuse_access(path, os.fstat(handle), what)
            data = os.read(handle, LARGEST + 1)
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise PrivateFileError(f"there is no {path}, which holds {what}", missing) from None
    except OSError as error:
        raise PrivateFileError(
            f"{path} cannot be read: {error.strerror or error}",
            f"see whose it is: ls -l {_typed(path)}",
        ) from None
    if len(data) > LARGEST:
        raise PrivateFileError(f"{path} is too large to hold {what}", missing)
    return data


def write_private(path: Path, data: bytes, *, replace: bool) -> None:
    """Write a file of mode 0600, whole from the first moment anybody can see it.

    Raises PrivateFileError where git would keep it, the disk refuses it, or, unless `replace`,
    something is there already.
    """
    if would_reach_git(path):
        raise PrivateFileError(
            f"git would keep {path}, so that everybody with the repository has it",
            "put its folder in .gitignore, or name a place outside the repository",
        )
    try:
        _make_folder(path.parent)
        fresh = path.with_name(f".{path.name}-{token_hex(8)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with open(handle, "wb") as file:  # noqa: PTH123 - a handle has no path
                file.write(data)
                file.flush()
                os.fsync(handle)
            _hand_over(fresh, path.parent.stat())
            _put(fresh, path, replace=replace)
        finally:
            fresh.unlink(missing_ok=True)
        sync_folder(path.parent)
    except FileExistsError:
        raise PrivateFileError(f"{path} is there already") from None
    except OSError as error:
        raise PrivateFileError(
            f"{path} cannot be written: {error.strerror or error}",
            f"make room or permission in {_typed(path.parent)}, or name another place",
        ) from None


def _refuse_access(path: Path, found: os.stat_result, what: str) -> None:
    """See that a file is one, and that nobody else can read it, where the system has modes."""
    if not stat.S_ISREG(found.st_mode):
        raise PrivateFileError(f"{path} is not a file", f"put {what} in a file of its own")
    if hasattr(os, "geteuid") and found.st_mode & _OTHERS:
        raise PrivateFileError(
            f"others can reach {path}: its mode is {stat.S_IMODE(found.st_mode):04o}",
            f"chmod 600 {_typed(path)}",
        )


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
        _hand_over(folder, folder.parent.stat())
        sync_folder(folder.parent)


def _hand_over(path: Path, like: os.stat_result) -> None:
    """Let what root makes belong to the one whose folder it is in, who could not read it else."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.chown(path, like.st_uid, like.st_gid)


def _put(fresh: Path, path: Path, *, replace: bool) -> None:
    """Give `fresh` the name `path`; FileExistsError where that is taken and not to be replaced."""
    if replace:
        fresh.replace(path)
        return
    try:
        os.link(fresh, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if os.path.lexists(path):
            raise FileExistsError from None
        fresh.rename(path)


def _typed(path: Path) -> str:
    """Give a path as it is typed in a shell."""
    return shlex.quote(str(path))
