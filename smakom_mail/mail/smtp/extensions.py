"""What a relay offers, as it says after EHLO."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extensions:
    """The extensions that matter to a sender.

    `size` is the most octets a message may have; 0 where the relay names no limit.
    """

    starttls: bool = False
    pipelining: bool = False
    eight_bit: bool = False
    smtputf8: bool = False
    enhanced: bool = False
    dsn: bool = False
    size: int = 0
    auth: frozenset[str] = frozenset()

    @classmethod
    def of(cls, lines: Iterable[str]) -> "Extensions":
        """Read the lines of the reply, without the first, which is the relay's name."""
        offered: dict[str, list[str]] = {}
        for line in lines:
            # Old relays write AUTH=LOGIN beside AUTH LOGIN.
            keyword, *values = line.upper().replace("AUTH=", "AUTH ").split() or [""]
            offered.setdefault(keyword, []).extend(values)
        size = offered.get("SIZE", [])
        return cls(
            starttls="STARTTLS" in offered,
            pipelining="PIPELINING" in offered,
            eight_bit="8BITMIME" in offered,
            smtputf8="SMTPUTF8" in offered,
            enhanced="ENHANCEDSTATUSCODES" in offered,
            dsn="DSN" in offered,
            size=int(size[0]) if size and size[0].isascii() and size[0].isdigit() else 0,
            auth=frozenset(offered.get("AUTH", [])),
        )
