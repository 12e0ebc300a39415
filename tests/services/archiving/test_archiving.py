"""Publishing, taking out and writing as one act: nothing half done."""

import signal
from pathlib import Path

import pytest

from smakom_mail.errors import EditionNotFoundError, InvalidNameError, StoreError
from smakom_mail.model.delivery import Event
from smakom_mail.services.archiving.archiving import FOLDER
from smakom_mail.services.archiving.publishing import published_now
from tests.services.archiving.shown import (
    BOTH,
    FIRST,
    append,
    archive,
    contents,
    place,
    spoil,
    unmake,
)
from tests.services.sending.underway import underway
from tests.services.test_building import run

KILLED = """
import os, signal
from pathlib import Path
from smakom_mail.cli import main
from smakom_mail.services import exchanging
from smakom_mail.services.archiving import placing

def die(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)

{point} = die
main(["archive"])
"""


def editions(folder: Path) -> list[str]:
    """Give the editions that lie in an archive."""
    return sorted(path.parent.name for path in folder.glob("archive/*/index.html"))


def test_without_a_database_nothing_is_public_and_none_is_made(project: Path) -> None:
    done = archive(project)

    assert done.site.editions == ()
    assert editions(project / FOLDER) == []
    assert not (project / "var").exists()


def test_what_is_published_by_name_stays_public(project: Path) -> None:
    archive(project, publish=("januari-2021",))
    done = archive(project)

    assert done.site.editions == ("januari-2021",)
    assert done.changed is False
    assert editions(project / FOLDER) == ["januari-2021"]


def test_an_edition_is_in_the_archive_once_its_campaign_has_begun(tmp_path: Path) -> None:
    root = underway(tmp_path / "brev", asa=Event.ACCEPT)
    assert archive(root).site.editions == ("exempel",)


def test_what_was_sent_and_taken_out_is_gone_with_its_pictures(tmp_path: Path) -> None:
    root = underway(tmp_path / "brev", asa=Event.ACCEPT)
    archive(root)
    done = archive(root, hide=("exempel",))

    assert done.site.editions == ()
    assert [name for name, data in contents(root / FOLDER).items() if b"exempel/" in data] == []
    assert archive(root).site.editions == ()
    assert archive(root, publish=("exempel",)).site.editions == ("exempel",)


def test_an_edition_with_errors_is_not_published(project: Path) -> None:
    archive(project, publish=("januari-2021",))
    before = contents(project / FOLDER)
    spoil(project)
    done = archive(project, publish=("april-2021",))

    assert done.folder is None
    assert [each.edition.slug for each in done.refused] == ["april-2021"]
    assert published_now(place(project)) == {"januari-2021"}
    assert contents(project / FOLDER) == before


def test_an_error_that_comes_later_does_not_take_a_public_page_away(project: Path) -> None:
    archive(project, publish=BOTH)
    spoil(project)
    done = archive(project)

    assert done.folder == project / FOLDER
    assert [each.edition.slug for each in done.site.faulty] == ["april-2021"]
    assert editions(project / FOLDER) == sorted(BOTH)


def test_while_a_public_edition_cannot_be_drawn_nothing_is_written(project: Path) -> None:
    archive(project, publish=BOTH)
    before = contents(project / FOLDER)
    unmake(project)
    append(project / FIRST, "\nEtt nytt stycke.\n")
    done = archive(project)

    assert done.folder is None
    assert [each.edition.slug for each in done.site.unmade] == ["april-2021"]
    assert contents(project / FOLDER) == before


def test_what_is_taken_out_is_remembered_also_where_nothing_can_be_written(project: Path) -> None:
    archive(project, publish=BOTH)
    unmake(project)
    assert archive(project, hide=("januari-2021",)).folder is None
    assert published_now(place(project)) == {"april-2021"}


def test_an_edition_whose_folder_is_gone_can_be_taken_out(project: Path) -> None:
    archive(project, publish=BOTH)
    (project / "newsletters/april-2021").rename(project / "flyttad")
    assert archive(project).site.missing == ("april-2021",)

    assert archive(project, hide=("april-2021",)).site.editions == ("januari-2021",)


@pytest.mark.parametrize("option", ["publish", "hide"])
def test_an_unknown_edition_is_refused_with_the_nearest(project: Path, option: str) -> None:
    with pytest.raises(EditionNotFoundError) as refused:
        archive(project, **{option: ("januari-2012",)})  # type: ignore[arg-type] # a tuple of names
    assert refused.value.hint == "did you mean “januari-2021”?"


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "", "_standing", "CON", "con", "a\0", "Å", "..", "a" * 65]
)
@pytest.mark.parametrize("option", ["publish", "hide"])
def test_what_cannot_name_an_edition_is_refused(project: Path, name: str, option: str) -> None:
    with pytest.raises((EditionNotFoundError, InvalidNameError)):
        archive(project, **{option: (name,)})  # type: ignore[arg-type] # a tuple of names
    assert not (project / "var").exists()


def test_a_database_that_cannot_be_read_makes_no_emptier_archive(project: Path) -> None:
    archive(project, publish=BOTH)
    before = contents(project / FOLDER)
    (project / "var" / "smakom-mail.db").write_bytes(b"inte en databas" * 500)
    with pytest.raises(StoreError):
        archive(project)
    assert contents(project / FOLDER) == before


def test_a_slip_in_the_settings_leads_to_no_other_database(project: Path) -> None:
    archive(project, publish=BOTH)
    append(project / "smakom-mail.toml", "\n[database]\nurl = 3\n")
    with pytest.raises(StoreError):
        archive(project)


@pytest.mark.parametrize(
    "point", ["Path.write_bytes", "placing.put_in_place", "exchanging.exchange_names"]
)
def test_a_killed_archive_leaves_the_old_one(project: Path, point: str) -> None:
    archive(project, publish=BOTH)
    before = contents(project / FOLDER)
    append(project / FIRST, "\nEtt nytt stycke.\n")

    killed = run(KILLED.format(point=point), project)

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert contents(project / FOLDER) == before
    assert len(list((project / "build").glob("._archive-*"))) == 2  # a folder and its lock
    archive(project)
    assert [path.name for path in (project / "build").iterdir()] == ["_archive"]
    assert (
        "Ett nytt stycke." in contents(project / FOLDER)["archive/januari-2021/index.html"].decode()
    )
