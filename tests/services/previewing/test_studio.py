"""The studio shows each edition as its files are, keeps the last good view, and recovers."""

import asyncio
import multiprocessing
import os
import shutil
import signal
import unicodedata
import weakref
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from smakom_mail.diagnostics import Severity
from smakom_mail.services.previewing.studio import EditionState, Failure, Studio
from tests.services.previewing.studios import (
    Changes,
    brief,
    has_failed,
    is_broken,
    is_good,
    opened,
    shows,
    until,
)
from tests.services.test_building import FIRST, SLUG, append

MAIN = "layouts/smakom/edition.mjml.j2"
ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}\n"
GONE = Failure(
    f"Numret {SLUG} finns inte längre i newsletters/.",
    "Har mappen fått ett nytt namn finns numret i listan.",
)


@pytest.fixture
def alone(project: Path) -> Path:
    """Leave one edition in the copied newsletter."""
    shutil.rmtree(project / "newsletters/april-2021")
    return project


def watch(
    root: Path, story: Callable[[Studio, Changes], Awaitable[None]], *, limit: float = 20.0
) -> None:
    """Run `story` with a studio that has taken the edition, and its changes from then on."""

    async def run() -> None:
        async with opened(root, limit=limit) as studio, studio.listen(SLUG) as changes:
            await until(changes, is_good)
            await story(studio, changes)

    asyncio.run(run())


def write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


# --- saves ---------------------------------------------------------------------------------


def test_an_edit_is_shown_a_broken_one_told_over_the_last_good_view_and_it_recovers(
    alone: Path,
) -> None:
    whole = (alone / FIRST).read_text("utf-8")

    async def story(studio: Studio, changes: Changes) -> None:
        append(alone / FIRST, "\nEtt nytt stycke.\n")
        edited = await until(changes, shows("Ett nytt stycke."))
        assert is_good(edited)
        assert await studio.state(SLUG) == edited

        append(alone / FIRST, "\n![Ett torg](images/finns-ej.png)\n")
        broken = await until(changes, is_broken)
        assert broken.good is edited.good
        assert broken.snapshot is not None
        line = len((alone / FIRST).read_text("utf-8").splitlines())
        (missing,) = [f for f in broken.snapshot.findings if f.kind == "image-missing"]
        assert (missing.location.file, missing.location.line) == (FIRST, line)
        assert broken.snapshot.line(missing.location) == "![Ett torg](images/finns-ej.png)"

        write(alone / FIRST, whole)
        mended = await until(changes, is_good)
        assert edited.generation < broken.generation < mended.generation

    watch(alone, story)


def test_all_that_an_edition_is_made_of_is_followed(alone: Path) -> None:
    edits = [
        ("smakom-mail.toml", 'name = "SmåKoms nyhetsbrev"', 'name = "Nya bladet"', "Nya bladet"),
        ("newsletters/_standing/90-kontakt.md", "\n\n", "\n\nRing gärna.\n\n", "Ring gärna."),
        ("layouts/smakom/web.html.j2", "<body", "<!-- ny --><body", "<!-- ny -->"),
        (f"newsletters/{SLUG}/edition.toml", "Nyhetsbrev januari", "Brevet, jan", "Brevet, jan"),
    ]

    async def story(studio: Studio, changes: Changes) -> None:
        before = await studio.state(SLUG)
        write(alone / FIRST, (alone / FIRST).read_text("utf-8"))
        await asyncio.sleep(0.5)
        assert await studio.state(SLUG) is before, "a save that changes nothing is not told"
        for file, old, new, shown in edits:
            text = (alone / file).read_text("utf-8")
            assert old in text
            write(alone / file, text.replace(old, new, 1))
            assert shows(shown)(await until(changes, is_good))

    watch(alone, story)


def test_two_hundred_saves_end_with_the_last_text_and_nothing_left_to_do(alone: Path) -> None:
    whole = (alone / FIRST).read_text("utf-8")

    async def story(studio: Studio, changes: Changes) -> None:
        first = await studio.state(SLUG)
        for number in range(200):
            write(alone / FIRST, f"{whole}\nSparat {number} gånger.\n")
            await asyncio.sleep(0.01)
        last = await until(changes, shows("Sparat 199 gånger."))
        assert first is not None
        assert last.generation - first.generation < 200, "takes are skipped, not queued"
        write(alone / FIRST, whole)
        # At most one more take of the last text's own events may come between.
        assert is_good(await until(changes, lambda state: not shows("Sparat")(state)))

    watch(alone, story)


