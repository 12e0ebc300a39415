"""Putting the archive where people see it: written beside, then exchanged for the old one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smakom_mail.errors import WriteRefusedError
from smakom_mail.services.archiving.site import Site
from smakom_mail.services.exchanging import fresh_folder, put_in_place, remove_leftovers

MARK = ".smakom-mail-archive"
"""The file that says that a folder is an archive of ours, and what is in it."""
_PUBLIC = 0o755


@dataclass(frozen=True, slots=True)
class Placed:
    """An archive that lies in its place, and the word for what it was made from."""

    site: Site
    state: str


def place_site(site: Site, folder: Path, state: str = "") -> bool:
    """Write the archive beside `folder` and put it in its place; False if it stood there already.

    `state` is a word for what it was made from, for who wants to know that later (`made_of`).

    Until the last step nobody sees anything of it, and what was there before is whole until then.
    A folder that holds something else is not replaced: WriteRefusedError.
    """
    mark = _mark(site, state)
    try:
        folder = folder.resolve() if folder.is_symlink() else folder
        if folder.exists() and not _is_archive(folder):
            raise WriteRefusedError(
                f"{folder} holds something else than an archive, so it is not replaced",
                "name an empty or new folder with --out",
            )
        remove_leftovers(folder)
        if _stands(folder, mark, site.files):
            return False
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Only its owner can look into it until it is whole: it lies where the web server does.
        with fresh_folder(folder) as fresh:
            _write(fresh, {**site.files, MARK: mark})
            fresh.chmod(_PUBLIC)
            put_in_place(fresh, folder)
    except OSError as error:
        raise WriteRefusedError(
            f"the archive cannot be written to {folder}: {error.strerror or error}",
            "make room or permission, or name another folder with --out",
        ) from error
    return True


def made_of(folder: Path) -> str:
    """Give the word for what an archive was made from; empty where it has none."""
    return _state(_read_mark(folder))


def read_site(folder: Path) -> Placed | None:
    """Give the archive that lies in `folder`; None where it is not just as it was written."""
    mark = _read_mark(folder)
    try:
        paths = [path for path in folder.rglob("*") if path.is_file()]
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    except OSError:  # it was exchanged for another one meanwhile
        return None
    files.pop(MARK, None)
    site = Site(files, tuple(map(str, mark.get("editions", ()))))
    return Placed(site, _state(mark)) if site.digest == mark.get("digest") else None


def _read_mark(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / MARK).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _state(mark: dict[str, Any]) -> str:
    return str(mark.get("state", ""))


def _mark(site: Site, state: str) -> bytes:
    content = {"digest": site.digest, "editions": list(site.editions), "files": len(site.files)}
    content |= {"state": state} if state else {}
    return (json.dumps(content, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8")


def _is_archive(folder: Path) -> bool:
    """Say whether `folder` is empty or an archive of ours."""
    if not folder.is_dir():
        return False
    return (folder / MARK).is_file() or not any(folder.iterdir())


def _stands(folder: Path, mark: bytes, files: Mapping[str, bytes]) -> bool:
    """Say whether just these files lie there; they are read, since a hand may have changed them."""
    try:
        if (folder / MARK).read_bytes() != mark:
            return False
        there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
        if there != {*files, MARK}:
            return False
        return all((folder / name).read_bytes() == data for name, data in files.items())
    except OSError:
        return False


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    # Whatever the editor's umask is: a web server reads them.
    for path in folder.rglob("*"):
        path.chmod(_PUBLIC if path.is_dir() else 0o644)
