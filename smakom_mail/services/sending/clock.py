"""The clocks of a campaign, given from outside so that tests can set them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic, time


@dataclass(frozen=True, slots=True)
class Clock:
    """The wall's time, for what is written down, and one that never goes back, for waiting."""

    time: Callable[[], float] = time
    monotonic: Callable[[], float] = monotonic

    def stamp(self, offset: float = 0.0) -> str:
        """Give the time, `offset` seconds from now, as the store keeps it."""
        moment = datetime.fromtimestamp(self.time(), UTC) + timedelta(seconds=offset)
        return moment.isoformat(timespec="milliseconds")
