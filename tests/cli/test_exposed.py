"""Files of people written where git would take them along are warned of."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.repositories import add as keep
from tests.repositories import repository
from tests.services.receiving import add, newsletter, opened, person
from tests.services.running import as_json, ran

Cli = Callable[..., Result]
HINT = "    hint: write such files to var/, which .gitignore leaves out\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a newsletter with one person in a repository of git: the commands run in it."""
    root = newsletter(tmp_path / "brev")
    with opened(root) as store:
        add(store, person(store, "asa@a.example"))
    return repository(root)


def warning(name: str) -> str:
    """Say what is said of a file."""
    return f"warning: git keeps {name}, or would: people's addresses\n{HINT}"


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_that_git_would_take_is_warned_of(cli: Cli, form: str) -> None:
    _, err = ran(cli("subscribers", "export", "--format", form, "--out", "ut.csv"))

    assert err == f"{warning('ut.csv')}1 person\n"


def test_an_export_over_a_file_that_git_keeps_is_warned_of(cli: Cli, project: Path) -> None:
    keep(project, {"var/ut.csv": "email\n"})

    _, err = ran(cli("subscribers", "export", "--out", "var/ut.csv", "--yes"))

    assert err == f"{warning('var/ut.csv')}1 person\n"


def test_a_backup_that_git_would_take_is_warned_of(cli: Cli, project: Path) -> None:
    out, err = ran(cli("db", "backup", "kopia.db"))

    assert err == warning("kopia.db")
    assert out.startswith("wrote kopia.db (")
    result = cli("db", "backup", "kopia.db", "--yes", "--format", "json")
    assert as_json(result)["file"] == f"{project}/kopia.db"


@pytest.mark.parametrize(
    "command",
    [
        ("subscribers", "export", "--out", "var/ut.csv"),
        ("sendlist", "exempel", "--out", "var/ut.csv"),
        ("db", "backup", "var/kopia.db"),
        ("db", "backup"),
    ],
)
def test_what_lies_where_git_looks_away_is_not_warned_of(cli: Cli, command: tuple[str]) -> None:
    assert "warning" not in ran(cli(*command))[1]


def test_forget_names_the_files_that_still_hold_the_address(cli: Cli, project: Path) -> None:
    (project / "medlemmar.csv").write_text("email\nASA@a.example\n", encoding="utf-8")
    ran(cli("subscribers", "export", "--out", "var/ut.csv"))

    result = cli("subscribers", "forget", "asa@a.example", "--yes", "--format", "json")
    out, _ = ran(cli("subscribers", "forget", "asa@a.example", "--yes"))

    found = as_json(result)
    assert (found["files"], found["unsearched"]) == (["var/ut.csv", "medlemmar.csv"], [])
    assert out.splitlines()[2:] == [
        "    this file still holds it, until you remove it: var/ut.csv",
        "    this file still holds it, until you remove it: medlemmar.csv",
        "    what you keep elsewhere, and have sent to others, is yours to see to",
    ]


def test_outside_a_repository_there_is_nothing_to_warn_of(
    cli: Cli, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    assert ran(cli("subscribers", "export", "--out", str(elsewhere / "ut.csv")))[1] == "1 person\n"
    assert ran(cli("db", "backup", str(elsewhere / "kopia.db")))[1] == ""
