"""The state of every edition while the preview runs, and who is told when it changes.

One snapshot is taken at a time. The editions that somebody looks at come first and at once; the
others follow when the files have been quiet for a while, with pauses between them.
"""

import asyncio
import datetime as dt
import itertools
import re
import unicodedata
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from smakom_mail.config import SampleReader
from smakom_mail.content.project import EDITIONS, edition_names, is_name, on_disk
from smakom_mail.content.reading import read_text
from smakom_mail.model.edition import UNDATED
from smakom_mail.services.previewing.child import failure_of
from smakom_mail.services.previewing.snapshot import Failure, Snapshot
from smakom_mail.services.previewing.watching import Changes, Watch
from smakom_mail.services.previewing.worker import LIMIT, Worker

__all__ = ["EditionState", "Failure", "Studio"]

_RECENT = 3
"""So many editions that were asked for last count as looked at."""
_REMEMBERED = 8
"""So many deleted editions keep their last good view."""
_BREATH, _QUIET, _PATIENCE = 0.05, 1.0, 0.25
_LONGEST_SETBACK = 60.0
_DATE = re.compile(r"^\s*date\s*=\s*(\d{4}-\d\d-\d\d)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class EditionState:
    """What is known of an edition: the newest snapshot, the last good one, what stands in the way.

    `generation` grows with each change of what is shown; 0 means that nothing is taken yet.
    """

    slug: str
    generation: int = 0
    snapshot: Snapshot | None = None
    good: Snapshot | None = None
    failure: Failure | None = None


class Studio:
    """Keeps a snapshot of every edition up to date, and tells listeners of each change."""

    def __init__(
        self,
        root: Path,
        environment: Mapping[str, str],
        *,
        readers: tuple[SampleReader, ...] = (),
        limit: float = LIMIT,
        log: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Find the editions of the project in `root`; `limit` is the seconds for one snapshot.

        `readers` stand behind those of smakom-mail.toml.
        """
        self._root = root.resolve()
        self._readers = readers
        self._log = log
        self._worker = Worker(self._root, environment, limit=limit, log=log)
        self._counter = itertools.count(1)
        self._states: dict[str, EditionState] = {}
        self._gone: dict[str, EditionState] = {}
        self._dates: dict[str, dt.date] = {}
        self._stale: dict[str, None] = {}
        self._asked: dict[str, None] = {}
        self._listeners: set[_Listener] = set()
        self._wake = asyncio.Event()
        self._ended = False
        self._changed_at = 0.0
        self._setback = 0.0
        self._list_editions()
        self._stale.clear()  # until the watch stands: what is taken before would be taken again

    # --- what others ask --------------------------------------------------------------------

    def states(self) -> tuple[EditionState, ...]:
        """Give every edition, the newest first; one without a date is newer than all."""
        ordered = sorted(self._states.values(), key=lambda state: state.slug)
        return tuple(sorted(ordered, key=self._date, reverse=True))

    async def state(self, slug: str) -> EditionState | None:
        """Give an edition, taken first if it never was; None if there is no such edition.

        One that was deleted while the preview ran is given with its last good view. Waits for
        `run`, which must have been begun.
        """
        slug = unicodedata.normalize("NFC", slug)
        if slug not in self._states:
            self._list_editions()
        if slug in self._states:
            self._asked.pop(slug, None)
            self._asked[slug] = None
            for oldest in list(self._asked)[:-_RECENT]:
                del self._asked[oldest]
            if self._states[slug].generation == 0:
                self._stale[slug] = None
                async with self.listen(slug) as changes:
                    async for _ in changes:
                        break
        return self._states.get(slug) or self._gone.get(slug)

    @asynccontextmanager
    async def listen(self, *slugs: str) -> AsyncIterator[AsyncIterator[EditionState]]:
        """Hear of each change of `slugs` (of all editions, if none is named) until `run` ends.

        Naming them says that somebody looks at them: they are taken before the others. A slow
        listener hears only the latest state of an edition.
        """
        listener = _Listener(frozenset(unicodedata.normalize("NFC", slug) for slug in slugs))
        if self._ended:
            listener.end()
        self._listeners.add(listener)
        self._wake.set()
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    # --- what happens -----------------------------------------------------------------------

    async def run(self) -> None:
        """Watch the files and take snapshots, until cancelled."""
        try:
            self._worker.start()
            async with asyncio.TaskGroup() as group:
                group.create_task(Watch(self._root, self._hear, self._log).run())
                group.create_task(self._work())
        finally:
            self._ended = True
            for listener in self._listeners:
                listener.end()
            await self._worker.close()

    def _hear(self, changes: Changes) -> None:
        """Note what has to be taken again."""
        if not changes:
            return
        self._list_editions()
        self._changed_at = asyncio.get_running_loop().time()
        self._setback = 0.0
        self._stale |= dict.fromkeys(
            slug for slug in self._states if changes.everything or slug in changes.editions
        )
        self._wake.set()

    def _list_editions(self) -> None:
        """Follow the folders in newsletters/: new ones, and those that are gone."""
        try:
            names = {name for name in edition_names(self._root) if is_name(name)}
        except OSError:  # it vanishes as we look, or may not be read: nothing is known
            return
        for slug in names - self._states.keys():
            self._states[slug] = self._gone.pop(slug, EditionState(slug))
            self._dates[slug] = self._written_date(slug)
            self._stale[slug] = None
        for slug in self._states.keys() - names:
            state = self._states.pop(slug)
            self._stale.pop(slug, None)
            failure = failure_of("gone", self._language(), slug=slug)
            self._gone[slug] = self._tell(replace(state, failure=failure))
            for oldest in list(self._gone)[:-_REMEMBERED]:
                del self._gone[oldest]

    def _language(self) -> str:
        known = (*self._states.values(), *self._gone.values())
        snapshots = (state.good or state.snapshot for state in known)
        return next((s.config.messages_language for s in snapshots if s), "sv")

    def _written_date(self, slug: str) -> dt.date:
        """Give the date in edition.toml, for the order of the list until a snapshot knows it."""
        file = on_disk(self._root / EDITIONS / slug) / "edition.toml"
        match = _DATE.search(read_text(self._root, file)[0])
        with suppress(ValueError):
            return dt.date.fromisoformat(match[1]) if match else UNDATED
        return UNDATED

    def _date(self, state: EditionState) -> dt.date:
        for snapshot in (state.snapshot, state.good):
            if snapshot and snapshot.edition.date != UNDATED:
                return snapshot.edition.date
        written = self._dates[state.slug]
        return dt.date.max if written == UNDATED else written

    # --- taking snapshots -------------------------------------------------------------------

    async def _work(self) -> None:
        while True:
            self._wake.clear()
            if slug := self._looked_at():
                await self._take(slug)
            elif slug := self._in_background():
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._pause(slug)):
                        await self._wake.wait()
                    continue  # something new: choose again
                await self._take(slug, patient=True)
            else:
                await self._wake.wait()

    def _looked_at(self) -> str:
        """Give the stale edition that somebody waits for most; nothing if nobody does."""
        listened = (slug for listener in self._listeners for slug in listener.slugs)
        wanted = (*reversed(self._asked), *listened)
        return next((slug for slug in wanted if slug in self._stale), "")

    def _in_background(self) -> str:
        """Give the next of the others: the untaken before the outdated, the newest first."""
        stale = (self._states[slug] for slug in self._stale)
        ordered = sorted(stale, key=lambda s: (s.generation == 0, self._date(s)), reverse=True)
        return ordered[0].slug if ordered else ""

    def _pause(self, slug: str) -> float:
        since = asyncio.get_running_loop().time() - self._changed_at
        quiet = _QUIET - since if self._states[slug].generation else 0.0
        return max(_BREATH, quiet, self._setback)

    async def _take(self, slug: str, *, patient: bool = False) -> None:
        """Take one edition; a patient one makes way if it takes long and another is wanted."""
        del self._stale[slug]
        taking = asyncio.create_task(self._worker.take(slug))
        try:
            while not (await asyncio.wait({taking}, timeout=_PATIENCE))[0]:
                if patient and self._looked_at():
                    taking.cancel()
        finally:
            if not taking.done():
                taking.cancel()
                await asyncio.wait({taking})
        if taking.cancelled():
            if slug in self._states:  # else it was deleted meanwhile
                self._stale[slug] = None
        else:
            self._settle(slug, taking.result())

    def _settle(self, slug: str, answer: Snapshot | Failure) -> None:
        """Keep an answer, and tell of it if it shows anything new."""
        if isinstance(answer, Failure):
            self._setback = min(max(1.0, 2 * self._setback), _LONGEST_SETBACK)
            self._list_editions()
        else:
            self._setback = 0.0
            answer = self._with_readers(answer)
        state = self._states.get(slug)
        if state is None:  # deleted meanwhile
            return
        if isinstance(answer, Failure):
            new = replace(state, failure=answer)
        else:
            good = state.good if answer.broken else answer
            new = replace(state, snapshot=answer, good=good, failure=None)
        if new != state:
            self._states[slug] = self._tell(new)

    def _with_readers(self, snapshot: Snapshot) -> Snapshot:
        samples = (*snapshot.config.samples, *self._readers)
        return replace(snapshot, config=replace(snapshot.config, samples=samples))

    def _tell(self, state: EditionState) -> EditionState:
        """Give the state as the next generation, which every listener hears of."""
        state = replace(state, generation=next(self._counter))
        for listener in self._listeners:
            listener.tell(state)
        return state


class _Listener:
    """What one listener has not heard yet: the latest state of each edition."""

    def __init__(self, slugs: frozenset[str]) -> None:
        self.slugs = slugs
        self._news: dict[str, EditionState] = {}
        self._bell = asyncio.Event()
        self._ended = False

    def tell(self, state: EditionState) -> None:
        if not self.slugs or state.slug in self.slugs:
            self._news[state.slug] = state
            self._bell.set()

    def end(self) -> None:
        self._ended = True
        self._bell.set()

    def __aiter__(self) -> AsyncIterator[EditionState]:
        return self

    async def __anext__(self) -> EditionState:
        while not self._news:
            if self._ended:
                raise StopAsyncIteration
            self._bell.clear()
            await self._bell.wait()
        return self._news.pop(next(iter(self._news)))
