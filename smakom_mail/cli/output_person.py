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
    from smakom_mail.store.deliveries import Try
    from smakom_mail.store.leavings import Leaving
    from smakom_mail.store.letters import Letter
    from smakom_mail.store.received import Received
    from smakom_mail.store.requests import Request


def shown_person(found: "Shown", form: str) -> None:
    """Print all that is held of a person, or that an address said no and when."""
    if form == "json":
        from smakom_mail.services.subscribing.showing import shown_data

        as_json(shown_data(found))
        return
    for line in _lines(found):
        click.echo(line)


def _others(found: "Shown") -> "Iterator[str]":
    if found.formers:
        yield f"former       it was once the address of {' and '.join(found.formers)}"
    if found.texts:
        places = ", ".join(f"{place} {number}" for place, number in found.texts)
        yield f"elsewhere    in what is written of others: {places}; forget takes it out"


def _lines(found: "Shown") -> "Iterator[str]":
    if found.forgotten_at:
        yield f"this address said no on {found.forgotten_at[:10]} and was forgotten"
        yield from _sent_to(found)
        yield from _others(found)
        return
    if found.person is None:
        yield f"this is no subscriber; what is kept is {_kept_of_nobody(found)}"
        yield from _others(found)
    else:
        yield from _person(found)
    for no in found.noes:
        yield f"no           {_no(no)}"
    for leaving in found.leavings:
        yield _left(leaving)
    for each in found.received:
        yield from _received(each)
    yield from _sent_to(found)
    for change in found.history:
        values = " → ".join(filter(None, (change.old, change.new)))
        about = plain(f"{change.what}{f': {values}' if values else ''}")
        yield f"history      {change.at} by {plain(change.actor)}: {about}"
    if found.person is not None or found.noes:
        yield "kept too     a keyed fingerprint of the address, by which a no is known again"
    if found.person is not None:
        yield "kept too     a random number, by which links in mails find this person"


def _kept_of_nobody(found: "Shown") -> str:
    if found.noes:
        return "that the address said no"
    if found.proofs:
        return "that proofs went to the address"
    return "what was asked for it" if found.requests or found.letters else "written of others"


def _left(leaving: "Leaving") -> str:
    why = f", said why: {leaving.why}" if leaving.why else ""
    stood = f", was {leaving.was}" if leaving.was else ""
    new = ", a no was recorded" if leaving.said else ""
    undone = f"; taken back {leaving.undone_at}" if leaving.undone_at else ""
    lists = leaving.list_slug or "every list"
    return f"left         {lists}: by {leaving.how} {leaving.at}{why}{stood}{new}{undone}"


def _received(received: "Received") -> "Iterator[str]":
    rehearsed = " (a rehearsal)" if received.kind is Kind.REHEARSAL else ""
    at = f" {received.at}" if received.at else ""
    words = _said(received)
    yield plain(f"edition      {received.edition}{rehearsed}: {received.state}{at}{words}")
    then = ", ".join(filter(None, (received.email, received.name, received.organisation)))
    if then:
        yield plain(f"  to         {then}")
    if received.message_id:
        yield plain(f"  message    {received.message_id}")
    if received.attempts > 1 or received.next_at:
        later = f", the next {received.next_at}" if received.next_at else ""
        yield f"  tries      {received.attempts}, the first {received.first_at or '-'}{later}"
    for each in received.tries:
        if each.at != received.at:
            yield plain(f"  before     {each.state} {each.at}{_said(each)}")


def _said(what: "Received | Try | Letter") -> str:
    words = ": ".join(filter(None, (what.why, what.reply)))
    return f", {words}" if words else ""


def _sent_to(found: "Shown") -> "Iterator[str]":
    """Give what went to the address beside editions, and what was asked."""
    for edition, proof in found.proofs:
        reply = f", {proof.reply}" if proof.reply else ""
        yield plain(f"proof        {edition}: {proof.at} by {proof.actor}{reply}")
    for request in found.requests:
        yield plain(_request(request))
    for letter in found.letters:
        yield from map(plain, _letter(letter))


def _letter(letter: "Letter") -> "Iterator[str]":
    language = f" in {letter.language}" if letter.language else ""
    yield (
        f"letter       {letter.kind}{language} asked for {letter.created_at}, to {letter.email}: "
        f"{letter.state} {letter.at}{_said(letter)}"
    )
    if letter.message_id:
        yield f"  message    {letter.message_id}"
    if letter.attempts > 1 or letter.next_at:
        later = f", the next {letter.next_at}" if letter.next_at else ""
        yield f"  tries      {letter.attempts}{later}"


def _request(request: "Request") -> str:
    state = f"agreed to {request.done_at}" if request.done_at else "waits for a yes"
    given = (request.name, " ".join(request.lists), request.language)
    details = "".join(f", {text}" for text in given if text)
    return f"asked        {request.kind} {request.at} for {request.email}{details}: {state}"


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
