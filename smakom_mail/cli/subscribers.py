"""Commands for people: subscribers import, add, edit, list, show, export and the way out."""

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from smakom_mail.cli import (
    acting,
    options,
    output,
    output_people,
    output_person,
    output_retention,
)
from smakom_mail.errors import ExitCode

if TYPE_CHECKING:
    from smakom_mail.services.storing import Store
    from smakom_mail.services.subscribing.typed import Ground

_BASES = ("consent", "membership", "public-task", "legitimate-interest")
_REASONS = ("unsubscribed", "complained", "bounced", "manual")
_STATES = ("subscribed", "unsubscribed", "suppressed", "unconfirmed", "no-consent", "forgotten")

Command = Callable[..., Any]


def _ground(command: Command) -> Command:
    """Add the options that say on what legal ground somebody is written to."""
    for option in (
        click.option("--consent-at", metavar="DATE", default="", help="When it was given."),
        click.option("--source", metavar="TEXT", default="", help="How it was given."),
        click.option("--wording", metavar="TEXT", default="", help="The very words shown then."),
        click.option("--basis", type=click.Choice(_BASES), help="The legal ground."),
    ):
        command = option(command)
    return command


def _fields(command: Command) -> Command:
    """Add the options for what is said of a person."""
    for option in (
        click.option("--tag", "tags", multiple=True, metavar="TAG", help="A tag; repeatable."),
        click.option("--list", "lists", multiple=True, metavar="SLUG", help="A list; repeatable."),
        click.option("--language", metavar="sv|en", help="The language to write in."),
        click.option("--organisation", metavar="TEXT", help="The municipality, say."),
        click.option("--name", metavar="TEXT", help="The person's name."),
    ):
        command = option(command)
    return command


def _read_ground(basis: str | None, wording: str, source: str, consent_at: str) -> "Ground":
    from smakom_mail.model.person import Basis
    from smakom_mail.services.subscribing.typed import Ground

    return Ground(Basis(basis) if basis else None, wording, source, consent_at)


def _store(*, create: bool = False) -> "Store":
    from smakom_mail.services.storing import open_store

    store = open_store(options.workplace(), os.environ, create=create)
    for note in store.notes:
        click.echo(f"note: {note}", err=True)
    return store


def _give_up() -> None:
    click.echo("nothing was changed; with --yes it is not asked", err=True)
    click.get_current_context().exit(ExitCode.PROBLEM)


@click.group(short_help="People: import, add, show, unsubscribe, forget and more.")
def subscribers() -> None:
    """The people who get the newsletter, and those who have said no."""


@subscribers.command("import", short_help="Read people from a .csv or .xlsx.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--apply", is_flag=True, help="Carry it out; without it the plan is shown.")
@click.option("--sheet", metavar="NAME", default="", help="Which sheet of an .xlsx.")
@click.option(
    "--list", "lists", multiple=True, metavar="SLUG", help="For rows that name none; repeatable."
)
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="For every row; repeatable.")
@_ground
@options.project
@options.output_format
@options.yes
def import_(
    file: Path,
    *,
    apply: bool,
    sheet: str,
    lists: tuple[str, ...],
    tags: tuple[str, ...],
    **ground: Any,  # noqa: ANN401 - as _ground has them
) -> None:
    """Say what FILE would add and change; with --apply do it, all or nothing.

    The columns: email (or e-post), name, organisation (kommun), language, lists and tags (with ;
    between), basis, consent_at, consent_source, wording. Somebody new needs a legal ground, from
    the row or from --basis, --wording, --source and --consent-at. Whoever has said no is left
    out, and named. Somebody new without a list goes to the default one.
    """
    from smakom_mail.services.importing import Defaults, import_people, people_file

    ticker = acting.Ticker()
    defaults = Defaults(_read_ground(**ground), lists, tags)
    with people_file(file, sheet) as (table, stream), _store(create=True) as store:
        size = os.fstat(stream.fileno()).st_size
        done = import_people(
            store,
            file,
            table,
            defaults,
            acting.act(),
            now=acting.now(),
            apply=apply,
            position=lambda: (stream.tell(), size),
            progress=ticker,
        )
    ticker.done()
    output_people.imported(done, options.form())
    click.get_current_context().exit(ExitCode.PROBLEM if done.is_useless else ExitCode.DONE)


