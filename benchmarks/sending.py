"""Measure how fast a campaign leaves, beside other programs that send the same newsletter.

``make bench`` runs it with the rest; by itself: ``python -m benchmarks.sending``. What is compared
takes turns, and medians count. docs/benchmarks.md says what each row means.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from benchmarks.people import import_people, write_people
from benchmarks.sending_compose import measure_composing
from benchmarks.sending_letters import Letters, prepare
from benchmarks.sending_ours import Taken
from benchmarks.sending_programs import (
    PeerMissingError,
    by_library,
    by_nodemailer,
    by_smtp_source,
    by_us,
    far,
    fast_sink,
    found,
    smtp_sink,
    taken_by_sink,
)
from benchmarks.sending_rows import Amounts, Measured, Memory, sending_rows
from benchmarks.table import RATES, table
from smakom_mail.services.scaffolding import init_project

ROOT = Path(__file__).resolve().parent.parent
MANY = "exempel"
"""The edition that a million people are planned for."""


Cases = Mapping[str, Callable[[], Taken]]


def take_turns(measured: Measured, cases: Cases) -> None:
    """Let each case send in turn, as often as there are rounds; note what is missing."""
    for _ in range(measured.amounts.rounds):
        for key, send in cases.items():
            if key in measured.missing:
                continue
            try:
                taken = send()
            except PeerMissingError as error:
                measured.missing[key] = str(error)
            else:
                measured.runs.setdefault(key, []).append(taken)


def fast_cases(letters: Letters, amounts: Amounts, port: int, tls: int, pem: Path) -> Cases:
    """Give what is sent to the fast sink: by us in all ways, and by everybody else."""
    root, fast = letters.root, amounts.fast
    ours = partial(by_us, root, port, fast)
    secure = ("--authority", str(pem))
    cases: dict[str, Callable[[], Taken]] = {}
    for lines in (10, 4, 1):
        cases[f"fast {lines} source"] = partial(by_smtp_source, letters, port, fast, lines)
        cases[f"fast {lines} ours"] = partial(ours, lines)
        cases[f"fast {lines} bare"] = partial(ours, lines, "--no-ledger")
    return cases | {
        "fast 10 dkim": partial(ours, 10, "--dkim"),
        "fast 10 tls": partial(by_us, root, tls, fast, 10, *secure),
        "nodemailer": partial(by_nodemailer, letters, port, amounts.nodemailer),
        "aiosmtplib": partial(by_library, "aiosmtplib", letters, port, amounts.library),
        "smtplib": partial(by_library, "smtplib", letters, port, amounts.library),
        "emails": partial(by_library, "emails", letters, port, amounts.library),
    }


def far_cases(letters: Letters, amounts: Amounts, port: int) -> Cases:
    """Give what is sent over a round trip of 20 ms."""
    few = amounts.far
    return {
        "far 1 source": partial(by_smtp_source, letters, port, max(1, few // 3), 1),
        "far 1 ours": partial(by_us, letters.root, port, few, 1),
        "far 10 ours": partial(by_us, letters.root, port, 5 * few, 10),
    }


def sink_cases(letters: Letters, amounts: Amounts, port: int) -> Cases:
    """Give what is sent to Postfix's sink."""
    cases: dict[str, Callable[[], Taken]] = {}
    for lines in (10, 4, 1):
        ours = partial(by_us, letters.root, port, amounts.fast, lines)
        cases[f"sink {lines} source"] = partial(by_smtp_source, letters, port, amounts.fast, lines)
        cases[f"sink {lines} ours"] = ours
        cases[f"sink {lines} bare"] = partial(ours, "--no-ledger")
    return cases


def measure_sending(newsletter: Path, folder: Path, amounts: Amounts) -> Measured:
    """Measure everything in a folder of its own."""
    measured = Measured(amounts, load=[load()])
    letters = prepare(newsletter, folder, amounts.fast)
    pem, certificate = certificates(folder)
    measured.composing = measure_composing(letters.frozen, letters.recipients)
    with fast_sink() as port, fast_sink(certificate) as tls, far(port) as distant:
        take_turns(measured, fast_cases(letters, amounts, port, tls, pem))
        take_turns(measured, far_cases(letters, amounts, distant))
        _require_all_taken(measured, port)
        measured.memory = measure_memory(folder, letters, amounts, port)
    with ExitStack() as stack:
        try:
            port = stack.enter_context(smtp_sink())
        except PeerMissingError as error:
            measured.missing |= dict.fromkeys(sink_cases(letters, amounts, 0), str(error))
        else:
            take_turns(measured, sink_cases(letters, amounts, port))
    measure_postfix(measured, letters, folder)
    measured.load.append(load())
    return measured


