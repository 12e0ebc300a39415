"""Tables of text: .csv as spreadsheets and other programs write it.

The file is read twice, once to find out its encoding, and never held whole. Python's own csv
module is not used: it swallows the rest of the file after one stray quotation mark, and then
cannot go on.
"""

import codecs
import io
import re
from collections import deque
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO

from smakom_mail.content.people.columns import find_columns, known
from smakom_mail.content.people.table import Row, Table, too_large, used
from smakom_mail.model.person import Fault

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LIMIT = 1_000_000_000
"""The largest .csv that is read, in bytes: some five million people."""
LINE_LIMIT = 100_000
"""The longest line, in characters."""
LINES_IN_CELL = 50
"""A quotation mark that is open for so many lines was never meant to be."""

_DELIMITERS = (";", "\t", ",")
_SEARCHED = 10
_CHUNK = 1 << 20
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
# What å ä ö é and their capitals are in UTF-8: never seen in a Windows-1252 text.
_UTF8_LETTER = re.compile(rb"\xc3[\x84\x85\x89\x96\xa4\xa5\xa9\xb6]")
_ADDRESS = re.compile(r'\s*"?[^\s@"]+@[^\s@"]+"?\s*')
_NOT_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def read_delimited(stream: BinaryIO) -> Table | Fault:
    """Read a .csv: encoding, delimiter and header are found out."""
    if fault := too_large(stream, LIMIT):
        return fault
    encoding = _encoding(stream)
    if isinstance(encoding, Fault):
        return encoding
    stream.seek(0)
    lines = _Lines(stream, encoding)
    delimiter = _delimiter(lines)
    records = _records(lines, delimiter)
    first = list(islice(records, _SEARCHED))
    columns = find_columns([row.cells for row in first])
    if isinstance(columns, Fault):
        return columns
    rows = (row for row in chain(first[columns.header + 1 :], records) if used(row))
    return Table(columns, rows, encoding, delimiter, notes=columns.notes)


def split_line(text: str, delimiter: str) -> tuple[list[str], bool, bool]:
    """Split one record into cells; say whether its quotation marks close, and cleanly.

    A mark counts where it opens a cell; two inside a quoted cell are one. Text between the
    closing mark and the delimiter is kept, and is not clean.
    """
    cells: list[str] = []
    at, clean = 0, True
    while True:
        quoted = ""
        if text.startswith('"', at):
            pieces = []
            while True:
                end = text.find('"', at + 1)
                if end < 0:
                    return [*cells, text[at:]], False, False
                pieces.append(text[at + 1 : end])
                at = end + 1
                if not text.startswith('"', at):
                    break
            quoted = '"'.join(pieces)
        stop = text.find(delimiter, at)
        tail = text[at:] if stop < 0 else text[at:stop]
        clean = clean and not (quoted and tail.strip())
        cells.append(quoted + tail)
        if stop < 0:
            return cells, True, clean
        at = stop + 1


class _Lines:
    """The lines of a file, which can be given back; a line that is too long is cut."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        buffer = io.BufferedReader(_Kept(stream), 1 << 16)
        self._text = io.TextIOWrapper(buffer, encoding=encoding, newline="")
        self._back: deque[str] = deque()

    def next(self) -> str:
        """Give the next line with its end, or nothing after the last."""
        if self._back:
            return self._back.popleft()
        line = self._text.readline(LINE_LIMIT + 1)
        if len(line) > LINE_LIMIT:
            rest = line
            while rest and rest[-1] not in "\r\n":
                rest = self._text.readline(LINE_LIMIT)
        return line

    def give_back(self, lines: list[str]) -> None:
        """Let these lines come next."""
        self._back.extendleft(reversed(lines))


class _Kept(io.RawIOBase):
    """Another's stream, which stays open when the reader of its text goes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer).cast("B")
        data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)


