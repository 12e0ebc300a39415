"""Workbooks: the .xlsx that Excel writes, read a row at a time with openpyxl.

Nothing is handed to openpyxl before the archive has been seen to be small when unpacked and its
XML to be free of document types, so that nothing in it can grow, or fetch another file.
"""

import datetime as dt
import re
import struct
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, BinaryIO, Protocol, cast

from smakom_mail.content.people.columns import Columns, find_columns
from smakom_mail.content.people.table import Row, Table, too_large, used
from smakom_mail.model.person import Fault

if TYPE_CHECKING:
    from openpyxl import Workbook

EXPANDED = 40_000_000
"""The most that a workbook may hold when unpacked, in bytes: some 200,000 people."""

_PARTS = 1_000
_DIRECTORY = 1_000_000
_WIDEST = 100
_LAST_ROW = 1_048_576
_SEARCHED = 10
_BATCH = 500
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']""")
_HIDDEN = re.compile(rb"<(?:\w{1,20}:)?row\b[^<>]{0,500}?\shidden=\"(?:1|true)\"[^<>]{0,500}>")
_NUMBER = re.compile(rb"\sr=\"(\d{1,7})\"")
_MERGED = re.compile(
    rb"<(?:\w{1,20}:)?mergeCell\b[^<>]{0,200}?\sref=\"([A-Z]{1,3}(\d{1,7}):[A-Z]{1,3}\d{1,7})\""
)
# How Excel writes a control character inside XML, which has no place for it.
_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f])_")


class _Page(Protocol):
    """A sheet as openpyxl gives it where nothing is written; its types know another."""

    title: str
    sheet_state: str

    def reset_dimensions(self) -> None: ...
    def iter_rows(
        self, *, max_col: int, max_row: int, values_only: bool
    ) -> Iterator[tuple[object, ...]]: ...
    def _get_source(self) -> IO[bytes]: ...


def read_workbook(stream: BinaryIO, sheet: str = "") -> Table | Fault:
    """Read a sheet of a workbook, or say why that cannot be done."""
    if fault := too_large(stream, EXPANDED) or _unsafe(stream):
        return fault
    try:
        return _read(stream, sheet)
    except Exception:  # noqa: BLE001 - a damaged file makes openpyxl raise whatever its parts do
        return Fault("file-broken")


def _read(stream: BinaryIO, sheet: str) -> Table | Fault:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that nobody here looks at
        book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    sheets = {page.title: page for page in _sheets(book)}
    if sheet and sheet not in sheets:
        values = (("sheet", sheet), ("known", ", ".join(sheets)))
        return Fault("sheet-unknown", values)
    faults = []
    for title in [sheet] if sheet else sheets:
        rows = _rows(sheets[title])
        first = list(islice(rows, _SEARCHED))
        columns = find_columns([row.cells for row in first])
        if isinstance(columns, Columns):
            others = [] if sheet else [other for other in sheets if other != title]
            notes = (*columns.notes, *_notes(sheets[title], others, first[columns.header].number))
            below = chain(first[columns.header + 1 :], rows)
            return Table(columns, filter(used, below), sheet=title, notes=notes)
        faults.append(columns)
    telling = [fault for fault in faults if fault.kind != "file-empty"]
    return next(iter(telling or faults), Fault("file-empty"))


def _sheets(book: "Workbook") -> Iterator[_Page]:
    """Yield the sheets with cells that can be seen; or all, where none can be."""
    pages = cast("list[_Page]", book.worksheets)
    yield from [page for page in pages if page.sheet_state == "visible"] or pages


def _rows(page: _Page) -> Iterator[Row]:
    """Yield the rows that are not empty; the last is a faulty one where the sheet is damaged."""
    page.reset_dimensions()  # what a file says of its own size may be wrong
    values = page.iter_rows(max_col=_WIDEST, max_row=_LAST_ROW, values_only=True)
    number = 0
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of dates outside the calendar: "#VALUE!"
                batch = list(islice(values, _BATCH))
        except Exception:  # noqa: BLE001 - as in read_workbook; what came before still counts
            yield Row(number + 1, (), Fault("row-broken"))
            return
        for cells in batch:
            number += 1
            if cells.count(None) == len(cells):
                continue
            texts = [shown(value) for value in cells]
            while texts and not texts[-1]:
                texts.pop()
            yield Row(number, texts)
        if len(batch) < _BATCH:
            return


