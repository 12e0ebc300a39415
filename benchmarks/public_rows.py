"""What bursts of one-click POSTs came to, and the rows of the table that tell it."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.public_load import Answer
from benchmarks.table import Row

COLUMNS = ("per second", "ms: median, 99 %")
REACH = 300
"""POSTs a second that are to be answered while a campaign is being sent."""


@dataclass(frozen=True, slots=True)
class Burst:
    """One burst: its answers, what became of them, and the send beside it.

    `lost` were answered with 200 and have not left, `late` were written to after their 200.
    `before` and `meanwhile` are messages a second, None without a send; `cpu` the server's seconds.
    `over` tells that the send was done before the burst was.
    """

    answers: Sequence[Answer]
    lost: int = 0
    late: int = 0
    before: float | None = None
    meanwhile: float | None = None
    cpu: float | None = None
    over: bool = False

    @property
    def accepted(self) -> list[Answer]:
        """The answers with 200."""
        return [each for each in self.answers if each.status == 200]

    @property
    def rate(self) -> float:
        """How many were answered with 200 in a second."""
        first = min(each.asked for each in self.answers)
        last = max(each.answered for each in self.answers)
        return len(self.accepted) / (last - first)

    @property
    def delays(self) -> tuple[float, float]:
        """The milliseconds that half, and that 99 of 100, waited at most."""
        waits = sorted(1000 * (each.answered - each.asked) for each in self.answers)
        return waits[len(waits) // 2], waits[len(waits) * 99 // 100]


@dataclass
class Measured:
    """The bursts of all rounds, by case."""

    bursts: dict[str, list[Burst]] = field(default_factory=dict)
    load: list[float] = field(default_factory=list)
    """How many programs wanted a core, before and after."""


def public_rows(titles: Mapping[str, str], measured: Measured) -> list[Row]:
    """Give the rows of the table; `titles` names the cases."""
    rows = [row for case, what in titles.items() for row in _rows(what, measured.bursts[case])]
    return [*rows, *_promises([each for some in measured.bursts.values() for each in some])]


def _rows(what: str, bursts: Sequence[Burst]) -> Iterator[Row]:
    rate = statistics.median(each.rate for each in bursts)
    usual = statistics.median(each.delays[0] for each in bursts)
    longest = statistics.median(each.delays[1] for each in bursts)
    waits = f"{usual:.0f}, {longest:.0f}"
    yield Row(what, f"{rate:,.0f}", waits, f"≥ {REACH}/s", rate >= REACH)
    used = [1000 * each.cpu / len(each.answers) for each in bursts if each.cpu is not None]
    if used:
        yield Row("– CPU of the server for 1,000", "", f"{statistics.median(used):.2f} s")
    before = [each.before for each in bursts if each.before is not None]
    meanwhile = [each.meanwhile for each in bursts if each.meanwhile is not None]
    if before and meanwhile:
        yield Row("– messages sent before it", f"{statistics.median(before):,.0f}")
        yield Row("– messages sent meanwhile", f"{statistics.median(meanwhile):,.0f}")
    if done := sum(each.over for each in bursts):
        yield Row(f"– – of {len(bursts)} sends, over before the burst was", f"{done}")


def _promises(bursts: Sequence[Burst]) -> Iterator[Row]:
    posted = sum(len(each.answers) for each in bursts)
    accepted = sum(len(each.accepted) for each in bursts)
    lost, late = sum(each.lost for each in bursts), sum(each.late for each in bursts)
    yield Row(f"answered with 200, of {posted:,}", f"{accepted:,}", "", "all", accepted == posted)
    yield Row("– of them not in the database", f"{lost:,}", "", "0", lost == 0)
    yield Row("– written to after their 200", f"{late:,}", "", "0", late == 0)
