"""The list of member organisations that an editor keeps as a .csv."""

import csv
import re
import unicodedata
from pathlib import Path

from smakom_mail.content.people.columns import HEADERS, fold
from smakom_mail.model.person import Fault

LIMIT = 1_000_000
"""The largest list of members that is read, in bytes."""
_ORGANISATION = {fold(header) for header in (*HEADERS["organisation"], *HEADERS["name"], "medlem")}
_DELIMITERS = (";", "\t", ",")
_KIND = re.compile(r"\s+(?:kommun|stad|municipality|region)$")


def read_members(path: Path) -> tuple[str, ...] | Fault:
    """Read the names in the column "kommun" (or organisation, name), each once and in order.

    Without such a header the first column is read, from the first row on. Raises OSError.
    """
    with path.open("rb") as stream:
        data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        return Fault("file-size", (("size", ">1"), ("limit", "1")))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Fault("file-utf16")
    if b"\0" in data:
        return Fault("file-nul", (("row", str(data[: data.index(b"\0")].count(b"\n") + 1)),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return _names(text)


def _names(text: str) -> tuple[str, ...] | Fault:
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return Fault("file-empty")
    delimiter = max(_DELIMITERS, key=lines[0].count)
    rows = [next(csv.reader([line], delimiter=delimiter)) for line in lines]
    place = next((at for at, cell in enumerate(rows[0]) if fold(cell) in _ORGANISATION), None)
    below = rows if place is None else rows[1:]
    cells = (row[place or 0] for row in below if len(row) > (place or 0))
    names = (unicodedata.normalize("NFC", " ".join(cell.split())) for cell in cells)
    return tuple(dict.fromkeys(name for name in names if name))


def organisation_key(name: str) -> str:
    """Give what spellings of one organisation have alike: "Åmåls kommun" is "Åmål"."""
    plain = unicodedata.normalize("NFC", " ".join(name.split())).casefold()
    return _KIND.sub("", plain).removesuffix("s")
