"""The child process of the preview: takes one snapshot after another, and ends with its parent.

What a template or an engine does to it (a crash, a loop without end, all the memory) happens
here and not in the server.
"""

import faulthandler
import os
import pickle
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path

from smakom_mail import __version__
from smakom_mail.config import read_config
from smakom_mail.config.toml import parse_toml
from smakom_mail.content.project import CONFIG_FILE, EDITIONS, on_disk
from smakom_mail.content.reading import read_text
from smakom_mail.errors import EditionNotFoundError, ProjectNotFoundError, SmakomMailError
from smakom_mail.locale.preview_failures import failure_words
from smakom_mail.services.previewing.snapshot import Failure, take_snapshot

MEMORY = 2 << 30
"""So much address space the child may have, in bytes: twenty times what a long edition takes."""
_SUFFIX = ".j2"
_PROTOCOL = 5


@dataclass(frozen=True, slots=True)
class Begun:
    """Sent before the work: what to blame, and in which language, if nothing else is heard."""

    layout: str = ""
    language: str = "sv"

    def place(self, template: str = "", line: int = 0) -> str:
        """Name the template, as file:line; the layout's own words where none is known."""
        if not template:
            return failure_words("templates", self.language)
        folder = f"layouts/{self.layout}/" if self.layout else ""
        return f"{folder}{template}:{line}" if line else f"{folder}{template}"


class OverdueError(Exception):
    """The time for a snapshot is over."""


def serve(pipe: Connection, root: Path, environment: Mapping[str, str], limit: float) -> None:
    """Answer each slug on `pipe` with a snapshot or a failure, until None or the pipe's end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _bound_resources()
    _import_engines()
    taker = _Taker(root, dict(environment), limit)
    with suppress(EOFError, OSError):
        pipe.send(True)  # noqa: FBT003 - the one word that says "ready"
        while slug := pipe.recv():
            # The last resort, in a thread of C: for an orphan whose engine listens to nobody.
            faulthandler.dump_traceback_later(2 * limit + 5, exit=True)
            pipe.send(taker.begin(slug))
            pipe.send_bytes(taker.answer(slug))
            faulthandler.cancel_dump_traceback_later()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)


def _bound_resources() -> None:
    """Let a template that eats memory meet a MemoryError, and a crash leave no core file."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, wanted in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (bound, hard))


def _import_engines() -> None:
    """Import at once what a build otherwise imports where it needs it."""
    for name in (
        "cssutils",
        "email_validator",
        "jinja2.sandbox",
        "lxml.cssselect",
        "lxml.html",
        "mjml",
        "PIL.GifImagePlugin",
        "PIL.JpegImagePlugin",
        "PIL.PngImagePlugin",
        "premailer",
    ):
        __import__(name)


@dataclass(slots=True)
class _Taker:
    """Takes snapshots, and remembers what its failures are to say."""

    root: Path
    environment: dict[str, str]
    limit: float
    begun: Begun = field(default_factory=Begun)
    logged: tuple[str, str] = ("", "")

    def begin(self, slug: str) -> Begun:
        """Find out which layout the edition has; the language stays while nothing can be read."""
        with suppress(Exception), _alarm(1.0):
            text, _ = read_text(self.root, self.root / CONFIG_FILE)
            config, _ = read_config(text, self.environment)
            language = config.messages_language if text else self.begun.language
            file = on_disk(self.root / EDITIONS / slug) / "edition.toml"
            own = parse_toml(file.name, read_text(self.root, file)[0]).data.get("layout")
            self.begun = Begun(str(own or config.newsletter.layout), language)
        return self.begun

    def answer(self, slug: str) -> bytes:
        """Take a snapshot; give it, or why there is none, as the parent's pipe reads it."""
        failure: Failure
        try:
            with _alarm(self.limit):
                return pickle.dumps(take_snapshot(self.root, self.environment, slug), _PROTOCOL)
        except SmakomMailError as error:
            failure = self._stated(error, slug)
        except (OverdueError, MemoryError) as error:
            failure = self._exhausted(error, slug)
        except Exception as error:  # noqa: BLE001 - the boundary: what is left is a bug
            failure = self._bug(error)
        return pickle.dumps(failure, _PROTOCOL)

    def _stated(self, error: SmakomMailError, slug: str) -> Failure:
        """Say in the newsletter's language what the command line says in English."""
        if isinstance(error, ProjectNotFoundError):
            return failure_of("no_project", self.begun.language)
        if isinstance(error, EditionNotFoundError):
            return failure_of("gone", self.begun.language, slug=slug)
        return Failure(error.message, error.hint)

    def _exhausted(self, error: Exception, slug: str) -> Failure:
        language, place = self.begun.language, self.begun.place(*_template_of(error))
        message = (
            failure_words("memory", language, slug=slug, megabytes=MEMORY >> 20)
            if isinstance(error, MemoryError)
            else failure_words("overdue", language, slug=slug, seconds=f"{self.limit:g}")
        )
        return Failure(message, failure_words("overdue_hint", language, place=place))

    def _bug(self, error: Exception) -> Failure:
        language = self.begun.language
        shown = f"{type(error).__name__}: {error}"[:300]
        message = failure_words("bug", language, error=shown)
        if log := self._log("".join(traceback.format_exception(error))):
            return Failure(message, failure_words("bug_hint", language, log=log))
        return Failure(message, failure_words("bug_unlogged", language))

    def _log(self, text: str) -> str:
        """Write the traceback outside the project, once however often it comes again."""
        if self.logged[0] == text:
            return self.logged[1]
        try:
            if Path(tempfile.gettempdir()).resolve().is_relative_to(self.root.resolve()):
                return ""
            handle, name = tempfile.mkstemp(prefix="smakom-mail-", suffix=".log")
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
                log.write(f"smakom-mail {__version__}, Python {sys.version}\npreview\n\n{text}")
        except OSError:
            return ""
        self.logged = (text, name)
        return name


def failure_of(key: str, language: str, **values: object) -> Failure:
    """Give the failure `key` with its hint."""
    return Failure(
        failure_words(key, language, **values), failure_words(f"{key}_hint", language, **values)
    )


def _template_of(error: BaseException) -> tuple[str, int]:
    """Give the innermost template and line that the error passed through."""
    places = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename.endswith(_SUFFIX)
    ]
    return places[-1] if places else ("", 0)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise OverdueError inside when the time is over, and again if that was swallowed.

    Where there is no such clock (Windows), the parent alone keeps the time.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return

    def ring(*_: object) -> None:
        raise OverdueError

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
