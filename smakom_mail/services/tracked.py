"""What git keeps that it must not: the secret, the database, lists of addresses."""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from smakom_mail.content.git_index import (
    Repository,
    UnknownIndexError,
    repository_around,
    repository_in,
    tracked_names,
)
from smakom_mail.content.reading import is_file, is_inside
from smakom_mail.diagnostics import Diagnostic, finding

VAR = "var"
"""The folder of the running newsletter: database, outbox, secret."""
_SECRET = f"{VAR}/secret"
_PLACEHOLDERS = (".gitignore", ".gitkeep", ".keep", "readme", "readme.md", "readme.txt")
_TABLES = (".csv", ".tsv", ".xlsx")
_DATABASES = (".db", ".sqlite", ".sqlite3")
_NEEDLES = tuple(word.encode("ascii") for word in (f"{VAR}/", *_TABLES, *_DATABASES))
_PREFIXED_NAMES = 4  # the version of the index that cuts names in pieces
_HEAD = 64_000
_SHEETS = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
_ADDRESS = re.compile(
    r"(?:^|[;,\t\"'>\r\n])[ ]*[^\s@;,\"'<>]{1,64}"
    r"@((?:[^\s@;,\"'<>.]{1,63}\.){1,8}[^\s@;,\"'<>.]{2,63})[ ]*(?=$|[;,\t\"'<\r\n])"
)
_INVENTED = re.compile(
    r"(?:.*\.)?(?:example|test|invalid|localhost|example\.(?:com|net|org))", re.IGNORECASE
)


def tracked_by_git(root: Path, paths: Iterable[Path]) -> tuple[Path, ...]:
    """Give those of `paths` that git keeps, in a repository in `root` or around it.

    A path may be relative to `root`. Upper and lower case count as the same, as on the disks of
    Windows and macOS. Where git keeps no list that can be read, the answer is none.
    """
    repository = repository_around(root)
    if repository is None:
        return ()
    kept = {_folded(name) for name in _all_names(repository)}
    return tuple(path for path in paths if kept & set(_spellings(repository, root, path)))


def tracked_data(root: Path, *, around: bool) -> Iterator[Diagnostic]:
    """Give a finding for each file of people or secrets in `root` that git keeps.

    `around` looks at a repository around the project too, and starts git where its list is of
    a kind we cannot read; without it only a repository in `root` itself is looked at.
    """
    repository = repository_around(root) if around else repository_in(root)
    if repository is None:
        return
    try:
        index = repository.index()
        names = tracked_names(index) if _mentions(index) else ()
    except UnknownIndexError:
        names = _asked(repository) if around else ()
    for name in _below(repository, root, names):
        if kind := _kind(root, name):
            yield _finding(kind, _shown(name))


def _below(repository: Repository, root: Path, names: Iterable[str]) -> Iterator[str]:
    """Give the names of files in `root`, as seen from there."""
    above = root.resolve().relative_to(repository.top.resolve()).parts
    prefix = _folded("".join(f"{part}/" for part in above))
    for name in names:
        if _folded(name).startswith(prefix):
            yield name.split("/", len(above))[-1]


def _mentions(index: bytes) -> bool:
    """Say whether a name in the index may be one of ours: most have none, and are not taken apart.

    An index of version 4 cuts its names in pieces, so that nothing can be said of it.
    """
    lower = index.lower()
    cut = index[4:8] == _PREFIXED_NAMES.to_bytes(4, "big")
    split = any(mark in index for mark in (b"link", b"sdir"))
    return cut or split or any(needle in lower for needle in _NEEDLES)


def _kind(root: Path, name: str) -> str:
    """Say what a file that git keeps is: "secret", "running", "database", "addresses" or ""."""
    folded = _folded(name)
    if folded == _SECRET or folded.startswith(f"{_SECRET}."):
        return "secret"
    if folded.startswith(f"{VAR}/"):
        return "" if folded.rpartition("/")[2] in _PLACEHOLDERS else "running"
    if folded.endswith(_DATABASES) and _head(root, name, 16) == b"SQLite format 3\0":
        return "database"
    if folded.endswith(_TABLES) and _holds_addresses(root, name):
        return "addresses"
    return ""


def _finding(kind: str, file: str) -> Diagnostic:
    if kind == "secret":
        return finding("tracked-secret", file, path=file)
    if kind == "addresses":
        return finding("tracked-addresses", file, path=file)
    if kind == "database":
        return finding("tracked-database", file, path=file)
    return finding("tracked-running", file, path=file)


def _holds_addresses(root: Path, name: str) -> bool:
    if name.lower().endswith(".xlsx"):
        texts = _sheets(root, name)
    else:
        data = _head(root, name, _HEAD)
        wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        texts = [data.decode("utf-16" if wide else "latin-1", "replace")]
    return any(
        not _INVENTED.fullmatch(match[1]) for text in texts for match in _ADDRESS.finditer(text)
    )


def _sheets(root: Path, name: str) -> list[str]:
    """Give the beginning of a workbook's texts; nothing for a file that is none."""
    import zipfile

    found = []
    if _is_ours(root, name):
        try:
            with zipfile.ZipFile(root / name) as book:
                for part in set(_SHEETS) & set(book.namelist()):
                    with book.open(part) as stream:
                        found.append(stream.read(_HEAD).decode("utf-8", "replace"))
        except (OSError, RuntimeError, ValueError, NotImplementedError, zipfile.BadZipFile):
            return []
    return found


def _head(root: Path, name: str, size: int) -> bytes:
    """Read the beginning of a file of the project; nothing where there is none."""
    if not _is_ours(root, name):
        return b""
    try:
        with (root / name).open("rb") as file:
            return file.read(size)
    except OSError:
        return b""


def _is_ours(root: Path, name: str) -> bool:
    return is_inside(root, root / name) and is_file(root / name)


def _all_names(repository: Repository) -> tuple[str, ...]:
    try:
        return tracked_names(repository.index())
    except UnknownIndexError:
        return _asked(repository)


def _asked(repository: Repository) -> tuple[str, ...]:
    """Ask git itself, without anything that the repository would have it run."""
    import subprocess

    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ("git", "-c", "core.fsmonitor=false", "ls-files", "-z")
    try:
        asked = subprocess.run(  # noqa: S603 - a fixed command
            command, cwd=repository.top, env=clean, capture_output=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(os.fsdecode(name) for name in asked.stdout.split(b"\0") if name)


def _spellings(repository: Repository, root: Path, path: Path) -> Iterator[str]:
    """Give the names under which git may keep `path`: where it stands, and where it leads."""
    top = repository.top.resolve()
    for place in (Path(os.path.normpath(root.resolve() / path)), (root / path).resolve()):
        if place.is_relative_to(top):
            yield _folded(place.relative_to(top).as_posix())


def _folded(name: str) -> str:
    return name.lower() if name.isascii() else unicodedata.normalize("NFC", name).casefold()


def _shown(name: str) -> str:
    """Spell out bytes that are no text: a finding is printed."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
