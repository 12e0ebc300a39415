"""Dates as an editor writes them, and as a reader gets them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.locale import (
    Period,
    day_and_month,
    format_date,
    format_period,
    month_name,
    parse_period,
)
from smakom_mail.locale.dates import MONTHS

DAYS = st.dates(dt.date(1000, 1, 1), dt.date(9999, 12, 31))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2021-04-21", "2021-04-21", "2021-04-21"),
        ("2021-04-21 – 2021-04-23", "2021-04-21", "2021-04-23"),
        ("2021-04-21 till 2021-04-23", "2021-04-21", "2021-04-23"),
        ("21 april 2021", "2021-04-21", "2021-04-21"),
        ("den 21 april 2021", "2021-04-21", "2021-04-21"),
        ("  21\u00a0APRIL\u00a02021 ", "2021-04-21", "2021-04-21"),
        ("21–23 april 2021", "2021-04-21", "2021-04-23"),
        ("21-23 april 2021", "2021-04-21", "2021-04-23"),
        ("21 april – 2 maj 2021", "2021-04-21", "2021-05-02"),
        ("21 april till 2 maj 2021", "2021-04-21", "2021-05-02"),
        ("30 december 2020 – 2 januari 2021", "2020-12-30", "2021-01-02"),
        ("26 feb 2021", "2021-02-26", "2021-02-26"),
        ("21 to 23 April 2021", "2021-04-21", "2021-04-23"),
        ("29 February 2020", "2020-02-29", "2020-02-29"),
    ],
)
def test_a_day_or_some_days_in_a_row_are_read(text: str, start: str, end: str) -> None:
    assert parse_period(text) == Period(dt.date.fromisoformat(start), dt.date.fromisoformat(end))


@pytest.mark.parametrize(
    "text",
    [
        *("", "i maj", "maj 2021", "21 april", "21/4 2021", "21 2021", "21 aprilis 2021"),
        *("31 april 2021", "29 februari 2021", "2021-13-01", "1 maj 0000", "2021-04-21T10:00"),
        *("23–21 april 2021", "2021-04-23 – 2021-04-21", "30 december 2020 2021"),
    ],
)
def test_anything_else_is_no_day(text: str) -> None:
    assert parse_period(text) is None


@pytest.mark.parametrize(
    ("date", "language", "expected"),
    [
        ("2021-03-25", "sv", "25 mars 2021"),
        ("2021-03-05", "en", "5 March 2021"),
        ("2021-01", "sv", "januari 2021"),
        ("2021-12", "en", "December 2021"),
        (dt.date(2021, 10, 1), "sv", "1 oktober 2021"),
    ],
)
def test_a_date_is_written_with_no_break_spaces(
    date: str | dt.date, language: str, expected: str
) -> None:
    assert format_date(date, language) == expected.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("start", "end", "language", "expected"),
    [
        ("2021-04-21", "2021-04-21", "sv", "21~april~2021"),
        ("2021-04-21", "2021-04-23", "sv", "21–23~april~2021"),
        ("2021-04-21", "2021-05-02", "sv", "21~april – 2~maj~2021"),
        ("2020-12-30", "2021-01-02", "en", "30~December~2020 – 2~January~2021"),
    ],
)
def test_days_in_a_row_say_nothing_twice(
    start: str, end: str, language: str, expected: str
) -> None:
    days = dt.date.fromisoformat(start), dt.date.fromisoformat(end)

    assert format_period(*days, language) == expected.replace("~", "\u00a0")


@given(DAYS, DAYS, st.sampled_from(sorted(MONTHS)))
def test_what_is_written_is_read_as_the_same_days(
    one: dt.date, other: dt.date, language: str
) -> None:
    start, end = sorted((one, other))

    assert parse_period(format_period(start, end, language)) == Period(start, end)


@given(st.text())
def test_no_text_raises(text: str) -> None:
    period = parse_period(text)

    assert period is None or period.start <= period.end


def test_a_date_tag_has_the_day_and_a_short_month() -> None:
    date = dt.date(2021, 9, 7)

    assert day_and_month(date, "sv") == ("7", "sep")
    assert day_and_month(date, "en") == ("7", "Sep")
    assert month_name(9, "sv") == "september"
