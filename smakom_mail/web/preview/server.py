"""Running the preview: a socket on loopback, the server on it, the studio beside it."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import uvicorn

from smakom_mail.errors import SmakomMailError
from smakom_mail.web.preview.app import Preview, make_app
from smakom_mail.web.preview.guard import loopback_names
from smakom_mail.web.signalled import SignalledServer

FIRST_PORT = 8025
_PORTS = range(FIRST_PORT, FIRST_PORT + 20)
LOOPBACK = {"127.0.0.1": socket.AF_INET, "localhost": socket.AF_INET, "::1": socket.AF_INET6}


@dataclass(frozen=True, slots=True)
class Served:
    """Where the preview is: the socket it listens on and the address to open."""

    sock: socket.socket
    url: str


def open_socket(host: str, port: int | None) -> Served:
    """Listen on loopback, on `port` or the first free one from 8025.

    Raises SmakomMailError: no loopback host, or a port that is taken.
    """
    if host not in LOOPBACK:
        raise SmakomMailError(
            f"the preview is for this machine only and does not listen on {host}",
            f"leave --host out, or give one of {', '.join(LOOPBACK)}",
        )
    family = LOOPBACK[host]
    name = {"localhost": "127.0.0.1"}.get(host, host)
    for candidate in (port,) if port is not None else (*_PORTS, 0):
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((name, candidate))
            sock.listen(128)
        except OSError as error:
            sock.close()
            if port is None and error.errno in (errno.EADDRINUSE, errno.EACCES):
                continue
            raise SmakomMailError(
                f"cannot listen on {host} port {candidate}: {error.strerror}",
                "leave --port out to take a free one",
            ) from error
        shown = f"[{host}]" if ":" in host else host
        return Served(sock, f"http://{shown}:{sock.getsockname()[1]}/")
    raise SmakomMailError(f"{host} has no free port", "end another program that listens")


class _Server(SignalledServer):
    """Ends at the first signal, listening browsers or not; at a second one at once."""

    def __init__(
        self, config: uvicorn.Config, closing: asyncio.Event, ready: Callable[[], None]
    ) -> None:
        super().__init__(config, ready)
        self.closing = closing
        self._loop = asyncio.get_running_loop()

    def on_signal(self) -> None:
        """Let go of the browsers that listen."""
        self._loop.call_soon_threadsafe(self.closing.set)

    def stop(self) -> None:
        """End without a signal."""
        self.should_exit = True
        self.closing.set()


async def serve(served: Served, preview: Preview, ready: Callable[[], None]) -> bool:
    """Serve until a signal says stop; `ready` is called once, when the first page can be had.

    Gives whether it was a signal. What ends the studio ends the server, and is raised here.
    """
    app = make_app(preview, loopback_names(served.sock.getsockname()[1]))
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        limit_concurrency=200,
    )
    server = _Server(config, preview.closing, ready)
    watching = asyncio.create_task(preview.studio.run())
    watching.add_done_callback(lambda _: server.stop())
    try:
        await server.serve(sockets=[served.sock])
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
    return bool(server.signal)


def edition_url(served: Served, slug: str | None) -> str:
    """Give the address of an edition's page, of the list for None."""
    return f"{served.url}{quote(slug)}/" if slug else served.url


def run(served: Served, preview: Preview, ready: Callable[[], None]) -> None:
    """Serve from a program of its own; a signal to stop ends it with KeyboardInterrupt."""
    if asyncio.run(serve(served, preview, ready)):
        raise KeyboardInterrupt
