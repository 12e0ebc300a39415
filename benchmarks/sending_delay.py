"""A stretch of wire: every byte arrives so many seconds later at the other end.

Run it as a program: ``sending_delay.py PORT SECONDS`` leads to a port of this machine; it prints
its own.
"""

import asyncio
import contextlib
import selectors
import sys


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
) -> None:
    """Give on what comes, each piece after its time, and the end after the last of them."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(1 << 20):
            loop.call_later(seconds, writer.write, data)
    loop.call_later(seconds, writer.close)


async def serve(port: int, seconds: float) -> None:
    """Serve until the program is ended."""
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        for pair in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(_carry(*pair, seconds))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        # Unlike epoll, select keeps a time to the microsecond.
        loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
        loop.run_until_complete(serve(int(sys.argv[1]), float(sys.argv[2])))
