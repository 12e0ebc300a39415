"""The commands that look after the database."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.store.migrating import migrations
from tests.services.running import as_json, ran

Cli = Callable[..., Result]
NEWEST = migrations()[-1].number


@pytest.fixture
def database(cli: Cli, project: Path) -> Path:
    """Make the database of the copied newsletter."""
    ran(cli("db", "upgrade"))
    return project / "var" / "smakom-mail.db"


def test_before_there_is_anybody_it_says_what_makes_the_database(cli: Cli, project: Path) -> None:
    for command in ("check", "backup"):
        result = cli("db", command)

        assert ran(result, 1)[1].splitlines() == [
            f"error: there is no database yet: {project}/var/smakom-mail.db",
            (
                "    hint: it is made when the first people are added: "
                "smakom-mail subscribers import FILE.csv"
            ),
        ]


def test_an_upgrade_says_which_version_it_is_now(cli: Cli, project: Path) -> None:
    assert ran(cli("db", "upgrade")) == (
        f"var/smakom-mail.db is of version {NEWEST}\n",
        "",
    )
    assert as_json(cli("db", "upgrade", "--format", "json", "--yes")) == {
        "database": f"{project}/var/smakom-mail.db",
        "version": NEWEST,
        "steps": [],
        "backup": None,
    }


def test_a_backup_is_dated_or_named(cli: Cli, project: Path, database: Path) -> None:
    ran(cli("db", "backup"))
    (dated,) = (database.parent / "backups").iterdir()
    stdout, _ = ran(cli("db", "backup", "kopia.db"))

    size = (project / "kopia.db").stat().st_size
    assert stdout == f"wrote kopia.db ({size} bytes), whole and checked\n"
    assert dated.name.startswith("smakom-mail-2")
    assert dated.stat().st_size == size


def test_a_backup_replaces_another_file_only_with_yes(
    cli: Cli, project: Path, database: Path
) -> None:
    (project / "kopia.db").write_text("kept")

    refused = cli("db", "backup", "kopia.db")
    assert ran(refused, 1)[1].splitlines() == [
        "error: kopia.db is there already",
        "    hint: name a new file, or replace it with --yes",
    ]
    assert (project / "kopia.db").read_text() == "kept"
    replaced = as_json(cli("db", "backup", "kopia.db", "--yes", "--format", "json"))
    assert replaced == {"file": f"{project}/kopia.db", "bytes": database.stat().st_size}


def test_a_check_says_that_all_is_well(cli: Cli, project: Path, database: Path) -> None:
    assert ran(cli("db", "check")) == ("var/smakom-mail.db is whole\n", "")
    assert as_json(cli("db", "check", "--format", "json")) == {
        "database": str(database),
        "version": NEWEST,
        "state": "original",
        "problems": [],
    }
    assert project in database.parents


def test_a_check_names_what_is_wrong_and_ends_with_1(cli: Cli, database: Path) -> None:
    Path(f"{database}.journal").write_text("nonsense\n", encoding="utf-8")

    assert ran(cli("db", "check"), 1)[0] == (
        "journal: 1 line of smakom-mail.db.journal cannot be read\n"
    )
    assert as_json(cli("db", "check", "--format", "json"), 1)["problems"] == [
        {
            "code": "journal",
            "message": "line of smakom-mail.db.journal cannot be read",
            "count": 1,
            "examples": [],
        }
    ]


def test_a_copy_is_named_and_adopted_after_a_yes(cli: Cli, database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("INSERT INTO meta VALUES ('epoch', '3')")
        connection.execute("INSERT INTO meta VALUES ('installation', 'here')")
        connection.commit()

    assert ran(cli("db", "check"))[0].splitlines() == [
        (
            "this is a copy, which may not send: "
            "it has sent, but there is no smakom-mail.db.installation beside it"
        ),
        "    hint: only if the other one is out of use for ever: smakom-mail db adopt",
        "var/smakom-mail.db is whole",
    ]
    assert ran(cli("db", "adopt"), 1) == (
        "",
        "nothing was changed; with --yes it is not asked\n",
    )
    assert ran(cli("db", "adopt", "--yes"))[0] == "var/smakom-mail.db is the original now\n"
    assert as_json(cli("db", "adopt", "--yes", "--format", "json")) == {
        "database": str(database),
        "was_copy": False,
        "noes": 0,
        "epoch": 4,
        "in_doubt": {},
        "letters_in_doubt": 0,
        "begun_elsewhere": [],
    }
    assert json.loads(Path(f"{database}.installation").read_bytes())["epoch"] == 4


def test_a_file_that_is_no_database_is_a_stated_problem(cli: Cli, database: Path) -> None:
    database.write_text("name;email\n" * 100, encoding="utf-8")

    for command in ("check", "backup", "upgrade"):
        assert ran(cli("db", command), 1)[1].splitlines() == [
            f"error: the database {database} is not a database",
            "    hint: is it the right file? [database] url in smakom-mail.toml names it",
        ]
