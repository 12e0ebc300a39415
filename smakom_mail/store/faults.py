"""What SQLite says is wrong, as a sentence and what to do about it."""

import errno
import sqlite3
import tempfile
from pathlib import Path

from smakom_mail.errors import StoreError

_BUSY, _LOCKED, _CANTOPEN, _CORRUPT, _FULL = 5, 6, 14, 11, 13
_IOERR, _NOTADB, _PERM, _READONLY, _TOO_BIG = 10, 26, 3, 8, 18
_SENTENCES = {
    _BUSY: (
        "is in use by another program",
        "wait for it to end, or see what has the file open; nothing was changed",
    ),
    _LOCKED: (
        "is in use by another program",
        "wait for it to end, or see what has the file open; nothing was changed",
    ),
    _CANTOPEN: (
        "cannot be opened",
        "see that the folder is there and that you may write in it",
    ),
    _CORRUPT: (
        "is damaged",
        "keep the file, take the newest copy that db backup made, and run: smakom-mail db adopt",
    ),
    _FULL: (
        "cannot be written: the disk is full",
        "make room, and do it again; nothing was changed",
    ),
    _IOERR: (
        "cannot be read or written: the disk reports a fault",
        "see to the disk first; keep a copy of the file",
    ),
    _NOTADB: (
        "is not a database",
        "is it the right file? [database] url in smakom-mail.toml names it",
    ),
    _PERM: ("may not be read", "its owner has to run this, or give you the right to"),
    _READONLY: (
        "cannot be written: it, or its folder, is read-only",
        "its owner has to run this, or give you the right to write there",
    ),
}


_PROBE = bytes(64 * 1024)  # more than what SQLite takes at once


class BusyError(StoreError):
    """Another program has the database."""


class NoRoomError(StoreError):
    """The disk is full, or this user's share of it."""


_KINDS = {_BUSY: BusyError, _LOCKED: BusyError, _FULL: NoRoomError}


class Stated:
    """Turns a fault of the file or the disk into its sentence; a fault of ours stays what it is.

    A class, as each statement of a sending goes through it. Raises StoreError.
    """

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        """Keep the file that the sentence names."""
        self._path = path

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Say what is wrong, where something is."""
        if not isinstance(error, sqlite3.Error):
            return
        # The low byte is the kind; the rest tells kinds of disk faults apart.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in _SENTENCES:
            return
        if code in (_IOERR, _CANTOPEN) and not _has_room(self._path.parent):
            code = _FULL
        what, hint = _SENTENCES[code]
        fault = _KINDS.get(code, StoreError)
        raise fault(f"the database {self._path} {what}", hint) from error


def is_busy(error: sqlite3.Error) -> bool:
    """Say whether it is only that another program has the database now."""
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) == _BUSY


def no_room(path: Path) -> NoRoomError:
    """Give the fault of a database whose disk has no room for what is to be written."""
    what, hint = _SENTENCES[_FULL]
    return NoRoomError(f"the database {path} {what}", hint)


def _has_room(folder: Path) -> bool:
    """Try it: SQLite calls it a fault of the disk where it finds none for its shared memory."""
    try:
        with tempfile.TemporaryFile(dir=folder) as stream:
            stream.write(_PROBE)
    except OSError as error:
        return error.errno not in (errno.ENOSPC, errno.EDQUOT)
    return True
