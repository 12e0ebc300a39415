"""After an erasure the files that still hold the address are named, and no others."""

import bz2
import gzip
import lzma
import os
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing import leftovers
from smakom_mail.services.subscribing.adding import Details, edit_subscriber
from smakom_mail.services.subscribing.leaving import forget_subscriber
from smakom_mail.services.subscribing.leftovers import Leftovers, find_leftovers
from smakom_mail.store.backup import back_up
from tests.services.subscribing.keeping import NOW, added, later

ANNA = "Anna.Berg@xn--ml-xiab.example"
"""As it is kept; she writes it with åmål."""


def files(root: Path, *addresses: str) -> list[str]:
    """Give the names of the files that hold one of these addresses."""
    found = find_leftovers(root, addresses or (ANNA,))
    assert found.unsearched == ()
    return [path.relative_to(root).as_posix() for path in found.files]


def put(path: Path, data: bytes | str) -> None:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)


@pytest.mark.parametrize(
    "name",
    [
        "var/januari.csv",
        "var/outbox/januari/new/17.host",
        "var/log/import.log.1",
        "build/januari/message.eml",
        "medlemmar.csv",
        "Medlemmar.CSV",
        "export.json",
    ],
)
def test_a_file_that_holds_it_is_named(tmp_path: Path, name: str) -> None:
    put(tmp_path / name, f"email\n{ANNA}\n")
    put(tmp_path / name.replace(".", "2.").replace("new", "cur"), "email\nbo@example.se\n")

    assert files(tmp_path) == [name]


@pytest.mark.parametrize(
    "data",
    [
        ANNA.upper().encode(),
        "anna.berg@åmål.example".encode(),
        "anna.berg@åmål.example".encode("cp1252"),
        "\ufeffnamn;Anna.Berg@åmål.example".encode("utf-16-le"),
        b'{"email": "anna.berg@\\u00e5m\\u00e5l.example"}',
        b'<a href="mailto:anna.berg%40xn--ml-xiab.example">',
        b"To: <Anna.Berg@xn--ml-xiab.example>\r\n",
        b"x" * (2**20 - 10) + f";{ANNA};".encode(),
        b"SQLite format 3\0" + b"\1" * 4000 + ANNA.encode() + b"\2",
        "ANNA.BERG@ÅMÅL.EXAMPLE".encode(),
        "Anna.Berg@Åmål.Example".encode("cp1252"),
        "ANNA.BERG@ÅMÅL.EXAMPLE".encode("utf-16-le"),
        unicodedata.normalize("NFD", "Anna.Berg@Åmål.example").encode(),
        b"anna.berg%40%C3%85m%C3%A5l.example",
        b'{"email": "ANNA.BERG@\\u00C5M\\u00C5L.EXAMPLE"}',
        "anna.berg\uff20åmål.example".encode(),
    ],
    ids=range(16),
)
def test_however_it_is_written(tmp_path: Path, data: bytes) -> None:
    put(tmp_path / "var/fil", data)

    assert files(tmp_path) == ["var/fil"]


@pytest.mark.parametrize("written", ["straße", "STRAẞE", "xn--strae-oqa"])
def test_a_domain_with_letters_that_only_idna_2008_has(tmp_path: Path, written: str) -> None:
    put(tmp_path / "var/fil", f"anna@{written}.example")
    put(tmp_path / "var/other", "anna@strasse.example")

    assert files(tmp_path, "anna@xn--strae-oqa.example") == ["var/fil"]


def test_what_is_packed_is_unpacked(tmp_path: Path) -> None:
    for name, opener in (("a.csv.gz", gzip.open), ("b.bz2", bz2.open), ("c.xz", lzma.open)):
        with opener(tmp_path / name, "wb") as stream:
            stream.write(ANNA.encode())
    for name in ("d.zip", "e.ods"):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("content.xml", f"<p>{ANNA}</p>")

    assert files(tmp_path) == ["a.csv.gz", "b.bz2", "c.xz", "d.zip", "e.ods"]


