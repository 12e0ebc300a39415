"""argv in, text and exit code out: the group of commands and the one place that catches errors."""

import gc
import io
import sys
from typing import Any

import click

from smakom_mail import __version__
from smakom_mail.cli import (
    archive,
    campaigns,
    db,
    dkim,
    editions,
    letters,
    options,
    preview,
    proofing,
    secret,
    seeds,
    sendlist,
    serve,
    settling,
    subscribers,
    unsubscribes,
)
from smakom_mail.cli.outlets import outlive_readers
from smakom_mail.errors import ExitCode, SmakomMailError


class Boundary(click.Group):
    """Turns a stated problem into its sentence, and a bug into a log file."""

    def main(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as Click has it
        """Run the program; whoever reads its output may go away meanwhile."""
        outlive_readers()
        try:
            return super().main(*arguments, **options)
        except SmakomMailError as error:  # where there is no command yet: --help, --version
            _tell(error)
            sys.exit(error.exit_code)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command and give its exit code (docs/configuration.md, "Exit codes")."""
        _accept_any_text()
        try:
            return super().invoke(ctx)
        except SmakomMailError as error:
            _tell(error)
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            click.echo("interrupted", err=True)
            ctx.exit(ExitCode.INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception as error:  # noqa: BLE001 - the boundary: what is left is a bug
            click.echo(f"bug: {type(error).__name__}: {error}", err=True)
            from smakom_mail.services.bug_log import write_bug_log

            click.echo(f"    hint: please report it with the {write_bug_log()}", err=True)
            ctx.exit(ExitCode.BUG)


def _tell(error: SmakomMailError) -> None:
    click.echo(f"error: {error.message}", err=True)
    if error.hint:
        click.echo(f"    hint: {error.hint}", err=True)


def _accept_any_text() -> None:
    """Spell out what a terminal or pipe cannot show, rather than break off at it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@click.group(
    cls=Boundary,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start here: smakom-mail init my-newsletter",
)
@click.version_option(__version__, prog_name="smakom-mail")
@options.project
def main() -> None:
    """Write a newsletter in Markdown, quote its sources, and build the mail."""
    # A command lives for a second: collecting what its imports leave costs a tenth of that.
    gc.set_threshold(100_000, 20, 20)


for command in (
    editions.init,
    editions.new,
    editions.check,
    editions.build,
    preview.preview,
    seeds.seeds,
    subscribers.subscribers,
    letters.letters,
    unsubscribes.unsubscribes,
    sendlist.sendlist,
    proofing.proof,
    proofing.approve,
    settling.report,
    settling.reconcile,
    campaigns.rehearse,
    campaigns.send,
    campaigns.status,
    campaigns.pause,
    campaigns.resume,
    campaigns.cancel,
    serve.serve,
    archive.archive,
    secret.secret,
    dkim.dkim,
    db.db,
):
    main.add_command(command)
subscribers.subscribers.add_command(letters.invite)
