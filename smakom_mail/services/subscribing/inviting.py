"""Asking somebody to say yes, and what happens when they do.

An invitation makes a sign-up that waits, and a link: to a page, or to a mail that is written
already where no page answers. Nothing else is mailed to the person before it is confirmed, and a no
stands until then. A link works for as long as the sign-up waits: who leaves again after it was made
has to be invited again. So has who has moved to another address since: the yes of whoever reads the
old one is none of the new one's.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from smakom_mail.config import Config
from smakom_mail.config.addresses import ascii_address, mail_link
from smakom_mail.model.person import (
    Act,
    Basis,
    Change,
    Consent,
    MembershipState,
    PersonRow,
    Reason,
    Subscriber,
    Suppression,
)
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.adding import new_person
from smakom_mail.services.subscribing.finding import Found, find, former_notes, look_up
from smakom_mail.services.subscribing.moving import is_for_present_address, is_move, turn_of
from smakom_mail.services.subscribing.typed import (
    SubscriberError,
    known_lists,
    list_slugs,
    read_address,
)
from smakom_mail.store.changing import add_person, record_consent, set_membership, write_history
from smakom_mail.store.letters import Letter, add_letter, new_letter_id
from smakom_mail.store.lists import known_lists as stored_lists
from smakom_mail.store.lists import scope_code, scope_lists
from smakom_mail.store.people import find_by_id, find_by_ref, history_of
from smakom_mail.store.suppressions import LATER, lift, suppress
from smakom_mail.tokens import make_token, read_token

PATIENCE = timedelta(hours=24)
"""How long after an invitation the next one may be made."""
LIFTED = (Reason.UNSUBSCRIBED, Reason.FORGOTTEN, Reason.BOUNCED)
"""What a person's confirmed yes lifts. A complaint, and what an editor set, needs an editor."""
_INVITED = "invited"
BY_LINK = "confirmed by the link that was sent to the address"
BY_MAIL = "confirmed by a mail with the token that was sent to the address"
_YES = {"sv": "ja"}


@dataclass(frozen=True, slots=True)
class Invitation:
    """The link that the person opens to say yes to `lists`; `letter` is the id of what takes it.

    `mailbox` is where the yes comes to where no page answers. `notes` are for the editor, such as
    that it is somebody's former address.
    """

    email: str
    lists: tuple[str, ...]
    url: str
    letter: str = ""
    notes: tuple[str, ...] = ()
    mailbox: str = ""


def invite(
    store: Store, text: str, lists: tuple[str, ...], act: Act, *, by_letter: bool = False
) -> Invitation:
    """Make a sign-up that waits for the person's own yes; once in 24 hours.

    With `by_letter` the letter that asks her waits to be sent from the same moment on.

    Without `lists` it is about those the person has been on, or else the default one.
    Raises SubscriberError.
    """
    people = store.workplace.config.people
    address = read_address(text, people)
    wanted = known_lists(lists, people)
    with store.database.transaction():
        found = look_up(store, address)
        slugs = wanted or _lists_of(found, list_slugs(people)) or (people.default_list,)
        _require_sense(store, found, slugs, act)
        notes = former_notes(store, found)
        person = _waiting(store, found, slugs, act)
        change = Change(act.at, act.actor, _INVITED, "", " ".join(slugs))
        write_history(store.database, person.id, change)
        code = scope_code(store.database, slugs, turn=turn_of(store, person.id))
        token = make_token(store.keyring, "confirm", bytes.fromhex(person.ref), code)
        letter = _letter(store, person, token, act) if by_letter else ""
    config = store.workplace.config
    url = link_to_confirm(config, token, person.language or config.newsletter.language)
    mailbox = "" if config.site_pages else config.leaving_address
    return Invitation(address.email, slugs, url, letter, notes, mailbox)


def link_to_confirm(config: Config, token: str, language: str) -> str:
    """Give the link by which somebody says yes: to a page, or to a mail where no page answers."""
    if config.site_pages:
        return f"{config.site_url.rstrip('/')}/confirm/{token}"
    return mail_link(ascii_address(config.leaving_address), f"{_YES.get(language, 'yes')} {token}")


def invited_lists(store: Store, person: Subscriber, scope: bytes) -> tuple[str, ...]:
    """Give the lists of an invitation to the address that a person has now; none of any other."""
    if not is_for_present_address(store, person, scope):
        return ()
    return scope_lists(store.database, scope) or ()


def _letter(store: Store, person: Subscriber, token: str, act: Act) -> str:
    language = person.language or store.workplace.config.newsletter.language
    id_ = new_letter_id()
    letter = Letter(id_, "sign-up", language, person.key, person.email, act.at, person.id, token)
    add_letter(store.database, letter)
    return id_


def _lists_of(found: Found, configured: Collection[str]) -> tuple[str, ...]:
    """Give the lists that a person has been on; one that is no longer configured reaches nobody."""
    left = (m.list_slug for m in found.memberships if m.state is not MembershipState.CONFIRMED)
    blocked = (slug for slug in found.confirmed if found.no_to(slug))
    return tuple(slug for slug in dict.fromkeys((*left, *blocked)) if slug in configured)


