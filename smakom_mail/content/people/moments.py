"""When a consent was given, as people and spreadsheets write it."""

import datetime as dt
import re

from smakom_mail.locale import parse_period
from smakom_mail.model.person import Fault

_ISO_LIKE = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ]+(?:kl\.? *)?(\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)(?:[.,](\d+))? *(Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SWEDISH = re.compile(r"(\d{1,2})/(\d{1,2}) +(\d{4})")
_SERIAL = re.compile(r"\d{5}")
# Days since 1899-12-30: what a spreadsheet keeps for a date of 1990 to 2099.
_SERIALS = range(32_874, 73_051)
_EPOCH = dt.date(1899, 12, 30)


def read_moment(text: str, now: dt.datetime) -> tuple[str, Fault | None]:
    """Give a date or a moment as ISO 8601, and a note or a fault; empty text for a fault.

    A date stays a date. A time of day without a zone is one of `now`'s zone, and is given in UTC;
    parts of a second are kept as they are exported, in thousandths.
    """
    text = " ".join(text.split())
    note = None
    try:
        if _SERIAL.fullmatch(text) and int(text) in _SERIALS:
            day = _EPOCH + dt.timedelta(days=int(text))
            note = Fault("date-serial", (("value", text), ("date", day.isoformat())))
            moment: dt.date | dt.datetime | None = day
        else:
            moment = _moment(text, now)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or not 1900 <= moment.year <= 9000:
        return "", Fault("date-unknown", (("value", text),))
    if _future(moment, now):
        return "", Fault("date-future", (("value", text),))
    written = _ISO_LIKE.fullmatch(text)
    if isinstance(moment, dt.datetime) and written and written[5]:
        return moment.isoformat(timespec="milliseconds"), note
    return moment.isoformat(), note


def _moment(text: str, now: dt.datetime) -> dt.date | dt.datetime | None:
    if found := _ISO_LIKE.fullmatch(text):
        year, month, day, clock, part, zone = found.groups()
        date = dt.date(int(year), int(month), int(day))
        thousandths = int((part or "0")[:3].ljust(3, "0"))
        return _at(date, clock, thousandths, zone, now) if clock else date
    if found := _COMPACT.fullmatch(text):
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    if found := _SWEDISH.fullmatch(text):
        return dt.date(int(found[3]), int(found[2]), int(found[1]))
    period = parse_period(text)
    return period.start if period and period.start == period.end else None


def _at(
    date: dt.date, clock: str, thousandths: int, zone: str | None, now: dt.datetime
) -> dt.datetime:
    hour, minute, second = (int(part) for part in re.split("[:.]", f"{clock}:0")[:3])
    time = dt.time(hour, minute, second, thousandths * 1000)
    if not zone:
        local = dt.datetime.combine(date, time, now.tzinfo)
    elif zone.upper() == "Z":
        local = dt.datetime.combine(date, time, dt.UTC)
    else:
        shift = dt.timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        sign = -1 if zone[0] == "-" else 1
        local = dt.datetime.combine(date, time, dt.timezone(sign * shift))
    return local.astimezone(dt.UTC)


def _future(moment: dt.date | dt.datetime, now: dt.datetime) -> bool:
    return moment > now if isinstance(moment, dt.datetime) else moment > now.date()
