"""What was measured of sending, and the rows that it makes."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.sending_compose import Composing
from benchmarks.sending_ours import Taken
from benchmarks.table import Row


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many messages go where: the slower the sender, the fewer."""

    rounds: int = 3
    fast: int = 3000
    postfix: int = 1500
    nodemailer: int = 600
    library: int = 200
    far: int = 240
    recipients: int = 1_000_000
    sent: int = 20_000


@dataclass(frozen=True, slots=True)
class Memory:
    """The most memory, in MB, of planning and of sending: for many people, and for few."""

    planned: int
    sent: int
    plan: float
    send: float
    few: int
    few_plan: float
    few_send: float


@dataclass
class Measured:
    """What was measured: the runs by what sent where, and what could not be measured."""

    amounts: Amounts
    runs: dict[str, list[Taken]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    composing: Composing | None = None
    memory: Memory | None = None
    load: list[float] = field(default_factory=list)
    """How many programs wanted a core, before and after."""

    def rate(self, key: str) -> float | None:
        """Give the messages a second; None where they were not measured."""
        runs = self.runs.get(key)
        return statistics.median(each.messages / each.seconds for each in runs) if runs else None

    def cpu(self, key: str) -> float | None:
        """Give the CPU seconds for 1,000 messages."""
        runs = self.runs.get(key)
        return statistics.median(1000 * each.cpu / each.messages for each in runs) if runs else None


def sending_rows(measured: Measured) -> list[Row]:
    """Give the rows of the table."""
    return [
        *_composing_rows(measured.composing),
        *_fast_rows(measured),
        *_peer_rows(measured),
        *_sink_rows(measured),
        *_postfix_rows(measured),
        *_far_rows(measured),
        *_memory_rows(measured.memory),
    ]


def _row(
    measured: Measured, what: str, key: str, *, cpu: float | None = None, rate: float | None = None
) -> Row:
    """Make the row of one sender, with the CPU seconds or the rate to reach."""
    goal = f"≤ {cpu:g} s CPU" if cpu else f"≥ {rate:g}/s" if rate else ""
    got_rate, got_cpu = measured.rate(key), measured.cpu(key)
    if got_rate is None or got_cpu is None:
        return Row(f"{what}: not measured", reach=goal)
    met = got_cpu <= cpu if cpu else got_rate >= rate if rate else None
    return Row(what, f"{got_rate:,.0f}", f"{got_cpu:.3f}", goal, met)


def _ratio(measured: Measured, what: str, ours: str, theirs: str, least: float) -> Row:
    """Make the row that says how many times as fast as theirs ours is."""
    goal = f"≥ {least:g} ×"
    one, other = measured.rate(ours), measured.rate(theirs)
    if not one or not other:
        return Row(what, "not measured", reach=goal)
    return Row(what, f"{one / other:.2f} ×", "", goal, one / other >= least)


def _ledger_rows(
    measured: Measured, lines: str, *, share: float | None = None, cpu: float | None = None
) -> Iterator[Row]:
    """Make the rows of what the ledger costs: of the rate, and in CPU time."""
    names = f"{lines} ours", f"{lines} bare"
    (rate, free), (used, least) = map(measured.rate, names), map(measured.cpu, names)
    share_goal = f"≤ {share:g} %" if share else ""
    cpu_goal = f"≤ {cpu:g} s CPU" if cpu else ""
    if not rate or not free or used is None or least is None:
        yield Row("– – the ledger: not measured", reach=share_goal)
        return
    lost, spent = 100 * (1 - rate / free), used - least
    yield Row(
        "– – the ledger, of the rate",
        f"{lost:.0f} %",
        "",
        share_goal,
        lost <= share if share else None,
    )
    yield Row("– – the ledger, CPU", "", f"{spent:.3f}", cpu_goal, spent <= cpu if cpu else None)


def _composing_rows(composing: Composing | None) -> Iterator[Row]:
    if composing is None:
        return
    plain, ratio = composing.plain, composing.ratio
    yield Row("compose one message", "", f"{plain:.1f} µs", "≤ 50 µs", plain <= 50)
    yield Row("– signed with DKIM, RSA-2048", "", f"{composing.signed:.0f} µs")
    yield Row("– the bare signature", "", f"{composing.bare:.0f} µs")
    yield Row(
        "– what DKIM adds / the bare signature", "", f"{ratio:.2f} ×", "≤ 1.3 ×", ratio <= 1.3
    )


def _fast_rows(measured: Measured) -> Iterator[Row]:
    yield _row(measured, "fast sink, 10 connections: smtp-source", "fast 10 source")
    yield _row(measured, "– ours, with the ledger", "fast 10 ours", cpu=0.25)
    yield _ratio(measured, "– – ours / smtp-source", "fast 10 ours", "fast 10 source", 1.0)
    yield _row(measured, "– ours, without ledger", "fast 10 bare")
    yield from _ledger_rows(measured, "fast 10")
    yield _row(measured, "– ours, signed with DKIM, RSA-2048", "fast 10 dkim", cpu=0.8)
    yield _row(measured, "– ours, over TLS", "fast 10 tls")
    for lines in (4, 1):
        which = "4 connections" if lines == 4 else "1 connection"
        yield _row(measured, f"fast sink, {which}: smtp-source", f"fast {lines} source")
        yield _row(measured, "– ours, with the ledger", f"fast {lines} ours")
        yield _row(measured, "– ours, without ledger", f"fast {lines} bare")


def _peer_rows(measured: Measured) -> Iterator[Row]:
    yield _row(measured, "fast sink, others: nodemailer, pool of 10", "nodemailer")
    yield _ratio(measured, "– – ours / nodemailer", "fast 10 ours", "nodemailer", 8)
    yield _row(measured, "– aiosmtplib with EmailMessage, 10 connections", "aiosmtplib")
    yield _ratio(measured, "– – ours / aiosmtplib", "fast 10 ours", "aiosmtplib", 30)
    yield _row(measured, "– smtplib with EmailMessage, 1 connection", "smtplib")
    yield _row(measured, "– python-emails, 1 connection", "emails")


def _sink_rows(measured: Measured) -> Iterator[Row]:
    yield _row(measured, "smtp-sink, 10 connections: smtp-source", "sink 10 source")
    yield _row(measured, "– ours, with the ledger", "sink 10 ours")
    yield _row(measured, "– ours, without ledger", "sink 10 bare")
    yield from _ledger_rows(measured, "sink 10", share=15, cpu=0.06)
    for lines in (4, 1):
        which = "4 connections" if lines == 4 else "1 connection"
        yield _row(measured, f"smtp-sink, {which}: smtp-source", f"sink {lines} source")
        yield _row(measured, "– ours, with the ledger", f"sink {lines} ours")
        yield _row(measured, "– ours, without ledger", f"sink {lines} bare")


def _postfix_rows(measured: Measured) -> Iterator[Row]:
    yield _row(measured, "Postfix, 10 connections: smtp-source", "postfix source")
    yield _row(measured, "– ours, with the ledger", "postfix ours")
    yield _row(measured, "– ours, over TLS", "postfix tls")
    what = "– – ours over TLS / smtp-source without"
    yield _ratio(measured, what, "postfix tls", "postfix source", 0.6)


def _far_rows(measured: Measured) -> Iterator[Row]:
    yield _row(measured, "20 ms round trip, 1 connection: smtp-source", "far 1 source")
    yield _row(measured, "– ours, with the ledger", "far 1 ours", rate=40)
    yield _row(measured, "– ours, 10 connections", "far 10 ours")


def _memory_rows(memory: Memory | None) -> Iterator[Row]:
    if memory is None:
        return
    for what, peak, few in (
        (f"memory: {memory.planned:,} planned", memory.plan, memory.few_plan),
        (f"– {memory.sent:,} of them sent", memory.send, memory.few_send),
    ):
        yield Row(what, "", f"{peak:.0f} MB", "≤ 300 MB", peak <= 300)
        yield Row(f"– – the same with {memory.few:,} in all", "", f"{few:.0f} MB")
