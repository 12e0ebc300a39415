"""Calendar files, read back by the rules of RFC 5545."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.model.document import Deadline, Event
from smakom_mail.render.calendar import calendar_file
from tests.render.making import TEXT, edition

URL = "https://brev.example/archive/provnummer/"
DAY = dt.date(2021, 4, 21)


def event(
    title: str = "Vårmötet",
    *,
    end: dt.date = DAY,
    start: dt.date = DAY,
    time: str = "",
    place: str = "",
) -> Event:
    return Event(title, start, end, time, place, "")


def data(block: Event | Deadline) -> bytes:
    return calendar_file(block, edition(), "brev.example", URL).data


def read(block: Event | Deadline) -> dict[str, str]:
    """Unfold, divide and unescape (sections 3.1 and 3.3.11)."""
    text = data(block).decode("utf-8")
    assert text.endswith("\r\n")
    content = text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    assert not any("\r" in line or "\n" in line for line in content)
    values = dict(line.split(":", 1) for line in content if not line.startswith(("BEGIN", "END")))
    return {name: re.sub(r"\\(.)", _unescaped, value) for name, value in values.items()}


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]


def test_a_calendar_file_whole() -> None:
    made = calendar_file(event(place="Rättvik; Dalarna"), edition(), "brev.example", URL)
    assert made.name == "2021-04-21-varmotet.ics"
    assert made.data.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//smakom-mail//SV",
        "BEGIN:VEVENT",
        "UID:bfd19b28e252cdf7@brev.example",
        "DTSTAMP:20210104T000000Z",
        "DTSTART;VALUE=DATE:20210421",
        "DTEND;VALUE=DATE:20210422",
        "SUMMARY:Vårmötet",
        "LOCATION:Rättvik\\; Dalarna",
        f"URL:{URL}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize(
    ("end", "time", "begins", "ends"),
    [
        (DAY, "", "20210421", "20210422"),
        (dt.date(2021, 4, 30), "", "20210421", "20210501"),
        (DAY, "kl. 13.30–15.00", "20210421T133000", "20210421T150000"),
        (DAY, "9", "20210421T090000", "20210421T100000"),
        (DAY, "23.30", "20210421T233000", "20210422T003000"),
        (DAY, "20–01", "20210421T200000", "20210422T010000"),
        (DAY, "9–9", "20210421T090000", "20210422T090000"),
        (dt.date(2021, 4, 23), "10–12", "20210421T100000", "20210423T120000"),
        (DAY, "på kvällen", "20210421", "20210422"),
    ],
)
def test_the_end_is_the_first_moment_after(end: dt.date, time: str, begins: str, ends: str) -> None:
    """DTEND is exclusive (section 3.6.1): a day ends when the next begins."""
    values = read(event(end=end, time=time))
    day = "" if "T" in begins else ";VALUE=DATE"
    assert (values[f"DTSTART{day}"], values[f"DTEND{day}"]) == (begins, ends)


@pytest.mark.parametrize("time", ["", "23.30", "20–01"])
def test_the_last_day_of_the_calendar_has_no_end(time: str) -> None:
    values = read(event(start=dt.date.max, end=dt.date.max, time=time))
    assert not any(name.startswith("DTEND") for name in values)
    assert next(v for n, v in values.items() if n.startswith("DTSTART")).startswith("99991231")


def test_a_year_has_four_digits() -> None:
    early = dt.date(21, 4, 21)
    assert read(event(start=early, end=early))["DTSTART;VALUE=DATE"] == "00210421"


def test_a_deadline_is_a_day_without_a_place() -> None:
    values = read(Deadline("Svar", DAY, "a@b.example"))
    assert values["DTSTART;VALUE=DATE"] == "20210421"
    assert "LOCATION" not in values


def test_dates_of_one_name_have_names_and_identities_of_their_own() -> None:
    first, second = (
        calendar_file(event(), edition(), "brev.example", URL, number) for number in (1, 2)
    )
    assert (first.name, second.name) == ("2021-04-21-varmotet.ics", "2021-04-21-varmotet-2.ics")
    assert first.data.split(b"UID:")[1][:16] != second.data.split(b"UID:")[1][:16]


def test_another_edition_gives_another_identity() -> None:
    other = calendar_file(event(), edition(slug="annat"), "brev.example", URL)
    assert read(event())["UID"] not in other.data.decode()


@given(TEXT, TEXT)
def test_any_title_and_place_are_read_back(title: str, place: str) -> None:
    values = read(event(title, place=place))
    assert (values["SUMMARY"], values["LOCATION"]) == (title, place)


@given(st.text("漢å👩a;,\\", max_size=200))
def test_no_line_is_over_75_octets_and_no_character_is_cut(title: str) -> None:
    for line in data(event(title)).split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
