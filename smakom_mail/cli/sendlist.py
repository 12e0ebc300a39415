"""The command sendlist: who would get an edition, and who would not."""

import os
from pathlib import Path

import click

from smakom_mail.cli import acting, options, output_sendlist
from smakom_mail.errors import ExitCode


@click.command(short_help="Say who would get an edition, and who would not.")
@click.argument("edition")
@options.project
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="Write who would get it: email, name, message_id, unsubscribe_url.",
)
@click.option(
    "--excluded",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="Write who would not, and why: email, reason.",
)
@options.output_format
@options.lang
@options.yes
@click.pass_context
def sendlist(ctx: click.Context, edition: str, out: Path | None, excluded: Path | None) -> None:
    """Say who would get EDITION now and who would not, with the reason. Nothing is sent.

    Whom it is for says `audience` in its edition.toml, else in smakom-mail.toml, else it is
    everybody on the first list. Everybody's copy is filled in: it ends with 1, and writes
    nothing, where the text has no words for somebody, or has errors.
    """
    from smakom_mail.services.sendlisting import list_recipients

    place = options.workplace()
    ticker = acting.Ticker()
    listed = list_recipients(
        place, os.environ, edition, out=out, excluded=excluded, progress=ticker
    )
    ticker.done()
    output_sendlist.listed_edition(listed, options.language(place), options.form(), out, excluded)
    ctx.exit(ExitCode.DONE if listed.list else ExitCode.PROBLEM)
