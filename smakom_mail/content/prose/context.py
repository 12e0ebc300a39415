"""What the rules on prose know beside the edition: the other editions and some settings."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from smakom_mail.config.toml import parse_toml
from smakom_mail.content.project import CONFIG_FILE, EDITIONS, STANDING, edition_names
from smakom_mail.content.reading import read_text

_SECTION_FILE = re.compile(r"\d+-(.+)\.md")


@dataclass(frozen=True, slots=True)
class OtherEdition:
    """What is compared of another edition; `date` is None where it cannot be read."""

    slug: str
    date: dt.date | None
    title: str
    subject: str
    preheader: str
    sections: frozenset[str]


@dataclass(frozen=True, slots=True)
class ProseContext:
    """What comes from outside the edition; `lines` are those of smakom-mail.toml.

    `recurring` are the slugs that smakom-mail.toml has settings for, `standing` those of the
    sections that every edition carries.
    """

    others: tuple[OtherEdition, ...] = ()
    sender: str = ""
    reply_to: str = ""
    reason: str = ""
    recurring: tuple[str, ...] = ()
    standing: frozenset[str] = frozenset()
    lines: tuple[tuple[str, int], ...] = ()
    config_file: str = CONFIG_FILE

    def line_of(self, key: str) -> int:
        """Give the line of `key` in smakom-mail.toml, or of its table, or 1."""
        known = dict(self.lines)
        return known.get(key, known.get(key.partition(".")[0], 1))


def other_editions(root: Path, slug: str) -> tuple[OtherEdition, ...]:
    """Read the settings and section names of every edition but `slug`, oldest first.

    Faults of theirs are not this edition's: what cannot be read is empty.
    """
    found = [_other(root, name) for name in edition_names(root) if name != slug]
    return tuple(sorted(found, key=lambda other: (other.date or dt.date.min, other.slug)))


def standing_slugs(root: Path) -> frozenset[str]:
    """Give the slugs of the sections that every edition carries."""
    return _slugs(root / STANDING)


def _other(root: Path, slug: str) -> OtherEdition:
    path = root / EDITIONS / slug / "edition.toml"
    text = read_text(root, path)[0] if path.is_file() else ""
    data = parse_toml(path.name, text).data
    day = data.get("date")
    words = {key: data.get(key) for key in ("title", "subject", "preheader")}
    return OtherEdition(
        slug=slug,
        date=day if type(day) is dt.date else None,
        sections=_slugs(root / EDITIONS / slug),
        **{key: value if isinstance(value, str) else "" for key, value in words.items()},
    )


def _slugs(folder: Path) -> frozenset[str]:
    if not folder.is_dir():
        return frozenset()
    names = (unicodedata.normalize("NFC", path.name) for path in folder.glob("*.md"))
    return frozenset(match[1] for name in names if (match := _SECTION_FILE.fullmatch(name)))
