"""Reading for the public pages: a few threads, each with a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from smakom_mail.services.storing import Store

READERS = 4

T = TypeVar("T")


class Readers:
    """Runs what only reads, beside the desk and beside whatever else has the database.

    A store is opened where a thread first needs it, and anew where another file has its name now
    or another secret has been made.
    """

    def __init__(self, opener: Callable[[bool], Store], number: int = READERS) -> None:
        """Begin; nothing is opened yet."""
        self._opener = opener
        self._pool = ThreadPoolExecutor(number, "reader")
        self._own = threading.local()

    def read(self, job: Callable[[Store], T]) -> Future[T]:
        """Run a job that changes nothing, in one state of the database."""
        return self._pool.submit(self._run, job)

    def close(self) -> None:
        """End when what was asked for is read."""
        self._pool.shutdown(wait=True)

    def _run(self, job: Callable[[Store], T]) -> T:
        store = self._current()
        with store.database.snapshot():
            return job(store)

    def _current(self) -> Store:
        kept: tuple[Store, tuple[int, int]] | None = getattr(self._own, "kept", None)
        if kept is not None:
            store, identity = kept
            with suppress(OSError):
                if store.file == identity and not store.secret_changed():
                    return store
            store.close()
            self._own.kept = None
        store = self._opener(False)  # noqa: FBT003 - what the desk's opener takes too
        self._own.kept = (store, store.file)
        return store
