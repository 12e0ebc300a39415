"""Taking in a source document, and seeing that none has changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Cli = Callable[..., Result]
TEXT = "Ny bro över ån\n\nBron blir klar i höst.\n\nSenast uppdaterad: 2021-03-02\n"


def catalogue(project: Path) -> str:
    return (project / "seeds/seeds.toml").read_text(encoding="utf-8")


@pytest.fixture
def document(tmp_path: Path) -> str:
    """Write a document somewhere outside the project."""
    path = tmp_path / "bron.txt"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_a_document_is_copied_and_its_entry_written_after_a_yes(
    cli: Cli, project: Path, document: str
) -> None:
    before = catalogue(project)

    result = cli("seeds", "add", document, "--yes")

    assert result.exit_code == 0
    assert (project / "seeds/bron.txt").read_text(encoding="utf-8") == TEXT
    assert result.stdout.lstrip().startswith("[[seed]]\n")
    assert catalogue(project) == f"{before}\n{result.stdout}"
    assert result.stderr == "written to seeds/seeds.toml\n"
    assert cli("seeds", "verify").exit_code == 0


def test_where_nobody_can_answer_the_entry_is_only_shown(
    cli: Cli, project: Path, document: str
) -> None:
    before = catalogue(project)

    result = cli("seeds", "add", document)

    assert result.exit_code == 0
    assert catalogue(project) == before
    assert result.stderr == "copied; put the lines above in seeds/seeds.toml, corrected\n"


def test_a_document_that_is_not_there_is_wrong_usage(cli: Cli) -> None:
    result = cli("seeds", "add", "saknas.txt")

    assert result.exit_code == 2
    assert "Error: Invalid value for 'FILE': File 'saknas.txt' does not exist." in result.stderr


def test_the_catalogue_in_text_says_who_uses_each_document(cli: Cli, document: str) -> None:
    cli("seeds", "add", document, "--yes")

    lines = cli("seeds", "list").stdout.splitlines()

    assert "soderhamn-civilminister  000_33d475eeadbb856c.txt" in lines
    at = lines.index("smakom-januari-2021  004_3a3de5e78f1d92d7.txt")
    assert lines[at + 1] == "    Nyhetsbrev Januari 2021, SmåKom, 2021-01"
    assert lines[at + 2].startswith("    used by januari-2021")
    assert lines[-1] == "    used by no edition"


def test_a_changed_document_is_named_with_the_places_that_quote_it(cli: Cli, project: Path) -> None:
    seed = next((project / "seeds").glob("004_*"))
    seed.write_bytes(seed.read_bytes() + b"\nMer.\n")

    changed = cli("seeds", "verify")
    accepted = cli("seeds", "verify", "--accept", "smakom-januari-2021")

    lines = changed.stdout.splitlines()
    assert changed.exit_code == 1
    assert "changed    smakom-januari-2021  004_3a3de5e78f1d92d7.txt" in lines
    place = "    newsletters/januari-2021/10-ordforandens-ord.md:7: excerpt in januari-2021"
    assert place in lines
    assert "    hint: read it, then smakom-mail seeds verify --accept smakom-januari-2021" in lines
    assert accepted.exit_code == 0
    assert cli("seeds", "verify").exit_code == 0


def test_a_seed_is_shown_with_its_numbers_and_who_uses_each(cli: Cli) -> None:
    lines = cli("seeds", "show", "smakom-januari-2021").stdout.splitlines()

    assert lines[0] == "smakom-januari-2021  004_3a3de5e78f1d92d7.txt"
    assert lines[2] == "   2 # Nyhetsbrev November  (dropped)"
    assert any(line.endswith("  ← januari-2021") for line in lines)


@pytest.mark.parametrize(
    ("name", "error", "hint"),
    [
        (
            "smakom-januari",
            "there is no seed “smakom-januari”",
            "did you mean “smakom-januari-2021”?",
        ),
        ("seed:00", "“seed:00” may be several seeds: ", "write more of the file name"),
    ],
)
def test_a_seed_that_is_not_there_is_a_stated_problem(
    cli: Cli, name: str, error: str, hint: str
) -> None:
    result = cli("seeds", "show", name)

    assert result.exit_code == 1
    first, second = result.stderr.splitlines()
    assert first.startswith(f"error: {error}")
    assert second == f"    hint: {hint}"
