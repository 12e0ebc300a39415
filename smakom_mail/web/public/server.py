"""Running the public pages: one process behind a reverse proxy, until a signal says stop.

What was taken is answered before it ends: a POST that got its 200 is on disk, one that got none was
not answered.
"""

import asyncio
import socket
import sys
from collections.abc import Callable
from typing import Protocol

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from smakom_mail.errors import SmakomMailError
from smakom_mail.web.public.guard import HEAD_TOO_LARGE, LARGEST_HEAD, Guard
from smakom_mail.web.signalled import SignalledServer

PORT = 8026
"""Where it listens unless told otherwise."""
_GRACE = 70
"""Seconds for what was taken: the desk waits up to a minute for the database."""


def open_socket(host: str, port: int) -> socket.socket:
    """Listen on a host and port. Raises SmakomMailError where that cannot be."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise SmakomMailError(f"there is no host {host} here", "leave --host out") from error
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(1024)
    except OSError as error:
        sock.close()
        raise SmakomMailError(
            f"cannot listen on {host} port {port}: {error.strerror}",
            "end the other program that listens there, or name another port: --port N",
        ) from error
    return sock


class Beside(Protocol):
    """Something that works beside the pages, in the same loop, for as long as they are served."""

    async def run(self) -> None:
        """Work until `close` is called."""

    async def close(self) -> None:
        """End."""


class _Protocol(H11Protocol):
    """Reads requests by h11, whatever else is installed, and says 431 where a head has no end.

    A head that came in one piece is whole before its size is looked at: the Guard does that.
    """

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request; uvicorn calls this while it handles h11's complaint."""
        error = sys.exception()
        if not isinstance(error, h11.RemoteProtocolError) or error.error_status_hint != 431:
            super().send_400_response(msg)
            return
        headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
        for event in (
            h11.Response(status_code=431, headers=headers),
            h11.Data(data=HEAD_TOO_LARGE.encode("ascii")),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def run(
    sock: socket.socket,
    app: Guard,
    ready: Callable[[], None],
    beside: Callable[[], Beside] | None = None,
) -> int:
    """Serve until a signal; give its number. `ready` is called when the first page can be had.

    `beside` makes what works beside it, inside the loop.
    """
    config = uvicorn.Config(
        app,
        http=_Protocol,
        lifespan="off",
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=_GRACE,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        limit_concurrency=4_000,
    )
    server = SignalledServer(config, ready)
    asyncio.run(_serve(server, sock, beside))
    return server.signal


async def _serve(
    server: SignalledServer, sock: socket.socket, beside: Callable[[], Beside] | None
) -> None:
    if beside is None:
        await server.serve(sockets=[sock])
        return
    working = beside()
    task = asyncio.create_task(working.run())
    try:
        await server.serve(sockets=[sock])
    finally:
        await working.close()
        await task
