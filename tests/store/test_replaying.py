"""A restored backup revives nobody: what the journal says is entered, once, whatever happened."""

from collections.abc import Callable
from pathlib import Path

import pytest

from smakom_mail.model.person import Reason
from smakom_mail.store import Database, open_database
from smakom_mail.store.backup import back_up
from smakom_mail.store.erasing import Left, erase_traces, forget
from smakom_mail.store.installation import Installation
from smakom_mail.store.invariants import problems
from smakom_mail.store.journal import as_line, journal_beside, recorded_length
from smakom_mail.store.lists import keep_lists
from smakom_mail.store.people import find_by_key
from smakom_mail.store.replaying import replay, settle
from smakom_mail.store.suppressions import each_no, lift, standing_noes
from tests.store.peopled import (
    LISTS,
    NOW,
    added,
    fingerprint,
    journal_of,
    no,
    person,
    say_no,
)

KIM, BO, EVA = (f"{name}@exempel.example" for name in ("kim", "bo", "eva"))


def standing(database: Database) -> list[tuple[str, str]]:
    """Give list and reason of every no that stands, by person."""
    names = {fingerprint(email): email.split("@")[0] for email in (KIM, BO, EVA)}
    return sorted(
        (names[each.fingerprint], f"{each.reason} {each.list_slug or '*'}")
        for each in each_no(database)
        if not each.lifted_at
    )


@pytest.fixture
def restored(database: Database, tmp_path: Path) -> Callable[[], Database]:
    """Back up a database with three members; give what puts the backup back in its place."""
    added(database, *(person(email, "medlemmar") for email in (KIM, BO, EVA)))
    back_up(database, tmp_path / "backup.db")

    def put_back() -> Database:
        database.close()
        for end in ("-wal", "-shm"):
            database.path.with_name(f"{database.path.name}{end}").unlink(missing_ok=True)
        (tmp_path / "backup.db").replace(database.path)
        return open_database("sqlite:///var/people.db", tmp_path, create=False)

    return put_back


def test_every_no_since_the_backup_is_known_again(
    database: Database, restored: Callable[[], Database]
) -> None:
    say_no(database, no(KIM, "medlemmar"), no(BO, "", Reason.COMPLAINED))
    found = find_by_key(database, EVA)
    assert found is not None
    forget(database, journal_of(database), found.id, NOW)

    older = restored()
    assert standing(older) == []
    assert settle(older, journal_of(older), NOW.at) == 3

    assert standing(older) == [
        ("bo", "complained *"),
        ("eva", "forgotten *"),
        ("kim", "unsubscribed medlemmar"),
    ]
    assert find_by_key(older, EVA) is None
    assert erase_traces(older) is Left.NOTHING
    assert EVA.encode() not in older.path.read_bytes()
    assert settle(older, journal_of(older), NOW.at) == 0
    older.close()


def test_what_the_editor_or_a_server_said_no_for_is_known_again_too(
    database: Database, restored: Callable[[], Database]
) -> None:
    say_no(database, no(KIM, "", Reason.MANUAL), no(BO, "medlemmar", Reason.BOUNCED))

    older = restored()
    assert settle(older, journal_of(older), NOW.at) == 2

    assert standing(older) == [("bo", "bounced medlemmar"), ("kim", "manual *")]
    older.close()


def test_replaying_twice_changes_nothing(database: Database) -> None:
    added(database, person(KIM, "medlemmar"))
    say_no(database, no(KIM, "medlemmar"), no(BO))
    lines = journal_of(database).path.read_bytes()
    before = list(each_no(database))

    assert replay(database, journal_of(database), NOW.at) == 0
    assert replay(database, journal_of(database), NOW.at) == 0
    assert list(each_no(database)) == before
    assert journal_of(database).path.read_bytes() == lines


def test_a_no_that_was_taken_back_stays_taken_back(database: Database) -> None:
    say_no(database, no(KIM, "medlemmar"))
    with database.transaction():
        lift(database, [fingerprint(KIM)], ["medlemmar"], [Reason.UNSUBSCRIBED], NOW)

    replay(database, journal_of(database), NOW.at)

    assert standing_noes(database, [fingerprint(KIM)]) == ()


def test_somebody_who_came_back_after_being_forgotten_is_not_forgotten_again(
    database: Database,
) -> None:
    (id_,) = added(database, person(KIM, "medlemmar"))
    forget(database, journal_of(database), id_, NOW)
    added(database, person(KIM, "medlemmar"))
    with database.transaction():
        lift(database, [fingerprint(KIM)], [""], [Reason.FORGOTTEN], NOW)

    replay(database, journal_of(database), NOW.at)

    assert find_by_key(database, KIM) is not None


