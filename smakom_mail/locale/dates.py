"""Dates as people write and read them, in Swedish and English; no system locale involved."""

import datetime as dt
import re
from dataclasses import dataclass

NBSP = "\u00a0"
MONTHS = {
    "sv": (
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_SHORT = {
    "sv": ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_NUMBER = {
    name.lower(): n
    for names in (*_SHORT.values(), *MONTHS.values())
    for n, name in enumerate(names, 1)
}
_ISO = r"(\d{4}-\d{2}-\d{2})"
_DASH = r"\s*(?:[-–—]|till|to)\s*"
_ISO_PERIOD = re.compile(rf"{_ISO}(?:{_DASH}{_ISO})?")
_SPOKEN = re.compile(
    r"(?:den\s+)?(\d{1,2})(?:\s+([a-zåäö]+)(?:\s+(\d{4}))?)?"
    rf"(?:{_DASH}(\d{{1,2}})\s+([a-zåäö]+))?\s+(\d{{4}})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included."""

    start: dt.date
    end: dt.date


def parse_period(text: str) -> Period | None:
    """Read ``2021-04-21``, ``21–23 april 2021``, ``30 dec 2020 – 2 jan 2021`` and the like."""
    text = " ".join(text.split())
    try:
        if match := _ISO_PERIOD.fullmatch(text):
            start = dt.date.fromisoformat(match[1])
            end = dt.date.fromisoformat(match[2] or match[1])
        elif match := _SPOKEN.fullmatch(text):
            first, month, first_year, last, last_month, year = match.groups()
            if first_year and not last:
                return None
            number = _NUMBER[(month or last_month or "").lower()]
            start = dt.date(int(first_year or year), number, int(first))
            end = dt.date(int(year), _NUMBER[last_month.lower()], int(last)) if last else start
        else:
            return None
    except (ValueError, KeyError):
        return None
    return Period(start, end) if start <= end else None


def month_name(month: int, language: str) -> str:
    """Give the name of a month, 1 to 12."""
    return MONTHS[language][month - 1]


def day_and_month(date: dt.date, language: str) -> tuple[str, str]:
    """Give day and short month for a date tag."""
    return str(date.day), _SHORT[language][date.month - 1]


def format_date(date: str | dt.date, language: str) -> str:
    """Give "25 mars 2021", or "januari 2021" for an ISO month, with no-break spaces."""
    iso = date.isoformat() if isinstance(date, dt.date) else date
    year, month, *day = iso.split("-")
    name = month_name(int(month), language)
    if not day:
        return f"{name}{NBSP}{year}"
    return f"{int(day[0])}{NBSP}{name}{NBSP}{year}"


def format_period(start: dt.date, end: dt.date, language: str) -> str:
    """Give "21–23 april 2021", with an en dash and no-break spaces."""
    if start == end:
        return format_date(start, language)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{format_date(end, language)}"
    first = format_date(start, language)
    if start.year == end.year:
        first = first.rsplit(NBSP, 1)[0]
    return f"{first} – {format_date(end, language)}"
