"""How much memory a campaign for many takes: planned, and sent to nowhere."""

import asyncio
import resource
import subprocess
import sys
from pathlib import Path

from smakom_mail.config.measures import NO_LIMIT
from smakom_mail.mail.smtp.envelope import Envelope
from smakom_mail.mail.smtp.extensions import Extensions
from smakom_mail.mail.smtp.replies import Reply
from smakom_mail.mail.smtp.verdicts import Action, Phase, Verdict
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.line import Line
from smakom_mail.services.sending.means import Limits, Means
from smakom_mail.services.sending.running import run_campaign
from smakom_mail.services.sending.throttle import Throttle
from tests.conftest import ROOT
from tests.services import receiving
from tests.services.sending.engines import Heard
from tests.services.sending.underway import planned
from tests.torture.rig import SECRET, TortureError

_TAKEN = Verdict(Action.ACCEPT, Reply(250, "2.0.0", "taken"), Phase.DOT, "")
_AT_A_TIME = 5_000
MOST = 220.0
"""So many MB at the peak, whatever the number of recipients."""


class NullWire:
    """A connection to nowhere, which takes every message at once."""

    def __init__(self, line: Line) -> None:
        """Be ready on the next turn of the loop."""
        self._line = line
        self._loop = asyncio.get_running_loop()
        self._loop.call_soon(line.ready, Extensions())

    def offer(self, envelope: Envelope) -> None:
        """Ask for the message."""
        self._loop.call_soon(self._line.wants_body, envelope.tag)

    def send_body(self, parts: list[bytes], then: Envelope | None = None) -> None:
        """Take it, and ask for the next."""
        del parts
        current = self._line.current
        if current is not None:
            self._loop.call_soon(self._line.settled, current.id, _TAKEN)
        if then is not None:
            self.offer(then)

    def quit(self) -> None:
        """End."""
        self._loop.call_soon(self._line.lost, (), None, "")

    def abort(self) -> None:
        """End."""


def send_to_nowhere(folder: Path, number: int) -> tuple[float, float]:
    """Plan and send to so many; give the MB of memory before and at the most."""
    receiving.newsletter(folder)
    with receiving.opened(folder, SECRET) as store:
        for first in range(0, number, _AT_A_TIME):
            some = range(first, min(number, first + _AT_A_TIME))
            people = (receiving.person(store, f"reader{n}@kommun.example") for n in some)
            receiving.add(store, *people)
        before = _peak()
        campaign = planned(folder, store)
        means = Means(NullWire, Throttle(NO_LIMIT), Limits(10), lambda _reader: "a@b.example")
        ran = run_campaign(store, campaign, means, _Deaf(), Clock())
        if ran.tally.settled and ran.tally.planned == number:
            return before, _peak()
    raise TortureError(str(ran))


class _Deaf(Heard):
    """Keeps nothing of what it is told."""

    def settled(self, outcomes: object, withheld: int) -> None:
        """Forget it."""


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peak_of(folder: Path, number: int) -> float:
    """Give the most memory, in MB, of a process of its own that plans and sends to so many."""
    program = [sys.executable, "-m", "tests.torture.memory", str(folder), str(number)]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise TortureError(done.stderr)
    return float(done.stdout)


def measured(folder: Path, number: int) -> str:
    """Measure half of them and all: the difference is SQLite's caches, which fill up to 80 MB."""
    folder.mkdir(parents=True)
    few, many = peak_of(folder / "few", number // 2), peak_of(folder / "many", number)
    if many > MOST:
        raise TortureError(f"{few:.0f} MB for {number // 2}, {many:.0f} MB for {number}")
    return f"planned and sent: {few:.0f} MB for {number // 2:,}, {many:.0f} MB for {number:,}"


if __name__ == "__main__":
    sys.stdout.write(f"{send_to_nowhere(Path(sys.argv[1]), int(sys.argv[2]))[1]:.1f}\n")
