"""The command serve: the public pages, behind a reverse proxy."""

import datetime as dt
import os
import signal
import sys
from typing import TYPE_CHECKING

import click

from smakom_mail.cli import options
from smakom_mail.errors import ExitCode

if TYPE_CHECKING:
    from smakom_mail.services.storing import Store
    from smakom_mail.services.workplace import Workplace


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
    place = options.workplace()
    number = _serve(place, host, port, quiet=quiet)
    ctx.exit(ExitCode.INTERRUPTED if number == signal.SIGINT else ExitCode.DONE)


def _serve(place: "Workplace", host: str, port: int, *, quiet: bool) -> int:
    from smakom_mail.services.archiving.showing import ArchiveSite
    from smakom_mail.services.public.desk import Desk
    from smakom_mail.services.public.housekeeping import Housekeeping
    from smakom_mail.services.public.look import masthead_picture
    from smakom_mail.services.public.reading import Readers
    from smakom_mail.services.storing import open_store
    from smakom_mail.web.public.app import make_app
    from smakom_mail.web.public.server import open_socket, run
    from smakom_mail.web.public.site import Site

    def opener(create: bool) -> "Store":  # noqa: FBT001 - what the desk asks of it
        store = open_store(place, os.environ, create=create)
        for note in store.notes:
            say(f"note: {note}")
        return store

    def say(line: str) -> None:
        sys.stderr.write(f"{_now().isoformat(timespec='seconds')} {line}\n")
        sys.stderr.flush()

    sock = open_socket(host, port)
    desk, readers = Desk(opener), Readers(opener)
    keeping = Housekeeping(desk, _now, say)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{sock.getsockname()[1]}/"
    try:
        desk.open()
        keeping.open()
        archive, masthead = ArchiveSite(place), masthead_picture(place)
        site = Site(place, desk, readers, _now, archive=archive, masthead=masthead)
        app = make_app(site, (lambda _: None) if quiet else say)
        return run(sock, app, lambda: _ready(address, place.config.site_url))
    finally:
        keeping.close()
        desk.close()
        readers.close()
        sock.close()


def _ready(address: str, site_url: str) -> None:
    click.echo(f"serving {address} as {site_url}/")
    sys.stdout.flush()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
