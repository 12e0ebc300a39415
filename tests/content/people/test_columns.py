"""Headers of tables of people: Swedish and English, forgiven, and what cannot be forgiven."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.people.columns import HEADERS, Columns, find_columns, fold
from smakom_mail.content.people.sentences import sentence
from smakom_mail.model.person import Fault


def places(*header: str) -> dict[str, int]:
    found = find_columns([header])
    assert isinstance(found, Columns), sentence(found)
    return found.places


def refused(*rows: tuple[str, ...]) -> tuple[str, str]:
    found = find_columns(rows)
    assert isinstance(found, Fault)
    return sentence(found), sentence(found, "en")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (["E-post", "Namn", "Kommun"], ["email", "name", "organisation"]),
        (["epost", "förnamn", "efternamn"], ["email", "first_name", "last_name"]),
        (["E-POSTADRESS:", " NAMN ", "Språk"], ["email", "name", "language"]),
        (["mejl", "listor", "taggar"], ["email", "lists", "tags"]),
        (["mail", "lista", "etiketter"], ["email", "lists", "tags"]),
        (["Email", "Rättslig grund", "Samtycke"], ["email", "basis", "consent_at"]),
        (["e-mail", "grund", "Ordalydelse"], ["email", "basis", "wording"]),
        (["E‑post", "Fo\u0308rnamn", "EFTERNAMN"], ["email", "first_name", "last_name"]),
        (["\ufeffe-post", "Municipality?"], ["email", "organisation"]),
        (
            [
                *("email", "name", "organisation", "language", "lists", "tags", "basis"),
                *("consent_at", "consent_source", "wording"),
            ],
            [
                *("email", "name", "organisation", "language", "lists", "tags", "basis"),
                *("consent_at", "consent_source", "wording"),
            ],
        ),
    ],
)
def test_headers_are_known_in_both_languages_and_any_spelling(
    header: list[str], expected: list[str]
) -> None:
    assert places(*header) == {name: place for place, name in enumerate(expected)}


def test_first_and_last_name_are_one_field() -> None:
    found = find_columns([["e-post", "förnamn", "efternamn"]])
    assert isinstance(found, Columns)
    assert found.fields == {"email", "name"}


def test_an_unknown_column_is_named_with_what_it_may_have_been_meant_to_be() -> None:
    found = find_columns([["e-post", "kommnu", "skonummer", "", "taggarna"]])
    assert isinstance(found, Columns)
    assert [sentence(note) for note in found.notes] == [
        "kolumnen kommnu läses inte; menade du kommun?",
        "kolumnen skonummer läses inte",
        "kolumnen taggarna läses inte; menade du taggar?",
    ]
    assert [sentence(note, "en") for note in found.notes[:2]] == [
        "the column kommnu is not read; did you mean kommun?",
        "the column skonummer is not read",
    ]


def test_a_title_may_stand_above_the_header() -> None:
    found = find_columns([["Medlemmar 2021"], [""], ["Namn", "E-post"], ["Kim", "kim@a.example"]])
    assert isinstance(found, Columns)
    assert (found.header, found.places) == (2, {"name": 0, "email": 1})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("kim@a.example", "Kim")], "första raden har inga rubriker, bara uppgifter:"),
        ([("Kim", "kim@a.example"), ("Eva", "eva@a.example")], "första raden har inga rubriker,"),
        (
            [("namn", "kommun"), ("Kim", "Eda")],
            "ingen kolumn heter e-post; kolumnerna är namn, kommun",
        ),
        ([("Adress", "X")], "ingen kolumn heter e-post; kolumnerna är Adress, X"),
        ([("e-post", "Mail")], "två kolumner är till för samma sak: e-post och Mail"),
        ([("e-post", "kommun", "organisation")], "två kolumner är till för samma sak: kommun och"),
        ([("", " ")], "filen är tom"),
        ([], "filen är tom"),
    ],
)
def test_a_table_without_a_usable_header_is_told_in_a_sentence(
    rows: list[tuple[str, ...]], said: str
) -> None:
    swedish, english = refused(*rows)
    assert swedish.startswith(said)
    assert english != swedish


def test_no_header_means_two_things() -> None:
    owners: dict[str, set[str]] = {}
    for name, headers in HEADERS.items():
        for header in headers:
            owners.setdefault(fold(header), set()).add(name)
    assert {header: names for header, names in owners.items() if len(names) > 1 or not header} == {}


@given(st.lists(st.lists(st.text(max_size=12), max_size=5), max_size=12))
def test_any_rows_have_columns_or_a_sentence(rows: list[list[str]]) -> None:
    found = find_columns(rows)
    if isinstance(found, Fault):
        assert sentence(found).isprintable()
    else:
        assert "email" in found.places
