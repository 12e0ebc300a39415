"""Opening the store of a project, and looking after its file."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from smakom_mail.errors import CopyError, SmakomMailError, StoreError
from smakom_mail.model.person import MailingList, Reason, Subscriber, Suppression
from smakom_mail.services.storing import (
    Store,
    adopt_store,
    back_up_store,
    check_store,
    open_store,
    timestamp,
    upgrade_store,
)
from smakom_mail.services.workplace import Workplace, open_workplace
from smakom_mail.store import Database
from smakom_mail.store.changing import add_person
from smakom_mail.store.erasing import erase, forget
from smakom_mail.store.lists import known_lists
from smakom_mail.store.migrating import Migration, migrations
from smakom_mail.store.people import find_by_key, new_identity
from smakom_mail.store.suppressions import standing_noes, suppress
from tests.store.peopled import LISTS, NOW

TOML = """[newsletter]
name = "Nytt från Näs"
[sender]
email = "nytt@nas.example"
[site]
url = "https://nytt.nas.example"
"""
SECRET = {"SMAKOM_MAIL_SECRET": "en-hemlighet-som-ar-lang-nog-for-oss"}
OTHER = "en-annan-hemlighet-som-ar-lang-nog-ocksa"
NEWEST = len(migrations())
KIM = "kim@nas.example"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a project with three lists; give its folder."""
    lists = "".join(
        f'[[people.list]]\nslug = "{each.slug}"\nname = "{each.name}"\n' for each in LISTS
    )
    (tmp_path / "smakom-mail.toml").write_text(TOML + lists, encoding="utf-8")
    return tmp_path


def place(root: Path, environment: Mapping[str, str] = SECRET) -> Workplace:
    return open_workplace(root, environment)


def opened(
    root: Path,
    environment: Mapping[str, str] = SECRET,
    machine: str = "here",
    *,
    create: bool = True,
) -> Store:
    return open_store(
        place(root, environment), environment, create=create, at=NOW.at, machine=machine
    )


def add(store: Store, email: str) -> str:
    """Add somebody; give the id."""
    id_, ref = new_identity()
    person = Subscriber(id_, ref, email, email, store.keyring.fingerprint(email))
    with store.database.transaction():
        return add_person(store.database, person, NOW)


def unsubscribe(store: Store, email: str) -> None:
    said = Suppression(store.keyring.fingerprint(email), "", Reason.UNSUBSCRIBED, NOW.at, "self")
    with store.database.transaction():
        suppress(store.database, store.journal, said)


def reasons(store: Store, email: str) -> list[Reason]:
    return [no.reason for no in standing_noes(store.database, store.keyring.fingerprints(email))]


def test_a_store_has_the_lists_of_the_settings_and_its_sidecar(root: Path) -> None:
    with opened(root) as store:
        assert known_lists(store.database) == LISTS
        assert store.installation.state() == "original"
        add(store, KIM)

    assert sorted(path.name for path in (root / "var").iterdir()) == [
        "smakom-mail.db",
        "smakom-mail.db.installation",
    ]
    with opened(root, create=False) as store:
        assert find_by_key(store.database, KIM) is not None


def test_without_lists_in_the_settings_there_is_one(root: Path) -> None:
    (root / "smakom-mail.toml").write_text(TOML, encoding="utf-8")

    with opened(root) as store:
        assert known_lists(store.database) == (
            MailingList("prenumeranter", "Prenumeranter", is_default=True),
        )


def test_nothing_is_made_by_looking(root: Path) -> None:
    with pytest.raises(StoreError, match="there is no database yet"):
        opened(root, create=False)

    assert [path.name for path in root.iterdir()] == ["smakom-mail.toml"]


def test_the_environment_names_another_database(root: Path, tmp_path: Path) -> None:
    elsewhere = SECRET | {"SMAKOM_MAIL_DATABASE": f"sqlite:///{tmp_path}/elsewhere/people.db"}

    with opened(root, elsewhere) as store:
        assert store.database.path == tmp_path / "elsewhere" / "people.db"
    assert not (root / "var").exists()


def test_a_slip_in_the_settings_leads_to_no_other_database(root: Path) -> None:
    text = (root / "smakom-mail.toml").read_text(encoding="utf-8")
    (root / "smakom-mail.toml").write_text(f'{text}[database]\nurI = "x"\n', encoding="utf-8")

    with pytest.raises(StoreError) as error:
        opened(root)

    assert error.value.message.startswith("smakom-mail.toml:17: ")
    assert not (root / "var").exists()


