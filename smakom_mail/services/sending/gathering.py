"""When a commit is due: at the end of the turn, or a moment later, so that it serves more lines.

A commit costs the same for one message as for ten, and the disk makes everybody wait. So where most
lines still have their relay's answer to come, it is put off until half of them have something to
write down, or a millisecond has passed. The relay has the other lines' messages meanwhile; and a
line's next message waits for its own commit as ever, so no more than one a line is ever in doubt.
"""

import asyncio
from collections.abc import Callable

GATHER_SECONDS = 0.001


class Gathering:
    """Calls `flush` when what the lines have learned is to be made durable."""

    def __init__(self, flush: Callable[[], None], seconds: float = GATHER_SECONDS) -> None:
        """Begin with nothing due; `seconds` is how long a commit is put off at most."""
        self._flush = flush
        self._seconds = seconds
        self._soon: asyncio.Handle | None = None
        self._later: asyncio.TimerHandle | None = None

    def ask(self, waiting: int, lines: int) -> None:
        """Have a commit made, as `waiting` of the `lines` wait for one (the others for replies)."""
        if self._soon is not None:
            return
        if 2 * waiting >= lines:
            self._soon = asyncio.get_running_loop().call_soon(self._flush)
        elif self._later is None:
            loop = asyncio.get_running_loop()
            self._later = loop.call_later(self._seconds, self._flush)

    def begun(self) -> None:
        """Take it that the commit is being made now; what comes from here on asks for another."""
        for handle in (self._soon, self._later):
            if handle is not None:
                handle.cancel()
        self._soon = self._later = None
