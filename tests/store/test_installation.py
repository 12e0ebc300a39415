"""Whose database it is: a restored, copied or moved one says so, a new one never."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from smakom_mail.errors import CopyError
from smakom_mail.store import Database, open_database
from smakom_mail.store.backup import back_up
from smakom_mail.store.file_identity import file_identity
from smakom_mail.store.installation import Installation, this_machine
from tests.store.campaigned import AT
from tests.store.peopled import added, person

HERE, ELSEWHERE = "machine-1", "machine-2"
Opener = Callable[[], Database]


@pytest.fixture
def installation(database: Database) -> Installation:
    """Give a settled database with somebody in it."""
    made = Installation(database, HERE)
    made.settle()
    added(database, person("kim@exempel.example", "medlemmar"))
    return made


def test_each_campaign_raises_the_epoch_here_and_beside(installation: Installation) -> None:
    assert [installation.raise_epoch(), installation.raise_epoch()] == [1, 2]

    assert json.loads(installation.file.read_text(encoding="ascii")) == {
        "installation": installation.id,
        "epoch": 2,
        "machine": HERE,
        "journal": 0,
        "file": file_identity(installation.database.path),
        "begun": [],
    }
    assert installation.epoch == 2
    assert installation.state() == "original"
    assert f"{installation.file.stat().st_mode & 0o777:o}" == "600"


def test_one_that_is_behind_its_sidecar_is_a_copy(
    installation: Installation, tmp_path: Path
) -> None:
    database = installation.database
    installation.raise_epoch()
    back_up(database, tmp_path / "backup.db")
    installation.raise_epoch()
    database.close()
    shutil.move(tmp_path / "backup.db", database.path)
    restored = open_database("sqlite:///var/people.db", tmp_path, create=False)
    older = Installation(restored, HERE)
    older.settle()

    with pytest.raises(CopyError) as error:
        older.require_original()
    with pytest.raises(CopyError):
        older.raise_epoch()

    assert error.value.message == (
        f"the database {database.path} is a copy: it is older than the file beside it says"
    )
    assert error.value.hint == (
        "nothing is sent from a copy. Only if the other one is never used again, "
        "make this one the original: smakom-mail db adopt"
    )
    assert older.epoch == 1
    restored.close()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (
            lambda i: i.file.unlink(),
            "it has sent, but there is no people.db.installation beside it",
        ),
        (
            lambda i: i.file.write_text("{", encoding="ascii"),
            "it has sent, but there is no people.db.installation beside it",
        ),
        (
            lambda i: i.file.write_text('{"epoch": 1e999}', encoding="ascii"),
            "it has sent, but there is no people.db.installation beside it",
        ),
        (
            lambda i: i.file.write_text(
                json.dumps({"installation": "0" * 16, "epoch": 1, "machine": HERE}),
                encoding="ascii",
            ),
            "the people.db.installation beside it belongs to another database",
        ),
    ],
)
def test_one_that_has_sent_needs_its_own_sidecar(
    installation: Installation, spoil: Callable[[Installation], object], why: str
) -> None:
    installation.raise_epoch()
    spoil(installation)
    installation.settle()

    assert installation.state() == "copy"
    assert installation.why_copy() == why


def test_one_that_has_sent_from_another_machine_is_a_copy(installation: Installation) -> None:
    installation.raise_epoch()
    moved = Installation(installation.database, ELSEWHERE)
    moved.settle()

    assert moved.why_copy() == "it has sent from another machine"
    assert installation.state() == "original"


def test_one_that_has_never_sent_may_move_and_lose_its_sidecar(installation: Installation) -> None:
    moved = Installation(installation.database, ELSEWHERE)
    moved.settle()
    assert moved.state() == "original"
    moved.file.unlink()
    assert moved.state() == "original"
    assert moved.raise_epoch() == 1
    assert moved.state() == "original"


def test_a_new_empty_database_is_never_refused(database: Database) -> None:
    new = Installation(database, HERE)
    new.file.write_text(
        json.dumps({"installation": "0" * 16, "epoch": 7, "machine": ELSEWHERE}), encoding="ascii"
    )
    new.settle()

    new.require_original()

    assert new.state() == "original"
    added(database, person("kim@exempel.example", "medlemmar"))
    assert new.why_copy() == "it is older than the file beside it says"


def test_an_adopted_copy_is_the_original_and_every_other_is_behind(
    installation: Installation, tmp_path: Path
) -> None:
    for _ in range(3):
        installation.raise_epoch()
    name = installation.id
    back_up(installation.database, tmp_path / "backup.db")
    copy = Installation(installation.database, ELSEWHERE)

    copy.adopt(AT)

    assert copy.state() == "original"
    assert (copy.epoch, copy.id == name) == (4, False)
    assert installation.why_copy() == "it has sent from another machine"
    copy.database.close()
    shutil.move(tmp_path / "backup.db", copy.database.path)
    again = open_database("sqlite:///var/people.db", tmp_path, create=False)
    assert Installation(again, ELSEWHERE).why_copy() == ("it is older than the file beside it says")
    again.close()


def test_a_crash_between_database_and_sidecar_is_mended(installation: Installation) -> None:
    installation.raise_epoch()
    before = installation.file.read_bytes()
    installation.raise_epoch()
    installation.file.write_bytes(before)

    assert installation.state() == "original"
    installation.settle()
    assert json.loads(installation.file.read_bytes())["epoch"] == 2


def test_two_programs_raise_two_epochs(installation: Installation, opener: Opener) -> None:
    other = Installation(opener(), HERE)

    assert [installation.raise_epoch(), other.raise_epoch(), installation.raise_epoch()] == [
        1,
        2,
        3,
    ]


def test_a_machine_is_known_by_its_id_or_else_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("0123456789abcdef" * 2 + "\n", encoding="ascii")
    (tmp_path / "b").write_text("fedcba9876543210" * 2 + "\n", encoding="ascii")
    (tmp_path / "bad").write_text("uninitialized\n", encoding="ascii")

    of = {name: this_machine(tmp_path / name, "kim-dator") for name in ("a", "b", "bad", "none")}

    assert len({of["a"], of["b"], of["none"]}) == 3
    assert of["bad"] == of["none"] != this_machine(tmp_path / "none", "bo-dator")
    assert "0123456789abcdef" not in of["a"]
    assert this_machine(tmp_path / "a", "bo-dator") == of["a"]
