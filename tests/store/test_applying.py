"""An import that is carried out: all of it or nothing, also through kill -9."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smakom_mail.errors import StoreError
from smakom_mail.model.person import Basis, Consent, Membership, MembershipState, Reason
from smakom_mail.store import Database, open_database
from smakom_mail.store.applying import apply_import
from smakom_mail.store.lists import keep_lists
from smakom_mail.store.people import Filter, each_person, find_by_key, history_of
from smakom_mail.store.staging import Counts, Staging
from tests.conftest import ROOT
from tests.store.peopled import (
    LISTS,
    NOW,
    WORDING,
    added,
    fingerprint,
    imported,
    no,
    person,
    row,
    say_no,
    sort_key,
)

Opener = Callable[[], Database]


def test_a_new_person_comes_with_all_that_the_row_says(database: Database) -> None:
    counts = imported(
        database,
        [row(2, "Kim@nas.example", "press", "medlemmar", name="Kim", tags=("ny",))],
    )

    assert counts == Counts(added=1)
    found = find_by_key(database, "kim@nas.example")
    assert found is not None
    assert (found.email, found.name, found.tags) == ("Kim@nas.example", "Kim", ("ny",))
    assert found.fingerprint == fingerprint("kim@nas.example")
    assert found.memberships == (
        Membership("medlemmar", MembershipState.CONFIRMED, NOW.at),
        Membership("press", MembershipState.CONFIRMED, NOW.at),
    )
    assert found.consents == tuple(
        Consent(slug, Basis.CONSENT, NOW.at, "", WORDING, NOW.at, NOW.actor)
        for slug in ("medlemmar", "press")
    )
    assert [(c.what, c.actor) for c in history_of(database, found.id)] == [("added", NOW.actor)]


def test_a_person_who_is_there_is_changed_and_her_history_says_so(database: Database) -> None:
    (id_,) = added(database, person("kim@nas.example", "medlemmar", name="Kim", organisation="Näs"))
    before = len(history_of(database, id_))

    counts = imported(
        database,
        [row(2, "KIM@nas.example", "press", name="Kim Å", tags=("ny",), consent_at="2020-01-01")],
    )

    assert counts == Counts(changed=1)
    found = find_by_key(database, "kim@nas.example")
    assert found is not None
    assert (found.email, found.name, found.organisation) == ("kim@nas.example", "Kim Å", "Näs")
    assert found.sort_key == sort_key("Kim Å", "Näs", "kim@nas.example")
    assert found.changed_at == NOW.at
    assert [(c.what, c.old, c.new) for c in history_of(database, id_)[before:]] == [
        ("name", "Kim", "Kim Å"),
        ("list press", "", "confirmed"),
        ("basis press", "", "consent"),
        ("tag", "", "ny"),
    ]
    assert found.consents[0] == Consent(
        "press", Basis.CONSENT, "2020-01-01", "webb", WORDING, NOW.at, NOW.actor
    )


def test_the_same_file_twice_changes_nothing(database: Database) -> None:
    rows = [
        row(2, "a@nas.example", "press", name="A", consent_at="2020-01-01"),
        row(3, "b@nas.example", tags=("ny",)),
        row(4, "c@nas.example", "medlemmar", "styrelse", organisation="Näs"),
    ]
    assert imported(database, rows) == Counts(added=3)
    before = list(each_person(database))

    assert imported(database, rows) == Counts(unchanged=3)
    assert list(each_person(database)) == before


def test_nobody_who_said_no_is_revived(database: Database) -> None:
    emails = [f"p{n:03}@nas.example" for n in range(200)]
    imported(database, [row(n, email, "medlemmar") for n, email in enumerate(emails)])
    said = emails[::20]
    for n, email in enumerate(said):
        say_no(database, no(email, "" if n % 2 else "medlemmar", list(Reason)[n % 5]))
    before = {each.key: each for each in each_person(database)}

    counts = imported(
        database,
        [row(n, email, "medlemmar", name="Ny") for n, email in enumerate(emails)],
    )

    assert counts == Counts(changed=190, suppressed=10)
    after = {each.key: each for each in each_person(database)}
    assert [email for email in said if after[email] != before[email]] == []


def test_a_list_that_was_left_is_left_out_and_the_rest_goes_on(database: Database) -> None:
    added(database, person("kim@nas.example", "medlemmar", state=MembershipState.LEFT))

    imported(database, [row(2, "kim@nas.example", "medlemmar", "press")])

    found = find_by_key(database, "kim@nas.example")
    assert found is not None
    assert [(m.list_slug, str(m.state)) for m in found.memberships] == [
        ("medlemmar", "left"),
        ("press", "confirmed"),
    ]


def test_rows_without_a_ground_and_second_rows_are_left_out(database: Database) -> None:
    counts = imported(
        database,
        [row(2, "a@nas.example"), row(3, "A@nas.example"), row(4, "b@nas.example", basis=None)],
    )

    assert counts == Counts(added=1, unfounded=1, twins=1)
    assert [each.email for each in each_person(database)] == ["a@nas.example"]


def test_what_was_said_between_plan_and_deed_counts(database: Database, opener: Opener) -> None:
    with Staging(database) as staging:
        staging.add([row(2, "a@nas.example"), row(3, "b@nas.example")])
        assert staging.compare() == Counts(added=2)
        other = opener()
        say_no(other, no("a@nas.example"))
        added(other, person("b@nas.example", "medlemmar"))

        assert apply_import(staging, NOW, sort_key) == Counts(unchanged=1, suppressed=1)

    assert [each.email for each in each_person(database)] == ["b@nas.example"]


def test_a_large_import_leaves_the_tables_as_a_small_one_does(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY name"
    before = [(row_["name"], row_["sql"]) for row_ in database.all(sql)]
    monkeypatch.setattr("smakom_mail.store.applying._MANY", 1)

    assert imported(database, [row(n, f"p{n}@nas.example") for n in range(50)]).added == 50

    assert [(row_["name"], row_["sql"]) for row_ in database.all(sql)] == before
    assert database.damages() == []


def test_a_full_disk_in_the_middle_leaves_everything_as_it_was(database: Database) -> None:
    imported(database, [row(n, f"p{n}@nas.example") for n in range(50)])
    with Staging(database) as staging:
        staging.add([row(n, f"q{n}@nas.example") for n in range(5_000)])
        pages = database.one("PRAGMA page_count")
        database.one(f"PRAGMA main.max_page_count = {pages['page_count'] + 50}")  # type: ignore[index] # always one row

        with pytest.raises(StoreError, match="the disk is full"):
            apply_import(staging, NOW, sort_key)

    assert len(list(each_person(database))) == 50
    assert database.damages() == []


WORKER = """
import sys
from pathlib import Path
from smakom_mail.store import open_database
from tests.store.peopled import imported, row

