"""What the link in a letter carries out: a sign-up, a new address, an erasure.

GET shows what would be done, POST does it. A link works for 14 days, as long as what it is about is
kept; doing it twice changes nothing more and is answered alike.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from smakom_mail.content.people.address import Address, AddressFault, canonical
from smakom_mail.model.person import (
    Act,
    MembershipState,
    PersonRow,
    Reason,
    Subscriber,
    Suppression,
)
from smakom_mail.services.public.masking import address_of, masked
from smakom_mail.services.public.naming import name_fault, tidied_name
from smakom_mail.services.storing import Store, timestamp
from smakom_mail.services.subscribing.adding import moved_to, new_person
from smakom_mail.services.subscribing.finding import Found, look_up
from smakom_mail.services.subscribing.inviting import (
    Yes,
    confirm,
    invited_lists,
    lift_own,
    may_say_yes,
    take_yes,
)
from smakom_mail.services.subscribing.leaving import suppress_former
from smakom_mail.services.subscribing.moving import has_moved_since
from smakom_mail.services.subscribing.typed import person_sort_key, role_addresses
from smakom_mail.store.changing import add_person, change_person, readdress
from smakom_mail.store.erasing import erase, erase_traces
from smakom_mail.store.letters import Letter, add_letter, new_letter_id
from smakom_mail.store.lists import known_lists
from smakom_mail.store.people import find_by_id, find_by_ref
from smakom_mail.store.requests import Request, find_request, mark_done
from smakom_mail.tokens import read_token

LASTS = dt.timedelta(days=14)
"""How long a request waits for its yes, and is kept at all."""
_BY = "signed up on the web, and confirmed by the link that was sent to the address"
_WEB_ACTOR = "reader"


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """What the page of a link for confirming shows: what is asked, of which address (masked).

    `lists` are names. `done` tells that it was carried out. `name` is what was typed for somebody
    who has none here, for her to read, mend or empty; None where no name is asked for.
    """

    kind: Literal["sign-up", "address", "erasure"]
    address: str
    lists: tuple[str, ...]
    done: bool
    name: str | None = None


def see_confirm(store: Store, token: str, now: str) -> ConfirmPage | None:
    """Give what a link asks; None where it asks nothing any more. Changes nothing."""
    read = read_token(store.keyring, "confirm", token)
    if read is None:
        return None
    request = find_request(store.database, read[0].hex())
    if request is None:
        return _invitation(store, *read)
    if request.at < _oldest(now) or not (request.is_open or request.done_at):
        return None
    if not request.done_at and has_moved_since(store, request.subscriber_id, request.at):
        return None  # she asked for it, or was asked, at an address that she has left
    if request.done_at and not _still_so(store, request):
        return None
    address = masked(request.email) if request.email else ""
    lists, name = _names(store, request.lists), _name_to_read(store, request)
    return ConfirmPage(request.kind, address, lists, bool(request.done_at), name)


def _invitation(store: Store, ref: bytes, scope: bytes) -> ConfirmPage | None:
    """Give what an editor's invitation asks, which needs no request."""
    person = find_by_ref(store.database, ref.hex())
    if person is None or person.state != "active":
        return None
    lists = invited_lists(store, person, scope)
    if not lists:
        return None
    stands = {each.list_slug: each.state for each in person.memberships}
    waits = any(stands.get(slug) is MembershipState.PENDING for slug in lists)
    found = look_up(store, address_of(person))
    done = all(slug in found.confirmed and not found.no_to(slug) for slug in lists)
    if not waits and not done:
        return None
    return ConfirmPage("sign-up", masked(person.email), _names(store, lists), done)


def _names(store: Store, slugs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each.name for each in known_lists(store.database) if each.slug in slugs)


def _name_to_read(store: Store, request: Request) -> str | None:
    """Give what was typed as a name, perhaps by a stranger; None where no name would be taken."""
    if request.kind != "sign-up" or request.done_at:
        return None
    found = look_up(store, _address(store, request))
    if found.is_here and found.person and found.person.name:
        return None
    name = tidied_name(request.name)
    return "" if name_fault(name) else name


