"""Which editions a changed file concerns, and the watch over the project's files.

Only what an edition is made of is watched: smakom-mail.toml, ordlista.txt, newsletters/,
layouts/ and seeds/. Nothing is asked of build/, var/, .git or .venv.
"""

import asyncio
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from smakom_mail.content.project import CONFIG_FILE, EDITIONS, STANDING, is_name
from smakom_mail.content.speller import HOUSE_WORDS

if TYPE_CHECKING:
    from watchfiles import Change

TREES = (EDITIONS, "layouts", "seeds")
_ROOT = ("",)
_SETTINGS = (CONFIG_FILE, HOUSE_WORDS)
_STANDING = STANDING.removeprefix(f"{EDITIONS}/")
_LITTER = re.compile(
    r"[.].*"  # .10-a.md.swp, .#10-a.md, .DS_Store, .git
    r"|.*(~|[.](tmp|temp|bak|swp|swo|swx|part|crdownload))"
    r"|[~#].*|~[$].*"
    r"|.*___jb_(tmp|old)___|thumbs\.db|desktop\.ini|node_modules|__pycache__",
    re.IGNORECASE,
)
_VIM_PROBE = re.compile(r"\d{4,5}")
"""What Vim makes and removes to learn whether it may write: 4913, 5036 …"""

STEP_MS = 10
"""A change is told when nothing has followed it for so long; twice that after a save."""
_SETTINGS_STEP_MS = 40
_DEBOUNCE_MS = 100
_POLL_MS = 300
_LOOK_SECONDS = 1.0
_ECHO_SECONDS = 0.4
_FAULTS = 3
"""So many faults of the system's watch, and the files are looked at instead."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The editions that are concerned: some, or all of them."""

    editions: frozenset[str] = frozenset()
    everything: bool = False

    def __bool__(self) -> bool:
        """Whether anything is concerned."""
        return self.everything or bool(self.editions)

    def __or__(self, other: "Changes") -> "Changes":
        """Put two together."""
        return Changes(self.editions | other.editions, self.everything or other.everything)


NOTHING = Changes()
EVERYTHING = Changes(everything=True)


def concerned(root: Path, paths: Iterable[str]) -> Changes:
    """Give the editions that changes of `paths` concern; `root` is resolved.

    A path outside `root` is one that a link leads to: nobody knows whose it is.
    """
    return reduce(Changes.__or__, (_concerned(_nfc(str(root)), path) for path in paths), NOTHING)


def _concerned(root: str, path: str) -> Changes:
    try:
        parts = Path(_nfc(path)).relative_to(root).parts
    except ValueError:
        return EVERYTHING
    match parts:
        case ():
            return EVERYTHING
        case (name,):
            return EVERYTHING if name in (*_SETTINGS, *TREES) else NOTHING
        case (tree, *rest) if tree not in TREES or _has_litter(rest):
            return NOTHING
        case (tree, slug, *_) if tree == EDITIONS and slug != _STANDING:
            return Changes(frozenset({slug})) if is_name(slug) else NOTHING
    return EVERYTHING


def _has_litter(names: list[str]) -> bool:
    """Whether an editor or desktop left one of `names` behind; a folder may be called 2021."""
    return any(_LITTER.fullmatch(name) for name in names) or (
        len(names) > 1 and _VIM_PROBE.fullmatch(names[-1]) is not None
    )


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


class Watch:
    """Tells what has changed; says EVERYTHING whenever it may have missed something before."""

    def __init__(
        self, root: Path, tell: Callable[[Changes], None], log: Callable[[str], None]
    ) -> None:
        """Prepare to watch the project in `root`, which is resolved."""
        self._root = root
        self._tell = tell
        self._log = log
        self._polling = False
        self._faults = 0
        self._stops: dict[tuple[str, ...], asyncio.Event] = {}
        self._new = NOTHING

    async def run(self) -> None:
        """Watch until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow(_ROOT, _SETTINGS_STEP_MS))
            group.create_task(self._follow(TREES, STEP_MS))
            group.create_task(self._repeat())

    async def _follow(self, names: tuple[str, ...], step: int) -> None:
        """Watch the folders that are there; begin again when one comes, goes or is exchanged."""
        while True:
            there = self._identities(names)
            if not there:
                await asyncio.sleep(_LOOK_SECONDS)
                continue
            self._stops[names] = stop = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                guard = group.create_task(self._stop_when_moved(names, there, stop))
                await self._listen(names, list(there), step, stop)
                guard.cancel()

    def _identities(self, names: tuple[str, ...]) -> dict[Path, tuple[int, int]]:
        """Give the folders that exist, each with what tells it from another of its name."""
        found = {}
        for name in names:
            path = self._root / name
            with suppress(OSError):
                state = path.stat()
                if stat.S_ISDIR(state.st_mode):
                    found[path] = (state.st_dev, state.st_ino)
        return found

    async def _stop_when_moved(
        self, names: tuple[str, ...], there: dict[Path, tuple[int, int]], stop: asyncio.Event
    ) -> None:
        """Look now and then whether the folders are still those that are watched."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if self._identities(names) != there:
                stop.set()

    async def _listen(
        self, names: tuple[str, ...], folders: list[Path], step: int, stop: asyncio.Event
    ) -> None:
        from watchfiles import awatch

        changes = awatch(
            *folders,
            watch_filter=None,
            debounce=_DEBOUNCE_MS,
            step=step,
            stop_event=stop,
            force_polling=self._polling or None,
            poll_delay_ms=_POLL_MS,
            recursive=names is TREES,
            ignore_permission_denied=True,
        )
        # Runs when this task first waits, and then the watch stands.
        asyncio.get_running_loop().call_soon(self._tell, EVERYTHING)
        try:
            async with aclosing(changes):
                async for batch in changes:
                    self._hear(batch)
        except FileNotFoundError:  # gone between the look and the watch
            await asyncio.sleep(_ECHO_SECONDS)
        except (OSError, RuntimeError, ExceptionGroup) as error:
            await self._fall_back(error)

    async def _fall_back(self, error: Exception) -> None:
        """Look at the files again and again where the system can't say what changes."""
        self._faults += 1
        if self._faults == _FAULTS:
            self._polling = True
            self._log(f"the system tells of no changes ({error}): looking at the files instead")
        elif self._faults > _FAULTS:
            self._log(f"the project's files cannot be watched: {error}")
            await asyncio.sleep(_LOOK_SECONDS)

    def _hear(self, batch: "set[tuple[Change, str]]") -> None:
        """Tell what a batch concerns; see to it that a new or exchanged folder is watched."""
        self._tell(concerned(self._root, (path for _, path in batch)))
        # Its first files may have come before the watch over it.
        new = [path for change, path in batch if change.name == "added" and Path(path).is_dir()]
        self._new |= concerned(self._root, new)
        for names, stop in self._stops.items():
            watched = {str(self._root / name) for name in names}
            if any(path in watched and change.name != "modified" for change, path in batch):
                stop.set()

    async def _repeat(self) -> None:
        """Tell of new folders once more, a moment later."""
        while True:
            due, self._new = self._new, NOTHING
            await asyncio.sleep(_ECHO_SECONDS)
            if due:
                self._tell(due)
