"""Whose database this is: a restored or copied one never sends by itself.

Each campaign raises an epoch, in the database first and then in a sidecar file beside it, which
also names the installation and, by a fingerprint, the machine. A backup that is put back is behind
the sidecar; a copy on another machine has none, or one that names another machine. So that a
backup from the middle of a campaign is behind too, even where its bytes are copied over the very
file, a sender raises the epoch when it begins, every few seconds and when it ends, and whoever
makes a backup raises it. One whose journal of noes is not all there (store/journal.py), by what the
database or the sidecar remembers, may revive whom it does not know: a copy too.
"""

import hashlib
import json
import platform
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from smakom_mail.errors import CopyError
from smakom_mail.store.adopting import Adoption, doubt_letters, doubt_open, unknown_editions
from smakom_mail.store.database import Database
from smakom_mail.store.file_identity import file_identity
from smakom_mail.store.journal import forgive_lost, journal_beside, recorded_length, why_lost
from smakom_mail.store.sidecar import Sidecar, read_sidecar, sidecar_beside, write_sidecar

MACHINE_ID = Path("/etc/machine-id")
_VALUE = "SELECT value FROM meta WHERE key = :key"
_KEEP = """
INSERT INTO meta (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
_BEGUN = 100
"""So many campaigns are remembered beside the database."""
_ANYBODY = "SELECT 1 FROM subscribers LIMIT 1"


def this_machine(machine_id: Path = MACHINE_ID, hostname: str = "") -> str:
    """Give a fingerprint of this machine, which does not tell what it is."""
    try:
        name = machine_id.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        name = ""
    if not re.fullmatch(r"[0-9a-f]{32}", name) or set(name) == {"0"}:
        name = hostname or platform.node()
    return hashlib.sha256(f"smakom-mail {name}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Installation:
    """A database, the sidecar beside it, and the machine that both are on."""

    database: Database
    machine: str
    randomness: Callable[[int], bytes] = secrets.token_bytes

    @property
    def file(self) -> Path:
        """The sidecar."""
        return sidecar_beside(self.database.path)

    @property
    def id(self) -> str:
        """The installation that the database names; empty where it has not been asked yet."""
        return self._value("installation")

    @property
    def epoch(self) -> int:
        """How often a campaign, or an adoption, has raised it."""
        return int(self._value("epoch") or 0)

    def settle(self) -> None:
        """Give a new database its name and its sidecar; touch no other."""
        if not self.id:
            with self.database.transaction():
                if not self.id:
                    self._keep("installation", self.randomness(8).hex())
        if self._is_off():
            with self.database.transaction():
                if self._is_off():
                    self._write()

    def _is_off(self) -> bool:
        """Say whether the sidecar is to be written anew, which is never done to a copy's."""
        sidecar = self.sidecar()
        unsent = self.epoch == 0 and (sidecar is None or sidecar.epoch == 0)
        if sidecar is None or not self._same(sidecar):
            return unsent
        # Behind where a crash came between the two: nothing was sent with that epoch yet.
        return sidecar.epoch < self.epoch or sidecar.journal < recorded_length(self.database)

    def sidecar(self) -> Sidecar | None:
        """Read the sidecar; None where there is none that can be read."""
        return read_sidecar(self.file)

    def state(self) -> Literal["original", "copy"]:
        """Say whether this database may send."""
        return "copy" if self.why_copy() else "original"

    def why_copy(self) -> str:
        """Say what shows that the database is a copy; nothing for an original."""
        epoch = self.epoch
        if epoch == 0 and self.database.one(_ANYBODY) is None:
            return ""
        sidecar = self.sidecar()
        if sidecar is not None and sidecar.epoch > epoch:
            return "it is older than the file beside it says"
        if why := why_lost(self.database, journal_beside(self.database.path)):
            return why
        if epoch == 0:
            return ""
        if sidecar is None:
            return f"it has sent, but there is no {self.file.name} beside it"
        if sidecar.machine != self.machine:
            return "it has sent from another machine"
        if sidecar.installation != self.id:
            return f"the {self.file.name} beside it belongs to another database"
        here = file_identity(self.database.path)
        if sidecar.file and here and sidecar.file != here:
            return "it is not the file that has sent, but a copy of it, or one put back"
        return ""

    def require_original(self) -> None:
        """Refuse a copy.

        Raises CopyError.
        """
        if why := self.why_copy():
            raise CopyError(
                f"the database {self.database.path} is a copy: {why}",
                "nothing is sent from a copy. Only if the other one is never used again, "
                "make this one the original: smakom-mail db adopt",
            )

    def raise_epoch(self, begun: str = "") -> int:
        """Mark that something begins that no copy knows, before it is written; give the new epoch.

        `begun` is a campaign that begins to send, as "ID EDITION". In a transaction of its own: an
        epoch without a campaign does no harm. Raises CopyError.
        """
        self.require_original()
        self.settle()
        with self.database.transaction():
            epoch = self.epoch + 1
            self._keep("epoch", str(epoch))
        with self.database.transaction():
            self._write(file_identity(self.database.path), begun)
        return epoch

    def advance(self) -> None:
        """Let every copy that was made until now be behind.

        One that has never sent is left as it is, as nobody got anything of it; so is a copy.
        """
        if self.epoch and not self.why_copy():
            self.raise_epoch()

    def begun_elsewhere(self) -> tuple[str, ...]:
        """Give the editions that were begun while this was a copy, so that it knows nothing of."""
        return tuple(json.loads(self._value("begun_elsewhere") or "[]"))

    def require_known(self, edition: str) -> None:
        """Refuse an edition of which this database cannot know who has got it.

        Raises CopyError.
        """
        if edition in self.begun_elsewhere():
            raise CopyError(
                f"{edition} was begun after the copy was made that this database is: who has got "
                "it is not known here",
                "the relay's log tells; to send it to everybody all the same, give its folder "
                "another name",
            )

    def adopt(self, at: str) -> Adoption:
        """Make this database the original from now on; replay the journal first.

        It gets a name and an epoch that no other copy has. Whoever waits in a campaign or for a
        letter may have got it since from the database in whose place this one comes: nobody knows.
        """
        sidecar = self.sidecar()
        with self.database.transaction():
            epoch = max(self.epoch, sidecar.epoch if sidecar else 0) + 1
            self._keep("installation", self.randomness(8).hex())
            self._keep("epoch", str(epoch))
            forgive_lost(self.database)
            lost = unknown_editions(self.database, sidecar.begun if sidecar else ())
            every = tuple(dict.fromkeys((*self.begun_elsewhere(), *lost)))
            self._keep("begun_elsewhere", json.dumps(every))
            adoption = Adoption(
                doubt_open(self.database, at), doubt_letters(self.database, at), lost
            )
        with self.database.transaction():
            length = journal_beside(self.database.path).size()
            file = file_identity(self.database.path)
            # What was begun is kept: the same backup may be put back once more.
            begun = sidecar.begun if sidecar else ()
            new = Sidecar(self.id, self.epoch, self.machine, length, file, begun)
            write_sidecar(self.file, new)
        return adoption

    def _same(self, sidecar: Sidecar) -> bool:
        return sidecar.installation == self.id and sidecar.machine == self.machine

    def _value(self, key: str) -> str:
        row = self.database.one(_VALUE, {"key": key})
        return row["value"] if row else ""

    def _keep(self, key: str, value: str) -> None:
        self.database.run(_KEEP, {"key": key, "value": value})

    def _write(self, file: str = "", begun: str = "") -> None:
        """Write the sidecar as the database says, in a transaction; a journal is never forgotten.

        Another database's sidecar knows nothing of the journal of this one. Which file has sent is
        kept, unless it is said anew, and what has begun.
        """
        sidecar = self.sidecar()
        ours = sidecar is not None and sidecar.installation == self.id
        length = max(recorded_length(self.database), sidecar.journal if sidecar and ours else 0)
        file = file or (sidecar.file if sidecar and ours else "")
        every = (*(sidecar.begun if sidecar and ours else ()), begun)
        latest = tuple(dict.fromkeys(each for each in every if each))[-_BEGUN:]
        write_sidecar(self.file, Sidecar(self.id, self.epoch, self.machine, length, file, latest))
