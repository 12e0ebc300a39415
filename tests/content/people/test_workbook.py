"""Workbooks: what Excel shows is what is read, and nothing in one can harm."""

import datetime as dt
import io
import struct
import zipfile

import pytest
from openpyxl import Workbook

from smakom_mail.content.people import workbook as reading
from smakom_mail.content.people.table import read_table
from smakom_mail.model.person import Fault
from tests.content.people.tabled import altered, cells, notes, refused, saved, table, workbook

HEAD = ("e-post", "namn", "samtycke")
BROKEN = "arbetsboken är skadad och går inte att läsa: öppna den i Excel och spara om den"
SHEET = "xl/worksheets/sheet1.xml"

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def as_excel_makes_it(sheet: str, strings: str) -> bytes:
    """Make a workbook by hand, with its texts in a part of their own as Excel has them."""
    parts = {
        "[Content_Types].xml": f"""<Types xmlns="{PACKAGE}/content-types">
            <Default Extension="rels" ContentType="application/xml"/>
            <Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>
            <Override PartName="/{SHEET}" ContentType="{TYPE}.worksheet+xml"/>
            <Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}.sharedStrings+xml"/>
            </Types>""",
        "_rels/.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
            <Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>
            </Relationships>""",
        "xl/workbook.xml": f"""<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">
            <sheets><sheet name="Blad1" sheetId="1" r:id="r1"/></sheets></workbook>""",
        "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
            <Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
            <Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>
            </Relationships>""",
        SHEET: f"""<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>""",
        "xl/sharedStrings.xml": f"""<sst xmlns="{MAIN}">{strings}</sst>""",
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


EXCEL = as_excel_makes_it(
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="3" hidden="1"><c r="A3" t="s"><v>2</v></c><c r="B3" t="s"><v>3</v></c></row>'
    '<row r="4"><c r="A4" t="s"><v>4</v></c><c r="B4" t="e"><v>#N/A</v></c></row>',
    "<si><t>E-post</t></si><si><t>Namn</t></si><si><t>a@a.example</t></si>"
    '<si><r><t>Kim </t></r><r><rPr><b/></rPr><t>Berg</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>'
    "<si><t>b@a.example</t></si>",
)

# ------------------------------------------------------------------------------- what Excel shows


def test_a_workbook_as_excel_makes_it_is_read() -> None:
    assert cells(EXCEL) == [
        (3, ["a@a.example", "Kim Berg"]),
        (4, ["b@a.example", "#N/A"]),
    ]
    assert notes(EXCEL) == ["dolda eller bortfiltrerade rader läses också: 1, den första är rad 3"]


def test_rows_have_the_numbers_that_excel_shows() -> None:
    data = workbook(
        [("Medlemmar",), (), HEAD, ("a@a.example", "Kim"), (), (None, " "), ("b@a.example", "Bo")]
    )
    assert cells(data) == [(4, ["a@a.example", "Kim"]), (7, ["b@a.example", "Bo"])]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Åsa", "Åsa"),
        (7, "7"),
        (7.0, "7"),
        (0.1 + 0.2, "0.3"),
        (1e20, "1e+20"),
        (True, "TRUE"),
        (dt.datetime(2021, 1, 4), "2021-01-04"),  # noqa: DTZ001 - a cell has no zone
        (dt.datetime(2021, 1, 4, 10, 5), "2021-01-04 10:05"),  # noqa: DTZ001 - as above
        (dt.datetime(2021, 1, 4, 10, 5, 9), "2021-01-04 10:05:09"),  # noqa: DTZ001 - as above
        (dt.date(2021, 1, 4), "2021-01-04"),
        (dt.time(10, 5), "10:05:00"),
        ("Kim\nBerg", "Kim\nBerg"),
        ("Kim_x000D_\nBerg", "Kim\r\nBerg"),
        ("_x0041_", "_x0041_"),
        ("'=1+1", "'=1+1"),
    ],
)
def test_a_cell_is_read_as_the_text_it_shows(value: object, shown: str) -> None:
    assert cells(workbook([HEAD, ("a@a.example", value)])) == [(2, ["a@a.example", shown])]


