"""Commands for the secret that links and fingerprints are made with: secret check, rotate."""

import os
from typing import TYPE_CHECKING

import click

from smakom_mail.cli import options, output
from smakom_mail.errors import ExitCode

if TYPE_CHECKING:
    from smakom_mail.services.secrets import SecretState


@click.group(short_help="See to the secret behind links and fingerprints.")
def secret() -> None:
    """The secret that links and fingerprints are made with. It is never shown."""


@secret.command(short_help="Say where the secret comes from and how it is kept.")
@options.project
@options.output_format
def check() -> None:
    """Say where the secret comes from, how many there are and who can reach it; never what it is.

    Each has a name, by which a copy of it can be known again.
    """
    from smakom_mail.services.secrets import inspect_secret

    _show(inspect_secret(options.workplace(), os.environ))


@secret.command(short_help="Make a new secret; the old ones stay behind it.")
@options.project
@options.output_format
@options.yes
@click.pass_context
def rotate(ctx: click.Context) -> None:
    """Make a new secret, and keep the old ones behind it.

    New links are made with the new one; old links and fingerprints are known as before. Asks
    first. Keep a copy of var/secret afterwards.
    """
    from smakom_mail.services.secrets import inspect_secret, rotate_secret

    place = options.workplace()
    before = inspect_secret(place, os.environ)
    # One of the environment is not ours to change: that is said without asking anything.
    question = "Make a new secret? Links that are out keep working."
    if before.source != "environment" and not options.confirmed(question):
        click.echo("nothing is changed: answer yes, or write --yes", err=True)
        ctx.exit(ExitCode.PROBLEM)
    _show(rotate_secret(place, os.environ))
    click.echo("keep a copy of it where the backups of the database are not", err=True)


def _show(state: "SecretState") -> None:
    if options.form() == "json":
        output.as_json(
            {
                "source": state.source,
                "file": state.file,
                "mode": state.mode,
                "names": list(state.names),
                "unread": state.unread,
            }
        )
        return
    if state.source == "none":
        click.echo(f"there is no secret yet; {state.file} is made at first need")
        return
    reached = f"mode {state.mode}" if state.mode else "the environment"
    click.echo(f"the secret is in {state.file} ({reached})")
    for number, name in enumerate(state.names):
        click.echo(f"    {name}  {'known as before' if number else 'current'}")
    if state.unread:
        click.echo("var/secret is there too, and is not read")
