"""Readers leave while they are written to: nobody gets it whose intent came after the no."""

import json
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.running import run_campaign
from tests.conftest import ROOT
from tests.services import receiving
from tests.services.sending.engines import Heard, campaign_of, means_to
from tests.torture.rig import SECRET, SinkProcess, readers, require, running_sink

OPEN = ("waiting", "claimed", "deferred")


@dataclass
class Leavers:
    """What came of all runs: how deliveries stood at the no, and how many were withheld."""

    runs: int = 0
    at_the_no: Counter[str] = field(default_factory=Counter)
    withheld: int = 0


def leave_at_random(folder: Path, seed: int, *, runs: int, people: int = 300) -> Leavers:
    """Send a campaign again and again, and let a third of its readers leave meanwhile."""
    done = Leavers()
    program = [sys.executable, "-m", "tests.torture.leaver"]
    with (
        running_sink(folder / "sink", seed, defer=0.03, delay=2.0) as sink,
        subprocess.Popen(
            program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as leaver,
    ):
        for number in range(runs):
            root = folder / f"project{number}"
            _one(root, seed * 1000 + number, people, sink, leaver, done)
    return done


def _one(  # noqa: PLR0913, PLR0917 - what a run needs
    root: Path,
    seed: int,
    people: int,
    sink: SinkProcess,
    leaver: "subprocess.Popen[str]",
    done: Leavers,
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable run
    receiving.newsletter(root)
    with receiving.opened(root, SECRET) as store:
        readers(store, people)
        campaign = campaign_of(store)
        some = [f"reader{n}@kommun.example" for n in chance.sample(range(people), people // 3)]
        order = {"root": str(root), "seed": seed, "addresses": some, "seconds": 0.4}
        _say(leaver, json.dumps(order))
        require(true=_heard(leaver) == "open", otherwise="the leaver did not begin")
        place, heard = sink.size, Heard()
        _say(leaver, "go")
        clock = Clock()
        means = means_to(sink.port, clock, connections=5, wait=False)
        run_campaign(store, campaign, means, heard, clock)
        seen: dict[str, str] = json.loads(_heard(leaver))
        with store.database.transaction():
            store.database.run("UPDATE deliveries SET next_at = ''")
        run_campaign(store, campaign, means, heard, clock)
        rows = store.database.all("SELECT email, state, message_id FROM deliveries")
        states = {row["email"]: (row["state"], row["message_id"]) for row in rows}
    taken, _ = sink.since(place)
    _compare(states, seen, taken)
    done.runs += 1
    done.at_the_no.update(seen.values())
    done.withheld += sum(1 for state, _ in states.values() if state == "withheld")


def _compare(states: dict[str, tuple[str, str]], seen: dict[str, str], taken: Counter[str]) -> None:
    """See that whoever had no intent yet at the no got nothing, and that nobody got it twice."""
    require(true=max(taken.values(), default=0) <= 1, otherwise="somebody got it twice")
    for email, state in seen.items():
        ended, message_id = states[email]
        if state in OPEN:
            told = f"{email} said no while {state}, and is {ended}"
            require(true=ended == "withheld" and not taken[message_id], otherwise=told)
    for email, (ended, message_id) in states.items():
        wrong = ended == "withheld" and (email not in seen or taken[message_id] > 0)
        require(true=not wrong, otherwise=f"{email} was withheld without a reason, or too late")


def _say(leaver: "subprocess.Popen[str]", line: str) -> None:
    if leaver.stdin is None:
        raise AssertionError("a leaver without input")
    leaver.stdin.write(line + "\n")
    leaver.stdin.flush()


def _heard(leaver: "subprocess.Popen[str]") -> str:
    if leaver.stdout is None:
        raise AssertionError("a leaver without output")
    return leaver.stdout.readline().strip()
