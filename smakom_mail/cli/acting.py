"""Who does it and when, taken where argv is; and the line that tells how far a long task is."""

import getpass
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import TextIO

from smakom_mail.model.person import Act

PATIENCE = 1.0
"""Seconds that pass in silence, and between two words."""


def now() -> datetime:
    """Give the time, with this machine's zone."""
    return datetime.now().astimezone()


def actor() -> str:
    """Give the name of the one who runs this, as the system knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "unknown"


def act() -> Act:
    """Give what the history says of this run."""
    from smakom_mail.services.storing import timestamp

    return Act(timestamp(now()), actor())


class Ticker:
    """Tells on stderr how far a task is that takes more than a second, and not oftener.

    On a terminal it is one line that changes, and goes away; elsewhere one line a second.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, stream: TextIO | None = None
    ) -> None:
        """Begin; the first second passes in silence."""
        self._clock = clock
        self._stream = stream or sys.stderr
        self._next = clock() + PATIENCE
        self._shown = False

    def __call__(self, what: str, done: int, whole: int) -> None:
        """Say what is being done, how much of it is done, and how much there is (0: unknown)."""
        if self._clock() < self._next:
            return
        self._next = self._clock() + PATIENCE
        share = f" {min(100, done * 100 // whole)} %" if whole else f" {done:,}" if done else ""
        if self._stream.isatty():
            self._stream.write(f"\r\x1b[K{what}{share} …")
            self._shown = True
        else:
            self._stream.write(f"{what}{share} …\n")
        self._stream.flush()

    def done(self) -> None:
        """Take the line away."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._shown = False
