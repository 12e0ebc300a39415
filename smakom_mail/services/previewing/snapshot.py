"""All that the preview shows of an edition as its files are now, in one value that can be sent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from smakom_mail.config import Config
from smakom_mail.content.project import CONFIG_FILE, on_disk
from smakom_mail.content.reading import decode_text, is_file, read_bytes
from smakom_mail.diagnostics import Diagnostic, Severity
from smakom_mail.diagnostics.finding import Location
from smakom_mail.errors import ProjectNotFoundError
from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import RenderedEdition
from smakom_mail.services.checking import check_edition
from smakom_mail.services.workplace import open_workplace

LONGEST_LINE = 300
"""So many characters of a source line are shown: an editor's longest paragraph, and no file."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no newer snapshot, and what to do: two sentences."""

    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An edition, what was made of it and what was found in it.

    `lines` holds the source line that each finding stands on, once for each place.
    """

    edition: Edition
    rendered: RenderedEdition | None
    findings: tuple[Diagnostic, ...]
    lines: tuple[tuple[Location, str], ...]
    config: Config

    @property
    def broken(self) -> bool:
        """Whether an error keeps the edition from leaving, or there is nothing to show."""
        return self.rendered is None or self.count(Severity.ERROR) > 0

    def count(self, severity: Severity) -> int:
        """Give how many findings are of `severity`."""
        return sum(1 for found in self.findings if found.severity is severity)

    def line(self, location: Location) -> str:
        """Give the source line at `location`; nothing where no finding stands."""
        return dict(self.lines).get(location, "")


def take_snapshot(root: Path, environment: Mapping[str, str], slug: str) -> Snapshot:
    """Read, render and check the edition `slug` of the project in `root`.

    Raises SmakomMailError.
    """
    if not is_file(root / CONFIG_FILE):  # a project that lies above this one is another's
        raise ProjectNotFoundError(
            f"there is no {CONFIG_FILE} in {root}", "put it back: what is shown is older than that"
        )
    workplace = open_workplace(root, environment)
    checked = check_edition(workplace, slug, spelling=True)
    lines = tuple(source_lines(workplace.root, (found.location for found in checked.findings)))
    return Snapshot(checked.edition, checked.rendered, checked.findings, lines, workplace.config)


def source_lines(root: Path, places: Iterable[Location]) -> Iterator[tuple[Location, str]]:
    """Give the text at each place once; nothing for a missing file or a line beyond its end."""
    files: dict[str, list[str]] = {}
    for place in dict.fromkeys(places):
        if place.file not in files:
            files[place.file] = _read_lines(root, place.file)
        rows = files[place.file]
        row = rows[place.line - 1] if 0 < place.line <= len(rows) else ""
        yield place, row.replace("\t", " ")[:LONGEST_LINE]


def _read_lines(root: Path, file: str) -> list[str]:
    """Read a file's lines without control characters; bytes that are no text show as �."""
    path = root
    for part in file.split("/"):
        path = on_disk(path / part)
    if not path.is_relative_to(root) or not is_file(path):
        return []
    data, _ = read_bytes(root, path)
    text, _ = decode_text(data.decode("utf-8", "replace").encode("utf-8"), file)
    return text.split("\n")