# --- what stands in the way ----------------------------------------------------------------


def half_a_letter(path: Path) -> None:
    """Write the file up to the middle of an å, as a save that is under way."""
    path.write_bytes("# Ett ord\n\nÄndå blev det å".encode()[:-1])


def in_circles(path: Path) -> None:
    """Put a link to itself in the file's place: nobody can read it, not even root."""
    path.rename(path.with_suffix(".undan"))
    path.symlink_to(path)


def out_of_circles(path: Path) -> None:
    path.with_suffix(".undan").replace(path)


def has_error(kind: str) -> Callable[[EditionState], bool]:
    """Say of a state whether its newest snapshot has an error of `kind`."""

    def says(state: EditionState) -> bool:
        found = state.snapshot.findings if state.snapshot else ()
        return kind in {one.kind for one in found if one.severity is Severity.ERROR}

    return says


def test_the_last_good_view_stays_over_what_is_broken_until_it_is_mended(alone: Path) -> None:
    first, config, layout = alone / FIRST, alone / "smakom-mail.toml", alone / "layouts/smakom"
    text, settings = first.read_text("utf-8"), config.read_text("utf-8")
    away = alone / "layouts/annan"
    steps: list[tuple[Callable[[], object], str, Callable[[], object]]] = [
        (lambda: half_a_letter(first), "file-encoding", lambda: write(first, text)),
        (lambda: in_circles(first), "file-unreadable", lambda: out_of_circles(first)),
        (lambda: write(config, "[a\n"), "toml-syntax", lambda: write(config, settings)),
        (lambda: layout.rename(away), "unknown-layout", lambda: away.rename(layout)),
    ]

    async def story(studio: Studio, changes: Changes) -> None:
        before = await studio.state(SLUG)
        assert before is not None
        for break_it, kind, mend_it in steps:
            break_it()
            broken = await until(changes, has_error(kind))
            assert broken.good == before.good
            assert is_broken(broken)
            mend_it()
            assert (await until(changes, is_good)).good == before.good
        config.unlink()
        gone = await until(changes, has_failed)
        assert gone.failure == Failure(
            "Filen smakom-mail.toml finns inte längre.",
            "Lägg tillbaka den. Det som visas är det senaste som gick att bygga.",
        )
        assert gone.good == before.good
        write(config, settings)
        await until(changes, is_good)

    watch(alone, story)


def test_a_layout_that_never_ends_and_a_killed_worker_are_failures_and_the_next_save_works(
    alone: Path,
) -> None:
    whole = (alone / MAIN).read_text("utf-8")

    async def mended(changes: Changes) -> None:
        """Save until it works: on a busy machine even a sound layout may be late."""
        write(alone / MAIN, whole)
        while not is_good(await until(changes, lambda state: is_good(state) or has_failed(state))):
            append(alone / MAIN, " ")

    async def kill_again_and_again() -> None:
        while True:
            await asyncio.sleep(0.3)
            for child in multiprocessing.active_children():
                os.kill(child.pid or 0, signal.SIGKILL)

    async def run() -> list[Failure | None]:
        async with opened(alone, limit=3) as studio, studio.listen(SLUG) as changes:
            await mended(changes)
            write(alone / MAIN, ENDLESS + whole)
            failures = [(await until(changes, has_failed)).failure]
            await mended(changes)
            killing = asyncio.create_task(kill_again_and_again())
            write(alone / MAIN, ENDLESS + whole)
            failures.append((await until(changes, has_failed)).failure)
            killing.cancel()
            await asyncio.wait({killing})
            await mended(changes)
            return failures

    assert asyncio.run(run()) == [
        Failure(
            f"{SLUG} blev inte färdigt på 3 sekunder, så bygget avbröts.",
            f"Oftast går en slinga i layouten för många varv. Börja med {MAIN}:1. "
            "När du sparar görs ett nytt försök.",
        ),
        Failure(
            f"Programmet som bygger {SLUG} avslutades i förtid (SIGKILL).",
            "Datorn kan ha haft ont om minne. När du sparar görs ett nytt försök.",
        ),
    ]


# --- editions that come and go -------------------------------------------------------------


def slugs(studio: Studio) -> list[str]:
    return [state.slug for state in studio.states()]


