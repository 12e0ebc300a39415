"""The keys of each block, with a finding for every line that is wrong."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.blocks import SHAPES, parse_times
from smakom_mail.model.document import (
    Block,
    Deadline,
    Event,
    KeyFigure,
    Numbers,
    Paragraph,
    Partner,
    Person,
    Text,
)
from tests.content.written import faults, section


def block(text: str) -> Block | None:
    blocks = section(f"# Titel\n\n{text}\n")[0].blocks
    return blocks[0] if blocks else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            (
                "::: event\ntitle: Vårmötet\ndate: 21–23 april 2021\ntime: kl. 13.30–15.00\n"
                "place: Rättvik\nlink: https://www.kommun.se/mote\n:::"
            ),
            Event(
                "Vårmötet",
                dt.date(2021, 4, 21),
                dt.date(2021, 4, 23),
                "kl. 13.30–15.00",
                "Rättvik",
                "https://www.kommun.se/mote",
                3,
            ),
        ),
        (
            "::: event\ndate: 2021-05-05\ntitle: Möte\n:::",
            Event("Möte", dt.date(2021, 5, 5), dt.date(2021, 5, 5), "", "", "", 3),
        ),
        (
            "::: deadline\ntitle: Svara\ndate: den 7 maj 2021\nto: kansli@forening.example\n:::",
            Deadline("Svara", dt.date(2021, 5, 7), "kansli@forening.example", 3),
        ),
        (
            (
                "::: person\nname: Kim Exempel\nrole: Redaktör\nmail: kim@forening.example\n"
                "telephone: 08-465 00 000\n:::"
            ),
            Person("Kim Exempel", "Redaktör", "kim@forening.example", "08-465 00 000", 3),
        ),
        (
            "::: numbers\n38: hushåll flyttade hit: fler än i fjol\n5 %: av alla\n:::",
            Numbers(
                (
                    KeyFigure("38", "hushåll flyttade hit: fler än i fjol", 4),
                    KeyFigure("5\u00a0%", "av alla", 5),
                ),
                3,
            ),
        ),
        (
            "::: partner\nname: Bolaget\nDeras text.\n:::",
            Partner("Bolaget", (Paragraph((Text("Deras text.", 5),), 5),), 3),
        ),
        (
            "::: partner\n\nname: Bolaget\n\nDeras text.\n:::",
            Partner("Bolaget", (Paragraph((Text("Deras text.", 7),), 7),), 3),
        ),
        (
            "::: partner Bolaget\nDeras text.\n:::",
            Partner("Bolaget", (Paragraph((Text("Deras text.", 4),), 4),), 3),
        ),
        (
            "::: partner\nDeras text.\n:::",
            Partner("", (Paragraph((Text("Deras text.", 4),), 4),), 3),
        ),
    ],
)
def test_a_block_as_the_guide_shows_it(text: str, expected: Block) -> None:
    assert block(text) == expected
    assert faults(text) == []


DAYS = "en dag eller flera dagar i rad"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # a key that there is not, or that is there twice
        (
            "::: event\ntitle: a\ndate: 5 maj 2021\nplats: b\n:::",
            ["6 P13 ”::: event” har ingen nyckel ”plats” | menade du ”place:”?"],
        ),
        (
            "::: deadline\ntitle: a\ndate: 5 maj 2021\nxyz: b\n:::",
            [
                "6 P13 ”::: deadline” har ingen nyckel ”xyz” | kända nycklar: title, date, to",
            ],
        ),
        (
            "::: event\ntitle: a\ntitle: b\ndate: 5 maj 2021\n:::",
            ["5 P13 ”title:” står två gånger i blocket | behåll en av raderna"],
        ),
        # a key that must be there
        (
            "::: event\n:::",
            [
                "3 P13 ”::: event” saknar ”date:” | lägg till raden date: 21–23 april 2021",
                "3 P13 ”::: event” saknar ”title:” | lägg till raden title: Vårmötet",
            ],
        ),
        (
            "::: deadline\ntitle:\n:::",
            [
                "3 P13 ”::: deadline” saknar ”date:” | lägg till raden date: 26 februari 2021",
                "3 P13 ”::: deadline” saknar ”title:” | lägg till raden title: Lämna synpunkter",
            ],
        ),
        (
            "::: person\nrole: Redaktör\n:::",
            ["3 P13 ”::: person” saknar ”name:” | lägg till raden name: Kim Exempel"],
        ),
        # a line that is something else
        (
            "::: event\ntitle: a\ndate: 5 maj 2021\nkl. 13.30\n:::",
            [
                (
                    "6 P13 raden är inte ”nyckel: värde”: kl. 13.30 | "
                    "skriv den som till exempel title: …"
                )
            ],
        ),
        (
            "::: event Årsmöte\ntitle: a\ndate: 5 maj 2021\n:::",
            [
                (
                    "3 P13 raden är inte ”nyckel: värde”: Årsmöte | "
                    "skriv den som till exempel title: Årsmöte"
                )
            ],
        ),
        (
            "::: numbers\nbara ord\n38:\n5: a\n:::",
            [
                (
                    "4 P13 raden är inte ”nyckel: värde”: bara ord | "
                    "skriv den som till exempel 38: hushåll flyttade hit"
                ),
                (
                    "5 P13 raden är inte ”nyckel: värde”: 38: | "
                    "skriv den som till exempel 38: hushåll flyttade hit"
                ),
            ],
        ),
        # a value that is something else
        (
            "::: event\ntitle: a\ndate: 31 februari 2021\n:::",
            [
                (
                    f"5 P13 ”date: 31 februari 2021” ska vara {DAYS} | "
                    "skriv till exempel date: 21–23 april 2021"
                )
            ],
        ),
        (
            "::: event\ntitle: a\ndate: 23–21 april 2021\n:::",
            [
                (
                    f"5 P13 ”date: 23–21 april 2021” ska vara {DAYS} | "
                    "skriv till exempel date: 21–23 april 2021"
                )
            ],
        ),
        (
            "::: deadline\ntitle: a\ndate: 21–23 april 2021\n:::",
            [
                (
                    "5 P13 ”date: 21–23 april 2021” ska vara en dag | "
                    "skriv till exempel date: 26 februari 2021"
                )
            ],
        ),
        (
            "::: event\ntitle: a\ndate: 5 maj 2021\ntime: 25.00\n:::",
            ["6 P13 ”time: 25.00” ska vara ett klockslag | skriv till exempel time: 13.30–15.00"],
        ),
        (
            "::: event\ntitle: a\ndate: 5 maj 2021\ntime: 15–13\n:::",
            ["6 P13 ”time: 15–13” ska vara ett klockslag | skriv till exempel time: 13.30–15.00"],
        ),
        ("::: event\ntitle: a\ndate: 5–6 maj 2021\ntime: 22–06\n:::", []),
        (
            "::: event\ntitle: a\ndate: 5 maj 2021\nlink: www.kommun.se\n:::",
            [
                (
                    "6 L01 länken ”www.kommun.se” leder ingenstans: det är ingen hel adress | "
                    "skriv hela adressen, med https:// först"
                )
            ],
        ),
        (
            "::: deadline\ntitle: a\ndate: 5 maj 2021\nto: Kim\n:::",
            [
                (
                    "6 P13 ”to: Kim” ska vara en e-postadress | "
                    "skriv till exempel to: namn@kommun.example"
                )
            ],
        ),
        (
            "::: person\nname: a\nmail: kim@\ntelephone: ring\n:::",
            [
                (
                    "5 P13 ”mail: kim@” ska vara en e-postadress | "
                    "skriv till exempel mail: namn@kommun.example"
                ),
                (
                    "6 P13 ”telephone: ring” ska vara ett telefonnummer | "
                    "skriv till exempel telephone: 08-465 00 000"
                ),
            ],
        ),
        # nothing at all
        (
            "::: numbers\n:::",
            ["3 P13 blocket ”::: numbers” är tomt | skriv något i det, eller ta bort det"],
        ),
        (
            "::: partner\nname: Bolaget\n:::",
            ["3 P13 blocket ”::: partner” är tomt | skriv något i det, eller ta bort det"],
        ),
        (
            "::: partner\n\n \n:::",
            ["3 P13 blocket ”::: partner” är tomt | skriv något i det, eller ta bort det"],
        ),
    ],
)
def test_every_wrong_line_is_named_at_its_own_place(text: str, said: list[str]) -> None:
    assert faults(text) == said


def test_a_link_that_leads_nowhere_is_not_in_the_event() -> None:
    made = block("::: event\ntitle: a\ndate: 5 maj 2021\nlink: www.kommun.se\n:::")

    assert isinstance(made, Event)
    assert made.url == ""


def test_faults_in_a_partners_text_have_their_lines_in_the_file() -> None:
    assert faults("Före.\n\n::: partner\nname: Bolaget\n\nHej {namn}.\n\n> Ord.\n:::") == [
        "8 P14 okänt fält {namn} | menade du {name}?",
        (
            "10 Q10 citatet säger inte vem som talar och varifrån orden är hämtade | "
            "avsluta det med en rad > — Namn, [Källa](seed:namn)"
        ),
    ]


def test_all_mistakes_of_a_block_are_said_at_once() -> None:
    text = "::: event\ntitel: a\ndate: i maj\ntime: snart\nplace\nlink: a\n:::"

    assert [said.split(" ")[:2] for said in faults(text)] == [
        ["3", "P13"],
        ["4", "P13"],
        ["5", "P13"],
        ["6", "P13"],
        ["7", "P13"],
        ["8", "L01"],
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kl. 13.30–15.00", (dt.time(13, 30), dt.time(15, 0))),
        ("kl 13:30", (dt.time(13, 30), None)),
        ("9", (dt.time(9, 0), None)),
        ("09-10", (dt.time(9, 0), dt.time(10, 0))),
        (" 13.30 - 15 ", (dt.time(13, 30), dt.time(15, 0))),
        ("24.00", None),
        ("13.60", None),
        ("13.5", None),
        ("kvart över fem", None),
        ("", None),
        ("13.30–", None),
    ],
)
def test_a_time_of_day(text: str, expected: tuple[dt.time, dt.time | None] | None) -> None:
    assert parse_times(text) == expected


@given(
    st.sampled_from([*SHAPES, "numbers", "partner"]),
    st.lists(
        st.sampled_from([*SHAPES["event"].keys, *SHAPES["person"].keys, "38", "fix", "to"])
        .flatmap(lambda key: st.text(max_size=20).map(lambda value: f"{key}: {value}"))
        .filter(lambda line: "\n" not in line and "\r" not in line),
        max_size=6,
    ),
)
def test_whatever_the_lines_hold_every_finding_points_at_one_of_them(
    name: str, lines: list[str]
) -> None:
    said = faults("\n".join([f"::: {name}", *lines, ":::"]))

    assert all(3 <= int(line.split(" ", 1)[0]) <= 3 + len(lines) + 1 for line in said)
