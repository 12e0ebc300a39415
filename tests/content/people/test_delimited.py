"""Tables of text as Excel and others write them: encodings, delimiters, quotes, row numbers."""

import csv
import io
import tracemalloc
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.people import delimited
from smakom_mail.content.people.delimited import LINE_LIMIT, split_line
from smakom_mail.content.people.table import Table, read_table
from tests.content.people.tabled import cells, notes, refused, table

HEAD = "e-post;namn\n"
QUOTE = "ett citattecken som öppnas på raden stängs aldrig: ta bort det eller skriv ett till"

# ----------------------------------------------------------------------- encodings, delimiters


@pytest.mark.parametrize(
    ("data", "encoding", "delimiter"),
    [
        ("e-post;namn\na@a.example;Åsa\n".encode(), "utf-8-sig", ";"),
        ("\ufeffe-post;namn\na@a.example;Åsa\n".encode(), "utf-8-sig", ";"),
        ("e-post;namn\r\na@a.example;Åsa\r\n".encode("cp1252"), "cp1252", ";"),
        ("e-post,namn\na@a.example,Åsa\n".encode(), "utf-8-sig", ","),
        ("e-post\tnamn\na@a.example\tÅsa\n".encode(), "utf-8-sig", "\t"),
        ("e-post;namn\ra@a.example;Åsa\r".encode(), "utf-8-sig", ";"),
        ("sep=,\r\ne-post,namn\r\na@a.example,Åsa".encode(), "utf-8-sig", ","),
        ('\ufeff"sep=|"\r\ne-post|namn\r\na@a.example|Åsa'.encode(), "utf-8-sig", "|"),
        ('"e-post";"namn"\n"a@a.example";"Åsa"'.encode(), "utf-8-sig", ";"),
        ("e-post;namn;;;\na@a.example;Åsa;;;\n;;;;\n\n".encode(), "utf-8-sig", ";"),
    ],
)
def test_encoding_and_delimiter_are_found_out(data: bytes, encoding: str, delimiter: str) -> None:
    found = table(data)
    rows = [(row.number, [cell for cell in row.cells if cell]) for row in found.rows]
    assert (found.encoding, found.delimiter) == (encoding, delimiter)
    assert rows == [(2, ["a@a.example", "Åsa"])]


def test_the_header_decides_the_delimiter_where_names_have_commas() -> None:
    text = "Efternamn, förnamn;e-post\nBerg, Kim;kim@a.example\n"
    assert cells(text) == [(2, ["Berg, Kim", "kim@a.example"])]
    assert notes(text) == ["kolumnen Efternamn, förnamn läses inte"]


def test_one_column_needs_no_delimiter() -> None:
    assert cells("e-post\nkim@a.example\n") == [(2, ["kim@a.example"])]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "filen är tom"),
        (b"\xef\xbb\xbf\r\n\r\n", "filen är tom"),
        (
            "e-post\tnamn\na@a.example\tKim".encode("utf-16"),
            'filen är sparad som Unicode-text (UTF-16): spara om den i Excel som "CSV UTF-8"',
        ),
        (
            "e-post\tnamn\na@a.example\tKim".encode("utf-16-le"),
            'filen är sparad som Unicode-text (UTF-16): spara om den i Excel som "CSV UTF-8"',
        ),
        (
            b"e-post;namn\na@a.example;Kim\nb@a.example;Bo\x00\n",
            (
                "rad 3 har tomma byte (NUL): filen är skadad, eller ingen tabell. Spara om den"
                ' som "CSV UTF-8"'
            ),
        ),
        (
            b"e-post;namn\na@a.example;K\xe5\nb@a.example;Bo\x81\n",
            (
                "rad 3 går inte att läsa, varken som UTF-8 eller Windows-1252: spara om filen"
                ' som "CSV UTF-8"'
            ),
        ),
        (
            "e-post;namn\na@a.example;Åsa\n".encode() + b"b@a.example;\xc5sa\n",
            (
                "rad 3 är inte UTF-8, fast annat i filen är det: spara om filen"
                ' som "CSV UTF-8" och se efter hur å, ä och ö ser ut'
            ),
        ),
        (b"%PDF-1.7 ...", "filen är ingen tabell utan en PDF: spara den som .xlsx eller CSV"),
        (
            b"<html><table><tr><td>e-post",
            "filen är ingen tabell utan en webbsida: spara den som .xlsx eller CSV",
        ),
        (
            b'<?xml version="1.0"?><Workbook>',
            "filen är ingen tabell utan en webbsida: spara den som .xlsx eller CSV",
        ),
        (b"\x1f\x8b\x08", "filen är ingen tabell utan ett arkiv: spara den som .xlsx eller CSV"),
    ],
)
def test_what_is_no_table_of_text_is_told_in_a_sentence(data: bytes, said: str) -> None:
    assert refused(data) == said
    assert refused(data, "en") != said