def test_the_list_holds_every_edition_the_newest_first(project: Path) -> None:
    shutil.copytree(project / f"newsletters/{SLUG}", project / "newsletters/utan-datum")
    write(project / "newsletters/utan-datum/edition.toml", 'date = "igår"\n')
    (project / "newsletters/Inget Namn").mkdir()
    (project / "newsletters/_gammalt").mkdir()

    async def run() -> None:
        studio = Studio(project, {})
        assert slugs(studio) == ["april-2021", SLUG, "utan-datum"]
        assert {state.generation for state in studio.states()} == {0}
        async with opened(project) as studio, studio.listen() as changes:
            for _ in range(3):
                await anext(changes)
            assert slugs(studio) == ["april-2021", SLUG, "utan-datum"]
            assert 0 not in {state.generation for state in studio.states()}

    asyncio.run(run())


def test_an_edition_is_taken_when_it_is_asked_for(project: Path) -> None:
    async def run() -> None:
        async with opened(project) as studio, studio.listen("april-2021") as changes:
            state = await studio.state(SLUG)
            assert state is not None
            assert is_good(state)
            assert (await anext(changes)).slug == "april-2021", "and of no other it hears"
            assert await studio.state("finns-ej") is None
            assert await studio.state("../seeds") is None
            # Made while nobody has told of it yet.
            shutil.copytree(project / f"newsletters/{SLUG}", project / "newsletters/maj-2021")
            new = await studio.state("maj-2021")
            assert new is not None
            assert is_good(new)

    asyncio.run(run())


@pytest.mark.parametrize("folder", [f"newsletters/{SLUG}", "newsletters"])
def test_an_edition_that_is_deleted_keeps_its_view_for_those_who_look_at_it(
    alone: Path, folder: str
) -> None:
    """Alone, or with the folder of them all."""

    async def story(studio: Studio, changes: Changes) -> None:
        before = await studio.state(SLUG)
        (alone / folder).rename(alone / "undan")
        gone = await until(changes, has_failed)
        assert before is not None
        assert (gone.failure, gone.good) == (GONE, before.good)
        assert slugs(studio) == []
        assert await studio.state(SLUG) == gone
        first = next((alone / "undan").rglob(Path(FIRST).name))
        whole = first.read_text("utf-8")
        append(first, "\n![Ett torg](images/finns-ej.png)\n")
        (alone / "undan").rename(alone / folder)
        back = await until(changes, is_broken)
        assert back.good == before.good
        assert slugs(studio) == [SLUG]
        assert back.generation > gone.generation
        write(alone / FIRST, whole)
        await until(changes, is_good)

    watch(alone, story)


def test_an_edition_that_is_renamed_is_gone_and_new(alone: Path) -> None:
    async def run() -> None:
        async with opened(alone) as studio, studio.listen() as changes:
            await until(changes, is_good)
            (alone / f"newsletters/{SLUG}").rename(alone / "newsletters/nytt-namn")
            gone = await until(changes, has_failed)
            assert (gone.slug, gone.failure) == (SLUG, GONE)
            new = await until(changes, lambda state: state.slug == "nytt-namn")
            assert is_good(new)
            assert slugs(studio) == ["nytt-namn"]
            # And it is followed under its new name.
            append(alone / "newsletters/nytt-namn/10-ordforandens-ord.md", "\nNytt.\n")
            await until(changes, shows("Nytt."))

    asyncio.run(run())


def test_a_name_whose_letters_are_taken_apart_is_the_same_name(alone: Path) -> None:
    """As macOS may write å; the browser asks with one letter or with two."""
    apart = unicodedata.normalize("NFD", "våren-2021")
    folder = alone / "newsletters" / apart
    (alone / f"newsletters/{SLUG}").rename(folder)

    async def run() -> None:
        async with opened(alone) as studio, studio.listen(apart) as changes:
            state = await studio.state(apart)
            assert state is not None
            assert state.slug == "våren-2021"
            assert await studio.state("våren-2021") == state
            append(folder / "10-ordforandens-ord.md", "\nNytt om våren.\n")
            await until(changes, shows("Nytt om våren."))

    asyncio.run(run())


def sixty(root: Path) -> None:
    """Make 58 more editions of two sections each."""
    source = root / f"newsletters/{SLUG}"
    for number in range(58):
        folder = root / f"newsletters/nummer-{number:02}"
        folder.mkdir()
        for name in ("edition.toml", "10-ordforandens-ord.md", "40-pa-gang.md"):
            shutil.copy2(source / name, folder / name)


