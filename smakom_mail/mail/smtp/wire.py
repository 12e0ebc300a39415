"""The last look at a message before it leaves: nothing in it can end it early.

RFC 5321 section 4.1.1.4 ends a message by a line with a dot alone, and relays disagree about
what a line is (SMTP smuggling). So only CRLF ends a line, and none begins with a dot. Parts that
come again for every message, the same objects, are looked at once.
"""

import re
from collections.abc import Sequence

_LOOSE = re.compile(rb"\r(?!\n)|(?<!\r)\n|\x00|\r\n\.")
_LONG_PART = 512
_MOST_KEPT = 512


class UnsafeBodyError(ValueError):
    """A message that a relay could read as two: a fault of the program that made it."""


class WireGuard:
    """Looks at the parts of messages, and remembers long ones that were in order."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        # The part itself is kept beside its identity, so that no other can come to bear it.
        self._known: dict[int, bytes] = {}

    def require_safe(self, parts: Sequence[bytes]) -> None:
        """See that the joined parts are lines that end in CRLF and begin with no dot.

        Raises UnsafeBodyError otherwise.
        """
        line_start = True
        for part in parts:
            if not part:
                continue
            if line_start and part[0] == 0x2E:
                raise UnsafeBodyError("a line of the message begins with a dot")
            if self._known.get(id(part)) is not part:
                self._look(part)
            line_start = part[-1] == 0x0A
        if not line_start:
            raise UnsafeBodyError("the message does not end with a line's end")

    def _look(self, part: bytes) -> None:
        # Counting is ten times as fast as the search, which then names what it found.
        ends = part.count(b"\r\n")
        odd = part.count(b"\r") != ends or part.count(b"\n") != ends
        if (odd or b"\0" in part or b"\r\n." in part) and (found := _LOOSE.search(part)):
            raise UnsafeBodyError(f"the message holds {found[0]!r} where no relay may see it")
        if len(part) >= _LONG_PART:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[id(part)] = part
