"""A worker in a test, and its child's process as the system sees it."""

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from smakom_mail.services.previewing.snapshot import Failure, Snapshot
from smakom_mail.services.previewing.worker import Worker
from tests.services.test_building import SLUG


@asynccontextmanager
async def opened(root: Path, *, limit: float = 20.0) -> AsyncIterator[Worker]:
    """Run a worker, and see that it leaves no process behind."""
    worker = Worker(root, {}, limit=limit)
    try:
        yield worker
    finally:
        await worker.close()
    assert multiprocessing.active_children() == []


def taken(root: Path, slug: str = SLUG, *, limit: float = 20.0) -> Snapshot | Failure:
    async def take() -> Snapshot | Failure:
        async with opened(root, limit=limit) as worker:
            return await worker.take(slug)

    return asyncio.run(take())


def begin_with(path: Path, text: str) -> None:
    path.write_text(text + path.read_text("utf-8"), "utf-8")


def is_running(pid: int) -> bool:
    """Whether a process is there, and is not just waiting to be counted."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def ticks(pid: int | None) -> int:
    """Give the time that a process has worked, in hundredths of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


async def at_work(pid: int | None) -> None:
    """Wait until a warm child is in the midst of its endless work."""
    before = ticks(pid)
    for _ in range(1000):
        await asyncio.sleep(0.01)
        if ticks(pid) > before + 15:
            return


async def sound(worker: Worker) -> Snapshot:
    """Take until it works: on a busy machine even a sound layout may be late."""
    async with asyncio.timeout(60):
        while not isinstance(answer := await worker.take(SLUG), Snapshot):
            pass
    return answer


def wait_for_the_end_of(pid: int) -> None:
    """Wait for a process that should be ending; give up after a while."""
    deadline = time.monotonic() + 15
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
