"""The command serve: the public pages, behind a reverse proxy."""

import datetime as dt
import os
import signal
import sys

import click

from smakom_mail.cli import options
from smakom_mail.errors import ExitCode


@click.command(short_help="Serve the pages that readers meet: subscribe, confirm, unsubscribe.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8026,
    show_default=True,
    metavar="N",
    help="Listen on this port; 0 takes a free one.",
)
@click.option("--quiet", is_flag=True, help="No line for each request on stderr.")
@options.project
@options.yes
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, *, quiet: bool) -> None:
    """Serve the public pages of the newsletter until it is told to stop (docs/public.md).

    It is one process without TLS, for a reverse proxy to stand before. The log on stderr names
    neither readers nor tokens. SIGTERM ends it when all that it has taken is answered.
    """
    from smakom_mail.web.public.serving import Orders, serve_pages

    place = options.workplace()

    def ready(address: str) -> None:
        click.echo(f"serving {address} as {place.config.site_url}/")
        sys.stdout.flush()

    log = (lambda _: None) if quiet else _say
    number = serve_pages(place, os.environ, Orders(host, port, _now, ready, _say, log))
    ctx.exit(ExitCode.INTERRUPTED if number == signal.SIGINT else ExitCode.DONE)


def _say(line: str) -> None:
    sys.stderr.write(f"{_now().isoformat(timespec='seconds')} {line}\n")
    sys.stderr.flush()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
