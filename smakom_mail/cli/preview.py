"""The command preview: an edition as its readers will see it, while it is being written."""

import os
import sys
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smakom_mail.cli import options, output

if TYPE_CHECKING:
    from smakom_mail.config import SampleReader
    from smakom_mail.services.workplace import Workplace


@click.command(short_help="Show editions in the browser while you write.")
@click.argument("edition", required=False)
@options.project
@click.option("--host", default="127.0.0.1", show_default=True, help="Loopback only.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help="Listen on this port; without it the first free one from 8025.",
)
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@click.option(
    "--shots",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write pictures of EDITION's views, a page and a PDF of them to DIR, and end.",
)
@click.option(
    "--view",
    "views",
    multiple=True,
    metavar="NAME",
    help="With --shots: only this one; repeatable.",
)
@click.option(
    "--as",
    "readers",
    multiple=True,
    metavar="ADDRESS",
    help="Let this subscriber be one of the readers to choose from; repeatable.",
)
@options.yes
def preview(  # noqa: PLR0913 - one for each option
    edition: str | None,
    host: str,
    port: int | None,
    *,
    shots: Path | None,
    views: tuple[str, ...],
    readers: tuple[str, ...],
    no_open: bool,
) -> None:
    """Show EDITION, or the list of editions, in the browser; every save shows at once.

    It follows the files, and says what is wrong with a save beside the last good version.
    Only this machine can reach it. Ctrl-C ends it; nothing is sent, and nothing is written
    but the pictures that --shots asks for.
    """
    place = options.workplace()
    if shots or views:
        if not shots or not edition:
            raise click.UsageError("pictures need both: preview EDITION --shots DIR")
        if readers:
            raise click.UsageError("pictures show no subscriber: leave out --as")
        _shoot(place, edition, shots, views)
    else:
        _serve(place, edition, host, port, _readers(place, readers), no_open=no_open)


def _shoot(place: "Workplace", edition: str, folder: Path, views: tuple[str, ...]) -> None:
    from smakom_mail.services.previewing.snapshot import take_snapshot
    from smakom_mail.services.shots import chosen_shots, take_shots

    chosen = chosen_shots(views)
    snapshot = take_snapshot(place.root, os.environ, edition)
    made = take_shots(snapshot, folder, chosen, progress=lambda words: click.echo(words, err=True))
    output.shot_files(made)


def _readers(place: "Workplace", addresses: tuple[str, ...]) -> "tuple[SampleReader, ...]":
    if not addresses:
        return ()
    from smakom_mail.services.previewing.readers import read_readers

    return read_readers(place, addresses)


def _serve(  # noqa: PLR0913 - where it listens, and what it shows
    place: "Workplace",
    edition: str | None,
    host: str,
    port: int | None,
    readers: "tuple[SampleReader, ...]",
    *,
    no_open: bool,
) -> None:
    from smakom_mail.services.previewing.studio import Studio
    from smakom_mail.services.workplace import require_edition
    from smakom_mail.web.preview.app import Preview
    from smakom_mail.web.preview.server import edition_url, open_socket, run

    slug = require_edition(place, edition) if edition else None
    served = open_socket(host, port)
    url = edition_url(served, slug)

    def ready() -> None:
        click.echo(f"preview: {url}  (Ctrl-C ends it)")
        sys.stdout.flush()
        if not no_open:
            # Some browsers do not come back before they end, and they want the page before.
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    studio = Studio(place.root, os.environ, readers=readers)
    run(served, Preview(studio, place.root, place.language, place.config.editor), ready)
