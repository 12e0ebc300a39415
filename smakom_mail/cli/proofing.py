"""The commands proof and approve: what people see of an edition before its readers do."""

import os

import click

from smakom_mail.cli import acting, options, output_proofing
from smakom_mail.errors import ExitCode


@click.command(short_help="Send an edition to named people, marked as a proof.")
@click.argument("edition")
@click.option(
    "--to", "to", metavar="ADDRESS", multiple=True, required=True, help="Who gets it; repeatable."
)
@click.option(
    "--as", "reader", metavar="ADDRESS", default="", help="With this subscriber's name in it."
)
@click.option("--outbox", is_flag=True, help="Lay it in var/outbox instead; it counts for nothing.")
@options.project
@options.output_format
@options.lang
@options.yes
@click.pass_context
def proof(
    ctx: click.Context, edition: str, *, to: tuple[str, ...], reader: str, outbox: bool
) -> None:
    """Send EDITION as it is now to a few people, through the relay, before anybody else gets it.

    The subject and a banner at the top mark it, with the eight digits of its digest. It is filled
    in for the sample reader of smakom-mail.toml, and its link for unsubscribing is dead. That it
    went out is recorded, as `send` asks for it; a proof in the outbox did not go out.
    """
    from smakom_mail.services.sending.clock import Clock
    from smakom_mail.services.sending.proofing import Request, prove_edition

    place = options.workplace()
    request = Request(to, reader, outbox)
    done = prove_edition(
        place, os.environ, edition, request, act=acting.act(), clock=Clock(), said=_said
    )
    output_proofing.proofed(done, options.language(place), options.form())
    ctx.exit(ExitCode.DONE if done.complete else ExitCode.PROBLEM)


def _said(sentence: str) -> None:
    click.echo(sentence, err=True)


@click.command(short_help="Record that an edition may go out as it is now.")
@click.argument("edition")
@click.option("--no-proof", is_flag=True, help="Also where no proof of it has gone out.")
@options.project
@options.output_format
@options.lang
@options.yes
@click.pass_context
def approve(ctx: click.Context, edition: str, *, no_proof: bool) -> None:
    """Record that EDITION is approved as it is now: its digest, the time, and who you are.

    Who you are is the name that the system knows: this is a record and proves nobody's identity.
    With `require_approval = true` under [send] nothing is sent without it. A proof of just this
    digest must have gone out first. It asks, or needs --yes.
    """
    from smakom_mail.services.sending.approving import approve_edition, open_approval

    place = options.workplace()
    found = open_approval(place, os.environ, edition, proof=not no_proof)
    if not found.digest:
        output_proofing.not_approvable(found, options.language(place), options.form())
        ctx.exit(ExitCode.PROBLEM)
    output_proofing.approvable(found)
    if not options.confirmed(f"Approve {found.digest[:8]} as {acting.actor()}?"):
        click.echo("nothing was recorded; with --yes it is not asked", err=True)
        ctx.exit(ExitCode.PROBLEM)
    approval = approve_edition(place, os.environ, found, acting.act())
    output_proofing.approved(found, approval, options.form())
