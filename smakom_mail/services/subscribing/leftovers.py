"""Where an erased address still stands: files of the project that an erasure does not reach.

Exports, send lists, mails in the outbox, logs and what people were imported from. They are searched
for the address as bytes, whatever the case of its letters, and named; deleting them is the
editor's. A workbook is unpacked for it. What is too large, or too much, is named as not searched.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

FOLDERS = ("var", "build")
"""What is made by the program lies in these, at any depth."""
TABLES = (".csv", ".tsv", ".txt", ".json", ".xlsx", ".xlsm", ".eml", ".mbox", ".log")
"""What may hold people in the project's own folder."""
LARGEST = 200_000_000
MOST = 2_000_000_000
FILES = 200_000

_PIECE = 1 << 20
_OVERLAP = 4_096
_WORKBOOKS = (".xlsx", ".xlsm")
# An address that only ends in this one is another's; so is one whose domain goes on.
_BEFORE = rb"(?<![\w.!#$%&'*+/=?^`{|}~-])"
_AFTER = rb"(?!\.?[\w-])"


@dataclass(frozen=True, slots=True)
class Leftovers:
    """The files in which an address was found, and those in which it was not looked for."""

    files: tuple[Path, ...]
    unsearched: tuple[Path, ...]


NOWHERE = Leftovers((), ())


def find_leftovers(
    root: Path, addresses: Iterable[str], passed_over: Iterable[Path] = ()
) -> Leftovers:
    """Search the project in `root` for addresses; `passed_over` are files and folders left out."""
    needle = _Needle(addresses)
    found: list[Path] = []
    unsearched: list[Path] = []
    bytes_left = MOST
    for number, path in enumerate(_files(root, frozenset(passed_over)), 1):
        try:
            size = path.stat().st_size
            if size > min(LARGEST, bytes_left) or number > FILES:
                unsearched.append(path)
                continue
            bytes_left -= size
            if _holds(path, needle):
                found.append(path)
        except (OSError, zipfile.BadZipFile):
            unsearched.append(path)
    return Leftovers(tuple(found), tuple(unsearched))


def _files(root: Path, passed_over: frozenset[Path]) -> Iterator[Path]:
    """Give the files to look into, in their order; links lead elsewhere and are not followed."""
    for folder in FOLDERS:
        yield from _below(root / folder, passed_over)
    for path in _listed(root):
        if path.suffix.lower() in TABLES and path not in passed_over and _is_own(path):
            yield path


def _below(folder: Path, passed_over: frozenset[Path]) -> Iterator[Path]:
    if folder in passed_over or folder.is_symlink():
        return
    for path in _listed(folder):
        if path.is_dir():
            yield from _below(path, passed_over)
        elif path not in passed_over and _is_own(path):
            yield path


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _is_own(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


class _Needle:
    """Every way in which the addresses may be written, looked for in any case of ASCII letters."""

    def __init__(self, addresses: Iterable[str]) -> None:
        written = {text.lower() for address in addresses for text in _spellings(address)}
        narrow = {text.encode(coding) for text in written for coding in _codings(text)}
        self._wide = {text.encode("utf-16-le") for text in written}
        self._words = (*narrow, *self._wide)
        either = b"|".join(map(re.escape, sorted(narrow)))
        self._whole = re.compile(_BEFORE + b"(?:" + either + b")" + _AFTER)

    def stands_in(self, data: bytes, start: int) -> bool:
        """Say whether one of them begins in `data` at `start` or later."""
        lower = data.lower()
        there = [word for word in self._words if lower.find(word, start) >= 0]
        return bool(self._wide & set(there)) or (
            bool(there) and self._whole.search(lower, start) is not None
        )


def _spellings(address: str) -> Iterator[str]:
    """Give an address as it is kept, with its domain in letters, and as links and JSON have it."""
    local, _, domain = address.rpartition("@")
    domains = [domain]
    with suppress(UnicodeError):
        domains.append(domain.encode("ascii").decode("idna"))
    for each in dict.fromkeys(domains):
        text = f"{local}@{each}"
        yield text
        yield quote(text, safe="")
        yield text.encode("ascii", "backslashreplace").decode("ascii").replace("\\x", "\\u00")
        yield text.replace("&", "&amp;").replace("'", "&#x27;")


def _codings(text: str) -> tuple[str, ...]:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return ("utf-8",)
    return ("utf-8", "cp1252")


def _holds(path: Path, needle: _Needle) -> bool:
    if path.suffix.lower() in _WORKBOOKS and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as book:
            if sum(part.file_size for part in book.infolist()) > LARGEST:
                raise zipfile.BadZipFile("too large to unpack")
            return any(_read_through(part, needle) for part in map(book.open, book.namelist()))
    with path.open("rb") as stream:
        return _read_through(stream, needle)


def _read_through(stream: IO[bytes], needle: _Needle) -> bool:
    """Read a stream in pieces; what may stand across two of them is looked at with the second."""
    kept = b""
    with stream:
        while piece := stream.read(_PIECE):
            # From the second byte of what was kept: whether a name begins there, the first tells.
            if needle.stands_in(kept + piece, min(len(kept), 1)):
                return True
            kept = (kept + piece)[-_OVERLAP:]
    return False
