"""Commands of a campaign: send, rehearse, resume, pause, cancel, status."""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smakom_mail.cli import acting, options, output_campaign
from smakom_mail.cli.talking import Terminal
from smakom_mail.errors import ExitCode

if TYPE_CHECKING:
    from smakom_mail.services.sending.reachable import Asker
    from smakom_mail.services.sending.starting import Sent

no_wait = click.option(
    "--no-wait",
    is_flag=True,
    help="End once nobody waits; deferred ones are left to resume.",
)
limit = click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="Stop behind the next N recipients; resume goes on.",
)


@click.command(short_help="Send an edition to everybody, once.")
@click.argument("edition")
@options.project
@click.option("--dry-run", is_flag=True, help="Show the plan and fill in every message; send none.")
@limit
@click.option(
    "--canary",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="These addresses first, one a line; then it pauses until resume.",
)
@click.option("--at", metavar="TIME", help="Begin then: 2021-01-29T08:00, or 08:00 (the next).")
@click.option("--no-proof", is_flag=True, help="Although no proof of it has gone out.")
@no_wait
@options.output_format
@options.lang
@options.yes
@click.pass_context
def send(  # noqa: PLR0913 - its options
    ctx: click.Context,
    edition: str,
    limit: int | None,
    canary: Path | None,
    at: str | None,
    *,
    dry_run: bool,
    no_proof: bool,
    no_wait: bool,
) -> None:
    """Send EDITION to its audience through the relay: every recipient gets it once.

    It is checked and built anew, and everybody's message is filled in, before the plan is shown.
    You agree to it by typing the number of recipients; then it can be taken back with Ctrl-C for
    as long as [send] hold says. --yes asks nothing, waits for nothing and needs no proof.
    Ctrl-C later finishes what is in flight and stops; resume goes on. It ends with 4 where
    somebody still waits, is deferred or unknown.
    """
    from smakom_mail.services.sending.clock import Clock
    from smakom_mail.services.sending.starting import Order, send_edition

    place, yes = options.workplace(), options.said_yes()
    order = Order(
        acting.act(),
        asked=not yes,
        proof=not (no_proof or yes),
        dry_run=dry_run,
        wait=not no_wait,
        hold_seconds=0 if yes else place.config.send.hold_seconds,
        limit=limit or 0,
        canaries=addresses(canary) if canary else (),
        due=moment(at, acting.now()) if at else None,
        ask=None if yes else web_asker(),
    )
    talk = Terminal(edition, options.form())
    sent = send_edition(
        place, os.environ, edition, order, talk=talk, progress=talk.ticker, clock=Clock()
    )
    _told(ctx, talk, sent, edition, options.language(place))


@click.command(short_help="Lay all messages in var/outbox; send none.")
@click.argument("edition")
@options.project
@options.output_format
@options.lang
@options.yes
@click.pass_context
def rehearse(ctx: click.Context, edition: str) -> None:
    """Go through the whole sending of EDITION into var/outbox, a Maildir. It counts for nothing.

    It needs no relay, can be repeated, and never stands in the way of the real sending. A message
    there differs from the real one in its Message-ID and Date only.
    """
    from smakom_mail.services.sending.clock import Clock
    from smakom_mail.services.sending.starting import rehearse_edition

    place = options.workplace()
    talk = Terminal(edition, options.form())
    sent = rehearse_edition(
        place, os.environ, edition, acting.act(), talk=talk, progress=talk.ticker, clock=Clock()
    )
    _told(ctx, talk, sent, edition, options.language(place))


