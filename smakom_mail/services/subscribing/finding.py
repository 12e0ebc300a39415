"""Finding a person by an address, and all that the store knows of it."""

from dataclasses import dataclass, replace

from smakom_mail.content.people.address import Address, canonical
from smakom_mail.model.person import Membership, MembershipState, Subscriber, Suppression
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.typed import SubscriberError, read_address, role_addresses
from smakom_mail.store.people import (
    find_by_fingerprint,
    find_by_former,
    find_by_key,
    formers_of,
    history_of,
)
from smakom_mail.store.suppressions import known_fingerprint, noes_of


@dataclass(frozen=True, slots=True)
class Found:
    """An address and what is known of it: the person, if there is one, and every no."""

    address: Address
    fingerprint: str
    person: Subscriber | None
    noes: tuple[Suppression, ...]

    @property
    def is_here(self) -> bool:
        """Whether there is a person with this address, who has not been forgotten."""
        return self.person is not None and self.person.state == "active"

    @property
    def standing(self) -> tuple[Suppression, ...]:
        """The noes that hold now."""
        return tuple(no for no in self.noes if not no.lifted_at)

    def no_to(self, list_slug: str) -> Suppression | None:
        """Give the no that keeps the address from a list, or None."""
        return next((no for no in self.standing if no.list_slug in ("", list_slug)), None)

    @property
    def memberships(self) -> tuple[Membership, ...]:
        """How the person stands to lists."""
        return self.person.memberships if self.person else ()

    @property
    def confirmed(self) -> tuple[str, ...]:
        """The lists that the person stands confirmed on."""
        return tuple(
            each.list_slug for each in self.memberships if each.state is MembershipState.CONFIRMED
        )


def find(store: Store, text: str) -> Found:
    """Look up an address that was typed.

    Raises SubscriberError where it is none.
    """
    return look_up(store, read_address(text, store.workplace.config.people))


def find_ever(store: Store, text: str) -> Found:
    """Look up an address that somebody has, or had before: who asks may know only the old one.

    Raises SubscriberError where it is none.
    """
    found = find(store, text)
    if found.person is not None:
        return found
    person = find_by_former(store.database, found.address.key)
    if person is None:
        return found
    now = find(store, person.email)
    return replace(now, noes=tuple(dict.fromkeys((*now.noes, *found.noes))))


def former_notes(store: Store, found: Found) -> tuple[str, ...]:
    """Say whose address of before it is that nobody has now: perhaps she is meant."""
    if found.is_here:
        return ()
    people = formers_of(store.database, found.address.key)
    return tuple(
        f"{found.address.email} is a former address of {each.email}, who is left as they are"
        for each in people
    )


def look_up(store: Store, address: Address) -> Found:
    """Give what is known of an address, under every secret that there has been."""
    database = store.database
    fingerprints = store.keyring.fingerprints(address.key)
    person = find_by_key(database, address.key) or find_by_fingerprint(database, fingerprints)
    fingerprint = person.fingerprint if person else known_fingerprint(database, fingerprints)
    noes = noes_of(database, dict.fromkeys((fingerprint, *fingerprints)))
    return Found(address, fingerprint, person, noes)


def former_fingerprints(store: Store, person: Subscriber) -> tuple[str, ...]:
    """Give the fingerprints of addresses that a person had before, and nobody has now.

    A no at the new address is a no at the old one: an old file may still hold that.
    """
    people = store.workplace.config.people
    roles = role_addresses(people)
    old = [entry.old for entry in history_of(store.database, person.id) if entry.what == "email"]
    read = (canonical(email, roles=roles) for email in dict.fromkeys(old))
    # One that somebody else had too and was erased with her is no address any more.
    found = (look_up(store, each) for each in read if isinstance(each, Address))
    return tuple(each.fingerprint for each in found if each.person is None)


def find_here(store: Store, text: str) -> tuple[Found, Subscriber]:
    """Find a person who is there.

    Raises SubscriberError where there is none.
    """
    found = find(store, text)
    if found.person is None or found.person.state != "active":
        raise SubscriberError(
            "there is no subscriber with this address",
            "see who there is: smakom-mail subscribers list --search PART",
        )
    return found, found.person
