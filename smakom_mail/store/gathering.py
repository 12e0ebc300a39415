"""A journal for many small acts in one transaction: their lines are forced to disk together."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from smakom_mail.model.person import Suppression
from smakom_mail.store.database import Database
from smakom_mail.store.journal import Journal


@dataclass(frozen=True, slots=True)
class GatheringJournal(Journal):
    """Keeps the lines of one transaction until `force`, which must come before its commit."""

    kept: list[Suppression] = field(default_factory=list, compare=False)

    def append(self, database: Database, noes: Iterable[Suppression]) -> None:
        """Keep a line for each no that the open transaction records."""
        if not database.in_transaction:
            raise RuntimeError("a line of the journal outside the transaction it belongs to")
        self.kept.extend(noes)

    def force(self, database: Database) -> None:
        """Write what was kept, and force it to disk; inside the transaction it belongs to.

        Raises StoreError; then the transaction must not be committed.
        """
        Journal.append(self, database, self.kept)
        self.kept.clear()
