"""All that is held of one address: the answer to whoever asks what we know of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from smakom_mail.model.person import Change, Consent, Reason, Subscriber, Suppression
from smakom_mail.services.sending.reporting import try_data
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.finding import Found, find_ever
from smakom_mail.services.subscribing.typed import SubscriberError
from smakom_mail.store.blotting import mentions
from smakom_mail.store.leavings import Leaving, leavings_of
from smakom_mail.store.letters import Letter, letters_about
from smakom_mail.store.people import formers_of, history_of
from smakom_mail.store.proofs import Proof, proofs_to
from smakom_mail.store.received import Received, received_by
from smakom_mail.store.requests import Request, requests_about


@dataclass(frozen=True, slots=True)
class Shown:
    """A person with every no and every change; or of a forgotten one, that she said no and when.

    `person` is None for an address of which nothing is kept but noes, proofs, letters and what was
    asked for it. `received` are the editions that she was sent or was to be, `proofs` those of
    which she got a proof, `requests` and `letters` what went to the address or is hers. Of an
    address that nobody has, `formers` had it before, and `texts` counts by place where it stands in
    what is written of others.
    """

    person: Subscriber | None
    noes: tuple[Suppression, ...]
    history: tuple[Change, ...]
    forgotten_at: str = ""
    received: tuple[Received, ...] = ()
    proofs: tuple[tuple[str, Proof], ...] = ()
    formers: tuple[str, ...] = ()
    texts: tuple[tuple[str, int], ...] = ()
    leavings: tuple[Leaving, ...] = ()
    requests: tuple[Request, ...] = ()
    letters: tuple[Letter, ...] = ()


def show_subscriber(store: Store, text: str) -> Shown:
    """Give all that is held of an address.

    Raises SubscriberError where it is nothing.
    """
    found = find_ever(store, text)
    database, key = store.database, found.address.key
    person = found.person if found.is_here else None
    id_ = person.id if person else ""
    shown = Shown(
        person,
        found.noes,
        history_of(database, id_) if person else (),
        received=received_by(database, id_) if person else (),
        proofs=proofs_to(database, key),
        leavings=leavings_of(database, id_) if person else (),
        requests=requests_about(database, key, id_),
        letters=letters_about(database, key, id_),
    )
    return shown if person else _of_nobody(store, found, shown)


def _of_nobody(store: Store, found: Found, shown: Shown) -> Shown:
    """Add where else an address stands that nobody has; of a forgotten one take out the noes."""
    key = found.address.key
    formers = tuple(each.email for each in formers_of(store.database, key))
    texts = tuple(mentions(store.database, [key]).items())
    shown = replace(shown, formers=formers, texts=texts)
    forgotten = [no.at for no in found.standing if no.reason is Reason.FORGOTTEN]
    if forgotten:
        return replace(shown, noes=(), forgotten_at=forgotten[-1])
    if shown == Shown(None, (), ()):
        raise SubscriberError(
            "nothing is held of this address",
            "see who there is: smakom-mail subscribers list --search PART",
        )
    return shown


def shown_data(shown: Shown) -> dict[str, object]:
    """Give all that is held of an address as plain data; times as they are kept."""
    rest: dict[str, object] = {
        "proofs": [proof_data(edition, proof) for edition, proof in shown.proofs],
        "requests": [request_data(each) for each in shown.requests],
        "letters": [letter_data(each) for each in shown.letters],
    }
    if shown.person is not None:
        data = as_data(shown.person, shown.noes, shown.received, shown.history)
        leavings = [leaving_data(each) for each in shown.leavings]
        return {"state": "subscriber", **data, "leavings": leavings, **rest}
    elsewhere = {"former_address_of": list(shown.formers), "texts_of_others": dict(shown.texts)}
    kept = {name: value for name, value in {**rest, **elsewhere}.items() if value}
    if shown.forgotten_at:
        return {"state": "forgotten", "at": shown.forgotten_at, **kept}
    noes = [no_data(no) for no in shown.noes]
    return {"state": "no subscriber", "noes": noes, "proofs": rest["proofs"], **kept}


def as_data(
    person: Subscriber,
    noes: tuple[Suppression, ...],
    received: Iterable[Received],
    history: tuple[Change, ...] | None = None,
) -> dict[str, object]:
    """Give all that is held of a person as plain data; times as they are kept.

    Left out are only what makes links work: the reference in tokens, and the fingerprint.
    """
    data: dict[str, object] = {
        "email": person.email,
        "name": person.name,
        "organisation": person.organisation,
        "language": person.language,
        "flags": list(person.flags),
        "created_at": person.created_at,
        "changed_at": person.changed_at,
        "lists": [
            {"list": each.list_slug, "state": str(each.state), "since": each.since}
            for each in person.memberships
        ],
        "tags": list(person.tags),
        "consents": [consent_data(each) for each in person.consents],
        "noes": [no_data(each) for each in noes],
        "editions": [received_data(each) for each in received],
    }
    if history is not None:
        data["history"] = [
            {
                "at": each.at,
                "actor": each.actor,
                "what": each.what,
                "old": each.old,
                "new": each.new,
            }
            for each in history
        ]
    return data


def consent_data(consent: Consent) -> dict[str, str]:
    """Give the record of a legal ground as plain data."""
    return {
        "list": consent.list_slug or "*",
        "basis": str(consent.basis),
        "at": consent.at,
        "source": consent.source,
        "wording": consent.wording,
        "recorded_at": consent.recorded_at,
        "actor": consent.actor,
    }


def received_data(received: Received) -> dict[str, object]:
    """Give what became of an edition that somebody was sent, or was to be, as plain data."""
    return {
        "edition": received.edition,
        "digest": received.digest,
        "kind": str(received.kind),
        "email": received.email or None,
        "name": received.name,
        "organisation": received.organisation,
        "state": str(received.state),
        "at": received.at or None,
        "attempts": received.attempts,
        "first_at": received.first_at or None,
        "next_at": received.next_at or None,
        "phase": received.phase,
        "code": received.code or None,
        "reply": received.reply,
        "why": received.why,
        "message_id": received.message_id or None,
        "tries": [try_data(each) for each in received.tries],
    }


def leaving_data(leaving: Leaving) -> dict[str, object]:
    """Give that somebody left a list as plain data."""
    return {
        "list": leaving.list_slug or "*",
        "how": leaving.how,
        "at": leaving.at,
        "why": leaving.why,
        "undone_at": leaving.undone_at or None,
        "stood": leaving.was,
        "no_recorded": leaving.said,
    }


def request_data(request: Request) -> dict[str, object]:
    """Give what was asked for and waits for a yes, or was agreed to; without what its link is."""
    return {
        "kind": request.kind,
        "state": "done" if request.done_at else "waiting",
        "email": request.email or None,
        "name": request.name,
        "language": request.language,
        "lists": list(request.lists),
        "at": request.at,
        "done_at": request.done_at or None,
    }


def letter_data(letter: Letter) -> dict[str, object]:
    """Give a single letter as plain data, without its token: whoever has that can say yes."""
    return {
        "id": letter.id,
        "kind": letter.kind,
        "language": letter.language,
        "email": letter.email or None,
        "state": letter.state,
        "message_id": letter.message_id or None,
        "attempts": letter.attempts,
        "created_at": letter.created_at,
        "at": letter.at,
        "next_at": letter.next_at or None,
        "code": letter.code or None,
        "reply": letter.reply,
        "why": letter.why,
    }


def proof_data(edition: str, proof: Proof) -> dict[str, str]:
    """Give that a proof went to an address as plain data."""
    return {
        "edition": edition,
        "digest": proof.digest,
        "at": proof.at,
        "email": proof.email,
        "actor": proof.actor,
        "reply": proof.reply,
    }


def no_data(no: Suppression) -> dict[str, str]:
    """Give a no as plain data, without the fingerprint."""
    return {
        "list": no.list_slug or "*",
        "reason": str(no.reason),
        "at": no.at,
        "actor": no.actor,
        "note": no.note,
        "lifted_at": no.lifted_at,
        "lifted_by": no.lifted_by,
    }