def test_another_secret_would_not_know_who_said_no_and_is_refused(root: Path) -> None:
    with opened(root) as store:
        add(store, KIM)

    with pytest.raises(StoreError) as error:
        opened(root, {"SMAKOM_MAIL_SECRET": OTHER})

    assert error.value.message == (
        f"the database {root}/var/smakom-mail.db: it was made with another secret: "
        "who has said no would not be known again"
    )
    assert error.value.hint == (
        "put back your copy of var/secret, or add the old secret to SMAKOM_MAIL_SECRETS_OLD"
    )


def test_a_new_secret_in_front_of_the_old_one_is_taken(root: Path) -> None:
    with opened(root) as store:
        add(store, KIM)
        unsubscribe(store, "bo@nas.example")
    rotated = {
        "SMAKOM_MAIL_SECRET": OTHER,
        "SMAKOM_MAIL_SECRETS_OLD": SECRET["SMAKOM_MAIL_SECRET"],
    }

    with opened(root, rotated) as store:
        assert reasons(store, "bo@nas.example") == [Reason.UNSUBSCRIBED]
    with pytest.raises(StoreError, match="another secret"):
        opened(root, SECRET)


@pytest.mark.parametrize("lost", ["secret", "secret and database"])
def test_a_lost_secret_is_not_made_anew_where_somebody_said_no(root: Path, lost: str) -> None:
    with opened(root, {}) as store:
        unsubscribe(store, KIM)
    (root / "var" / "secret").unlink()
    if lost == "secret and database":
        (root / "var" / "smakom-mail.db").unlink()

    with pytest.raises(SmakomMailError, match="var/secret"):
        opened(root, {})

    assert not (root / "var" / "secret").exists()


def test_a_restored_backup_knows_every_no_at_its_first_opening(root: Path) -> None:
    with opened(root) as store:
        ids = [add(store, email) for email in (KIM, "bo@nas.example")]
    back_up_store(place(root), root / "backup.db")
    with opened(root) as store:
        unsubscribe(store, KIM)
        forget(store.database, store.journal, ids[1], NOW)
    shutil.copy(root / "backup.db", root / "var" / "smakom-mail.db")

    with opened(root) as store:
        assert reasons(store, KIM) == [Reason.UNSUBSCRIBED]
        assert reasons(store, "bo@nas.example") == [Reason.FORGOTTEN]
        assert find_by_key(store.database, "bo@nas.example") is None
    assert b"bo@nas.example" not in (root / "var" / "smakom-mail.db").read_bytes()


def test_a_copy_sends_only_after_it_was_adopted(root: Path) -> None:
    with opened(root) as store:
        add(store, KIM)
        store.installation.raise_epoch()
    with opened(root, machine="elsewhere") as store, pytest.raises(CopyError):
        store.installation.require_original()
    (root / "var" / "smakom-mail.db.journal").write_text("", encoding="utf-8")

    adopted = adopt_store(place(root), SECRET, at=NOW.at, machine="elsewhere")

    assert (adopted.was_copy, adopted.noes, adopted.epoch) == (True, 0, 2)
    with opened(root, machine="elsewhere") as store:
        store.installation.require_original()
    with opened(root, machine="here") as store:
        assert store.installation.state() == "copy"
    again = adopt_store(place(root), SECRET, at=NOW.at, machine="elsewhere")
    assert (again.was_copy, again.epoch) == (False, 2)


def test_a_database_whose_journal_is_lost_says_so_until_it_is_adopted(root: Path) -> None:
    with opened(root) as store:
        add(store, KIM)
        unsubscribe(store, KIM)
        assert store.notes == ()
    (root / "var" / "smakom-mail.db.journal").unlink()

    checked = check_store(place(root), SECRET, "here")
    assert [problem.code for problem in checked.problems] == ["journal-lost"]
    assert checked.copy == (
        "the smakom-mail.db.journal beside it is missing, or not all of it is there"
    )
    for _ in range(2):
        with opened(root) as store:
            (note,) = store.notes
            assert note == (
                f"the database {root}/var/smakom-mail.db is a copy: the smakom-mail.db.journal "
                "beside it is missing, or not all of it is there. Who has said no since it was "
                "made may not be known: put the journal back, then smakom-mail db adopt"
            )
            with pytest.raises(CopyError, match="not all of it is there"):
                store.installation.raise_epoch()

    adopted = adopt_store(place(root), SECRET, at=NOW.at, machine="here")

    assert adopted.was_copy
    with opened(root) as store:
        assert store.notes == ()
        store.installation.raise_epoch()