def _require_sense(store: Store, found: Found, slugs: tuple[str, ...], act: Act) -> None:
    email = found.address.email
    if found.is_here and all(s in found.confirmed and not found.no_to(s) for s in slugs):
        raise SubscriberError(
            f"{email} gets {', '.join(slugs)} already", "name another list: --list SLUG"
        )
    for no in found.standing:
        if no.reason not in LIFTED and no.list_slug in ("", *slugs):
            raise SubscriberError(
                f"this address is kept from getting anything: {no.reason} {no.at[:10]}",
                f"if that is over: smakom-mail subscribers lift {email} --reason TEXT",
            )
    if found.person:
        invited = _invitations(store, found.person)
        next_at = max((datetime.fromisoformat(at) + PATIENCE for at in invited), default=None)
        if next_at and datetime.fromisoformat(act.at) < next_at:
            raise SubscriberError(
                f"{email} was invited less than 24 hours ago",
                f"nobody is asked more often; from {next_at.isoformat(timespec='minutes')} on",
            )


def _invitations(store: Store, person: Subscriber) -> list[str]:
    """Give when the address that a person has now was invited."""
    times: list[str] = []
    for entry in history_of(store.database, person.id):
        if is_move(entry):
            times.clear()
        elif entry.what == _INVITED:
            times.append(entry.at)
    return times


def _waiting(store: Store, found: Found, slugs: tuple[str, ...], act: Act) -> Subscriber:
    """Let the person stand waiting on the lists; she is made where she is not there."""
    if found.person is None or not found.is_here:
        row = PersonRow(0, found.address.email, found.address.key, found.address.flags,
                        "", "", "", (), (), None, "", "", "")  # fmt: skip
        new = new_person(found, row, slugs, None, MembershipState.PENDING)
        id_ = add_person(store.database, new, act)
    else:
        id_ = found.person.id
        for slug in slugs:
            if slug not in found.confirmed or found.no_to(slug):
                set_membership(store.database, id_, slug, MembershipState.PENDING, act)
    person = find_by_id(store.database, id_)
    if person is None:
        raise LookupError(id_)
    return person


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Somebody who has said yes to these lists; `new` tells whether that was not so before."""

    email: str
    lists: tuple[str, ...]
    new: bool


def confirm(store: Store, token: str, act: Act, wording: str) -> Confirmed | None:
    """Take a person's yes to what the link is about; None where it is about nothing any more.

    Her own noes to these lists are lifted, and a no to everything becomes one to all the others,
    those that are made later too.
    """
    read = read_token(store.keyring, "confirm", token)
    if read is None:
        return None
    with store.database.transaction():
        return say_yes(store, read, Yes(BY_LINK, wording), act)


@dataclass(frozen=True, slots=True)
class Yes:
    """How somebody said yes, and the words that they saw when they did."""

    source: str
    wording: str


def say_yes(store: Store, token: tuple[bytes, bytes], yes: Yes, act: Act) -> Confirmed | None:
    """Take the yes of the person whom a token is about, as `confirm` does; in a transaction."""
    asked = asked_of(store, token)
    if asked is None or not asked.new:
        return asked
    found = find(store, asked.email)
    if found.person is None or not may_say_yes(found, asked.lists):
        return None
    take_yes(store, found, found.person.id, asked.lists, yes=yes, act=act)
    return asked


def asked_of(store: Store, token: tuple[bytes, bytes]) -> Confirmed | None:
    """Say what a yes to an invitation would be about; None where it is about nothing any more."""
    person = find_by_ref(store.database, token[0].hex())
    if person is None or person.state != "active":
        return None
    lists = invited_lists(store, person, token[1])
    stands = {m.list_slug: m.state for m in person.memberships}
    waiting = tuple(s for s in lists if stands.get(s) is MembershipState.PENDING)
    if waiting:
        return Confirmed(person.email, waiting, new=True)
    found = find(store, person.email)
    done = lists and all(s in found.confirmed and not found.no_to(s) for s in lists)
    return Confirmed(person.email, lists, new=False) if done else None


def may_say_yes(found: Found, lists: tuple[str, ...]) -> bool:
    """Say whether nothing keeps an address from these lists but its own noes and bounces."""
    return all(no.reason in LIFTED for slug in lists for no in _noes(found, slug))


def take_yes(  # noqa: PLR0913 - who says yes, to what, how and when
    store: Store, found: Found, id_: str, lists: tuple[str, ...], *, yes: Yes, act: Act
) -> None:
    """Put a person on lists by her own yes, which lifts her noes to them; in a transaction."""
    lift_own(store, found, lists, act)
    for slug in lists:
        set_membership(store.database, id_, slug, MembershipState.CONFIRMED, act)
        consent = Consent(slug, Basis.CONSENT, act.at, yes.source, yes.wording)
        record_consent(store.database, id_, consent, act)


def _noes(found: Found, slug: str) -> list[Suppression]:
    return [no for no in found.standing if no.list_slug in ("", slug)]


def lift_own(store: Store, found: Found, lists: tuple[str, ...], act: Act) -> None:
    """Lift what an address itself has said no to of these lists; in a transaction.

    A no to everything becomes one to all the others, those that are made later too.
    """
    others = [each.slug for each in stored_lists(store.database) if each.slug not in lists]
    for no in found.standing:
        if no.list_slug == "" and no.reason in (Reason.UNSUBSCRIBED, Reason.FORGOTTEN):
            for slug in (*others, LATER):
                narrowed = replace(
                    no,
                    list_slug=slug,
                    reason=Reason.UNSUBSCRIBED,
                    at=act.at,
                    actor=act.actor,
                    note="",
                )
                suppress(store.database, store.journal, narrowed)
    fingerprints = {no.fingerprint for no in found.standing}
    lift(store.database, fingerprints, ("", *lists), LIFTED, act)
    if found.person and fingerprints:
        change = Change(act.at, act.actor, "no lifted", "", " ".join(lists))
        write_history(store.database, found.person.id, change)
