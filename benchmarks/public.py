"""Measure bursts of one-click unsubscriptions, alone and while a campaign is being sent.

``make bench`` runs it with the rest; by itself: ``python -m benchmarks.public``. Server, sender,
relay and client are programs of their own. docs/benchmarks.md says what each row means.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.public_load import Answer, read_answers
from benchmarks.public_rows import COLUMNS, Burst, Measured, public_rows
from benchmarks.sending import load
from benchmarks.sending_letters import EDITION, prepare
from benchmarks.sending_ours import plan, workplace_for
from benchmarks.sending_programs import fast_sink, taken_by_sink
from benchmarks.table import table
from smakom_mail.model.campaign import Recipient
from smakom_mail.services.storing import Store, open_store
from smakom_mail.tokens import read_token

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 50
RATE = "100/s"
TITLES = {
    "alone": "POSTs without a send",
    "limited": f"POSTs beside a send of at most {RATE}",
    "anew": "– each over a connection of its own",
    "full": "POSTs beside a send without limit",
}
_LIMITS = {"alone": "", "limited": RATE, "anew": RATE, "full": "unlimited"}
_UNDERWAY = 20
"""Messages after which a send runs as it will."""
_NOES = """
SELECT s.ref FROM suppressions u JOIN subscribers s ON s.fingerprint = u.fingerprint
WHERE u.lifted_at = ''
"""
_WRITTEN = """
SELECT s.ref, d.first_at FROM deliveries d JOIN subscribers s ON s.id = d.subscriber_id
WHERE d.first_at <> ''
"""


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is measured: rounds, POSTs in a burst, people, seconds of sending before a burst."""

    rounds: int = 3
    posts: int = 2_000
    people: int = 40_000
    before: float = 2.0


@dataclass(frozen=True, slots=True)
class Scene:
    """The newsletter with the programs that run: the server, and the relay by its port."""

    root: Path
    store: Store
    server: "subprocess.Popen[str]"
    port: int
    relay: int


def measure_public(newsletter: Path, folder: Path, amounts: Amounts) -> Measured:
    """Measure all cases in turn, as often as there are rounds, in a folder of its own."""
    measured = Measured(load=[load()])
    letters = prepare(newsletter, folder / "public", amounts.people)
    readers = _shuffled(letters.recipients, amounts)
    with (
        open_store(workplace_for(letters.root), {}, create=False) as store,
        fast_sink() as relay,
        serving(letters.root) as (server, port),
    ):
        scene = Scene(letters.root, store, server, port, relay)
        for _ in range(amounts.rounds):
            for case in TITLES:
                tokens = [next(readers).token for _ in range(amounts.posts)]
                burst = one_burst(scene, case, tokens, amounts.before)
                measured.bursts.setdefault(case, []).append(burst)
    measured.load.append(load())
    return measured


def _shuffled(recipients: Sequence[Recipient], amounts: Amounts) -> Iterator[Recipient]:
    """Give those who will leave, in no order: some have their mail by then, some have not."""
    needed = amounts.rounds * len(TITLES) * amounts.posts
    if needed >= len(recipients):
        raise SystemExit(f"{len(recipients):,} people are too few for {needed:,} who leave")
    chance = random.Random(1)  # noqa: S311 - the same people every time
    return iter(chance.sample(recipients, needed))


# ------------------------------------------------------------------------------------ one burst


def one_burst(scene: Scene, case: str, tokens: Sequence[str], before: float) -> Burst:
    """Let these readers leave, while the case's send is running, and see what came of it."""
    if not _LIMITS[case]:
        cpu, answers = _cpu(scene.server), press(scene, tokens)
        spent = _spent(scene.server, cpu)
        return Burst(answers, lost_of(scene.store, answers), cpu=spent)
    plan(scene.store, EDITION)
    with sending(scene, _LIMITS[case]) as sender:
        usual = _sent_each_second(scene, before)
        cpu, began, first = _cpu(scene.server), time.monotonic(), taken_by_sink(scene.relay)
        answers = press(scene, tokens, *(["--anew"] if case == "anew" else []))
        sent, took = taken_by_sink(scene.relay) - first, time.monotonic() - began
        spent, over = _spent(scene.server, cpu), sender.poll() is not None
    lost, late = lost_of(scene.store, answers), late_of(scene.store, answers)
    return Burst(answers, lost, late, usual, sent / took, spent, over=over)


def press(scene: Scene, tokens: Sequence[str], *options: str) -> list[Answer]:
    """Let the client post to every token, and give the answers."""
    asked, answers = scene.root / "tokens.txt", scene.root / "answers.txt"
    asked.write_text("\n".join(tokens), encoding="ascii")
    words = [str(scene.port), str(CONNECTIONS), str(asked), str(answers), *options]
    subprocess.run([sys.executable, "-m", "benchmarks.public_load", *words], cwd=ROOT, check=True)
    return read_answers(answers)


