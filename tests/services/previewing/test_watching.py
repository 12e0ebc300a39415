"""A change is told of the editions it concerns and no others; the watch outlives its folders."""

import asyncio
import itertools
import shutil
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal, get_args

import pytest
import watchfiles
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.services.previewing.watching import EVERYTHING, NOTHING, Changes, Watch, concerned

ROOT = Path("/projekt/nyhetsbrev")
Form = Literal["NFC", "NFD"]
Until = Callable[..., Awaitable[list[Changes]]]
JANUARY = Changes(frozenset({"januari-2021"}))


def concern(path: str) -> Changes:
    return concerned(ROOT, [str(ROOT / path)])


# --- which editions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "newsletters/januari-2021",
        "newsletters/januari-2021/edition.toml",
        "newsletters/januari-2021/10-ordforandens-ord.md",
        "newsletters/januari-2021/images/torg.png",
        "newsletters/januari-2021/images",
    ],
)
def test_what_lies_in_an_edition_concerns_that_edition(path: str) -> None:
    assert concern(path) == JANUARY


@pytest.mark.parametrize(
    "path",
    [
        "",
        "smakom-mail.toml",
        "ordlista.txt",
        "newsletters",
        "newsletters/_standing",
        "newsletters/_standing/90-kontakt.md",
        "layouts",
        "layouts/smakom",
        "layouts/smakom/edition.mjml.j2",
        "layouts/brev/images/logo.png",
        "seeds",
        "seeds/seeds.toml",
        "seeds/000_33d475eeadbb856c.txt",
        "/hem/annanstans/10-ord.md",
    ],
)
def test_what_editions_share_concerns_them_all(path: str) -> None:
    assert concern(path) == EVERYTHING


@pytest.mark.parametrize(
    "path",
    [
        "build/januari-2021/message.html",
        "build",
        "var/smakom-mail.db",
        ".git/index",
        ".venv/lib/x.py",
        "node_modules/x/y.md",
        "README.md",
        "smakom-mail.toml.bak",
        ".smakom-mail.toml.swp",
        "newsletters/.git/index",
        "newsletters/_gammalt/10-ord.md",
        "newsletters/Ej ett namn/10-ord.md",
        "newsletters/con/10-ord.md",
        "layouts/smakom/node_modules/x/y.css",
    ],
)
def test_what_no_edition_is_made_of_concerns_none(path: str) -> None:
    assert concern(path) == NOTHING


LITTER = [
    ".10-a.md.swp",
    ".10-a.md.swo",
    "10-a.md~",
    ".#10-a.md",
    "#10-a.md#",
    "4913",
    "5036",
    ".DS_Store",
    "._10-a.md",
    "~$10-a.docx",
    "~WRL0001.tmp",
    "10-a.md.tmp",
    "10-a.md___jb_tmp___",
    "10-a.md___jb_old___",
    ".goutputstream-AB12C3",
    "Thumbs.db",
    "desktop.ini",
    "torg.png.crdownload",
    "torg.png.part",
]


@pytest.mark.parametrize("name", LITTER)
@pytest.mark.parametrize("folder", ["newsletters/januari-2021", "layouts/smakom", "seeds/x"])
def test_what_editors_and_desktops_leave_concerns_none(folder: str, name: str) -> None:
    assert concern(f"{folder}/{name}") == NOTHING


def test_an_edition_or_a_picture_may_have_a_number_for_its_name() -> None:
    assert concern("newsletters/4913") == Changes(frozenset({"4913"}))
    assert concern("newsletters/4913/10-a.md") == Changes(frozenset({"4913"}))
    assert concern("newsletters/januari-2021/images/4913.png") == JANUARY


def test_many_changes_are_told_as_one() -> None:
    paths = [str(ROOT / "newsletters" / slug / "10-a.md") for slug in ("maj", "juni", "maj")]

    assert concerned(ROOT, paths) == Changes(frozenset({"maj", "juni"}))
    assert concerned(ROOT, [*paths, str(ROOT / "seeds")]) == Changes(
        frozenset({"maj", "juni"}), everything=True
    )
    assert concerned(ROOT, []) == NOTHING


