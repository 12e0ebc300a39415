"""A few runs of what `make torture` does two hundred times (docs/torture.md)."""

from pathlib import Path

from tests.torture.leaving import leave_at_random


def test_nobody_gets_it_whose_intent_came_after_the_no(tmp_path: Path) -> None:
    done = leave_at_random(tmp_path, 1, runs=6)
    assert done.runs == 6
    assert done.withheld > 0
