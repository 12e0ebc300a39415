"""Dates that cannot be right, and those that only look so. The edition is of 4 January 2021."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from smakom_mail.config import read_config
from smakom_mail.content.project import load_edition
from tests.content.prose.edited import edition, keyed, said, whole
from tests.content.written import CONFIG, EDITION, make_project


@pytest.mark.parametrize(
    "title",
    [
        "Nyhetsbrev november",
        "Nyhetsbrev december 2020",
        "Nyhetsbrev januari 2020",
        "Novembers nyhetsbrev",
        "Decembernumret",
        "Nyhetsbrev 2020",
        "Nyhetsbrev nr 3 2020",
        "November",
        "November 2020",
        "Nyhetsbrev mars 2021",
    ],
)
def test_a_stale_title_is_found(title: str) -> None:
    assert keyed(title=title) == [
        f"1 S03 ”{title}” i title stämmer inte med numrets datum 2021-01-04"
    ]


def test_a_stale_subject_and_preheader_are_found_at_their_lines() -> None:
    assert keyed(subject="Nyhetsbrev november: vindkraft", preheader="Decembers nyhetsbrev.") == [
        "3 S03 ”Nyhetsbrev november” i subject stämmer inte med numrets datum 2021-01-04",
        "4 S03 ”Decembers nyhetsbrev” i preheader stämmer inte med numrets datum 2021-01-04",
    ]


@pytest.mark.parametrize(
    "subject",
    [
        "Nyhetsbrev januari 2021: Vårmötet i april",
        "Kallelse till årsmötet i april",
        "Budgeten för 2022 och året 2020 i korthet",
        "Vi summerar december",
        "Aktiviteter: januari – mars",
        "Nyhetsbrev december–januari",
        "Möten i februari, mars, april",
        "Nyhetsbrev 1/2021",
    ],
)
def test_a_month_that_is_no_label_is_left_alone(subject: str) -> None:
    assert keyed(subject=subject) == []


def test_the_next_month_may_be_named_some_days_ahead() -> None:
    late = replace(edition("# Rubrik\n\nText.\n"), date=dt.date(2021, 1, 25))
    assert whole(replace(late, title="Nyhetsbrev februari 2021")) == []
    assert whole(replace(late, title="Nyhetsbrev mars 2021")) == [
        "1 S03 ”Nyhetsbrev mars 2021” i title stämmer inte med numrets datum 2021-01-25"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nyhetsbrev november", "Nyhetsbrev november"),
        (
            "Välkommen till november månads nyhetsbrev, kära läsare där ute.",
            "november månads nyhetsbrev",
        ),
        ("Nu i november är det kallt ute hos oss.", "Nu i november"),
        ("Vi har mycket att göra i år (2020) som alltid.", "i år (2020"),
    ],
)
def test_a_clearly_stale_text_is_found(text: str, words: str) -> None:
    assert said(text) == [f"3 T10 ”{words}” stämmer inte med numrets datum 2021-01-04"]


def test_a_stale_heading_is_found_at_its_line() -> None:
    assert whole(edition("# Nyhetsbrev november\n\nText.\n")) == [
        "1 T10 ”Nyhetsbrev november” stämmer inte med numrets datum 2021-01-04"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "I november träffades styrelsen, och i maj ses vi igen.",
        "I förra årets sista nyhetsbrev, det från december 2020, skrev vi om budgeten.",
        "Boverket skrev i sitt nyhetsbrev november 2020 om de nya reglerna för strandskydd.",
        "## Februari\n\nMöte.",
        "Den 10 december genomförde styrelsen årets sista möte. Året 2020 är slut.",
        "I novembernumret skrev vi om posten, och i decembernumret om vägarna.",
    ],
)
def test_looking_back_is_not_stale(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "words", "right"),
    [
        ("måndagen den 5 januari 2021", "2021-01-05 är en tisdag", ""),
        ("måndag 5 januari", "2021-01-05 är en tisdag", ""),
        ("mån 5 januari", "2021-01-05 är en tisdag", ""),
        ("måndagen den 5:e januari 2021", "2021-01-05 är en tisdag", "T21"),
        ("tisdag–onsdag 5–7 januari", "2021-01-07 är en torsdag", ""),
        ("fredagen den 21–23 april 2021", "2021-04-21 är en onsdag", ""),
    ],
)
def test_a_weekday_that_is_not_that_of_its_date_is_found(text: str, words: str, right: str) -> None:
    found = [row for row in said(f"Vi ses\n{text}.") if not right or right not in row]

    assert found == [f"4 T11 ”{text}”: {words}"]


@pytest.mark.parametrize(
    "text",
    [
        "tisdagen den 5 januari 2021",
        "tisdag–onsdag 5–6 januari",
        "tisdag och onsdag 5–6 januari 2021",
        "onsdagen den 10 juni, förra året",
        "tisdagar 5 januari–9 mars",
        "fredagen den 30 februari",
        "på söndag, 5 januari 1941, fast det var söndag",
        "måndag eller tisdag den 5 januari",
    ],
)
def test_a_weekday_that_may_be_right_is_left_alone(text: str) -> None:
    assert [row for row in said(f"Vi ses {text}.") if "finns inte" not in row] == []


def test_a_date_that_does_not_exist_is_found() -> None:
    assert said("Svara senast den 31 april, eller den 30 februari 2021.") == [
        "3 T11 ”30 februari 2021” finns inte: månaden har 28 dagar",
        "3 T11 ”31 april” finns inte: månaden har 30 dagar",
    ]
    assert said("Svara den 29 februari, den 31 januari eller den 30 april.") == []


def test_english_weekdays_are_checked_too() -> None:
    assert said("We meet on Monday, January 5, 2021 and Tuesday 5 January.", "en") == [
        "3 T11 “Monday, January 5, 2021”: 2021-01-05 is a Tuesday"
    ]


def test_an_event_before_the_edition_is_found() -> None:
    text = "::: event\ntitle: Vårmötet\ndate: 21–23 april 2020\n:::\n"
    text += "\n::: deadline\ntitle: Sista dag\ndate: 3 januari 2021\n:::\n"

    assert said(text) == [
        "3 T12 ”Vårmötet” var 2020-04-23, före numrets datum 2021-01-04",
        "8 T12 ”Sista dag” var 2021-01-03, före numrets datum 2021-01-04",
    ]


@pytest.mark.parametrize("date", [dt.date.min, dt.date.max])
def test_no_date_of_an_edition_stops_the_check(date: dt.date) -> None:
    text = "# Rubrik\n\nVi ses måndagen den 5 januari, nu i november, i år (2021).\n"
    checked = replace(edition(text), date=date)

    assert {row[:5] for row in whole(checked)} <= {"1 S03", "3 T10", "3 T11"}


def test_an_edition_whose_date_cannot_be_read_is_compared_with_nothing(tmp_path: Path) -> None:
    text = "# Titel\n\n::: event\ntitle: Mötet\ndate: 3 januari 1969\n:::\n\nNyhetsbrev november\n"
    files: dict[str, str | bytes] = {
        "newsletters/maj-2021/edition.toml": EDITION.replace("2021-05-03", '"i maj"'),
        "newsletters/maj-2021/10-a.md": text,
    }
    config, _ = read_config(CONFIG, {})
    loaded = load_edition(make_project(tmp_path, files), "maj-2021", config).edition

    assert whole(loaded) == []


def test_an_event_of_the_day_or_under_way_is_fine() -> None:
    text = "::: event\ntitle: Mässan\ndate: 1–4 januari 2021\n:::\n"
    text += "\n::: deadline\ntitle: Sista dag\ndate: 4 januari 2021\n:::\n"

    assert said(text) == []
