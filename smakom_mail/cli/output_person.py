"""What `subscribers show` prints: all that is held of one person, for that person to read."""

from typing import TYPE_CHECKING

import click

from smakom_mail.cli.output import as_json
from smakom_mail.cli.output_people import plain, where_no
from smakom_mail.model.campaign import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smakom_mail.model.person import Suppression
    from smakom_mail.services.subscribing.showing import Shown
    from smakom_mail.store.deliveries import Received


def shown_person(found: "Shown", form: str) -> None:
    """Print all that is held of a person, or that an address said no and when."""
    if form == "json":
        as_json(_data(found))
        return
    for line in _lines(found):
        click.echo(line)


def _data(found: "Shown") -> dict[str, object]:
    from smakom_mail.services.subscribing.showing import as_data, no_data, proof_data

    proofs = [proof_data(edition, proof) for edition, proof in found.proofs]
    if found.forgotten_at:
        kept = {"proofs": proofs} if proofs else {}
        return {"state": "forgotten", "at": found.forgotten_at, **kept, **_elsewhere(found)}
    if found.person is None:
        noes = [no_data(no) for no in found.noes]
        return {"state": "no subscriber", "noes": noes, "proofs": proofs, **_elsewhere(found)}
    data = as_data(found.person, found.noes, found.received, found.history)
    return {"state": "subscriber", **data, "proofs": proofs}


def _elsewhere(found: "Shown") -> dict[str, object]:
    """Give where an address that nobody has stands in what is held of others."""
    given = {"former_address_of": list(found.formers), "texts_of_others": dict(found.texts)}
    return {name: value for name, value in given.items() if value}


def _others(found: "Shown") -> "Iterator[str]":
    if found.formers:
        yield f"former       it was once the address of {' and '.join(found.formers)}"
    if found.texts:
        places = ", ".join(f"{place} {number}" for place, number in found.texts)
        yield f"elsewhere    in what is written of others: {places}; forget takes it out"


def _lines(found: "Shown") -> "Iterator[str]":
    if found.forgotten_at:
        yield f"this address said no on {found.forgotten_at[:10]} and was forgotten"
        yield from _proofs(found)
        yield from _others(found)
        return
    if found.person is None:
        proofs = "that proofs went to the address" if found.proofs else "written of others"
        said = "that the address said no" if found.noes else proofs
        yield f"this is no subscriber; what is kept is {said}"
        yield from _others(found)
    else:
        yield from _person(found)
    for no in found.noes:
        yield f"no           {_no(no)}"
    for each in found.received:
        yield _received(each)
    yield from _proofs(found)
    for change in found.history:
        values = " → ".join(filter(None, (change.old, change.new)))
        about = plain(f"{change.what}{f': {values}' if values else ''}")
        yield f"history      {change.at} by {plain(change.actor)}: {about}"
    if found.person is not None or found.noes:
        yield "kept too     a keyed fingerprint of the address, by which a no is known again"
    if found.person is not None:
        yield "kept too     a random number, by which links in mails find this person"


def _received(received: "Received") -> str:
    said = ": ".join(filter(None, (received.why, received.reply)))
    rehearsed = " (a rehearsal)" if received.kind is Kind.REHEARSAL else ""
    at = f" {received.at}" if received.at else ""
    words = f", {said}" if said else ""
    return plain(f"edition      {received.edition}{rehearsed}: {received.state}{at}{words}")


def _proofs(found: "Shown") -> "Iterator[str]":
    for edition, proof in found.proofs:
        yield plain(f"proof        {edition}: {proof.at} by {proof.actor}")


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