def test_among_sixty_editions_the_open_one_is_answered_first(project: Path) -> None:
    sixty(project)

    async def run() -> None:
        async with opened(project) as studio, studio.listen(SLUG) as changes:
            await studio.state(SLUG)
            for number in range(3):
                append(project / FIRST, f"\nSparat {number}.\n")
                await until(changes, shows(f"Sparat {number}."))
            untaken = [state for state in studio.states() if state.generation == 0]
            assert len(studio.states()) == 60
            assert len(untaken) > 30, "the others wait for it"
            asked = await studio.state("nummer-07")
            assert asked is not None
            assert asked.generation > 0

    asyncio.run(run())


def test_an_edition_that_hangs_in_the_background_does_not_stop_the_open_one(project: Path) -> None:
    """The other edition has a layout that never ends, and a minute's time."""
    shutil.copytree(project / "layouts/smakom", project / "layouts/hakar")
    write(project / "layouts/hakar/web.html.j2", ENDLESS)
    other = project / "newsletters/april-2021/edition.toml"
    settings = [r for r in other.read_text("utf-8").splitlines() if not r.startswith("layout")]
    write(other, "\n".join(['layout = "hakar"', *settings]))

    async def run() -> None:
        async with opened(project, limit=60) as studio, studio.listen(SLUG) as changes:
            await until(changes, is_good)
            await asyncio.sleep(0.5)  # now the other is at it
            append(project / FIRST, "\nÄndå.\n")
            await until(changes, shows("Ändå."))
            assert [state.generation for state in studio.states() if state.slug != SLUG] == [0]

    asyncio.run(run())


# --- who listens ---------------------------------------------------------------------------


def test_a_slow_listener_hears_only_the_latest(alone: Path) -> None:
    async def story(studio: Studio, changes: Changes) -> None:
        async with studio.listen() as slow:
            for number in range(3):
                append(alone / FIRST, f"\nSparat {number}.\n")
                await until(changes, shows(f"Sparat {number}."))
            assert shows("Sparat 2.")(await anext(slow))
            later = asyncio.ensure_future(anext(slow))
            await asyncio.sleep(0.1)
            assert not later.done()
            later.cancel()

    watch(alone, story)


def test_listeners_that_go_leave_nothing_behind(alone: Path) -> None:
    async def story(studio: Studio, changes: Changes) -> None:
        seen: list[weakref.ref[Changes]] = []

        async def listen() -> None:
            async with studio.listen(SLUG) as mine:
                seen.append(weakref.ref(mine))
                async for state in mine:
                    raise AssertionError(brief(state))

        tasks = [asyncio.create_task(listen()) for _ in range(20)]
        await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        assert all(task.cancelled() for task in tasks)
        tasks.clear()
        del task
        assert [ref() for ref in seen] == [None] * 20
        append(alone / FIRST, "\nNytt.\n")
        await until(changes, shows("Nytt."))

    watch(alone, story)


def test_those_who_wait_are_let_go_when_the_studio_ends(alone: Path) -> None:
    """A page that is being asked for, and one that listens, as Ctrl-C comes."""
    write(alone / MAIN, ENDLESS)

    async def run() -> tuple[EditionState | None, list[EditionState], list[EditionState]]:
        studio = Studio(alone, {})

        async def all_changes() -> list[EditionState]:
            async with studio.listen() as changes:
                return [state async for state in changes]

        running = asyncio.create_task(studio.run())
        asked, heard = asyncio.create_task(studio.state(SLUG)), asyncio.create_task(all_changes())
        await asyncio.sleep(0.2)
        running.cancel()
        return await asked, await heard, await all_changes()

    assert asyncio.run(run()) == (EditionState(SLUG), [], [])


# --- what it leaves alone ------------------------------------------------------------------


def test_a_preview_writes_nothing(
    alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a full disk is no matter: not even a file made and removed again is found."""
    elsewhere = tmp_path / "tmp"
    elsewhere.mkdir()
    monkeypatch.setenv("TMPDIR", str(elsewhere))

    def state() -> dict[Path, tuple[int, int, int]]:
        paths = [alone, *alone.rglob("*"), elsewhere, *elsewhere.rglob("*")]
        states = {path: path.lstat() for path in paths}
        return {p: (s.st_mtime_ns, s.st_ctime_ns, s.st_size) for p, s in states.items()}

    append(alone / FIRST, "\n![Ett torg](images/finns-ej.png)\n")
    before = state()

    async def run() -> None:
        async with opened(alone) as studio:
            await studio.state(SLUG)

    asyncio.run(run())
    assert state() == before
