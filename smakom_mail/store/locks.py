"""Locked files: the system takes a lock away with its process, however that ends."""

import os
import sys
from pathlib import Path

from smakom_mail.errors import StoreError


class Lock:
    """A locked file; the lock goes with `release` or with the process."""

    def __init__(self, path: Path, handle: int) -> None:
        """Keep the open file; `take_lock` makes these."""
        self._path = path
        self._handle = handle

    def release(self) -> None:
        """Take the file away and let go of it."""
        self._path.unlink(missing_ok=True)
        os.close(self._handle)


def take_lock(path: Path) -> Lock | None:
    """Lock the file `path`, which is made; None where a living program holds it.

    Raises StoreError where the file cannot be made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
            if not _lock(handle):
                os.close(handle)
                return None
            if _same(path, handle):
                return Lock(path, handle)
            os.close(handle)  # whoever held it took it away between the two steps
    except OSError as error:
        raise StoreError(
            f"{path} cannot be made: {error.strerror}", "make room, or permission to write there"
        ) from error


def _same(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
