"""Forgotten means forgotten: out of the tables, and out of the bytes of every file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from smakom_mail.model.person import Basis, Consent, MembershipState, Reason
from smakom_mail.store import Database, open_database
from smakom_mail.store.backup import back_up
from smakom_mail.store.changing import (
    change_person,
    readdress,
    record_consent,
    write_history,
)
from smakom_mail.store.erasing import Left, erase, erase_traces, forget
from smakom_mail.store.people import find_by_fingerprint, find_by_id, find_by_key, history_of
from smakom_mail.store.replaying import settle
from smakom_mail.store.suppressions import noes_of, standing_noes
from tests.store.peopled import (
    NOW,
    THEN,
    added,
    fingerprint,
    imported,
    journal_of,
    no,
    person,
    row,
    say_no,
)

Opener = Callable[[], Database]
KIM = "Kim.Ovanlig@exempel.example"
KEY = KIM.lower()
WORDS = ("kim.ovanlig", "Kim.Ovanlig", "Ovanligsson", "Ovanligstad", "gammal.adress")


def traces(folder: Path, *words: str) -> list[str]:
    """Give the files in a folder that hold any of the words."""
    return sorted(
        f"{path.name}: {word}"
        for path in folder.iterdir()
        for word in words
        if word.encode("utf-8") in path.read_bytes()
    )


@pytest.fixture
def kim(database: Database) -> str:
    """Add Kim among two hundred others, and change her in every way; give her id."""
    (id_,) = added(
        database,
        person(KIM, "medlemmar", name="Kim Ovanligsson", organisation="Ovanligstad", tags=("ny",)),
    )
    imported(database, [row(n, f"other{n}@exempel.example", "press") for n in range(200)])
    with database.transaction():
        moved = person("gammal.adress@exempel.example")
        readdress(database, journal_of(database), id_, moved, THEN)
        readdress(database, journal_of(database), id_, person(KIM), THEN)
        for n in range(50):
            names = {"name": f"Kim {n} Ovanligsson", "organisation": f"Ovanligstad {n}" * 20}
            change_person(database, id_, names, THEN)
        consent = Consent("press", Basis.CONSENT, THEN.at, f"brev från {KIM}", f"Ja, {KIM}")
        record_consent(database, id_, consent, THEN)
    say_no(database, replace(no(KEY, "press"), note=f"550 <{KIM}> unknown", actor=KIM))
    return id_


def test_nothing_of_her_is_left_in_any_file(database: Database, kim: str) -> None:
    assert traces(database.path.parent, *WORDS) != []

    assert forget(database, journal_of(database), kim, NOW) is Left.NOTHING

    assert traces(database.path.parent, *WORDS) == []
    database.close()
    assert traces(database.path.parent, *WORDS) == []


def test_pages_that_were_freed_long_before_hold_nothing_either(
    database: Database, opener: Opener
) -> None:
    """Rows that grow, move and go leave their bytes in pages that nobody reads any more."""
    ids = added(database, *(person(f"kim.ovanlig{n}@exempel.example") for n in range(300)))
    for size in (10, 900, 3_000):
        with database.transaction():
            for id_ in ids:
                change_person(database, id_, {"name": "kim.ovanlig" + "x" * size}, THEN)
    for id_ in ids[1:]:
        with database.transaction():
            database.run("DELETE FROM history WHERE subscriber_id = :id", {"id": id_})
            database.run("DELETE FROM subscribers WHERE id = :id", {"id": id_})
    other = opener()
    assert find_by_id(other, ids[0]) is not None
    other.close()

    forget(database, journal_of(database), ids[0], NOW)

    assert traces(database.path.parent, "kim.ovanlig") == []


def test_what_stays_is_a_row_a_fingerprint_and_a_no(database: Database, kim: str) -> None:
    forget(database, journal_of(database), kim, NOW)

    assert find_by_key(database, KEY) is None
    left = find_by_fingerprint(database, [fingerprint(KEY)])
    assert left is not None
    assert (left.id, left.state, left.flags, left.created_at) == (kim, "forgotten", (), THEN.at)
    assert [n.reason for n in standing_noes(database, [fingerprint(KEY)])] == [
        Reason.UNSUBSCRIBED,
        Reason.FORGOTTEN,
    ]
    assert {(n.note, n.actor) for n in noes_of(database, [fingerprint(KEY)])} == {("", "")}
    history = history_of(database, kim)
    assert history[-1].what == "forgotten"
    assert {(c.actor, c.old, c.new) for c in history} == {("", "", "")}
    assert {"added", "name", "email", "list medlemmar"} <= {c.what for c in history}


def test_her_fingerprint_blocks_every_import(database: Database, kim: str) -> None:
    forget(database, journal_of(database), kim, NOW)

    counts = imported(database, [row(2, KIM, "medlemmar", name="Kim"), row(3, KEY, "press")])

    assert (counts.suppressed, counts.twins, counts.added) == (1, 1, 0)
    assert find_by_key(database, KEY) is None


def test_what_is_written_of_others_loses_her_address_and_nothing_else(
    database: Database, kim: str
) -> None:
    (bo,) = added(database, person("bo@exempel.example"))
    texts = {
        f"samma som {KIM}!": "samma som (forgotten)!",
        f"<{KEY}>, bo@exempel.example": "<(forgotten)>, bo@exempel.example",
        f"min{KEY}": f"min{KEY}",
        f"{KEY}-posten.example": f"{KEY}-posten.example",
        "kim": "kim",
    }
    with database.transaction():
        for text in texts:
            write_history(database, bo, replace(history_of(database, bo)[0], new=text))

    forget(database, journal_of(database), kim, NOW)

    assert [c.new for c in history_of(database, bo)][1:] == list(texts.values())


def test_forgetting_twice_is_forgetting_once(database: Database, kim: str) -> None:
    forget(database, journal_of(database), kim, NOW)
    before = history_of(database, kim)

    assert forget(database, journal_of(database), kim, NOW) is Left.NOTHING

    assert history_of(database, kim) == before
    assert len(standing_noes(database, [fingerprint(KEY)])) == 2


def test_nobody_cannot_be_forgotten(database: Database) -> None:
    with pytest.raises(LookupError, match="nobody"):
        forget(database, journal_of(database), "nobody", NOW)


def test_while_another_program_reads_the_end_is_put_off(
    database: Database, kim: str, opener: Opener
) -> None:
    reader = opener()
    with reader.snapshot():
        assert find_by_key(reader, KEY) is not None

        assert forget(database, journal_of(database), kim, NOW) is Left.READ
        assert find_by_key(database, KEY) is None
        assert traces(database.path.parent, "kim.ovanlig") != []

    assert erase_traces(database) is Left.NOTHING
    assert traces(database.path.parent, *WORDS) == []
    assert erase_traces(database) is Left.NOTHING


def test_an_opening_waits_for_nobody(database: Database, kim: str, tmp_path: Path) -> None:
    """Ten seconds is what a command waits for another program; an opening tries once."""
    patient = open_database("sqlite:///var/people.db", tmp_path, create=False, patience=3_600)
    with database.snapshot():
        assert find_by_key(database, KEY) is not None
        with patient.impatient():
            forget(patient, journal_of(patient), kim, NOW)

        assert erase_traces(patient, wait=False) is Left.READ
    with database.transaction():
        assert erase_traces(patient, wait=False) is Left.READ

    assert erase_traces(patient, wait=False) is Left.NOTHING
    patient.close()
    assert traces(database.path.parent, *WORDS) == []


def test_a_file_that_is_written_anew_is_not_written_once_more_for_the_log(
    database: Database, kim: str, opener: Opener
) -> None:
    """A reader who comes while the file is written keeps the log; then only that is left to do."""
    reader = opener()
    asked: list[str] = []

    def come(sql: str) -> None:
        asked.append(sql)
        if sql == "VACUUM":
            reader._connection.execute("BEGIN")  # noqa: SLF001 - a reader in between
            assert find_by_key(reader, KEY) is None

    database._connection.set_trace_callback(come)  # noqa: SLF001 - what SQLite is asked
    assert forget(database, journal_of(database), kim, NOW) is Left.READ
    reader._connection.execute("COMMIT")  # noqa: SLF001 - and goes

    assert erase_traces(database) is Left.NOTHING

    assert asked.count("VACUUM") == 1
    assert traces(database.path.parent, *WORDS) == []


def test_who_is_forgotten_while_the_file_is_written_anew_is_not_taken_for_done(
    database: Database, kim: str, opener: Opener
) -> None:
    (eva,) = added(database, person("eva.unik@exempel.example"))
    other = opener()

    def meanwhile(sql: str) -> None:
        if sql == "PRAGMA wal_checkpoint(TRUNCATE)" and meant.pop("now", False):
            with other.transaction():
                erase(other, journal_of(other), [eva], NOW)

    meant: dict[str, bool] = {}
    with database.transaction():
        erase(database, journal_of(database), [kim], NOW)
    rewrite = database.rewrite

    def rewritten() -> None:
        rewrite()
        meant["now"] = True

    database.rewrite = rewritten  # type: ignore[method-assign] # somebody comes in between
    database._connection.set_trace_callback(meanwhile)  # noqa: SLF001 - what SQLite is asked
    erase_traces(database)
    database._connection.set_trace_callback(None)  # noqa: SLF001 - nobody more

    assert database.one("SELECT 1 FROM meta WHERE key = 'traces'") is not None
    assert erase_traces(database) is Left.NOTHING
    assert traces(database.path.parent, *WORDS, "eva.unik") == []


def test_only_one_of_many_is_forgotten(database: Database, kim: str) -> None:
    forget(database, journal_of(database), kim, NOW)

    row_ = database.one("SELECT COUNT(*) AS number FROM subscribers WHERE state = 'active'")
    assert row_ is not None
    assert row_["number"] == 200
    assert database.damages() == []


def test_an_erasure_of_one_who_was_invited_again_is_a_line_of_the_journal_too(
    database: Database, kim: str, tmp_path: Path
) -> None:
    """The backup has her as she waits to confirm: only the second line tells that she is gone."""
    forget(database, journal_of(database), kim, THEN)
    added(database, person(KIM, "medlemmar", state=MembershipState.PENDING))
    back_up(database, tmp_path / "backup.db")
    forget(database, journal_of(database), kim, NOW)
    database.close()
    (tmp_path / "backup.db").replace(database.path)

    restored = open_database("sqlite:///var/people.db", tmp_path, create=False)
    settle(restored, journal_of(restored), NOW.at)

    assert find_by_key(restored, KEY) is None
    said = [no.at for no in standing_noes(restored, [fingerprint(KEY)]) if no.list_slug == ""]
    assert said == [THEN.at, NOW.at]
    assert erase_traces(restored) is Left.NOTHING
    restored.close()
    assert traces(restored.path.parent, *WORDS) == []


def test_an_address_of_hers_that_is_somebody_elses_now_is_left_to_them(
    database: Database, kim: str
) -> None:
    (bo,) = added(database, person("gammal.adress@exempel.example", name="Bo"))
    with database.transaction():
        moved = person("gammal.adress@exempel.example")
        write_history(database, bo, replace(history_of(database, bo)[0], new=moved.email))

    forget(database, journal_of(database), kim, NOW)

    assert history_of(database, bo)[1].new == "gammal.adress@exempel.example"


def test_thousands_are_erased_with_one_look_at_what_is_written_of_others(
    database: Database,
) -> None:
    ids = added(database, *(person(f"gone{n}@exempel.example", "press") for n in range(30)))
    (bo,) = added(database, person("bo@exempel.example"))
    with database.transaction():
        for n in range(30):
            entry = replace(history_of(database, bo)[0], new=f"gone{n}@exempel.example")
            write_history(database, bo, entry)
    asked: list[str] = []
    database._connection.set_trace_callback(asked.append)  # noqa: SLF001 - what SQLite is asked

    with database.transaction():
        erase(database, journal_of(database), ids, NOW)

    assert sum("DISTINCT new AS text FROM history" in sql for sql in asked) == 1
    assert {entry.new for entry in history_of(database, bo)[1:]} == {"(forgotten)"}
    assert len(list(journal_of(database).entries())) == 30
    assert erase_traces(database) is Left.NOTHING
    assert traces(database.path.parent, "gone") == []
