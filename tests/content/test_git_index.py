"""git's index is read as git reads it, in every form that git writes."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.git_index import (
    Repository,
    UnknownIndexError,
    repository_around,
    repository_in,
    tracked_names,
)
from tests.repositories import add, git, listed, repository

NAMES = [
    *("a.md", "a.md.bak", "å ä ö.md", "ny\nrad.txt", "tab\there", '"citat".md'),
    *("djup/" * 20 + "x.md", "djup/a", "djup/b", "l" * 200 + "/" + "m" * 200, "var/secret"),
]
FILES: dict[str, str | bytes] = dict.fromkeys(NAMES, "text")


def read(folder: Path) -> list[str]:
    """List what git keeps, as we read it."""
    found = repository_around(folder)
    assert found
    return list(tracked_names(found.index()))


@pytest.mark.parametrize("version", ["2", "4"])
@pytest.mark.parametrize("hashes", ["sha1", "sha256"])
def test_every_name_is_read_in_every_version_and_with_either_hash(
    tmp_path: Path, version: str, hashes: str
) -> None:
    root = repository(tmp_path, f"--object-format={hashes}")
    add(root, FILES)
    git(root, "update-index", f"--index-version={version}")

    assert (root / ".git/index").read_bytes()[7] == int(version)
    assert read(root) == listed(root)
    assert sorted(read(root)) == sorted(NAMES)


def test_names_longer_than_their_length_can_be_written_are_read(tmp_path: Path) -> None:
    """The field holds 12 bits; no path is that long on Linux, but an index can hold it."""
    root = repository(tmp_path)
    add(root, {"a": "text"})
    blob = git(root, "hash-object", "-w", "a").decode().strip()
    longest = "/".join(["n" * 200] * 25)
    for name in (longest, longest[:4095], longest[:4094], longest[:4097]):
        git(root, "update-index", "--add", "--cacheinfo", f"100644,{blob},{name.rstrip('/')}x")

    assert read(root) == listed(root)
    assert max(map(len, read(root))) == len(longest) + 1 > 4096


@pytest.mark.parametrize("version", ["2", "4"])
def test_entries_with_more_flags_are_read(tmp_path: Path, version: str) -> None:
    """Only planned (`add -N`) and left out of the folder: git then writes version 3."""
    root = repository(tmp_path)
    add(root, FILES)
    (root / "planned.md").touch()
    git(root, "add", "--intent-to-add", "planned.md")
    git(root, "update-index", "--skip-worktree", "a.md")
    git(root, "update-index", f"--index-version={version}")

    assert (root / ".git/index").read_bytes()[7] == {"2": 3, "4": 4}[version]
    assert read(root) == listed(root)
    assert "planned.md" in read(root)


def test_extensions_are_passed_over(tmp_path: Path) -> None:
    root = repository(tmp_path)
    add(root, FILES)
    git(root, "commit", "--quiet", "-m", "a")
    git(root, "update-index", "--untracked-cache")
    git(root, "status")

    assert b"TREE" in (root / ".git/index").read_bytes()
    assert read(root) == listed(root)


def test_both_sides_of_a_conflict_are_read(tmp_path: Path) -> None:
    root = repository(tmp_path)
    blobs = []
    for text in ("ett", "två"):
        add(root, {"a.md": text})
        blobs.append(git(root, "hash-object", "-w", "a.md").decode().strip())
    git(root, "rm", "--quiet", "--cached", "a.md")
    sides = "".join(f"100644 {blob} {stage}\ta.md\n" for stage, blob in enumerate(blobs, 2))
    git(root, "update-index", "--index-info", given=sides.encode("ascii"))

    assert read(root) == listed(root) == ["a.md", "a.md"]


def test_an_index_in_two_files_is_unknown(tmp_path: Path) -> None:
    root = repository(tmp_path)
    add(root, FILES)
    git(root, "update-index", "--split-index")

    with pytest.raises(UnknownIndexError):
        read(root)


def test_an_index_that_names_folders_is_unknown(tmp_path: Path) -> None:
    root = repository(tmp_path)
    add(root, {**FILES, "in/a.md": "text"})
    git(root, "commit", "--quiet", "-m", "a")
    git(root, "sparse-checkout", "set", "--cone", "--sparse-index", "in")

    assert b"sdir" in (root / ".git/index").read_bytes()
    with pytest.raises(UnknownIndexError):
        read(root)


def test_a_repository_without_an_index_keeps_nothing(tmp_path: Path) -> None:
    assert read(repository(tmp_path)) == []


def test_the_repository_around_a_folder_is_found_also_as_worktree_and_submodule(
    tmp_path: Path,
) -> None:
    root = repository(tmp_path / "ett")
    add(root, {"a.md": "text"})
    git(root, "commit", "--quiet", "-m", "a")
    git(root, "worktree", "add", "--quiet", str(tmp_path / "två"))
    add(tmp_path / "två", {"b.md": "text"})
    git(root, "submodule", "--quiet", "add", str(root), "under")
    add(root / "under", {"c.md": "text"})
    (root / "djup/ner").mkdir(parents=True)

    assert read(root / "djup/ner") == listed(root) == [".gitmodules", "a.md", "under"]
    assert read(tmp_path / "två") == listed(tmp_path / "två") == ["a.md", "b.md"]
    assert read(root / "under") == listed(root / "under") == ["a.md", "c.md"]


def test_only_a_repository_in_the_folder_itself_is_within(tmp_path: Path) -> None:
    root = repository(tmp_path / "ett")
    (root / "under").mkdir()
    (tmp_path / "länkad").mkdir()
    (tmp_path / "länkad/.git").symlink_to(root / ".git")
    (tmp_path / "pekad").mkdir()
    (tmp_path / "pekad/.git").write_text(f"gitdir: {root}/.git\n", encoding="utf-8")

    assert repository_in(root) == Repository(root, root / ".git")
    assert [repository_in(root / "under")] == [None]
    assert [repository_in(tmp_path / name) for name in ("länkad", "pekad")] == [None, None]


@pytest.mark.parametrize("content", [b"", b"gitdir: ", b"\xff\x00", b"gitdir: /saknas"])
def test_a_git_file_that_leads_nowhere_keeps_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".git").write_bytes(content)

    assert read(tmp_path) == []


def test_an_index_that_is_a_link_or_a_folder_is_unknown(tmp_path: Path) -> None:
    linked, folder = repository(tmp_path / "a"), repository(tmp_path / "b")
    (linked / ".git/index").symlink_to("/etc/hostname")
    (folder / ".git/index").mkdir()

    for root in (linked, folder):
        with pytest.raises(UnknownIndexError):
            read(root)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    root = repository(tmp_path_factory.mktemp("index"))
    add(root, FILES)
    return (root / ".git/index").read_bytes()


def test_a_cut_index_is_unknown(index: bytes) -> None:
    for end in range(1, len(index)):
        with pytest.raises(UnknownIndexError):
            tracked_names(index[:end])


@given(data=st.data())
def test_a_damaged_index_gives_names_or_is_unknown(index: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(index) - 1))
    damaged = index[:place] + data.draw(st.binary(max_size=9)) + index[place + 4 :]

    with suppress(UnknownIndexError):
        assert all(tracked_names(damaged))


@given(st.binary(max_size=200))
def test_bytes_that_are_no_index_are_unknown(data: bytes) -> None:
    for version in (1, 2, 3, 4, 5):
        head = b"DIRC" + version.to_bytes(4, "big") + b"\0\0\0\2"
        with pytest.raises(UnknownIndexError):
            tracked_names(head + data)
    with pytest.raises(UnknownIndexError):
        tracked_names(b"x" + data)
