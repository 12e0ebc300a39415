"""Which secrets the fingerprints in a database were made with, by names that do not tell them.

Without those secrets nobody who said no would be known again: so a database asks for all of them.
"""

from collections.abc import Iterable

from smakom_mail.store.database import Database

_NAMES = "SELECT value FROM meta WHERE key = 'secrets'"
_KEEP = """
INSERT INTO meta (key, value) VALUES ('secrets', :names)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
_ANYBODY = "SELECT 1 FROM subscribers UNION ALL SELECT 1 FROM suppressions LIMIT 1"


def holds_fingerprints(database: Database) -> bool:
    """Say whether anything in the database was made with a secret."""
    return database.one(_ANYBODY) is not None


def unknown_names(database: Database, names: Iterable[str]) -> tuple[str, ...]:
    """Give the names of secrets that were used and are not among `names`."""
    if not holds_fingerprints(database):
        return ()
    return tuple(name for name in _used(database) if name not in set(names))


def keep_names(database: Database, names: Iterable[str]) -> None:
    """Remember the secrets of today, if they are not the ones remembered."""
    text = " ".join(names)
    if " ".join(_used(database)) != text:
        with database.transaction():
            database.run(_KEEP, {"names": text})


def _used(database: Database) -> list[str]:
    row = database.one(_NAMES)
    return row["value"].split() if row else []
