"""From a database's address to an open database: its place, its file, its version."""

import os
import re
from contextlib import suppress
from pathlib import Path

from smakom_mail.errors import StoreError
from smakom_mail.store.database import PATIENCE, Database
from smakom_mail.store.migrating import pending, upgrade_schema
from smakom_mail.store.places import MOUNTS, require_own_disk

_ASK = "[database] url in smakom-mail.toml, or SMAKOM_MAIL_DATABASE, names it"


def database_path(url: str, root: Path) -> Path:
    """Give the real path of the file that ``sqlite:///var/x.db`` names.

    As elsewhere: three slashes begin a path below the project, four an absolute one.
    Raises StoreError.
    """
    scheme, marks, rest = url.partition("://")
    if scheme.startswith("postgres"):
        raise StoreError(
            "this version keeps people in SQLite only", "set [database] url to sqlite:///var/x.db"
        )
    if scheme != "sqlite" or not marks or not re.fullmatch(r"/(?!:memory:$)[^\0?#]+", rest):
        # Never the address itself: one of another kind may hold a password.
        raise StoreError(
            "the address of the database is not like sqlite:///var/smakom-mail.db", _ASK
        )
    try:
        return (root / rest[1:]).resolve()
    except (OSError, RuntimeError) as error:
        raise StoreError(f"the database {rest[1:]} cannot be found: {error}", _ASK) from error


def open_database(  # noqa: PLR0913 - what tests and db upgrade change has its usual value here
    url: str,
    root: Path,
    *,
    create: bool,
    older: bool = False,
    mounts: Path = MOUNTS,
    patience: float = PATIENCE,
) -> Database:
    """Open the database of a project; a new, empty one gets its tables.

    With `older`, tables of an older version are left as they are, for db upgrade and db backup.
    Raises StoreError.
    """
    path = database_path(url, root)
    require_own_disk(path, mounts)
    if path.is_dir():
        raise StoreError(f"the database {path} is a folder", _ASK)
    if create:
        _make_file(path)
    elif not path.is_file() or path.stat().st_size == 0:
        raise StoreError(
            f"there is no database yet: {path}",
            "it is made when the first people are added: smakom-mail subscribers import FILE.csv",
        )
    _keep_private(path, root)
    database = Database(path, patience=patience)
    try:
        _require_version(database, older=older)
    except BaseException:
        database.close()
        raise
    return database


def _make_file(path: Path) -> None:
    """Make the folders and an empty file, for their owner only from the first moment."""
    try:
        missing = [folder for folder in (path.parent, *path.parent.parents) if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StoreError(
            f"the database {path} cannot be made: {error.strerror or error}", _ASK
        ) from error


def _keep_private(path: Path, root: Path) -> None:
    """Let nobody but the owner read the file, nor its folder where that is the project's own."""
    folder = path.parent
    ours = [path]
    if root.resolve() in folder.parents:
        ours.append(folder)
    for each in ours:
        # Another's file: whoever may use it decides that.
        with suppress(OSError):
            mode = each.stat().st_mode
            if mode & 0o077:
                each.chmod(mode & 0o7700)


def _require_version(database: Database, *, older: bool) -> None:
    waiting = pending(database)
    if waiting.new:
        upgrade_schema(database)
        return
    if older or not waiting:
        return
    raise StoreError(
        f"the database {database.path} was made by an older version of smakom-mail",
        "bring it up to this one (a backup is made first): smakom-mail db upgrade",
    )