def test_a_file_that_is_too_large_is_told_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delimited, "LIMIT", 2_000_000)
    said = "filen är på 3 MB, och högst 2 MB läses: dela den i flera filer"
    assert refused(HEAD + "x" * 2_500_000) == said


def test_the_limit_lets_a_million_people_through() -> None:
    assert delimited.LIMIT == 1_000_000_000


# -------------------------------------------------------------------------- rows and quotations


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("\n\na@a.example;Kim\n", [(4, ["a@a.example", "Kim"])]),
        (' ;\u00a0\n"";""\na@a.example;Kim\n', [(4, ["a@a.example", "Kim"])]),
        (
            'a@a.example;"Kim\nBerg"\nb@a.example;Bo\n',
            [(2, ["a@a.example", "Kim\nBerg"]), (3, ["b@a.example", "Bo"])],
        ),
        (
            'a@a.example;"Kim\r\n\r\nBerg"\r\nb@a.example;Bo\r\n',
            [(2, ["a@a.example", "Kim\r\n\r\nBerg"]), (3, ["b@a.example", "Bo"])],
        ),
        ('a@a.example;"Kim ""K"" Berg"\n', [(2, ["a@a.example", 'Kim "K" Berg'])]),
        ('a@a.example;Kim "K" Berg\n', [(2, ["a@a.example", 'Kim "K" Berg'])]),
        ('a@a.example;5" skärm\n', [(2, ["a@a.example", '5" skärm'])]),
        ('a@a.example;"Kim" Berg\n', [(2, ["a@a.example", "Kim Berg"])]),
        ('a@a.example;"Berg; Kim"\n', [(2, ["a@a.example", "Berg; Kim"])]),
        ("a@a.example", [(2, ["a@a.example"])]),
        ("a@a.example;Kim;mer;;\n", [(2, ["a@a.example", "Kim", "mer", "", ""])]),
    ],
)
def test_rows_are_numbered_and_divided_as_excel_does(
    text: str, rows: list[tuple[int, list[str]]]
) -> None:
    assert cells(HEAD + text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            'a@a.example;"Kim\nb@a.example;Bo\nc@a.example;"Eva"\n',
            [(2, QUOTE), (3, ["b@a.example", "Bo"]), (4, ["c@a.example", "Eva"])],
        ),
        (
            'a@a.example;"Kim\nb@a.example;Bo\n',
            [(2, QUOTE), (3, ["b@a.example", "Bo"])],
        ),
        (
            '"Kim;a@a.example\nBo;b@a.example\nEva";c@a.example\n',
            [(2, QUOTE), (3, ["Bo", "b@a.example"]), (4, ['Eva"', "c@a.example"])],
        ),
        ('a@a.example;"\n' * 2, [(2, QUOTE), (3, QUOTE)]),
        (
            'a@a.example;"Kim\nb@a.example;Eva"\n',
            [(2, QUOTE), (3, ["b@a.example", 'Eva"'])],
        ),
    ],
)
def test_a_stray_quotation_mark_costs_its_own_row_and_no_other(
    text: str, rows: list[tuple[int, list[str] | str]]
) -> None:
    assert cells(HEAD + text) == rows


