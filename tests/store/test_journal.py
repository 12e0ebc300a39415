"""The journal: a line for each no, on disk before the commit; any file can be read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.errors import StoreError
from smakom_mail.model.person import Reason, Suppression
from smakom_mail.store import Database
from smakom_mail.store.journal import Journal, as_line, from_line, recorded_length
from tests.store.peopled import journal_of, no, say_no

PRINT = "0f" * 32
LINE = f"2024-03-01T08:00:00.000+00:00 unsubscribed medlemmar {PRINT}\n"
slugs = st.from_regex(r"[a-z0-9åäö][a-z0-9åäö-]{0,20}", fullmatch=True) | st.just("")
noes = st.builds(
    Suppression,
    fingerprint=st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    list_slug=slugs,
    reason=st.sampled_from(list(Reason)),
    at=st.datetimes().map(lambda at: f"{at.isoformat(timespec='milliseconds')}+00:00"),
    actor=st.just("journal"),
)


def test_a_line_has_time_reason_list_and_fingerprint(database: Database) -> None:
    say_no(database, no("kim@exempel.example", "medlemmar"), no("bo@exempel.example"))
    say_no(database, no("bo@exempel.example", "press", Reason.BOUNCED))
    say_no(database, no("eva@exempel.example", "", Reason.COMPLAINED))

    lines = journal_of(database).path.read_text(encoding="utf-8").splitlines()

    prints = [no(f"{who}@exempel.example").fingerprint for who in ("kim", "bo", "eva")]
    assert lines == [
        f"2024-03-01T08:00:00.000+00:00 unsubscribed medlemmar {prints[0]}",
        f"2024-03-01T08:00:00.000+00:00 unsubscribed * {prints[1]}",
        f"2024-03-01T08:00:00.000+00:00 bounced press {prints[1]}",
        f"2024-03-01T08:00:00.000+00:00 complained * {prints[2]}",
    ]
    assert f"{journal_of(database).path.stat().st_mode & 0o777:o}" == "600"
    assert recorded_length(database) == journal_of(database).size()


def test_no_line_without_the_transaction_that_it_belongs_to(database: Database) -> None:
    with pytest.raises(RuntimeError, match="outside the transaction"):
        journal_of(database).append(database, [no("kim@exempel.example")])

    assert not journal_of(database).path.exists()


def test_the_line_is_there_before_the_commit(database: Database) -> None:
    with database.transaction():
        journal_of(database).append(database, [no("kim@exempel.example")])
        entries = list(journal_of(database).entries())

    assert [entry.fingerprint for entry in entries] == [no("kim@exempel.example").fingerprint]


def test_where_the_journal_cannot_be_written_nothing_is_recorded(database: Database) -> None:
    journal_of(database).path.mkdir()

    with pytest.raises(StoreError) as error:
        say_no(database, no("kim@exempel.example"))

    path = journal_of(database).path
    assert error.value.message == f"the journal {path} cannot be written: Is a directory"
    assert error.value.hint == "nothing was changed; see to the disk and do it again"
    assert database.all("SELECT 1 FROM suppressions") == []


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        (LINE[:-1], 2),  # only the line break is missing: all of it was said
        (LINE[:-2], 1),
        (LINE[:40], 1),
        ("\0" * 100, 1),
        ("", 1),
        (LINE, 2),
    ],
)
def test_a_torn_last_line_hides_none_that_follows(
    database: Database, torn: str, whole: int
) -> None:
    journal = journal_of(database)
    journal.path.write_text(torn, encoding="utf-8")

    say_no(database, no("kim@exempel.example"))

    entries = list(journal.entries())
    assert len(entries) == whole
    assert entries[-1].fingerprint == no("kim@exempel.example").fingerprint
    assert journal.path.read_text(encoding="utf-8").startswith(torn)
    assert journal.unreadable_lines() == (1 if torn.strip() and whole == 1 else 0)


@given(noes)
def test_a_line_reads_back_as_the_same_no(said: Suppression) -> None:
    assert from_line(as_line(said).encode("utf-8")) == said


@given(noes, st.data())
def test_a_part_of_a_line_is_no_line(said: Suppression, data: st.DataObject) -> None:
    line = as_line(said).encode("utf-8")
    cut = data.draw(st.integers(min_value=0, max_value=len(line) - 2))

    assert from_line(line[:cut]) is None


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.lists(noes, max_size=4))
def test_whatever_stands_between_them_every_line_is_read(
    junk: bytes, said: list[Suppression]
) -> None:
    lines = [as_line(each).encode("utf-8") for each in said]
    found = [from_line(line) for line in (junk + b"\n" + b"".join(lines)).splitlines(keepends=True)]

    assert [each for each in found if each is not None][-len(said) or None :] == said or not said


def test_a_journal_that_is_one_endless_line_is_read_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.journal"
    path.write_bytes(b"x" * 3_000_000)

    assert list(Journal(path).entries()) == []


def test_a_journal_that_is_not_there_is_empty(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "x.journal")

    assert list(journal.entries()) == []
    assert journal.size() == 0
    assert journal.unreadable_lines() == 0
