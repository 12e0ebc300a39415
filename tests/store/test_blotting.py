"""An address that goes leaves what is written of others: in any case, form, column and link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.model.person import Basis, Consent
from smakom_mail.store import Database
from smakom_mail.store.blotting import blot, cleaned
from smakom_mail.store.changing import record_consent, write_history
from smakom_mail.store.people import find_by_id, history_of
from tests.store.peopled import THEN, added, person

KIM = "kim@xn--ml-xiab.example"  # åmål.example


def blotted(database: Database, text: str) -> str:
    """Write a text into somebody's history, take Kim's address out of it, and read it again."""
    (bo,) = added(database, person("bo@exempel.example"))
    (entry,) = history_of(database, bo)
    with database.transaction():
        database.run("UPDATE history SET new = :text", {"text": text})
        blot(database, [KIM])
    (entry,) = history_of(database, bo)
    return entry.new


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("samma som kim@xn--ml-xiab.example!", "samma som (forgotten)!"),
        ("samma som Kim@Åmål.example.", "samma som (forgotten)."),
        ("KIM@ÅMÅL.EXAMPLE", "(forgotten)"),
        ("kim@a\u030ama\u030al.example", "(forgotten)"),
        ("kim@XN--ML-XIAB.example", "(forgotten)"),
        ("<mailto:kim@åmål.example>", "<mailto:(forgotten)>"),
        ("'kim@åmål.example', _kim@åmål.example_", "'(forgotten)', _(forgotten)_"),
        ("/ja?e=kim@åmål.example&x=1", "/ja?e=(forgotten)&x=1"),
        ("/ja?e=kim%40åmål.example&x=1", "/ja?e=(forgotten)&x=1"),
        ("kim@åmål.example,kim@åmål.example", "(forgotten),(forgotten)"),
        ("kim\uff20åmål.example", "(forgotten)"),
        ("min.kim@åmål.example", "min.kim@åmål.example"),
        ("joakim@åmål.example", "joakim@åmål.example"),
        ("o'kim@åmål.example", "o'kim@åmål.example"),
        ("kim@åmål.example-posten.example", "kim@åmål.example-posten.example"),
        ("kim@åmål.example.se", "kim@åmål.example.se"),
        ("kim@amal.example", "kim@amal.example"),
        ("kim", "kim"),
    ],
)
def test_an_address_goes_and_nothing_else(database: Database, text: str, left: str) -> None:
    assert blotted(database, text) == left


@pytest.mark.parametrize("text", ["&" * 200_000 + "@x", "a@" * 100_000, "a%40" * 50_000])
def test_a_text_of_signs_alone_stays(database: Database, text: str) -> None:
    assert blotted(database, text) == text


def test_it_goes_out_of_every_column_of_everybody(database: Database) -> None:
    (bo,) = added(
        database,
        person(
            "bo@exempel.example",
            "press",
            name="Bo, c/o kim@åmål.example",
            organisation="KIM@ÅMÅL.EXAMPLE",
            tags=(KIM, "kim@åmål.example", "ny"),
        ),
    )
    with database.transaction():
        consent = Consent(
            "press", Basis.CONSENT, THEN.at, f"brev från {KIM}", f"Ja, {KIM}", "", KIM
        )
        record_consent(database, bo, consent, THEN)
        for entry in history_of(database, bo)[:1]:
            write_history(database, bo, entry)
        noes = "INSERT INTO suppressions VALUES (:f, '', 'manual', '2020', :t, :t, '2021', :t)"
        database.run(noes, {"f": "0" * 64, "t": f"efter {KIM}"})
        database.run("UPDATE history SET actor = :t, old = :t WHERE step = 1", {"t": KIM})

        blot(database, [KIM])

    dump = "\n".join(str(tuple(row)) for row in _rows(database)).lower()  # type: ignore[arg-type] # a row can be walked
    assert [word for word in ("kim@", "kim xn", "kim m l", "åmål", "xiab") if word in dump] == []
    found = find_by_id(database, bo)
    assert found is not None
    assert (found.email, found.name, found.organisation, found.tags) == (
        "bo@exempel.example",
        "Bo, c/o (forgotten)",
        "(forgotten)",
        ("(forgotten)", "ny"),
    )
    assert found.sort_key == "(forgotten)/bo, c/o (forgotten)/bo@exempel.example"


def _rows(database: Database) -> list[object]:
    tables = ("subscribers", "tags", "consents", "suppressions", "history")
    return [row for table in tables for row in database.all(f"SELECT * FROM {table}")]  # noqa: S608 - names of ours


def test_many_addresses_go_at_once(database: Database) -> None:
    ids = added(database, *(person(f"p{n}@exempel.example") for n in range(20)))
    with database.transaction():
        for n, id_ in enumerate(ids):
            text = {"text": f"samma som g{n}@exempel.example", "id": id_}
            database.run("UPDATE history SET new = :text WHERE subscriber_id = :id", text)

        blot(database, [f"g{n}@exempel.example" for n in range(10)])

    left = [entry.new for id_ in ids for entry in history_of(database, id_)]
    assert left == ["samma som (forgotten)"] * 10 + [
        f"samma som g{n}@exempel.example" for n in range(10, 20)
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_stands_around_it_no_form_of_it_is_left_free(before: str, after: str) -> None:
    """Between blanks it always stands free."""
    for written in (KIM, "Kim@åmål.example"):
        assert written not in cleaned(f"{before} {written} {after}", [KIM])
