"""Where an erased address still stands: files of the project that an erasure does not reach.

Exports, send lists, mails in the outbox, logs and what people were imported from. They are searched
for the address as bytes, whatever the case of its letters and however these are composed, and
named; deleting them is the editor's. A workbook or archive is unpacked for it. What is too large,
too much, or an archive that cannot be unpacked, is named as not searched.
"""

import bz2
import gzip
import lzma
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import IO
from urllib.parse import quote

from email_validator import EmailNotValidError
from email_validator.syntax import validate_email_domain_name

FOLDERS = ("var", "build")
"""What is made by the program lies in these, at any depth."""
_ZIPPED = (".xlsx", ".xlsm", ".ods", ".zip", ".docx", ".odt")
_PRESSED: Mapping[str, Callable[[Path], BufferedIOBase]] = {
    ".gz": gzip.GzipFile,
    ".tgz": gzip.GzipFile,
    ".bz2": bz2.BZ2File,
    ".xz": lzma.LZMAFile,
}
_CLOSED = (".7z", ".rar", ".zst", ".lz4", ".lzma", ".z")
TABLES = (
    *(".csv", ".tsv", ".txt", ".json", ".xls", ".eml", ".mbox", ".log", ".tar"),
    *(*_ZIPPED, *_PRESSED, *_CLOSED),
)
"""What may hold people in the project's own folder."""
LARGEST = 200_000_000
MOST = 2_000_000_000
FILES = 200_000

_PIECE = 1 << 20
_OVERLAP = 4_096
_UNPACKING = (OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error,
              lzma.LZMAError)  # fmt: skip
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
        except _UNPACKING:
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
    """Every way in which the addresses may be written, looked for in any case of their letters."""

    def __init__(self, addresses: Iterable[str]) -> None:
        narrow, wide, begins = set[bytes](), set[bytes](), set[bytes]()
        for address in {form.lower() for each in addresses for form in _domains(each)}:
            # Looked for first, as that is quick; letters outside ASCII have too many forms.
            local = address.partition("@")[0]
            local = local if local.isascii() else ""
            begins |= {write(local).encode("ascii") for write in _WRITINGS}
            begins.add(local.encode("utf-16-le"))
            for write in _WRITINGS:
                narrow |= {_pattern(address, write, coding) for coding in ("utf-8", "cp1252")}
            wide.add(_pattern(address, str, "utf-16-le"))
        self._begins = tuple(begins)
        either = b"|".join(sorted(narrow))
        self._whole = re.compile(_BEFORE + b"(?:" + either + b")" + _AFTER)
        self._wide = re.compile(b"|".join(sorted(wide)))

    def stands_in(self, data: bytes, start: int) -> bool:
        """Say whether one of them begins in `data` at `start` or later."""
        lower = data.lower()
        if not any(lower.find(each, start) >= 0 for each in self._begins):
            return False
        return bool(self._wide.search(lower, start) or self._whole.search(lower, start))


def _domains(address: str) -> Iterator[str]:
    """Give an address as it is kept, and with its domain in letters."""
    local, _, domain = address.rpartition("@")
    yield address
    with suppress(EmailNotValidError):
        # Its reader knows the letters that Python's own codec for IDNA does not: ß, ς.
        yield f"{local}@{validate_email_domain_name(domain, test_environment=True)['domain']}"


_WRITINGS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: quote(text, safe=""),
    lambda text: text.encode("ascii", "backslashreplace").decode("ascii").replace("\\x", "\\u00"),
    lambda text: text.replace("&", "&amp;").replace("'", "&#x27;"),
)
"""A text as it is, in a link, in JSON and in HTML."""


def _pattern(text: str, write: Callable[[str], str], coding: str) -> bytes:
    """Give an expression for a text in a coding, to be sought in what bytes.lower() has made."""
    return b"".join(_either(_alike(sign), write, coding) for sign in text)


def _either(signs: Iterable[str], write: Callable[[str], str], coding: str) -> bytes:
    found: dict[bytes, None] = {}
    for each in signs:
        with suppress(UnicodeEncodeError):
            found[re.escape(write(each).encode(coding).lower())] = None
    # A sign that a coding does not have makes a pattern that nothing fits.
    return b"(?:" + b"|".join(found) + b")" if found else b"(?!)"


def _alike(sign: str) -> Iterator[str]:
    """Give a letter in both cases, composed and taken apart; @ also as East Asian keyboards do."""
    if sign == "@":
        yield from ("@", "\uff20")
    elif sign.isascii():
        yield sign
    else:
        more = {"\xdf": "\u1e9e", "\u03c2": "\u03c3"}.get(sign, sign)
        for each in dict.fromkeys((sign, sign.upper(), more)):
            if len(each) == 1:
                yield each
                yield unicodedata.normalize("NFD", each)


def _holds(path: Path, needle: _Needle) -> bool:
    kind = path.suffix.lower()
    if kind in _CLOSED:
        raise zipfile.BadZipFile("an archive that is not unpacked here")
    if kind in _PRESSED:
        return _read_through(_PRESSED[kind](path), needle, LARGEST)
    if kind in _ZIPPED and zipfile.is_zipfile(path):
        return _holds_zipped(path, needle)
    return _read_through(path.open("rb"), needle)


def _holds_zipped(path: Path, needle: _Needle) -> bool:
    with zipfile.ZipFile(path) as book:
        parts = book.infolist()
        if sum(part.file_size for part in parts) > LARGEST:
            raise zipfile.BadZipFile("too large to unpack")
        if any(_read_through(book.open(part), needle, LARGEST) for part in parts):
            return True
        if any(part.filename.lower().endswith((*_ZIPPED, *_PRESSED, *_CLOSED)) for part in parts):
            raise zipfile.BadZipFile("there is an archive in it")
    return False


def _read_through(stream: IO[bytes] | BufferedIOBase, needle: _Needle, most: int = 0) -> bool:
    """Read a stream in pieces; what may stand across two of them is looked at with the second.

    Raises ValueError for more than `most` bytes, which a small archive can unpack to.
    """
    kept, read = b"", 0
    with stream:
        while piece := stream.read(_PIECE):
            read += len(piece)
            if most and read > most:
                raise ValueError(read)
            # From the second byte of what was kept: whether a name begins there, the first tells.
            if needle.stands_in(kept + piece, min(len(kept), 1)):
                return True
            kept = (kept + piece)[-_OVERLAP:]
    return False
