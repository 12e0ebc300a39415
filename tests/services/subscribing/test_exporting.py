"""Exports: complete, harmless in a spreadsheet, and the same when they come back."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smakom_mail.errors import WriteRefusedError
from smakom_mail.model.person import Basis, Consent, Reason, Subscriber
from smakom_mail.services.importing import Defaults
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.adding import Details, add_subscriber, edit_subscriber
from smakom_mail.services.subscribing.exporting import (
    COLUMNS,
    Exported,
    as_cells,
    export_people,
    new_file,
    write_csv,
    write_json,
)
from smakom_mail.services.subscribing.leaving import forget_subscriber, unsubscribe
from smakom_mail.services.subscribing.typed import Ground, SubscriberError
from tests.services.subscribing.keeping import (
    ACT,
    CONSENT,
    NOW,
    added,
    counts,
    imported,
    later,
    opened,
    planned,
)


def exported(store: Store, selection: str = "", *, excel: bool = False) -> bytes:
    """Export those whom a list reaches as CSV."""
    target = io.BytesIO()
    write_csv(export_people(store, selection, reached_only=True), target, excel=excel)
    return target.getvalue()


def everything(store: Store) -> list[dict[str, object]]:
    """Export everybody as JSON, without what tells when it was written down."""
    target = io.BytesIO()
    write_json(export_people(store), target)
    people: list[dict[str, object]] = json.loads(target.getvalue())["people"]
    return people


def test_a_table_has_a_row_for_everybody_who_is_reached(store: Store) -> None:
    ground = Ground(Basis.MEMBERSHIP, "Stadgarna, § 4", "årsmötet", "2021-01-04")
    details = Details(None, "Åsa Öberg", "Åmål", "sv", ("press",), ("b", "a"), ground=ground)
    add_subscriber(store, "asa@example.se", details, ACT, NOW)
    added(store, "bo@example.se")
    unsubscribe(store, "bo@example.se", (), later(hours=1))

    assert exported(store).decode() == (
        "email,name,organisation,language,lists,tags,basis,consent_at,consent_source,wording\r\n"
        "asa@example.se,Åsa Öberg,Åmål,sv,press,a;b,membership,2021-01-04,årsmötet,"
        '"Stadgarna, § 4"\r\n'
    )


def test_for_excel_it_has_semicolons_and_the_mark_of_utf8(store: Store) -> None:
    added(store, "asa@example.se", name="Åsa")

    data = exported(store, excel=True)

    assert data.startswith(b"\xef\xbb\xbfemail;name;")
    assert counts(imported(store, data.decode("utf-8"))) == {"unchanged": 1}


def test_who_was_exported_is_unchanged_when_imported(store: Store) -> None:
    imported(store, "email,name,lists\nanna@example.se,Anna,press\nbo@example.se,,\n")
    details = Details(lists=("press",), ground=Ground(Basis.MEMBERSHIP))
    edit_subscriber(store, "bo@example.se", details, later(hours=1), NOW)
    added(store, "cia@example.se", "medlemmar", "press")
    unsubscribe(store, "cia@example.se", ("press",), later(hours=1))

    again = imported(store, exported(store).decode(), Defaults())

    assert counts(again) == {"unchanged": 3}


def test_an_import_elsewhere_brings_back_nobody_who_left(store: Store, tmp_path: Path) -> None:
    for name in ("anna", "bo", "cia", "dan"):
        added(store, f"{name}@example.se", "medlemmar", "press")
    unsubscribe(store, "anna@example.se", (), later(hours=1))
    unsubscribe(store, "bo@example.se", ("press",), later(hours=1))
    unsubscribe(store, "cia@example.se", ("press",), later(hours=1), Reason.COMPLAINED)
    forget_subscriber(store, "dan@example.se", later(hours=1))

    with opened(tmp_path / "elsewhere") as other:
        imported(other, exported(store).decode(), Defaults())
        assert [(p["email"], [each["list"] for each in p["lists"]]) for p in everything(other)] == [  # type: ignore[attr-defined] # a list of dicts
            ("bo@example.se", ["medlemmar"]),
            ("cia@example.se", ["medlemmar"]),
        ]


odd = st.text(
    st.sampled_from("=+-@\t\r\n'\"; ,＝＋－＠aåÅ1\u00a0\u202e\u200b")
    | st.characters(codec="utf-8"),
    max_size=20,
)


@settings(max_examples=30)
@given(
    people=st.lists(
        st.tuples(st.sampled_from(["=1+1", "-x", "+y", "a'b", "kommun"]), odd, odd, odd, odd),
        min_size=1,
        max_size=4,
        unique_by=lambda person: person[0],
    )
)
def test_any_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, people: list[tuple[str, str, str, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("both")
    with opened(folder / "one") as store, opened(folder / "two") as other:
        for local, name, organisation, tag, wording in people:
            ground = Ground(Basis.CONSENT, wording, name, "2021-01-04")
            details = Details(None, name, organisation, "sv", (), (tag,), (), ground)
            try:
                add_subscriber(store, f"{local}@example.se", details, ACT, NOW)
            except SubscriberError as error:  # a tag that would be two
                assert error.message  # noqa: PT017 - any sentence will do
        if not planned(store):
            return
        table = exported(store)

        imported(other, table.decode(), Defaults())

        assert exported(other) == table
        assert counts(imported(store, table.decode(), Defaults())) == {
            "unchanged": len(planned(store))
        }


@given(text=odd)
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    ground = Consent("press", Basis.CONSENT, "2021-01-04", text, text)
    person = Subscriber(
        *("id", "ref", "=1+1@example.se", "=1+1@example.se", "fingerprint"),
        name=text,
        organisation=text,
        tags=(text,),
        consents=(ground,),
    )

    cells = as_cells(Exported(person, (), ("press",)))

    assert len(cells) == len(COLUMNS)
    assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))] == []


def test_json_has_everybody_and_all_that_is_held(store: Store) -> None:
    added(store, "anna@example.se", name="Anna")
    unsubscribe(store, "anna@example.se", (), later(hours=1))

    assert everything(store) == [
        {
            "email": "anna@example.se",
            "name": "Anna",
            "organisation": "",
            "language": "",
            "flags": [],
            "created_at": ACT.at,
            "changed_at": later(hours=1).at,
            "lists": [{"list": "medlemmar", "state": "left", "since": later(hours=1).at}],
            "tags": [],
            "consents": [
                {
                    "list": "medlemmar",
                    "basis": "consent",
                    "at": ACT.at,
                    "source": "typed by hand",
                    "wording": CONSENT.wording,
                    "recorded_at": ACT.at,
                    "actor": "kim",
                }
            ],
            "noes": [
                {
                    "list": "*",
                    "reason": "unsubscribed",
                    "at": later(hours=1).at,
                    "actor": "kim",
                    "note": "",
                    "lifted_at": "",
                    "lifted_by": "",
                }
            ],
            "editions": [],
        }
    ]


def test_a_selection_exports_those_it_selects(store: Store) -> None:
    added(store, "anna@example.se", "press")
    added(store, "bo@example.se", "medlemmar")

    rows = list(csv.reader(io.StringIO(exported(store, "list:press").decode())))

    assert [row[0] for row in rows[1:]] == ["anna@example.se"]


def test_a_file_is_written_whole_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    with new_file(path, replace=False) as target:
        target.write(b"email\n")

    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"email\n", 0o600)
    with pytest.raises(WriteRefusedError, match="is there already"), new_file(path, replace=False):
        pass
    with pytest.raises(TypeError), new_file(path, replace=True) as target:
        target.writelines([b"half", None])  # type: ignore[list-item] # what breaks off
    assert [each.name for each in tmp_path.iterdir()] == ["people.csv"]
    assert path.read_bytes() == b"email\n"
    with pytest.raises(WriteRefusedError, match="cannot be written: No such file or directory"):
        new_file(tmp_path / "no" / "x.csv", replace=False).__enter__()
