"""What `subscribers show` prints: all that is held of one person, for that person to read."""

from typing import TYPE_CHECKING

import click

from smakom_mail.cli.output import as_json
from smakom_mail.cli.output_people import plain, where_no

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smakom_mail.model.person import Suppression
    from smakom_mail.services.subscribing.showing import Shown


def shown_person(found: "Shown", form: str) -> None:
    """Print all that is held of a person, or that an address said no and when."""
    if form == "json":
        as_json(_data(found))
        return
    for line in _lines(found):
        click.echo(line)


def _data(found: "Shown") -> dict[str, object]:
    from smakom_mail.services.subscribing.showing import as_data, no_data

    if found.forgotten_at:
        return {"state": "forgotten", "at": found.forgotten_at}
    if found.person is None:
        return {"state": "no subscriber", "noes": [no_data(no) for no in found.noes]}
    return {"state": "subscriber"} | as_data(found.person, found.noes, found.history)


def _lines(found: "Shown") -> "Iterator[str]":
    if found.forgotten_at:
        yield f"this address said no on {found.forgotten_at[:10]} and was forgotten"
        return
    if found.person is None:
        yield "this is no subscriber; what is kept is that the address said no"
    else:
        yield from _person(found)
    for no in found.noes:
        yield f"no           {_no(no)}"
    for change in found.history:
        values = " → ".join(filter(None, (change.old, change.new)))
        about = plain(f"{change.what}{f': {values}' if values else ''}")
        yield f"history      {change.at} by {plain(change.actor)}: {about}"
    yield "kept too     a keyed fingerprint of the address, by which a no is known again"
    if found.person is not None:
        yield "kept too     a random number, by which links in mails find this person"


def _person(found: "Shown") -> "Iterator[str]":
    person = found.person
    if person is None:
        return
    yield f"email        {person.email}"
    for name in ("name", "organisation", "language"):
        if value := getattr(person, name):
            yield f"{name:<13}{plain(value)}"
    if person.flags:
        yield f"flags        {', '.join(person.flags)}"
    for each in person.memberships:
        yield f"list         {each.list_slug}: {each.state} since {each.since}"
    if person.tags:
        yield f"tags         {plain(', '.join(person.tags))}"
    for consent in person.consents:
        how = f", {consent.source}" if consent.source else ""
        yield plain(
            f"ground       {consent.list_slug or 'every list'}: {consent.basis} {consent.at}{how}"
        )
        if consent.wording:
            yield f"  wording    {plain(consent.wording)}"
        yield f"  recorded   {consent.recorded_at} by {plain(consent.actor)}"
    yield f"added        {person.created_at}"
    yield f"changed      {person.changed_at}"


def _no(no: "Suppression") -> str:
    by = f" by {no.actor}" if no.actor else ""
    note = f", {no.note}" if no.note else ""
    lifted = f"; lifted {no.lifted_at} by {no.lifted_by}" if no.lifted_at else ""
    return plain(f"{where_no(no)}: {no.reason} {no.at}{by}{note}{lifted}")
