"""The clocks of a campaign, given from outside so that tests can set them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic, time


@dataclass(frozen=True, slots=True)
class Clock:
    """The wall's time, for what is written down, and one that never goes back, for waiting.

    `pace` is how much faster both run than the event loop's: a test need not wait for hours.
    """

    time: Callable[[], float] = time
    monotonic: Callable[[], float] = monotonic
    pace: float = 1.0

    def stamp(self, offset: float = 0.0) -> str:
        """Give the time, `offset` seconds from now, as the store keeps it."""
        moment = datetime.fromtimestamp(self.time(), UTC) + timedelta(seconds=offset)
        return moment.isoformat(timespec="milliseconds")

    async def sleep(self, seconds: float) -> None:
        """Let seconds of this clock pass."""
        await asyncio.sleep(seconds / self.pace)
