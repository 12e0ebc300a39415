"""What `serve` does by itself: once a day it deletes what is kept for a while only."""

import datetime as dt
import threading
from collections.abc import Callable

from smakom_mail.errors import StoreError
from smakom_mail.services.public.desk import Desk, DeskClosedError
from smakom_mail.services.public.tidying import tidy

EVERY = 86_400.0


class Housekeeping:
    """Tidies at the start and then once a day, through the desk, until `close`."""

    def __init__(
        self,
        desk: Desk,
        now: Callable[[], dt.datetime],
        say: Callable[[str], None],
        every: float = EVERY,
    ) -> None:
        """Begin; a fault is told with `say`, and tried again the next time."""
        self._desk = desk
        self._now = now
        self._say = say
        self._every = every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)

    def open(self) -> None:
        """Start."""
        self._thread.start()

    def close(self) -> None:
        """End, without waiting for the next day."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                self._desk.submit_alone(lambda store: tidy(store, self._now())).result()
            except DeskClosedError:
                return
            except StoreError as error:
                self._say(f"what is older than 14 days is not deleted yet: {error.message}")
            self._over.wait(self._every)
