"""Commands of the editor's day: init, new, check, build."""

from pathlib import Path

import click

from smakom_mail.cli import options, output
from smakom_mail.errors import ExitCode


@click.command(short_help="Make a new newsletter project.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@options.yes
def init(folder: Path) -> None:
    """Make a new newsletter project in DIR: settings, layout and one example edition.

    DIR must be new or empty.
    """
    from smakom_mail.services.scaffolding import init_project

    made = init_project(folder)
    output.created(made, f"cd {output.shown(made.folder)} && smakom-mail build exempel")


@click.command(short_help="Make the folder of a new edition.")
@click.argument("edition")
@options.project
@options.yes
def new(edition: str) -> None:
    """Make the folder of a new EDITION, with nothing carried over from the last one.

    EDITION is a name such as februari-2021. There is a file for every recurring section
    of smakom-mail.toml; titles, date, subject and preheader are yours to write.
    """
    from smakom_mail.services.scaffolding import new_edition

    place = options.workplace()
    made = new_edition(place, edition)
    output.created(made, f"write, then smakom-mail check {edition}")
    options.report(place.findings, place)


@click.command(short_help="Say everything that is wrong with an edition.")
@click.argument("edition")
@options.project
@options.report_format
@options.lang
@click.pass_context
def check(ctx: click.Context, edition: str) -> None:
    """Say everything that is wrong with EDITION, in one run.

    The exit code is 1 if anything keeps it from leaving. docs/checks.md explains each code.
    With --format html it is a page for the chair: what the edition holds, quotes and lacks.
    """
    from smakom_mail.services.checking import check_edition

    place = options.workplace()
    checked = check_edition(place, edition, spelling=True)
    output.checked_edition(checked, options.language(place), options.form())
    ctx.exit(ExitCode.PROBLEM if checked.broken else ExitCode.DONE)


@click.command(short_help="Build the mail, its text and its web version.")
@click.argument("edition")
@options.project
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write here instead of build/EDITION.",
)
@click.option("--draft", is_flag=True, help="Write it in spite of errors, as far as it goes.")
@options.output_format
@options.lang
@options.yes
@click.pass_context
def build(ctx: click.Context, edition: str, out: Path | None, *, draft: bool) -> None:
    """Check EDITION, then write the mail, its text, its web version and a message to open.

    Everything goes to build/EDITION, all or nothing. Nothing is sent. Where there is a database
    it ends with how many the edition would reach.
    """
    from smakom_mail.services.building import build_edition
    from smakom_mail.services.reaching import count_reach

    place = options.workplace()
    built = build_edition(place, edition, out=out, draft=draft)
    checked = built.checked
    reach = count_reach(place, checked.edition, checked.rendered) if built.folder else None
    output.built_edition(built, reach, options.language(place), options.form())
    ctx.exit(ExitCode.DONE if built.folder else ExitCode.PROBLEM)
