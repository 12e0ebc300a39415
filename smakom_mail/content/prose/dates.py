"""Dates that cannot be right: a stale month, a wrong weekday, a day that does not exist."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from smakom_mail.content.prose.ranges import WEEKDAYS
from smakom_mail.content.prose.runs import Run
from smakom_mail.content.prose.slips import Slip
from smakom_mail.locale.dates import MONTHS

SOON = 14
"""An edition may carry the next month's name this many days ahead."""
_NUMBER = {name.lower(): n for names in MONTHS.values() for n, name in enumerate(names, 1)}
_ANY_MONTH = "|".join(_NUMBER)
_ISSUE = (
    r"(?:[\wåäö]*nyhetsbrev(?:et)?|medlemsbrev(?:et)?|månadsbrev(?:et)?|nummer|numret|utgåva[n]?"
    r"|newsletter|issue|edition)"
)
_MONTHS = rf"(?P<months>(?:{_ANY_MONTH})s?(?:\s?[-–/]\s?(?:{_ANY_MONTH}))?)"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_LABELS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_ISSUE}[\s,:–-]*(?:för\s|från\s|for\s|of\s)?\b{_MONTHS}\b(?:[\s,]*{_YEAR}\b)?",
        rf"\b{_MONTHS}(?:\s+{_YEAR}|\s+månads)?\s+{_ISSUE}\b",
        rf"\b(?P<months>{_ANY_MONTH})(?:numret|nummer|utgåvan|brevet)\b",
        rf"\b{_ISSUE}(?:\s+(?:nr|no|nummer)\.?)?[\s,:–-]*(?:\d{{1,2}}[\s/,]+)?{_YEAR}\b",
    )
)
_ALONE = re.compile(rf"\s*{_MONTHS}(?:\s+{_YEAR})?\s*", re.IGNORECASE)
_NOW = re.compile(rf"\b(?:nu i|så här i|här i)\s+(?P<months>{_ANY_MONTH})\b", re.IGNORECASE)
_THIS_YEAR = re.compile(rf"\bi år,?\s+\(?{_YEAR}\b", re.IGNORECASE)
_OURS = re.compile(
    r"välkommen till|välkomna till|i det här|i detta|welcome to|in this", re.IGNORECASE
)
_BANNER = 6
_KEYS = ("title", "subject", "preheader")
_FAR = dt.timedelta(days=330)

_DAY_SV = "|".join(WEEKDAYS)
_MONTH_SV = "|".join(MONTHS["sv"])
_SHORT = r"mån|tis|ons|tors?|fre|lör|sön"
_SV = re.compile(
    rf"\b(?:(?P<first>{_DAY_SV})(?:en)?(?:\s?[-–/]\s?|\s(?:och|till)\s)(?:den\s)?)?"
    rf"(?P<day>{_DAY_SV}|{_SHORT})(?:en)?\.?,?\s(?:den\s)?(?P<n>\d{{1,2}})(?::?[ea])?"
    rf"(?:\s?(?:[-–]|och|till)\s?(?P<n2>\d{{1,2}}))?\s(?P<month>{_MONTH_SV})\b"
    r"(?:,?\s(?P<year>\d{4})\b)?",
    re.IGNORECASE,
)
_DAYS_EN = tuple(day.lower() for day in calendar.day_name)
_DAY_EN = "|".join(_DAYS_EN)
_MONTH_EN = "|".join(MONTHS["en"])
_EN = re.compile(
    rf"\b(?P<day>{_DAY_EN}),?\s(?:the\s)?(?:(?P<n>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?"
    rf"(?P<month>{_MONTH_EN})|(?P<month2>{_MONTH_EN})\s(?P<n3>\d{{1,2}})(?:st|nd|rd|th)?)\b"
    r"(?:,?\s(?P<year>\d{4})\b)?",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"(?<![\d.,:/–-])(?P<n>[3]\d)\s(?P<month>{_ANY_MONTH})\b(?:\s(?P<year>\d{{4}})\b)?",
    re.IGNORECASE,
)


def stale_label(run: Run, date: dt.date) -> Iterator[Slip]:
    """The edition called after another month or year than its own, in subject, title, text."""
    kind = "stale-key" if run.kind in _KEYS else "stale-text"
    labels, alone = list(_labels(run)), list(_alone(run))
    stale = [match for match in labels if not _fits(match, date)]
    if not any(_fits(match, date) for match in (*labels, *alone)):
        stale += alone
    for match in stale[:1]:
        shown = " ".join(match[0].split()).strip(" ,:–-")
        yield Slip(kind, *match.span(), shown, other=date.isoformat())
    if not stale and kind == "stale-text":
        yield from _stale_now(run, date)


