"""Workbooks through the whole import: what stands in their cells is what the people get."""

import datetime as dt
import io
from pathlib import Path

from openpyxl import Workbook

from smakom_mail.content.people.sentences import sentence
from smakom_mail.content.people.table import Table, read_table
from smakom_mail.model.person import Fault, Subscriber
from smakom_mail.services.importing import Defaults, Imported, import_people
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.finding import find
from tests.content.people.tabled import altered, saved, workbook
from tests.services.subscribing.keeping import ACT, CONSENT, NOW, counts, later, planned

HEAD = ("E-post", "Namn", "Kommun", "Taggar", "Samtycke", "Källa", "Listor")
SHEET = "xl/worksheets/sheet1.xml"


def brought(store: Store, data: bytes, *, hours: int = 0) -> Imported:
    """Import a workbook."""
    table = read_table(io.BytesIO(data))
    assert isinstance(table, Table), table
    act = later(hours=hours) if hours else ACT
    name = Path("medlemmar.xlsx")
    return import_people(store, name, table, Defaults(CONSENT), act, now=NOW, apply=True)


def person(store: Store, email: str) -> Subscriber:
    """Give somebody who is there."""
    found = find(store, email).person
    assert found is not None
    return found


def grounds(store: Store, email: str) -> list[tuple[str, str, str]]:
    """Give the grounds of somebody: list, when and how."""
    return [(each.list_slug, each.at, each.source) for each in person(store, email).consents]


def test_dates_are_the_day_of_the_consent(store: Store) -> None:
    data = workbook(
        [
            HEAD,
            ("a@example.se", "A", "", "", dt.date(2021, 1, 4), "mässan", "press"),
            ("b@example.se", "B", "", "", dt.datetime(2021, 1, 4, 10, 5), "mässan"),  # noqa: DTZ001 - a cell has no zone
            ("c@example.se", "C", "", "", "4 januari 2021", "mässan"),
            ("d@example.se", "D", "", "", dt.date(2031, 1, 4), "mässan"),
            ("e@example.se", "E", "", "", "i våras", "mässan"),
        ]
    )

    done = brought(store, data)

    assert grounds(store, "a@example.se") == [("press", "2021-01-04", "mässan")]
    assert grounds(store, "b@example.se") == [("medlemmar", "2021-01-04T10:05:00+00:00", "mässan")]
    assert grounds(store, "c@example.se") == [("medlemmar", "2021-01-04", "mässan")]
    assert [(each.row, each.message) for each in done.rejected] == [
        (5, "the date 2031-01-04 has not been yet"),
        (6, 'the date "i våras" cannot be read: write for example 2021-01-04'),
    ]
    assert counts(brought(store, data, hours=1)) == {"unchanged": 3, "rejected_count": 2}


def test_numbers_are_names_and_tags_as_they_are_shown(store: Store) -> None:
    brought(store, workbook([HEAD, ("a@example.se", 112, 1765.0, 2026), ("b@example.se", 0.5)]))

    a, b = person(store, "a@example.se"), person(store, "b@example.se")
    assert (a.name, a.organisation, a.tags) == ("112", "1765", ("2026",))
    assert b.name == "0.5"


def test_of_formulas_the_result_counts_and_none_is_ever_kept(store: Store) -> None:
    data = workbook([HEAD, ("=LOWER(A9)", "=B9"), ("b@example.se", "=1/0"), ("=A8", "C")])
    data = altered(data, SHEET, b"<f>1/0</f><v></v>", b"<f>1/0</f><v>#DIV/0!</v>")
    data = altered(data, SHEET, b'r="B3"', b'r="B3" t="e"')
    for old, new in (
        (b"<f>LOWER(A9)</f><v></v>", b"<f>LOWER(A9)</f><v>a@example.se</v>"),
        (b"<f>B9</f><v></v>", b"<f>B9</f><v>Anna</v>"),
    ):
        data = altered(data, SHEET, old, new)
    for cell in (b'r="A2"', b'r="B2"'):
        data = altered(data, SHEET, cell, cell + b' t="str"')

    done = brought(store, data)

    assert planned(store) == ["a@example.se", "b@example.se"]
    assert (person(store, "a@example.se").name, person(store, "b@example.se").name) == ("Anna", "")
    assert [(each.row, each.message) for each in done.rejected] == [
        (4, "the e-mail address is missing")
    ]


def test_a_hidden_sheet_brings_nobody_not_even_by_its_name(store: Store) -> None:
    book = Workbook()
    for title, email in (("Dold", "dold@example.se"), ("Medlemmar", "syns@example.se")):
        page = book.create_sheet(title)
        page.append(["E-post"])
        page.append([email])
    book["Dold"].sheet_state = "hidden"
    book.remove(book["Sheet"])
    data = saved(book)

    brought(store, data)
    assert planned(store) == ["syns@example.se"]

    refused = read_table(io.BytesIO(data), "Dold")
    assert isinstance(refused, Fault)
    assert sentence(refused, "en") == 'the workbook has no sheet "Dold"; it has Medlemmar'


def test_people_in_hidden_rows_come_along_and_are_told(store: Store) -> None:
    book = Workbook()
    page = book["Sheet"]
    for row in (["E-post"], ["a@example.se"], ["b@example.se"]):
        page.append(row)
    page.row_dimensions[3].hidden = True

    done = brought(store, saved(book))

    assert planned(store) == ["a@example.se", "b@example.se"]
    assert done.file_notes == (
        "rows that are hidden or filtered away are read too: 1, the first is row 3",
    )
