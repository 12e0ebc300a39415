"""The archive is put in its place in one step, and replaces nothing else."""

import os
import stat
from pathlib import Path

import pytest

from smakom_mail.errors import WriteRefusedError
from smakom_mail.services import exchanging
from smakom_mail.services.archiving.placing import MARK, place_site
from smakom_mail.services.archiving.site import Site
from smakom_mail.services.exchanging import fresh_folder
from tests.services.archiving.shown import contents

OLD = Site({"index.html": b"gammalt", "archive/a/index.html": b"a"}, ("a",))
NEW = Site({"index.html": b"nytt", "archive/b/images/b.png": b"b"}, ("b",))


def own(folder: Path) -> dict[str, bytes]:
    """Give the files of an archive but for the mark."""
    return {name: data for name, data in contents(folder).items() if name != MARK}


def names(folder: Path) -> list[str]:
    """Give what lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_new_archive_is_written_with_its_folders(tmp_path: Path) -> None:
    assert place_site(OLD, tmp_path / "www" / "brev") is True
    assert own(tmp_path / "www" / "brev") == OLD.files
    assert names(tmp_path / "www") == ["brev"]


def test_an_archive_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    place_site(OLD, tmp_path / "brev")
    assert place_site(NEW, tmp_path / "brev") is True
    assert own(tmp_path / "brev") == NEW.files
    assert names(tmp_path) == ["brev"]


def test_where_names_cannot_be_exchanged_two_renames_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanging, "exchange_names", lambda _one, _other: False)
    place_site(OLD, tmp_path / "brev")
    place_site(NEW, tmp_path / "brev")

    assert own(tmp_path / "brev") == NEW.files
    assert names(tmp_path) == ["brev"]


def test_the_same_archive_is_not_written_again(tmp_path: Path) -> None:
    place_site(OLD, tmp_path / "brev")
    inode = (tmp_path / "brev").stat().st_ino

    assert place_site(OLD, tmp_path / "brev") is False
    assert (tmp_path / "brev").stat().st_ino == inode


@pytest.mark.parametrize("spoil", ["change", "add", "remove"])
def test_what_a_hand_changed_in_an_archive_is_put_right(tmp_path: Path, spoil: str) -> None:
    place_site(OLD, tmp_path / "brev")
    page = tmp_path / "brev" / "index.html"
    if spoil == "change":
        page.write_bytes(b"annat")
    elif spoil == "add":
        (tmp_path / "brev" / "extra.html").write_bytes(b"extra")
    else:
        page.unlink()

    assert place_site(OLD, tmp_path / "brev") is True
    assert own(tmp_path / "brev") == OLD.files


def test_until_the_last_step_the_old_one_stands_and_nobody_sees_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "brev"
    place_site(OLD, folder)
    seen = []
    write = Path.write_bytes

    def watched(path: Path, data: bytes) -> int:
        fresh = next(each for each in tmp_path.glob(".brev-*") if each.is_dir())
        seen.append((own(folder) == OLD.files, stat.S_IMODE(fresh.stat().st_mode)))
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", watched)
    place_site(NEW, folder)

    assert seen == [(True, 0o700)] * 3
    assert own(folder) == NEW.files


def test_a_web_server_may_read_all_of_it_whatever_the_umask_is(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        place_site(NEW, tmp_path / "brev")
    finally:
        os.umask(before)
    modes = {(p.is_dir(), stat.S_IMODE(p.stat().st_mode)) for p in tmp_path.rglob("*")}
    assert modes == {(True, 0o755), (False, 0o644)}


def test_a_disk_that_fails_leaves_the_old_one_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place_site(OLD, tmp_path / "brev")

    def full(_path: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WriteRefusedError) as refused:
        place_site(NEW, tmp_path / "brev")

    assert str(refused.value) == (
        f"the archive cannot be written to {tmp_path / 'brev'}: No space left on device"
    )
    assert own(tmp_path / "brev") == OLD.files
    assert names(tmp_path) == ["brev"]


def test_what_a_killed_program_left_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    place_site(OLD, tmp_path / "brev")
    for dead in (".brev-dead", ".brev-dead.old"):
        (tmp_path / dead / "archive").mkdir(parents=True)
    (tmp_path / ".brev-dead.lock").touch()
    (tmp_path / ".brev-gone.lock").touch()  # killed before it had made its folder
    (tmp_path / ".brev-kopia").mkdir()  # somebody's own
    with fresh_folder(tmp_path / "brev") as fresh:
        assert place_site(OLD, tmp_path / "brev") is False
        assert names(tmp_path) == [fresh.name, f"{fresh.name}.lock", ".brev-kopia", "brev"]

        assert place_site(NEW, tmp_path / "brev") is True
        assert names(tmp_path) == [fresh.name, f"{fresh.name}.lock", ".brev-kopia", "brev"]

    assert names(tmp_path) == [".brev-kopia", "brev"]


def test_what_stood_there_goes_back_after_a_kill_between_two_renames(tmp_path: Path) -> None:
    place_site(OLD, tmp_path / "brev")
    (tmp_path / "brev").rename(tmp_path / ".brev-dead.old")
    (tmp_path / ".brev-dead").mkdir()
    (tmp_path / ".brev-dead.lock").touch()

    assert place_site(OLD, tmp_path / "brev") is False
    assert own(tmp_path / "brev") == OLD.files
    assert names(tmp_path) == ["brev"]


def test_a_folder_with_something_else_in_it_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "hemsidan").mkdir()
    (tmp_path / "hemsidan" / "index.html").write_text("hemsida")
    with pytest.raises(WriteRefusedError) as refused:
        place_site(NEW, tmp_path / "hemsidan")

    assert str(refused.value) == (
        f"{tmp_path / 'hemsidan'} holds something else than an archive, so it is not replaced"
    )
    assert contents(tmp_path / "hemsidan") == {"index.html": b"hemsida"}


def test_a_file_in_the_way_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "brev").write_text("en fil")
    with pytest.raises(WriteRefusedError):
        place_site(NEW, tmp_path / "brev")
    assert (tmp_path / "brev").read_text() == "en fil"


def test_an_empty_folder_and_a_link_to_an_archive_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "tom").mkdir()
    (tmp_path / "lank").symlink_to(tmp_path / "tom")
    place_site(NEW, tmp_path / "lank")

    assert (tmp_path / "lank").is_symlink()
    assert own(tmp_path / "tom") == NEW.files