def shown(value: object) -> str:
    """Give what a cell holds as text: whole numbers whole, dates as ISO, a formula's result."""
    match value:
        case None:
            return ""
        case str():
            return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return format(value, ".15g")
        case dt.datetime():
            day = value.date().isoformat()
            clock = value.time().isoformat("minutes" if not value.second else "seconds")
            return day if value.time() == dt.time() else f"{day} {clock}"
    return str(value)


def _notes(page: _Page, others: Sequence[str], header: int) -> Iterator[Fault]:
    """Tell of what the eye does not see, or sees otherwise, in the chosen sheet."""
    if others:
        yield Fault("sheet-chosen", (("sheet", page.title), ("others", ", ".join(others))))
    with page._get_source() as part:  # noqa: SLF001 - the rows that openpyxl gives lack these
        xml = part.read()
    numbers = [found for row in _HIDDEN.finditer(xml) if (found := _NUMBER.search(row[0]))]
    hidden = [number for found in numbers if (number := int(found[1])) > header]
    if hidden:
        yield Fault("rows-hidden", (("count", str(len(hidden))), ("row", str(hidden[0]))))
    merged = [cells[1].decode() for cells in _MERGED.finditer(xml) if int(cells[2]) > header]
    if merged:
        yield Fault("cells-merged", (("cells", ", ".join(merged[:5])),))


def _unsafe(stream: BinaryIO) -> Fault | None:
    """Look into every part of the archive; give the fault of one that is not to be read."""
    try:
        if _directory_size(stream) > _DIRECTORY:
            return Fault("file-broken")
        with zipfile.ZipFile(stream) as archive:
            return _kind(archive) or _expanded(archive)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        return Fault("file-broken")
    except Exception:  # noqa: BLE001 - zlib and lzma have errors of their own for damaged data
        return Fault("file-broken")


def _directory_size(stream: BinaryIO) -> int:
    """Give how large the archive's list of its parts is, which zipfile would read whole."""
    size = stream.seek(0, 2)
    stream.seek(max(size - 66_000, 0))
    tail = stream.read()
    stream.seek(0)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 16:
        return 0
    return int(struct.unpack_from("<L", tail, end + 12)[0])


def _kind(archive: zipfile.ZipFile) -> Fault | None:
    names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        return Fault("file-xlsb")
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        kind = archive.read("mimetype")
        if b"opendocument.spreadsheet" in kind:
            return Fault("file-ods")
    if any(name.endswith(".iwa") for name in names) or "Index.zip" in names:
        return Fault("file-numbers")
    if "word/document.xml" in names or "content.xml" in names:
        return Fault("file-kind", (("kind", "a text document"),))
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        return Fault("file-kind", (("kind", "an archive"),))
    return None


def _expanded(archive: zipfile.ZipFile) -> Fault | None:
    parts = archive.infolist()
    declared = sum(part.file_size for part in parts)
    if declared > EXPANDED:
        values = (("size", str(-(-declared // 1_000_000))), ("limit", str(EXPANDED // 1_000_000)))
        return Fault("file-expanded", values)
    if len(parts) > _PARTS:
        return Fault("file-broken")
    for part in parts:
        data = archive.read(part)  # no more than declared: zipfile stops there, and says so
        if part.filename.lower().endswith((".xml", ".rels", ".vml")) or b"<?xml" in data[:100]:
            if b"purl.oclc.org/ooxml" in data[:2000] and part.filename == "xl/workbook.xml":
                return Fault("file-strict")
            if not _plain(data):
                return Fault("file-broken")
    return None


def _plain(data: bytes) -> bool:
    """Say whether XML is in ASCII's family and has no document type, so no entities of its own."""
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared[1].lower() if declared else b"utf-8"
    return (
        encoding in (b"utf-8", b"us-ascii", b"iso-8859-1")
        and b"\x00" not in data
        and b"<!DOCTYPE" not in data
        and b"<!ENTITY" not in data
    )
