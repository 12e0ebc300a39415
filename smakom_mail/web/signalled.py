"""A server that says when it can be asked, and takes the signals for itself."""

import contextlib
import signal
import socket
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class SignalledServer(uvicorn.Server):
    """Ends at a signal; `signal` is its number, 0 before any."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        """Keep what is called once, when the first page can be had."""
        super().__init__(config)
        self.ready = ready
        self.signal = 0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say when the first page can be had."""
        await super().startup(sockets)
        if self.started:
            self.ready()

    def on_signal(self) -> None:
        """Do what belongs to the end of this server; called from the handler of the signal."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals for as long as this serves, and do not raise them again behind us."""

        def stop(number: int, frame: FrameType | None) -> None:
            self.signal = number
            self.handle_exit(number, frame)
            self.on_signal()

        before = {number: signal.signal(number, stop) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
