"""The whole torture, with full counts: `make torture`, or python -m tests.torture.run --seed N.

What must hold is raised as TortureError; the rest is printed as the table of docs/torture.md.
"""

import argparse
import platform
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT
from tests.torture.killing import Killed, kill_at_each_step, kill_at_random, two_at_once
from tests.torture.leaving import leave_at_random
from tests.torture.memory import measured
from tests.torture.powercut import Cuts, cut_power, sqlite_version


@dataclass
class Torture:
    """One run: what it is to do, and what it has printed."""

    folder: Path
    options: argparse.Namespace
    rows: list[str] = field(default_factory=list)

    def do(self, name: str, what: Callable[[Path], str]) -> None:
        """Do one thing, if it is asked for, and print how it ended and how long it took."""
        if self.options.only and name not in self.options.only:
            return
        begun = time.monotonic()
        found = what(self.folder / name.replace(" ", "-"))
        row = f"| {name} | {found} | {time.monotonic() - begun:.0f} s |"
        sys.stdout.write(row + "\n")
        sys.stdout.flush()
        self.rows.append(row)


def _killed(done: Killed, readers: int) -> str:
    found = done.compared
    states = ", ".join(f"{number} {state}" for state, number in found.states.most_common())
    return (
        f"{readers:,} recipients, {done.kills} kills ({done.in_planning} while planning): "
        f"{states}; duplicates {found.duplicates}, lost {found.lost}; at most {done.worst} in "
        f"doubt after one kill; {found.taken_unknown} of the unknown had been taken"
    )


def _cuts(done: Cuts) -> str:
    return f"{done.cuts} cuts: acknowledged states lost {done.lost}, damaged files {done.corrupt}"


def torture(folder: Path, options: argparse.Namespace) -> list[str]:
    """Do everything; give the rows of the table."""
    run = Torture(folder, options)
    seed, people, kills = options.seed, options.recipients, options.kills
    run.do(
        "kill -9", lambda to: _killed(kill_at_random(to, seed, readers=people, kills=kills), people)
    )
    fewer, some = people // 5, max(1, kills // 5)
    run.do(
        "kill -9, two senders without their lock",
        lambda to: _killed(kill_at_random(to, seed, readers=fewer, kills=some, pairs=True), fewer),
    )
    run.do("kill -9 at every commit", lambda to: _steps(to, seed, options.every))
    run.do("two senders begin at once", lambda to: _pairs(to, seed, options.pairs))
    run.do("readers leave meanwhile", lambda to: _leavers(to, seed, options.leavings))
    for number in range(3):
        run.do(
            f"power loss, seed {seed + number}",
            lambda to, number=number: _cuts(cut_power(to, seed + number, cuts=options.cuts)),  # type: ignore[misc] # bound now
        )
    run.do("memory", lambda to: measured(to, options.memory))
    return run.rows


def _steps(folder: Path, seed: int, every: int) -> str:
    kills, commits = kill_at_each_step(folder, seed, every=every)
    return (
        f"{kills} kills, before or after one of {commits} commits of a sending to 12: "
        "duplicates 0, lost 0, at most 2 unknown with 2 connections"
    )


def _pairs(folder: Path, seed: int, times: int) -> str:
    refused = two_at_once(folder, seed, readers=200, times=times)
    return (
        f"{times} times, every other time without the lock: nobody twice, {refused} refused by it"
    )


def _leavers(folder: Path, seed: int, runs: int) -> str:
    done = leave_at_random(folder, seed, runs=runs)
    stood = ", ".join(f"{number} {state}" for state, number in done.at_the_no.most_common())
    return (
        f"{done.runs} runs, {sum(done.at_the_no.values())} noes ({stood} at that moment): "
        f"{done.withheld} withheld, none accepted whose intent came after the no"
    )


def main() -> None:
    """Run it, and print seed, versions and duration."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--every", type=int, default=1, help="only each so manyth commit")
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--leavings", type=int, default=200)
    parser.add_argument("--cuts", type=int, default=400)
    parser.add_argument("--memory", type=int, default=100_000)
    parser.add_argument("--only", action="append", help="the name of a row; repeatable")
    options = parser.parse_args()
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    sys.stdout.write(
        f"Seed {options.seed}, commit {commit}, Python {platform.python_version()}, SQLite "
        f"{sqlite3.sqlite_version} ({sqlite_version()} under the power cuts).\n\n"
        "| what | came of it | took |\n| --- | --- | ---: |\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        torture(Path(folder), options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    took = time.monotonic() - begun
    sys.stdout.write(f"\nIn {took:.0f} s; the processes took {cpu:.0f} s of CPU.\n")


if __name__ == "__main__":
    main()
