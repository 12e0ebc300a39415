"""The one place where the public pages change anything: a single thread, many acts a commit.

What comes in while a commit is on its way to disk goes into the next one, so that a burst costs a
forced write for many answers, not for each. An answer is given after the commit that holds it. When
another program has the database (a large import holds it for many seconds) the desk waits, up to a
minute, rather than fail. Nor does it make others wait: between two commits it leaves the database
alone for a moment, in which a campaign that is running gets its turn and more acts come together.
"""

import dataclasses
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from smakom_mail.services.storing import Store
from smakom_mail.store.faults import BusyError
from smakom_mail.store.gathering import GatheringJournal

PATIENCE = 60.0
"""Seconds that an act waits for the database before it is refused."""
TOGETHER = 200
"""How many acts one commit holds at most."""
BETWEEN = 0.005
"""Seconds between two commits, for other programs: they look every millisecond."""
BEHIND = 1.0
"""Seconds that the sidecar may be behind the journal while acts keep coming."""
_QUIET = 0.05
"""Seconds without an act after which it is told."""
MOST_WAITING = 20_000
_PAUSE = 0.05

T = TypeVar("T")
Job = Callable[[Store], T]


class DeskClosedError(Exception):
    """The desk takes nothing more: the program is ending, or there is too much already."""


@dataclass(slots=True)
class _Task:
    job: Job[Any]
    alone: bool
    until: float
    answer: Future[Any] = field(default_factory=Future)


