"""Mail programs that press "unsubscribe" for their readers, all at once: a process of its own.

Over some connections it posts ``List-Unsubscribe=One-Click`` to one reader's link after the other,
and notes when it asked, when it was answered and with what. It reads no more of an answer than
where it ends, so that it takes little of the machine from what it measures.

Run it as a program: ``public_load.py PORT CONNECTIONS TOKENS ANSWERS [--anew]``. TOKENS has a token
on each line; ANSWERS gets a line for each: token, status, and both times in seconds of the epoch.
"""

import argparse
import asyncio
import contextlib
import itertools
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 300
"""Seconds after which nobody waits for answers any more."""
_REQUEST = (
    b"POST /u/%s HTTP/1.1\r\nHost: nyhetsbrev.example\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 26\r\n%s\r\n"
    b"List-Unsubscribe=One-Click"
)
_STATUS = re.compile(rb"HTTP/1\.1 ([0-9]{3}) ")
_LENGTH = re.compile(rb"\r\ncontent-length: ([0-9]+)\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one POST came to; the status is 0 where the connection ended without an answer."""

    token: str
    status: int
    asked: float
    answered: float

    @property
    def line(self) -> str:
        """The answer as it is written down."""
        return f"{self.token} {self.status} {self.asked:.6f} {self.answered:.6f}\n"


def read_answers(file: Path) -> list[Answer]:
    """Read what was written down."""
    lines = (line.split() for line in file.read_text(encoding="ascii").splitlines())
    return [Answer(token, int(s), float(asked), float(then)) for token, s, asked, then in lines]


def request(token: str, *, anew: bool) -> bytes:
    """Give a one-click POST; `anew` says that the connection ends with it."""
    return _REQUEST % (token.encode("ascii"), b"Connection: close\r\n" if anew else b"")


def status_of(data: bytes) -> int:
    """Give the status of an answer; 0 as long as not all of it is there."""
    head, blank, body = data.partition(b"\r\n\r\n")
    status, length = _STATUS.match(head), _LENGTH.search(head + b"\r\n")
    whole = blank and status and length and len(body) >= int(length[1])
    return int(status[1]) if whole and status else 0


async def post(port: int, tokens: Iterator[str], answers: list[Answer], *, anew: bool) -> None:
    """Post over one connection, or over a new one each time, until no token is left.

    Where the connection ends without an answer, the next token gets another one.
    """
    for token in tokens:
        asked = time.time()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            answers.append(Answer(token, 0, asked, time.time()))
            continue
        for each in (token,) if anew else itertools.chain((token,), tokens):
            asked = time.time()
            writer.write(request(each, anew=anew))
            status = await _status(reader)
            answers.append(Answer(each, status, asked, time.time()))
            if not status:
                break
        writer.close()


async def _status(reader: asyncio.StreamReader) -> int:
    """Read an answer to its end and give its status; 0 where none came."""
    data = b""
    with contextlib.suppress(OSError):
        while piece := await reader.read(65536):
            data += piece
            if status := status_of(data):
                return status
    return 0


async def post_all(
    port: int, connections: int, tokens: list[str], answers: list[Answer], *, anew: bool
) -> None:
    """Post to all of them."""
    left = iter(tokens)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(post(port, left, answers, anew=anew) for _ in range(connections)))


def main() -> None:
    """Post to all tokens, and write the answers down."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("port", type=int)
    options.add_argument("connections", type=int)
    options.add_argument("tokens", type=Path)
    options.add_argument("answers", type=Path)
    options.add_argument("--anew", action="store_true", help="a new connection for each")
    given = options.parse_args()
    tokens = given.tokens.read_text(encoding="ascii").split()
    answers: list[Answer] = []
    try:
        asyncio.run(post_all(given.port, given.connections, tokens, answers, anew=given.anew))
    finally:
        given.answers.write_text("".join(each.line for each in answers), encoding="ascii")


if __name__ == "__main__":
    main()
