"""What something takes: wall and CPU time, of this process or of a program that it starts."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

if sys.platform != "win32":
    import resource

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took, in milliseconds; None where it was not or cannot be measured."""

    wall: float | None
    cpu: float | None


def timed(action: Callable[[], Value]) -> tuple[Value, Cost]:
    """Do `action` once; give its result and what it took of this process's time."""
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    value = action()
    used, passed = time.process_time_ns() - cpu, time.perf_counter_ns() - wall
    return value, Cost(passed / 1e6, used / 1e6)


def median(costs: Iterable[Cost]) -> Cost:
    """Give the median of each kind of time by itself."""
    every = list(costs)
    walls = [cost.wall for cost in every if cost.wall is not None]
    cpus = [cost.cpu for cost in every if cost.cpu is not None]
    return Cost(statistics.median(walls), statistics.median(cpus) if cpus else None)


def process(command: list[str], folder: Path, rounds: int, typed: str = "") -> Cost:
    """Give the median cost of a whole program, started in `folder`, that reads `typed`."""
    costs = []
    for _ in range(1 + rounds):
        before, started = _children_cpu(), time.perf_counter_ns()
        done = subprocess.run(
            command, cwd=folder, input=typed, capture_output=True, text=True, check=False
        )
        wall = (time.perf_counter_ns() - started) / 1e6
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
        after = _children_cpu()
        costs.append(Cost(wall, None if before is None or after is None else after - before))
    return median(costs[1:])  # the first one fills the file caches


def _children_cpu() -> float | None:
    if sys.platform == "win32":
        return None
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) * 1000
