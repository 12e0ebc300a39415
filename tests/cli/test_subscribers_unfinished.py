"""What the commands for people say of a database that is not quite as it should be."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.cli import acting
from smakom_mail.store import database as store_database
from smakom_mail.store import opening
from tests.services.running import as_json, ran
from tests.services.subscribing.keeping import NOW, SECRET

Cli = Callable[..., Result]
ADD = ("subscribers", "add", "--basis", "consent", "--wording", "Ja, jag vill.")
KEPT = "another program still reads the old pages"


@pytest.fixture(autouse=True)
def kim(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Kim do it all at one time, and wait for nobody."""
    monkeypatch.setenv("LOGNAME", "kim")
    monkeypatch.setattr(acting, "now", lambda: NOW)
    for name, value in SECRET.items():
        monkeypatch.setenv(name, value)
    real = store_database.Database

    def hasty(path: Path, *, patience: float) -> store_database.Database:
        return real(path, patience=min(patience, 0.05))

    monkeypatch.setattr(opening, "Database", hasty)


@pytest.fixture
def reader(cli: Cli, project: Path) -> Iterator[sqlite3.Connection]:
    """Add Anna and Bo; another program reads them, until it commits."""
    for email in ("anna@example.se", "bo@example.se"):
        ran(cli(*ADD, email))
    with closing(sqlite3.connect(project / "var/smakom-mail.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        assert other.execute("SELECT COUNT(*) FROM subscribers").fetchone() == (2,)
        yield other


def test_an_erasure_that_another_program_holds_up_is_told_until_it_is_done(
    cli: Cli, reader: sqlite3.Connection
) -> None:
    out, _ = ran(cli("subscribers", "forget", "anna@example.se", "--yes"))
    assert out.splitlines()[0] == "erased"
    assert f"    not yet out of the freed pages: {KEPT}; the next command tries again" in (
        out.splitlines()
    )

    _, err = ran(cli("subscribers", "list"))
    assert err.splitlines()[0].startswith(
        "note: whoever was forgotten is out of the tables, but not yet out of the freed pages of "
    )
    erased = as_json(cli("subscribers", "forget", "bo@example.se", "--yes", "--format", "json"))
    assert (erased["complete"], erased["left"]) == (False, KEPT)

    reader.execute("COMMIT")
    assert ran(cli("subscribers", "list"))[1] == "0 people\n"


def test_a_lost_journal_is_told_at_every_command(cli: Cli, project: Path) -> None:
    ran(cli(*ADD, "anna@example.se"))
    ran(cli("subscribers", "unsubscribe", "anna@example.se"))
    (project / "var/smakom-mail.db.journal").unlink()

    for _ in range(2):
        _, err = ran(cli("subscribers", "list"))
        assert err.startswith(
            f"note: the database {project}/var/smakom-mail.db is a copy: the "
            "smakom-mail.db.journal beside it is missing, or not all of it is there."
        )