@click.command(short_help="Go on with a campaign that was begun.")
@click.argument("edition")
@options.project
@limit
@no_wait
@click.option("--late", is_flag=True, help="Although its hour (send --at) is long past.")
@options.output_format
@options.yes
@click.pass_context
def resume(
    ctx: click.Context, edition: str, limit: int | None, *, no_wait: bool, late: bool
) -> None:
    """Go on with the campaign of EDITION: after a pause, a stop, a crash, or for its hour.

    What was planned is sent, whatever has become of the files since. Deferred ones are tried at
    once. Unknown ones are not sent again: see reconcile.
    """
    from smakom_mail.services.sending.clock import Clock
    from smakom_mail.services.sending.resuming import Continuation, resume_edition

    place = options.workplace()
    talk = Terminal(edition, options.form())
    how = Continuation(limit or 0, wait=not no_wait, late=late)
    sent = resume_edition(place, os.environ, edition, how, talk=talk, clock=Clock())
    _told(ctx, talk, sent, edition, options.language(place))


@click.command(short_help="Let a campaign rest until resume.")
@click.argument("edition")
@options.project
@options.output_format
@options.yes
def pause(edition: str) -> None:
    """Let the campaign of EDITION rest: what is in flight is finished, resume goes on."""
    from smakom_mail.services.sending.controlling import pause_campaign

    found = pause_campaign(options.workplace(), os.environ, edition)
    output_campaign.status(found, options.form())


@click.command(short_help="End a campaign for good.")
@click.argument("edition")
@options.project
@options.output_format
@options.yes
@click.pass_context
def cancel(ctx: click.Context, edition: str) -> None:
    """End the campaign of EDITION: whoever still waits does not get it.

    A later campaign of the edition leaves out whom this one reached, or may have reached. On a
    terminal it asks.
    """
    from smakom_mail.services.sending.controlling import cancel_campaign

    place = options.workplace()
    if sys.stdin.isatty() and not options.confirmed(f"End the campaign of {edition} for good?"):
        click.echo(f"{edition} goes on as it was", err=True)
        ctx.exit(ExitCode.PROBLEM)
    found = cancel_campaign(place, os.environ, edition)
    output_campaign.status(found, options.form())


@click.command(short_help="Say how a campaign stands.")
@click.argument("edition")
@options.project
@click.option("--rehearsal", is_flag=True, help="Its last rehearsal instead.")
@options.output_format
@click.pass_context
def status(ctx: click.Context, edition: str, *, rehearsal: bool) -> None:
    """Say how the campaign of EDITION stands: everybody is counted, in exactly one state.

    It ends with 4 while somebody waits, is deferred or unknown.
    """
    from smakom_mail.model.campaign import Kind
    from smakom_mail.services.sending.controlling import campaign_status

    kind = Kind.REHEARSAL if rehearsal else Kind.CAMPAIGN
    found = campaign_status(options.workplace(), os.environ, edition, kind)
    output_campaign.status(found, options.form())
    ctx.exit(found.exit_code)


def _told(ctx: click.Context, talk: Terminal, sent: "Sent", edition: str, language: str) -> None:
    """Say how it ended, and end with that."""
    talk.clear()
    ctx.exit(output_campaign.sent_edition(sent, edition, language, options.form()))


def web_asker() -> "Asker | None":
    """Give what asks web addresses whether they answer, where a person reads what it says."""
    if not sys.stdin.isatty():
        return None
    from smakom_mail.web.asking import ask

    return ask


def moment(text: str, now: datetime) -> datetime:
    """Read the time that ``--at`` names, in this machine's zone where it names none.

    A time of the day alone is the next one. Raises click.BadParameter.
    """
    try:
        if len(text) <= 5 and ":" in text:
            clock = datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - the zone is now's
            found = now.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
            return found if found > now else found + timedelta(days=1)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no time: write 2021-01-29T08:00, or 08:00", param_hint="--at"
        ) from None
    found = found if found.tzinfo else found.astimezone()
    if found <= now:
        raise click.BadParameter(f"{text} is past", param_hint="--at")
    return found


def addresses(file: Path) -> tuple[str, ...]:
    """Read one address a line; empty lines and those that begin with # are passed over."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise click.BadParameter(
            f"{file} is no text: one address a line", param_hint="--canary"
        ) from None
    found = tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    if not found:
        raise click.BadParameter(f"{file} holds no address", param_hint="--canary")
    return found
