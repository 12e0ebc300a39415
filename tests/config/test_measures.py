"""Durations and rates as settings say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.config.measures import Rate, Wrong, parse_duration, parse_rate

DURATION = Wrong('a time such as "10 min" or "24 h"')
RATE = Wrong('a number for each s, min, h or day, or "unlimited"')


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10 min", 600),
        ("90 s", 90),
        ("24 h", 86_400),
        ("2 days", 172_800),
        ("1 day", 86_400),
        ("10min", 600),
        (" 10\u00a0minutes ", 600),
        ("1 h 30 min", 5400),
        ("1H30Min", 5400),
        ("0", 0),
        ("0 min", 0),
        ("31 d", 2_678_400),
        ("32 d", Wrong("a time of at most 31 days")),
        ("999999999 days", Wrong("a time of at most 31 days")),
        ("", DURATION),
        ("10", DURATION),
        ("min", DURATION),
        ("10 kvart", DURATION),
        ("10 m", DURATION),
        ("-10 min", DURATION),
        ("1.5 h", DURATION),
        ("10 min till", DURATION),
        ("10 min, 5 s", DURATION),
        ("1234567890 s", DURATION),
        ("٣ min", DURATION),
    ],
)
def test_a_duration_is_numbers_with_units(text: str, seconds: int | Wrong) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("14/s", ((14, 1),)),
        ("30/min, 10000/day", ((30, 60), (10_000, 86_400))),
        ("10 000/day,30 / min", ((30, 60), (10_000, 86_400))),
        ("1\u00a0000\u202f000/d", ((1_000_000, 86_400),)),
        ("200/h", ((200, 3600),)),
        ("25/5 min", ((25, 300),)),
        ("25/5min", ((25, 300),)),
        ("250 / 2 hours", ((250, 7200),)),
        ("unlimited", ()),
        (" Unlimited ", ()),
    ],
)
def test_a_rate_is_numbers_for_lengths_of_time_the_shortest_first(
    text: str, limits: tuple[tuple[int, int], ...]
) -> None:
    assert parse_rate(text) == Rate(limits)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", RATE),
        ("30", RATE),
        ("30/", RATE),
        ("/min", RATE),
        ("30/min,", RATE),
        ("30/min 10000/day", RATE),
        ("30 per minute", RATE),
        ("30/kvart", RATE),
        ("-1/s", RATE),
        ("1.5/s", RATE),
        ("10 00/day", RATE),
        ("30/min, unlimited", RATE),
        ("0/h", Wrong("a number above 0, in at most 31 days")),
        ("5/0 min", Wrong("a number above 0, in at most 31 days")),
        ("5/32 days", Wrong("a number above 0, in at most 31 days")),
        ("30/min, 20/min", Wrong("one number for each length of time")),
        ("30/min, 20/60 s", Wrong("one number for each length of time")),
    ],
)
def test_anything_else_is_no_rate_and_it_says_what_would_be(text: str, wrong: Wrong) -> None:
    assert parse_rate(text) == wrong


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        ((), "unlimited"),
        (((14, 1),), "14/s"),
        (((30, 60), (10_000, 86_400)), "30/min, 10000/day"),
        (((25, 300),), "25/5 min"),
        (((7, 90),), "7/90 s"),
        (((7, 172_800),), "7/2 day"),
    ],
)
def test_a_rate_is_shown_as_settings_say_it(limits: tuple[tuple[int, int], ...], text: str) -> None:
    assert str(Rate(limits)) == text


@given(
    st.dictionaries(
        st.integers(1, 2_678_400), st.integers(1, 999_999_999), min_size=1, max_size=4
    ).map(lambda found: Rate(tuple((found[width], width) for width in sorted(found))))
)
def test_every_rate_is_read_back_from_what_is_shown(rate: Rate) -> None:
    assert parse_rate(str(rate)) == rate


@given(st.text() | st.from_regex(r"[0-9 /a-z,]+"))
def test_no_text_raises(text: str) -> None:
    seconds, rate = parse_duration(text), parse_rate(text)

    assert isinstance(seconds, Wrong) or 0 <= seconds <= 2_678_400
    assert isinstance(rate, Wrong) or all(number and width for number, width in rate.limits)
