"""What the archive knows of an edition, and the addresses in it."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import quote

from smakom_mail.config import Config
from smakom_mail.model.edition import Picture
from smakom_mail.model.rendered import CalendarFile

FOLDER = "archive"
ASSETS = "assets"
FEED = "feed.xml"
SITEMAP = "sitemap.xml"
SEARCH = f"{FOLDER}/search.json"


@dataclass(frozen=True, slots=True)
class Section:
    """A section as the list of an edition shows it; `items` names what is in it, if anything."""

    anchor: str
    title: str
    items: str = ""


@dataclass(frozen=True, slots=True)
class ArchivedEdition:
    """A published edition: its web version, made for everybody, and what lies beside it.

    `masthead` is the layout's picture of that name, for the picture of a shared link; `share` is
    that picture where it has been drawn already.
    """

    slug: str
    title: str
    date: dt.date
    language: str
    description: str
    web: str
    sections: tuple[Section, ...]
    pictures: tuple[Picture, ...]
    calendars: tuple[CalendarFile, ...]
    masthead: bytes | None = None
    share: bytes | None = None

    @property
    def folder(self) -> str:
        """Where its files lie in the site."""
        return f"{FOLDER}/{self.slug}"

    @property
    def place(self) -> str:
        """Its address as seen from the list of all editions."""
        return f"{quote(self.slug)}/"


def in_time(editions: tuple[ArchivedEdition, ...]) -> tuple[ArchivedEdition, ...]:
    """Give the editions from the oldest to the newest; those of one day by their names."""
    return tuple(sorted(editions, key=lambda each: (each.date, each.slug)))


def absolute(config: Config, path: str) -> str:
    """Give the public address of a path of the site."""
    return f"{config.site_url}/{quote(path)}"


def edition_address(config: Config, edition: ArchivedEdition) -> str:
    """Give the public address of an edition."""
    return f"{config.site_url}/{FOLDER}/{edition.place}"
