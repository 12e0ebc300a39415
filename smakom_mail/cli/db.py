"""Commands for the database: db upgrade, backup, check, adopt."""

import os
from pathlib import Path

import click

from smakom_mail.cli import options, output, output_store
from smakom_mail.errors import ExitCode


@click.group(short_help="Upgrade, back up, check and adopt the database.")
def db() -> None:
    """The database of people, and the files beside it."""


@db.command(short_help="Bring the database up to this version.")
@options.project
@options.output_format
@options.yes
def upgrade() -> None:
    """Bring the tables of the database up to this version, after a backup.

    A database that is missing is made.
    """
    from smakom_mail.services.storing import upgrade_store

    output_store.upgraded(upgrade_store(options.workplace()), options.form())


@db.command(short_help="Copy the database while others work on it.")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@options.project
@options.output_format
@options.yes
def backup(file: Path | None) -> None:
    """Copy the database to FILE, whole and checked, or to a dated file in backups/ beside it.

    A FILE that is there is replaced with --yes only.
    """
    from smakom_mail.services.sendfiles import would_reach_git
    from smakom_mail.services.storing import back_up_store

    made = back_up_store(options.workplace(), file, replace=options.said_yes())
    if would_reach_git(made.file):
        output.exposed(made.file)
    output_store.backed_up(made, options.form())


@db.command(short_help="See that nothing in the database is wrong.")
@options.project
@options.output_format
def check() -> None:
    """Look at the file, its references and everything that must hold; change nothing.

    The exit code is 1 where something is wrong. A copy that may not send is named, and is no
    fault.
    """
    from smakom_mail.services.storing import check_store

    checked = check_store(options.workplace(), os.environ)
    output_store.checked(checked, options.form())
    if checked.problems:
        click.get_current_context().exit(ExitCode.PROBLEM)


@db.command(short_help="Make a restored or copied database the original.")
@options.project
@options.output_format
@options.yes
def adopt() -> None:
    """Make this database the one that sends, after a restore or a move to another machine.

    First it learns everybody who has said no since, from the journal beside it. If the other
    one is still used, both would send: it asks, or needs --yes.
    """
    from smakom_mail.services.storing import adopt_store

    place = options.workplace()
    if not options.confirmed("Is the other database out of use for ever?"):
        click.echo("nothing was changed; with --yes it is not asked", err=True)
        click.get_current_context().exit(ExitCode.PROBLEM)
    output_store.adopted(adopt_store(place, os.environ), options.form())