@given(
    st.sampled_from(["våren-2021", "äö", "januari-2021"]),
    st.text("aåäöé10-. ", min_size=1).map(lambda name: f"1{name}.md"),
    st.sampled_from(get_args(Form)),
    st.sampled_from(get_args(Form)),
)
def test_a_name_is_the_same_however_its_letters_are_put_together(
    slug: str, name: str, form: Form, root_form: Form
) -> None:
    root = Path("/hem/småkom")
    path = unicodedata.normalize(form, f"/hem/småkom/newsletters/{slug}/{name}")

    found = concerned(Path(unicodedata.normalize(root_form, str(root))), [path])

    assert found == Changes(frozenset({slug}))


@given(st.lists(st.text(st.characters(exclude_characters="/\0"), min_size=1), max_size=5))
def test_any_path_has_an_answer(parts: list[str]) -> None:
    found = concern("/".join(parts))

    assert isinstance(found, Changes)
    if parts and parts[0] not in {"newsletters", "layouts", "seeds", "..", "."}:
        assert found == NOTHING or len(parts) == 1


# --- the watch -----------------------------------------------------------------------------


@asynccontextmanager
async def watched(root: Path, said: list[str] | None = None) -> AsyncIterator[Until]:
    """Watch `root`; give a function that waits until exactly the `expected` has been told.

    It gives what was told since the last time.
    """
    told: list[Changes] = []
    bell = asyncio.Event()

    def tell(changes: Changes) -> None:
        if changes:
            told.append(changes)
            bell.set()

    async def until(*expected: Changes) -> list[Changes]:
        async with asyncio.timeout(30):
            while not all(one in told for one in expected):
                bell.clear()
                await bell.wait()
        since = list(told)
        told.clear()
        return since

    log = (said if said is not None else []).append
    running = asyncio.create_task(Watch(root, tell, log).run())
    await until(EVERYTHING)
    await asyncio.sleep(0.05)
    told.clear()
    try:
        yield until
    finally:
        running.cancel()
        await asyncio.wait({running})
        assert running.cancelled()
        assert asyncio.all_tasks() == {asyncio.current_task()}


async def saved(root: Path, until: Until) -> None:
    """Save until it is told: a watch that is begun anew stands within a second or so."""
    async with asyncio.timeout(30):
        for number in itertools.count():
            (root / "newsletters/januari-2021/10-a.md").write_text(f"# {number}\n", "utf-8")
            await asyncio.sleep(0.1)
            if JANUARY in await until():
                return


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Make a project's folders with next to nothing in them."""
    root = tmp_path / "projekt"
    for folder in ("newsletters/januari-2021", "newsletters/_standing", "layouts/smakom", "seeds"):
        (root / folder).mkdir(parents=True)
    for folder in ("build", "var", ".git", ".venv", "node_modules"):
        (root / folder).mkdir()
    (root / "smakom-mail.toml").write_text("", "utf-8")
    (root / "newsletters/januari-2021/10-a.md").write_text("# A\n", "utf-8")
    return root


def test_a_save_is_told_and_what_is_not_watched_is_not(small: Path) -> None:
    async def run() -> None:
        async with watched(small) as until:
            for folder in ("build", "var", ".git", ".venv", "node_modules"):
                (small / folder / "x.md").write_text("x", "utf-8")
            (small / "newsletters/januari-2021/.10-a.md.swp").write_text("x", "utf-8")
            await asyncio.sleep(0.2)
            (small / "newsletters/januari-2021/10-a.md").write_text("# B\n", "utf-8")
            assert set(await until(JANUARY)) == {JANUARY}
            (small / "smakom-mail.toml").write_text("# x\n", "utf-8")
            assert set(await until(EVERYTHING)) == {EVERYTHING}

    asyncio.run(run())


