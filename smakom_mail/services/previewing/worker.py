"""The one child process that takes snapshots for the server, and is begun anew when it ends."""

import asyncio
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from pathlib import Path

from smakom_mail.locale.preview_failures import failure_words
from smakom_mail.services.previewing.child import Begun, serve
from smakom_mail.services.previewing.snapshot import Failure, Snapshot

LIMIT = 20.0
"""Seconds that a snapshot may take."""
_GRACE = 1.0
_BOOT = 60.0
_PARTING = 0.7
_MAIN_TEMPLATE = "edition.mjml.j2"


class Worker:
    """Takes snapshots in a child process; whatever happens to it there is a Failure here."""

    def __init__(
        self,
        root: Path,
        environment: Mapping[str, str],
        *,
        limit: float = LIMIT,
        log: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Prepare; the child is begun by `start` or by the first `take`."""
        self._root = root
        self._environment = dict(environment)
        self._limit = limit
        self._log = log
        self._child: _Child | None = None
        self._turn = asyncio.Lock()
        self._closed = False
        self._exit_code = 1

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._child.process.pid if self._child else None

    def start(self) -> None:
        """Begin the child, so that it is warm when it is needed."""
        if self._child is None and not self._closed:
            try:
                self._child = _Child(self._root, self._environment, self._limit)
            except OSError as error:
                self._log(f"the preview cannot begin a process: {error}")

    async def take(self, slug: str) -> Snapshot | Failure:
        """Take a snapshot; cancelled, it stops the work where it is."""
        async with self._turn:
            # A child that was gone before it began says nothing of this edition: once more.
            answer = await self._attempt(slug) or await self._attempt(slug)
            return answer or _crashed(slug, Begun(), self._exit_code)

    async def _attempt(self, slug: str) -> Snapshot | Failure | None:
        if self._child is not None and self._child.ended:
            self._drop()
        self.start()
        if self._child is None:
            return None
        answer: Snapshot | Failure | None = None
        sound = False
        try:
            answer, sound = await self._ask(self._child, slug)
        finally:
            if not sound:
                self._drop()
                self.start()
        return answer

    async def close(self) -> None:
        """End the child: at once if it is at work, else as soon as it has heard of it."""
        self._closed = True
        child, self._child = self._child, None
        if child is not None:
            await child.end(at_work=self._turn.locked())

    async def _ask(self, child: "_Child", slug: str) -> tuple[Snapshot | Failure | None, bool]:
        """Give the answer (None from a child that never began), and whether it is of use still."""
        begun, message = None, None
        try:
            async with asyncio.timeout(_BOOT):
                child.ready = child.ready or await child.inbox.get() is True
            if child.ready:
                child.pipe.send(slug)
                async with asyncio.timeout(self._limit + _GRACE):
                    while isinstance(message := await child.inbox.get(), Begun):
                        begun = message
        except TimeoutError:
            return _overdue(slug, begun or Begun(), self._limit), False
        except OSError:
            message = None
        if isinstance(message, Snapshot | Failure):
            return message, True
        self._exit_code = child.exit_code
        return _crashed(slug, begun, child.exit_code) if begun else None, False

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()


def _overdue(slug: str, begun: Begun, limit: float) -> Failure:
    place = begun.place(_MAIN_TEMPLATE if begun.layout else "")
    return Failure(
        failure_words("overdue", begun.language, slug=slug, seconds=f"{limit:g}"),
        failure_words("overdue_hint", begun.language, place=place),
    )


def _crashed(slug: str, begun: Begun, code: int) -> Failure:
    language = begun.language
    how = failure_words("exit_code", language, code=code)
    with suppress(ValueError):
        how = signal.Signals(-code).name if code < 0 else how
    place = begun.place(_MAIN_TEMPLATE if begun.layout else "")
    hint = "killed_hint" if how == "SIGKILL" else "crashed_hint"
    return Failure(
        failure_words("crashed", language, slug=slug, how=how),
        failure_words(hint, language, place=place),
    )


class _Child:
    """A running child: its pipe, and the thread that puts what it says in `inbox`.

    None in the inbox says that it has ended. Only that thread waits for the process.
    """

    def __init__(self, root: Path, environment: dict[str, str], limit: float) -> None:
        """Begin the process; raises OSError where the system has none to give."""
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(
            target=serve,
            args=(theirs, root, environment, limit),
            name="smakom-mail-preview",
            daemon=True,
        )
        try:
            with _no_interrupts():
                self.process.start()
        except OSError:
            self.pipe.close()
            raise
        finally:
            theirs.close()
        self.ready = self.ended = False
        self.exit_code = 0
        self.inbox: asyncio.Queue[object] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        self._ear = threading.Thread(target=self._hear, args=(loop,), daemon=True)
        self._ear.start()

    def _hear(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            while True:
                loop.call_soon_threadsafe(self.inbox.put_nowait, self.pipe.recv())
        except (EOFError, OSError):
            pass
        except Exception:  # noqa: BLE001 - half a message, or a loop that is closed
            self.process.kill()
        self.process.join()
        self.exit_code = self.process.exitcode or 0
        self.ended = True
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            loop.call_soon_threadsafe(self.inbox.put_nowait, None)

    def kill(self) -> None:
        """End the child now, and leave nothing behind."""
        self.process.kill()
        self._ear.join()
        self.pipe.close()
        self.process.close()

    async def end(self, *, at_work: bool) -> None:
        """End the child; one that is idle goes by itself."""
        try:
            if not at_work:
                self.pipe.send(None)
                async with asyncio.timeout(_PARTING):
                    while await self.inbox.get() is not None:
                        pass
        except OSError:  # it is gone already, or takes too long (TimeoutError is one of these)
            pass
        finally:
            self.kill()


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back while the child begins: it inherits that until it ignores it itself."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # which would let it through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
