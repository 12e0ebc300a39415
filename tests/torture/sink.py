"""A relay in a process of its own, which writes down what it takes before it says that it did.

    python -m tests.torture.sink --log FILE --port-file FILE [--drop P --defer P --delay MS]

Each line of the log is an event: "A <Message-ID> address" (taken), "L" (the connection was cut
where the sender cannot know whether its message was taken). Only the sender is ever killed, so
nothing is synced.
"""

import argparse
import asyncio
import os
import random
import re
from dataclasses import dataclass
from pathlib import Path

_MESSAGE_ID = re.compile(rb"(?im)^Message-ID: (\S+)")
_PATH = re.compile(rb"<(.*?)>")


@dataclass
class Sink:
    """What all connections share."""

    log: int
    chance: random.Random
    drop: float
    defer: float
    delay: float
    recipient: bytes = b""

    def note(self, line: bytes) -> None:
        """Write an event down, in one piece."""
        os.write(self.log, line + b"\n")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until it ends."""
        writer.write(b"220 sink.example ESMTP\r\n")
        try:
            while await self._answer(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the sender was killed
        finally:
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        line = await reader.readline()
        verb = line[:4].upper()
        if verb == b"EHLO":
            writer.write(b"250-sink.example\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES\r\n")
        elif verb == b"RCPT":
            found = _PATH.search(line)
            self.recipient = found[1] if found else b""
            writer.write(b"250 2.1.5 Ok\r\n")
        elif verb == b"DATA":
            writer.write(b"354 go on\r\n")
            return await self._message(self.recipient, reader, writer)
        elif verb in (b"QUIT", b""):
            return False
        else:
            writer.write(b"250 2.0.0 Ok\r\n")
        return True

    async def _message(
        self, recipient: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        if self.chance.random() < self.drop:
            self.note(b"L")  # nothing was taken, but the sender may have handed its dot over
            return False
        message = await reader.readuntil(b"\r\n.\r\n")
        await asyncio.sleep(self.chance.random() * self.delay)
        luck = self.chance.random()
        if luck < self.drop:
            self.note(b"L")
            return False
        if luck < self.drop + self.defer:
            writer.write(b"451 4.3.0 come again later\r\n")
            return True
        found = _MESSAGE_ID.search(message)
        self.note(b"A %s %s" % (found[1] if found else b"-", recipient))
        if luck < 2 * self.drop + self.defer:
            self.note(b"L")
            return False
        writer.write(b"250 2.0.0 Ok: queued\r\n")
        return True


def _tell(port_file: Path, port: int) -> None:
    """Write the port down, all at once, for whoever waits for the file."""
    fresh = port_file.with_suffix(".new")
    fresh.write_text(str(port), "ascii")
    fresh.replace(port_file)


async def _listen(options: argparse.Namespace) -> None:
    log = os.open(options.log, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        chance = random.Random(f"{options.seed} {next(numbers)}")  # noqa: S311 - a repeatable run
        sink = Sink(log, chance, options.drop, options.defer, options.delay / 1000)
        await sink.serve(reader, writer)

    numbers = iter(range(1 << 30))
    server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=1 << 22)
    _tell(Path(options.port_file), server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()


def main() -> None:
    """Listen until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", required=True)
    parser.add_argument("--port-file", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drop", type=float, default=0.0)
    parser.add_argument("--defer", type=float, default=0.0)
    parser.add_argument("--delay", type=float, default=4.0, help="milliseconds, at most")
    asyncio.run(_listen(parser.parse_args()))


if __name__ == "__main__":
    main()
