"""Files of people for the tests: made from text or rows, and shown as what was read."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

from smakom_mail.content.people.rows import read_rows
from smakom_mail.content.people.sentences import sentence
from smakom_mail.content.people.table import Table, read_table
from smakom_mail.model.person import Fault, PersonRow, Rejected, Repeated

NOW = dt.datetime(2021, 2, 1, 12, 0, tzinfo=dt.UTC)


def table(data: bytes | str, sheet: str = "") -> Table:
    """Read a table that can be read."""
    found = read_table(io.BytesIO(data.encode() if isinstance(data, str) else data), sheet)
    assert isinstance(found, Table), sentence(found, "en")
    return found


def refused(data: bytes | str, language: str = "sv", sheet: str = "") -> str:
    """Give the sentence about a file that cannot be read."""
    found = read_table(io.BytesIO(data.encode() if isinstance(data, str) else data), sheet)
    assert isinstance(found, Fault)
    return sentence(found, language)


def cells(data: bytes | str, sheet: str = "") -> list[tuple[int, list[str] | str]]:
    """Give the rows below the header: number and cells, or number and what is wrong."""
    return [
        (row.number, sentence(row.fault) if row.fault else list(row.cells))
        for row in table(data, sheet).rows
    ]


def notes(data: bytes | str) -> list[str]:
    """Give what is said about a table as a whole."""
    return [sentence(note) for note in table(data).notes]


def people(data: bytes | str) -> list[PersonRow | Rejected | Repeated]:
    """Read all rows of a table."""
    return list(read_rows(table(data), now=NOW))


def one(data: bytes | str) -> PersonRow:
    """Read the one person of a table."""
    (person,) = people(data)
    assert isinstance(person, PersonRow), person
    return person


def rejected(data: bytes | str, language: str = "sv") -> list[str]:
    """Give the sentences of the rejected rows, each after its number."""
    return [
        f"{found.row} {found.email}: {sentence(found.reason, language)}"
        for found in people(data)
        if isinstance(found, Rejected)
    ]


def workbook(rows: Iterable[Sequence[object]], **sheets: Iterable[Sequence[object]]) -> bytes:
    """Make an .xlsx with these rows, and further sheets by their names."""
    book = Workbook()
    pages = [(book.active, rows), *((book.create_sheet(name), of) for name, of in sheets.items())]
    for page, lines in pages:
        assert page is not None
        for line in lines:
            page.append(list(line))
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Give the bytes of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def altered(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """Give an archive whose part `name` says `new` in place of `old`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(stream, "w") as after:
        for part in before.infolist():
            content = before.read(part)
            if part.filename == name:
                assert old in content
                content = content.replace(old, new, 1)
            after.writestr(part.filename, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