@subscribers.command(short_help="Add one person.")
@click.argument("address")
@_fields
@_ground
@options.project
@options.output_format
@options.yes
def add(  # noqa: PLR0913 - one for each option
    address: str,
    *,
    name: str | None,
    organisation: str | None,
    language: str | None,
    lists: tuple[str, ...],
    tags: tuple[str, ...],
    **ground: Any,  # noqa: ANN401 - as _ground has them
) -> None:
    """Add ADDRESS to the default list, or to each --list, with the ground given by --basis.

    An address that has said no is refused: only the person can lift that (see invite).
    """
    from smakom_mail.services.subscribing.adding import Details, add_subscriber
    from smakom_mail.services.subscribing.finding import find, former_notes

    details = Details(None, name, organisation, language, lists, tags, (), _read_ground(**ground))
    with _store(create=True) as store:
        notes = former_notes(store, find(store, address))
        person = add_subscriber(store, address, details, acting.act(), acting.now())
    output_people.added(person, notes, options.form())


@subscribers.command(short_help="Change what is said of one person.")
@click.argument("address")
@click.option("--email", metavar="NEW", help="A new address; noes go with the person.")
@_fields
@click.option("--untag", multiple=True, metavar="TAG", help="Take a tag away; repeatable.")
@_ground
@options.project
@options.output_format
@options.yes
def edit(  # noqa: PLR0913 - one for each option
    address: str,
    *,
    email: str | None,
    name: str | None,
    organisation: str | None,
    language: str | None,
    lists: tuple[str, ...],
    tags: tuple[str, ...],
    untag: tuple[str, ...],
    **ground: Any,  # noqa: ANN401 - as _ground has them
) -> None:
    """Change what is said of ADDRESS; an empty text empties a field.

    With --list the person joins a list, which needs a ground; --basis and --wording record it.
    A no is never lifted by this, and no list is left by it (see unsubscribe).
    """
    from smakom_mail.services.subscribing.adding import Details, edit_subscriber

    details = Details(
        email, name, organisation, language, lists, tags, untag, _read_ground(**ground)
    )
    with _store() as store:
        edited = edit_subscriber(store, address, details, acting.act(), acting.now())
    output_people.edited(edited, options.form())


@subscribers.command("list", short_help="List people.")
@click.argument("selection", required=False, default="")
@click.option("--state", type=click.Choice(_STATES), default=None, help="Only these.")
@click.option("--search", metavar="TEXT", default="", help="A part of address, name, organisation.")
@options.project
@options.output_format
def list_(selection: str, state: str | None, search: str) -> None:
    """List everybody, or those of a SELECTION such as 'list:medlemmar and not tag:styrelse'.

    Whoever has left a list, or waits to confirm, is listed with it; --state narrows that down.
    Of the forgotten only the day is known: --state forgotten.
    """
    from smakom_mail.services.subscribing.listing import list_people

    with _store() as store, closing(list_people(store, selection, state or "", search)) as people:
        output_people.listed(people, options.form())


@subscribers.command(short_help="Show all that is held of one person.")
@click.argument("address")
@options.project
@options.output_format
def show(address: str) -> None:
    """Show all that is held of ADDRESS: the answer to who asks what is known of them."""
    from smakom_mail.services.subscribing.showing import show_subscriber

    with _store() as store:
        shown = show_subscriber(store, address)
    output_person.shown_person(shown, options.form())