def load() -> float:
    """Give how many programs wanted a core in the last minute, as far as the system tells."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def _require_all_taken(measured: Measured, port: int) -> None:
    """See that the sink without TLS has taken what was sent, message by message."""
    plain = [runs for key, runs in measured.runs.items() if key != "fast 10 tls"]
    sent, taken = sum(run.messages for runs in plain for run in runs), taken_by_sink(port)
    if taken != sent:
        raise SystemExit(f"{sent} messages were sent, and {taken} were taken")


def certificates(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for this machine; give its authority and the file of the server."""
    import trustme

    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    pem, chain = folder / "authority.pem", folder / "server.pem"
    authority.cert_pem.write_to_path(str(pem))
    certificate.private_key_and_cert_chain_pem.write_to_path(str(chain))
    return pem, chain


# --------------------------------------------------------------------------------------- Postfix


def measure_postfix(measured: Measured, letters: Letters, folder: Path) -> None:
    """Send to a real Postfix that throws away what it has taken."""
    number, keys = measured.amounts.postfix, ("postfix source", "postfix ours", "postfix tls")
    pem = folder / "postfix.pem"
    try:
        with _postfix() as (port, tls, authority, idle):
            pem.write_text(authority, encoding="ascii")

            def after(send: Callable[[], Taken]) -> Taken:
                taken = send()
                idle()  # what it still has to throw away is not to slow the next one down
                return taken

            ours = partial(by_us, letters.root, port, number, 10)
            secure = partial(by_us, letters.root, tls, number, 10, "--authority", str(pem))
            ways = (partial(by_smtp_source, letters, port, number), ours, secure)
            cases = {key: partial(after, way) for key, way in zip(keys, ways, strict=True)}
            take_turns(measured, cases)
    except PeerMissingError as error:
        measured.missing |= dict.fromkeys(keys, str(error))


@contextmanager
def _postfix() -> Iterator[tuple[int, int, str, Callable[[], object]]]:
    """Run the Postfix of the tests: its ports, its authority, and how to wait until it is idle."""
    import pytest

    from tests.postfix import running

    found("postfix")
    with ExitStack() as stack:
        try:
            postfix = stack.enter_context(running(discard=True))
        except pytest.fail.Exception as error:
            raise PeerMissingError(f"a Postfix that starts: {error}") from None
        yield postfix.port, postfix.tls_port, postfix.authority, postfix.messages


# ---------------------------------------------------------------------------------------- memory


def measure_memory(folder: Path, letters: Letters, amounts: Amounts, port: int) -> Memory:
    """Plan for very many people and send to some of them; and for few, to all of them."""
    root = crowd(folder, amounts.recipients)
    some = ("--edition", MANY)
    sent = min(amounts.sent, amounts.recipients)
    plan = by_us(root, port, sent, 10, *some, "--step", "plan")
    send = by_us(root, port, sent, 10, *some, "--step", "send")
    few_plan = by_us(letters.root, port, 0, 10, "--step", "plan")
    few_send = by_us(letters.root, port, 0, 10, "--step", "send")
    return Memory(
        planned=plan.messages,
        sent=send.messages,
        plan=plan.peak,
        send=send.peak,
        few=few_send.messages,
        few_plan=few_plan.peak,
        few_send=few_send.peak,
    )


def crowd(folder: Path, number: int) -> Path:
    """Give a newsletter with so many people: that of the people's benchmark, where it was run."""
    root = folder / "people"
    if not root.exists():
        init_project(root)
        write_people(root / "people.csv", number)
        import_people(root, root / "people.csv")
    return root


def report(measured: Measured) -> str:
    """Give the table, and what was left out."""
    amounts, gone = measured.amounts, sorted(set(measured.missing.values()))
    lines = [f"sending: medians of {amounts.rounds} in turns, {amounts.fast:,} messages each"]
    if measured.load:
        loads = " and ".join(f"{each:.1f}" for each in measured.load)
        lines.append(f"{os.cpu_count()} cores; load before and after: {loads}")
    lines += [f"measured without {what}" for what in gone]
    return "\n".join([*lines, "", table(sending_rows(measured), RATES)])


def arguments(options: argparse.ArgumentParser) -> None:
    """Add what can be chosen."""
    usual = Amounts()
    options.add_argument("--messages", type=int, default=usual.fast, metavar="N")
    options.add_argument("--rounds", type=int, default=usual.rounds, metavar="N")


def amounts_for(messages: int, rounds: int, recipients: int) -> Amounts:
    """Give the amounts in proportion to the messages of the fast ones."""
    usual = Amounts()

    def part(number: int) -> int:
        return max(1, min(messages, number * messages // usual.fast))

    return Amounts(
        rounds=rounds,
        fast=messages,
        postfix=part(usual.postfix),
        nodemailer=part(usual.nodemailer),
        library=part(usual.library),
        far=part(usual.far),
        recipients=recipients,
        sent=usual.sent,
    )


def main() -> None:
    """Measure sending alone, and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    arguments(options)
    options.add_argument("--recipients", type=int, default=Amounts().recipients, metavar="N")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="smakom-mail-bench-") as name:
        amounts = amounts_for(given.messages, given.rounds, given.recipients)
        print(report(measure_sending(ROOT, Path(name), amounts)))


if __name__ == "__main__":
    main()
