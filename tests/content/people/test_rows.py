"""Rows: each a person, or rejected with a reason; and one bad row never stops the rest."""

import pytest

from smakom_mail.content.people.rows import read_rows
from smakom_mail.content.people.sentences import sentence
from smakom_mail.model.person import Basis, Fault, PersonRow, Repeated
from tests.content.people.tabled import NOW, one, people, rejected, table, workbook

FULL = (
    "email;name;organisation;language;lists;tags;basis;consent_at;consent_source;wording\n"
    "Kim@A.example;Kim Berg;Eda kommun;sv;medlemmar;styrelse;consent;2021-01-04;webben;Ja tack\n"
)


def mended(person: PersonRow, language: str = "sv") -> list[str]:
    return [sentence(note, language) for note in person.notes]


# ---------------------------------------------------------------------------------- what is read


def test_a_whole_row_is_a_person() -> None:
    assert one(FULL) == PersonRow(
        row=2,
        email="Kim@a.example",
        key="kim@a.example",
        flags=(),
        name="Kim Berg",
        organisation="Eda kommun",
        language="sv",
        lists=("medlemmar",),
        tags=("styrelse",),
        basis=Basis.CONSENT,
        consent_at="2021-01-04",
        consent_source="webben",
        wording="Ja tack",
    )


def test_an_address_alone_is_a_person() -> None:
    person = one("e-post\n kommun@a.example\u00a0\n")
    assert person == PersonRow(
        *(2, "kommun@a.example", "kommun@a.example", ("role",), "", "", "", (), ()),
        *(None, "", "", ""),
    )


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("namn", "  Kim   Berg ", "Kim Berg"),
        ("namn", "Kim\u00a0Berg", "Kim Berg"),
        ("namn", "A\u030asa", "Åsa"),
        ("förnamn;efternamn", "Kim;Berg", "Kim Berg"),
        ("förnamn;efternamn", ";Berg", "Berg"),
        ("förnamn", "Kim", "Kim"),
        ("namn;förnamn;efternamn", "Kim B.;Kim;Berg", "Kim B."),
        ("namn;förnamn;efternamn", ";Kim;Berg", "Kim Berg"),
        ("namn", "'=1+1", "=1+1"),
        ("namn", "''t Hooft", "'t Hooft"),
        ("namn", "'t Hooft", "'t Hooft"),
        ("namn", "''=x", "'=x"),
        ("namn", "<b>Kim</b>", "<b>Kim</b>"),
    ],
)
def test_a_name_is_joined_and_tidied(header: str, row: str, name: str) -> None:
    person = one(f"e-post;{header}\na@a.example;{row}\n")
    assert (person.name, person.notes) == (name, ())


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ('"Kim\nBerg"', "Kim Berg"),
        ('"Kim\r\n\r\nBerg"', "Kim Berg"),
        ("Kim\x07Berg", "Kim Berg"),
        ("Kim\u202eBerg", "Kim Berg"),
        ("Kim\u2028Berg", "Kim Berg"),
        ("Anders\u00adson", "Andersson"),
        ("Kim\u200b Berg", "Kim Berg"),
        ("\x1b[31mKim", "[31mKim"),
        ("\u202e", ""),
    ],
)
def test_what_cannot_be_seen_in_a_name_goes_with_a_note_and_the_person_stays(
    cell: str, name: str
) -> None:
    person = one(f"e-post;namn\na@a.example;{cell}\n")
    assert person.name == name
    assert mended(person) == [
        "radbrytningar, styrtecken eller osynliga tecken i namn är utbytta mot mellanslag"
    ]
    assert mended(person, "en") == [
        "line breaks, control or invisible characters in name were replaced by a space"
    ]


