"""A database that was put back is a copy, also where it remembers no journal itself."""

import json
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from smakom_mail.errors import CopyError
from smakom_mail.model.person import Reason, Suppression
from smakom_mail.services.storing import adopt_store, back_up_store, check_store, upgrade_store
from smakom_mail.services.subscribing.leaving import unsubscribe
from smakom_mail.services.workplace import open_workplace
from smakom_mail.store.backup import backup_before_upgrade
from smakom_mail.store.migrating import Migration, migrations
from smakom_mail.store.suppressions import suppress as record
from tests.services.subscribing.keeping import ACT, SECRET, added, made_project, opened, standing

KIM = "kim@nas.example"
LOST = "the smakom-mail.db.journal beside it is missing, or not all of it is there"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a project with two lists; give its folder."""
    return made_project(tmp_path)


def sidecar_of(root: Path) -> Path:
    return root / "var" / "smakom-mail.db.installation"


def test_a_backup_from_before_the_first_no_is_a_copy_without_its_journal(root: Path) -> None:
    with opened(root) as store:
        added(store, KIM)
    back_up_store(open_workplace(root, {}), root / "backup.db")
    with opened(root) as store:
        unsubscribe(store, KIM, (), ACT)
    shutil.copy(root / "backup.db", root / "var" / "smakom-mail.db")
    journal = root / "var" / "smakom-mail.db.journal"
    journal.unlink()

    assert check_store(open_workplace(root, {}), SECRET).copy == LOST
    with opened(root) as store:
        assert store.installation.why_copy() == LOST
        for number in range(5):
            unsubscribe(store, f"bo{number}@nas.example", (), ACT)
    with opened(root) as store, pytest.raises(CopyError, match="not all of it is there"):
        store.installation.raise_epoch()

    assert adopt_store(open_workplace(root, {}), SECRET).was_copy
    with opened(root) as store:
        store.installation.raise_epoch()


def test_a_backup_put_back_with_the_journal_of_its_day_is_a_copy(root: Path) -> None:
    journal = root / "var" / "smakom-mail.db.journal"
    with opened(root) as store:
        added(store, KIM)
        unsubscribe(store, "bo@nas.example", (), ACT)
    back_up_store(open_workplace(root, {}), root / "backup.db")
    shutil.copy(journal, root / "backup.journal")
    with opened(root) as store:
        unsubscribe(store, KIM, (), ACT)
    shutil.copy(root / "backup.db", root / "var" / "smakom-mail.db")
    shutil.copy(root / "backup.journal", journal)

    assert check_store(open_workplace(root, {}), SECRET).copy == LOST


class _KilledError(Exception):
    """The end of a program."""


@pytest.mark.parametrize("moment", ["before the sidecar", "before the commit"])
def test_a_crash_while_a_no_is_written_makes_no_copy(root: Path, moment: str) -> None:
    with opened(root) as store:
        added(store, KIM)
    sidecar = sidecar_of(root).read_bytes()
    with opened(root) as store, suppress(_KilledError), store.database.transaction():
        no = Suppression(store.keyring.fingerprint(KIM), "", Reason.MANUAL, ACT.at, "kim")
        record(store.database, store.journal, no)
        raise _KilledError
    if moment == "before the sidecar":
        sidecar_of(root).write_bytes(sidecar)

    assert check_store(open_workplace(root, {}), SECRET).copy == ""
    with opened(root) as store:
        assert standing(store, KIM) == {"medlemmar": "confirmed", "no *": "manual"}
        store.installation.raise_epoch()
    length = (root / "var" / "smakom-mail.db.journal").stat().st_size
    assert json.loads(sidecar_of(root).read_bytes())["journal"] == length


def test_a_sidecar_of_an_older_version_learns_the_length_of_the_journal(root: Path) -> None:
    with opened(root) as store:
        added(store, KIM)
        unsubscribe(store, KIM, (), ACT)
    found = json.loads(sidecar_of(root).read_bytes())
    length = found.pop("journal")
    sidecar_of(root).write_text(json.dumps(found), encoding="ascii")

    with opened(root) as store:
        assert store.notes == ()

    assert json.loads(sidecar_of(root).read_bytes()) == found | {"journal": length}


def test_two_backups_in_one_second_are_two_files(root: Path) -> None:
    with opened(root):
        pass

    made = [
        back_up_store(open_workplace(root, {}), None, at="2021-01-04T10:00:00.000+00:00")
        for _ in range(3)
    ]

    assert [each.file.name for each in made] == [
        "smakom-mail-20210104T100000Z.db",
        "smakom-mail-20210104T100000Z-2.db",
        "smakom-mail-20210104T100000Z-3.db",
    ]


def test_an_upgrade_that_was_killed_is_run_again_in_the_same_second(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(root) as store:
        added(store, KIM)
    newest = len(migrations())
    known = (*migrations(), Migration(newest + 1, "pets", ("CREATE TABLE pets (name TEXT)",)))
    monkeypatch.setattr("smakom_mail.store.migrating.migrations", lambda: known)
    first = backup_before_upgrade(root / "var" / "smakom-mail.db", newest, ACT.at)
    back_up_store(open_workplace(root, {}), first)

    done = upgrade_store(open_workplace(root, {}), ACT.at)

    assert done.backup == first.with_stem(f"{first.stem}-2")
    assert first.is_file()
    assert done.version == newest + 1
