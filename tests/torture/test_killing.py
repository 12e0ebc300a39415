"""A few kills of what `make torture` does with hundreds (docs/torture.md)."""

from pathlib import Path

from tests.torture.killing import kill_at_each_step, kill_at_random, two_at_once


def test_a_sender_killed_at_random_moments_mails_nobody_twice_and_forgets_nobody(
    tmp_path: Path,
) -> None:
    done = kill_at_random(tmp_path, 1, readers=300, kills=12)
    assert done.kills > 5
    assert done.compared.states["accepted"] > 100


def test_the_same_with_two_senders_at_once(tmp_path: Path) -> None:
    done = kill_at_random(tmp_path, 2, readers=200, kills=3, connections=5, pairs=True)
    assert done.kills > 1


def test_a_sender_killed_before_and_after_a_commit_goes_on_from_there(tmp_path: Path) -> None:
    kills, commits = kill_at_each_step(tmp_path, 3, every=13, offset=5)
    assert (kills > 2, commits > 20) == (True, True)


def test_of_two_senders_that_begin_at_once_one_is_refused_and_nobody_gets_it_twice(
    tmp_path: Path,
) -> None:
    assert two_at_once(tmp_path, 4, readers=60, times=2) == 1