def test_a_wording_keeps_its_lines() -> None:
    person = one('e-post;ordalydelse\na@a.example;"Ja tack,\r\n gärna\x07 nyheter.\n"\n')
    assert person.wording == "Ja tack,\ngärna nyheter."


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("Medlemmar;styrelse", ("medlemmar", "styrelse")),
        (" b ;; a;B", ("a", "b")),
        ("ny 2021;\u00a0x\x07y", ("ny 2021", "x y")),
        (";", ()),
    ],
)
def test_lists_and_tags_are_divided_by_semicolons(cell: str, labels: tuple[str, ...]) -> None:
    person = one(f'e-post;listor;taggar\na@a.example;"{cell}";"{cell}"\n')
    assert (person.lists, person.tags) == (labels, labels)


@pytest.mark.parametrize(
    ("cell", "basis"),
    [
        ("samtycke", Basis.CONSENT),
        ("Consent", Basis.CONSENT),
        ("medlemskap", Basis.MEMBERSHIP),
        ("Medlem", Basis.MEMBERSHIP),
        ("allmänt intresse", Basis.PUBLIC_TASK),
        ("public-task", Basis.PUBLIC_TASK),
        ("Berättigat intresse", Basis.LEGITIMATE_INTEREST),
        ("legitimate interest", Basis.LEGITIMATE_INTEREST),
        ("", None),
    ],
)
def test_the_legal_basis_is_known_in_both_languages(cell: str, basis: Basis | None) -> None:
    assert one(f"e-post;grund\na@a.example;{cell}\n").basis == basis


@pytest.mark.parametrize(
    ("at", "source", "basis"),
    [("2021-01-04", "webben", Basis.CONSENT), ("2021-01-04", "", None), ("", "webben", None)],
)
def test_when_and_where_together_are_a_consent_documented_elsewhere(
    at: str, source: str, basis: Basis | None
) -> None:
    person = one(f"e-post;consent_at;consent_source\na@a.example;{at};{source}\n")
    assert (person.basis, person.consent_at, person.consent_source) == (basis, at, source)


@pytest.mark.parametrize(("cell", "language"), [("SV", "sv"), ("Svenska", "sv"), ("en-GB", "en")])
def test_a_language_is_known_by_its_code_and_name(cell: str, language: str) -> None:
    assert one(f"e-post;språk\na@a.example;{cell}\n").language == language


def test_an_error_of_the_spreadsheet_is_an_empty_cell_with_a_note() -> None:
    person = one("e-post;namn;kommun\na@a.example;#SAKNAS!;#N/A\n")
    assert (person.name, person.organisation) == ("", "")
    assert mended(person) == [
        "rutan för namn har felvärdet #SAKNAS! och läses som tom",
        "rutan för organisation har felvärdet #N/A och läses som tom",
    ]


def test_what_excel_keeps_of_a_date_is_a_date() -> None:
    data = workbook(
        [("e-post", "samtycke"), ("a@a.example", NOW.replace(tzinfo=None)), ("b@a.example", 44200)]
    )
    first, second = people(data)
    assert isinstance(first, PersonRow)
    assert isinstance(second, PersonRow)
    assert (first.consent_at, second.consent_at) == ("2021-02-01T12:00:00+00:00", "2021-01-04")
    assert mended(second) == ["talet 44200 är läst som Excels nummer för 2021-01-04"]


def test_text_right_of_the_headers_is_nothing_in_a_workbook() -> None:
    assert one(workbook([("e-post",), ("a@a.example", "ring henne")])).email == "a@a.example"


