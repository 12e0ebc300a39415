"""A copy of the database as it is at one moment, made while others work on."""

import os
import tempfile
from contextlib import suppress
from itertools import chain, count
from pathlib import Path

from smakom_mail.errors import StoreError
from smakom_mail.store.database import Database
from smakom_mail.store.sidecar import sync_folder


def default_backup(database: Path, at: str) -> Path:
    """Name a backup by its time: backups/NAME-20210104T100000Z.db beside the database."""
    time = at[:19].replace("-", "").replace(":", "")
    return database.parent / "backups" / f"{database.stem}-{time}Z{database.suffix}"


def backup_before_upgrade(database: Path, version: int, at: str) -> Path:
    """Name the backup that is made before the tables of `version` are changed.

    One that was made in the same second, by an upgrade that was killed, stays beside it.
    """
    dated = default_backup(database, at)
    return free_name(dated.with_stem(f"{dated.stem}-before-upgrade-from-{version:04}"))


def free_name(wanted: Path) -> Path:
    """Give the name where nothing has it yet, else the first free one of NAME-2, NAME-3, …."""
    stems = (f"{wanted.stem}-{number}" for number in count(2))
    others = (wanted.with_stem(stem) for stem in stems)
    return next(path for path in chain((wanted,), others) if not path.exists())


def back_up(database: Database, target: Path, *, replace: bool = False) -> int:
    """Write a checked copy to `target`, whole or not at all; give its size.

    Raises StoreError.
    """
    _require_free(database, target, replace=replace)
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            size = _copy(database, temporary)
            temporary.replace(target)
            sync_folder(target.parent)
        finally:
            for leftover in (temporary, Path(f"{name}-journal"), Path(f"{name}-wal")):
                with suppress(OSError):
                    leftover.unlink()
    except OSError as error:
        raise StoreError(
            f"the backup {target} cannot be written: {error.strerror or error}",
            "name a file where there is room and where you may write",
        ) from error
    return size


def _require_free(database: Database, target: Path, *, replace: bool) -> None:
    ours = database.path.name
    own = target.resolve().parent == database.path.parent and (
        target.name == ours
        or target.name.startswith((f"{ours}-", f"{ours}.journal", f"{ours}.installation"))
    )
    if own or target.is_dir() or (target.exists() and target.samefile(database.path)):
        raise StoreError(
            f"{target} cannot hold a backup: it is a file of the database itself, or a folder",
            "name another file, or none: then it is dated and put in backups/",
        )
    if target.exists() and not replace:
        raise StoreError(f"{target} is there already", "name a new file, or replace it with --yes")


def _copy(database: Database, temporary: Path) -> int:
    damages = database.copy_into(temporary)
    if damages:
        raise StoreError(
            f"the database {database.path} is damaged: {damages[0]}",
            "no backup was made of it; see smakom-mail db check",
        )
    # What others have not yet seen on disk is not there after a power cut.
    with temporary.open("rb") as stream:
        os.fsync(stream.fileno())
    return temporary.stat().st_size