@subscribers.command(short_help="Write people as CSV or JSON.")
@click.argument("selection", required=False, default="")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json"]),
    default="csv",
    show_default=True,
    help="A table for import, or all that is held.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write here instead of to stdout; a file that is there needs --yes.",
)
@click.option("--excel", is_flag=True, help="With ; and as Excel knows UTF-8.")
@options.project
@options.yes
def export(selection: str, form: str, out: Path | None, *, excel: bool) -> None:
    """Write everybody, or those of a SELECTION, to stdout.

    The CSV holds those whom a list reaches, and can be imported again without loss: a cell that a
    spreadsheet would run as a formula begins with an apostrophe, which import takes away. The
    JSON holds everybody with all that is held of them.
    """
    from smakom_mail.services.sendfiles import would_reach_git
    from smakom_mail.services.subscribing.exporting import (
        export_people,
        new_file,
        write_csv,
        write_json,
    )

    with _store() as store, ExitStack() as files:
        exported = export_people(store, selection, reached_only=form == "csv")
        people = files.enter_context(closing(exported))
        if out is None:
            target: BinaryIO = sys.stdout.buffer
        else:
            target = files.enter_context(new_file(out, replace=options.said_yes()))
        if form == "json":
            count = write_json(people, target)
        else:
            count = write_csv(people, target, excel=excel)
    if out is not None and would_reach_git(out):
        output.exposed(out)
    click.echo(f"{count} {'person' if count == 1 else 'people'}", err=True)


@subscribers.command(short_help="Keep an address from getting more.")
@click.argument("address")
@click.option(
    "--list", "lists", multiple=True, metavar="SLUG", help="Only from this list; repeatable."
)
@click.option(
    "--reason",
    type=click.Choice(_REASONS),
    default="unsubscribed",
    show_default=True,
    help="Why: who has unsubscribed can only be brought back by their own yes.",
)
@options.project
@options.output_format
@options.yes
def unsubscribe(address: str, lists: tuple[str, ...], reason: str) -> None:
    """Keep ADDRESS from getting anything more, from every list or from each --list.

    It works for an address that nobody has, too: no import can then bring it in.
    """
    from smakom_mail.model.person import Reason
    from smakom_mail.services.subscribing.leaving import unsubscribe as leave

    with _store(create=True) as store:
        left = leave(store, address, lists, acting.act(), Reason(reason))
    output_people.left(left, options.form())


@subscribers.command(short_help="Lift a complaint or bounce, for a reason.")
@click.argument("address")
@click.option("--reason", metavar="TEXT", required=True, help="Why; it is kept in the history.")
@options.project
@options.output_format
@options.yes
def lift(address: str, reason: str) -> None:
    """Lift the complaints, bounces and manual noes of ADDRESS.

    An unsubscription is not lifted by this: only the person can do that (see invite).
    """
    from smakom_mail.services.subscribing.leaving import lift_no

    with _store() as store:
        lifted = lift_no(store, address, reason, acting.act())
    output_people.lifted(lifted, options.form())


@subscribers.command(short_help="Erase a person everywhere.")
@click.argument("address")
@options.project
@options.output_format
@options.yes
def forget(address: str) -> None:
    """Erase ADDRESS everywhere, also from the freed pages of the database and its log.

    It asks first, or needs --yes. What stays is a keyed fingerprint, which tells that this
    address said no and keeps it out; and the row that sums depend on, with nothing in it.
    """
    from smakom_mail.services.subscribing.leaving import forget_subscriber

    place = options.workplace()
    if not options.confirmed("Erase this person for ever?"):
        _give_up()
    with _store() as store:
        forgotten = forget_subscriber(store, address, acting.act())
    output_people.forgotten(forgotten, place.root, options.form())


@subscribers.command(short_help="Addresses by organisation, and members with none.")
@click.option(
    "--members",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A .csv of the members; otherwise [people] members_file.",
)
@options.project
@options.output_format
def organisations(members: Path | None) -> None:
    """Count the addresses of each organisation, and those of them that some list reaches.

    With a list of members, those without a working address are named.
    """
    from smakom_mail.services.subscribing.organisations import list_organisations

    with _store() as store:
        output_people.organisations(list_organisations(store, members), options.form())


@subscribers.command(short_help="Who is kept longer than may be.")
@click.option("--apply", is_flag=True, help="Forget them; without it they are named.")
@options.project
@options.output_format
@options.yes
def retention(*, apply: bool) -> None:
    """Name who has left, never confirmed or is on no list since [people] retention_months.

    With --apply they are forgotten, after a question that --yes answers.
    """
    from smakom_mail.services.subscribing.retaining import retain

    if apply and not options.confirmed("Erase these people for ever?"):
        _give_up()
    with _store() as store:
        kept = retain(store, acting.act(), acting.now(), apply=apply)
    output_retention.retention(kept, options.form())
