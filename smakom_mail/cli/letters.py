"""Commands for single letters: letters send, letters list, subscribers invite."""

import os

import click

from smakom_mail.cli import acting, options, output_letters
from smakom_mail.errors import ExitCode


def _note(sentence: str) -> None:
    click.echo(f"note: {sentence}", err=True)


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

    done = send_letters(options.workplace(), os.environ, Clock(), _note)
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


@click.command(short_help="Ask a person to say yes, by a letter.")
@click.argument("address")
@click.option("--list", "lists", multiple=True, metavar="SLUG", help="To this list; repeatable.")
@click.option("--print", "only_link", is_flag=True, help="Mail nothing; print the link to send.")
@options.project
@options.output_format
@options.yes
@click.pass_context
def invite(ctx: click.Context, address: str, lists: tuple[str, ...], *, only_link: bool) -> None:
    """Make a sign-up that waits for a yes, and send ADDRESS the letter that asks for it.

    Without a relay, or with --print, nothing is mailed, and the link is printed for you to send.
    Only when the person opens the link and confirms is a no lifted. Nobody is asked more often
    than once in 24 hours. It ends with 4 where the letter could not be handed over yet. Where no
    page answers ([site] pages = false) the link opens a mail, for unsubscribes read to find.
    """
    from smakom_mail.services.letters.delivering import deliver_invitation
    from smakom_mail.services.sending.clock import Clock
    from smakom_mail.services.storing import open_store
    from smakom_mail.services.subscribing.inviting import invite as ask

    place = options.workplace()
    by_letter = place.config.relay.configured and not only_link
    with open_store(place, os.environ, create=True) as store:
        for note in store.notes:
            _note(note)
        invitation = ask(store, address, lists, acting.act(), by_letter=by_letter)
    done = deliver_invitation(place, os.environ, invitation, Clock(), _note)
    output_letters.asked(done, options.form())
    ctx.exit(ExitCode.DONE if done.complete else ExitCode.INCOMPLETE)
