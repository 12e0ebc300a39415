"""Commands for source documents: seeds list, show, add, verify."""

from pathlib import Path

import click

from smakom_mail.cli import options, output


@click.group(short_help="List, show, add and verify source documents.")
def seeds() -> None:
    """The source documents that editions quote."""


@seeds.command("list", short_help="List the catalogue.")
@options.project
@options.output_format
@options.lang
def list_() -> None:
    """List the catalogue and the editions that use each document."""
    from smakom_mail.services.seeding import list_seeds

    place = options.workplace()
    listed, findings = list_seeds(place)
    output.listed_seeds(listed, options.form())
    options.report(findings, place)


@seeds.command(short_help="Show a document's numbered paragraphs.")
@click.argument("slug")
@options.project
@options.output_format
def show(slug: str) -> None:
    """Show the numbered paragraphs of SLUG, and which editions use them.

    SLUG may also be the start of a file name, as long as only one begins so.
    """
    from smakom_mail.services.seeding import show_seed

    output.shown_seed(show_seed(options.workplace(), slug), options.form())


@seeds.command(short_help="Take in a document.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.project
@options.yes
def add(file: Path) -> None:
    """Copy FILE to seeds/ and propose its catalogue entry from its text.

    The entry is printed, and written to seeds/seeds.toml after a yes or with --yes.
    """
    from smakom_mail.services.seeding import add_seed, catalogue_seed

    place = options.workplace()
    added = add_seed(place, file)
    click.echo(added.entry, nl=False)
    if options.confirmed("Write this to seeds/seeds.toml?"):
        catalogue_seed(place, added)
        click.echo("written to seeds/seeds.toml", err=True)
    else:
        click.echo("copied; put the lines above in seeds/seeds.toml, corrected", err=True)


@seeds.command(short_help="See that no document has changed.")
@click.option("--accept", metavar="SLUG", help="Record that SLUG is right as it is now.")
@options.project
@options.output_format
@options.lang
@options.yes
def verify(accept: str | None) -> None:
    """Compare every document with the day it was taken in.

    One that has changed is named with the editions, files and lines that quote it, and the
    exit code is 1.
    """
    from smakom_mail.services.seeding import accept_seed, verify_seeds

    place = options.workplace()
    if accept:
        accept_seed(place, accept)
    verified, findings = verify_seeds(place)
    output.verified_seeds(verified, options.form())
    options.report(findings, place, failed=any(seed.state == "changed" for seed in verified))