def _still_so(store: Store, request: Request) -> bool:
    """Say whether what was agreed to once is still as it was: she may have left since."""
    if request.kind == "erasure":
        return True
    person = find_by_id(store.database, request.subscriber_id)
    if person is None or person.state != "active":
        return False
    found = look_up(store, address_of(person))
    if request.kind == "address":
        return person.key == request.key
    return all(slug in found.confirmed and not found.no_to(slug) for slug in request.lists)


def carry_out(
    store: Store, token: str, wording: str, act: Act, name: str = ""
) -> ConfirmPage | None:
    """Do what a link asks; None where it asks nothing any more, or may not be.

    Makes transactions of its own. `wording` is what the page showed beside the button, `name` what
    she let stand there: what was typed at the sign-up is not taken without her.
    """
    page = see_confirm(store, token, act.at)
    if page is None or page.done:
        return page
    read = read_token(store.keyring, "confirm", token)
    if read is None or find_request(store.database, read[0].hex()) is None:
        return replace(page, done=True) if confirm(store, token, act, wording) else None
    with store.database.transaction():
        request = find_request(store.database, read[0].hex())
        done = (
            request is not None
            and request.is_open
            and _DOING[request.kind](store, replace(request, name=name), wording, act)
        )
    if page.kind == "erasure":
        erase_traces(store.database, wait=False)
    return replace(page, done=True) if done else see_confirm(store, token, act.at)


def _confirm_sign_up(store: Store, request: Request, wording: str, act: Act) -> bool:
    address = _address(store, request)
    found = look_up(store, address)
    if not may_say_yes(found, request.lists):
        return False
    person = found.person if found.is_here else None
    id_ = person.id if person else _newcomer(store, found, request, act)
    if person and request.name and not person.name:
        key = person_sort_key(request.name, person.organisation, person.email)
        change_person(store.database, id_, {"name": request.name, "sort_key": key}, act)
    now = replace(found, person=find_by_id(store.database, id_))
    take_yes(store, now, id_, request.lists, yes=Yes(_BY, wording), act=act)
    mark_done(store.database, request.ref, id_, act.at)
    return True


def _newcomer(store: Store, found: Found, request: Request, act: Act) -> str:
    row = PersonRow(0, found.address.email, found.address.key, found.address.flags,
                    request.name, "", request.language, (), (), None, "", "", "")  # fmt: skip
    new = new_person(found, row, request.lists, None, MembershipState.PENDING)
    return add_person(store.database, new, act)


def _address(store: Store, request: Request) -> Address:
    roles = role_addresses(store.workplace.config.people)
    found = canonical(request.email, roles=roles)
    if isinstance(found, AddressFault):
        return Address(request.email, request.key)
    return found


def _change_address(store: Store, request: Request, _: str, act: Act) -> bool:
    person = _active(store, request)
    moved = _address(store, request)
    there = look_up(store, moved)
    if person is None or (there.person is not None and there.person.id != person.id):
        return False
    if person.key != moved.key:
        before = Address(person.email, person.key)
        lists = look_up(store, address_of(person)).confirmed
        lift_own(store, replace(there, person=None), lists, act)
        readdress(store.database, store.journal, person.id, moved_to(person, there), act)
        _tell_old(store, person, before, act)
    mark_done(store.database, request.ref, person.id, act.at)
    return True


def _tell_old(store: Store, person: Subscriber, before: Address, act: Act) -> None:
    """Tell the address that was left behind: somebody else may have done it."""
    language = person.language or store.workplace.config.newsletter.language
    letter = Letter(new_letter_id(), "moved", language, before.key, before.email, act.at, person.id)
    add_letter(store.database, letter)


def _erase(store: Store, request: Request, _: str, act: Act) -> bool:
    person = _active(store, request)
    if person is None:
        return False
    no = Suppression(person.fingerprint, "", Reason.FORGOTTEN, act.at, act.actor)
    suppress_former(store, person, no)
    erase(store.database, store.journal, [person.id], act)
    mark_done(store.database, request.ref, "", act.at)
    return True


def _active(store: Store, request: Request) -> Subscriber | None:
    person = find_by_id(store.database, request.subscriber_id)
    return person if person is not None and person.state == "active" else None


def _oldest(now: str) -> str:
    return timestamp(dt.datetime.fromisoformat(now) - LASTS)


_DOING: dict[str, Callable[[Store, Request, str, Act], bool]] = {
    "sign-up": _confirm_sign_up,
    "address": _change_address,
    "erasure": _erase,
}
