"""A commit serves as many lines as it can without making a relay wait."""

import asyncio
from collections.abc import Callable

import pytest

from smakom_mail.services.sending.gathering import Gathering

Script = Callable[[Gathering], None]
NEVER = 3600.0


def commits(script: Script, seconds: float = NEVER) -> int:
    """Run a script in a turn of a loop; give the commits of the turns right behind it."""
    made = 0

    async def run() -> None:
        def flush() -> None:
            nonlocal made
            made += 1
            gathering.begun()

        gathering = Gathering(flush, seconds)
        script(gathering)
        for _ in range(10):
            await asyncio.sleep(0)

    asyncio.run(run())
    return made


def asking(waiting: int, lines: int) -> Script:
    return lambda gathering: gathering.ask(waiting, lines)


@pytest.mark.parametrize(("waiting", "lines"), [(1, 1), (1, 2), (2, 3), (2, 4), (5, 10), (0, 0)])
def test_half_of_the_lines_are_enough_for_a_commit_at_once(waiting: int, lines: int) -> None:
    assert commits(asking(waiting, lines)) == 1


@pytest.mark.parametrize(("waiting", "lines"), [(1, 3), (1, 4), (4, 10), (0, 10), (0, 1)])
def test_fewer_wait_for_others_but_not_for_ever(waiting: int, lines: int) -> None:
    assert commits(asking(waiting, lines)) == 0
    assert commits(asking(waiting, lines), seconds=0) == 1


def test_what_comes_one_after_the_other_is_one_commit() -> None:
    def script(gathering: Gathering) -> None:
        for waiting in range(1, 11):
            gathering.ask(waiting, 10)

    assert commits(script) == 1


def test_what_comes_after_a_commit_has_begun_gets_one_of_its_own() -> None:
    def script(gathering: Gathering) -> None:
        gathering.ask(5, 10)
        gathering.begun()
        gathering.ask(5, 10)

    assert commits(script) == 1


def test_a_commit_that_has_begun_is_not_made_again_when_its_time_comes() -> None:
    def script(gathering: Gathering) -> None:
        gathering.ask(1, 10)
        gathering.begun()

    assert commits(script, seconds=0) == 0


def test_nothing_is_committed_where_nothing_was_asked() -> None:
    assert commits(lambda _: None, seconds=0) == 0
