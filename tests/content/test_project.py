"""A project's folder: editions, sections, settings, and everything that is wrong with them."""

from pathlib import Path

import pytest

from smakom_mail.content.project import (
    SECTION_LIMIT,
    edition_names,
    find_root,
    is_name,
    layout_names,
    on_disk,
)
from tests.content.written import load, make_project, placed, said

HERE = "newsletters/maj-2021"
TOML = f"{HERE}/edition.toml"


def findings(root: Path, files: dict[str, str | bytes]) -> list[str]:
    return said(load(make_project(root, files)).findings)


def test_a_project_without_faults_has_no_findings(tmp_path: Path) -> None:
    assert findings(tmp_path, {}) == []


# --- names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["januari-2021", "a", "1", "på-gång", "pa\u030a", "a" * 64, "2021-01"]
)
def test_a_name_for_an_edition(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            "-",
            "a-",
            "-a",
            "A",
            "Januari 2021",
            "a.b",
            "..",
            "a/b",
            "a\\b",
            "_standing",
            ".git",
        ),
        *("a" * 65, "a\n", "é", "januari–2021", "con", "nul", "com1", "a\0"),
    ],
)
def test_no_name_for_an_edition(name: str) -> None:
    assert not is_name(name)


def test_editions_are_the_folders_that_are_not_hidden(tmp_path: Path) -> None:
    for name in ("b", "a", "_standing", ".git", "pa\u030a-ga\u030ang"):
        (tmp_path / "newsletters" / name).mkdir(parents=True)
    (tmp_path / "newsletters" / "anteckningar.txt").touch()

    assert edition_names(tmp_path) == ("a", "b", "p\u00e5-g\u00e5ng")
    assert edition_names(tmp_path / "a") == ()
    assert layout_names(tmp_path) == ()


def test_the_root_is_the_closest_folder_with_the_settings(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    assert find_root(deep) is None

    (tmp_path / "smakom-mail.toml").touch()
    (tmp_path / "a" / "b" / "smakom-mail.toml").touch()

    assert find_root(deep) == (tmp_path / "a" / "b").resolve()
    assert find_root(tmp_path / "a") == tmp_path.resolve()


def test_a_name_is_found_as_the_disk_spells_it(tmp_path: Path) -> None:
    (tmp_path / "pa\u030a").mkdir()

    assert on_disk(tmp_path / "p\u00e5") == tmp_path / "pa\u030a"
    assert on_disk(tmp_path / "finns inte") == tmp_path / "finns inte"


def test_an_edition_whose_name_macos_took_apart_is_read_whole(tmp_path: Path) -> None:
    make_project(tmp_path)
    (tmp_path / HERE).rename(tmp_path / "newsletters" / "pa\u030a")

    edition = load(tmp_path, "p\u00e5").edition

    assert (edition.slug, edition.title) == ("p\u00e5", "Nyhetsbrev maj 2021")
    assert [section.title for section in edition.sections] == ["Titel"]


# --- sections ------------------------------------------------------------------------------


def sections(root: Path) -> list[tuple[str, str, str]]:
    return [(s.slug, s.title, s.file) for s in load(root).edition.sections]


def test_sections_come_by_number_then_name(tmp_path: Path) -> None:
    names = ("100-sist", "20-c", "020-d", "3-forst", "20-b")
    make_project(tmp_path, {f"{HERE}/{name}.md": f"# {name}\n\nText.\n" for name in names})

    assert [title for _, title, _ in sections(tmp_path)] == [
        *("3-forst", "Titel", "020-d", "20-b", "20-c", "100-sist")
    ]


def test_standing_sections_take_their_place_among_the_editions_own(tmp_path: Path) -> None:
    make_project(tmp_path, {"newsletters/_standing/5-kontakt.md": "# Kontakt\n\nRing.\n"})

    assert sections(tmp_path) == [
        ("kontakt", "Kontakt", "newsletters/_standing/5-kontakt.md"),
        ("a", "Titel", f"{HERE}/10-a.md"),
    ]


@pytest.mark.parametrize("own", ["90-kontakt", "15-kontakt"])
def test_an_editions_own_file_wins_over_a_standing_one(tmp_path: Path, own: str) -> None:
    make_project(
        tmp_path,
        {
            "newsletters/_standing/90-kontakt.md": "# Kontakt\n\n{fel}\n",
            f"{HERE}/{own}.md": "# Ring oss\n\nText.\n",
        },
    )

    assert sections(tmp_path)[-1] == ("kontakt", "Ring oss", f"{HERE}/{own}.md")
    assert said(load(tmp_path).findings) == []


@pytest.mark.parametrize(
    ("name", "example"),
    [
        ("Ordföranden.md", "50-ordföranden.md"),
        ("10-Ordföranden.md", "10-ordföranden.md"),
        ("10 ordföranden.md", "10-ordföranden.md"),
        ("10-på gång.md", "10-på-gång.md"),
        ("10-.md", "10-avsnitt.md"),
        ("10.md", "10-avsnitt.md"),
        ("12345-a.md", "50-a.md"),
        ("10-a-.md", "10-a.md"),
        ("10-b.MD", "10-b.md"),
        ("10-b.markdown", "10-b.md"),
        ("10-b.md.txt", "10-b.md"),
        ("10-b.txt", "10-b.md"),
        ("10-b.docx", "10-b.md"),
        ("README.md", "50-readme.md"),
    ],
)
def test_a_section_file_with_another_name_is_named_with_a_right_one(
    tmp_path: Path, name: str, example: str
) -> None:
    root = make_project(tmp_path, {f"{HERE}/{name}": "# x\n\ny\n"})

    found = load(root)

    assert placed(found.findings) == [f"{HERE}/{name}:1 P05"]
    assert said(found.findings) == [
        (
            f"1 P05 filnamnet ”{name}” följer inte mönstret nummer-namn.md | "
            f"döp om den, till exempel till ”{example}”"
        )
    ]


def test_notes_and_hidden_files_are_no_sections(tmp_path: Path) -> None:
    names = (
        "_utkast.md",
        ".dold.md",
        "anteckningar.txt",
        "Protokoll.docx",
        "10-bild.png",
        ".DS_Store",
    )

    assert findings(tmp_path, {f"{HERE}/{name}": "# x\n" for name in names}) == []


def test_two_files_of_one_name_are_named(tmp_path: Path) -> None:
    assert findings(tmp_path, {f"{HERE}/20-a.md": "# Två\n\nText.\n"}) == [
        f"1 P06 ”a” finns redan i {HERE}/10-a.md | ge en av dem ett annat namn"
    ]


def test_an_edition_without_sections_is_named(tmp_path: Path) -> None:
    root = make_project(tmp_path)
    (root / HERE / "10-a.md").unlink()

    assert said(load(root).findings) == [
        "1 P18 numret har inga avsnitt | lägg en fil som 10-ordforandens-ord.md i mappen"
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            "# T\n\nräksmörgås\n".encode("latin-1"),
            (
                "3 P01 filen är inte UTF-8 (byte nummer 7 går inte att läsa) | "
                "spara filen som UTF-8 i redigeraren"
            ),
        ),
        (
            "# T\n\n\u202edlot\n",
            (
                "3 P01 ett osynligt styrtecken (U+202E) står i texten | "
                "ta bort tecknet: det kan ändra hur texten läses"
            ),
        ),
        (
            "# T\n\n" + "a " * SECTION_LIMIT,
            (
                f"1 P01 filen är för stor ({2 * SECTION_LIMIT + 5} byte; högst {SECTION_LIMIT}) | "
                "dela upp texten"
            ),
        ),
    ],
)
def test_a_section_that_cannot_be_read_is_named(
    tmp_path: Path, data: str | bytes, expected: str
) -> None:
    assert findings(tmp_path, {f"{HERE}/10-a.md": data}) == [expected]


