"""The process that makes the archive: what an edition does to it is that edition's fault alone."""

import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from smakom_mail.errors import SmakomMailError
from smakom_mail.services.archiving.keeping import KEPT, LOCK, SITE, kept
from smakom_mail.services.archiving.maker import Maker
from smakom_mail.services.archiving.making import ENDED, Job, make_kept
from smakom_mail.services.archiving.placing import made_of, read_site
from smakom_mail.store.locks import take_lock
from tests.services.archiving.shown import BOTH, FIRST, append, site, unmake

ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}\n"
LARGE = "{{ range(100000)|join(range(100000)|join) }}\n"


def made(root: Path, *public: str, state: str = "s") -> dict[str, str]:
    """Make the archive in this process."""
    return make_kept(Job(str(root), list(public), state), {}, lambda _: None)


def editions(root: Path) -> tuple[str, ...]:
    """Give the editions in what was made."""
    placed = read_site(root / KEPT / SITE)
    assert placed is not None
    return placed.site.editions


def spoilt(root: Path, web: str) -> None:
    """Let the layout of april-2021 alone do harm."""
    shutil.copytree(root / "layouts/smakom", root / "layouts/egen")
    (root / "layouts/egen/web.html.j2").write_text(web, encoding="utf-8")
    settings = root / "newsletters/april-2021/edition.toml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(f'layout = "egen"\n{before}', encoding="utf-8")


def fault(why: str, instead: str = "is left out") -> dict[str, str]:
    """Give what is said of april-2021."""
    return {
        "april-2021": f"april-2021 cannot be drawn as it is now ({why}), and {instead}; "
        "mend it: smakom-mail check april-2021"
    }


def test_the_process_makes_the_files_that_the_command_writes(project: Path) -> None:
    assert Maker(project, os.environ).make(BOTH, "s", lambda: None) == {}

    placed = read_site(project / KEPT / SITE)
    assert placed is not None
    assert (placed.site.files, placed.state) == (site(project, *BOTH).files, "s")


def test_an_edition_that_ends_the_process_is_left_out_and_the_others_are_made(
    project: Path,
) -> None:
    spoilt(project, ENDLESS)
    maker = Maker(project, os.environ)
    killed = []

    def kill() -> None:
        if maker.at == "april-2021" and maker.pid not in killed:
            killed.append(maker.pid)
            os.kill(maker.pid, signal.SIGKILL)

    assert maker.make(BOTH, "s", kill) == fault(ENDED)
    assert editions(project) == ("januari-2021",)
    assert len(killed) == 1


def test_an_edition_that_eats_memory_meets_its_bound(project: Path) -> None:
    spoilt(project, LARGE)

    assert Maker(project, os.environ).make(BOTH, "s", lambda: None) == fault(
        "it takes more than 2048 MB"
    )
    assert editions(project) == ("januari-2021",)


def test_a_maker_that_is_closed_begins_no_process(project: Path) -> None:
    maker = Maker(project, os.environ)
    maker.close()
    with pytest.raises(SmakomMailError) as refused:
        maker.make(BOTH, "s", lambda: None)
    assert (str(refused.value), maker.pid) == ("the server ends", 0)


def test_no_file_of_the_project_is_taken_for_a_part_of_the_program(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "json.py").write_text("raise SystemExit(7)\n")
    monkeypatch.chdir(project)
    assert Maker(project, os.environ).make((), "s", lambda: None) == {}


def test_what_has_not_changed_is_not_drawn_again(
    project: Path,
) -> None:
    made(project, *BOTH)
    append(project / FIRST, "\nEtt nytt stycke.\n")
    drawn: list[object] = []
    make_kept(Job(str(project), sorted(BOTH), "t"), {}, lambda said: drawn.append(said.get("at")))

    assert drawn == ["januari-2021"]
    assert made_of(project / KEPT / SITE) == "t"


def test_an_edition_that_cannot_be_drawn_any_more_stays_as_it_was(project: Path) -> None:
    made(project, *BOTH)
    before = read_site(project / KEPT / SITE)
    unmake(project)

    assert made(project, *BOTH, state="t") == fault("it has errors", "is shown as it was before")
    after = read_site(project / KEPT / SITE)
    assert before is not None
    assert after is not None
    assert after.site.files == before.site.files
    assert after.state == ""  # so that it is tried again after a restart


def test_nothing_is_kept_of_an_edition_that_is_not_public(project: Path) -> None:
    made(project, *BOTH)
    made(project, "januari-2021", state="t")

    assert kept(project / KEPT, "april-2021") is None
    assert [path for path in (project / KEPT).rglob("*") if "april" in path.name] == []
    assert editions(project) == ("januari-2021",)


@pytest.mark.parametrize("spoil", ["{", "[]", '{"slug": "april-2021"}', "", "\udcff", "[" * 9999])
def test_what_is_kept_and_cannot_be_read_is_drawn_again(project: Path, spoil: str) -> None:
    made(project, *BOTH)
    path = project / KEPT / "editions" / "april-2021.json"
    path.write_bytes(spoil.encode("utf-8", "surrogateescape"))

    assert made(project, *BOTH, state="t") == {}
    assert json.loads(path.read_bytes())["title"] == "Nyhetsbrev april 2021"


@pytest.mark.parametrize("name", ["archive/index.html", "archive/januari-2021/text.json"])
def test_an_archive_that_a_hand_has_changed_is_not_shown(project: Path, name: str) -> None:
    made(project, *BOTH)
    append(project / KEPT / SITE / name, " ")

    assert read_site(project / KEPT / SITE) is None


def test_while_another_server_makes_it_one_waits_and_takes_what_that_has_made(
    project: Path,
) -> None:
    made(project, *BOTH)
    lock = take_lock(project / KEPT / LOCK)
    assert lock is not None
    told: list[object] = []

    def tell(said: object) -> None:
        told.append(said)
        lock.release()

    assert make_kept(Job(str(project), list(BOTH), "s"), {}, tell) == {}
    assert told == [{"waiting": True}]
