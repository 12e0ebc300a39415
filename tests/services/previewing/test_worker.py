"""Whatever becomes of the process that takes snapshots, the server lives and says what happened."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import cast

import pytest

from smakom_mail.services.previewing import worker as worker_module
from smakom_mail.services.previewing.child import Begun
from smakom_mail.services.previewing.snapshot import Failure, Snapshot, take_snapshot
from smakom_mail.services.previewing.worker import Worker
from tests.services.previewing.studios import ENDLESS, MAIN
from tests.services.previewing.workers import (
    at_work,
    begin_with,
    is_running,
    opened,
    sound,
    taken,
    wait_for_the_end_of,
)
from tests.services.test_building import FIRST, SLUG, append

AGAIN = "När du sparar görs ett nytt försök."
LOOP = f"Oftast går en slinga i layouten för många varv. Börja med {{place}}. {AGAIN}"


def test_a_snapshot_comes_from_the_child_as_it_would_be_taken_here(project: Path) -> None:
    """One of some size, with an environment of its own."""
    append(project / FIRST, "\nEtt stycke om kommunens skola. " * 2500)
    environment = {"SMAKOM_MAIL_SITE_URL": "https://annan.example"}

    async def run() -> Snapshot | Failure:
        worker = Worker(project, environment)
        try:
            return await worker.take(SLUG)
        finally:
            await worker.close()

    snapshot = asyncio.run(run())

    assert isinstance(snapshot, Snapshot)
    here = take_snapshot(project, environment, SLUG)
    assert (snapshot.edition, snapshot.rendered) == (here.edition, here.rendered)
    assert snapshot.config == here.config
    assert snapshot.config.site_url == "https://annan.example"


# --- stated problems -----------------------------------------------------------------------


def test_stated_problems_are_failures_in_the_newsletters_language(project: Path) -> None:
    async def run() -> list[Snapshot | Failure]:
        async with opened(project) as worker:
            answers = [await worker.take("maj-2021"), await worker.take("../januari-2021")]
            append(project / "smakom-mail.toml", '\n[messages]\nlanguage = "en"\n')
            answers.append(await worker.take("maj-2021"))
            (project / "smakom-mail.toml").unlink()
            return [*answers, await worker.take(SLUG)]

    assert asyncio.run(run()) == [
        Failure(
            "Numret maj-2021 finns inte längre i newsletters/.",
            "Har mappen fått ett nytt namn finns numret i listan.",
        ),
        Failure(
            "“../januari-2021” cannot be the name of an edition",
            "use small letters, digits and hyphens, as in januari-2021",
        ),
        Failure(
            "The edition maj-2021 is no longer in newsletters/.",
            "If its folder has a new name, the list has it.",
        ),
        Failure(
            "The file smakom-mail.toml is gone.",
            "Put it back. What is shown is the last that could be built.",
        ),
    ]


# --- what a layout can do ------------------------------------------------------------------


def test_a_template_that_never_ends_is_stopped_and_named_by_file_and_line(project: Path) -> None:
    """The child is the same all the time: one that can be stopped needs no new beginning."""
    broken = {
        "layouts/smakom/sections/leader.mjml.j2": "{# först #}\n" + ENDLESS,
        "layouts/smakom/web.html.j2": ENDLESS,
        MAIN: "{{ range(100000)|join(range(100000)|join) }}\n",
    }

    async def run() -> list[Snapshot | Failure]:
        answers, pids = [], set()
        async with opened(project, limit=1.5) as worker:
            await sound(worker)
            for template, text in broken.items():
                whole = (project / template).read_text("utf-8")
                begin_with(project / template, text)
                answers.append(await worker.take(SLUG))
                (project / template).write_text(whole, "utf-8")
                assert not (await sound(worker)).broken
                pids.add(worker.pid)
        assert len(pids) == 1
        return answers

    late = f"{SLUG} blev inte färdigt på 1.5 sekunder, så bygget avbröts."
    large = f"{SLUG} behövde mer minne än 2048 MB, så bygget avbröts."
    assert asyncio.run(run()) == [
        Failure(late, LOOP.format(place="layouts/smakom/sections/leader.mjml.j2:2")),
        Failure(late, LOOP.format(place="layouts/smakom/web.html.j2:1")),
        Failure(large, LOOP.format(place=f"{MAIN}:1")),
    ]


def test_twenty_thousand_nested_elements_do_no_harm(project: Path) -> None:
    """They would stop the engine's process; before that the template's depth is a finding."""
    text = (project / MAIN).read_text("utf-8")
    at = text.index(">", text.index("<mj-body")) + 1
    deep = "<mj-section>" * 20_000 + "</mj-section>" * 20_000
    (project / MAIN).write_text(text[:at] + deep + text[at:], "utf-8")

    snapshot = taken(project)

    assert isinstance(snapshot, Snapshot)
    assert snapshot.broken


def test_a_child_that_listens_to_nothing_is_ended_by_its_parent(project: Path) -> None:
    """What an engine in C does that never comes back: here the whole process is stopped."""

    async def run() -> tuple[Snapshot | Failure, Snapshot | Failure]:
        async with opened(project, limit=0.5) as worker:
            await worker.take("maj-2021")
            taking = asyncio.create_task(worker.take(SLUG))
            os.kill(cast("int", worker.pid), signal.SIGSTOP)
            return await taking, await worker.take("maj-2021")

    first, second = asyncio.run(run())

    assert isinstance(first, Failure)
    assert first.message == f"{SLUG} blev inte färdigt på 0.5 sekunder, så bygget avbröts."
    assert isinstance(second, Failure)
    assert second.message == "Numret maj-2021 finns inte längre i newsletters/."


# --- a child that dies ---------------------------------------------------------------------


def test_a_crash_at_work_is_told_and_the_next_save_works(project: Path) -> None:
    whole = (project / MAIN).read_text("utf-8")

    async def run() -> list[Snapshot | Failure]:
        answers = []
        async with opened(project) as worker:
            await worker.take("maj-2021")
            for number in (signal.SIGSEGV, signal.SIGKILL):
                begin_with(project / MAIN, ENDLESS)
                taking = asyncio.create_task(worker.take(SLUG))
                await at_work(worker.pid)
                os.kill(cast("int", worker.pid), number)
                answers.append(await taking)
                (project / MAIN).write_text(whole, "utf-8")
                assert isinstance(await worker.take(SLUG), Snapshot)
        return answers

    assert asyncio.run(run()) == [
        Failure(
            f"Programmet som bygger {SLUG} avslutades i förtid (SIGSEGV).",
            "Oftast är det layouten: element i mallen ligger i varandra alltför djupt. "
            f"Börja med {MAIN}. {AGAIN}",
        ),
        Failure(
            f"Programmet som bygger {SLUG} avslutades i förtid (SIGKILL).",
            f"Datorn kan ha haft ont om minne. {AGAIN}",
        ),
    ]


def test_a_kill_while_nobody_waits_is_not_noticed(project: Path) -> None:
    async def run() -> list[type]:
        async with opened(project) as worker:
            kinds = []
            worker.start()
            os.kill(cast("int", worker.pid), signal.SIGKILL)  # nobody has seen it end yet
            for _ in range(2):
                kinds.append(type(await worker.take(SLUG)))
                pid = cast("int", worker.pid)
                os.kill(pid, signal.SIGKILL)
                await asyncio.to_thread(wait_for_the_end_of, pid)
            return kinds

    assert asyncio.run(run()) == [Snapshot, Snapshot]


def test_a_system_without_processes_to_give_is_a_failure(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(worker_module, "_Child", refuse)
    said: list[str] = []

    answer = asyncio.run(Worker(project, {}, log=said.append).take(SLUG))

    assert isinstance(answer, Failure)
    assert answer.message == f"Programmet som bygger {SLUG} avslutades i förtid (kod 1)."
    assert {*said} == {
        "the preview cannot begin a process: [Errno 11] Resource temporarily unavailable"
    }


# --- bugs ----------------------------------------------------------------------------------

NO_SLUG = cast("str", 7)
"""What no caller gives, and what take_snapshot does not expect: a bug to meet."""
BUG = "Ett fel i smakom-mail: TypeError: normalize() argument 2 must be str, not int"


def test_a_bug_is_told_with_one_log_however_often_it_comes(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = tmp_path / "tmp"
    logs.mkdir()
    monkeypatch.setenv("TMPDIR", str(logs))

    async def run() -> list[Snapshot | Failure]:
        async with opened(project) as worker:
            return [await worker.take(NO_SLUG), await worker.take(NO_SLUG)]

    first, second = asyncio.run(run())

    (log,) = logs.iterdir()
    assert first == Failure(BUG, f"Rapportera det gärna tillsammans med filen {log}")
    assert second == first
    assert log.read_text("utf-8").rstrip().endswith(BUG.partition(": ")[2])
    assert "Traceback" in log.read_text("utf-8")


def test_no_log_is_written_into_the_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = project / "tmp"
    inside.mkdir()
    monkeypatch.setenv("TMPDIR", str(inside))

    failure = taken(project, NO_SLUG)

    unlogged = "Rapportera det gärna. Det gick inte att spara någon logg."
    assert failure == Failure(BUG, unlogged)
    assert list(inside.iterdir()) == []


# --- interrupted and ended -----------------------------------------------------------------


def test_a_cancelled_take_leaves_a_worker_that_works(project: Path) -> None:
    async def run() -> Snapshot | Failure:
        whole = (project / MAIN).read_text("utf-8")
        begin_with(project / MAIN, ENDLESS)
        async with opened(project) as worker:
            taking = asyncio.create_task(worker.take(SLUG))
            await asyncio.sleep(0.3)
            taking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await taking
            (project / MAIN).write_text(whole, "utf-8")
            return await worker.take(SLUG)

    assert isinstance(asyncio.run(run()), Snapshot)


def test_two_takes_at_once_wait_for_each_other(project: Path) -> None:
    async def run() -> list[str]:
        async with opened(project) as worker:
            answers = await asyncio.gather(worker.take(SLUG), worker.take("april-2021"))
            return [a.edition.slug for a in answers if isinstance(a, Snapshot)]

    assert asyncio.run(run()) == [SLUG, "april-2021"]


@pytest.mark.parametrize("moment", ["never begun", "beginning", "idle", "at work"])
def test_a_worker_that_is_closed_leaves_no_process(project: Path, moment: str) -> None:
    async def run() -> None:
        async with opened(project) as worker:
            if moment != "never begun":
                worker.start()
            if moment in ("idle", "at work"):
                await worker.take(SLUG)
            if moment == "at work":
                begin_with(project / MAIN, ENDLESS)
                taking = asyncio.create_task(worker.take(SLUG))
                await asyncio.sleep(0.1)
                await worker.close()
                assert isinstance(await taking, Failure)

    asyncio.run(run())


def test_ctrl_c_is_for_the_parent(project: Path) -> None:
    """The terminal sends it to both, from the child's first moment on."""

    async def run() -> list[type]:
        async with opened(project) as worker:
            worker.start()
            pid = cast("int", worker.pid)
            os.kill(pid, signal.SIGINT)
            kinds = [type(await worker.take(SLUG))]
            taking = asyncio.create_task(worker.take(SLUG))
            await asyncio.sleep(0.02)
            os.kill(pid, signal.SIGINT)
            kinds.append(type(await taking))
            assert worker.pid == pid, "it is the same child all the time"
            return kinds

    assert asyncio.run(run()) == [Snapshot, Snapshot]


