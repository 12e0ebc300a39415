"""The studio's list follows the folders, and the edition that is open comes first."""

import asyncio
import shutil
import unicodedata
from pathlib import Path

import pytest

from smakom_mail.services.previewing.studio import Failure, Studio
from tests.services.previewing.studios import (
    ENDLESS,
    Changes,
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

GONE = Failure(
    f"Numret {SLUG} finns inte längre i newsletters/.",
    "Har mappen fått ett nytt namn finns numret i listan.",
)


def slugs(studio: Studio) -> list[str]:
    return [state.slug for state in studio.states()]


def test_the_list_holds_every_edition_the_newest_first_and_before_it_one_without_a_date(
    project: Path,
) -> None:
    shutil.copytree(project / f"newsletters/{SLUG}", project / "newsletters/utan-datum")
    write(project / "newsletters/utan-datum/edition.toml", 'date = "igår"\n')
    (project / "newsletters/Inget Namn").mkdir()
    (project / "newsletters/_gammalt").mkdir()

    async def run() -> None:
        studio = Studio(project, {})
        assert slugs(studio) == ["utan-datum", "april-2021", SLUG]
        assert {state.generation for state in studio.states()} == {0}
        async with opened(project) as studio, studio.listen() as changes:
            for _ in range(3):
                await anext(changes)
            assert slugs(studio) == ["utan-datum", "april-2021", SLUG]
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