def test_of_a_formula_the_result_is_read() -> None:
    data = workbook([HEAD, ("a@a.example", "=1+1"), ("b@a.example", 5)])
    computed = altered(data, SHEET, b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
    assert cells(data)[0] == (2, ["a@a.example"])
    assert cells(computed)[0] == (2, ["a@a.example", "2"])


def test_a_serial_number_outside_the_calendar_is_an_error_in_its_cell_only() -> None:
    data = workbook([HEAD, ("a@a.example", "Kim", dt.date(2021, 1, 4)), ("b@a.example",)])
    wrong = altered(data, SHEET, b"<v>44200</v>", b"<v>99999999</v>")
    assert cells(wrong) == [(2, ["a@a.example", "Kim", "#VALUE!"]), (3, ["b@a.example"])]


def test_the_first_sheet_with_a_header_we_know_is_read_and_the_others_named() -> None:
    data = workbook(
        [("Om listan",), ("uppdaterad",)],
        Medlemmar=[HEAD, ("a@a.example", "Kim")],
        Gamla=[HEAD, ("b@a.example", "Bo")],
    )
    found = table(data)
    assert (found.sheet, [row.cells[0] for row in found.rows]) == ("Medlemmar", ["a@a.example"])
    assert notes(data) == ["bladet Medlemmar läses; arbetsboken har också Sheet, Gamla"]


def test_a_sheet_can_be_named() -> None:
    data = workbook([HEAD], Gamla=[HEAD, ("b@a.example", "Bo")])
    assert cells(data, "Gamla") == [(2, ["b@a.example", "Bo"])]
    assert refused(data, sheet="Nya") == 'arbetsboken har inget blad "Nya"; den har Sheet, Gamla'
    assert table(data, "Gamla").notes == ()


def test_a_hidden_sheet_is_not_read_where_another_can_be_seen() -> None:
    book = Workbook()
    hidden = book.create_sheet("Dold", 0)
    hidden.append(HEAD)
    hidden.sheet_state = "hidden"
    book["Sheet"].append(["x"])
    assert refused(saved(book)) == "ingen kolumn heter e-post; kolumnerna är x"


def test_hidden_rows_and_merged_cells_are_noted() -> None:
    book = Workbook()
    page = book["Sheet"]
    for row in [("Titel",), HEAD, ("a@a.example", "Kim"), ("b@a.example",), ("c@a.example",)]:
        page.append(row)
    page.merge_cells("A1:C1")
    page.merge_cells("B3:B4")
    page.row_dimensions[4].hidden = True
    page.row_dimensions[5].hidden = True
    assert notes(saved(book)) == [
        "dolda eller bortfiltrerade rader läses också: 2, den första är rad 4",
        "sammanslagna rutor (B3:B4): bara den första av dem har någon text",
    ]
    assert [row[0] for row in cells(saved(book))] == [3, 4, 5]


def test_text_far_to_the_right_is_not_looked_at() -> None:
    book = Workbook()
    book["Sheet"].append(HEAD)
    book["Sheet"].append(("a@a.example",))
    book["Sheet"]["XFD2"] = "x"
    assert cells(saved(book)) == [(2, ["a@a.example"])]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "filen är tom"),
        ([("a@a.example", "Kim")], "första raden har inga rubriker, bara uppgifter:"),
        ([("namn",), ("Kim",)], "ingen kolumn heter e-post; kolumnerna är namn"),
        ([("e-post", "mail")], "två kolumner är till för samma sak: e-post och mail"),
    ],
)
def test_a_sheet_without_a_usable_header_is_told(rows: list[tuple[str, ...]], said: str) -> None:
    assert refused(workbook(rows)).startswith(said)


# ------------------------------------------------------------------------------ what is no .xlsx