def _labels(run: Run) -> Iterator[re.Match[str]]:
    """Find the words that name the edition itself."""
    naming = run.kind in (*_KEYS, "heading") or len(run.text.split()) <= _BANNER
    for pattern in _LABELS:
        for match in pattern.finditer(run.text):
            if naming or _OURS.search(run.text[: match.start()][-40:]):
                yield match


def _alone(run: Run) -> Iterator[re.Match[str]]:
    """Find a month that is a whole part of a title: "November", "Vårmötet – maj 2020"."""
    if run.kind in ("title", "subject"):
        for part in re.finditer(r"(?:(?!\s[–—-]\s)[^:|])+", run.text):
            if match := _ALONE.fullmatch(run.text, *part.span()):
                yield match


def _fits(match: re.Match[str], date: dt.date) -> bool:
    words = match.groupdict()
    names = re.findall(_ANY_MONTH, words.get("months") or "", re.IGNORECASE)
    months = [_NUMBER[name.lower()] for name in names]
    year = int(words["year"]) if words.get("year") else None
    soon = dt.timedelta(days=SOON)
    ahead = min(date, dt.date.max - soon) + soon
    near = {(date.year, date.month), (ahead.year, ahead.month)}
    if months:
        return any(month in months and year in (None, y) for y, month in near)
    return year in {y for y, _ in near}


def _stale_now(run: Run, date: dt.date) -> Iterator[Slip]:
    """Say "nu i november" two months and more later, "i år (2020)" in 2021."""
    for match in _NOW.finditer(run.text):
        if 2 <= (date.month - _NUMBER[match["months"].lower()]) % 12 <= 8:
            yield Slip("stale-text", *match.span(), match[0], other=date.isoformat())
    for match in _THIS_YEAR.finditer(run.text):
        if int(match["year"]) != date.year:
            yield Slip("stale-text", *match.span(), match[0], other=date.isoformat())


def wrong_weekday(run: Run, date: dt.date, language: str) -> Iterator[Slip]:
    """A weekday that is not that of the date beside it."""
    for match in (_SV if language == "sv" else _EN).finditer(run.text):
        named = match.groupdict()
        month = _NUMBER[(named["month"] or named["month2"]).lower()]
        first, last = int(named.get("n") or named["n3"]), named.get("n2")
        index = _weekday(named["day"])
        day = first
        if named.get("first"):
            if not last:
                continue
            day = int(last)
        years = [int(named["year"])] if named["year"] else _likely_years(run, date, month, day)
        found = [real for y in years if (real := _real(y, month, day))]
        if found and all(real.weekday() != index for real in found):
            right = found[0].weekday()
            names = WEEKDAYS if language == "sv" else tuple(calendar.day_name)
            yield Slip("wrong-weekday", *match.span(), match[0], names[right], f"{found[0]}")


def _weekday(name: str) -> int:
    names = WEEKDAYS if name.lower()[:3] in {day[:3] for day in WEEKDAYS} else _DAYS_EN
    return next(i for i, day in enumerate(names) if day.startswith(name.lower()[:3]))


def _likely_years(run: Run, date: dt.date, month: int, day: int) -> list[int]:
    """The years that a date without one can mean, the nearest first."""
    spoken = {int(year) for year in re.findall(r"\b(?:1[89]|20)\d\d\b", run.text)}
    years = range(max(date.year - 1, 1), min(date.year + 2, 9999))
    near = sorted((abs(real - date), year) for year in years if (real := _real(year, month, day)))
    likely = [year for index, (away, year) in enumerate(near) if not index or away < _FAR]
    return [*likely, *sorted(spoken)]


def _real(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def impossible_date(run: Run) -> Iterator[Slip]:
    """A 31st of a month that has 30 days."""
    for match in _DATE.finditer(run.text):
        month, year = _NUMBER[match["month"].lower()], int(match["year"] or 2000)
        if not 1 <= year <= 9999:
            continue
        last = calendar.monthrange(year, month)[1]
        if int(match["n"]) > last:
            yield Slip("impossible-date", *match.span(), match[0], str(last))
