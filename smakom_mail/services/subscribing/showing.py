"""All that is held of one address: the answer to whoever asks what we know of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from smakom_mail.model.person import Change, Consent, Reason, Subscriber, Suppression
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.finding import find_ever
from smakom_mail.services.subscribing.typed import SubscriberError
from smakom_mail.store.blotting import mentions
from smakom_mail.store.deliveries import Received, received_by
from smakom_mail.store.people import formers_of, history_of
from smakom_mail.store.proofs import Proof, proofs_to


@dataclass(frozen=True, slots=True)
class Shown:
    """A person with every no and every change; or of a forgotten one, that she said no and when.

    `person` is None for an address of which nothing is kept but noes and proofs. `received` are
    the editions that she was sent or was to be, `proofs` those of which she got a proof. Of an
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


def show_subscriber(store: Store, text: str) -> Shown:
    """Give all that is held of an address.

    Raises SubscriberError where it is nothing.
    """
    found = find_ever(store, text)
    proofs = proofs_to(store.database, found.address.key)
    if found.person is not None and found.is_here:
        history = history_of(store.database, found.person.id)
        received = received_by(store.database, found.person.id)
        return Shown(found.person, found.noes, history, "", received, proofs)
    formers = tuple(each.email for each in formers_of(store.database, found.address.key))
    texts = tuple(mentions(store.database, [found.address.key]).items())
    forgotten = [no.at for no in found.standing if no.reason is Reason.FORGOTTEN]
    if forgotten:
        return Shown(None, (), (), forgotten[-1], (), proofs, formers, texts)
    if not (found.noes or proofs or formers or texts):
        raise SubscriberError(
            "nothing is held of this address",
            "see who there is: smakom-mail subscribers list --search PART",
        )
    return Shown(None, found.noes, (), "", (), proofs, formers, texts)


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
        "state": str(received.state),
        "at": received.at or None,
        "attempts": received.attempts,
        "reply": received.reply,
        "why": received.why,
        "message_id": received.message_id or None,
    }


def proof_data(edition: str, proof: Proof) -> dict[str, str]:
    """Give that a proof went to an address as plain data."""
    return {"edition": edition, "digest": proof.digest, "at": proof.at, "reply": proof.reply}


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
