"""Tables of people as files: whole, for their owner alone, and over nothing else."""

import os
import stat
from pathlib import Path

import pytest

from smakom_mail.errors import WriteRefusedError
from smakom_mail.services.sendfiles import private_tables, would_reach_git
from tests.repositories import add, git, repository

PLANNED, EXCLUDED = ("email", "name"), ("email", "reason")


def write(path: Path, *rows: tuple[str, str]) -> None:
    with private_tables((path, PLANNED)) as (table,):
        for row in rows:
            table.writerow(row)


def refused(path: Path) -> tuple[str, str]:
    """Give the sentence and the hint of a refusal."""
    with pytest.raises(WriteRefusedError) as caught:
        write(path, ("kim@a.example", "Kim"))
    return caught.value.message, caught.value.hint


def test_a_table_is_plain_csv(tmp_path: Path) -> None:
    write(tmp_path / "ut.csv", ("kim@a.example", 'Kim "Åsa", Ek'), ("bo@a.example", ""))

    assert (tmp_path / "ut.csv").read_bytes().decode("utf-8") == (
        'email,name\nkim@a.example,"Kim ""Åsa"", Ek"\nbo@a.example,\n'
    )


def test_it_is_for_its_owner_alone_also_where_another_stood(tmp_path: Path) -> None:
    path = tmp_path / "ut.csv"
    path.write_text("email,name\nfore@a.example,\n", encoding="utf-8")
    path.chmod(0o644)

    write(path, ("kim@a.example", "Kim"))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="utf-8") == "email,name\nkim@a.example,Kim\n"
    assert [each.name for each in tmp_path.iterdir()] == ["ut.csv"]


def test_nothing_is_there_before_all_is_written_nor_after_a_failure(tmp_path: Path) -> None:
    out, excluded = tmp_path / "ut.csv", tmp_path / "inte.csv"
    out.write_text("email,name\nfore@a.example,\n", encoding="utf-8")

    def fail() -> None:
        with private_tables((out, PLANNED), (excluded, EXCLUDED)) as (planned, others):
            planned.writerow(("kim@a.example", "Kim"))
            others.writerow(("bo@a.example", "bounced"))
            assert out.read_text(encoding="utf-8") == "email,name\nfore@a.example,\n"
            assert not excluded.exists()
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    assert out.read_text(encoding="utf-8") == "email,name\nfore@a.example,\n"
    assert [each.name for each in tmp_path.iterdir()] == ["ut.csv"]


def test_what_nobody_asked_for_is_written_nowhere(tmp_path: Path) -> None:
    with private_tables((None, PLANNED), (tmp_path / "inte.csv", EXCLUDED)) as (planned, others):
        planned.writerow(("kim@a.example", "Kim"))
        others.writerow(("bo@a.example", "bounced"))

    assert [each.name for each in tmp_path.iterdir()] == ["inte.csv"]


@pytest.mark.parametrize(
    "there",
    ["email,reason\n", "namn,e-post\nKim,kim@a.example\n", "[newsletter]\n", "\x00\xff"],
)
def test_a_file_that_holds_something_else_is_left_as_it_is(tmp_path: Path, there: str) -> None:
    path = tmp_path / "ut.csv"
    path.write_text(there, encoding="latin-1")

    assert refused(path) == (
        f"{path} is there, and is no list of this kind, so it is not replaced",
        "name a new file, such as var/lista.csv",
    )
    assert path.read_text(encoding="latin-1") == there


def test_an_empty_file_may_be_written(tmp_path: Path) -> None:
    (tmp_path / "ut.csv").touch()

    write(tmp_path / "ut.csv", ("kim@a.example", "Kim"))

    assert (tmp_path / "ut.csv").stat().st_size > 0


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    link, file = tmp_path / "lank.csv", tmp_path / "ut.csv"
    link.symlink_to(file)

    write(link, ("kim@a.example", "Kim"))

    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "email,name\nkim@a.example,Kim\n"


@pytest.mark.parametrize("name", ["/dev/null", "."])
def test_what_is_no_file_is_not_replaced(name: str) -> None:
    assert refused(Path(name))[0] == (
        f"{name} is there, and is no list of this kind, so it is not replaced"
    )
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ingen" / "ut.csv"

    assert refused(path) == (
        f"{path} cannot be written: No such file or directory",
        "make room or permission there, or name another file",
    )


def test_links_in_a_circle_are_told(tmp_path: Path) -> None:
    path = tmp_path / "ut.csv"
    path.symlink_to(path)

    assert refused(path)[1] == "name another file"


def test_one_file_cannot_be_both(tmp_path: Path) -> None:
    here, again = tmp_path / "ut.csv", tmp_path / "x" / ".." / "ut.csv"

    with (
        pytest.raises(WriteRefusedError) as caught,
        private_tables((here, PLANNED), (again, EXCLUDED)),
    ):
        pass

    assert caught.value.message == f"{here} cannot be both who gets it and who does not"
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------ git


def test_a_file_outside_a_repository_reaches_nobody(tmp_path: Path) -> None:
    assert not would_reach_git(tmp_path / "ut.csv")


def test_in_a_repository_only_what_is_ignored_stays_out_of_it(tmp_path: Path) -> None:
    root = repository(tmp_path / "brev")
    add(root, {".gitignore": "var/\n*.hemlig.csv\n", "listor/gammal.csv": "email\n"})
    (root / "var").mkdir()

    reached = {
        name: would_reach_git(root / name)
        for name in ("var/ut.csv", "ut.csv", "ut.hemlig.csv", "listor/ny.csv", "listor/gammal.csv")
    }

    assert reached == {
        "var/ut.csv": False,
        "ut.csv": True,
        "ut.hemlig.csv": False,
        "listor/ny.csv": True,
        "listor/gammal.csv": True,
    }


def test_a_file_that_git_keeps_although_it_is_ignored_is_told(tmp_path: Path) -> None:
    root = repository(tmp_path / "brev")
    add(root, {".gitignore": "var/\n", "var/ut.csv": "email\n"})

    assert git(root, "check-ignore", "--no-index", "var/ut.csv") == b"var/ut.csv\n"
    assert would_reach_git(root / "var/ut.csv")


def test_without_git_a_file_in_a_repository_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "brev")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert would_reach_git(root / "ut.csv")