PARENT = """
import asyncio, sys
from pathlib import Path
from smakom_mail.services.previewing.worker import Worker

async def main():
    worker = Worker(Path.cwd(), {})
    await worker.take("finns-ej")
    print(worker.pid, flush=True)
    await asyncio.gather(worker.take("januari-2021"), asyncio.sleep(60))

asyncio.run(main())
"""


@pytest.mark.parametrize("busy", [False, True])
def test_a_child_ends_when_its_parent_is_killed(project: Path, *, busy: bool) -> None:
    if busy:
        begin_with(project / MAIN, ENDLESS)
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=project, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child)
        if busy:
            asyncio.run(at_work(child))
        parent.kill()

    wait_for_the_end_of(child)
    assert not is_running(child)


def test_taking_snapshots_writes_nothing(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a full disk is no matter: not even a file made and removed again is found."""
    elsewhere = tmp_path / "tmp"
    elsewhere.mkdir()
    monkeypatch.setenv("TMPDIR", str(elsewhere))
    monkeypatch.setattr(tempfile, "tempdir", None)

    def state() -> dict[Path, tuple[int, int, int]]:
        paths = [project, *project.rglob("*"), elsewhere, *elsewhere.rglob("*")]
        states = {path: path.lstat() for path in paths}
        return {p: (s.st_mtime_ns, s.st_ctime_ns, s.st_size) for p, s in states.items()}

    before = state()
    assert isinstance(taken(project), Snapshot)
    assert isinstance(taken(project, "maj-2021"), Failure)
    assert state() == before


def test_what_is_blamed_is_named_as_far_as_it_is_known() -> None:
    assert Begun("brev", "sv").place("web.html.j2", 3) == "layouts/brev/web.html.j2:3"
    assert Begun("brev", "sv").place("web.html.j2") == "layouts/brev/web.html.j2"
    assert Begun().place("web.html.j2", 3) == "web.html.j2:3"
    assert Begun().place() == "mallarna i layouten"
    assert Begun("brev", "en").place() == "the layout's templates"
