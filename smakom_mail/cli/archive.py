"""The command archive: the public archive as files for any web host."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smakom_mail.cli import acting, options
from smakom_mail.cli.output import as_json, diagnostics, shown
from smakom_mail.diagnostics import Severity
from smakom_mail.errors import ExitCode

if TYPE_CHECKING:
    from smakom_mail.services.archiving.archiving import Archived
    from smakom_mail.services.checking import CheckedEdition


@click.command(short_help="Write the public archive, its feed and its search as files.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where it is written, instead of build/_archive.",
)
@click.option(
    "--publish", metavar="EDITION", multiple=True, help="Make an edition public; repeatable."
)
@click.option(
    "--unpublish",
    metavar="EDITION",
    multiple=True,
    help="Take an edition out until it is published by name; repeatable.",
)
@options.project
@options.output_format
@options.lang
@options.yes
@click.pass_context
def archive(
    ctx: click.Context, *, out: Path | None, publish: tuple[str, ...], unpublish: tuple[str, ...]
) -> None:
    """Write every public edition as a web page, with a list, a search, a feed and a sitemap.

    An edition is public once its campaign has begun, or with --publish; with --unpublish it is
    not, whatever was sent. All is made from the sources, for everybody: no reader is in it. It
    replaces what was in DIR in one step, or, where an edition has errors, nothing at all.
    """
    from smakom_mail.services.archiving.archiving import write_archive

    both = sorted({*publish} & {*unpublish})
    if both:
        raise click.UsageError(f"{both[0]} cannot be published and taken out at once")
    place = options.workplace()
    done = write_archive(place, acting.act(), out=out, publish=publish, unpublish=unpublish)
    if options.form() == "json":
        as_json(_json(done))
    else:
        _text(done)
    _troubles(done, options.language(place))
    clean = done.folder is not None and not done.site.faulty
    ctx.exit(ExitCode.DONE if clean else ExitCode.PROBLEM)


def _text(done: "Archived") -> None:
    if done.folder is None:
        click.echo("nothing was written")
        return
    editions = done.site.editions
    size = sum(map(len, done.site.files.values()))
    state = "" if done.changed else ", as it was"
    click.echo(
        f"archive: {len(editions)} edition{'' if len(editions) == 1 else 's'}, "
        f"{len(done.site.files)} files, {size:,} bytes, digest {done.site.digest[:8]}{state}"
    )
    for slug in reversed(editions):
        click.echo(f"    {slug}")
    click.echo(f"in {shown(done.folder)}")
    if not editions:
        click.echo(
            "    hint: nothing is public yet: smakom-mail archive --publish EDITION", err=True
        )


def _json(done: "Archived") -> dict[str, object]:
    return {
        "out": str(done.folder) if done.folder else None,
        "changed": done.changed,
        "digest": done.site.digest,
        "editions": list(done.site.editions),
        "files": len(done.site.files),
        "bytes": sum(map(len, done.site.files.values())),
        "missing": list(done.site.missing),
        "unmade": [each.edition.slug for each in done.site.unmade],
        "faulty": [each.edition.slug for each in done.site.faulty],
        "refused": [each.edition.slug for each in done.refused],
    }


def _troubles(done: "Archived", language: str) -> None:
    """Say on stderr what keeps editions out, and which errors are in what is public."""
    for slug in done.site.missing:
        click.echo(f"error: {slug} is public, but newsletters/ has no such folder", err=True)
        click.echo(
            f"    hint: bring it back, or take it out: smakom-mail archive --unpublish {slug}",
            err=True,
        )
    refused = {each.edition.slug for each in done.refused}
    for checked in (*done.site.unmade, *done.site.faulty):
        _errors(checked, language, refused=checked.edition.slug in refused)


def _errors(checked: "CheckedEdition", language: str, *, refused: bool) -> None:
    slug = checked.edition.slug
    errors = [each for each in checked.findings if each.severity is Severity.ERROR]
    diagnostics(errors, language, err=True)
    if refused:
        click.echo(f"error: {slug} has errors, so it was not published", err=True)
    elif checked.rendered is None:
        click.echo(f"error: {slug} is public, but cannot be drawn as it is now", err=True)
        click.echo(
            f"    hint: mend it, or take it out: smakom-mail archive --unpublish {slug}", err=True
        )
    else:
        click.echo(f"error: {slug} is public, and has errors as it is now", err=True)
