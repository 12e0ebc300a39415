"""Addresses as pages show them: the reader knows their own, and nobody else learns it."""

from smakom_mail.content.people.address import Address, readable
from smakom_mail.model.person import Subscriber

MASK = "•••"


def masked(email: str) -> str:
    """Give an address with little of it left: ``k•••@e•••.example``.

    The first letter of either part, as people read it, and the last label of the domain. A part of
    one letter is hidden whole: nobody else can tell how long it is.
    """
    local, _, domain = readable(email).rpartition("@")
    host, _, top = domain.rpartition(".")
    return f"{_first(local)}{MASK}@{_first(host)}{MASK}.{top}"


def _first(part: str) -> str:
    return part[:1] if len(part) > 1 else ""


def address_of(person: Subscriber) -> Address:
    """Give a person's address as it is kept, without reading it anew."""
    return Address(person.email, person.key, person.flags)
