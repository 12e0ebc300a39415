"""When a consent was given, as people and spreadsheets write it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.people.moments import read_moment
from smakom_mail.content.people.sentences import sentence

NOW = dt.datetime(2021, 2, 1, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def read(text: str) -> str:
    """Give the moment, or the sentence that says why there is none."""
    moment, note = read_moment(text, NOW)
    return moment or (sentence(note) if note else "nothing")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-01-04", "2021-01-04"),
        ("2021-1-4", "2021-01-04"),
        ("2021/01/04", "2021-01-04"),
        ("2021.01.04", "2021-01-04"),
        ("20210104", "2021-01-04"),
        ("4 januari 2021", "2021-01-04"),
        ("den 4 jan 2021", "2021-01-04"),
        ("4 January 2021", "2021-01-04"),
        ("4\u00a0januari\u00a02021", "2021-01-04"),
        ("4/1 2021", "2021-01-04"),
        ("2021-01-04 10:00", "2021-01-04T09:00:00+00:00"),
        ("2021-01-04 kl. 10.00", "2021-01-04T09:00:00+00:00"),
        ("2021-01-04 10:00:30", "2021-01-04T09:00:30+00:00"),
        ("2021-01-04T10:00:30.123Z", "2021-01-04T10:00:30.123+00:00"),
        ("2021-01-04T10:00:30.000+00:00", "2021-01-04T10:00:30.000+00:00"),
        ("2021-01-04 10:00:30,5", "2021-01-04T09:00:30.500+00:00"),
        ("2021-01-04T10:00:30+02:00", "2021-01-04T08:00:30+00:00"),
        ("2021-01-04T09:00:00+00:00", "2021-01-04T09:00:00+00:00"),
        ("2021-01-04 23:30 -0500", "2021-01-05T04:30:00+00:00"),
        ("44200", "2021-01-04"),
        ("2021-02-01", "2021-02-01"),
        ("2021-02-01 11:59", "2021-02-01T10:59:00+00:00"),
        ("2021-02-01 12:01", "datumet 2021-02-01 12:01 har inte varit än"),
        ("2021-02-02", "datumet 2021-02-02 har inte varit än"),
        ("2 februari 2021", "datumet 2 februari 2021 har inte varit än"),
        *(
            (wrong, f'datumet "{wrong}" går inte att läsa: skriv till exempel 2021-01-04')
            for wrong in (
                *("2021-02-30", "01/04/2021", "4.1.2021", "januari 2021", "ja", "2021", "12345"),
                *("1-3 januari 2021", "0001-01-01", "2021-01-04 25:00", "2021-01-04 10:00 +99:00"),
                *("٢٠٢١-٠١-٠٤x", "99999", "2021-01-04 10", "9999-12-31 23:59 -12:00"),
            )
        ),
    ],
)
def test_a_moment_is_read_or_told(text: str, moment: str) -> None:
    assert read(text) == moment


def test_a_number_from_a_spreadsheet_is_noted() -> None:
    _, note = read_moment("44200", NOW)
    assert note
    assert sentence(note) == "talet 44200 är läst som Excels nummer för 2021-01-04"


@given(st.text(st.sampled_from("0123456789-/.: TZ+kl januarimars"), max_size=30))
def test_what_is_read_reads_back_as_itself(text: str) -> None:
    moment, _ = read_moment(text, NOW)
    if moment:
        assert read_moment(moment, NOW) == (moment, None)
