"""The studio shows each edition as its files are, keeps the last good view, and recovers."""

import asyncio
import multiprocessing
import os
import signal
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from smakom_mail.diagnostics import Severity
from smakom_mail.services.previewing.studio import EditionState, Failure, Studio
from tests.services.previewing.studios import (
    ENDLESS,
    MAIN,
    Changes,
    brief,
    has_failed,
    is_broken,
    is_good,
    opened,
    shows,
    until,
    watch,
    write,
)
from tests.services.test_building import FIRST, SLUG, append

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
