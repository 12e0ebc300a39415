"""Adding and changing one person. Neither ever lifts a no."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from smakom_mail.config.people import PeopleSettings
from smakom_mail.content.people.address import Address
from smakom_mail.model.person import (
    Act,
    Basis,
    Change,
    Consent,
    Membership,
    MembershipState,
    PersonRow,
    Reason,
    Subscriber,
    Suppression,
)
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.finding import Found, find, find_here, look_up
from smakom_mail.services.subscribing.typed import (
    NO_GROUND,
    Ground,
    SubscriberError,
    known_lists,
    person_sort_key,
    read_address,
    read_ground,
    read_typed,
)
from smakom_mail.store.changing import (
    add_person,
    add_tags,
    change_person,
    readdress,
    record_consent,
    remove_tags,
    set_membership,
)
from smakom_mail.store.people import history_of, new_identity
from smakom_mail.store.suppressions import LATER

_BASES = "consent, membership, public-task or legitimate-interest"
_ON_NOTHING = "without a legal ground nobody is written to"
_PENDING = MembershipState.PENDING
_TYPED = ("name", "organisation", "language")


@dataclass(frozen=True, slots=True)
class Details:
    """What is typed about a person; None leaves a field as it is, an empty text empties it."""

    email: str | None = None
    name: str | None = None
    organisation: str | None = None
    language: str | None = None
    lists: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    untag: tuple[str, ...] = ()
    ground: Ground = NO_GROUND


def add_subscriber(
    store: Store, text: str, details: Details, act: Act, now: dt.datetime
) -> Subscriber:
    """Add a person with the ground on which she is written to.

    Raises SubscriberError where somebody has that address, or has said no.
    """
    people = store.workplace.config.people
    address = read_address(text, people)
    row = _read(details, people, now)
    ground = read_ground(details.ground, people, now)
    if ground.basis is None:
        raise SubscriberError(_ON_NOTHING, f"write it: --basis {_BASES}")
    lists = known_lists(details.lists, people) or (people.default_list,)
    with store.database.transaction():
        found = look_up(store, address)
        if found.is_here:
            raise SubscriberError(
                "there is a subscriber with this address already",
                f"change what is said there: smakom-mail subscribers edit {address.email}",
            )
        for slug in lists:
            _refuse_against_a_no(found, slug)
        add_person(store.database, new_person(found, row, lists, (_consent(ground, act))), act)
    added = find(store, address.email).person
    if added is None:
        raise LookupError(address.email)
    return added


def new_person(
    found: Found,
    row: PersonRow,
    lists: Iterable[str],
    consent: Consent | None,
    state: MembershipState = MembershipState.CONFIRMED,
) -> Subscriber:
    """Make somebody new of what was typed, to be put on `lists`."""
    id_, ref = new_identity()
    address = found.address
    return Subscriber(
        id=id_,
        ref=ref,
        key=address.key,
        email=address.email,
        fingerprint=found.fingerprint,
        name=row.name,
        organisation=row.organisation,
        language=row.language,
        flags=address.flags,
        sort_key=person_sort_key(row.name, row.organisation, address.email),
        memberships=tuple(Membership(slug, state, "") for slug in lists),
        tags=row.tags,
        consents=tuple(replace(consent, list_slug=slug) for slug in lists) if consent else (),
    )


def _read(details: Details, people: PeopleSettings, now: dt.datetime) -> PersonRow:
    typed = {name: getattr(details, name) or "" for name in _TYPED}
    return read_typed(typed | {"tags": ";".join(details.tags)}, people, now)


def _consent(ground: Ground, act: Act) -> Consent:
    basis = ground.basis or Basis.CONSENT
    at = ground.consent_at or act.at
    return Consent("", basis, at, ground.source or "typed by hand", ground.wording)


def _refuse_against_a_no(found: Found, slug: str, who: str = "this address") -> None:
    no = found.no_to(slug)
    left = any(m.list_slug == slug and m.state is MembershipState.LEFT for m in found.memberships)
    if no or left:
        raise SubscriberError(*_said_no(no, slug, found.address, who))


def _said_no(no: Suppression | None, slug: str, address: Address, who: str) -> tuple[str, str]:
    no = no or Suppression("", slug, Reason.UNSUBSCRIBED, "", "")
    where = f"on the list {slug}" if no.list_slug else "everywhere"
    said = f"{who} is kept from getting anything {where}: {no.reason} {no.at[:10]}".rstrip()
    return said, _lifting(no, address)


@dataclass(frozen=True, slots=True)
class Edited:
    """A person, what really changed, and what the editor has to know of it."""

    person: Subscriber
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()


def edit_subscriber(
    store: Store, text: str, details: Details, act: Act, now: dt.datetime
) -> Edited:
    """Change what is said of a person; all of it, or nothing.

    A no of the old address holds at a new one, and what the new one has said no to holds for the
    person. Raises SubscriberError.
    """
    people = store.workplace.config.people
    row = _read(details, people, now)
    untag = read_typed({"tags": ";".join(details.untag)}, people, now).tags
    ground = read_ground(details.ground, people, now)
    moved = read_address(details.email, people) if details.email is not None else None
    lists = known_lists(details.lists, people)
    if ground.basis and not lists:
        raise SubscriberError(
            "a legal ground is about lists", "name them: --list SLUG, for each of them"
        )
    with store.database.transaction():
        found, person = find_here(store, text)
        before = len(history_of(store.database, person.id))
        there = look_up(store, moved) if moved else found
        notes = _readdress(store, person, there, act)
        for slug in lists:
            _refuse_against_a_no(found, slug)
            _refuse_against_a_no(there, slug, "the new address")
        now_named = {
            name: getattr(row, name) for name in _TYPED if getattr(details, name) is not None
        }
        _change(store, person, moved, now_named, act)
        _join(store, person, lists, ground, act)
        add_tags(store.database, person.id, row.tags, act)
        remove_tags(store.database, person.id, untag, act)
        changes = history_of(store.database, person.id)[before:]
    return Edited(find_here(store, moved.email if moved else text)[1], changes, notes)


def moved_to(person: Subscriber, there: Found) -> Subscriber:
    """Give a person as she is with the address that was looked up as `there`."""
    moved = there.address
    return replace(
        person,
        key=moved.key,
        email=moved.email,
        fingerprint=there.fingerprint,
        flags=moved.flags,
        sort_key=person_sort_key(person.name, person.organisation, moved.email),
    )


def _readdress(store: Store, person: Subscriber, there: Found, act: Act) -> tuple[str, ...]:
    """Give a person the address that was looked up; say which noes it brings along."""
    moved = there.address
    if moved.key == person.key:
        return ()
    if there.person is not None:
        state = "was forgotten" if there.person.state == "forgotten" else "is another subscriber's"
        raise SubscriberError(
            f"the new address {state}",
            f"see what is held: smakom-mail subscribers show {moved.email}",
        )
    readdress(store.database, store.journal, person.id, moved_to(person, there), act)
    brought = (_brought(no, moved) for no in there.standing if no.list_slug != LATER)
    return (*brought, *_void(person, moved))


def _void(person: Subscriber, moved: Address) -> tuple[str, ...]:
    """Say that a link which was sent to the old address is about nothing any more."""
    waits = sorted(m.list_slug for m in person.memberships if m.state is _PENDING)
    if not waits:
        return ()
    note = (
        f"the sign-up to {', '.join(waits)} still waits, but no link sent to {person.email} "
        f"confirms it any more: smakom-mail subscribers invite {moved.email}"
    )
    return (note,)


def _brought(no: Suppression, moved: Address) -> str:
    where = f"the list {no.list_slug}" if no.list_slug else "every list"
    return (
        f"the new address {moved.email} is kept from {where} ({no.reason} {no.at[:10]}), and the "
        f"person now is too; {_lifting(no, moved)}"
    )


def _lifting(no: Suppression, address: Address) -> str:
    if no.reason in ("unsubscribed", "forgotten"):
        return f"only the person can lift that: smakom-mail subscribers invite {address.email}"
    return f"if that is over: smakom-mail subscribers lift {address.email} --reason TEXT"


def _change(
    store: Store, person: Subscriber, moved: Address | None, typed: Mapping[str, str], act: Act
) -> None:
    email = moved.email if moved else person.email
    flags = moved.flags if moved else person.flags
    name = typed.get("name", person.name)
    organisation = typed.get("organisation", person.organisation)
    values = {
        **typed,
        "email": email,
        "flags": " ".join(flags),
        "sort_key": person_sort_key(name, organisation, email),
    }
    change_person(store.database, person.id, values, act)


def _join(
    store: Store, person: Subscriber, lists: tuple[str, ...], ground: Ground, act: Act
) -> None:
    for slug in lists:
        # Who has signed up and not confirmed has a ground only in the yes that is waited for.
        waits = any((m.list_slug, m.state) == (slug, _PENDING) for m in person.memberships)
        if waits and ground.basis is Basis.CONSENT and not (ground.consent_at and ground.source):
            raise SubscriberError(
                f"the sign-up to {slug} waits for the person's own yes",
                "a consent that is documented elsewhere has when and how: --consent-at DATE "
                "--source TEXT",
            )
        founded = not waits and any(c.list_slug in ("", slug) for c in person.consents)
        if ground.basis is None and not founded:
            raise SubscriberError(f"{_ON_NOTHING} (list {slug})", f"write it: --basis {_BASES}")
        set_membership(store.database, person.id, slug, MembershipState.CONFIRMED, act)
        if ground.basis is not None and not _is_recorded(person, slug, ground):
            consent = replace(_consent(ground, act), list_slug=slug)
            record_consent(store.database, person.id, consent, act)


def _is_recorded(person: Subscriber, slug: str, ground: Ground) -> bool:
    """Say whether a ground stands in the record; without a date typed, at any date."""
    return any(
        (each.list_slug, each.basis, each.wording) == (slug, ground.basis, ground.wording)
        and ground.source in ("", each.source)
        and ground.consent_at in ("", each.at)
        for each in person.consents
    )
