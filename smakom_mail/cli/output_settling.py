"""What the commands report and reconcile print; addresses are shown whole to whoever sends."""

from typing import TYPE_CHECKING, BinaryIO

import click

from smakom_mail.cli.output import as_json
from smakom_mail.cli.output_campaign import status, status_json
from smakom_mail.cli.output_leavings import leavings_lines
from smakom_mail.cli.output_people import plain
from smakom_mail.cli.spans import local_time
from smakom_mail.model.delivery import Event, State, transition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smakom_mail.services.sending.reconciling import Reconciled, Reconciling, Settling, Words
    from smakom_mail.services.sending.reporting import Report
    from smakom_mail.store.deliveries import Delivery, Try

_FORGOTTEN = "(forgotten)"


def reported(found: "Report", form: str, target: BinaryIO) -> None:
    """Print how everybody stands."""
    from smakom_mail.services.sending.leaving_report import leavings_data
    from smakom_mail.services.sending.reporting import write_report_csv, write_report_json

    if form == "json":
        sums = {**status_json(found.status), "leavings": leavings_data(found.leavings)}
        write_report_json(sums, found.rows, target)
        return
    if form == "csv":
        write_report_csv(found.rows, target)
        return
    status(found.status, "text")
    for line in leavings_lines(found.leavings):
        click.echo(line)
    if found.unknown:
        click.echo("unknown, whether the relay took it:")
        _doubtful(found.unknown)
    click.echo("recipients:")
    for delivery, tries in found.rows:
        for line in _delivery(delivery, tries):
            click.echo(line)


def _doubtful(deliveries: "Iterable[Delivery]") -> None:
    for each in deliveries:
        name = f"  {plain(each.name)}" if each.name else ""
        click.echo(f"    {_at(each.at)}  {each.email or _FORGOTTEN}{name}")
        click.echo(f"        {each.message_id or '(no Message-ID is kept)'}")


def _delivery(delivery: "Delivery", tries: "tuple[Try, ...]") -> list[str]:
    said = ": ".join(filter(None, (delivery.why, delivery.reply)))
    at = _at(delivery.at) if delivery.at else "-"
    times = f"  {delivery.attempts} tries" if delivery.attempts > 1 else ""
    line = f"    {delivery.state:<10}  {at}  {delivery.email or _FORGOTTEN}{times}"
    lines = [line + (f"  {plain(said)}" if said else "")]
    for each in tries[:-1] if tries and tries[-1].at == delivery.at else tries:
        words = plain(": ".join(filter(None, (each.why, each.reply))))
        lines.append(f"        before: {each.state} {_at(each.at)}  {words}")
    return lines


def _at(at: str) -> str:
    """Give a time as logs on this machine do: by the second, in its zone."""
    return local_time(at, "seconds")


def doubted(found: "Reconciling", words: "Words") -> None:
    """Say on stderr what the logs do not show, and what is about to be done by hand."""
    if words.logs and not found.relevant:
        click.echo(f"note: none of {found.lines} lines is about a message", err=True)
        click.echo("    hint: for another format than Postfix's: --pattern REGEX", err=True)
    for delivery, said in found.seen:
        click.echo(f"note: {delivery.email or _FORGOTTEN}: {plain(said)}", err=True)
    if resent := found.by_word(Event.SETTLE_RESEND):
        click.echo("a second copy may reach, where the relay had taken the first:", err=True)
        for each in resent:
            click.echo(f"    {each.delivery.email or _FORGOTTEN}", err=True)


def reconciled(found: "Reconciling", done: "Reconciled", form: str) -> None:
    """Print what was settled, and who is still unknown."""
    if form == "json":
        as_json(_json(found, done))
        return
    for each in done.settled:
        click.echo(f"{_result(each):<10}  {_who(each)}  {plain(each.evidence)}")
    if not done.settled and not done.left:
        click.echo(f"{found.edition}: nobody is unknown")
    if done.left:
        click.echo("unknown, whether the relay took it:")
        _doubtful(done.left)
        click.echo(f"    hint: {_next_step(found.edition)}", err=True)
    if any(each.event is Event.SETTLE_RESEND for each in done.settled):
        click.echo(f"    hint: to send it again: smakom-mail resume {found.edition}", err=True)


def _result(settling: "Settling") -> str:
    return str(transition(State.UNKNOWN, settling.event))


def _who(settling: "Settling") -> str:
    return settling.delivery.email or _FORGOTTEN


def _next_step(edition: str) -> str:
    return (
        "look for the Message-ID in the relay's log (--from LOG); that it is in no line proves "
        f"nothing. Then say: smakom-mail reconcile {edition} --accepted, --refused or --resend "
        "ADDRESS"
    )


def _json(found: "Reconciling", done: "Reconciled") -> dict[str, object]:
    return {
        "edition": found.edition,
        "settled": [
            {
                "email": each.delivery.email or None,
                "message_id": each.delivery.message_id or None,
                "state": _result(each),
                "evidence": each.evidence,
                "by_log": each.by_log,
            }
            for each in done.settled
        ],
        "seen": [
            {"email": delivery.email or None, "evidence": said} for delivery, said in found.seen
        ],
        "unknown": [
            {
                "email": each.email or None,
                "message_id": each.message_id or None,
                "at": each.at,
            }
            for each in done.left
        ],
        "log_lines": found.lines,
    }
