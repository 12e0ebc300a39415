"""Editions as they were drawn for the archive of `serve`, kept so that none is drawn twice.

They lie as JSON beside the finished archive, under ``var/``. What cannot be read is drawn again.
"""

import base64
import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from smakom_mail.model.edition import Picture
from smakom_mail.model.rendered import CalendarFile
from smakom_mail.render.archive.entry import ArchivedEdition, Section

KEPT = Path("var") / "archive"
"""Where `serve` keeps its archive below the project; it can be made again at any time."""
SITE = "site"
LOCK = "lock"
_EDITIONS = "editions"
_ENDING = ".json"


@dataclass(frozen=True, slots=True)
class Drawn:
    """An edition as it was drawn, and the word for what it was drawn from."""

    edition: ArchivedEdition
    state: str


def keep(folder: Path, drawn: Drawn) -> None:
    """Keep an edition in the `folder` of kept things. Raises OSError."""
    place = _place(folder, drawn.edition.slug)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = place.with_suffix(".new")
    fresh.write_bytes(_encoded(drawn))
    fresh.replace(place)


def kept(folder: Path, slug: str) -> Drawn | None:
    """Give an edition as it was kept; None where there is none that can be read."""
    try:
        found = _decoded(_place(folder, slug).read_bytes())
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if found.edition.slug == slug else None


def forget_others(folder: Path, slugs: Collection[str]) -> None:
    """Take away what is kept of editions that are not among `slugs`. Raises OSError."""
    known = {f"{slug}{_ENDING}" for slug in slugs}
    for path in (folder / _EDITIONS).glob("*"):
        if path.name not in known:
            path.unlink(missing_ok=True)


def _place(folder: Path, slug: str) -> Path:
    return folder / _EDITIONS / f"{slug}{_ENDING}"


def _encoded(drawn: Drawn) -> bytes:
    edition = drawn.edition
    content = {
        "state": drawn.state,
        "slug": edition.slug,
        "title": edition.title,
        "date": edition.date.isoformat(),
        "language": edition.language,
        "description": edition.description,
        "web": edition.web,
        "sections": [[each.anchor, each.title, each.items] for each in edition.sections],
        "pictures": [
            [p.source, p.name, p.width, p.height, _text(p.data)] for p in edition.pictures
        ],
        "calendars": [[each.name, _text(each.data)] for each in edition.calendars],
        "masthead": _text(edition.masthead),
        "share": _text(edition.share),
    }
    return json.dumps(content).encode("ascii")


def _decoded(data: bytes) -> Drawn:
    content = json.loads(data)
    edition = ArchivedEdition(
        slug=content["slug"],
        title=content["title"],
        date=dt.date.fromisoformat(content["date"]),
        language=content["language"],
        description=content["description"],
        web=content["web"],
        sections=tuple(Section(*each) for each in content["sections"]),
        pictures=tuple(
            Picture(source, name, width, height, _data(text) or b"")
            for source, name, width, height, text in content["pictures"]
        ),
        calendars=tuple(
            CalendarFile(name, _data(text) or b"") for name, text in content["calendars"]
        ),
        masthead=_data(content["masthead"]),
    )
    return Drawn(replace(edition, share=_data(content["share"])), content["state"])


def _text(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode("ascii")


def _data(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text, validate=True)
