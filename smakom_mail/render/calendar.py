"""Calendar files for the dates of an edition (RFC 5545), the same bytes at every build."""

import datetime as dt
import hashlib
import re

from smakom_mail.content.blocks import parse_times
from smakom_mail.content.tree import anchor_of
from smakom_mail.model.document import Deadline, Event
from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import CalendarFile


def calendar_file(
    block: Event | Deadline, edition: Edition, host: str, url: str, number: int = 1
) -> CalendarFile:
    """Make the .ics of an event or deadline; its stamp is the edition's date, `url` its page.

    `number` tells apart dates of the same day and title.
    """
    start, end = (block.start, block.end) if isinstance(block, Event) else (block.date, block.date)
    more = f"-{number}" if number > 1 else ""
    name = f"{start.isoformat()}-{anchor_of(block.title)}{more}.ics"
    uid = hashlib.sha256(f"{edition.slug}/{name}".encode()).hexdigest()[:16]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//smakom-mail//SV",
        "BEGIN:VEVENT",
        f"UID:{uid}@{host}",
        f"DTSTAMP:{_day(edition.date)}T000000Z",
        *_times(block, start, end),
        f"SUMMARY:{_escape(block.title)}",
    ]
    if isinstance(block, Event) and block.place:
        lines.append(f"LOCATION:{_escape(block.place)}")
    lines += [f"URL:{url}", "TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR"]
    text = "".join(_fold(line) + "\r\n" for line in lines)
    return CalendarFile(name, text.encode("utf-8"))


def _times(block: Event | Deadline, start: dt.date, end: dt.date) -> list[str]:
    times = parse_times(block.time) if isinstance(block, Event) and block.time else None
    if times is None:
        first = f"DTSTART;VALUE=DATE:{_day(start)}"
        if end == dt.date.max:  # the calendar has no day after it
            return [first]
        return [first, f"DTEND;VALUE=DATE:{_day(end + dt.timedelta(days=1))}"]
    # Floating time (RFC 5545 section 3.3.5): the clock on the wall where it happens.
    begins = dt.datetime.combine(start, times[0])
    first = f"DTSTART:{_moment(begins)}"
    try:
        ends = dt.datetime.combine(end, times[1]) if times[1] else begins + dt.timedelta(hours=1)
        if ends <= begins:  # kl. 20–01: past midnight
            ends += dt.timedelta(days=1)
    except OverflowError:
        return [first]
    return [first, f"DTEND:{_moment(ends)}"]


def _day(date: dt.date) -> str:
    return date.isoformat().replace("-", "")


def _moment(time: dt.datetime) -> str:
    return time.isoformat(timespec="seconds").replace("-", "").replace(":", "")


def _escape(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", "\\n")


def _fold(line: str) -> str:
    """Fold at 75 octets without cutting a character (RFC 5545 section 3.1)."""
    out, size = "", 0
    for character in line:
        width = len(character.encode("utf-8"))
        if size + width > 74:
            out, size = out + "\r\n ", 1
        out, size = out + character, size + width
    return out
