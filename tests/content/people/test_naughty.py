"""Naughty texts in every field of a table, as .csv and .xlsx, there and back."""

import csv
import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from smakom_mail.content.people.formulas import disarmed, restored
from smakom_mail.content.people.rows import LIMITS
from smakom_mail.content.people.sentences import FIELDS, SENTENCES, sentence
from smakom_mail.model.person import PersonRow, Rejected, Repeated
from tests.content.people.naughty import NAUGHTY
from tests.content.people.tabled import people, refused, table, workbook

FIELD_NAMES = list(FIELDS)
PLAIN = {"email": "kim@a.example"}


def written(rows: list[list[str]]) -> bytes:
    """Write a .csv of all fields as Python does."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([FIELD_NAMES, *rows])
    return out.getvalue().encode("utf-8")


def filled(field: str, text: str) -> list[str]:
    """Give a row in which `field` holds `text`."""
    return [text if name == field else PLAIN.get(name, "") for name in FIELD_NAMES]


def check(person: PersonRow | Rejected | Repeated) -> None:
    """Hold what every row read must be: safe to show, and within its limits."""
    assert person.email.isprintable()
    if isinstance(person, Rejected):
        for language in ("sv", "en"):
            assert sentence(person.reason, language).isprintable()
            assert len(sentence(person.reason, language)) < 260
    if isinstance(person, PersonRow):
        line = [
            person.name,
            person.organisation,
            person.consent_source,
            *person.lists,
            *person.tags,
        ]
        for text in (*line, person.wording.replace("\n", " ")):
            assert not [c for c in text if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs")]
            assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
            assert text == " ".join(text.split())
            assert unicodedata.is_normalized("NFC", text)
        assert len(person.name) <= LIMITS["name"]
        assert person.language in ("", "sv", "en")


@pytest.mark.parametrize("field", FIELD_NAMES)
def test_a_naughty_text_in_any_field_of_a_csv_is_a_person_or_a_sentence(field: str) -> None:
    texts = [text for text in NAUGHTY if "\x00" not in text]
    found = people(written([filled(field, text) for text in texts]))
    used = [text for text in texts if field != "email" or text.strip()]
    blank = [row for row in texts if field == "email" and not row.strip()]
    assert len(found) == len(used)
    assert len(used) + len(blank) == len(texts)
    for person in found:
        check(person)


@pytest.mark.parametrize("field", FIELD_NAMES)
def test_a_naughty_text_in_any_field_of_a_workbook_is_a_person_or_a_sentence(field: str) -> None:
    for text in NAUGHTY:
        if set(text) & {"\ufffe", "\uffff"}:
            continue  # XML has no place for these
        row = filled(field, "'" + text if text.startswith("=") else text)
        escaped = [ILLEGAL_CHARACTERS_RE.sub(lambda c: f"_x{ord(c[0]):04X}_", cell) for cell in row]
        data = workbook([FIELD_NAMES, escaped])
        for person in people(data):
            check(person)


def test_a_nul_is_the_whole_files_fault() -> None:
    for text in NAUGHTY:
        if "\x00" in text:
            assert refused(written([filled("name", text)])).startswith("rad 2 har tomma byte")


def test_a_naughty_header_is_a_note() -> None:
    for text in NAUGHTY:
        if "\x00" not in text and '"' not in text:
            out = io.StringIO()
            csv.writer(out, delimiter=";").writerow(["e-post", text[:1000]])
            found = table(out.getvalue().encode())
            assert "email" in found.columns.fields
            assert all(sentence(note).isprintable() for note in found.notes)


# ------------------------------------------------------------------------------ there and back


@given(st.text())
def test_what_is_disarmed_is_restored_and_starts_no_formula(text: str) -> None:
    safe = disarmed(text)
    assert restored(safe) == text
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("starter", ["=", "+", "-", "@", "\t", "\r", "'", "＝"])
@pytest.mark.parametrize("rest", ["", "1+1", "'", "=1"])
def test_every_starter_of_a_formula_is_disarmed(starter: str, rest: str) -> None:
    assert disarmed(starter + rest) == f"'{starter}{rest}"
    assert restored(f"'{starter}{rest}") == starter + rest


def test_an_apostrophe_that_is_no_guard_stays() -> None:
    assert [restored(text) for text in ("'t Hooft", "'", "O'Hara", "")] == [
        *("'t Hooft", "'", "O'Hara", "")
    ]


def cells(person: PersonRow) -> list[str]:
    """Write a person as an export does."""
    return [
        *(person.email, person.name, person.organisation, person.language),
        *(";".join(person.lists), ";".join(person.tags), person.basis or ""),
        *(person.consent_at, person.consent_source, person.wording),
    ]


TEXT = st.one_of(
    st.sampled_from([text for text in NAUGHTY if "\x00" not in text and len(text) < 300]),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20),
)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT, TEXT, TEXT, TEXT), max_size=4))
def test_what_was_read_is_written_and_read_again_without_loss(
    rows: list[tuple[str, str, str, str, str, str]],
) -> None:
    data = written(
        [
            [f"kim{n}@a.example", name, place, "sv", lists, tags, "samtycke", "2021-01-04", *rest]
            for n, (name, place, lists, tags, *rest) in enumerate(rows)
        ]
    )
    first = [person for person in people(data) if isinstance(person, PersonRow)]
    again = people(written([[disarmed(cell) for cell in cells(person)] for person in first]))
    assert [cells(person) for person in again if isinstance(person, PersonRow)] == [
        cells(person) for person in first
    ]
    assert all(isinstance(person, PersonRow) and not person.notes for person in again)


# ------------------------------------------------------------------------------------- sentences


def test_every_sentence_says_the_same_in_both_languages() -> None:
    for kind, (swedish, english) in SENTENCES.items():
        values = [sorted(re.findall(r"\{(\w+)\}", text)) for text in (swedish, english)]
        assert values[0] == values[1], kind
        assert swedish != english, kind
