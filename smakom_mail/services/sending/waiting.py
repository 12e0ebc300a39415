"""Waiting for the moment at which a campaign begins, while it can still be taken back."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import Protocol

from smakom_mail.model.campaign import Campaign, Wish
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.storing import Store
from smakom_mail.store.campaigns import require_campaign

LATE_SECONDS = 3600.0
"""A campaign that is later than this for its hour is held: the world has moved on meanwhile."""


class Waiting(Protocol):
    """Is told how long it still takes."""

    def waiting(self, seconds: float) -> None:
        """Learn how many seconds are left; called once a second."""


STOPS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""What tells a program to end: Ctrl-C, the system, and a terminal that is closed."""
TAKEN_BACK = "it was taken back"


def wait_until(store: Store, campaign: Campaign, moment: float, told: Waiting, clock: Clock) -> str:
    """Wait for `moment` (Unix time); give why it is not to begin, or nothing once it may.

    Ctrl-C takes it back (TAKEN_BACK). SIGTERM only ends the program, as a machine that is shut
    down does: a campaign with an hour of its own then waits for `resume`.
    """
    with _stoppable() as stopped:
        while (left := moment - clock.time()) > 0:
            told.waiting(left)
            if stopped.wait(min(1.0, left)):
                return "the program was stopped" if stopped.by_term else TAKEN_BACK
            current = require_campaign(store.database, campaign.id)
            if current.wish is not Wish.HELD:
                return f"it was {current.wish}"
    if campaign.due_at and (late := clock.time() - due_time(campaign)) > LATE_SECONDS:
        return late_sentence(late)
    return ""


def late_sentence(seconds: float) -> str:
    """Say how much too late a campaign is for its hour."""
    return f"it is {seconds / 3600:.0f} h late for its hour"


def due_time(campaign: Campaign) -> float:
    """Give the Unix time at which a campaign shall begin."""
    return datetime.fromisoformat(campaign.due_at).astimezone(UTC).timestamp()


class _Stopped:
    """Whether somebody has told the program to stop, and how."""

    def __init__(self) -> None:
        self.by_term = False
        self._event = threading.Event()

    def wait(self, seconds: float) -> bool:
        return self._event.wait(seconds)

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        self.by_term = number != signal.SIGINT
        self._event.set()


@contextmanager
def _stoppable() -> Iterator[_Stopped]:
    """Let Ctrl-C and SIGTERM end a wait, and nothing else."""
    stopped = _Stopped()
    try:
        before = {name: signal.signal(name, stopped) for name in STOPS}
    except ValueError:  # not in the main thread: nobody can interrupt
        before = {}
    try:
        yield stopped
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