def test_an_erasure_that_cannot_be_ended_yet_is_told_and_stops_no_opening(root: Path) -> None:
    with opened(root) as store:
        id_ = add(store, KIM)
        with opened(root) as reader, reader.database.snapshot():
            assert find_by_key(reader.database, KIM) is not None
            with store.database.transaction():
                erase(store.database, store.journal, [id_], NOW)
            with opened(root) as other:
                (note,) = other.notes
    assert note == (
        "whoever was forgotten is out of the tables, but not yet out of the freed pages of "
        f"{root}/var/smakom-mail.db: another program still reads the old pages. "
        "The next command tries it again"
    )
    with opened(root) as store:
        assert store.notes == ()
    assert KIM.encode() not in (root / "var" / "smakom-mail.db").read_bytes()


def test_an_adoption_counts_the_noes_that_it_learned(root: Path) -> None:
    with opened(root) as store:
        add(store, KIM)
        store.installation.raise_epoch()
    back_up_store(place(root), root / "backup.db")
    with opened(root) as store:
        unsubscribe(store, KIM)
        store.installation.raise_epoch()
    shutil.copy(root / "backup.db", root / "var" / "smakom-mail.db")

    adopted = adopt_store(place(root), SECRET, at=NOW.at, machine="here")

    assert (adopted.was_copy, adopted.noes, adopted.epoch) == (True, 1, 3)
    assert json.loads((root / "var" / "smakom-mail.db.installation").read_bytes())["epoch"] == 3


def test_an_upgrade_makes_a_backup_first(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(root) as store:
        add(store, KIM)
    step = Migration(NEWEST + 1, "pets", ("CREATE TABLE pets (name TEXT)",))
    known = (*migrations(), step)
    monkeypatch.setattr("smakom_mail.store.migrating.migrations", lambda: known)
    with pytest.raises(StoreError, match="was made by an older version"):
        opened(root)

    done = upgrade_store(place(root), NOW.at)

    name = f"smakom-mail-20240501T080000Z-before-upgrade-from-{NEWEST:04}.db"
    assert done.backup == root / "var" / "backups" / name
    assert (done.version, done.steps) == (NEWEST + 1, (f"{NEWEST + 1:04} pets",))
    before = Database(done.backup)
    assert "pets" not in before.tables()
    assert find_by_key(before, KIM) is not None
    before.close()
    again = upgrade_store(place(root), NOW.at)
    assert (again.version, again.steps, again.backup) == (NEWEST + 1, (), None)


def test_an_upgrade_makes_a_database_that_is_missing(root: Path) -> None:
    done = upgrade_store(place(root), NOW.at)

    assert (done.version, done.steps, done.backup) == (NEWEST, (), None)
    assert done.database.is_file()


def test_a_check_changes_nothing_and_tells_a_copy(root: Path) -> None:
    with opened(root) as store:
        add(store, KIM)
        store.installation.raise_epoch()
    before = {path.name: path.read_bytes() for path in (root / "var").iterdir()}

    here = check_store(place(root), SECRET, "here")
    elsewhere = check_store(place(root), SECRET, "elsewhere")

    assert (here.version, here.copy, here.problems) == (NEWEST, "", ())
    assert elsewhere.copy == "it has sent from another machine"
    assert {path.name: path.read_bytes() for path in (root / "var").iterdir()} == before


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        (
            {"SMAKOM_MAIL_SECRET": OTHER},
            "it was made with another secret: who has said no would not be known again",
        ),
        ({}, "there is no secret: var/secret is missing"),
    ],
)
def test_a_check_without_the_secret_says_so(
    root: Path, environment: dict[str, str], message: str
) -> None:
    with opened(root) as store:
        add(store, KIM)

    problems = check_store(place(root, environment), environment, "here").problems

    assert (problems[0].code, problems[0].message) == ("secret", message)


def test_a_moment_is_written_in_utc() -> None:
    assert timestamp().endswith("+00:00")
    assert len(timestamp()) == len(NOW.at)