def archive(**parts: bytes) -> bytes:
    """Make an archive; ``__`` in a name is a slash, ``_dot_`` a dot."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return stream.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000_000)
ODS = b"application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (OLE, "filen är i Excels gamla format (.xls): spara om den som .xlsx"),
        (
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "arbetsboken är låst med lösenord: spara den utan lösenord",
        ),
        (
            archive(xl__workbook_dot_bin=b""),
            "filen är en binär arbetsbok (.xlsb): spara om den som .xlsx",
        ),
        (
            archive(mimetype=ODS, content_dot_xml=b"<x/>"),
            "filen är i LibreOffices format (.ods): spara om den som .xlsx eller CSV",
        ),
        (
            archive(Index__Document_dot_iwa=b""),
            "filen är från Numbers: exportera den därifrån som Excel eller CSV",
        ),
        (
            archive(word__document_dot_xml=b"<x/>"),
            "filen är ingen tabell utan ett textdokument: spara den som .xlsx eller CSV",
        ),
        (
            archive(a_dot_txt=b"x"),
            "filen är ingen tabell utan ett arkiv: spara den som .xlsx eller CSV",
        ),
        (b"PK\x03\x04", BROKEN),
        (workbook([HEAD])[:-30], BROKEN),
        (workbook([HEAD])[:2000] + bytes(500) + workbook([HEAD])[2500:], BROKEN),
    ],
)
def test_what_is_no_workbook_of_todays_excel_is_told(data: bytes, said: str) -> None:
    assert refused(data) == said
    assert refused(data, "en") != said


def test_a_workbook_in_the_strict_format_is_told() -> None:
    data = altered(
        workbook([HEAD]),
        "xl/workbook.xml",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    said = 'arbetsboken är sparad som "Strict Open XML": spara om den som vanlig .xlsx'
    assert refused(data) == said


# ---------------------------------------------------------------------------------- what can harm


def test_a_workbook_that_grows_when_unpacked_is_refused_by_what_it_declares() -> None:
    data = archive(**{"[Content_Types]_dot_xml": b"<x/>", "xl__big_dot_xml": bytes(50_000_000)})
    assert len(data) < 100_000
    assert refused(data) == (
        'arbetsboken är på 51 MB uppackad, och högst 40 MB läses: spara bladet som "CSV UTF-8"'
    )


def test_a_workbook_that_lies_about_its_size_is_not_unpacked_further() -> None:
    data = archive(**{"[Content_Types]_dot_xml": b"<x/>", "xl__big_dot_xml": bytes(50_000_000)})
    honest = struct.pack("<L", 50_000_000)
    assert data.count(honest) == 2
    assert refused(data.replace(honest, struct.pack("<L", 1000))) == BROKEN


def test_an_archive_of_too_many_parts_is_refused() -> None:
    parts = {f"xl__{number}": b"" for number in range(1_100)}
    assert refused(archive(**{"[Content_Types]_dot_xml": b"<x/>"}, **parts)) == BROKEN
    many = {f"xl__{number}{'x' * 200}": b"" for number in range(4_000)}
    assert refused(archive(**{"[Content_Types]_dot_xml": b"<x/>"}, **many)) == BROKEN


BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
FILE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "part", [SHEET, "xl/workbook.xml", "[Content_Types].xml", "xl/sharedStrings.xml"]
)
@pytest.mark.parametrize("doctype", [BOMB, FILE])
def test_a_part_with_a_document_type_is_not_read(part: str, doctype: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(EXCEL)) as before:
        first = before.read(part)[:20]
    assert refused(altered(EXCEL, part, first, doctype + first)) == BROKEN


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp037", "utf-7"])
def test_no_encoding_hides_a_document_type(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    hidden = FILE.decode() + "<worksheet/>"
    text = hidden.encode(encoding) if encoding == "cp037" else (declared + hidden).encode(encoding)
    data = workbook([HEAD])
    with zipfile.ZipFile(io.BytesIO(data)) as before:
        whole = before.read(SHEET)
    prefix = declared.encode() if encoding == "cp037" else b""
    assert refused(altered(data, SHEET, whole, prefix + text)) == BROKEN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b't="n"><v>7</v>', b't="n"><v>x</v>'),
        (b't="n"><v>7</v>', b't="s"><v>999</v>'),
        (b't="n"><v>7</v>', b't="n"><v>' + b"9" * 5000 + b"</v>"),
        (b't="n"><v>7</v>', b't="d"><v>in spring</v>'),
        (b'r="B601"', b'r="601"'),
        (b"</sheetData>", b"</sheetDat>"),
    ],
)
def test_a_damaged_row_stops_the_reading_with_a_sentence_and_keeps_what_came_before(
    old: bytes, new: bytes
) -> None:
    rows = [HEAD, *((f"kim{n}@a.example", "Kim") for n in range(2, 601)), ("x@a.example", 7)]
    data = altered(workbook(rows), SHEET, old, new)
    found = cells(data)
    assert found[0] == (2, ["kim2@a.example", "Kim"])
    assert found[-1][1] == (
        "raden är skadad, och arbetsboken går inte att läsa längre än hit:"
        " öppna den i Excel och spara om den"
    )


def test_a_row_number_beyond_the_last_one_ends_the_sheet() -> None:
    data = workbook([HEAD, ("a@a.example", "Kim"), ("b@a.example", "Bo")])
    far = altered(data, SHEET, b'<row r="3">', b'<row r="999999999999">')
    assert cells(altered(far, SHEET, b'r="A3"', b'r="A999999"'))[:1] == [
        (2, ["a@a.example", "Kim"])
    ]


def test_a_sheet_that_claims_a_wrong_size_is_read_whole() -> None:
    data = workbook([HEAD, ("a@a.example", "Kim"), ("b@a.example", "Bo")])
    assert [row for row, _ in cells(altered(data, SHEET, b'ref="A1:C3"', b'ref="A1:A1"'))] == [2, 3]


def test_a_large_file_is_told_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "EXPANDED", 1_000)
    said = "filen är på 1 MB, och högst 0 MB läses: dela den i flera filer"
    assert refused(workbook([HEAD])) == said


def test_any_damage_gives_a_table_or_a_sentence() -> None:
    data = workbook([HEAD, ("a@a.example", "Kim")])
    for place in range(0, len(data), 7):
        hurt = data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]
        found = read_table(io.BytesIO(hurt))
        assert isinstance(found, Fault) or all(row.number > 1 for row in found.rows)
