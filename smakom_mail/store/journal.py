"""The journal of noes: a file beside the database that a restored backup cannot take back.

Every no, for whatever reason, is a line, appended and forced to disk inside the
transaction that records it and before that is committed. A crash between the two leaves a line
without its row, never a row without its line; and as `meta` holds how long the file was at the last
commit, the next `settle` sees the difference and enters the row. Reading a line twice changes
nothing: a no is known by its fingerprint, list, reason and time. So a database that is put back as
it was a month ago learns at its first opening who has said no since. One that is put back without
its journal could not learn it: the file is shorter than the database remembers, which no crash
makes it, and the database is a copy until it is adopted. The sidecar remembers the length too:
what was backed up before the first no remembers none.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from smakom_mail.errors import StoreError
from smakom_mail.model.person import Reason, Suppression
from smakom_mail.store.database import Database
from smakom_mail.store.sidecar import read_sidecar, sidecar_beside, sync_folder, write_sidecar

EVERYWHERE = "*"
_LINE = re.compile(
    rf"(?P<at>\S+) (?P<reason>{'|'.join(Reason)}) (?P<list>\S+)"
    r" (?P<fingerprint>[0-9a-f]{64})"
)
_LONGEST = 4096
_APPENDING = os.O_CREAT | os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0)
_LENGTH = "SELECT value FROM meta WHERE key = 'journal_bytes'"
_KEEP_LENGTH = """
INSERT INTO meta (key, value) VALUES ('journal_bytes', :bytes)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""


_LOST = "SELECT 1 FROM meta WHERE key = 'journal_lost'"
_KEEP_LOST = """
INSERT INTO meta (key, value) VALUES ('journal_lost', :bytes) ON CONFLICT (key) DO NOTHING
"""
_FORGIVE_LOST = "DELETE FROM meta WHERE key = 'journal_lost'"


@dataclass(frozen=True, slots=True)
class Journal:
    """The file NAME.journal; it is made with the first no."""

    path: Path

    def append(self, database: Database, noes: Iterable[Suppression]) -> None:
        """Add a line for each no that the open transaction records, and force them to disk.

        Raises StoreError; then the transaction must not be committed.
        """
        if not database.in_transaction:
            raise RuntimeError("a line of the journal outside the transaction it belongs to")
        text = "".join(as_line(no) for no in noes)
        if text:
            keep_lost(database, self)
            length = self._write(text)
            # After the line: a crash between the two leaves the sidecar behind, never ahead.
            self.tell_sidecar(length)
            record_length(database, length)

    @property
    def sidecar(self) -> Path:
        """The sidecar of the same database."""
        return sidecar_beside(self.path.with_name(self.path.name.removesuffix(".journal")))

    def tell_sidecar(self, length: int) -> None:
        """Let the sidecar know how long the file is; one that is missing is not made here."""
        sidecar = read_sidecar(self.sidecar)
        if sidecar is not None and sidecar.journal < length:
            write_sidecar(self.sidecar, replace(sidecar, journal=length))

    def _write(self, text: str) -> int:
        """Append `text` in one write; a line torn by a crash is left as it is, and ended."""
        new = not self.path.exists()
        try:
            file = os.open(self.path, _APPENDING, 0o600)
            with closing(os.fdopen(file, "r+b", buffering=0)) as stream:
                size = os.fstat(file).st_size
                stream.seek(max(size - 1, 0))
                torn = stream.read(1) not in (b"", b"\n")
                data = ("\n" if torn else "").encode() + text.encode("utf-8")
                while data:
                    data = data[stream.write(data) :]
                os.fsync(file)
                length = os.fstat(file).st_size
            if new:
                sync_folder(self.path.parent)
        except OSError as error:
            raise StoreError(
                f"the journal {self.path} cannot be written: {error.strerror or error}",
                "nothing was changed; see to the disk and do it again",
            ) from error
        return length

    def size(self) -> int:
        """Give how long the file is; 0 where there is none."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise self._unreadable(error) from error

    def entries(self) -> Iterator[Suppression]:
        """Stream the noes; what is no line of ours, such as a torn one, is passed over."""
        for line in self._lines():
            if (entry := from_line(line)) is not None:
                yield entry

    def unreadable_lines(self) -> int:
        """Count the lines that hold something and are no line of ours."""
        return sum(1 for line in self._lines() if line.strip() and from_line(line) is None)

    def _lines(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as stream:
                # In pieces: a file that is no journal may be one line of a gigabyte.
                while line := stream.readline(_LONGEST):
                    yield line
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: OSError) -> StoreError:
        return StoreError(
            f"the journal {self.path} cannot be read: {error.strerror or error}",
            "it tells who has said no: give this user the right to read it",
        )


def journal_beside(database: Path) -> Journal:
    """Give the journal of a database file."""
    return Journal(database.with_name(f"{database.name}.journal"))


def as_line(no: Suppression) -> str:
    """Write a no as its line."""
    return f"{no.at} {no.reason} {no.list_slug or EVERYWHERE} {no.fingerprint}\n"


def from_line(line: bytes) -> Suppression | None:
    """Read a line; None for what is none, such as one whose end is missing.

    The fingerprint stands last: a line that has all of it lacks nothing but its line break.
    """
    try:
        found = _LINE.fullmatch(line.rstrip(b"\r\n").decode("utf-8"))
    except UnicodeDecodeError:
        return None
    if found is None:
        return None
    slug = "" if found["list"] == EVERYWHERE else found["list"]
    return Suppression(
        found["fingerprint"], slug, Reason(found["reason"]), found["at"], "journal", ""
    )


def recorded_length(database: Database) -> int:
    """Give how long the journal was when the database last wrote to it."""
    row = database.one(_LENGTH)
    return int(row["value"]) if row else 0


def record_length(database: Database, length: int) -> None:
    """Keep how long the journal is, now that the database holds all that stands in it."""
    database.run(_KEEP_LENGTH, {"bytes": str(length)})


def keep_lost(database: Database, journal: Journal) -> None:
    """Keep in mind that lines of the journal are gone, before it is written anew."""
    recorded = _remembered(database, journal)
    if recorded > journal.size():
        database.run(_KEEP_LOST, {"bytes": str(recorded)})


def why_lost(database: Database, journal: Journal) -> str:
    """Say that lines of the journal are gone; nothing where it is whole, or longer."""
    # In this order: what others append in between makes the file longer only.
    recorded = _remembered(database, journal)
    if recorded > journal.size() or is_lost(database):
        return f"the {journal.path.name} beside it is missing, or not all of it is there"
    return ""


def is_lost(database: Database) -> bool:
    """Say whether it is kept in mind already that lines of the journal are gone."""
    return database.one(_LOST) is not None


def _remembered(database: Database, journal: Journal) -> int:
    """Give how long the journal was once, by the database or by the sidecar."""
    sidecar = read_sidecar(journal.sidecar)
    return max(recorded_length(database), sidecar.journal if sidecar else 0)


def forgive_lost(database: Database) -> None:
    """Take the journal, as it is now, for all that there is."""
    database.run(_FORGIVE_LOST)
