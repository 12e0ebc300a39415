"""What tells a database from its copies, and what becomes of a whole folder that is put back."""

import shutil
from pathlib import Path

from smakom_mail.store.file_identity import file_identity
from tests.services.receiving import opened
from tests.services.sending.underway import AT, peopled, planned

COPY = "it is not the file that has sent, but a copy of it, or one put back"


def test_a_file_keeps_its_identity_when_it_is_written_or_moved(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"one")
    before = file_identity(file)

    file.write_bytes(b"two")
    moved = file.rename(tmp_path / "b")

    assert before
    assert file_identity(moved) == before


def test_a_copy_with_the_same_bytes_and_times_is_another_file(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"one")

    shutil.copy2(file, tmp_path / "b")

    assert file_identity(tmp_path / "b") != file_identity(file)


def test_what_is_not_there_has_no_identity(tmp_path: Path) -> None:
    assert file_identity(tmp_path / "a") == ""


def test_a_whole_folder_that_has_sent_is_a_copy_wherever_it_is_put(tmp_path: Path) -> None:
    root = peopled(tmp_path / "brev", "asa")
    with opened(root) as store:
        planned(root, store)
    shutil.copytree(root, tmp_path / "annan")

    with opened(root) as store, opened(tmp_path / "annan") as copied:
        assert store.installation.why_copy() == ""
        assert copied.installation.why_copy() == COPY


def test_a_folder_put_back_in_its_own_place_is_a_copy_until_it_is_adopted(tmp_path: Path) -> None:
    root = peopled(tmp_path / "brev", "asa")
    with opened(root) as store:
        planned(root, store)
    shutil.copytree(root, tmp_path / "kopia")
    shutil.rmtree(root)
    shutil.copytree(tmp_path / "kopia", root)

    with opened(root) as store:
        assert store.installation.why_copy() == COPY
        store.installation.adopt(AT)
        assert store.installation.why_copy() == ""


def test_a_folder_that_is_moved_is_the_same_one(tmp_path: Path) -> None:
    root = peopled(tmp_path / "brev", "asa")
    with opened(root) as store:
        planned(root, store)

    moved = root.rename(tmp_path / "nytt-namn")

    with opened(moved) as store:
        assert store.installation.why_copy() == ""
