"""kill -9, at random moments and at every durable step, with one sender and with two."""

import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

from tests.services.receiving import EDITION
from tests.torture.rig import Compared, Newsletter, require, running_sink

DROPS, DEFERS = 0.004, 0.01


@dataclass
class Killed:
    """What came of it."""

    kills: int
    in_planning: int
    worst: int
    """The most that one kill left in doubt."""
    compared: Compared


def kill_at_random(  # noqa: PLR0913 - what there is to choose
    folder: Path, seed: int, *, readers: int, kills: int, connections: int = 10, pairs: bool = False
) -> Killed:
    """Kill the sender again and again, then let it finish, and compare; with `pairs` start two."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable run
    made = in_planning = worst = 0
    with running_sink(folder / "sink", seed, drop=DROPS, defer=DEFERS) as sink:
        mail = Newsletter.made(folder / "project", sink, readers, connections)
        while made < kills and not mail.is_over:
            doubts, lost = mail.unknown, sink.since()[1]
            _start_and_kill(mail, chance, most=max(1, 2 * readers // kills), pairs=pairs)
            made += 1
            in_planning += mail.status() is None
            doubts = mail.unknown - doubts - (sink.since()[1] - lost)
            worst = max(worst, doubts)
            bound = 2 * connections if pairs else connections
            require(true=doubts <= bound, otherwise=f"{doubts} in doubt after one kill")
        mail.finish()
        compared = mail.compared(readers)
        _named(mail, compared)
    return Killed(made, in_planning, worst, compared)


def _start_and_kill(mail: Newsletter, chance: random.Random, *, most: int, pairs: bool) -> None:
    """Let a sender (or two) take some messages, or some time, and kill it."""
    command = mail.next_command()
    wanted = mail.sink.size + 75 * chance.randint(1, most)
    until = time.monotonic() + (chance.random() * 1.5 if chance.random() < 0.15 else 60)
    victims = [mail.start(*command, victim=["--unlocked"] if pairs else ())]
    if pairs:
        victims.append(mail.start(*command, victim=["--unlocked"]))
    while mail.sink.size < wanted and time.monotonic() < until:
        if all(each.poll() is not None for each in victims):
            break
        time.sleep(0.001)
    for each in victims:
        each.kill()
    for each in victims:
        _out, err = each.communicate()
        require(true="Traceback" not in err and each.returncode != 3, otherwise=err)


def kill_at_each_step(
    folder: Path, seed: int, *, readers: int = 12, every: int = 1, offset: int = 0
) -> tuple[int, int]:
    """Kill `send` before and after its 1st, 2nd … commit; give the kills and the commits.

    With `every` only each so manyth step is tried, beginning with the one at `offset`.
    """
    kills = 0
    with running_sink(folder / "sink", seed) as sink:
        made = Newsletter.made(folder / "project", sink, readers, connections=2)
        _code, _out, err = made.copied(folder / "whole").ran(
            "send", EDITION, "--yes", victim=["--die-at", "0"]
        )
        commits = int(err.rpartition("commits: ")[2])
        steps = [(number, when) for number in range(1, commits + 1) for when in ("before", "after")]
        for number, when in steps[offset::every]:
            mail = made.copied(folder / "copy")
            code, _, _ = mail.ran(
                "send", EDITION, "--yes", victim=["--die-at", str(number), "--when", when]
            )
            kills += code == -9
            mail.finish()
            found = mail.compared(readers)
            require(true=found.states["unknown"] <= 2, otherwise=f"{number} {when}: {found}")
    return kills, commits


# By where the first one was when the second one looked: planning or sending, begun, finished.
_REFUSED = ("another program is sending", "has been begun already", "nobody gets it twice")


def two_at_once(folder: Path, seed: int, *, readers: int, times: int) -> int:
    """Start two senders at the same moment; give how often the second one was refused."""
    refused = 0
    with running_sink(folder / "sink", seed, delay=1.0) as sink:
        made = Newsletter.made(folder / "project", sink, readers, connections=4)
        for number in range(times):
            mail = made.copied(folder / "copy")
            mail.place = sink.size
            unlocked = ["--unlocked"] if number % 2 else []
            begin = ["send", EDITION, "--yes"]
            if unlocked:
                mail.ran("send", EDITION, "--yes", "--limit", "1")
                begin = ["resume", EDITION, "--yes"]
            both = [mail.start(*begin, victim=unlocked) for _ in range(2)]
            told = [each.communicate()[1] for each in both]
            # On a slow machine the first one may have finished before the second one looks.
            refused += sum(any(words in text for words in _REFUSED) for text in told)
            mail.finish()
            found = mail.compared(readers)
            require(true=found.states["accepted"] == readers, otherwise=f"{found} {told}")
    return refused


def _named(mail: Newsletter, found: Compared) -> None:
    """See that the report names everybody in doubt, with the Message-ID."""
    _code, out, _err = mail.ran("report", EDITION, "--state", "unknown", "--format", "json")
    named = [each["message_id"] for each in json.loads(out)["deliveries"]]
    same = len(named) == len(set(named)) == found.states["unknown"] and all(named)
    require(true=same, otherwise=f"{len(named)} are named of {found.states['unknown']}")