def test_a_save_by_renaming_is_told(small: Path) -> None:
    """As Vim, and every careful editor, does it."""

    async def run() -> None:
        async with watched(small) as until:
            new = small / "newsletters/januari-2021/10-a.md.tmp"
            new.write_text("# B\n", "utf-8")
            new.replace(small / "newsletters/januari-2021/10-a.md")
            await until(JANUARY)

    asyncio.run(run())


def test_what_is_in_a_new_folder_is_told_and_watched(small: Path) -> None:
    async def run() -> None:
        maj = Changes(frozenset({"maj-2021"}))
        async with watched(small) as until:
            shutil.copytree(small / "newsletters/januari-2021", small / "newsletters/maj-2021")
            await until(maj)
            assert set(await until(maj)) == {maj}, (
                "once more, for what came before the watch over it"
            )
            (small / "newsletters/maj-2021/10-a.md").write_text("# C\n", "utf-8")
            await until(maj)
            (small / "newsletters/maj-2021").rename(small / "newsletters/juni-2021")
            await until()
            await asyncio.sleep(0.3)
            (small / "newsletters/juni-2021/10-a.md").write_text("# D\n", "utf-8")
            await until(Changes(frozenset({"juni-2021"})))
            shutil.rmtree(small / "newsletters/juni-2021")
            await until(Changes(frozenset({"juni-2021"})))

    asyncio.run(run())


@pytest.mark.parametrize("folder", ["newsletters", "layouts", "."])
def test_a_folder_that_goes_and_comes_back_is_watched_again(small: Path, folder: str) -> None:
    async def run() -> None:
        kept = small.parent / "undan"
        async with watched(small) as until:
            (small / folder).rename(kept)
            await until(EVERYTHING)
            kept.rename(small / folder)
            await until(EVERYTHING)
            await saved(small, until)

    asyncio.run(run())


def test_a_folder_in_anothers_place_is_watched_instead(small: Path) -> None:
    """Two renames at once, as a program that exchanges folders does it."""

    async def run() -> None:
        new = small / "newsletters-nya"
        shutil.copytree(small / "newsletters", new)
        async with watched(small) as until:
            (small / "newsletters").rename(small / "newsletters-gamla")
            new.rename(small / "newsletters")
            await until(EVERYTHING)
            await saved(small, until)

    asyncio.run(run())


def test_a_system_that_gives_no_watches_is_looked_at_instead(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the inotify watches of the user are used up."""
    real = watchfiles.awatch

    async def awatch(*paths: Path, **options: Any) -> AsyncIterator[object]:  # noqa: ANN401 - as the real one
        if not options["force_polling"]:
            raise OSError(28, "OS file watch limit reached")
        async for changes in real(*paths, **options):
            yield changes

    monkeypatch.setattr(watchfiles, "awatch", awatch)
    said: list[str] = []

    async def run() -> None:
        async with watched(small, said) as until:
            await saved(small, until)

    asyncio.run(run())
    assert said == [
        (
            "the system tells of no changes ([Errno 28] OS file watch limit reached): "
            "looking at the files instead"
        )
    ]


def test_a_watch_that_cannot_be_had_at_all_is_said_and_tried_again(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def awatch(*paths: Path, **_: object) -> AsyncIterator[object]:
        if paths:
            raise OSError(5, "Input/output error")
        yield set()

    said: list[str] = []
    often = asyncio.Event()

    def log(message: str) -> None:
        said.append(message)
        if len(said) > 2:
            often.set()

    async def run() -> None:
        watch = asyncio.create_task(Watch(small, lambda _: None, log).run())
        async with asyncio.timeout(30):
            await often.wait()
        watch.cancel()
        await asyncio.wait({watch})

    monkeypatch.setattr(watchfiles, "awatch", awatch)
    asyncio.run(run())
    assert said[1] == "the project's files cannot be watched: [Errno 5] Input/output error"
