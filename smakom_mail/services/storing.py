"""The store of a project: opening it, and looking after its file."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from smakom_mail.errors import SmakomMailError, StoreError
from smakom_mail.services.secrets import SecretInUse, open_keyring
from smakom_mail.services.workplace import Workplace, require_settings
from smakom_mail.store import Database, open_database
from smakom_mail.store.adopting import NOTHING_OPEN, Adoption
from smakom_mail.store.backup import (
    back_up,
    backup_before_upgrade,
    default_backup,
    free_name,
)
from smakom_mail.store.erasing import Left, erase_traces
from smakom_mail.store.installation import Installation, this_machine
from smakom_mail.store.invariants import Problem, problems
from smakom_mail.store.journal import Journal, journal_beside, why_lost
from smakom_mail.store.lists import keep_lists
from smakom_mail.store.migrating import pending, schema_version, upgrade_schema
from smakom_mail.store.replaying import replay, settle
from smakom_mail.store.secret_names import holds_fingerprints, keep_names, unknown_names
from smakom_mail.tokens import Keyring

_UNLIKE = "it was made with another secret: who has said no would not be known again"


@dataclass(frozen=True, slots=True)
class Store:
    """An open database and what belongs to it; closes at the end of a ``with``."""

    database: Database
    keyring: Keyring
    journal: Journal
    installation: Installation
    workplace: Workplace
    notes: tuple[str, ...] = ()
    """What the editor should know of the database, now that it is open; usually nothing."""
    secret_changed: Callable[[], bool] = lambda: False
    """Whether another secret has been made since: then it is to be opened anew."""

    def __enter__(self) -> Self:
        """Give the store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    @property
    def file(self) -> tuple[int, int]:
        """Device and number of the file that lies there now, which may be another one."""
        try:
            found = self.database.path.stat()
        except OSError:
            return (0, 0)
        return found.st_dev, found.st_ino

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def timestamp(moment: datetime | None = None) -> str:
    """Write a moment as the store keeps it: ISO 8601 in UTC; without one, now."""
    return (moment or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds")


def open_store(
    workplace: Workplace,
    environment: Mapping[str, str],
    *,
    create: bool,
    at: str = "",
    machine: str = "",
) -> Store:
    """Open the store of a project, with the lists that are configured and every no that was said.

    Noes that stand only in the journal are entered, and an erasure that was cut short is ended.
    Raises StoreError, SecretRefusedError.
    """
    store = _unsettled(workplace, environment, create=create, machine=machine)
    try:
        settle(store.database, store.journal, at or timestamp())
        left = erase_traces(store.database, wait=False)
        keep_lists(store.database, workplace.config.people.lists)
        return dataclasses.replace(store, notes=tuple(_notes(store, left)))
    except BaseException:
        store.close()
        raise


def _notes(store: Store, left: Left) -> Iterator[str]:
    if left:
        yield (
            "whoever was forgotten is out of the tables, but not yet out of the freed pages of "
            f"{store.database.path}: {left}. The next command tries it again"
        )
    if why := why_lost(store.database, store.journal):
        yield (
            f"the database {store.database.path} is a copy: {why}. Who has said no since it was "
            "made may not be known: put the journal back, then smakom-mail db adopt"
        )


def _unsettled(
    workplace: Workplace, environment: Mapping[str, str], *, create: bool, machine: str
) -> Store:
    database = _open(workplace, create=create)
    try:
        secret = SecretInUse(workplace, environment)
        keyring = _keyring(database, workplace, environment)
        secret.use(keyring)
        installation = Installation(database, machine or this_machine())
        installation.settle()
    except BaseException:
        database.close()
        raise
    journal = journal_beside(database.path)
    return Store(
        database, keyring, journal, installation, workplace, secret_changed=secret.has_changed
    )


def _open(workplace: Workplace, *, create: bool) -> Database:
    require_settings(workplace)
    return open_database(workplace.config.people.database_url, workplace.root, create=create)


def _keyring(database: Database, workplace: Workplace, environment: Mapping[str, str]) -> Keyring:
    """Open the secrets, which must be those that the database's fingerprints were made with."""
    used = holds_fingerprints(database) or journal_beside(database.path).size() > 0
    keyring = open_keyring(workplace, environment, create=not used)
    if unknown_names(database, keyring.names):
        raise StoreError(
            f"the database {database.path}: {_UNLIKE}",
            "put back your copy of var/secret, or add the old secret to SMAKOM_MAIL_SECRETS_OLD",
        )
    keep_names(database, keyring.names)
    return keyring


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did: the steps taken, and the backup from before."""

    database: Path
    version: int
    steps: tuple[str, ...]
    backup: Path | None


def upgrade_store(workplace: Workplace, at: str = "") -> Upgraded:
    """Bring the tables up to this version, after a backup; make the database where it is missing.

    Raises StoreError.
    """
    require_settings(workplace)
    url, root = workplace.config.people.database_url, workplace.root
    database = open_database(url, root, create=True, older=True)
    try:
        backup = None
        waiting = pending(database)
        if waiting:
            version = schema_version(database)
            backup = backup_before_upgrade(database.path, version, at or timestamp())
            back_up(database, backup)
            upgrade_schema(database)
        steps = tuple(f"{step.number:04} {step.name}" for step in waiting.steps)
        return Upgraded(database.path, schema_version(database), steps, backup)
    finally:
        database.close()


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made and found whole."""

    file: Path
    bytes: int


def back_up_store(
    workplace: Workplace,
    target: Path | None,
    *,
    at: str = "",
    replace: bool = False,
    machine: str = "",
) -> BackedUp:
    """Copy the database to `target`, or to a dated file in backups/ beside it.

    From then on the copy is behind the database, wherever it is put back. Raises StoreError.
    """
    require_settings(workplace)
    url, root = workplace.config.people.database_url, workplace.root
    database = open_database(url, root, create=False, older=True)
    try:
        file = target or free_name(default_backup(database.path, at or timestamp()))
        size = back_up(database, file, replace=replace)
        Installation(database, machine or this_machine()).advance()
        return BackedUp(file, size)
    finally:
        database.close()


@dataclass(frozen=True, slots=True)
class CheckedStore:
    """What db check found; `copy` says why the database may not send, where it may not."""

    database: Path
    version: int
    copy: str
    problems: tuple[Problem, ...]


def check_store(
    workplace: Workplace, environment: Mapping[str, str], machine: str = ""
) -> CheckedStore:
    """Look at the file, its references and everything that must hold; change nothing.

    Raises StoreError where the file cannot be read at all.
    """
    database = _open(workplace, create=False)
    try:
        found = tuple(_problems(database, workplace, environment))
        installation = Installation(database, machine or this_machine())
        damaged = any(problem.code == "damaged" for problem in found)
        copy = "" if damaged else installation.why_copy()
        return CheckedStore(database.path, schema_version(database), copy, found)
    finally:
        database.close()


def _problems(
    database: Database, workplace: Workplace, environment: Mapping[str, str]
) -> Iterator[Problem]:
    journal = journal_beside(database.path)
    keyring = None
    if holds_fingerprints(database):
        try:
            keyring = open_keyring(workplace, environment, create=False)
        except SmakomMailError as error:
            yield Problem("secret", error.message, 1)
        else:
            if unknown := unknown_names(database, keyring.names):
                yield Problem("secret", _UNLIKE, len(unknown))
    yield from problems(database, journal, keyring.fingerprints if keyring else None)


@dataclass(frozen=True, slots=True)
class Adopted:
    """What an adoption did: the noes that only the journal had, and what nobody knows since."""

    database: Path
    was_copy: bool
    noes: int
    epoch: int
    adoption: Adoption


def adopt_store(
    workplace: Workplace, environment: Mapping[str, str], *, at: str = "", machine: str = ""
) -> Adopted:
    """Make a copy the original, after it has learned every no of the journal beside it.

    An original is left as it is. Raises StoreError, SecretRefusedError.
    """
    with _unsettled(workplace, environment, create=False, machine=machine) as store:
        noes = replay(store.database, store.journal, at or timestamp())
        erase_traces(store.database)
        was_copy = store.installation.state() == "copy"
        adoption = store.installation.adopt(at or timestamp()) if was_copy else NOTHING_OPEN
        epoch = store.installation.epoch
        return Adopted(store.database.path, was_copy, noes, epoch, adoption)