# ------------------------------------------------------------------------------ what is rejected


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        ("namn", "Kim", "2 kim: e-postadressen saknar @"),
        ("språk", "fi", 'språket "fi" finns inte: skriv sv eller en'),
        (
            "grund",
            "ja",
            (
                'den rättsliga grunden "ja" finns inte: skriv samtycke, medlemskap,'
                " allmänt intresse eller berättigat intresse"
            ),
        ),
        ("samtycke", "ja", 'datumet "ja" går inte att läsa: skriv till exempel 2021-01-04'),
        ("samtycke", "2021-02-02", "datumet 2021-02-02 har inte varit än"),
        ("namn", "a" * 201, "namn har 201 tecken, högst 200 får plats"),
        ("kommun", "å" * 201, "organisation har 201 tecken, högst 200 får plats"),
        ("förnamn;efternamn", "a" * 150 + ";" + "b" * 150, "namn har 301 tecken, högst 200 får"),
        ("listor", "a" * 61, "listor har 61 tecken, högst 60 får plats"),
        ("taggar", '"' + ";".join(map(str, range(51))) + '"', "taggar har 51 delar, högst 50 får"),
        ("ordalydelse", "a" * 10_001, "ordalydelse har 10001 tecken, högst 10000 får plats"),
        (
            "namn",
            "Berg; Kim",
            "raden har text i kolumn 3, till höger om rubrikerna: är den delad på fel ställe?",
        ),
    ],
)
def test_a_row_that_cannot_be_used_is_rejected_and_the_next_one_read(
    header: str, row: str, said: str
) -> None:
    email = "kim" if said.startswith("2 kim") else "Kim@a.example"
    found = people(f"e-post;{header}\n{email};{row}\nb@a.example;\n")
    assert len(found) == 2
    assert isinstance(found[1], PersonRow)
    (sentence_,) = rejected(f"e-post;{header}\n{email};{row}\nb@a.example;\n")
    assert sentence_.removeprefix("2 Kim@a.example: ").startswith(said)


def test_a_stray_quotation_mark_rejects_its_row_by_number() -> None:
    text = 'e-post;namn\na@a.example;"Kim\nb@a.example;Bo\n'
    assert rejected(text) == [
        (
            "2 a@a.example: ett citattecken som öppnas på raden stängs aldrig:"
            " ta bort det eller skriv ett till"
        )
    ]
    assert [found.row for found in people(text)] == [2, 3]


def test_of_the_same_person_twice_the_first_row_counts() -> None:
    text = (
        "e-post;namn\nkim@a.example;Kim\nKIM@A.example;Kim\nkim@a.example;Eva\neva@a.example;Kim\n"
    )
    found = people(text)
    assert [type(row).__name__ for row in found] == [
        *("PersonRow", "Repeated", "Rejected", "PersonRow")
    ]
    assert found[1] == Repeated(3, "KIM@a.example", 2)
    assert rejected(text) == [
        "4 kim@a.example: samma adress står med andra uppgifter på rad 2, som gäller"
    ]
    assert rejected(text, "en") == [
        "4 kim@a.example: the same address stands with other data on row 2, which counts"
    ]


def test_a_rejected_row_does_not_stand_in_the_way_of_the_same_person_further_down() -> None:
    found = people("e-post;språk\nkim@a.example;fi\nkim@a.example;sv\n")
    assert [type(row).__name__ for row in found] == ["Rejected", "PersonRow"]


def test_with_a_relay_that_has_smtputf8_letters_before_the_at_are_taken() -> None:
    text = "e-post\nåsa@a.example\n"
    assert rejected(text) == [
        "2 åsa@a.example: e-postadressen har å före @, och det tar servern inte emot"
    ]
    (person,) = read_rows(table(text), now=NOW, allow_smtputf8=True)
    assert person.email == "åsa@a.example"


def test_role_addresses_are_those_that_are_given() -> None:
    (person,) = read_rows(table("e-post\nhamnen@a.example\n"), now=NOW, roles={"hamnen"})
    assert isinstance(person, PersonRow)
    assert person.flags == ("role",)


def test_many_rows_with_the_same_cells_are_read_alike() -> None:
    rows = "".join(f"kim{n}@a.example;samtycke;2021-01-04;a\x07b\n" for n in range(50))
    found = people("e-post;grund;samtycke;kommun\n" + rows)
    said = {
        (row.basis, row.consent_at, row.organisation, len(row.notes))
        for row in found
        if isinstance(row, PersonRow)
    }
    assert said == {(Basis.CONSENT, "2021-01-04", "a b", 1)}


def test_a_fault_is_data() -> None:
    (found,) = people("e-post;språk\nkim@a.example;fi\n")
    assert getattr(found, "reason", None) == Fault("language-unknown", (("value", "fi"),))
