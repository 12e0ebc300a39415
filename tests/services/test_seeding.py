"""Seeds for the editor: list, show, add, verify, through the program itself."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from tests.services.running import Cli, as_json, ran


def quoting(project: Path, text: str) -> None:
    """Give the January edition one more section."""
    path = project / "newsletters" / "januari-2021" / "60-mer.md"
    path.write_text("# Mer\n\n" + text, encoding="utf-8")


def only_january(project: Path) -> None:
    """Take every other edition away, so that what uses a seed is known here."""
    for folder in (project / "newsletters").iterdir():
        if folder.name not in {"_standing", "januari-2021"}:
            folder.rename(folder.with_name("_" + folder.name))


@pytest.fixture(autouse=True)
def january(project: Path) -> None:
    """Let the project have the edition of January alone."""
    only_january(project)


# -------------------------------------------------------------------------------- list and show


def test_list_names_every_seed_and_the_editions_that_use_it(cli: Cli) -> None:
    out, err = ran(cli("seeds", "list"))

    assert out.splitlines()[-6:] == [
        "solleftea-medborgarkontor  003_159dc6932da0601d.txt",
        (
            "    Uppdrag att decentralisera kommunala verksamheter till medborgarkontoren,"
            " Sollefteå kommun"
        ),
        "    used by no edition",
        "smakom-januari-2021  004_3a3de5e78f1d92d7.txt",
        "    Nyhetsbrev Januari 2021, SmåKom, 2021-01",
        "    used by januari-2021",
    ]
    assert err == ""


def test_list_as_json_is_not_formatted_for_people(cli: Cli) -> None:
    seeds = as_json(cli("seeds", "list", "--format", "json"))["seeds"]

    assert seeds[2] == {
        "slug": "social-dumpning",
        "file": "002_5b6f21af1c82519a.txt",
        "title": "",
        "label": "Artikel om social dumpning i Söderhamn",
        "publisher": "",
        "url": "",
        "published": "",
        "credit": True,
        "paragraphs": 17,
        "editions": [],
    }


def test_list_says_what_is_wrong_with_the_catalogue_and_lists_the_rest(
    cli: Cli, project: Path
) -> None:
    (project / "seeds" / "000_33d475eeadbb856c.txt").unlink()

    out, err = ran(cli("seeds", "list"), 1)

    assert out.startswith("soderhamn-program  001_")
    assert err.splitlines()[0] == (
        "seeds/seeds.toml:6: error[Q14]: källans fil 000_33d475eeadbb856c.txt finns inte i seeds/"
    )


def test_show_numbers_the_paragraphs_and_marks_what_is_used(cli: Cli, project: Path) -> None:
    quoting(
        project,
        "::: excerpt 003\nparagraphs: 3\n:::\n\n"
        "> vara närvarande […] viktigt\n> — Sollefteå kommun, [Källa](seed:003)\n\n"
        "> År 2004 beslutade Sollefteå kommun\n> — Sollefteå kommun, [Källa](seed:003)\n",
    )

    lines = ran(cli("seeds", "show", "003"))[0].splitlines()

    assert lines[:3] == [
        "solleftea-medborgarkontor  003_159dc6932da0601d.txt",
        "   1 # Lyssna på sidan Lyssna  (dropped)",
        "   2 # Uppdrag att decentralisera kommunala verksamheter till medborgarkontoren",
    ]
    assert [line[:4].strip() for line in lines if line.endswith("← januari-2021")] == ["3", "4"]
    assert lines[9].startswith("   9 – För oss är det oerhört viktigt")


def test_show_as_json_has_line_style_and_editions(cli: Cli, project: Path) -> None:
    quoting(project, "::: excerpt 003\nparagraphs: 3\n:::\n")

    shown = as_json(cli("seeds", "show", "solleftea-medborgarkontor", "--format", "json"))

    assert shown["paragraphs"][0] == {
        "number": 1,
        "line": 1,
        "style": "heading",
        "dropped": True,
        "text": "Lyssna på sidan Lyssna",
        "editions": [],
    }
    assert [p["number"] for p in shown["paragraphs"] if p["editions"]] == [3]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "soderhamn-programm",
            (
                "error: there is no seed “soderhamn-programm”\n"
                "    hint: did you mean “soderhamn-program”?\n"
            ),
        ),
        (
            "xyz",
            (
                "error: there is no seed “xyz”\n"
                "    hint: smakom-mail seeds list shows those there are\n"
            ),
        ),
        (
            "seed:00",
            (
                "error: “seed:00” may be several seeds: 000_33d475eeadbb856c.txt, "
                "001_19d7e7f8e0026056.txt, 002_5b6f21af1c82519a.txt, 003_159dc6932da0601d.txt, "
                "004_3a3de5e78f1d92d7.txt\n    hint: write more of the file name\n"
            ),
        ),
    ],
)
def test_a_name_that_means_no_seed_or_several_is_said(cli: Cli, name: str, message: str) -> None:
    assert ran(cli("seeds", "show", name), 1) == ("", message)


def test_a_seed_or_a_catalogue_that_cannot_be_read_is_not_called_unknown(
    cli: Cli, project: Path
) -> None:
    (project / "seeds" / "000_33d475eeadbb856c.txt").write_bytes(b"\xe5")
    assert ran(cli("seeds", "show", "soderhamn-civilminister"), 1)[1] == (
        "error: “soderhamn-civilminister” cannot be read\n"
        "    hint: first mend the fault at seeds/000_33d475eeadbb856c.txt:1\n"
    )

    (project / "seeds" / "seeds.toml").write_text("[[seed]\n", encoding="utf-8")
    assert ran(cli("seeds", "show", "soderhamn-program"), 1)[1] == (
        "error: seeds/seeds.toml cannot be read\n"
        "    hint: smakom-mail seeds list says what is wrong with it\n"
    )


# --------------------------------------------------------------------------------------- verify


def test_verify_of_what_nobody_touched_is_done(cli: Cli) -> None:
    out, err = ran(cli("seeds", "verify"))

    assert [line.split()[0] for line in out.splitlines()] == ["unchanged"] * 5
    assert err == ""


def test_verify_names_edition_file_and_line_of_what_quotes_a_changed_seed(
    cli: Cli, project: Path
) -> None:
    quoting(
        project,
        "::: excerpt 003\nparagraphs: 3\n:::\n\n"
        "> Att kommunen verksamheter\n> — Johan Andersson, [Källa](seed:003)\n",
    )
    path = project / "seeds" / "003_159dc6932da0601d.txt"
    path.write_bytes(path.read_bytes().replace(b"kommunen verksamheter", b"kommunens verk"))

    out, _ = ran(cli("seeds", "verify"), 1)

    assert out.splitlines()[3:8] == [
        "changed    solleftea-medborgarkontor  003_159dc6932da0601d.txt",
        "    newsletters/januari-2021/60-mer.md:3: excerpt in januari-2021",
        "    newsletters/januari-2021/60-mer.md:7: quotation in januari-2021",
        ("    hint: read it, then smakom-mail seeds verify --accept solleftea-medborgarkontor"),
        "unchanged  smakom-januari-2021  004_3a3de5e78f1d92d7.txt",
    ]
    seeds = as_json(cli("seeds", "verify", "--format", "json"), 1)["seeds"]
    assert seeds[3]["state"] == "changed"
    assert seeds[3]["places"] == [
        {"edition": "januari-2021", "file": "newsletters/januari-2021/60-mer.md", "line": line}
        for line in (3, 7)
    ]


def test_accept_records_the_seed_as_it_is_and_leaves_the_rest_of_the_catalogue(
    cli: Cli, project: Path
) -> None:
    catalogue = project / "seeds" / "seeds.toml"
    before = catalogue.read_text(encoding="utf-8")
    path = project / "seeds" / "003_159dc6932da0601d.txt"
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(path.read_bytes() + b"\nMer.\n")

    out, _ = ran(cli("seeds", "verify", "--accept", "003"))

    assert [line.split()[0] for line in out.splitlines()] == ["unchanged"] * 5
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    assert catalogue.read_text(encoding="utf-8") == before.replace(old, new)


def test_a_seed_without_a_hash_is_unpinned_until_it_is_accepted(cli: Cli, project: Path) -> None:
    catalogue = project / "seeds" / "seeds.toml"
    before = catalogue.read_text(encoding="utf-8")
    lines = before.splitlines(keepends=True)
    catalogue.write_text(
        "".join(line for line in lines if not line.startswith("sha256")), encoding="utf-8"
    )
    states = [line.split()[0] for line in ran(cli("seeds", "verify"))[0].splitlines()]

    for slug in ("000", "001", "002", "003", "004"):
        ran(cli("seeds", "verify", "--accept", slug))

    assert states == ["unpinned"] * 5
    assert tomllib.loads(catalogue.read_text(encoding="utf-8")) == tomllib.loads(before)


@pytest.mark.parametrize(
    ("catalogue", "message"),
    [
        (
            'seed = [{slug = "ny", file = "ny.txt"}]\n',
            (
                "error: the entry of “ny” in seeds/seeds.toml is written in an unusual way\n"
                '    hint: put sha256 = "{sha256}" in it by hand\n'
            ),
        ),
        (
            "",
            (
                "error: ny.txt is not in seeds/seeds.toml\n"
                "    hint: smakom-mail seeds add seeds/ny.txt\n"
            ),
        ),
    ],
)
def test_what_cannot_be_accepted_is_said_and_the_catalogue_left(
    cli: Cli, project: Path, catalogue: str, message: str
) -> None:
    for path in (project / "seeds").glob("*.txt"):
        path.unlink()
    (project / "seeds" / "ny.txt").write_text("Nytt.\n", encoding="utf-8")
    (project / "seeds" / "seeds.toml").write_text(catalogue, encoding="utf-8")
    sha256 = hashlib.sha256(b"Nytt.\n").hexdigest()

    _, err = ran(cli("seeds", "verify", "--accept", "ny"), 1)

    assert err == message.format(sha256=sha256)
    assert (project / "seeds" / "seeds.toml").read_text(encoding="utf-8") == catalogue


def test_a_missing_document_fails_verify(cli: Cli, project: Path) -> None:
    (project / "seeds" / "000_33d475eeadbb856c.txt").unlink()

    out, err = ran(cli("seeds", "verify", "--lang", "en"), 1)

    assert "soderhamn-civilminister" not in out
    assert err.splitlines()[0] == (
        "seeds/seeds.toml:6: error[Q14]: the seed's file 000_33d475eeadbb856c.txt is not in seeds/"
    )
