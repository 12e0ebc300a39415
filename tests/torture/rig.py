"""A newsletter with many readers, a sink, and what is compared when a campaign is over."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from smakom_mail.model.delivery import State
from smakom_mail.services.sending.controlling import NoCampaignError, Status, campaign_status
from smakom_mail.services.storing import Store
from smakom_mail.store import Database
from tests.conftest import ROOT
from tests.services import receiving
from tests.services.receiving import EDITION

SECRET = {"SMAKOM_MAIL_SECRET": "en-hemlighet-som-bara-testerna-har"}
FINAL = {"accepted", "refused", "withheld", "unknown"}


class TortureError(AssertionError):
    """Something that must hold did not."""


def require(*, true: bool, otherwise: str) -> None:
    """Raise TortureError unless it is true."""
    if not true:
        raise TortureError(otherwise)


@dataclass
class SinkProcess:
    """A running sink: its port, and the file that it writes down in."""

    log: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def size(self) -> int:
        """How much is written down: the place from which `since` reads."""
        return self.log.stat().st_size

    def since(self, place: int = 0) -> tuple[Counter[str], int]:
        """Give how often each Message-ID was taken since, and how many replies were lost."""
        with self.log.open("rb") as stream:
            stream.seek(place)
            lines = stream.read().decode().splitlines()
        taken = Counter(line.split()[1] for line in lines if line.startswith("A "))
        return taken, lines.count("L")


@contextlib.contextmanager
def running_sink(
    folder: Path, seed: int, *, drop: float = 0.0, defer: float = 0.0, delay: float = 4.0
) -> Iterator[SinkProcess]:
    """Run a sink until the end of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    log, port = folder / "taken", folder / "port"
    log.touch()
    program = [sys.executable, "-m", "tests.torture.sink", "--log", str(log)]
    program += ["--port-file", str(port), "--seed", str(seed), "--drop", str(drop)]
    program += ["--defer", str(defer), "--delay", str(delay)]
    with subprocess.Popen(program, cwd=ROOT) as process:
        try:
            while not port.exists():
                require(true=process.poll() is None, otherwise="the sink did not start")
                time.sleep(0.01)
            yield SinkProcess(log, int(port.read_text("ascii")), process)
        finally:
            process.kill()


def readers(store: Store, number: int) -> None:
    """Add so many people who want the newsletter."""
    receiving.add(
        store, *(receiving.person(store, f"reader{n}@kommun.example") for n in range(number))
    )


@dataclass
class Newsletter:
    """A project whose edition is sent to a sink, by processes."""

    root: Path
    sink: SinkProcess
    connections: int = 10
    place: int = 0
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Say in the environment where the sink is; coverage is of no use in what is killed."""
        mine = {name: value for name, value in os.environ.items() if "COV" not in name.upper()}
        self.environment = mine | SECRET | self.relay
        self.place = self.sink.size

    @property
    def relay(self) -> dict[str, str]:
        """What the environment says of the relay."""
        return {
            "SMAKOM_MAIL_RELAY_HOST": "127.0.0.1",
            "SMAKOM_MAIL_RELAY_PORT": str(self.sink.port),
            "SMAKOM_MAIL_RELAY_SECURITY": "none",
            "SMAKOM_MAIL_RELAY_CONNECTIONS": str(self.connections),
        }

    @classmethod
    def made(
        cls, root: Path, sink: SinkProcess, number: int, connections: int = 10
    ) -> "Newsletter":
        """Make a project with so many readers."""
        receiving.newsletter(root)
        with receiving.opened(root, SECRET) as store:
            readers(store, number)
        return cls(root, sink, connections)

    def copied(self, root: Path) -> "Newsletter":
        """Copy the project as it stands, for another campaign of the same edition."""
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.root, root)
        return Newsletter(root, self.sink, self.connections)

    def start(self, *arguments: str, victim: Sequence[str] = ()) -> "subprocess.Popen[str]":
        """Start smakom-mail in the project; with `victim` under those options of its."""
        program = [sys.executable, "-m", "smakom_mail"]
        if victim:
            program = [sys.executable, "-m", "tests.torture.victim", *victim, "--"]
        return subprocess.Popen(
            [*program, *arguments, "--project", str(self.root)],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ran(self, *arguments: str, victim: Sequence[str] = ()) -> tuple[int, str, str]:
        """Run smakom-mail to its end; give exit code, stdout and stderr."""
        with self.start(*arguments, victim=victim) as process:
            out, err = process.communicate()
        return process.returncode, out, err

    def status(self) -> Status | None:
        """Say how the campaign stands, which takes over what dead senders left."""
        try:
            return campaign_status(receiving.place(self.root, SECRET), SECRET, EDITION)
        except NoCampaignError:
            return None

    @property
    def unknown(self) -> int:
        """How many are in doubt, also those whom a sender that died just now had."""
        status = self.status()
        return status.tally.of(State.UNKNOWN) if status else 0

    @property
    def is_over(self) -> bool:
        """Whether nobody waits any more."""
        status = self.status()
        return status is not None and status.tally.open == 0

    def next_command(self) -> list[str]:
        """Give what an editor does next: begin, or go on."""
        if self.status() is None:
            return ["send", EDITION, "--yes", "--no-wait"]
        return ["resume", EDITION, "--yes", "--no-wait"]

    def finish(self, patience: int = 60) -> Status:
        """Send and resume until nobody waits."""
        err = ""
        for _ in range(patience):
            _code, _out, err = self.ran(*self.next_command())
            found = self.status()
            if found is not None and found.tally.open == 0:
                return found
        raise TortureError(f"it does not come to an end: {err}")

    def compared(self, planned: int) -> "Compared":
        """Hold the ledger against what the sink has taken."""
        taken, _ = self.sink.since(self.place)
        with contextlib.closing(Database(self.root / "var/smakom-mail.db")) as database:
            rows = database.all("SELECT message_id, state FROM deliveries")
        ledger = {row["message_id"]: row["state"] for row in rows}
        found = Compared(
            states=Counter(ledger.values()),
            duplicates=sum(1 for times in taken.values() if times > 1),
            lost=sum(1 for id_, state in ledger.items() if state == "accepted" and not taken[id_]),
            strangers=len(taken.keys() - ledger.keys()),
            resendable=sum(1 for id_, state in ledger.items() if state not in FINAL and taken[id_]),
            taken_unknown=sum(1 for i, state in ledger.items() if state == "unknown" and taken[i]),
        )
        require(true=len(ledger) == planned, otherwise=f"{len(ledger)} rows of {planned}")
        faults = (found.duplicates, found.lost, found.strangers, found.resendable)
        require(true=not any(faults), otherwise=str(found))
        return found


@dataclass(frozen=True)
class Compared:
    """What the ledger says, and how it differs from what was taken: all of these must be 0."""

    states: Counter[str]
    duplicates: int
    lost: int
    strangers: int
    resendable: int
    taken_unknown: int
    """Of the unknown, how many had been taken: what sending them again would have doubled."""
