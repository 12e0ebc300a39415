"""Replies of a relay: read from bytes, however they are cut.

A line may end with LF alone; whatever is no reply at all (RFC 5321 section 4.2) raises
ProtocolError, and then the connection is worth nothing more.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

LONGEST_LINE = 4096
MOST_LINES = 128
LONGEST_TEXT = 500

_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)
_ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: |$)")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class ProtocolError(ValueError):
    """The relay sent something that is no SMTP reply."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a relay answered.

    `enhanced` is the status code of RFC 3463, or "". `text` is the rest of all lines, on one
    line without control characters, of at most 500 characters. Code 0: nothing was answered.
    """

    code: int
    enhanced: str = ""
    text: str = ""

    def __str__(self) -> str:
        """Give it on one line, as the relay wrote it."""
        return " ".join(filter(None, (str(self.code or ""), self.enhanced, self.text)))


NO_REPLY = Reply(0)


class ReplyReader:
    """Gathers bytes, and gives replies as they become whole."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._data = b""
        self._at = 0
        self._lines: list[bytes] = []
        self._code = b""

    def feed(self, data: bytes) -> None:
        """Take what came next."""
        rest = self._data[self._at :]
        self._data = rest + data if rest else data
        self._at = 0

    @property
    def pending(self) -> bool:
        """Whether bytes lie here that no reply was made of."""
        return self._at < len(self._data) or bool(self._lines)

    def pop(self) -> tuple[Reply, Sequence[str]] | None:
        """Give the next reply and its lines, or None until the rest of it comes.

        Raises ProtocolError for bytes that are no reply.
        """
        while (line := self._line()) is not None:
            if not self._lines and line[3:4] != b"-":
                return _single(line)
            match = _LINE.fullmatch(line)
            if match is None or (self._lines and match[1] != self._code):
                raise ProtocolError(f"it sent what is no reply: {shown(line)!r}")
            self._lines.append(match[3] or b"")
            if match[2] == b"-":
                self._code = match[1]
                if len(self._lines) > MOST_LINES:
                    raise ProtocolError(f"it sent a reply of more than {MOST_LINES} lines")
                continue
            lines = [each.decode("utf-8", "replace") for each in self._lines]
            self._lines = []
            return _reply(int(match[1]), lines), lines
        return None

    def _line(self) -> bytes | None:
        start = self._at
        end = self._data.find(b"\n", start)
        if (end if end >= 0 else len(self._data)) - start > LONGEST_LINE:
            raise ProtocolError(f"it sent a line of more than {LONGEST_LINE} bytes")
        if end < 0:
            return None
        self._at = end + 1
        return self._data[start : end - 1 if self._data[end - 1 : end] == b"\r" else end]


@lru_cache(maxsize=256)
def _single(line: bytes) -> tuple[Reply, Sequence[str]]:
    """Read a reply of one line; most are the same for every message."""
    match = _LINE.fullmatch(line)
    if match is None:
        raise ProtocolError(f"it sent what is no reply: {shown(line)!r}")
    text = (match[3] or b"").decode("utf-8", "replace")
    return _reply(int(match[1]), (text,)), (text,)


def shown(line: bytes) -> str:
    """Give the beginning of a line as text that can be shown."""
    return _CONTROL.sub(" ", line[:60].decode("utf-8", "replace"))


def _reply(code: int, lines: Sequence[str]) -> Reply:
    enhanced = ""
    texts = []
    for line in lines:
        # Many relays repeat the enhanced code on every line.
        if (match := _ENHANCED.match(line)) and match[1][0] == str(code)[0]:
            enhanced = enhanced or match[1]
            line = line[match.end() :]  # noqa: PLW2901 - the line without its code
        texts.append(line)
    text = _CONTROL.sub(" ", " ".join(texts)).strip()
    return Reply(code, enhanced, text[:LONGEST_TEXT])