class Desk:
    """Takes acts from any thread and carries them out in the order in which they came.

    `opener` opens a store of the desk's own, in its thread; where the file was exchanged for
    another one meanwhile (a backup that was put back) it is called again. It is told whether a
    database may be made: the first time only, so that one that is gone is never an empty one.
    """

    def __init__(
        self,
        opener: Callable[[bool], Store],
        clock: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE,
    ) -> None:
        """Begin; the thread starts with `open`."""
        self._opener = opener
        self._clock = clock
        self._patience = patience
        self._tasks: queue.Queue[_Task | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="desk")
        self._opened: Future[None] = Future()
        self._closed = False
        self._store: Store | None = None
        self._file: tuple[int, int] = (0, 0)
        self._free_until = clock()
        self._tell_by: float | None = None

    def open(self) -> None:
        """Open the store and begin to work; raises what opening the store raises."""
        self._thread.start()
        self._opened.result()

    def submit(self, job: Job[T], *, patience: float | None = None) -> Future[T]:
        """Carry out a job inside a transaction that it may share with others.

        The job changes the store it is given and leaves the transaction alone. It may be run
        again where the transaction could not be committed. Raises DeskClosedError.
        """
        return self._put(job, patience, alone=False)

    def submit_alone(self, job: Job[T], *, patience: float | None = None) -> Future[T]:
        """Carry out a job that makes transactions of its own. Raises DeskClosedError."""
        return self._put(job, patience, alone=True)

    def close(self) -> None:
        """Carry out all that was taken, then end."""
        if not self._closed:
            self._closed = True
            self._tasks.put(None)
        if self._thread.ident is not None:
            self._thread.join()

    def _put(self, job: Job[T], patience: float | None, *, alone: bool) -> Future[T]:
        if self._closed or self._tasks.qsize() >= MOST_WAITING:
            raise DeskClosedError
        wait = self._patience if patience is None else patience
        task = _Task(job, alone, self._clock() + wait)
        self._tasks.put(task)
        return task.answer

    # ------------------------------------------------------------------------- in its own thread

    def _run(self) -> None:
        try:
            self._reopen()
        except BaseException as error:  # noqa: BLE001 - whatever it is, `open` raises it
            self._opened.set_exception(error)
            return
        self._opened.set_result(None)
        try:
            going = True
            while going:
                tasks, going = self._taken()
                self._work(tasks)
            if self._tell_by is not None:
                self._catch_up()
        finally:
            if self._store:
                self._store.close()

    def _taken(self) -> tuple[list[_Task], bool]:
        """Give the tasks that wait, at least one, and whether any can come after them."""
        tasks: list[_Task] = []
        task = self._first()
        time.sleep(max(0.0, self._free_until - self._clock()))
        while task is not None:
            tasks.append(task)
            if len(tasks) >= TOGETHER:
                return tasks, True
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                return tasks, True
        return tasks, False

    def _first(self) -> _Task | None:
        """Wait for a task; where none comes for a moment, let the sidecar catch up meanwhile."""
        while self._tell_by is not None:
            if self._clock() >= self._tell_by:
                self._catch_up()
            with suppress(queue.Empty):
                return self._tasks.get(timeout=_QUIET)
            if self._tell_by is not None:
                self._tell_by = self._clock()
        return self._tasks.get()

    def _catch_up(self) -> None:
        """Let the sidecar know how long the journal is, unless another program is writing now.

        Where it cannot be written, the next act that adds to the journal tells it.
        """
        try:
            store = self._current()
            journal = GatheringJournal(store.journal.path)
            with store.database.impatient(), store.database.transaction():
                journal.catch_up(store.database)
        except BusyError:
            return
        except Exception:  # noqa: BLE001, S110 - whatever it is, acts are still to be carried out
            pass
        self._tell_by = None

    def _work(self, tasks: list[_Task]) -> None:
        """Do the tasks in their order: those that may be done together, together."""
        batch: list[_Task] = []
        for task in tasks:
            if not task.answer.set_running_or_notify_cancel():
                continue
            if task.alone:
                self._together(batch)
                batch = []
                self._alone(task)
            else:
                batch.append(task)
        self._together(batch)

    def _together(self, tasks: list[_Task]) -> None:
        while tasks:
            try:
                answers = self._committed(tasks)
            except BusyError as error:
                tasks = self._still_waiting(tasks, error)
            except Exception as error:  # noqa: BLE001 - one may spoil it for all: each by itself
                if len(tasks) == 1:
                    tasks[0].answer.set_exception(error)
                else:
                    for task in tasks:
                        self._together([task])
                return
            else:
                for task, answer in zip(tasks, answers, strict=True):
                    task.answer.set_result(answer)
                return

    def _committed(self, tasks: list[_Task]) -> list[object]:
        store = self._current()
        journal = GatheringJournal(store.journal.path)
        sharing = dataclasses.replace(store, journal=journal)
        with store.database.transaction():
            answers = [task.job(sharing) for task in tasks]
            forced = journal.force(store.database)
        now = self._clock()
        self._free_until = now + BETWEEN
        if forced and self._tell_by is None:
            self._tell_by = now + BEHIND
        return answers

    def _alone(self, task: _Task) -> None:
        left = [task]
        while left:
            try:
                answer = task.job(self._current())
            except BusyError as error:
                left = self._still_waiting(left, error)
            except Exception as error:  # noqa: BLE001 - the one who asked is told
                task.answer.set_exception(error)
                return
            else:
                task.answer.set_result(answer)
                return

    def _still_waiting(self, tasks: list[_Task], error: BusyError) -> list[_Task]:
        """Refuse those that have waited long enough; give the others after a moment."""
        now = self._clock()
        for task in tasks:
            if task.until <= now:
                task.answer.set_exception(error)
        left = [task for task in tasks if task.until > now]
        if left:
            time.sleep(_PAUSE)
        return left

    def _current(self) -> Store:
        """Give the store, opened anew where another file has its name now, or another secret."""
        store = self._store
        if store is None or store.file != self._file or store.secret_changed():
            self._reopen()
        if self._store is None:
            raise LookupError
        return self._store

    def _reopen(self) -> None:
        store, self._store = self._store, None
        if store:
            with suppress(Exception):
                store.close()
        self._store = self._opener(not self._opened.done())
        self._file = self._store.file
