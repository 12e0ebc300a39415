"""What the command unsubscribes read prints: the counts, and whom a person has to answer."""

import shlex
from typing import TYPE_CHECKING

import click

from smakom_mail.cli.output import as_json, visible

if TYPE_CHECKING:
    from smakom_mail.services.unsubscribe_mail.reading import MailRead, Unclear

_SUBJECT = 80
_LISTED = 50


def mail_read(done: "MailRead", form: str, *, dry_run: bool) -> None:
    """Print what became of each mail, in numbers, and those that are unclear by name."""
    if form == "json":
        as_json(_json(done, dry_run=dry_run))
        return
    for label, number in (
        ("read", done.read),
        ("unsubscribed", done.unsubscribed),
        *([("said yes", done.agreed)] if done.agreed else ()),
        ("already gone", done.gone),
        ("read before", done.before),
        ("ignored", done.ignored),
        ("unclear", done.unclear),
    ):
        click.echo(f"{label:<14}{number:>6}")
    for unclear in done.named[:_LISTED]:
        _unclear(unclear)
    if (more := done.unclear - _LISTED) > 0:
        click.echo(f"    and {more} more; --format json names them")
    if dry_run:
        click.echo("nothing is changed: without --dry-run it is done", err=True)


def _unclear(unclear: "Unclear") -> None:
    who = visible(unclear.sender) or "from no address"
    subject = f" “{visible(unclear.subject[:_SUBJECT])}”" if unclear.subject else ""
    detail = f": {visible(unclear.detail)}" if unclear.detail else ""
    click.echo(f"    {visible(unclear.place)}: {who}{subject}: {unclear.why}{detail}")
    if unclear.sender and unclear.known:
        click.echo(f"        ask, or: smakom-mail subscribers unsubscribe {_typed(unclear.sender)}")
    elif unclear.sender:
        click.echo("        no subscriber has this address: ask which one it is about")


def _typed(address: str) -> str:
    """Give an address as it is typed in a shell; one may begin as an option does."""
    return f"{'-- ' if address.startswith('-') else ''}{shlex.quote(address)}"


def _json(done: "MailRead", *, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "read": done.read,
        "unsubscribed": done.unsubscribed,
        "said_yes": done.agreed,
        "already_gone": done.gone,
        "read_before": done.before,
        "ignored": done.ignored,
        "unclear": done.unclear,
        "named": [
            {
                "place": each.place,
                "from": each.sender or None,
                "subject": each.subject or None,
                "why": str(each.why),
                "detail": each.detail or None,
                "known": each.known,
            }
            for each in done.named
        ],
    }
