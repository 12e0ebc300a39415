"""What a request brings with it: a small body, urlencoded or multipart, and nothing else.

No parser that was made for mail or files looks at it: sixteen kilobytes, a hundred fields.
"""

import asyncio
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

LARGEST = 16 * 1024
"""Bytes of a body."""
SLOWEST = 10.0
"""Seconds in which the whole body has to come."""
_MOST = 100
_BOUNDARY = re.compile(r"boundary=(?:\"([^\"\r\n]{1,70})\"|([^\s;,\"]{1,70}))", re.IGNORECASE)
_NAME = re.compile(rb"^content-disposition:[^\r\n]*?[;\s]name=(?:\"([^\"\r\n]*)\"|([^\s;\"]+))",
                   re.IGNORECASE | re.MULTILINE)  # fmt: skip


class TooLargeError(Exception):
    """The body is larger than any form of ours."""


class TooSlowError(Exception):
    """The body did not come, or only drop by drop."""


class Fields:
    """The fields of a form; each name may be there several times, or not at all."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        """Take what was read."""
        self._pairs = pairs

    def get(self, name: str, default: str = "") -> str:
        """Give the first value of a name."""
        return next((value for key, value in self._pairs if key == name), default)

    def all(self, name: str) -> tuple[str, ...]:
        """Give every value of a name."""
        return tuple(value for key, value in self._pairs if key == name)


async def read_fields(request: Request) -> Fields:
    """Read the body of a request; what is no form has no fields.

    Raises TooLargeError, TooSlowError.
    """
    try:
        async with asyncio.timeout(SLOWEST):
            body = await _body(request)
    except (TimeoutError, ClientDisconnect):
        raise TooSlowError from None
    return Fields(list(_pairs(request.headers.get("content-type", ""), body)))


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise TooLargeError
    return body


def _pairs(kind: str, body: bytes) -> Iterator[tuple[str, str]]:
    name = kind.partition(";")[0].strip().lower()
    if name == "multipart/form-data":
        boundary = _BOUNDARY.search(kind)
        if boundary:
            yield from _parts(body, (boundary[1] or boundary[2]).encode("latin-1", "replace"))
    elif name in ("application/x-www-form-urlencoded", ""):
        try:
            yield from parse_qsl(
                body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST
            )
        except ValueError:
            return


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, str]]:
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1 : _MOST + 1]:
        if part.startswith(b"--"):
            return
        head, blank, value = part.partition(b"\r\n\r\n")
        found = _NAME.search(head.lstrip(b"\r\n"))
        if blank and found:
            yield _text(found[1] or found[2] or b""), _text(value)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
