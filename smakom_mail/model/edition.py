"""An edition as the author wrote it, and the pictures and sources that belong to it."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from smakom_mail.model.document import Block

UNDATED = dt.date(1970, 1, 1)
"""The date of an edition that has none yet."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that the editor has looked at and accepts, with her reason."""

    code: str
    reason: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an edition; `kind` names the template that draws it.

    `file` is the path of its Markdown relative to the project, `line` that of its title.
    """

    slug: str
    kind: str
    title: str
    label: str
    byline: str
    blocks: tuple[Block, ...]
    file: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file, cleaned of metadata: `width` and `height` in pixels.

    `name` is the published file name; it carries a piece of the content's hash, so a name
    once mailed never shows other pixels.
    """

    source: str
    name: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class SeedParagraph:
    """A paragraph of a seed: `number` counts from 1 and includes dropped ones.

    `style` is "text", "speech", "bullet" or "heading"; a speech dash or a bullet is not
    part of `text`; the lines of a paragraph are divided by newlines. `line` is in the file.
    """

    number: int
    text: str
    style: str
    dropped: bool
    line: int


@dataclass(frozen=True, slots=True)
class Seed:
    """A source document and what the catalogue says of it.

    `published` is an ISO date or month or empty; `sha256` is of the file as it is now,
    `pinned` what the catalogue recorded (empty if nothing).
    """

    slug: str
    file: str
    title: str
    label: str
    publisher: str
    url: str
    published: str
    credit: bool
    paragraphs: tuple[SeedParagraph, ...]
    sha256: str
    pinned: str
    catalogued: bool = True
    line: int = 0


@dataclass(frozen=True, slots=True)
class Edition:
    """One number of the newsletter, read and resolved, ready to be rendered.

    `audience` is a selection in its canonical form (config.selection); empty for the project's.
    """

    slug: str
    title: str
    date: dt.date
    subject: str
    preheader: str
    layout: str
    language: str
    audience: str
    sections: tuple[Section, ...]
    waivers: tuple[Waiver, ...] = ()
    pictures: tuple[Picture, ...] = ()
    seeds: tuple[Seed, ...] = ()
    lines: tuple[tuple[str, int], ...] = ()

    @property
    def file(self) -> str:
        """The path of edition.toml relative to the project."""
        return f"newsletters/{self.slug}/edition.toml"

    def line_of(self, key: str) -> int:
        """Give the line of `key` in edition.toml, 1 when it is not there."""
        return dict(self.lines).get(key, 1)


@dataclass(frozen=True, slots=True)
class Project:
    """Where a newsletter project lives."""

    root: Path

    def relative(self, path: Path) -> str:
        """Give `path` relative to the project, with forward slashes, for messages."""
        return path.relative_to(self.root).as_posix()
