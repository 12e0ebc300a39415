"""Strict reading of the author's files: UTF-8 text inside the project, or a finding."""

import html
import re
import sys
import unicodedata
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from smakom_mail.diagnostics import Diagnostic, finding

LIMIT = 1_000_000
"""The largest text file that is read, in bytes: 200 times a long newsletter."""
_NAMED = 20
"""So many strange characters are named in one run; a file with more is no text."""

# C0 and C1 controls but tab and newline, noncharacters, and everything with the Unicode
# property Bidi_Control (UAX #9): what the eye cannot see must not change what is read.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_REFERENCE = re.compile(r"&(?:#([xX][0-9a-fA-F]{1,6}|[0-9]{1,7})|[A-Za-z][A-Za-z0-9]{1,31});")


def decode_text(data: bytes, file: str) -> tuple[str, tuple[Diagnostic, ...]]:
    r"""Decode `data` strictly; give NFC text with ``\n`` line ends, and what is wrong with it.

    The text is empty when it cannot be decoded at all, and without the forbidden characters
    when it holds some, so that the rest of the file is still checked.
    """
    if len(data) > LIMIT:
        return "", (finding("file-too-large", file, size=len(data), limit=LIMIT),)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", (finding("file-encoding", file, line, byte=error.start + 1),)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", re.sub("[\u2028\u2029]", "\n", text))
    if not _FORBIDDEN.search(text):
        return text, ()
    return _FORBIDDEN.sub("", text), tuple(islice(_strange(text, file), _NAMED))


def _strange(text: str, file: str) -> Iterator[Diagnostic]:
    """Name the forbidden characters, each once a line."""
    for number, row in enumerate(text.split("\n"), 1):
        for character in dict.fromkeys(_FORBIDDEN.findall(row)):
            yield finding("file-character", file, number, character=f"U+{ord(character):04X}")


def without_references(text: str, file: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """Leave out HTML's spellings of forbidden characters (``&#x202E;``, ``&lrm;``), named by line.

    Markdown would turn them into the characters themselves.
    """
    found: list[Diagnostic] = []

    def judge(match: re.Match[str]) -> str:
        number = match[1] or ""
        code = int(number[1:], 16) if number[:1] in ("x", "X") else int(number or -1)
        character = chr(code) if 0 <= code <= sys.maxunicode else html.unescape(match[0])
        if not _FORBIDDEN.search(character):
            return match[0]
        line = text.count("\n", 0, match.start()) + 1
        name = f"U+{ord(character[0]):04X}"
        found.append(finding("file-character", file, line, character=name))
        return ""

    return _REFERENCE.sub(judge, text), tuple(found[:_NAMED])


def is_file(path: Path) -> bool:
    """Say whether `path` is a regular file, links followed; False where no file can be."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_inside(root: Path, path: Path) -> bool:
    """Say whether `path` lies inside `root` when links are followed, so that it may be listed."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def read_bytes(root: Path, path: Path, limit: int = LIMIT) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """Read a file that must lie inside `root`, links followed; at most `limit` bytes."""
    file = path.relative_to(root).as_posix()
    try:
        if not path.resolve(strict=True).is_relative_to(root.resolve()):
            return b"", (finding("file-outside", file, path=file),)
        if not path.is_file() and not path.is_dir():
            return b"", (finding("file-unreadable", file, reason="it is not a file"),)
        size = path.stat().st_size
        if size > limit:
            return b"", (finding("file-too-large", file, size=size, limit=limit),)
        return path.read_bytes(), ()
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return b"", (finding("file-unreadable", file, reason=reason),)


def read_text(root: Path, path: Path) -> tuple[str, tuple[Diagnostic, ...]]:
    """Read a text file inside `root` strictly."""
    data, findings = read_bytes(root, path)
    if findings:
        return "", findings
    return decode_text(data, path.relative_to(root).as_posix())
