"""The archive for a server that shows it itself: the same files, from memory."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType

from smakom_mail.errors import SmakomMailError
from smakom_mail.services.archiving.publishing import published_now
from smakom_mail.services.archiving.site import Site, make_site
from smakom_mail.services.checking import CheckedEdition, check_edition
from smakom_mail.services.workplace import Workplace

TYPES = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".gif": "image/gif",
        ".html": "text/html; charset=utf-8",
        ".ics": "text/calendar; charset=utf-8",
        ".jpg": "image/jpeg",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json; charset=utf-8",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".xml": "application/xml; charset=utf-8",
    }
)
_FEED_TYPE = "application/atom+xml; charset=utf-8"
_SOURCES = ("newsletters", "layouts", "seeds", "smakom-mail.toml", "ordlista.txt")
INTERVAL = 2.0
"""Seconds between two looks at the database and the sources."""

State = tuple[tuple[str, int, int], ...]


class ArchiveSite:
    """Gives the archive's files by path, and keeps them as the sources and the database are.

    It looks at most every `INTERVAL` seconds, when a file is asked for; one thread then makes it
    anew while all others are given what was there before. What cannot be made anew, for a fault in
    the sources or a database that does not answer, stays as it was, but for editions that were
    taken out, and `trouble` says why.
    """

    def __init__(self, workplace: Workplace, clock: Callable[[], float] = time.monotonic) -> None:
        """Make the archive. Raises StoreError where the database cannot be read."""
        self.trouble = ""
        self._workplace = workplace
        self._clock = clock
        self._busy = threading.Lock()
        self._checked: dict[str, tuple[State, CheckedEdition]] = {}
        self._state: object = None
        self._site = Site({}, ())
        self._looked = clock()
        self._remake(published_now(workplace))

    def file(self, path: str) -> tuple[bytes, str] | None:
        """Give the bytes and the content type of a path, as ``/archive/januari-2021/``; or None.

        The path has no percent signs left in it. A folder needs its slash at the end.
        """
        self.refresh()
        name = path.removeprefix("/")
        if not name or name.endswith("/"):
            name += "index.html"
        data = self._site.files.get(name)
        if data is None:
            return None
        kind = _FEED_TYPE if name == "feed.xml" else TYPES[Path(name).suffix.lower()]
        return data, kind

    @property
    def missing_page(self) -> bytes:
        """The page for an address that leads nowhere."""
        return self._site.files["404.html"]

    @property
    def digest(self) -> str:
        """The digest of what is shown now, for ETag."""
        return self._site.digest

    def refresh(self) -> None:
        """Look whether something has changed, if nobody else does so now."""
        if self._clock() - self._looked < INTERVAL or not self._busy.acquire(blocking=False):
            return
        try:
            self._remake(published_now(self._workplace))
            self.trouble = ""
        except SmakomMailError as error:
            self.trouble = error.message
        finally:
            self._looked = self._clock()
            self._busy.release()

    def _remake(self, published: frozenset[str]) -> None:
        root = self._workplace.root
        state = (published, _state_of(root, _SOURCES))
        if state == self._state:
            return
        self._site = make_site(self._workplace, published, self._check)
        self._checked = {s: kept for s, kept in self._checked.items() if s in published}
        self._state = state

    def _check(self, workplace: Workplace, slug: str) -> CheckedEdition:
        """Check an edition unless nothing that it is made from has changed."""
        shared = ("layouts", "seeds", "smakom-mail.toml", "newsletters/_standing")
        state = _state_of(workplace.root, (*shared, f"newsletters/{slug}"))
        kept = self._checked.get(slug)
        if kept and kept[0] == state:
            return kept[1]
        checked = check_edition(workplace, slug)
        if kept and checked.rendered is None:  # half saved, or with a fault that will be mended
            return kept[1]
        self._checked[slug] = (state, checked)
        return checked


def _state_of(root: Path, names: tuple[str, ...]) -> State:
    return tuple(sorted(entry for name in names for entry in _entries(root, root / name)))


def _entries(root: Path, path: Path) -> Iterator[tuple[str, int, int]]:
    for each in (path, *path.rglob("*")):
        try:
            seen = each.lstat()
        except OSError:  # taken away meanwhile
            continue
        yield each.relative_to(root).as_posix(), seen.st_mtime_ns, seen.st_size
