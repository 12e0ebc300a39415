"""A file of people, as rows of text: .csv and .xlsx, found out from its bytes, not its name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from smakom_mail.content.people.columns import Columns
from smakom_mail.model.person import Fault

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_WEB = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|table|meta|\?xml)", re.IGNORECASE
)
_MEGABYTE = 1_000_000
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "an archive"),
    (b"7z\xbc\xaf\x27\x1c", "an archive"),
    (b"Rar!", "an archive"),
    (rb"{\rtf", "a text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)


class Row(NamedTuple):
    """A row below the header: the number that a spreadsheet shows, and its cells as text.

    With a `fault` the row cannot be used, and its cells are what could be read of it.
    """

    number: int
    cells: Sequence[str]
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header is understood; `rows` can be read once, and keeps nothing.

    `encoding` and `delimiter` are those of a .csv, `sheet` is that of an .xlsx; else empty.
    Rows without any text are left out.
    """

    columns: Columns
    rows: Iterator[Row]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    notes: tuple[Fault, ...] = ()


def read_table(stream: BinaryIO, sheet: str = "") -> Table | Fault:
    """Read the table in `stream`, which can be sought in, or say why there is none.

    In a workbook `sheet` names the sheet; without it, the first with a header we know is read.
    """
    start = _start(stream)
    if start.startswith(_OLE):
        return Fault("file-password" if _holds(stream, _LOCKED) else "file-xls")
    for sign, kind in _OTHERS:
        if start.startswith(sign):
            return Fault("file-kind", (("kind", kind),))
    if _WEB.match(start):
        return Fault("file-kind", (("kind", "a web page"),))
    if start.startswith(b"PK\x03\x04"):
        from smakom_mail.content.people.workbook import read_workbook

        return read_workbook(stream, sheet)
    from smakom_mail.content.people.delimited import read_delimited

    return read_delimited(stream)


def used(row: Row) -> bool:
    """Say whether a row has any text, or a fault to be told."""
    return row.fault is not None or any(cell and not cell.isspace() for cell in row.cells)


def too_large(stream: BinaryIO, limit: int) -> Fault | None:
    """Give the fault of a file with more than `limit` bytes."""
    size = stream.seek(0, 2)
    stream.seek(0)
    if size <= limit:
        return None
    values = (("size", str(-(-size // _MEGABYTE))), ("limit", str(limit // _MEGABYTE)))
    return Fault("file-size", values)


def _start(stream: BinaryIO) -> bytes:
    stream.seek(0)
    start = stream.read(1024)
    stream.seek(0)
    return start


def _holds(stream: BinaryIO, needle: bytes) -> bool:
    """Look for `needle` in the stream, a piece at a time."""
    before = b""
    while piece := stream.read(_MEGABYTE):
        if needle in before + piece:
            return True
        before = piece[-len(needle) :]
    return False
