"""The archive as a server shows it: the same files, and never more than what is public."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from smakom_mail.services.archiving.publishing import say
from smakom_mail.services.archiving.showing import INTERVAL, TYPES, ArchiveSite
from smakom_mail.services.workplace import Workplace
from tests.services.archiving.shown import BOTH, FIRST, append, place, site, unmake
from tests.store.peopled import NOW


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.now = 0.0

    def __call__(self) -> float:
        """Give the time."""
        return self.now

    def wait(self) -> None:
        """Let so much time pass that the archive looks again."""
        self.now += INTERVAL


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Give a clock."""
    return Clock()  # type: ignore[return-value] # pytest takes the value itself too


def shown(project: Path, clock: Clock, *public: str) -> ArchiveSite:
    """Show the archive of a project in which some editions were published."""
    say(place(project), NOW, public=public, hidden=())
    return ArchiveSite(place(project), clock)


def page(archive: ArchiveSite, path: str) -> str:
    """Give what is shown at a path, empty where there is nothing."""
    found = archive.file(path)
    return found[0].decode("utf-8") if found else ""


def test_the_server_shows_the_files_that_the_command_writes(project: Path, clock: Clock) -> None:
    archive = shown(project, clock, *BOTH)
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
def test_each_address_is_answered_with_its_type(
    project: Path, clock: Clock, path: str, kind: str
) -> None:
    found = shown(project, clock, "januari-2021").file(path)
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
def test_any_other_address_leads_nowhere(project: Path, clock: Clock, path: str) -> None:
    assert shown(project, clock, "januari-2021").file(path) is None


def test_what_is_published_and_taken_out_is_seen_without_a_restart(
    project: Path, clock: Clock
) -> None:
    archive = shown(project, clock, "januari-2021")
    pictures = [name for name in site(project, "april-2021").files if "/april-2021/images/" in name]
    assert archive.file("/archive/april-2021/") is None

    say(place(project), NOW, public=("april-2021",), hidden=())
    clock.wait()
    assert "Nyhetsbrev april 2021" in page(archive, "/archive/april-2021/")
    assert [name for name in pictures if archive.file(name) is None] == []

    say(place(project), NOW, public=(), hidden=("april-2021",))
    clock.wait()
    assert [name for name in (*pictures, "archive/april-2021/") if archive.file(name)] == []
    assert "april" not in page(archive, "/archive/")


def test_a_change_of_the_sources_is_seen_without_a_restart(project: Path, clock: Clock) -> None:
    archive = shown(project, clock, *BOTH)
    append(project / FIRST, "\nEtt nytt stycke.\n")
    assert "Ett nytt stycke." not in page(archive, "/archive/januari-2021/")

    clock.wait()
    assert "Ett nytt stycke." in page(archive, "/archive/januari-2021/")
    text = json.loads(page(archive, "/archive/januari-2021/text.json"))
    assert "under 2021. Ett nytt stycke." in text["ordforandens-ord"]


def test_an_edition_that_is_half_saved_stays_as_it_was(project: Path, clock: Clock) -> None:
    archive = shown(project, clock, *BOTH)
    before = page(archive, "/archive/april-2021/")
    unmake(project)
    clock.wait()

    assert page(archive, "/archive/april-2021/") == before


def test_a_database_that_does_not_answer_changes_nothing_and_is_told(
    project: Path, clock: Clock
) -> None:
    archive = shown(project, clock, "januari-2021")
    before = page(archive, "/archive/")
    database = project / "var" / "smakom-mail.db"
    kept = database.read_bytes()
    database.write_bytes(b"inte en databas" * 500)
    clock.wait()
    assert page(archive, "/archive/") == before
    assert archive.trouble != ""

    database.write_bytes(kept)
    clock.wait()
    assert page(archive, "/archive/") == before
    assert archive.trouble == ""


def test_between_two_looks_the_database_is_left_alone(
    project: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = shown(project, clock, "januari-2021")
    looks = []

    def looked(_place: Workplace) -> frozenset[str]:
        looks.append(1)
        return frozenset({"januari-2021"})

    monkeypatch.setattr("smakom_mail.services.archiving.showing.published_now", looked)
    for _ in range(50):
        archive.file("/archive/")
    clock.wait()
    for _ in range(50):
        archive.file("/archive/")
    assert looks == [1]