def test_what_cannot_be_unpacked_is_named_as_not_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "LARGEST", 2_000)
    put(tmp_path / "a.7z", "7z")
    put(tmp_path / "b.gz", "no gzip at all")
    with gzip.open(tmp_path / "c.gz", "wb") as stream:
        stream.write(b"x" * 2_001)
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("inner.zip", "")

    found = find_leftovers(tmp_path, [ANNA])

    assert [path.name for path in found.unsearched] == ["a.7z", "b.gz", "c.gz", "d.zip"]
    assert found.files == ()


@pytest.mark.parametrize(
    "text",
    [
        "x-anna.berg@xn--ml-xiab.example",
        "johanna.berg@xn--ml-xiab.example",
        f"{ANNA}.org",
        f"{ANNA}s",
        "anna-berg@xn--ml-xiab.example",
        "x" * (2**20 - 4) + f"johanna-{ANNA}",
        "x" * (2**20 - 5_000) + "y" * 904 + f"h{ANNA}" + "y" * 5_000,
    ],
    ids=range(7),
)
def test_an_address_of_somebody_else_is_not_taken_for_it(tmp_path: Path, text: str) -> None:
    put(tmp_path / "var/fil.csv", f"email\n{text}\n")

    assert files(tmp_path) == []


def test_what_ends_a_sentence_or_a_cell_ends_the_address(tmp_path: Path) -> None:
    for number, after in enumerate((".", ". Hej", ";", '"', ">", ", ")):
        put(tmp_path / f"var/{number}", ANNA + after)

    assert len(files(tmp_path)) == 6


def test_a_workbook_is_unpacked(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("Gömd").append([ANNA])
    book["Gömd"].sheet_state = "hidden"
    book.save(tmp_path / "medlemmar.xlsx")
    put(tmp_path / "trasig.xlsx", b"PK\3\4" + ANNA.encode())

    assert files(tmp_path) == ["medlemmar.xlsx", "trasig.xlsx"]


def test_the_newsletter_itself_and_what_a_link_leads_to_are_not_searched(tmp_path: Path) -> None:
    put(tmp_path / "newsletters/januari/10-hej.md", ANNA)
    put(tmp_path / "README.md", ANNA)
    put(tmp_path / "elsewhere/lista.csv", ANNA)
    (tmp_path / "var").mkdir()
    (tmp_path / "var/lista.csv").symlink_to(tmp_path / "elsewhere/lista.csv")
    (tmp_path / "build").symlink_to(tmp_path / "elsewhere")
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "var/pipe")

    assert files(tmp_path) == []


def test_what_is_too_large_is_named_as_not_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "LARGEST", 100)
    put(tmp_path / "var/a.csv", ANNA + "x" * 100)
    put(tmp_path / "var/b.csv", ANNA)

    assert find_leftovers(tmp_path, [ANNA]) == Leftovers(
        (tmp_path / "var/b.csv",), (tmp_path / "var/a.csv",)
    )


def test_forget_names_the_files_with_any_address_she_has_had(store: Store) -> None:
    root = store.workplace.root
    added(store, "gammal@example.se")
    edit_subscriber(store, "gammal@example.se", Details(email="ny@example.se"), later(hours=1), NOW)
    put(root / "var/januari.csv", "gammal@example.se")
    put(root / "export.csv", "NY@EXAMPLE.SE")
    put(root / "andra.csv", "bo@example.se")
    back_up(store.database, store.database.path.parent / "backups" / "old.db")
    back_up(store.database, root / "var/kopia.db")

    done = forget_subscriber(store, "ny@example.se", later(hours=2))

    expected = (root / "var/januari.csv", root / "var/kopia.db", root / "export.csv")
    assert done.leftovers == Leftovers(expected, ())
    again = forget_subscriber(store, "ny@example.se", later(hours=3))
    assert again.leftovers.files == (root / "var/kopia.db", root / "export.csv")
