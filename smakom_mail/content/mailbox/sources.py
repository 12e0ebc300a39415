"""Mailboxes on disk: a Maildir, an mbox, single mails; opened for reading only, streamed flat.

Of each mail only the beginning is kept: the head and the first lines of what was written. How long
it is makes no difference.
"""

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from smakom_mail.errors import SmakomMailError

LIMIT = 256 * 1024
"""How much of a mail is kept, in bytes: five times a head that came through many servers."""
_PIECE = 256 * 1024
_HINT = "name a Maildir (a folder with cur and new), an mbox, or mails saved as .eml"
# What a line between two mails looks like: a date at its end, or the short forms of Thunderbird.
_BETWEEN = re.compile(rb"From (?:- .*|[^\r\n]*\d\d:\d\d[^\r\n]*|)\r?\n?")
_LONGEST_BETWEEN = 1_000
_BEFORE = b"\n\n\n"
"""What stands before the first line, so that a mail begins there."""
_FIELD = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "a mail of Outlook's own kind (.msg)",
    b"!BDN": "a store of Outlook's own kind (.pst)",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a compressed file",
}


class MailboxError(SmakomMailError):
    """A source of mail that cannot be read."""


@dataclass(frozen=True, slots=True)
class RawLetter:
    """The beginning of a mail, and where it stands for people to find it again."""

    place: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A mail that could not be read, and why."""

    place: str
    reason: str


def read_mailbox(source: Path) -> Iterator[RawLetter | Unreadable]:
    """Stream the mails of a Maildir, an mbox, a mail, or a folder of .eml files.

    Nothing is written, moved or marked. Raises MailboxError where there is no mailbox.
    """
    try:
        kind = source.stat().st_mode
    except (OSError, ValueError) as error:
        raise _unreadable(source, error) from error
    if stat.S_ISDIR(kind):
        return _folder(source)
    if stat.S_ISREG(kind):
        return _file(source)
    raise MailboxError(f"{source} is no mailbox", _HINT)


def _unreadable(source: Path, error: Exception) -> MailboxError:
    reason = getattr(error, "strerror", None) or str(error)
    return MailboxError(f"{source} cannot be read: {reason}", _HINT)


# ------------------------------------------------------------------------------------ folders


def _folder(source: Path) -> Iterator[RawLetter | Unreadable]:
    try:
        if (source / "cur").is_dir() and (source / "new").is_dir():
            return _maildir(source)
        names = sorted(each.name for each in source.iterdir() if _is_mail(each.name))
    except OSError as error:
        raise _unreadable(source, error) from error
    if not names:
        raise MailboxError(f"{source} holds neither a Maildir nor mails saved as .eml", _HINT)
    return (_letter(source / name, f"{source.name}/{name}") for name in names)


def _is_mail(name: str) -> bool:
    return name.lower().endswith(".eml") and not name.startswith(".")


def _maildir(source: Path) -> Iterator[RawLetter | Unreadable]:
    """Read new before cur: a mail program that moves one meanwhile hides it from neither."""
    try:
        found = {name.partition(":2,")[0]: f"new/{name}" for name in _names(source / "new")}
        found |= {name.partition(":2,")[0]: f"cur/{name}" for name in _names(source / "cur")}
    except OSError as error:
        raise _unreadable(source, error) from error
    return (_delivered(source, base, found[base]) for base in sorted(found))


def _names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir() if not each.name.startswith(".")]


def _delivered(source: Path, base: str, name: str) -> RawLetter | Unreadable:
    """Read one mail of a Maildir, under the name that it has now."""
    with suppress(FileNotFoundError):
        if not (source / name).exists():
            moved = [each for each in _names(source / "cur") if each.partition(":2,")[0] == base]
            name = f"cur/{moved[0]}" if moved else name
    return _letter(source / name, f"{source.name}/{name}")


def _letter(path: Path, place: str) -> RawLetter | Unreadable:
    try:
        return _read(path, place)
    except OSError as error:
        return Unreadable(place, error.strerror or str(error))


def _read(path: Path, place: str) -> RawLetter:
    """Read the beginning of a file; a pipe of that name must not hold us, nor a link lead out."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as stream:  # noqa: PTH123 - a handle has no path
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is not a file")
        return RawLetter(place, stream.read(LIMIT))


# -------------------------------------------------------------------------------------- files


def _file(source: Path) -> Iterator[RawLetter | Unreadable]:
    try:
        with source.open("rb") as stream:
            start = stream.read(1024)
    except OSError as error:
        raise _unreadable(source, error) from error
    for mark, what in _FOREIGN.items():
        if start.startswith(mark):
            raise MailboxError(f"{source} is {what}, which cannot be read here", _HINT)
    start = start.lstrip(b"\r\n")
    if not start or start.startswith(b"From "):
        return _mbox(source)
    if _FIELD.match(start.removeprefix(b"\xef\xbb\xbf")):
        return iter([_letter(source.resolve(), source.name)])
    raise MailboxError(f"{source} is no mailbox: it does not begin as a mail does", _HINT)


def _mbox(source: Path) -> Iterator[RawLetter | Unreadable]:
    number, kept = 0, bytearray()
    try:
        with source.open("rb") as stream:
            for piece in _pieces(stream):
                if piece is not None:
                    kept += piece[: max(0, LIMIT - len(kept))]
                    continue
                if number:
                    yield RawLetter(f"{source.name}, mail {number}", bytes(kept))
                kept.clear()
                number += 1
    except OSError as error:
        raise _unreadable(source, error) from error
    if number:
        yield RawLetter(f"{source.name}, mail {number}", bytes(kept))


def _pieces(stream: BinaryIO) -> Iterator[bytes | None]:
    """Stream an mbox: pieces of mails, and None where a mail begins.

    It is searched in large pieces: there may be a hundred million empty lines in it.
    """
    data, at, more = _BEFORE, len(_BEFORE), True
    while more:
        chunk = stream.read(_PIECE)
        more = bool(chunk)
        data, at = data[at - len(_BEFORE) :] + chunk, len(_BEFORE)
        # What stands behind may be a line that is not here whole.
        sure = max(at, len(data) - _LONGEST_BETWEEN) if more else len(data)
        for start, end in _between(data, at, sure):
            yield data[at:start]
            yield None
            at = end
        if at < sure:
            yield data[at:sure]
            at = sure


def _between(data: bytes, at: int, sure: int) -> Iterator[tuple[int, int]]:
    """Find the lines between mails that begin from `at` on and before `sure`."""
    found = data.find(b"\nFrom ", at - 1)
    while 0 <= found < sure - 1:
        start = found + 1
        end = _end_of_between(data, start) if _is_blank_before(data, found) else -1
        if end >= 0:
            yield start, end
        found = data.find(b"\nFrom ", max(found + 1, end - 1))


def _is_blank_before(data: bytes, at: int) -> bool:
    return data[at - 1 : at] == b"\n" or data[at - 2 : at] == b"\n\r"


def _end_of_between(data: bytes, start: int) -> int:
    """Give where the line ends that may stand between two mails; -1 where it is another one."""
    end = data.find(b"\n", start, start + _LONGEST_BETWEEN)
    if end < 0 and start + _LONGEST_BETWEEN < len(data):
        return -1
    end = len(data) if end < 0 else end + 1
    return end if _BETWEEN.fullmatch(data, start, end) else -1
