"""The commands report and reconcile: what became of everybody, and settling what nobody knew."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smakom_mail.cli import acting, options, output_settling
from smakom_mail.errors import ExitCode
from smakom_mail.model.delivery import State

if TYPE_CHECKING:
    from smakom_mail.services.sending.reconciling import Reconciling


@click.command(short_help="Say what became of every recipient.")
@click.argument("edition")
@click.option(
    "--state",
    "states",
    type=click.Choice([str(state) for state in State]),
    multiple=True,
    help="Only those in this state; repeatable.",
)
@click.option("--rehearsal", is_flag=True, help="Of the newest rehearsal.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="How to print it; csv has one row a recipient.",
)
@options.project
def report(edition: str, form: str, states: tuple[str, ...], *, rehearsal: bool) -> None:
    """Say of every recipient of EDITION how the copy stands, since when, and what the relay said.

    First the sums as `status` has them; how many recipients left by a link since it began, with
    role addresses by name, and domains at which many did; and those of whom nobody knows, with
    their Message-ID. It is of the newest campaign, and holds people's addresses.
    """
    from smakom_mail.model.campaign import Kind
    from smakom_mail.services.sending.reporting import open_report
    from smakom_mail.services.storing import open_store

    kind = Kind.REHEARSAL if rehearsal else Kind.CAMPAIGN
    chosen = [State(state) for state in states]
    with (
        open_store(options.workplace(), os.environ, create=False) as store,
        open_report(store, edition, kind, chosen) as found,
    ):
        output_settling.reported(found, form, sys.stdout.buffer)


@click.command(short_help="Settle deliveries of which nobody knows.")
@click.argument("edition")
@click.option(
    "--from",
    "logs",
    type=click.Path(path_type=Path),
    metavar="LOG",
    multiple=True,
    help="A log of the relay's, also packed with gzip; repeatable.",
)
@click.option(
    "--pattern",
    metavar="REGEX",
    default="",
    help="How a line of the log names a message, where the relay is not Postfix.",
)
@click.option(
    "--accepted",
    metavar="ADDRESS|all",
    multiple=True,
    help="The relay has taken it, by your word; repeatable.",
)
@click.option(
    "--refused",
    metavar="ADDRESS|all",
    multiple=True,
    help="The relay has not taken it, and it is left at that; repeatable.",
)
@click.option(
    "--resend",
    metavar="ADDRESS|all",
    multiple=True,
    help="Send it again, though a second copy may reach the reader; repeatable.",
)
@options.project
@options.output_format
@options.yes
@click.pass_context
def reconcile(  # noqa: PLR0913 - its options
    ctx: click.Context,
    edition: str,
    *,
    logs: tuple[Path, ...],
    pattern: str,
    accepted: tuple[str, ...],
    refused: tuple[str, ...],
    resend: tuple[str, ...],
) -> None:
    """Settle those deliveries of EDITION of which nobody knows whether the relay took them.

    By a log of the relay's (Postfix as it comes, others with --pattern: docs/sending.md), or by
    your word; without either they are only named. A log can show that a message was taken. That
    it is in no line shows nothing: then it stays unknown until you say --accepted, --refused or
    --resend. --resend, and "all", are asked about, or need --yes. It ends with 4 while anybody is
    unknown.
    """
    from smakom_mail.services.sending.reconciling import Words, open_reconciling
    from smakom_mail.services.sending.reconciling import reconcile as carry_out
    from smakom_mail.services.storing import open_store

    if pattern and not logs:
        raise click.UsageError("--pattern says how to read a log: name it with --from LOG")
    act, ticker = acting.act(), acting.Ticker()
    words = Words(logs, pattern, accepted, refused, resend)
    with open_store(options.workplace(), os.environ, create=False) as store:
        found = open_reconciling(store, edition, words, act.at, ticker)
        ticker.done()
        output_settling.doubted(found, words)
        if not _agreed(found, sweeping=words.sweeping):
            click.echo("nothing was settled; with --yes it is not asked", err=True)
            ctx.exit(ExitCode.PROBLEM)
        done = carry_out(store, found, act)
    output_settling.reconciled(found, done, options.form())
    ctx.exit(ExitCode.INCOMPLETE if done.left else ExitCode.DONE)


def _agreed(found: "Reconciling", *, sweeping: bool) -> bool:
    """Ask about what is said of everybody, and about second copies."""
    number = sum(1 for each in found.settlings if not each.by_log)
    if not sweeping or not number:
        return True
    return options.confirmed(f"Settle {number} by your word?")
