"""A journal for many small acts in one transaction: their lines are forced to disk together.

The sidecar learns of the first line with it, and of later ones by `catch_up`, which whoever makes
many such transactions calls soon after: it costs two forced writes, during which nobody else can
write. A crash in between leaves it behind by the last lines; it still remembers those before.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from smakom_mail.model.person import Suppression
from smakom_mail.store.database import Database
from smakom_mail.store.journal import Journal, recorded_length
from smakom_mail.store.sidecar import read_sidecar


@dataclass(frozen=True, slots=True)
class GatheringJournal(Journal):
    """Keeps the lines of one transaction until `force`, which must come before its commit."""

    kept: list[Suppression] = field(default_factory=list, compare=False)

    def append(self, database: Database, noes: Iterable[Suppression]) -> None:
        """Keep a line for each no that the open transaction records."""
        if not database.in_transaction:
            raise RuntimeError("a line of the journal outside the transaction it belongs to")
        self.kept.extend(noes)

    def force(self, database: Database) -> bool:
        """Write what was kept, and force it to disk; inside the transaction it belongs to.

        Gives whether there was anything. Raises StoreError; then the transaction must not be
        committed.
        """
        some = bool(self.kept)
        Journal.append(self, database, self.kept)
        self.kept.clear()
        return some

    def tell_sidecar(self, length: int) -> None:
        """Let it know of the first line only: a journal that is gone must not go unnoticed."""
        sidecar = read_sidecar(self.sidecar)
        if sidecar is not None and not sidecar.journal:
            Journal.tell_sidecar(self, length)

    def catch_up(self, database: Database) -> None:
        """Let the sidecar know how long the journal was at the last commit; in a transaction."""
        Journal.tell_sidecar(self, recorded_length(database))
