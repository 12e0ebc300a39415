"""What readers ask for on the web, and what only the click in a letter will carry out.

Each of these writes the same rows whether or not the address is known: what the letter is about to
say is decided when it is composed (deciding.py). So neither the answer nor the time it takes tells
anybody who is a reader. A letter holds nothing that a visitor typed but the address it goes to;
only the answer to "what do you hold about me" also tells the name that was typed with it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from smakom_mail.config.measures import Rate
from smakom_mail.content.people.address import Address
from smakom_mail.model.person import Subscriber
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.moving import page_token
from smakom_mail.store.budgets import last_spent, spend, spent
from smakom_mail.store.letters import Kind as LetterKind
from smakom_mail.store.letters import Letter, add_letter, new_letter_id
from smakom_mail.store.lists import scope_code
from smakom_mail.store.requests import Kind as RequestKind
from smakom_mail.store.requests import Request, add_request
from smakom_mail.tokens import make_token, new_ref

ONCE_IN = 86_400
"""Seconds between two letters of a kind to one address."""
_EVERYBODY = ""
MOVES_RATE = Rate(((5, 86_400),))
"""How many new addresses one reader may have letters sent to."""


class Answer(StrEnum):
    """What a visitor is told: the same for every address."""

    TAKEN = "taken"
    TOO_MANY = "too many"
    SAME = "it is hers already"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: the network they come from (empty where nobody knows), and in which language."""

    network: str
    language: str


@dataclass(frozen=True, slots=True)
class SignUp:
    """What a visitor typed and chose beside the address; without `lists` all that are open."""

    name: str = ""
    lists: tuple[str, ...] = ()


def sign_up(store: Store, address: Address, wanted: SignUp, visitor: Visitor, at: str) -> Answer:
    """Ask an address to confirm that it wants these lists; in a transaction.

    At most once in 24 hours for each address, whatever is asked.
    """
    return _ask_publicly(store, "sign-up", address, visitor, at, wanted=wanted)


def ask_preferences(store: Store, address: Address, visitor: Visitor, at: str) -> Answer:
    """Ask for the link to one's own page, which goes to the address; in a transaction."""
    return _ask_publicly(store, "preferences", address, visitor, at)


def _ask_publicly(  # noqa: PLR0913 - what is asked for, by whom and when
    store: Store,
    kind: LetterKind,
    address: Address,
    visitor: Visitor,
    at: str,
    *,
    wanted: SignUp = SignUp(),
) -> Answer:
    now = _seconds(at)
    counted, together = _budget(store, kind)
    whom = {
        _EVERYBODY: together,
        _keyed(store, "network", visitor.network): store.workplace.config.serve.network_rate,
    }
    if not _within(store, counted, whom, now):
        return Answer.TOO_MANY
    if _may_write(store, kind, address.key, now):
        request = Request(
            new_ref().hex(),
            "sign-up",
            address.key,
            address.email,
            at,
            name=wanted.name,
            language=visitor.language,
            lists=_chosen(store, wanted),
        )
        # A page of one's own needs no request: the letter leads there, and nothing waits for a yes.
        _write(store, kind, request, _requested(store, request) if kind == "sign-up" else "")
    return Answer.TAKEN


def open_lists(store: Store) -> tuple[str, ...]:
    """Give the lists that readers can join by themselves."""
    config = store.workplace.config
    return config.serve.lists or (config.people.default_list,)


def _chosen(store: Store, wanted: SignUp) -> tuple[str, ...]:
    offered = open_lists(store)
    return tuple(slug for slug in offered if slug in wanted.lists) or offered


def ask_holdings(store: Store, person: Subscriber, language: str, at: str) -> None:
    """Send somebody all that is held of her, at most once in 24 hours; in a transaction.

    The letter leads to her own page, where she can change it.
    """
    if _may_write(store, "holdings", person.key, _seconds(at)):
        to = _request("erasure", person, language, at)
        _write(store, "holdings", to, page_token(store, person))


def ask_erasure(store: Store, person: Subscriber, language: str, at: str) -> None:
    """Send somebody the link that erases her, at most once in 24 hours; in a transaction."""
    _ask_by_link(store, _request("erasure", person, language, at))


def ask_address(
    store: Store, person: Subscriber, moved: Address, visitor: Visitor, at: str
) -> Answer:
    """Ask a new address to confirm that it is hers; in a transaction.

    The letter goes to whomever she names, so that a person, a network and all may ask for a few.
    """
    if moved.key == person.key:
        return Answer.SAME
    settings = store.workplace.config.serve
    whom = {
        _keyed(store, "person", person.ref): MOVES_RATE,
        _keyed(store, "network", visitor.network): settings.network_rate,
        _EVERYBODY: settings.total_rate,
    }
    if not _within(store, "asked for a new address", whom, _seconds(at)):
        return Answer.TOO_MANY
    request = _request("address", person, visitor.language, at)
    _ask_by_link(store, replace(request, key=moved.key, email=moved.email))
    return Answer.TAKEN


def _request(kind: RequestKind, person: Subscriber, language: str, at: str) -> Request:
    ref = new_ref().hex()
    return Request(ref, kind, person.key, person.email, at, person.id, language=language)


def _ask_by_link(store: Store, request: Request) -> None:
    if _may_write(store, request.kind, request.key, _seconds(request.at)):
        _write(store, request.kind, request, _requested(store, request))


def _requested(store: Store, request: Request) -> str:
    add_request(store.database, request)
    code = scope_code(store.database, request.lists)
    return make_token(store.keyring, "confirm", bytes.fromhex(request.ref), code)


def _write(store: Store, kind: LetterKind, to: Request, token: str = "") -> None:
    letter = Letter(
        id=new_letter_id(),
        kind=kind,
        language=to.language,
        key=to.key,
        email=to.email,
        created_at=to.at,
        subscriber_id=to.subscriber_id,
        token=token,
    )
    add_letter(store.database, letter)


# ------------------------------------------------------------------------------------- budgets


def _may_write(store: Store, kind: LetterKind, key: str, now: int) -> bool:
    """Say whether a letter of this kind may go to an address now, and count it where it may."""
    who = _keyed(store, "address", key)
    if last_spent(store.database, kind, who) > now - ONCE_IN:
        return False
    spend(store.database, kind, who, 1, now)
    return True


def _budget(store: Store, kind: LetterKind) -> tuple[str, Rate]:
    """Give what counts such letters, and how many all together may ask for.

    However many sign up, nobody is kept by that from what is held of her.
    """
    settings = store.workplace.config.serve
    if kind == "preferences":
        return "asked for own page", settings.preferences_rate
    return "asked", settings.total_rate


def _within(store: Store, counted: str, whom: Mapping[str, Rate], now: int) -> bool:
    """Say whether nobody of these has asked too often, and count that they ask where that is so."""
    if any(_is_used_up(store, counted, who, rate, now) for who, rate in whom.items()):
        return False
    for who, rate in whom.items():
        for _, width in rate.limits:
            spend(store.database, counted, who, width, now // width)
    return True


def _is_used_up(store: Store, name: str, who: str, rate: Rate, now: int) -> bool:
    return any(
        spent(store.database, name, who, width, now // width) >= number
        for number, width in rate.limits
    )


def _keyed(store: Store, what: str, text: str) -> str:
    """Stand in for an address or a network: nobody can read it from the database."""
    return store.keyring.mac("budget", f"{what} {text}".encode("utf-8", "surrogatepass")).hex()


def _seconds(at: str) -> int:
    return int(dt.datetime.fromisoformat(at).timestamp())
