"""How a campaign speaks with the one who sends it: shows, asks, and tells how far it is.

Everything goes to stderr but the plan. On a terminal one line changes in place; elsewhere there is
a line a minute.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TextIO

import click

from smakom_mail.cli import output_campaign
from smakom_mail.cli.acting import Ticker
from smakom_mail.cli.output import doubts
from smakom_mail.cli.spans import span

if TYPE_CHECKING:
    from smakom_mail.services.sending.controlling import Status
    from smakom_mail.services.sending.starting import Proposal
    from smakom_mail.store.ledger import Outcome

_MINUTE, _BLINK = 60.0, 0.2
_FINAL = ("accept", "refuse", "lose")
_TROUBLES = (("defer", "deferred"), ("refuse", "refused"), ("lose", "unknown"))


class Terminal:
    """Speaks with the one who sends (a Talk of services.sending.starting)."""

    def __init__(
        self,
        edition: str,
        form: str,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin silently."""
        self.ticker = Ticker(clock, stream)
        self._edition = edition
        self._form = form
        self._stream = stream or sys.stderr
        self._clock = clock
        self._live = self._stream.isatty()
        self._events: Counter[str] = Counter()
        self._planned = self._left = self._done = 0
        self._began = clock()
        self._told = float("-inf")
        self._shown = False

    def proposed(self, proposal: "Proposal") -> None:
        """Show the plan, on stdout where that is the result."""
        self.ticker.done()
        doubts(proposal.plan.list.doubts)
        output_campaign.plan(proposal, err=self._form == "json" or not proposal.order.dry_run)

    def agreed(self, number: int) -> bool:
        """Ask for the number of recipients; where nobody can answer it is no."""
        if not self._somebody_is_here():
            click.echo("nobody is here to agree to it; --yes sends without asking", err=True)
            return False
        question = f"Type the number of recipients to send {self._edition} to them"
        typed = str(click.prompt(question, default="", show_default=False, err=True))
        if "".join(typed.split()) == str(number):
            return True
        click.echo(f"that is not {number}, the number of recipients in the plan", err=True)
        return False

    def _somebody_is_here(self) -> bool:
        return sys.stdin.isatty()

    def waiting(self, seconds: float) -> None:
        """Tell how long it can still be taken back."""
        text = f"{self._edition} begins in {span(seconds)}; Ctrl-C takes it back"
        self._line(text, _BLINK if self._live else _MINUTE)

    def started(self, status: "Status") -> None:
        """Take in how everybody stands when it begins."""
        self.ticker.done()
        self._planned, self._left = status.tally.planned, status.tally.open
        self._began = self._clock()
        self._line(f"{self._edition}: {self._left} of {self._planned} are to be sent", 0)

    def settled(self, outcomes: "Sequence[Outcome]", withheld: int) -> None:
        """Take in what is durable now."""
        self._events.update(str(each.event) for each in outcomes)
        final = sum(1 for each in outcomes if str(each.event) in _FINAL) + withheld
        self._done += final
        self._left -= final
        self._line(self._progress(), _BLINK if self._live else _MINUTE)

    def said(self, sentence: str) -> None:
        """Say something on a line of its own."""
        self.clear()
        click.echo(f"{self._edition}: {sentence}", err=True)

    def clear(self) -> None:
        """Take the changing line away."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._shown = False

    def _progress(self) -> str:
        rate = self._done / max(0.001, self._clock() - self._began)
        left = f", {span(self._left / rate)} left" if rate > 0 and self._left > 0 else ""
        troubles = "".join(
            f", {self._events[event]} {word}" for event, word in _TROUBLES if self._events[event]
        )
        done = self._planned - max(0, self._left)
        return f"{self._edition}: {done} of {self._planned}, {rate:.0f}/s{left}{troubles}"

    def _line(self, text: str, every: float) -> None:
        now = self._clock()
        if every and now - self._told < every:
            return
        self._told = now
        self._stream.write(f"\r\x1b[K{text}" if self._live else f"{text}\n")
        self._stream.flush()
        self._shown = self._live
