"""The archive for a server that shows it itself: the same files, kept beside its database.

A server answers from its first moment. What was made before its start is shown at once where
everything in it is still public; what is missing or has changed is drawn in a process of its own,
and whole when it is put in the place of what was there.
"""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from smakom_mail.errors import SmakomMailError, StoreError
from smakom_mail.render.archive.entry import ASSETS, FEED, FOLDER, SITEMAP
from smakom_mail.services.archiving.keeping import KEPT, SITE
from smakom_mail.services.archiving.maker import Maker
from smakom_mail.services.archiving.placing import read_site
from smakom_mail.services.archiving.publishing import published_now
from smakom_mail.services.archiving.sources import state_of_archive
from smakom_mail.services.bug_log import write_bug_log
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
_OWN = (FOLDER, ASSETS, FEED, SITEMAP)
_PAGE = "index.html"
INTERVAL = 2.0
"""Seconds between two looks at the database, and at the sources if somebody reads."""
PAUSE = 60.0
"""Seconds until it is tried again where the archive could not be made."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What can be seen now: `public` is what may be, `absent` what of that cannot be drawn.

    Until it is `whole` only files are shown that name no edition but their own.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    editions: frozenset[str] = frozenset()
    public: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    whole: bool = False

    def only(self, public: frozenset[str]) -> "Shown":
        """Leave out at once what is not public any more."""
        if self.editions <= public:
            return replace(self, public=public)
        stay = {
            name: data
            for name, data in self.files.items()
            if name.startswith(f"{ASSETS}/") or _names_only(name, public)
        }
        editions = self.editions & public
        return replace(self, files=stay, editions=editions, public=public, whole=False)

    def awaits(self, name: str) -> bool:
        """Say whether a file may come here by itself, in a while."""
        first, _, rest = name.partition("/")
        if not self.whole:
            return first in _OWN
        return first == FOLDER and rest.partition("/")[0] in (
            self.public - self.editions - self.absent
        )


def _names_only(name: str, public: frozenset[str]) -> bool:
    """Say whether a file is of one edition that is public, and names no other."""
    folder, _, rest = name.partition("/")
    slug, _, file = rest.partition("/")
    return folder == FOLDER and slug in public and file not in ("", _PAGE)


class ArchiveSite:
    """Gives the archive's files by path, and keeps them as the sources and the database are.

    A thread looks at the database every `INTERVAL` seconds, and at the sources when somebody has
    read meanwhile. `say` is told what is wrong, once. What cannot be made anew stays as it was,
    but for editions that were taken out: these are gone with the look that finds it.
    """

    def __init__(
        self,
        workplace: Workplace,
        environment: Mapping[str, str],
        say: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing is shown before `open`, or a `look`."""
        self._workplace = workplace
        self._say = say
        self._clock = clock
        self._folder = workplace.root / KEPT / SITE
        self._maker = Maker(workplace.root, environment)
        self._shown = Shown()
        self._made = ("", frozenset[str]())  # from what, and of which editions
        self._failed = ("", float("-inf"))  # from what, and when it may be tried again
        self._asked = True
        self._pause = INTERVAL
        self._faults: frozenset[str] = frozenset()  # of editions
        self._said: frozenset[str] = frozenset()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="archive", daemon=True)

    def open(self) -> None:
        """Begin to keep it."""
        self._thread.start()

    def close(self) -> None:
        """End; an archive that is being made is left as far as it is."""
        self._over.set()
        self._maker.close()
        if self._thread.is_alive():
            self._thread.join()

    def file(self, path: str) -> tuple[bytes, str] | None:
        """Give the bytes and the content type of a path, as ``/archive/januari-2021/``; or None.

        The path has no percent signs left in it. A folder needs its slash at the end.
        """
        self._asked = True
        name = _name(path)
        data = self._shown.files.get(name)
        if data is None:
            return None
        kind = _FEED_TYPE if name == FEED else TYPES[Path(name).suffix.lower()]
        return data, kind

    def is_coming(self, path: str) -> bool:
        """Say whether what belongs at a path may be there in a while: it is being made."""
        return self._shown.awaits(_name(path))

    @property
    def missing_page(self) -> bytes | None:
        """The page for an address that leads nowhere; None before it is made."""
        return self._shown.files.get("404.html")

    def look(self) -> None:
        """See what is public and what has changed, and make anew what has to be."""
        self._pause = INTERVAL
        try:
            faults = self._kept_up()
        except SmakomMailError as error:
            faults = frozenset({f"it stays as it was: {error.message}"})
        except Exception as error:  # noqa: BLE001 - readers are answered whatever becomes of it
            name = type(error).__name__
            faults = frozenset({f"the program has a fault ({name}): {write_bug_log()}"})
            self._pause = PAUSE
        if not self._over.is_set():
            self._tell(faults)

    def _kept_up(self) -> frozenset[str]:
        """Bring it up to date; give what is wrong with it."""
        public = published_now(self._workplace)
        self._shown = self._shown.only(public)
        before, editions = self._made
        if before and public == editions and not self._asked:
            return self._faults
        self._asked = False
        state = state_of_archive(self._workplace, public)
        if state == before:
            return self._faults
        if self._failed[0] == state and self._clock() < self._failed[1]:
            return self._said
        if not before and self._show(coming=public) == state:
            self._made = (state, public)
            return self._faults
        return self._remade(public, state)

    def _remade(self, public: frozenset[str], state: str) -> frozenset[str]:
        self._failed = (state, self._clock() + PAUSE)
        faults = self._maker.make(public, state, self._hide)
        if self._show() is None and self._show() is None:  # exchanged while it was read
            raise SmakomMailError(f"{self._folder} cannot be read")
        self._made, self._failed = (state, public), ("", float("-inf"))
        self._faults = frozenset(faults.values())
        return self._faults

    def _show(self, coming: frozenset[str] = frozenset()) -> str | None:
        """Show what lies in its place as far as it is public; give what it was made from.

        None where nothing lies there. What is neither there nor `coming` is not waited for.
        """
        placed = read_site(self._folder)
        if placed is None:
            return None
        editions, public = frozenset(placed.site.editions), self._shown.public
        absent = public - editions - coming
        made = Shown(placed.site.files, editions, editions, absent, whole=True)
        with suppress(StoreError):
            public = published_now(self._workplace)
        self._shown = made.only(public)
        return placed.state

    def _hide(self) -> None:
        """Take out of sight what is not public any more, also while others are drawn."""
        with suppress(StoreError):
            self._shown = self._shown.only(published_now(self._workplace))

    def _tell(self, now: frozenset[str]) -> None:
        for sentence in sorted(now - self._said):
            self._say(f"the archive: {sentence}")
        if self._said and not now:
            self._say("the archive is as it should be again")
        self._said = now

    def _run(self) -> None:
        while not self._over.is_set():
            self.look()
            self._over.wait(self._pause)


def _name(path: str) -> str:
    name = path.removeprefix("/")
    return f"{name}{_PAGE}" if not name or name.endswith("/") else name
