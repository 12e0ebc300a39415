"""The command unsubscribes read: letting those leave who asked for it by mail."""

import os
from pathlib import Path

import click

from smakom_mail.cli import acting, options, output_unsubscribes


@click.group(short_help="Unsubscriptions that came by mail.")
def unsubscribes() -> None:
    """Unsubscriptions that came by mail."""


@unsubscribes.command(short_help="Let those leave who asked for it by mail.")
@click.argument(
    "sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Say what it would do; do nothing.")
@options.project
@options.output_format
@options.yes
def read(sources: tuple[Path, ...], *, dry_run: bool) -> None:
    """Go through each SOURCE, and let everybody leave who proves by the subject that they may.

    A SOURCE is a Maildir, an mbox, a mail saved as .eml or a folder of such. It is only read:
    nothing in it is changed, and reading it again changes nothing. The program of the reader puts
    a token into the subject; that proves who asks, and the From address proves nothing. Who asks
    in words only is named, for you to ask or to unsubscribe by hand. Where no page answers, the
    yes of who was invited comes here too.
    """
    from smakom_mail.services.storing import open_store
    from smakom_mail.services.unsubscribe_mail.reading import read_unsubscribes

    ticker = acting.Ticker()
    with open_store(options.workplace(), os.environ, create=False) as store:
        for note in store.notes:
            click.echo(f"note: {note}", err=True)
        done = read_unsubscribes(store, sources, acting.act(), dry_run=dry_run, progress=ticker)
    ticker.done()
    output_unsubscribes.mail_read(done, options.form(), dry_run=dry_run)