def test_line_ends_marks_and_spaces_of_other_editors_are_understood(tmp_path: Path) -> None:
    text = "\ufeff# Titel\r\n\r\n::: event\u00a0\r\ntitle: a\r\ndate: 5\u00a0maj 2021\r\n:::\r\n"

    assert findings(tmp_path, {f"{HERE}/10-a.md": text}) == []


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    root = make_project(tmp_path / "p")
    (tmp_path / "hemligt.md").write_text("# Hemligt\n\nText.\n", encoding="utf-8")
    (root / HERE / "20-b.md").symlink_to(tmp_path / "hemligt.md")
    (root / HERE / "30-c.md").symlink_to(root / HERE / "30-c.md")

    found = load(root)

    assert [section.blocks for section in found.edition.sections[1:]] == [(), ()]
    assert placed(found.findings) == [f"{HERE}/20-b.md:1 P01", f"{HERE}/30-c.md:1 P01"]
    assert said(found.findings)[0] == (
        f"1 P01 ”{HERE}/20-b.md” leder ut ur projektets mapp | "
        "lägg filen i projektet i stället för en länk till den"
    )


def test_a_link_inside_the_project_is_followed(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"texter/b.md": "# B\n\nText.\n"})
    (root / HERE / "20-b.md").symlink_to(root / "texter/b.md")

    assert [section.title for section in load(root).edition.sections] == ["Titel", "B"]


def test_a_fault_in_one_file_never_hides_those_of_another(tmp_path: Path) -> None:
    root = make_project(
        tmp_path,
        {
            TOML: "title = Nyhetsbrev\n",
            f"{HERE}/10-a.md": b"\xff",
            f"{HERE}/20-b.md": "# B\n\n{namn}\n",
            f"{HERE}/30 c.md": "# C\n",
            f"{HERE}/40-d.md": "# D\n\n::: evnt\n:::\n\n> Ord.\n",
            "newsletters/_standing/90-e.md": "Ingen titel.\n",
            "seeds/seeds.toml": "[[seed]\n",
        },
    )

    assert placed(load(root).findings) == [
        "newsletters/_standing/90-e.md:1 P10",
        f"{HERE}/10-a.md:1 P01",
        f"{HERE}/20-b.md:3 P14",
        f"{HERE}/30 c.md:1 P05",
        f"{HERE}/40-d.md:3 P11",
        f"{HERE}/40-d.md:6 Q10",
        f"{TOML}:1 P02",
        "seeds/seeds.toml:1 P02",
    ]
