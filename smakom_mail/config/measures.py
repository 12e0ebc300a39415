"""Durations and rates, as settings say them: "10 min", "30/min, 10000/day"."""

import re
from dataclasses import dataclass

LONGEST = 31 * 86_400
"""The longest duration, and the longest window of a rate, in seconds."""
UNLIMITED = "unlimited"

_UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_DURATION = re.compile(rf"([0-9]{{1,9}})\s*({_UNIT})", re.IGNORECASE)
_LIMIT = re.compile(
    rf"([0-9]{{1,3}}(?:\s[0-9]{{3}}){{1,2}}|[0-9]{{1,9}})\s*/\s*([0-9]{{1,9}}(?=\s*[a-z]))?\s*({_UNIT})",
    re.IGNORECASE,
)
_NAMES = {1: "s", 60: "min", 3600: "h", 86_400: "day"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a value is refused: `expected` says in English what it must be."""

    expected: str


@dataclass(frozen=True, slots=True)
class Rate:
    """How much may go: at most so many messages in so many seconds, for each of `limits`.

    ``"14/s, 10000/day"`` is ``((14, 1), (10000, 86400))``; without limits anything may.
    """

    limits: tuple[tuple[int, int], ...] = ()

    def __bool__(self) -> bool:
        """Say whether there is a limit."""
        return bool(self.limits)

    def __str__(self) -> str:
        """Give it as settings say it."""
        return ", ".join(f"{n}/{_window(width)}" for n, width in self.limits) or UNLIMITED


NO_LIMIT = Rate()


def _window(width: int) -> str:
    if width in _NAMES:
        return _NAMES[width]
    unit = max(seconds for seconds in _NAMES if width % seconds == 0)
    return f"{width // unit} {_NAMES[unit]}"


def parse_duration(text: str) -> int | Wrong:
    """Give the seconds of "90 s", "10 min", "24 h", "2 days" or "1 h 30 min"; 0 has no unit."""
    text = text.strip()
    if text == "0":
        return 0
    seconds, end = 0, 0
    while part := _DURATION.match(text, end):
        seconds += int(part[1]) * _UNITS[part[2].lower()]
        end = part.end()
        while text[end : end + 1].isspace():
            end += 1
    if end == 0 or end != len(text):
        return Wrong('a time such as "10 min" or "24 h"')
    return seconds if seconds <= LONGEST else Wrong("a time of at most 31 days")


def parse_rate(text: str) -> Rate | Wrong:
    """Read "14/s", "30/min, 10000/day", "25/5 min" or "unlimited"; the shortest window first."""
    if text.strip().lower() == UNLIMITED:
        return NO_LIMIT
    found: dict[int, int] = {}
    for part in text.split(","):
        limit = _LIMIT.fullmatch(part.strip())
        if not limit:
            return Wrong('a number for each s, min, h or day, or "unlimited"')
        number = int(re.sub(r"\s", "", limit[1]))
        width = int(limit[2] or 1) * _UNITS[limit[3].lower()]
        if number == 0 or not 0 < width <= LONGEST:
            return Wrong("a number above 0, in at most 31 days")
        if width in found:
            return Wrong("one number for each length of time")
        found[width] = number
    return Rate(tuple((found[width], width) for width in sorted(found)))
