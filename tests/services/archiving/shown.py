"""The repository's own editions in an archive, and shorter words for making it."""

from pathlib import Path

from smakom_mail.services.archiving.archiving import Archived, write_archive
from smakom_mail.services.archiving.site import Site, make_site
from smakom_mail.services.workplace import Workplace, open_workplace
from tests.store.peopled import NOW

BOTH = ("januari-2021", "april-2021")
FIRST = "newsletters/januari-2021/10-ordforandens-ord.md"


def place(root: Path) -> Workplace:
    """Open the project."""
    return open_workplace(root, {})


def site(root: Path, *editions: str) -> Site:
    """Make the archive of some editions."""
    return make_site(place(root), editions)


def archive(
    root: Path,
    *,
    out: Path | None = None,
    publish: tuple[str, ...] = (),
    hide: tuple[str, ...] = (),
) -> Archived:
    """Write the archive as the command does."""
    return write_archive(place(root), NOW, out=out, publish=publish, unpublish=hide)


def contents(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def append(path: Path, text: str) -> None:
    """Add text to the end of a file."""
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def spoil(root: Path) -> None:
    """Let april-2021 have an error, and still be drawn."""
    append(root / "newsletters/april-2021/10-redaktionen.md", "\n![En bild](images/saknas.png)\n")


def unmake(root: Path) -> None:
    """Let nothing be drawn of april-2021."""
    settings = root / "newsletters/april-2021/edition.toml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(f'layout = "finns-inte"\n{before}', encoding="utf-8")