def test_a_line_whose_commit_never_came_counts(database: Database) -> None:
    """The crash between line and commit: the no was said, and nothing else is known of it."""
    added(database, person(KIM, "medlemmar"))

    def crash() -> None:
        with database.transaction():
            journal_of(database).append(database, [no(KIM, "medlemmar")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crash()
    assert standing(database) == []

    assert settle(database, journal_of(database), NOW.at) == 1
    assert standing(database) == [("kim", "unsubscribed medlemmar")]


def test_an_erasure_whose_commit_never_came_is_carried_out(database: Database) -> None:
    added(database, person(KIM, "medlemmar"))

    def crash() -> None:
        with database.transaction():
            journal_of(database).append(database, [no(KIM, "", Reason.FORGOTTEN)])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crash()

    assert settle(database, journal_of(database), NOW.at) == 1
    assert find_by_key(database, KIM) is None


def test_a_journal_that_is_lost_is_written_anew(database: Database) -> None:
    say_no(database, no(KIM, "medlemmar"), no(BO, "press", Reason.BOUNCED))
    whole = journal_of(database).path.read_bytes()
    journal_of(database).path.unlink()

    settle(database, journal_of(database), NOW.at)

    assert journal_of(database).path.read_bytes() == whole
    assert recorded_length(database) == len(whole)


def test_a_new_database_beside_an_old_journal_knows_its_noes(
    database: Database, tmp_path: Path
) -> None:
    say_no(database, no(KIM, "medlemmar"))
    database.close()
    for path in database.path.parent.iterdir():
        if not path.name.endswith(".journal"):
            path.unlink()
    fresh = open_database("sqlite:///var/people.db", tmp_path, create=True)
    keep_lists(fresh, LISTS)

    settle(fresh, journal_beside(fresh.path), NOW.at)

    assert standing(fresh) == [("kim", "unsubscribed medlemmar")]
    fresh.close()


def why_copy(database: Database) -> str:
    return Installation(database, "machine-1").why_copy()


LOST = "the people.db.journal beside it is missing, or not all of it is there"


@pytest.mark.parametrize("left", [None, 0, 50])
def test_a_backup_without_its_journal_is_a_copy_until_it_is_adopted(
    database: Database, tmp_path: Path, left: int | None
) -> None:
    added(database, *(person(email, "medlemmar") for email in (KIM, BO)))
    say_no(database, no(KIM, "medlemmar"))
    back_up(database, tmp_path / "backup.db")
    say_no(database, no(BO))
    database.close()
    (tmp_path / "backup.db").replace(database.path)
    journal = journal_of(database)
    if left is None:
        journal.path.unlink()
    else:
        journal.path.write_bytes(journal.path.read_bytes()[:left])
    restored = open_database("sqlite:///var/people.db", tmp_path, create=False)

    assert why_copy(restored) == LOST
    settle(restored, journal, NOW.at)
    assert why_copy(restored) == LOST
    settle(restored, journal, NOW.at)
    assert why_copy(restored) == LOST
    told = [each.message for each in problems(restored, journal) if each.code == "journal-lost"]
    assert told == [f"journal: {LOST}; who has said no since is not known"]

    Installation(restored, "machine-1").adopt(NOW.at)

    settle(restored, journal, NOW.at)
    assert why_copy(restored) == ""
    assert "journal-lost" not in [each.code for each in problems(restored, journal)]
    restored.close()


def test_a_journal_that_is_put_back_later_is_read_and_the_copy_stays_one(
    database: Database,
) -> None:
    added(database, person(KIM, "medlemmar"))
    say_no(database, no(KIM, "medlemmar"))
    say_no(database, no(BO))
    whole = journal_of(database).path.read_bytes()
    journal_of(database).path.unlink()
    settle(database, journal_of(database), NOW.at)
    journal_of(database).path.write_bytes(whole + as_line(no(EVA)).encode())

    assert settle(database, journal_of(database), NOW.at) == 1

    assert standing(database) == [
        ("bo", "unsubscribed *"),
        ("eva", "unsubscribed *"),
        ("kim", "unsubscribed medlemmar"),
    ]
    assert why_copy(database) == LOST


def test_a_crash_before_the_commit_leaves_an_original(database: Database) -> None:
    added(database, person(KIM, "medlemmar"))
    say_no(database, no(BO))

    def crash() -> None:
        with database.transaction():
            journal_of(database).append(database, [no(KIM, "medlemmar")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crash()

    assert why_copy(database) == ""
    settle(database, journal_of(database), NOW.at)
    assert why_copy(database) == ""


def test_a_new_empty_database_without_a_journal_is_no_copy(database: Database) -> None:
    settle(database, journal_of(database), NOW.at)

    assert why_copy(database) == ""
    added(database, person(KIM, "medlemmar"))
    assert why_copy(database) == ""
