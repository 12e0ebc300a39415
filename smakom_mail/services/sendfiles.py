"""Tables of people as files: for their owner alone, all of it or nothing, over no other file."""

import csv
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from smakom_mail.content.git_index import repository_around
from smakom_mail.errors import WriteRefusedError
from smakom_mail.services.durable import sync_folder
from smakom_mail.services.tracked import tracked_by_git

_BUFFER = 1 << 18


class Table(Protocol):
    """Takes rows of cells."""

    def writerow(self, row: Sequence[str], /) -> object:
        """Take one row."""


class _Nowhere:
    """A table that nobody asked for."""

    def writerow(self, _: Sequence[str], /) -> None:
        """Let it go."""


@contextmanager
def private_tables(*wanted: tuple[Path | None, Sequence[str]]) -> Iterator[tuple[Table, ...]]:
    """Give a table for each file and header; the files stand there when the block ends well.

    Both or neither, each written beside its place with the rights of its owner only (0600). What
    goes to None goes nowhere. A file that is no such table is not replaced: WriteRefusedError.
    """
    places = [_place(path, header) if path else None for path, header in wanted]
    chosen = [place for place in places if place]
    if len(set(chosen)) < len(chosen):
        raise WriteRefusedError(
            f"{chosen[0]} cannot be both who gets it and who does not", "name two files"
        )
    made: list[tuple[Path, Path]] = []
    try:
        with _open_tables(places, [header for _, header in wanted], made) as tables:
            yield tables
        for fresh, place in made:
            fresh.replace(place)
        for folder in {place.parent for place in chosen}:
            sync_folder(folder)
    except OSError as error:
        if not chosen:
            raise
        raise WriteRefusedError(
            f"{' and '.join(map(str, chosen))} cannot be written: {error.strerror or error}",
            "make room or permission there, or name another file",
        ) from error
    finally:
        for fresh, _ in made:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)


@contextmanager
def _open_tables(
    places: Sequence[Path | None], headers: Sequence[Sequence[str]], made: list[tuple[Path, Path]]
) -> Iterator[tuple[Table, ...]]:
    streams = []
    tables: list[Table] = []
    try:
        for place, header in zip(places, headers, strict=True):
            if place is None:
                tables.append(_Nowhere())
                continue
            handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
            made.append((Path(name), place))
            stream = open(handle, "w", _BUFFER, encoding="utf-8", newline="")  # noqa: PTH123, SIM115 - a handle has no path; closed below
            streams.append(stream)
            table = csv.writer(stream, lineterminator="\n")
            table.writerow(header)
            tables.append(table)
        yield tuple(tables)
        for stream in streams:
            stream.flush()
            os.fsync(stream.fileno())
    finally:
        for stream in streams:
            with suppress(OSError):
                stream.close()


def _place(path: Path, header: Sequence[str]) -> Path:
    """Give the real place of a file that may be written, or written over."""
    try:
        place = path.resolve()
        if not place.exists():
            return place
        ours = place.is_file() and _first_line(place) in ("", ",".join(header))
    except (OSError, RuntimeError) as error:
        raise WriteRefusedError(f"{path} cannot be written: {error}", "name another file") from None
    if ours:
        return place
    raise WriteRefusedError(
        f"{path} is there, and is no list of this kind, so it is not replaced",
        "name a new file, such as var/lista.csv",
    )


def _first_line(place: Path) -> str:
    with place.open("rb") as stream:
        return stream.readline(1000).decode("utf-8", "replace").rstrip("\r\n")


def would_reach_git(path: Path) -> bool:
    """Say whether git keeps `path`, or would with the next ``git add .``."""
    place = path.resolve()
    repository = repository_around(place.parent)
    if repository is None:
        return False
    if tracked_by_git(place.parent, [place]):
        return True
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ("git", "-c", "core.fsmonitor=false", "check-ignore", "-q", "--", str(place))
    try:
        asked = subprocess.run(  # noqa: S603 - a fixed command and a path of the operator's
            command, cwd=repository.top, env=clean, capture_output=True, check=False, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return True
    return asked.returncode != 0
