"""A studio that runs in a test, and waiting for what it should come to show."""

import asyncio
import gc
import multiprocessing
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from smakom_mail.services.previewing.studio import EditionState, Studio
from tests.services.test_building import SLUG

Changes = AsyncIterator[EditionState]
MAIN = "layouts/smakom/edition.mjml.j2"
ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}\n"


@asynccontextmanager
async def opened(root: Path, *, limit: float = 20.0) -> AsyncIterator[Studio]:
    """Run a studio; see that nothing of it is left afterwards: no task, no process, no error."""
    studio = Studio(root, {}, limit=limit)
    running = asyncio.create_task(studio.run())
    try:
        yield studio
    finally:
        running.cancel()
        await asyncio.wait({running})
    assert running.cancelled(), running.exception()
    assert multiprocessing.active_children() == []
    assert asyncio.all_tasks() == {asyncio.current_task()}
    gc.collect()  # what is left behind warns now, and a warning is an error


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


async def until(changes: Changes, reached: Callable[[EditionState], bool]) -> EditionState:
    """Give the first state that is as it should be; fail with the last one otherwise."""
    state = None
    try:
        async with asyncio.timeout(60):
            async for state in changes:
                if reached(state):
                    return state
    except TimeoutError:
        pass
    raise AssertionError(f"never reached; the last state was {brief(state)}")


def brief(state: EditionState | None) -> str:
    """Give a state in a line, for a message."""
    if state is None:
        return "none"
    findings = state.snapshot.findings if state.snapshot else ()
    kinds = [f"{f.kind} {f.location.file}:{f.location.line}" for f in findings]
    return f"{state.slug} {state.generation} {state.failure} {kinds}"


def shows(text: str) -> Callable[[EditionState], bool]:
    """Say of a state whether its newest snapshot has `text` on the page, and nothing is wrong."""

    def says(state: EditionState) -> bool:
        rendered = state.snapshot.rendered if state.snapshot else None
        return state.failure is None and rendered is not None and text in rendered.web

    return says


def is_broken(state: EditionState) -> bool:
    """Say of a state whether its newest snapshot has an error, while the last good one is kept."""
    return bool(state.snapshot and state.snapshot.broken and state.good and not state.good.broken)


def has_failed(state: EditionState) -> bool:
    """Say of a state whether it holds a failure."""
    return state.failure is not None


def is_good(state: EditionState) -> bool:
    """Say of a state whether what is newest is good."""
    return state.failure is None and state.snapshot is not None and state.snapshot is state.good
