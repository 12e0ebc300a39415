"""The file beside a database that a restored backup cannot take back: whose it is, and how far."""

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from smakom_mail.errors import StoreError


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What stands in NAME.installation.

    `journal` is how long the journal was when a no was last written to it. `file` tells the file
    that has sent from every other, also from a copy of it (`file_identity`). `begun` names the
    latest campaigns that began to send, each as "ID EDITION", oldest first. Every writer holds the
    database's one write transaction, so that none overwrites what another has just put there.
    """

    installation: str
    epoch: int
    machine: str
    journal: int = 0
    file: str = ""
    begun: tuple[str, ...] = ()


def sidecar_beside(database: Path) -> Path:
    """Give the sidecar of a database file."""
    return database.with_name(f"{database.name}.installation")


def read_sidecar(file: Path) -> Sidecar | None:
    """Read a sidecar; None where there is none that can be read."""
    try:
        found = json.loads(file.read_bytes())
        return Sidecar(
            str(found["installation"]),
            int(found["epoch"]),
            str(found["machine"]),
            int(found.get("journal", 0)),
            str(found.get("file", "")),
            tuple(str(each) for each in found.get("begun", ())),
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def write_sidecar(file: Path, sidecar: Sidecar) -> None:
    """Write a sidecar, whole or not at all, and force it to disk.

    Raises StoreError.
    """
    text = json.dumps(asdict(sidecar), indent=2) + "\n"
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(handle)
            Path(name).replace(file)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
        sync_folder(file.parent)
    except OSError as error:
        raise StoreError(
            f"{file} cannot be written: {error.strerror or error}",
            "see that there is room, and that you may write in its folder",
        ) from error


def sync_folder(folder: Path) -> None:
    """Force a folder's list of names to disk, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
