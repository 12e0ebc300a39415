"""seeds add: a document is taken in as it is, with an entry proposed from its text."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from tests.services.running import Cli, ran

NEWS = """Lyssna på sidan

Ny skola i Näs

Kommunen bygger en ny skola.

Senast uppdaterad: 5 februari 2021
"""


def test_add_copies_and_proposes_an_entry_and_writes_it_after_a_yes(
    cli: Cli, project: Path, tmp_path: Path
) -> None:
    source = tmp_path / "skola.txt"
    source.write_text(NEWS, encoding="utf-8")
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()

    out, err = ran(cli("seeds", "add", str(source), "--yes"))

    assert out == (
        '[[seed]]\nslug = "ny-skola-i-nas"\nfile = "skola.txt"\ntitle = "Ny skola i Näs"\n'
        'publisher = ""   # only if the document says who publishes it\n'
        "published = 2021-02-05\n"
        'drop = ["Lyssna på sidan", "Senast uppdaterad"]\n'
        f'sha256 = "{sha256}"\n'
    )
    assert err == "written to seeds/seeds.toml\n"
    assert (project / "seeds" / "skola.txt").read_bytes() == source.read_bytes()
    catalogue = (project / "seeds" / "seeds.toml").read_text(encoding="utf-8")
    assert catalogue.endswith("\n\n" + out)
    assert tomllib.loads(catalogue)["seed"][-1]["sha256"] == sha256
    assert "unchanged  ny-skola-i-nas" in ran(cli("seeds", "verify"))[0]


def test_add_without_a_yes_copies_and_prints_only(cli: Cli, project: Path, tmp_path: Path) -> None:
    before = (project / "seeds" / "seeds.toml").read_bytes()
    (tmp_path / "skola.txt").write_text("Kommunen bygger en ny skola.\n", encoding="utf-8")

    out, err = ran(cli("seeds", "add", str(tmp_path / "skola.txt")))

    assert out.splitlines()[1:4] == [
        'slug = "skola"',
        'file = "skola.txt"',
        'label = ""   # the document has no title',
    ]
    assert err == "copied; put the lines above in seeds/seeds.toml, corrected\n"
    assert (project / "seeds" / "seeds.toml").read_bytes() == before


def test_a_document_that_already_lies_in_seeds_is_only_catalogued(cli: Cli, project: Path) -> None:
    (project / "seeds" / "skola.txt").write_text("Kommunen bygger.\n", encoding="utf-8")
    _out, err = ran(cli("seeds", "list"))
    assert "hint: smakom-mail seeds add seeds/skola.txt föreslår en post" in err

    assert 'slug = "skola"\n' in ran(cli("seeds", "add", "seeds/skola.txt", "--yes"))[0]
    assert ran(cli("seeds", "list"))[1] == ""


def test_a_slug_that_is_taken_gets_a_number(cli: Cli, tmp_path: Path) -> None:
    slugs = []
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(NEWS, encoding="utf-8")
        slugs.append(ran(cli("seeds", "add", str(tmp_path / name), "--yes"))[0].splitlines()[1])

    assert slugs == [
        f'slug = "{name}"' for name in ("ny-skola-i-nas", "ny-skola-i-nas-2", "ny-skola-i-nas-3")
    ]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        (
            "latin.txt",
            "Hej\nSmåKom".encode("latin-1"),
            (
                "{file}:2: the file is not UTF-8 (byte 7 cannot be read)\n"
                "    hint: save the file as UTF-8 in the editor\n"
            ),
        ),
        (
            "nul.txt",
            b"Hej\n\x00",
            (
                "{file}:2: an invisible control character (U+0000) stands in the text\n"
                "    hint: remove the character: it can change how the text reads\n"
            ),
        ),
        (
            "lang.txt",
            b"x" * 5_000_000,
            (
                "{file}: the file is too large (5000000 bytes; at most 1000000)\n"
                "    hint: divide the text\n"
            ),
        ),
        ("tom.txt", b" \n", "{file} holds no text\n"),
        (
            "brev.docx",
            b"PK",
            "brev.docx is not a .txt file\n    hint: save the text as a .txt file\n",
        ),
        (
            "000_33d475eeadbb856c.txt",
            b"Hej",
            (
                "000_33d475eeadbb856c.txt is already in seeds/seeds.toml\n"
                "    hint: smakom-mail seeds list\n"
            ),
        ),
        (
            "finns.txt",
            b"Hej",
            "seeds/finns.txt is already there\n    hint: give the file another name\n",
        ),
    ],
)
def test_what_cannot_be_taken_in_is_refused_and_nothing_is_written(  # noqa: PLR0913, PLR0917 - fixtures and a table  # noqa: PLR0913, PLR0917 - a table
    cli: Cli, project: Path, tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    (project / "seeds" / "finns.txt").write_bytes(b"Det som fanns.")
    source = tmp_path / name
    source.write_bytes(data)
    before = {path.name: path.read_bytes() for path in (project / "seeds").iterdir()}

    assert ran(cli("seeds", "add", str(source), "--yes"), 1) == (
        "",
        "error: " + message.format(file=source),
    )
    assert {path.name: path.read_bytes() for path in (project / "seeds").iterdir()} == before


@pytest.mark.parametrize("catalogue", [b"[[seed]\n", 'publisher = "Näs"'.encode("latin-1")])
def test_nothing_is_added_to_a_catalogue_that_cannot_be_read(
    cli: Cli, project: Path, tmp_path: Path, catalogue: bytes
) -> None:
    (project / "seeds" / "seeds.toml").write_bytes(catalogue)
    (tmp_path / "skola.txt").write_text(NEWS, encoding="utf-8")

    assert ran(cli("seeds", "add", str(tmp_path / "skola.txt"), "--yes"), 1)[1] == (
        "error: seeds/seeds.toml cannot be read\n"
        "    hint: smakom-mail seeds list says what is wrong with it\n"
    )
    assert not (project / "seeds" / "skola.txt").exists()


def test_the_first_seed_of_a_project_makes_folder_and_catalogue(
    cli: Cli, project: Path, tmp_path: Path
) -> None:
    (project / "seeds").rename(tmp_path / "away")
    (tmp_path / "skola.txt").write_text(NEWS, encoding="utf-8")

    out, _ = ran(cli("seeds", "add", str(tmp_path / "skola.txt"), "--yes"))

    assert (project / "seeds" / "seeds.toml").read_text(encoding="utf-8") == out


def test_a_catalogue_that_cannot_be_written_is_said_and_stays(
    cli: Cli, project: Path, tmp_path: Path
) -> None:
    catalogue = project / "seeds" / "seeds.toml"
    before = catalogue.read_bytes()
    (project / "seeds" / ".seeds.toml.new").mkdir()
    (tmp_path / "skola.txt").write_text(NEWS, encoding="utf-8")

    assert ran(cli("seeds", "add", str(tmp_path / "skola.txt"), "--yes"), 1)[1] == (
        f"error: {catalogue} cannot be written: Is a directory\n"
    )
    assert catalogue.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_said(cli: Cli, project: Path, tmp_path: Path) -> None:
    (project / "seeds").rename(tmp_path / "away")
    (project / "seeds").write_text("a file", encoding="utf-8")
    (tmp_path / "skola.txt").write_text(NEWS, encoding="utf-8")

    assert ran(cli("seeds", "add", str(tmp_path / "skola.txt"), "--yes"), 1)[1] == (
        "error: seeds/skola.txt cannot be written: File exists\n"
    )
