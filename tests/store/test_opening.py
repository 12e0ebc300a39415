"""From an address to an open database, or to a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

from smakom_mail.errors import StoreError
from smakom_mail.store import open_database
from smakom_mail.store.migrating import migrations, schema_version
from smakom_mail.store.opening import database_path
from tests.conftest import ROOT

ASK = "[database] url in smakom-mail.toml, or SMAKOM_MAIL_DATABASE, names it"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///var/x.db", "/project/var/x.db"),
        ("sqlite:////srv/x.db", "/srv/x.db"),
        ("sqlite:///x å.db", "/project/x å.db"),
        ("sqlite:///../x.db", "/x.db"),
    ],
)
def test_three_slashes_begin_in_the_project_and_four_at_the_root(url: str, path: str) -> None:
    assert database_path(url, Path("/project")) == Path(path)


@pytest.mark.parametrize(
    "url",
    ["", "var/x.db", "sqlite:x.db", "sqlite://", "sqlite:///", "sqlite://x.db", "mysql://a:b@c/d",
     "sqlite:///:memory:", "sqlite:///x.db?mode=ro", "sqlite:///\0", "file:///x.db"],
)  # fmt: skip
def test_any_other_address_is_refused_and_never_shown(url: str) -> None:
    with pytest.raises(StoreError) as error:
        database_path(url, Path("/project"))

    assert error.value.message == (
        "the address of the database is not like sqlite:///var/smakom-mail.db"
    )
    assert error.value.hint == ASK


def test_postgresql_is_for_a_later_version() -> None:
    with pytest.raises(StoreError) as error:
        database_path("postgresql://kim:hemligt@db.example/x", Path("/project"))

    assert error.value.message == "this version keeps people in SQLite only"


def test_a_database_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        open_database("sqlite:///var/x.db", tmp_path, create=False)

    assert error.value.message == f"there is no database yet: {tmp_path}/var/x.db"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        open_database("sqlite:///", tmp_path / "x", create=True)
    (tmp_path / "var").mkdir()
    with pytest.raises(StoreError) as folder:
        open_database("sqlite:///var", tmp_path, create=True)

    assert error.value.hint == ASK
    assert folder.value.message == f"the database {tmp_path}/var is a folder"


def test_a_file_in_the_way_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").touch()

    with pytest.raises(StoreError) as error:
        open_database("sqlite:///var/x.db", tmp_path, create=True)

    assert error.value.message == (
        f"the database {tmp_path}/var/x.db cannot be made: Not a directory"
    )


def test_a_new_database_has_its_tables_and_opens_again(tmp_path: Path) -> None:
    open_database("sqlite:///var/x.db", tmp_path, create=True).close()

    database = open_database("sqlite:///var/x.db", tmp_path, create=False)

    assert schema_version(database) == len(migrations())
    assert {"subscribers", "suppressions", "history"} <= database.tables()
    database.close()


def test_one_that_was_cut_short_at_its_first_moment_gets_its_tables(tmp_path: Path) -> None:
    (tmp_path / "x.db").touch()

    database = open_database("sqlite:///x.db", tmp_path, create=True)

    assert schema_version(database) == len(migrations())
    database.close()


def test_a_file_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir(mode=0o755)
    open_database("sqlite:///var/x.db", tmp_path, create=True).close()
    (tmp_path / "var").chmod(0o755)
    (tmp_path / "var" / "x.db").chmod(0o644)
    tmp_path.chmod(0o755)

    open_database("sqlite:///var/x.db", tmp_path, create=False).close()

    places = (tmp_path / "var" / "x.db", tmp_path / "var", tmp_path)
    assert [f"{place.stat().st_mode & 0o777:o}" for place in places] == ["600", "700", "755"]


MAKER = """
import sys
from pathlib import Path
from smakom_mail.store import open_database
from smakom_mail.store.lists import keep_lists
from tests.store.peopled import LISTS

sys.stdin.readline()
keep_lists(open_database("sqlite:///var/x.db", Path(sys.argv[1]), create=True), LISTS)
"""


def test_several_programs_may_make_the_database_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAKER, str(tmp_path)]
    makers = [
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.write("go\n")
        maker.stdin.flush()

    assert [maker.communicate()[1] for maker in makers] == [""] * 6
    database = open_database("sqlite:///var/x.db", tmp_path, create=False)
    assert schema_version(database) == len(migrations())
    assert database.damages() == []
    database.close()