def lost_of(store: Store, answers: Sequence[Answer]) -> int:
    """Count those who were answered with 200 and are not in the database as having left."""
    said = {row["ref"] for row in store.database.all(_NOES)}
    return sum(1 for each in answers if each.status == 200 and _ref(store, each.token) not in said)


def late_of(store: Store, answers: Sequence[Answer]) -> int:
    """Count those to whom a message was intended after they had been answered with 200."""
    written = {row["ref"]: row["first_at"] for row in store.database.all(_WRITTEN)}
    noes = ((written.get(_ref(store, a.token)), a.answered) for a in answers if a.status == 200)
    return sum(1 for at, then in noes if at and datetime.fromisoformat(at).timestamp() > then)


def _ref(store: Store, token: str) -> str:
    read = read_token(store.keyring, "unsubscribe", token)
    if read is None:
        raise SystemExit(f"the token {token} is none of ours")
    return read[0].hex()


# ----------------------------------------------------------------------------------- the programs


@contextmanager
def serving(root: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Run the server as its operator does, with its log; give it and its port."""
    command = [sys.executable, "-m", "smakom_mail", "serve", "--port", "0"]
    log = root / "serve.log"
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command, cwd=root, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        line = process.stdout.readline() if process.stdout is not None else ""
        if not line.startswith("serving http://127.0.0.1:"):
            raise SystemExit(f"nothing is served:\n{log.read_text(encoding='utf-8')}")
        yield process, int(line.split()[1].rstrip("/").rpartition(":")[2])
    finally:
        process.terminate()
        process.communicate()


@contextmanager
def sending(scene: Scene, limit: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Send what is planned, as the editor does who goes on with a campaign; end it afterwards."""
    relay = {"HOST": "127.0.0.1", "PORT": str(scene.relay), "SECURITY": "none", "CONNECTIONS": "10"}
    names = {f"SMAKOM_MAIL_RELAY_{name}": value for name, value in relay.items()}
    environment = os.environ | names | {"SMAKOM_MAIL_RELAY_RATE": limit}
    command = [sys.executable, "-m", "smakom_mail", "resume", EDITION, "--yes"]
    log = scene.root / "send.log"
    begun = taken_by_sink(scene.relay)
    with log.open("wb") as words:
        process = subprocess.Popen(
            command, cwd=scene.root, env=environment, stdout=words, stderr=subprocess.STDOUT
        )
    try:
        while taken_by_sink(scene.relay) < begun + _UNDERWAY:
            if process.poll() is not None:
                raise SystemExit(f"nothing is sent:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _sent_each_second(scene: Scene, seconds: float) -> float:
    """Say how fast the send is while nobody leaves."""
    began, first = time.monotonic(), taken_by_sink(scene.relay)
    time.sleep(seconds)
    return (taken_by_sink(scene.relay) - first) / (time.monotonic() - began)


def _cpu(process: "subprocess.Popen[str]") -> float | None:
    """Give the CPU seconds that a running program has used, where the system tells."""
    try:
        line = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii")
    except OSError:
        return None
    user, system = line.rpartition(")")[2].split()[11:13]
    ticks: int = os.sysconf("SC_CLK_TCK")
    return (int(user) + int(system)) / ticks


def _spent(process: "subprocess.Popen[str]", before: float | None) -> float | None:
    now = _cpu(process)
    return None if now is None or before is None else now - before


# ------------------------------------------------------------------------------------- the result


def report(amounts: Amounts, measured: Measured, titles: Mapping[str, str] = TITLES) -> str:
    """Give the table, and under what it was measured."""
    about = f"medians of {amounts.rounds} in turns, {amounts.posts:,} POSTs each"
    loads = " and ".join(f"{each:.1f}" for each in measured.load)
    lines = [
        f"one-click unsubscriptions: {about}, {CONNECTIONS} connections",
        f"{os.cpu_count()} cores; load before and after: {loads}",
        "",
        table(public_rows(titles, measured), COLUMNS),
    ]
    return "\n".join(lines)


def arguments(options: argparse.ArgumentParser) -> None:
    """Add what can be chosen."""
    usual = Amounts()
    options.add_argument("--posts", type=int, default=usual.posts, metavar="N")
    options.add_argument("--readers", type=int, default=usual.people, metavar="N")


def main() -> None:
    """Measure bursts alone, and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    arguments(options)
    options.add_argument("--rounds", type=int, default=Amounts().rounds, metavar="N")
    given = options.parse_args()
    amounts = Amounts(given.rounds, given.posts, given.readers)
    with tempfile.TemporaryDirectory(prefix="smakom-mail-bench-") as name:
        print(report(amounts, measure_public(ROOT, Path(name), amounts)))


if __name__ == "__main__":
    main()
