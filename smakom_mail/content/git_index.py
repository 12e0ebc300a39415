"""Which files git keeps, read from its index without starting git.

The format is in git's own documentation (gitformat-index): a head, one entry a file with its
name behind a block of numbers, then extensions. What this reader does not know (an index that is
split over two files, or that names folders instead of files) it says it does not know.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEAD = 12
_NUMBERS = 40  # times, device, inode, mode, owner, group, size: four bytes each
_HASHES = (20, 32)  # SHA-1, SHA-256
_LONG_NAME = 0xFFF
_EXTENDED = 0x4000
_UNKNOWN_EXTENSIONS = (b"link", b"sdir")
_LARGEST = 200_000_000


class UnknownIndexError(Exception):
    """An index of a kind that this reader does not know, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository: the folder of its files, and that of what git keeps about them."""

    top: Path
    folder: Path

    def index(self) -> bytes:
        """Read the index; empty where there is none yet. Raises UnknownIndexError."""
        path = self.folder / "index"
        try:
            if not path.exists():
                return b""
            if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
                raise UnknownIndexError
            return path.read_bytes()
        except OSError:
            raise UnknownIndexError from None


def repository_in(folder: Path) -> Repository | None:
    """Give the repository whose files begin in `folder`; a link to it elsewhere is not followed."""
    inside = folder / ".git"
    if inside.is_dir() and not inside.is_symlink():
        return Repository(folder, inside)
    return None


def repository_around(folder: Path) -> Repository | None:
    """Give the repository that `folder` lies in, also a worktree or submodule."""
    folder = folder.resolve()
    for top in (folder, *folder.parents):
        inside = top / ".git"
        try:
            if inside.is_dir():
                return Repository(top, inside)
            if inside.is_file():
                named = inside.read_text(encoding="utf-8", errors="surrogateescape")
                return Repository(top, top / named.removeprefix("gitdir:").strip())
        except (OSError, ValueError):
            return None
    return None


def tracked_names(index: bytes) -> tuple[str, ...]:
    """Give the path of every file in an index, from the top of its repository.

    Raises UnknownIndexError.
    """
    if not index:
        return ()
    version = int.from_bytes(index[4:8], "big")
    if index[:4] != b"DIRC" or version not in (2, 3, 4):
        raise UnknownIndexError
    for size in _HASHES:
        try:
            return tuple(os.fsdecode(name) for name in _names(index, version, size))
        except (IndexError, ValueError, UnknownIndexError):
            continue  # no index with hashes of this length
    raise UnknownIndexError


def _names(index: bytes, version: int, size: int) -> Iterator[bytes]:
    at, name = _HEAD, b""
    for _ in range(int.from_bytes(index[8:12], "big")):
        start = at
        at += _NUMBERS + size
        flags = index[at] << 8 | index[at + 1]
        at += 4 if flags & _EXTENDED else 2
        if version == 4:
            kept, at = _varint(index, at)
            name = name[: len(name) - kept]
        else:
            name = b""
        end = index.index(b"\0", at)
        name += index[at:end]
        length = flags & _LONG_NAME
        if length != min(len(name), _LONG_NAME) or not name:
            raise UnknownIndexError
        at = end + 1 if version == 4 else start + ((end - start) // 8 + 1) * 8
        yield name
    _refuse_unknown(index, at, size)


def _varint(index: bytes, at: int) -> tuple[int, int]:
    """Read a number of git's own variable length; give it and where the next thing begins."""
    value = index[at] & 0x7F
    while index[at] & 0x80:
        at += 1
        value = (value + 1) << 7 | index[at] & 0x7F
    return value, at + 1


def _refuse_unknown(index: bytes, at: int, size: int) -> None:
    """See that the extensions fill the rest, and that none of them changes what was read."""
    end = len(index) - size
    while at < end:
        if index[at : at + 4] in _UNKNOWN_EXTENSIONS:
            raise UnknownIndexError
        at += 8 + int.from_bytes(index[at + 4 : at + 8], "big")
    if at != end:
        raise UnknownIndexError
