"""What the commands for letters print, and the one that asks somebody to confirm."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from smakom_mail.cli.output import as_json, shown
from smakom_mail.cli.output_people import plain

if TYPE_CHECKING:
    from smakom_mail.services.letters.delivering import Asked, Delivered
    from smakom_mail.store.letters import Letter

_WIDEST = 11


def delivered(done: "Delivered", form: str) -> None:
    """Print what became of the letters of a pass."""
    if form == "json":
        as_json(
            {
                "letters": [_data(each) for each in done.letters],
                "counts": dict(done.counts),
                "trouble": done.trouble or None,
                "outbox": str(done.outbox) if done.outbox else None,
            }
        )
        return
    _lines(done.letters)
    if not done.letters and not done.trouble:
        click.echo("no letter is due", err=True)
    if done.letters and done.outbox:
        click.echo(f"no relay is configured: look in {shown(done.outbox)}", err=True)
    if done.trouble:
        click.echo(f"error: {plain(done.trouble)}", err=True)
        click.echo("    hint: the letters wait; mend it, and send them again", err=True)


def listed(letters: Sequence["Letter"], form: str) -> None:
    """Print how every letter stands."""
    if form == "json":
        as_json({"letters": [_data(each) for each in letters]})
        return
    _lines(letters)
    click.echo(f"{len(letters)} {'letter' if len(letters) == 1 else 'letters'}", err=True)


def _lines(letters: Sequence["Letter"]) -> None:
    for each in letters:
        who = each.email or "(forgotten)"
        words = ": ".join(filter(None, (each.why, each.reply)))
        said = f"  {plain(words)}" if words else ""
        head = f"{each.created_at[:16]}  {each.state:<10}  {each.kind:<{_WIDEST}}"
        click.echo(f"{head}  {plain(who)}{said}")


def _data(letter: "Letter") -> dict[str, object]:
    from smakom_mail.services.subscribing.showing import letter_data

    return letter_data(letter)


def asked(done: "Asked", form: str) -> None:
    """Print that somebody was asked to confirm, or the link to send to her."""
    invitation, letter = done.invitation, done.letter
    lists = ", ".join(invitation.lists)
    if form == "json":
        data: dict[str, object] = {"email": invitation.email, "lists": list(invitation.lists)}
        if invitation.notes:
            data["notes"] = list(invitation.notes)
        if letter is None:
            as_json({**data, "url": invitation.url})
        else:
            as_json({**data, "letter": _data(letter), "trouble": done.trouble or None})
        return
    for note in invitation.notes:
        click.echo(f"note: {plain(note)}", err=True)
    if invitation.mailbox:
        click.echo(
            f"note: no page answers: the yes comes as a mail to {invitation.mailbox}, and is taken "
            "by smakom-mail unsubscribes read MAILBOX",
            err=True,
        )
    if letter is None:
        click.echo(invitation.url)
        click.echo(
            f"nothing was sent; send this link to {invitation.email}: it asks for a yes to {lists}",
            err=True,
        )
        return
    _lines([letter])
    if done.trouble:
        click.echo(f"the letter waits: {plain(done.trouble)}", err=True)
        click.echo("    hint: to try it again: smakom-mail letters send", err=True)
    else:
        click.echo(f"it asks for a yes to {lists}", err=True)
