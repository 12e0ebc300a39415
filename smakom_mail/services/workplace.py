"""Opening a project: its root, its settings and one of its editions."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smakom_mail.config import Config, read_config
from smakom_mail.content.project import CONFIG_FILE, edition_names, find_root, is_name
from smakom_mail.content.reading import read_text
from smakom_mail.diagnostics import Diagnostic, Severity, nearest
from smakom_mail.errors import (
    EditionNotFoundError,
    InvalidNameError,
    ProjectNotFoundError,
    StoreError,
)


@dataclass(frozen=True, slots=True)
class Workplace:
    """A project that is open: `findings` are those of smakom-mail.toml."""

    root: Path
    config: Config
    findings: tuple[Diagnostic, ...]

    @property
    def language(self) -> str:
        """The language of findings."""
        return self.config.messages_language


def open_workplace(start: Path, environment: Mapping[str, str]) -> Workplace:
    """Find the project at or above `start` and read its settings.

    Raises ProjectNotFoundError.
    """
    root = find_root(start)
    if root is None:
        raise ProjectNotFoundError(
            f"there is no {CONFIG_FILE} in {start} or in a folder above it",
            "go to the newsletter's folder, name it with --project DIR, "
            "or make one: smakom-mail init DIR",
        )
    text, faults = read_text(root, root / CONFIG_FILE)
    config, findings = read_config(text, environment)
    return Workplace(root, config, faults if faults and not text else (*faults, *findings))


def require_edition(workplace: Workplace, slug: str) -> str:
    """Give `slug` in its one spelling (NFC) if it names an edition.

    Raises EditionNotFoundError, InvalidNameError.
    """
    slug = unicodedata.normalize("NFC", slug)
    names = edition_names(workplace.root)
    if slug in names and is_name(slug):
        return slug
    if not is_name(slug):
        raise InvalidNameError(
            f"“{slug}” cannot be the name of an edition",
            "use small letters, digits and hyphens, as in januari-2021",
        )
    close = nearest(slug, names)
    raise EditionNotFoundError(
        f"there is no edition “{slug}” in newsletters/",
        f"did you mean “{close}”?" if close else f"make it: smakom-mail new {slug}",
    )


def require_settings(workplace: Workplace) -> None:
    """Refuse to guess: a slip in the settings must not lead to another database.

    Raises StoreError.
    """
    for found in workplace.findings:
        if found.severity is Severity.ERROR:
            message = f"{found.location}: {found.message('en')}"
            raise StoreError(message, found.hint("en") or "mend it")
