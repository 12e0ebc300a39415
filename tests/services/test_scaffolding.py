"""A new project builds at once; a new edition asks for what is left to write, and no more."""

from pathlib import Path

import pytest

from smakom_mail.errors import InvalidNameError, WriteRefusedError
from smakom_mail.services.building import build_edition
from smakom_mail.services.checking import check_edition
from smakom_mail.services.scaffolding import init_project, new_edition
from smakom_mail.services.workplace import Workplace, open_workplace
from tests.conftest import ROOT
from tests.content.written import placed, said

EMPTY_TITLE = "A05 rubriken är tom | skriv en rubrik efter #, eller ta bort raden"


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def place(root: Path) -> Workplace:
    return open_workplace(root, {})


def test_a_new_project_builds_its_example_without_errors_or_warnings(tmp_path: Path) -> None:
    made = init_project(tmp_path / "brevet")

    built = build_edition(place(made.folder), "exempel")

    assert placed(f for f in built.checked.findings if f.severity != "note") == []
    assert (made.folder / "build/exempel/message.eml").is_file()
    assert {".gitignore", "smakom-mail.toml", "layouts/smakom/layout.toml"} <= set(made.files)
    assert all((made.folder / name).is_file() for name in made.files)


def test_a_new_project_holds_the_whole_layout_and_nothing_of_its_workshop(tmp_path: Path) -> None:
    made = init_project(tmp_path)

    source = ROOT / "layouts" / "smakom"
    shipped = {
        path.relative_to(ROOT).as_posix()
        for path in source.rglob("*")
        if path.is_file() and "artwork" not in path.parts
    }
    assert {name for name in made.files if name.startswith("layouts/smakom/")} == shipped