@pytest.mark.parametrize(
    ("header", "row", "cells_"),
    [
        ("namn;e-post", '"Kim\nBerg";a@a.example', ["Kim\nBerg", "a@a.example"]),
        (
            "e-post;namn;kommun;ordalydelse",
            'a@a.example;Kim;Eda;"Ja; gärna.\nFrågor; till info@a.example\neller; info@b.example"',
            [
                "a@a.example",
                "Kim",
                "Eda",
                "Ja; gärna.\nFrågor; till info@a.example\neller; info@b.example",
            ],
        ),
        (
            "e-post;namn;kommun;språk;ordalydelse",
            'a@a.example;Kim;Eda;sv;"Kim;info@a.example\nBo;info@b.example"',
            ["a@a.example", "Kim", "Eda", "sv", "Kim;info@a.example\nBo;info@b.example"],
        ),
    ],
)
def test_addresses_and_delimiters_may_stand_in_a_cell_of_several_lines(
    header: str, row: str, cells_: list[str]
) -> None:
    text = f"{header}\n{row}\n"
    assert cells(text) == [(2, cells_)]


def test_an_open_quotation_mark_is_given_up_after_fifty_lines() -> None:
    text = HEAD + 'a@a.example;"Kim\n' + "x\n" * 60 + 'z"\n' + "b@a.example;Bo\n"
    rows = cells(text)
    assert (rows[0], len(rows), rows[-1]) == ((2, QUOTE), 63, (64, ["b@a.example", "Bo"]))


def test_a_line_that_never_ends_costs_its_own_row_and_no_other() -> None:
    text = HEAD + "a@a.example;" + "x" * 5_000_000 + "\nb@a.example;Bo\n"
    assert cells(text) == [
        (2, f"raden är längre än {LINE_LIMIT} tecken"),
        (3, ["b@a.example", "Bo"]),
    ]


def test_the_stream_stays_open_for_whom_it_belongs_to() -> None:
    stream = io.BytesIO((HEAD + "a@a.example;Kim\n").encode())
    for _ in range(2):
        found = read_table(stream)
        del found
    assert not stream.closed


def test_rows_are_read_as_they_are_asked_for() -> None:
    """The file is never held whole: what a hundred thousand rows take is not seen."""
    text = HEAD + "".join(f"kim{n}@a.example;Kim Berg\n" for n in range(100_000))
    stream = io.BytesIO(text.encode())
    tracemalloc.start()
    found = read_table(stream)
    assert isinstance(found, Table)
    count = sum(1 for _ in found.rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 100_000
    assert peak < len(text)


# ---------------------------------------------------------------------------- against Python's csv

CELL = st.text(st.sampled_from("ab åé\"';,\t=+-@|0"), max_size=8)


@given(st.lists(CELL, min_size=1, max_size=5), st.sampled_from(";,\t"))
def test_what_pythons_csv_module_writes_on_a_line_is_read_alike(
    row: list[str], delimiter: str
) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(row)
    assert split_line(out.getvalue(), delimiter) == (row, True, True)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00@"), max_size=20).filter(
    lambda text: not text.isspace()
)


@given(
    st.lists(st.tuples(TEXT.filter(bool), TEXT), max_size=6),
    st.sampled_from(";,\t"),
    st.sampled_from(["\r\n", "\n", "\r"]),
)
def test_what_pythons_csv_module_writes_is_read_back(
    rows: list[tuple[str, str]], delimiter: str, end: str
) -> None:
    out = io.StringIO()
    # Python leaves other line breaks than its own between rows unquoted.
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([("e-post", "namn"), *rows])
    expected = [list(row) for row in rows if not all(not c or c.isspace() for c in row)]
    assert [list(row.cells) for row in table(out.getvalue()).rows] == expected


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_sentence(data: bytes) -> None:
    for text in (data, HEAD.encode() + data):
        found = read_table(io.BytesIO(text))
        if isinstance(found, Table):
            assert all(row.number > 1 for row in found.rows)
