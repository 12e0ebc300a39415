"""Commands for single letters: letters send, letters list."""

import os

import click

from smakom_mail.cli import options, output_letters
from smakom_mail.errors import ExitCode


@click.group(short_help="Single letters: confirmations and answers.")
def letters() -> None:
    """Letters to one person each: please confirm, your page, what is held of you.

    Where smakom-mail serve runs it sends them by itself.
    """


@letters.command(short_help="Send the letters that wait.")
@options.project
@options.output_format
@options.yes
@click.pass_context
def send(ctx: click.Context) -> None:
    """Send every letter that is due through the relay, each once.

    Without a relay they are laid in var/outbox. Those that the relay put off are left for the next
    time; one in doubt is never sent again. It ends with 4 while a letter waits or is in doubt.
    """
    from smakom_mail.services.letters.delivering import send_letters
    from smakom_mail.services.sending.clock import Clock

    done = send_letters(options.workplace(), os.environ, Clock())
    output_letters.delivered(done, options.form())
    ctx.exit(ExitCode.DONE if done.complete else ExitCode.INCOMPLETE)


@letters.command("list", short_help="Say how every letter stands.")
@options.project
@options.output_format
def list_() -> None:
    """Say how every letter of the last 14 days stands, the newest first."""
    from smakom_mail.services.letters.delivering import list_letters

    found = list_letters(options.workplace(), os.environ)
    output_letters.listed(found, options.form())