database = open_database("sqlite:///var/people.db", Path(sys.argv[1]), create=False)
print("ready", flush=True)
imported(database, [row(n, f"p{n}@nas.example", "medlemmar", tags=("ny",)) for n in range(2_000)])
print("done", flush=True)
"""


@pytest.mark.parametrize("seed", range(6))
def test_kill_9_leaves_all_of_it_or_nothing(tmp_path: Path, seed: int) -> None:
    database = open_database("sqlite:///var/people.db", tmp_path, create=True)
    keep_lists(database, LISTS)
    added(database, person("p7@nas.example", "press"))
    drawn = random.Random(seed)  # noqa: S311 - a moment, no secret
    whole = False
    for _ in range(5):
        command = [sys.executable, "-c", WORKER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as worker:
            assert worker.stdout is not None
            worker.stdout.readline()
            time.sleep(drawn.uniform(0, 0.4))
            worker.send_signal(signal.SIGKILL)
            finished = worker.stdout.read() == b"done\n"

        found = database.one("SELECT COUNT(*) AS number FROM subscribers")
        tagged = database.one("SELECT COUNT(*) AS number FROM tags")
        assert found is not None
        assert tagged is not None
        # Applied once, it stays applied: the same file again changes nothing.
        whole = whole or found["number"] == 2_000
        assert (found["number"], tagged["number"]) == ((2_000, 2_000) if whole else (1, 0))
        assert whole or not finished
        assert database.damages() == []
    database.close()


def test_two_programs_that_import_at_once_make_one_of_it(tmp_path: Path) -> None:
    database = open_database("sqlite:///var/people.db", tmp_path, create=True)
    keep_lists(database, LISTS)
    command = [sys.executable, "-c", WORKER, str(tmp_path)]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) for _ in range(3)]

    said = [worker.communicate()[0] for worker in workers]

    assert said == [b"ready\ndone\n"] * 3
    assert len(list(each_person(database))) == 2_000
    assert database.damages() == []
    database.close()


emails = st.sampled_from([f"{name}@nas.example" for name in ("a", "b", "c", "d")])
lists = st.lists(st.sampled_from([each.slug for each in LISTS]), unique=True, max_size=3)
acts = st.one_of(
    st.tuples(st.just("no"), emails, st.sampled_from(["", *(each.slug for each in LISTS)])),
    st.tuples(st.just("import"), emails, lists),
)


@settings(max_examples=60)
@given(st.lists(acts, max_size=12))
def test_in_any_order_nobody_is_put_on_a_list_after_a_no(
    tmp_path_factory: pytest.TempPathFactory, doings: list[tuple[str, str, str | list[str]]]
) -> None:
    folder = tmp_path_factory.mktemp("any-order")
    database = open_database("sqlite:///var/people.db", folder, create=True)
    keep_lists(database, LISTS)
    on: dict[str, set[str]] = {}
    said: dict[str, set[str]] = {}
    for kind, email, what in doings:
        if kind == "no":
            say_no(database, no(email, str(what)))
            said.setdefault(email, set()).add(str(what))
            continue
        imported(database, [row(2, email, *what)])
        noes = said.get(email, set())
        wanted = set(what) or (set() if email in on else {"medlemmar"})
        if "" not in noes and not (wanted and wanted <= noes):
            on.setdefault(email, set()).update(wanted - noes)

    found = {
        each.key: {membership.list_slug for membership in each.memberships}
        for each in each_person(database, Filter(state=""))
    }
    assert found == on
    database.close()
