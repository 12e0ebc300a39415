"""TOML: every fault is a finding at its line, and nothing else happens."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.config.toml import Key, parse_toml, read_table

KEYS = {
    "title": Key("line", '"Nyhetsbrev"', required=True),
    "note": Key("text", '"…"'),
    "names": Key("texts", '["a", "b"]'),
    "date": Key("date", "2021-01-04"),
    "month": Key("month", '"2021-01"'),
    "open": Key("flag", "true"),
    "site": Key("table", ""),
    "part": Key("tables", ""),
}


def read(text: str, language: str = "sv") -> tuple[dict[str, object], list[str]]:
    """Read `text` against KEYS; give the good values and ``line code message | hint``."""
    toml = parse_toml("a.toml", text)
    values = read_table(toml, toml.data, KEYS)
    rows = [
        f"{f.location.line} {f.code} {f.message(language)} | {f.hint(language)}"
        for f in toml.findings
    ]
    return values, rows


def test_good_values_come_out_as_what_they_are() -> None:
    text = """title = " Nyhetsbrev "
note = "två\\nrader"
names = ["a", "b"]
date = 2021-01-04
month = "2021-01"
open = false
[site]
[[part]]
"""
    assert read(text) == (
        {
            "title": "Nyhetsbrev",
            "note": "två\nrader",
            "names": ("a", "b"),
            "date": dt.date(2021, 1, 4),
            "month": "2021-01",
            "open": False,
            "site": {},
            "part": [{}],
        },
        [],
    )


def test_values_are_composed_so_that_the_same_name_is_the_same() -> None:
    assert read('title = "Sma\u030aKom"')[0] == {"title": "SmåKom"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title = Nyhetsbrev", "1 P02 raden följer inte TOML: värdet går inte att läsa"),
        ("\ntitle = “Nyhetsbrev”", "2 P02 raden följer inte TOML: värdet går inte att läsa"),
        (
            'title = "Nyhetsbrev\ndate = 1',
            "1 P02 raden följer inte TOML: texten saknar citattecken på slutet",
        ),
        ("names = [\n'a'", "2 P02 raden följer inte TOML: listan saknar ] på slutet"),
        ('title = "a" b', "1 P02 raden följer inte TOML: det står något efter värdet"),
        ("title", "1 P02 raden följer inte TOML: det saknas ett = efter nyckeln"),
        ("[[part]\n", "1 P02 raden följer inte TOML: tabellens namn saknar ]] på slutet"),
        ("[site]\n[site]\n", "2 P02 raden följer inte TOML: tabellen finns redan här ovanför"),
        ("n = " + "9" * 5000, "1 P02 raden följer inte TOML: ett tal är för långt"),
        (
            "n = " + "[" * 5000,
            "1 P02 raden följer inte TOML: listor ligger i listor alltför djupt",
        ),
    ],
)
def test_a_line_that_is_no_toml_is_the_only_thing_said(text: str, expected: str) -> None:
    assert read(text) == ({}, [expected + ' | text ska stå inom citattecken: nyckel = "text"'])


def test_a_long_number_is_found_at_its_line() -> None:
    assert read('title = "a"\n\nn = ' + "9" * 5000)[1][0].startswith("3 P02 ")


def test_syntax_is_said_in_english_too() -> None:
    assert read("title = Nyhetsbrev", "en")[1] == [
        '1 P02 the line is not TOML: Invalid value | text stands in quotation marks: key = "text"'
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("title = 3", '”title” ska vara text på en rad, inte 3 | title = "Nyhetsbrev"'),
        ('title = ""', '”title” ska vara text på en rad, inte "" | title = "Nyhetsbrev"'),
        (
            'title = "a\\nBcc: b"',
            '”title” ska vara text på en rad, inte "a\\nBcc: b" | title = "Nyhetsbrev"',
        ),
        (
            'title = "a\\u202Eb"',
            '”title” ska vara text på en rad, inte "a\u202eb" | title = "Nyhetsbrev"',
        ),
        ("note = ['a']", '”note” ska vara text, inte ["a"] | note = "…"'),
        (
            "names = 'a'",
            '”names” ska vara en lista med texter, inte "a" | names = ["a", "b"]',
        ),
        (
            "names = ['a', 1]",
            '”names” ska vara en lista med texter, inte ["a", 1] | names = ["a", "b"]',
        ),
        (
            "date = 'i maj'",
            '”date” ska vara ett datum, inte "i maj" | date = 2021-01-04',
        ),
        (
            "date = 2021-01-04T10:00:00",
            '”date” ska vara ett datum, inte "2021-01-04 10:00:00" | date = 2021-01-04',
        ),
        (
            "month = '2021-13'",
            '”month” ska vara ett datum eller en månad, inte "2021-13" | month = "2021-01"',
        ),
        (
            "month = '0000-01'",
            '”month” ska vara ett datum eller en månad, inte "0000-01" | month = "2021-01"',
        ),
        ("open = 'ja'", '”open” ska vara true eller false, inte "ja" | open = true'),
        ("site = 1", "”site” ska vara en tabell, inte 1 | [site]"),
        ("part = {}", "”part” ska vara en lista av tabeller, inte {} | [[part]]"),
    ],
)
def test_a_value_of_another_kind_is_said_with_an_example(line: str, expected: str) -> None:
    message, example = expected.split(" | ")
    start = "" if line.startswith("title") else 'title = "a"\n'

    values, rows = read(start + line)

    assert rows == [f"{1 if not start else 2} P04 {message} | skriv till exempel {example}"]
    assert set(values) == ({"title"} if start else set())


def test_a_long_value_is_cut() -> None:
    (row,) = read('title = "a"\nopen = "' + "x" * 99 + '"')[1]

    assert row == (
        f'2 P04 ”open” ska vara true eller false, inte "{"x" * 38}…'
        " | skriv till exempel open = true"
    )


def test_unknown_and_missing_keys_are_said_with_what_was_meant() -> None:
    assert read('titel = "a"\nxyzzy = 1\n')[1] == [
        "1 P03 okänd nyckel ”titel” | menade du ”title”?",
        (
            "2 P03 okänd nyckel ”xyzzy”"
            " | kända nycklar: title, note, names, date, month, open, site, part"
        ),
        '1 P04 ”title” saknas | lägg till raden title = "Nyhetsbrev"',
    ]


def test_a_table_is_named_where_its_key_is_wrong() -> None:
    toml = parse_toml("a.toml", "\n[[part]]\n\n[[part]]\ncolour = 1\n")
    read_table(toml, toml.data["part"][1], {"name": Key("line", '"x"', required=True)}, ("part", 1))

    assert [f"{f.location.line} {f.message('en')}" for f in toml.findings] == [
        "5 unknown key “colour” [part]",
        "4 “name” is missing [part]",
    ]


LINES = """title = "a b"
"quoted key" = \"\"\"
title = "in a text"
\"\"\"
[site]
# url = 1
url = "b" # url
[site.deep]
a.b = 1
[[part]]
name = "a"
[[ part ]] # the second
name = "b"
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 1),
        (("quoted key",), 2),
        (("site",), 5),
        (("site", "url"), 7),
        (("site", "deep"), 8),
        (("site", "deep", "a", "b"), 9),
        (("part", 0, "name"), 11),
        (("part", 1), 12),
        (("part", 1, "name"), 13),
        (("part", 1, "missing"), 12),
        (("part", 7), 10),
        (("nothing",), 1),
    ],
)
def test_every_key_has_its_line_and_a_missing_one_that_of_its_table(
    path: tuple[str | int, ...], line: int
) -> None:
    toml = parse_toml("a.toml", LINES)

    assert toml.findings == []
    assert toml.line(*path) == line


@given(st.text())
def test_no_text_raises(text: str) -> None:
    toml = parse_toml("a.toml", text)
    read_table(toml, toml.data, KEYS)

    assert all(1 <= f.location.line <= text.count("\n") + 1 for f in toml.findings)


def test_a_key_of_a_hundred_parts_is_told_and_not_read() -> None:
    deep = ".".join("a" * 200)

    found = parse_toml("x.toml", f'title = "x"\n{deep} = 1\n').findings

    assert [(f.location.line, f.code, f.message("en")) for f in found] == [
        (2, "P02", "the line is not TOML: too deeply nested")
    ]
