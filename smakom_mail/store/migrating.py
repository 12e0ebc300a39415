"""Numbered migrations: each in one transaction with the record that it was made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable

from smakom_mail.errors import StoreError
from smakom_mail.store.database import Database

_NAME = re.compile(r"(\d{4})_([a-z_]+)\.sql")
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)

# Tables that only a database of ours has both of: another program may keep "migrations" too.
_OURS = frozenset({"meta", "migrations"})
_RECORDS = "SELECT number, name FROM migrations ORDER BY number"
_RECORD = "INSERT INTO migrations (number, name, applied_at) VALUES (:number, :name, :at)"
_KEEP_RECORDS = """
CREATE TABLE migrations (
    number INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from a version of the tables to the next."""

    number: int
    name: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """The steps that a database has not taken; `new` where it has taken none."""

    steps: tuple[Migration, ...]
    new: bool

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.steps)


def migrations(folder: Traversable | None = None) -> tuple[Migration, ...]:
    """Give all steps of this version, in order."""
    place = folder or files("smakom_mail.store") / "migrations"
    found = sorted(
        (
            Migration(int(match[1]), match[2], tuple(_statements(file.read_text("utf-8"))))
            for file in place.iterdir()
            if (match := _NAME.fullmatch(file.name))
        ),
        key=lambda step: step.number,
    )
    return tuple(found)


def _statements(text: str) -> Iterator[str]:
    """Split at the semicolons that end a line: none of ours stands inside a text."""
    for part in re.split(r";\s*(?:\n|$)", _COMMENT.sub("", text)):
        if part.strip():
            yield part.strip()


def schema_version(database: Database) -> int:
    """Give the number of the last step taken; 0 for an empty database."""
    return max((number for number, _ in _taken(database)), default=0)


def pending(database: Database, known: tuple[Migration, ...] | None = None) -> Pending:
    """Say which steps the database has not taken.

    Raises StoreError for one that a newer version, or another program, has made.
    """
    known = migrations() if known is None else known
    taken = _taken(database)
    newest = max((step.number for step in known), default=0)
    if any(number > newest for number, _ in taken):
        raise StoreError(
            f"the database {database.path} was made by a newer version of smakom-mail",
            "install that version here, or point [database] url at another database",
        )
    if not set(taken) <= {(step.number, step.name) for step in known}:
        raise _foreign(database)
    left = tuple(step for step in known if (step.number, step.name) not in taken)
    return Pending(left, new=not taken)


def _taken(database: Database) -> list[tuple[int, str]]:
    tables = database.tables()
    if tables >= _OURS:
        return [(row["number"], row["name"]) for row in database.all(_RECORDS)]
    if tables:
        raise _foreign(database)
    return []


def _foreign(database: Database) -> StoreError:
    return StoreError(
        f"the database {database.path} belongs to another program",
        "point [database] url in smakom-mail.toml at a file of its own",
    )


def upgrade_schema(
    database: Database, known: tuple[Migration, ...] | None = None
) -> tuple[Migration, ...]:
    """Take every pending step, each in a transaction of its own; give those taken.

    A new database takes all of them in one: whoever else opens it meanwhile finds it empty or
    whole, never "of an older version". Two programs may do this at once: each looks again once
    it may write. Raises StoreError.
    """
    waiting = pending(database, known)
    if waiting.new:
        with database.transaction():
            return _take(database, waiting.steps)
    done: tuple[Migration, ...] = ()
    for step in waiting.steps:
        with database.transaction():
            done += _take(database, (step,))
    return done


def _take(database: Database, steps: tuple[Migration, ...]) -> tuple[Migration, ...]:
    taken = _taken(database)
    if not taken:
        database.run(_KEEP_RECORDS)
    left = tuple(step for step in steps if (step.number, step.name) not in taken)
    for step in left:
        for statement in step.statements:
            database.run(statement)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        database.run(_RECORD, {"number": step.number, "name": step.name, "at": at})
    return left