def _records(lines: _Lines, delimiter: str) -> Iterator[Row]:
    """Yield every record, empty ones too, numbered from 1."""
    number = 0
    while line := lines.next():
        number += 1
        if len(line) > LINE_LIMIT:
            cells = line[:1000].split(delimiter)
            yield Row(number, cells, Fault("row-long", (("limit", str(LINE_LIMIT)),)))
        elif '"' not in line:
            yield Row(number, line.rstrip("\r\n").split(delimiter))
        else:
            yield _quoted(line, lines, delimiter, number)


def _quoted(line: str, lines: _Lines, delimiter: str, number: int) -> Row:
    """Read a record with quotation marks, which may go on over the following lines."""
    cells, closed, _ = split_line(line.rstrip("\r\n"), delimiter)
    if closed:
        return Row(number, cells)
    taken = [line]
    while len(taken) < LINES_IN_CELL and (more := lines.next()):
        taken.append(more)
        if more.count('"') % 2 == 0:
            continue
        whole, closed, clean = split_line("".join(taken).rstrip("\r\n"), delimiter)
        if closed:
            if clean and not _swallowed(taken, delimiter, len(whole)):
                return Row(number, whole)
            break
    lines.give_back(taken[1:])
    return Row(number, line.rstrip("\r\n").split(delimiter), Fault("row-quote"))


def _swallowed(lines: list[str], delimiter: str, width: int) -> bool:
    """Say whether lines that make one record of `width` cells were meant as rows of their own."""
    divided = [line.split(delimiter) for line in lines]
    whole = [cells for cells in divided if len(cells) >= max(width - 1, 2)]
    return sum(any(_ADDRESS.fullmatch(cell) for cell in cells) for cells in whole) > 1


def _delimiter(lines: _Lines) -> str:
    """Find what divides the cells: Excel's "sep=;" says so, else the header that we know best."""
    first = lines.next()
    if named := _SEP.fullmatch(first):
        return named[1]
    seen = [first, *(lines.next() for _ in range(_SEARCHED - 1))]
    lines.give_back([line for line in seen if line])

    def fitness(delimiter: str) -> tuple[int, int]:
        split = [split_line(line.rstrip("\r\n"), delimiter)[0] for line in seen]
        return max(known(cells) for cells in split), max(len(cells) for cells in split)

    return max(_DELIMITERS, key=fitness)


def _encoding(stream: BinaryIO) -> str | Fault:
    """Find the encoding, reading the file once: UTF-8, else Windows-1252."""
    stream.seek(0)
    start = stream.read(4096)
    if not start.strip(b" \t\r\n\xef\xbb\xbf"):
        return Fault("file-empty")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Fault("file-utf16")
    if start.count(0) > len(start) // 4:
        return Fault("file-utf16")
    bad = _not_utf8(stream)
    if isinstance(bad, Fault):
        return bad
    if not bad:
        return "utf-8-sig"
    return _windows(stream, bad)


def _not_utf8(stream: BinaryIO) -> int | Fault:
    """Give the number of the first line that is not UTF-8, 0 when all are."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    bad, row = 0, 1
    for chunk in chain(_chunks(stream), (b"",)):
        if (nul := chunk.find(0)) >= 0:
            return Fault("file-nul", (("row", str(row + _breaks(chunk[:nul]))),))
        if not bad:
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                bad = row + _breaks(error.object[: error.start])
        row += _breaks(chunk)
    return bad


def _windows(stream: BinaryIO, bad: int) -> str | Fault:
    row = 1
    for chunk in _chunks(stream):
        if _UTF8_LETTER.search(chunk):
            return Fault("file-mixed", (("row", str(bad)),))
        if wrong := _NOT_1252.search(chunk):
            place = row + _breaks(chunk[: wrong.start()])
            return Fault("file-encoding", (("row", str(place)),))
        row += _breaks(chunk)
    return "cp1252"


def _breaks(data: bytes) -> int:
    return data.count(b"\n") or data.count(b"\r")


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        yield chunk
