"""A snapshot holds an edition as its files are now, with the line that each finding stands on."""

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.diagnostics import Severity
from smakom_mail.diagnostics.finding import Location
from smakom_mail.errors import EditionNotFoundError, InvalidNameError, ProjectNotFoundError
from smakom_mail.services.building import build_edition
from smakom_mail.services.previewing.snapshot import Snapshot, source_lines, take_snapshot
from smakom_mail.services.workplace import open_workplace
from tests.services.test_building import FIRST, SLUG, append

EDITION = f"newsletters/{SLUG}/edition.toml"


def take(root: Path) -> Snapshot:
    return take_snapshot(root, {}, SLUG)


def shown(root: Path, file: str, line: int) -> str:
    """Give the one line that a finding at `file`:`line` would show."""
    place = Location(file, line)
    assert [found for found, _ in source_lines(root, [place])] == [place]
    return dict(source_lines(root, [place]))[place]


def test_a_snapshot_is_what_a_build_makes(project: Path) -> None:
    snapshot = take(project)

    built = build_edition(open_workplace(project, {}), SLUG)
    assert snapshot.rendered == built.checked.rendered
    assert snapshot.edition == built.checked.edition
    assert not snapshot.broken
    assert snapshot.count(Severity.ERROR) == 0
    assert snapshot.config.newsletter.name == "SmåKoms nyhetsbrev"


def test_a_snapshot_survives_the_way_from_process_to_process(project: Path) -> None:
    append(
        project / FIRST, "\n[klicka här](https://kommun.example/)\n\n![Ett torg](images/x.png)\n"
    )

    snapshot = take(project)

    assert pickle.loads(pickle.dumps(snapshot)) == snapshot  # noqa: S301 - just made here
    assert take(project) == snapshot


def test_each_finding_has_the_line_it_stands_on(project: Path) -> None:
    (project / FIRST).write_text("# Ett ord\n\nHej  du.\n\n![Ett torg](images/x.png)\n", "utf-8")

    snapshot = take(project)

    assert snapshot.broken
    missing = next(f for f in snapshot.findings if f.kind == "image-missing")
    assert missing.location == Location(FIRST, 5)
    assert snapshot.line(missing.location) == "![Ett torg](images/x.png)"
    assert {place for place, _ in snapshot.lines} == {f.location for f in snapshot.findings}


def test_an_edition_that_cannot_be_rendered_is_broken(project: Path) -> None:
    append(project / EDITION, 'layout = "finns-ej"\n')

    snapshot = take(project)

    assert snapshot.rendered is None
    assert snapshot.broken


def test_settings_that_are_no_toml_still_give_a_snapshot(project: Path) -> None:
    (project / "smakom-mail.toml").write_text("[newsletter\n", "utf-8")

    snapshot = take(project)

    assert snapshot.broken
    assert snapshot.line(Location("smakom-mail.toml", 1)) == "[newsletter"


# --- the lines -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "line", "expected"),
    [
        (b"ett\ntv\xc3\xa5\n", 2, "två"),
        (b"ett\r\ntv\xc3\xa5\r\n", 1, "ett"),
        (b"ett\rtv\xc3\xa5\r", 2, "två"),
        (b"\xef\xbb\xbfett", 1, "ett"),
        (b"a\tb\x00c\x1b[31md\xe2\x80\xaee\n", 1, "a bc[31mde"),
        (b"ett\ntv\xe5\n", 2, "tv\ufffd"),
        (b"a\xcc\x8a\n", 1, "å"),
        (b"ett\n", 3, ""),
        (b"ett\n", 0, ""),
        (b"", 1, ""),
        (b"x" * 301, 1, "x" * 300),
        (b"x" * 1_000_001, 1, ""),
    ],
)
def test_a_line_is_text_that_can_be_shown(
    tmp_path: Path, data: bytes, line: int, expected: str
) -> None:
    (tmp_path / "fil.md").write_bytes(data)

    assert shown(tmp_path, "fil.md", line) == expected


@given(st.binary(max_size=200), st.integers(0, 20))
def test_no_line_holds_a_control_character(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, line: int
) -> None:
    root = tmp_path_factory.getbasetemp()
    (root / "fil.md").write_bytes(data)

    assert [c for c in shown(root, "fil.md", line) if c < " " or "\x7f" <= c <= "\x9f"] == []


@pytest.mark.parametrize(
    "file",
    ["finns-ej.md", "", ".", "mapp", "../hemlig.txt", "/etc/hostname", "a\0b", "x" * 300, "ut.md"],
)
def test_what_is_no_file_of_the_project_has_no_lines(tmp_path: Path, file: str) -> None:
    (tmp_path / "hemlig.txt").write_text("hemlig", "utf-8")
    root = tmp_path / "projekt"
    (root / "mapp").mkdir(parents=True)
    (root / "ut.md").symlink_to(tmp_path / "hemlig.txt")

    assert shown(root, file, 1) == ""


def test_a_pipe_or_a_link_in_circles_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ror.md")
    (tmp_path / "rund.md").symlink_to(tmp_path / "rund.md")

    assert shown(tmp_path, "ror.md", 1) == ""
    assert shown(tmp_path, "rund.md", 1) == ""


def test_a_file_is_found_by_its_name_however_the_disk_spells_it(tmp_path: Path) -> None:
    folder = tmp_path / "newsletters" / "va\u030aren"
    folder.mkdir(parents=True)
    (folder / "10-a\u030ar.md").write_text("# År\n", "utf-8")

    assert shown(tmp_path, "newsletters/våren/10-år.md", 1) == "# År"


# --- what there is no snapshot of ----------------------------------------------------------


def test_an_edition_that_is_not_there_is_a_stated_problem(project: Path) -> None:
    with pytest.raises(EditionNotFoundError):
        take_snapshot(project, {}, "finns-ej")


@pytest.mark.parametrize("slug", ["../januari-2021", "Å", "a/b", "", "con", "_standing"])
def test_a_name_that_is_none_is_a_stated_problem(project: Path, slug: str) -> None:
    with pytest.raises(InvalidNameError):
        take_snapshot(project, {}, slug)


def test_a_project_above_a_deleted_one_is_not_taken_for_it(project: Path) -> None:
    """smakom-mail.toml is deleted, and the folder above happens to be a project too."""
    inner = project / "kopia"
    (inner / "newsletters" / SLUG).mkdir(parents=True)

    with pytest.raises(ProjectNotFoundError, match=r"there is no smakom-mail\.toml in"):
        take_snapshot(inner, {}, SLUG)
