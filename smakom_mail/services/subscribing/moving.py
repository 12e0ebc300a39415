"""Addresses that a person has left behind: what was mailed to one of them opens nothing any more.

Most change address because they leave a work, and somebody else reads the old mailbox then.
"""

from collections.abc import Iterator

from smakom_mail.model.person import Change, Subscriber
from smakom_mail.services.storing import Store
from smakom_mail.store.lists import scope_code, scope_turn
from smakom_mail.store.people import history_of
from smakom_mail.tokens import make_token

MOVED = "email"
"""What the history calls a change of address."""


def is_move(change: Change) -> bool:
    """Say whether an address was left behind; another case of letters is the same address."""
    return change.what == MOVED and change.old.lower() != change.new.lower()


def turn_of(store: Store, id_: str) -> int:
    """Count the addresses that a person has left behind."""
    return sum(1 for _ in _moves(store, id_))


def has_moved_since(store: Store, id_: str, at: str) -> bool:
    """Say whether a person has got another address after a time."""
    return any(each.at > at for each in _moves(store, id_))


def page_token(store: Store, person: Subscriber) -> str:
    """Give what opens a person's own page, for as long as she has this address."""
    code = scope_code(store.database, (), turn=turn_of(store, person.id))
    return make_token(store.keyring, "preferences", bytes.fromhex(person.ref), code)


def is_for_present_address(store: Store, person: Subscriber, scope: bytes) -> bool:
    """Say whether a token was made for the address that its person has now."""
    return scope_turn(store.database, scope) == turn_of(store, person.id)


def _moves(store: Store, id_: str) -> Iterator[Change]:
    return (change for change in history_of(store.database, id_) if is_move(change))
