"""The archive as a server shows it: the same files, and never more than what is public."""

import json
import os
from pathlib import Path

import pytest

from smakom_mail.errors import SmakomMailError
from smakom_mail.services.archiving.maker import Maker
from smakom_mail.services.archiving.publishing import say
from smakom_mail.services.archiving.showing import PAUSE, TYPES, ArchiveSite
from tests.services.archiving.shown import BOTH, FIRST, append, place, site, unmake
from tests.store.peopled import NOW


def shown(project: Path, *public: str) -> ArchiveSite:
    """Show the archive of a project in which some editions were published, once it is made."""
    say(place(project), NOW, public=public, hidden=())
    archive = ArchiveSite(place(project), os.environ)
    archive.look()
    return archive


def page(archive: ArchiveSite, path: str) -> str:
    """Give what is shown at a path, empty where there is nothing."""
    found = archive.file(path)
    return found[0].decode("utf-8") if found else ""


def test_the_server_shows_the_files_that_the_command_writes(project: Path) -> None:
    archive = shown(project, *BOTH)
    written = site(project, *BOTH).files

    assert {name: (archive.file(f"/{name}") or (b"",))[0] for name in written} == written
    assert archive.missing_page == written["404.html"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/archive/", "text/html; charset=utf-8"),
        ("archive/januari-2021/", "text/html; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
        ("/feed.xml", "application/atom+xml; charset=utf-8"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/archive/search.json", "application/json; charset=utf-8"),
    ],
)
def test_each_address_is_answered_with_its_type(project: Path, path: str, kind: str) -> None:
    found = shown(project, "januari-2021").file(path)
    assert found
    assert found[1] == kind


def test_every_file_has_a_type(project: Path) -> None:
    assert {Path(name).suffix for name in site(project, *BOTH).files} <= TYPES.keys()


@pytest.mark.parametrize(
    "path",
    [
        *("/archive", "/archive/januari-2021", "/archive/april-2021/", "/archive//", "/x"),
        *(
            "/../smakom-mail.toml",
            "//etc/passwd",
            "/archive/../archive/",
            "/archive/januari-2021/\0",
        ),
        "/.smakom-mail-archive",
    ],
)
def test_any_other_address_leads_nowhere(project: Path, path: str) -> None:
    assert shown(project, "januari-2021").file(path) is None


def test_what_is_published_and_taken_out_is_seen_without_a_restart(project: Path) -> None:
    archive = shown(project, "januari-2021")
    pictures = [name for name in site(project, "april-2021").files if "/april-2021/images/" in name]
    assert archive.file("/archive/april-2021/") is None

    say(place(project), NOW, public=("april-2021",), hidden=())
    archive.look()
    assert "Nyhetsbrev april 2021" in page(archive, "/archive/april-2021/")
    assert [name for name in pictures if archive.file(name) is None] == []

    say(place(project), NOW, public=(), hidden=("april-2021",))
    archive.look()
    assert [name for name in (*pictures, "archive/april-2021/") if archive.file(name)] == []
    assert "april" not in page(archive, "/archive/")


def test_a_change_of_the_sources_is_seen_without_a_restart(project: Path) -> None:
    archive = shown(project, *BOTH)
    append(project / FIRST, "\nEtt nytt stycke.\n")
    assert "Ett nytt stycke." not in page(archive, "/archive/januari-2021/")

    archive.look()
    assert "Ett nytt stycke." in page(archive, "/archive/januari-2021/")
    text = json.loads(page(archive, "/archive/januari-2021/text.json"))
    assert "under 2021. Ett nytt stycke." in text["ordforandens-ord"]


def test_an_edition_that_is_half_saved_stays_as_it_was(project: Path) -> None:
    archive = shown(project, *BOTH)
    before = page(archive, "/archive/april-2021/")
    unmake(project)
    archive.look()

    assert page(archive, "/archive/april-2021/") == before


def test_before_it_is_made_all_of_it_is_coming_and_nothing_else(project: Path) -> None:
    say(place(project), NOW, public=("januari-2021",), hidden=())
    archive = ArchiveSite(place(project), os.environ)
    paths = ("/archive/", "/archive/januari-2021/", "/archive/april-2021/", "/feed.xml", "/x", "/")

    assert [archive.file(path) for path in paths] == [None] * 6
    assert [archive.is_coming(path) for path in paths] == [True, True, True, True, False, False]
    assert archive.missing_page is None


def test_after_a_restart_it_is_shown_as_it_was_made_and_nothing_is_drawn(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = page(shown(project, *BOTH), "/archive/januari-2021/")
    monkeypatch.setattr(Maker, "make", None)  # to call it would be an error
    archive = ArchiveSite(place(project), os.environ)
    archive.look()

    assert page(archive, "/archive/januari-2021/") == before != ""
    assert archive.is_coming("/archive/x/") is False


def test_what_was_taken_out_while_no_server_ran_is_not_there_at_any_time(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = site(project, *BOTH).files
    shown(project, *BOTH)
    say(place(project), NOW, public=(), hidden=("april-2021",))
    archive = ArchiveSite(place(project), os.environ)
    seen = {}

    def make(*_: object) -> dict[str, str]:
        seen.update({name: archive.file(f"/{name}") for name in files})
        raise SmakomMailError("no process can be begun: Cannot allocate memory")

    monkeypatch.setattr(Maker, "make", make)
    archive.look()

    april = [found for name, found in seen.items() if "april" in name]
    assert april
    assert not any(april)
    assert not any(b"april-2021" in found[0] for found in seen.values() if found)
    assert any(found for name, found in seen.items() if "/januari-2021/images/" in name)
    assert [archive.is_coming(path) for path in ("/archive/", "/archive/januari-2021/")] == [
        True,
        True,
    ]


def test_what_is_published_is_coming_until_it_is_drawn(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = shown(project, "januari-2021")
    coming: list[bool] = []

    def make(*_: object) -> dict[str, str]:
        coming.extend(
            archive.is_coming(path)
            for path in ("/archive/april-2021/images/a.png", "/archive/maj-2021/", "/archive/")
        )
        raise SmakomMailError("the disk is full")

    monkeypatch.setattr(Maker, "make", make)
    say(place(project), NOW, public=("april-2021",), hidden=())
    archive.look()

    assert coming == [True, False, False]
    assert "januari" in page(archive, "/archive/")


def test_what_is_taken_out_while_others_are_drawn_is_gone_at_once(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = shown(project, *BOTH)
    seen = []

    def make(*arguments: object) -> dict[str, str]:
        meanwhile = arguments[-1]
        assert callable(meanwhile)
        say(place(project), NOW, public=(), hidden=("april-2021",))
        meanwhile()
        seen.append(archive.file("/archive/april-2021/"))
        return {}

    monkeypatch.setattr(Maker, "make", make)
    append(project / FIRST, "\nEtt nytt stycke.\n")
    assert archive.file("/archive/april-2021/") is not None
    archive.look()

    assert seen == [None]
    # What lies in the place was made with it: that is not shown either.
    assert archive.file("/archive/april-2021/") is None


def test_a_database_that_does_not_answer_changes_nothing_and_is_told_once(project: Path) -> None:
    say(place(project), NOW, public=("januari-2021",), hidden=())
    said: list[str] = []
    archive = ArchiveSite(place(project), os.environ, said.append)
    archive.look()
    before = page(archive, "/archive/")
    database = project / "var" / "smakom-mail.db"
    kept = database.read_bytes()
    database.write_bytes(b"inte en databas" * 500)
    for _ in range(3):
        archive.look()
    assert page(archive, "/archive/") == before != ""
    assert [each.startswith("the archive: it stays as it was: ") for each in said] == [True]

    database.write_bytes(kept)
    archive.look()
    assert page(archive, "/archive/") == before
    assert said[1:] == ["the archive is as it should be again"]


def test_an_archive_that_cannot_be_made_is_tried_again_after_a_minute(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[float] = []

    def make(*_: object) -> dict[str, str]:
        tries.append(now)
        raise SmakomMailError("the disk is full")

    monkeypatch.setattr(Maker, "make", make)
    archive = ArchiveSite(place(project), os.environ, clock=lambda: now)
    for now in (0.0, 2.0, PAUSE - 1, PAUSE + 1):  # noqa: B007 - the clock reads it
        archive.look()

    assert tries == [0.0, PAUSE + 1]


def test_an_edition_that_cannot_be_drawn_is_left_out_and_named(project: Path) -> None:
    unmake(project)
    say(place(project), NOW, public=(*BOTH, "maj-2021"), hidden=())
    said: list[str] = []
    archive = ArchiveSite(place(project), os.environ, said.append)
    archive.look()

    assert archive.file("/archive/januari-2021/") is not None
    assert archive.file("/archive/april-2021/") is None
    assert archive.is_coming("/archive/april-2021/") is False
    assert said == [
        (
            "the archive: april-2021 cannot be drawn as it is now (it has errors), and is left "
            "out; mend it: smakom-mail check april-2021"
        ),
        (
            "the archive: maj-2021 is public, but newsletters/ has no such folder; bring it back, "
            "or take it out: smakom-mail archive --unpublish maj-2021"
        ),
    ]


def test_to_give_a_file_asks_neither_the_database_nor_the_disk(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = shown(project, "januari-2021")
    (project / "var").rename(project / "borta")
    monkeypatch.chdir("/")

    assert archive.file("/archive/") is not None