def test_what_is_built_and_sent_stays_out_of_git(tmp_path: Path) -> None:
    init_project(tmp_path)

    ignored = (tmp_path / ".gitignore").read_text(encoding="utf-8").split()
    assert {"build/", "var/"} <= set(ignored)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("full", "is not empty"),
        ("fil", "is a file"),
        ("a" * 300, "cannot be read: File name too long"),
    ],
)
def test_a_project_is_made_in_a_new_or_empty_folder_only(
    tmp_path: Path, name: str, fault: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mitt.txt").touch()
    (tmp_path / "fil").touch()

    with pytest.raises(WriteRefusedError) as raised:
        init_project(tmp_path / name)

    assert raised.value.message == f"{tmp_path / name} {fault}"
    assert raised.value.hint == "name a new folder: smakom-mail init my-newsletter"
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mitt.txt"]


def test_a_place_that_cannot_be_written_is_a_stated_problem(tmp_path: Path) -> None:
    (tmp_path / "fil").touch()

    with pytest.raises(WriteRefusedError) as raised:
        init_project(tmp_path / "fil" / "brevet")

    assert raised.value.hint in {
        "choose another folder",
        "name a new folder: smakom-mail init my-newsletter",
    }


def test_a_new_edition_has_a_file_for_each_recurring_section(project: Path) -> None:
    made = new_edition(place(project), "februari-2022")

    assert texts(made.folder) == {
        **dict.fromkeys(
            (
                *("10-ordforandens-ord.md", "20-styrelserapport.md", "30-dialogmote.md"),
                *("40-pa-gang.md", "50-skl-kommentus.md"),
            ),
            "# \n",
        ),
        "edition.toml": (
            'title = "Nyhetsbrev februari 2022"\n'
            "# date = 2022-02-01   # dagen då numret skickas\n"
            'subject = ""   # det som syns i inkorgen, högst 60 tecken\n'
            'preheader = ""   # raden efter ämnet i inkorgen, 40–130 tecken\n'
        ),
    }
    assert made.files == tuple(sorted(texts(made.folder)))


def test_a_check_of_it_lists_what_is_left_to_write_and_nothing_stale(project: Path) -> None:
    new_edition(place(project), "februari-2022")

    found = check_edition(place(project), "februari-2022").findings

    here = "newsletters/februari-2022"
    own = [
        f
        for f in found
        if f.location.file.startswith(here) and f.code in {"A05", "P18", "P04", "S01"}
    ]
    assert said(f for f in own if f.location.file == f"{here}/edition.toml") == [
        "1 P04 ”date” saknas | lägg till raden date = 2021-01-04",
        '3 S01 ämnesraden är tom | skriv subject = "…" i edition.toml',
        '4 S01 förhandstexten är tom | skriv preheader = "…" i edition.toml',
    ]
    written = [f for f in own if f.kind in {"heading-empty", "empty-section"}]
    assert said(written) == [f"1 {EMPTY_TITLE}"] * 5
    edition = check_edition(place(project), "februari-2022").edition
    assert all(not section.blocks for section in edition.sections if here in section.file)


def test_once_written_a_new_edition_has_no_faults(project: Path) -> None:
    folder = new_edition(place(project), "februari-2022").folder
    for path in folder.glob("*.md"):
        path.write_text("# Månadens rubrik\n\nHär står en hel mening.\n", encoding="utf-8")
    toml = (folder / "edition.toml").read_text(encoding="utf-8").replace("# date", "date")
    toml = toml.replace('subject = ""', 'subject = "Det viktigaste i februari"')
    preheader = "Här står vad numret handlar om, i en lagom lång mening."
    toml = toml.replace('preheader = ""', f'preheader = "{preheader}"')
    (folder / "edition.toml").write_text(toml, encoding="utf-8")

    checked = check_edition(place(project), "februari-2022")

    assert said(f for f in checked.findings if f.severity == "error") == []
    assert checked.edition.date.isoformat() == "2022-02-01"


@pytest.mark.parametrize(
    ("slug", "title", "date"),
    [
        ("maj-2022", "Nyhetsbrev maj 2022", "2022-05-01"),
        ("march-2022", "Nyhetsbrev march 2022", "2022-03-01"),
        ("extra-om-vindkraft", "Nyhetsbrev extra om vindkraft", "2021-02-01"),
        ("januari-0000", "Nyhetsbrev januari 0000", "2021-02-01"),
        ("2022-05", "Nyhetsbrev 2022 05", "2021-02-01"),
    ],
)
def test_title_and_day_are_proposed_from_the_name(
    project: Path, slug: str, title: str, date: str
) -> None:
    toml = texts(new_edition(place(project), slug).folder)["edition.toml"]

    assert f'title = "{title}"\n# date = {date} ' in toml


def test_an_english_newsletter_has_an_english_edition(project: Path) -> None:
    config = project / "smakom-mail.toml"
    config.write_text(
        config.read_text(encoding="utf-8").replace('language = "sv"', 'language = "en"'),
        encoding="utf-8",
    )

    assert texts(new_edition(place(project), "may-2022").folder)["edition.toml"] == (
        'title = "Newsletter may 2022"\n'
        "# date = 2022-05-01   # the day it is sent\n"
        'subject = ""   # what shows in the inbox, at most 60 characters\n'
        'preheader = ""   # the line after the subject in the inbox, 40–130 characters\n'
    )


def test_a_project_without_recurring_sections_has_a_first_one(tmp_path: Path) -> None:
    (tmp_path / "smakom-mail.toml").write_text(
        "[sections.'../ut']\nkind = 'article'\n", encoding="utf-8"
    )

    made = new_edition(place(tmp_path), "maj-2022")

    assert made.files == ("10-forsta-avsnittet.md", "edition.toml")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["newsletters", "smakom-mail.toml"]


def test_an_edition_is_never_written_over(project: Path) -> None:
    toml = project / "newsletters/januari-2021/edition.toml"
    before = toml.read_bytes()

    with pytest.raises(WriteRefusedError) as raised:
        new_edition(place(project), "januari-2021")

    assert raised.value.message == "the edition “januari-2021” is already there"
    assert raised.value.hint == "see what it lacks: smakom-mail check januari-2021"
    assert toml.read_bytes() == before


@pytest.mark.parametrize("slug", ["Februari 2022", "../ut", "_standing", "", "aux"])
def test_a_name_that_is_no_folder_is_refused(project: Path, slug: str) -> None:
    with pytest.raises(InvalidNameError) as raised:
        new_edition(place(project), slug)

    assert raised.value.message == f"“{slug}” cannot be the name of an edition"
    assert raised.value.hint == "use small letters, digits and hyphens, as in februari-2021"


def test_a_name_is_written_in_one_spelling(project: Path) -> None:
    made = new_edition(place(project), "va\u030ar-2022")

    assert made.folder.name == "v\u00e5r-2022"
    with pytest.raises(WriteRefusedError):
        new_edition(place(project), "v\u00e5r-2022")
