"""Making new things: a whole project, or the next edition with nothing stale in it."""

import datetime as dt
import json
import re
import unicodedata
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from smakom_mail.content.project import EDITIONS, SLUG, STANDING, is_name, on_disk
from smakom_mail.errors import InvalidNameError, WriteRefusedError
from smakom_mail.locale.dates import MONTHS
from smakom_mail.services.workplace import Workplace

_CHECKOUT = Path(__file__).resolve().parents[2]
_NOT_SHIPPED = ("artwork",)


@dataclass(frozen=True, slots=True)
class Created:
    """What was made: the folder, and the files in it relative to that folder."""

    folder: Path
    files: tuple[str, ...]


def packaged_layouts() -> Path:
    """Give the folder of the layouts that ship with the program, also from a checkout."""
    shipped = files("smakom_mail") / "data" / "layouts"
    with as_file(shipped) as folder:
        return folder if folder.is_dir() else _CHECKOUT / "layouts"


def init_project(folder: Path) -> Created:
    """Make a newsletter project in `folder`, which must be new or empty.

    Raises WriteRefusedError.
    """
    if fault := _occupied(folder):
        raise WriteRefusedError(
            f"{folder} {fault}", "name a new folder: smakom-mail init my-newsletter"
        )
    with as_file(files("smakom_mail") / "data" / "project") as scaffold:
        found = _read_tree(scaffold)
    found |= {f"layouts/{name}": data for name, data in _read_tree(packaged_layouts()).items()}
    found[".gitignore"] = found.pop("gitignore")
    return _write_tree(folder, found)


def _occupied(folder: Path) -> str:
    try:
        if not folder.exists():
            return ""
        if not folder.is_dir():
            return "is a file"
        return "is not empty" if any(folder.iterdir()) else ""
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"


def _read_tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not set(path.relative_to(folder).parts) & {*_NOT_SHIPPED, "__pycache__"}
    }


def _write_tree(folder: Path, found: dict[str, bytes]) -> Created:
    try:
        for name, data in found.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except OSError as error:
        raise WriteRefusedError(
            f"{folder} cannot be written: {error.strerror or error}", "choose another folder"
        ) from error
    return Created(folder, tuple(sorted(found)))


def new_edition(workplace: Workplace, slug: str) -> Created:
    """Make newsletters/`slug` with a file to write for each recurring section.

    Sections that every edition carries (_standing) are not copied. Date, subject and
    preheader are left for the editor: `check` asks for them. Raises InvalidNameError,
    WriteRefusedError.
    """
    if not is_name(slug):
        raise InvalidNameError(
            f"“{slug}” cannot be the name of an edition",
            "use small letters, digits and hyphens, as in februari-2021",
        )
    slug = unicodedata.normalize("NFC", slug)
    folder = on_disk(workplace.root / EDITIONS / slug)
    if folder.exists():
        raise WriteRefusedError(
            f"the edition “{slug}” is already there", f"see what it lacks: smakom-mail check {slug}"
        )
    standing = {
        match[1]
        for path in (workplace.root / STANDING).glob("*.md")
        if (match := re.fullmatch(r"\d+-(.+)\.md", unicodedata.normalize("NFC", path.name)))
    }
    slugs = [s for s, _ in workplace.config.sections if s not in standing and SLUG.fullmatch(s)]
    found = {"edition.toml": _edition_toml(workplace, slug).encode("utf-8")}
    for number, section in enumerate(slugs or ["forsta-avsnittet"], 1):
        # The title is the editor's to write: a name made of the slug would leave as it is.
        found[f"{number * 10}-{section}.md"] = b"# \n"
    return _write_tree(folder, found)


def _edition_toml(workplace: Workplace, slug: str) -> str:
    swedish = workplace.config.newsletter.language == "sv"
    name = "Nyhetsbrev" if swedish else "Newsletter"
    title = f"{name} {slug.replace('-', ' ')}"
    month = _month_of(slug)
    example = f"{month.isoformat()}" if month else "2021-02-01"
    comments = (
        (
            "dagen då numret skickas",
            "det som syns i inkorgen, högst 60 tecken",
            "raden efter ämnet i inkorgen, 40–130 tecken",
        )
        if swedish
        else (
            "the day it is sent",
            "what shows in the inbox, at most 60 characters",
            "the line after the subject in the inbox, 40–130 characters",
        )
    )
    return (
        f"title = {json.dumps(title, ensure_ascii=False)}\n"
        f"# date = {example}   # {comments[0]}\n"
        f'subject = ""   # {comments[1]}\n'
        f'preheader = ""   # {comments[2]}\n'
    )


def _month_of(slug: str) -> dt.date | None:
    names = {name.lower(): n for months in MONTHS.values() for n, name in enumerate(months, 1)}
    word, _, year = slug.partition("-")
    if word in names and re.fullmatch(r"[1-9]\d{3}", year):
        return dt.date(int(year), names[word], 1)
    return None
