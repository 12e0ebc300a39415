"""Leaving by a link, taking it back, and saying why.

Whoever has the link may: there is no cookie and no password. A token of ours is enough for a no,
even where nothing else is known of it any more; only one that is not ours is refused. What is said
is the same for somebody who is there, who has left before, and who is not known any more.
"""

import datetime as dt
from dataclasses import dataclass

from smakom_mail.model.person import Act, Change, MembershipState, Reason, Subscriber, Suppression
from smakom_mail.services.public.masking import address_of, masked
from smakom_mail.services.storing import Store, timestamp
from smakom_mail.services.subscribing.finding import Found, look_up
from smakom_mail.services.subscribing.inviting import may_say_yes
from smakom_mail.services.subscribing.leaving import leave_lists, suppress_former
from smakom_mail.store.changing import set_membership, write_history
from smakom_mail.store.leavings import (
    How,
    Leaving,
    Why,
    mark_undone,
    record_leaving,
    record_why,
    standing_leavings,
)
from smakom_mail.store.lists import known_lists, scope_lists
from smakom_mail.store.people import find_by_ref
from smakom_mail.store.suppressions import lift, suppress
from smakom_mail.tokens import read_token

UNDO = dt.timedelta(days=30)
"""How long leaving by a link can be taken back by the same link."""
EVERY_LIST = ("",)
_CONFIRMED = MembershipState.CONFIRMED


@dataclass(frozen=True, slots=True)
class LeavingPage:
    """What the page of a link for leaving shows.

    `address` is masked, and empty for who is not known any more. `lists` are the names of those
    that the link is about, `others` those that she still gets beside them. `gone` tells that she
    gets none of `lists`, `everything` that a no to every list stands where there are several,
    `recent` that she left by this kind of link, and not long ago. `back` are the names of those
    that she would get again if she took that back, and `undoable` tells that what the page is about
    is among them. `may_return` tells that nothing keeps her out that signing up anew does not lift.
    """

    address: str
    lists: tuple[str, ...]
    others: tuple[str, ...]
    gone: bool
    everything: bool = False
    recent: bool = False
    back: tuple[str, ...] = ()
    undoable: bool = False
    may_return: bool = True


@dataclass(frozen=True, slots=True)
class TakenBack:
    """That leaving was taken back, with the names of the lists that she gets again.

    There are none where something else keeps her out: a complaint, a bounce, an editor's no.
    """

    lists: tuple[str, ...]


def see_leaving(store: Store, token: str, now: str) -> LeavingPage | None:
    """Give what a link for leaving is about; None for one that we did not make. Changes nothing."""
    named = _named(store, token)
    if named is None:
        return None
    person, slugs = named
    names = {each.slug: each.name for each in known_lists(store.database)}
    if person is None:
        lists = tuple(names[slug] for slug in slugs if slug in names)
        return LeavingPage("", lists, (), gone=True)
    found = look_up(store, address_of(person))
    gets = [slug for slug in found.confirmed if slug in names and not found.no_to(slug)]
    about = tuple(names) if slugs == EVERY_LIST else slugs
    leavings = standing_leavings(store.database, person.id, _since(now))
    back = [slug for slug in _back(found, leavings) if slug in names]
    nothing = any(no.list_slug == "" for no in found.standing)
    return LeavingPage(
        masked(person.email),
        tuple(names[slug] for slug in about if slug in names),
        tuple(names[slug] for slug in gets if slug not in about),
        gone=not any(slug in gets for slug in about),
        everything=nothing and len(names) > 1,
        recent=bool(leavings),
        back=tuple(names[slug] for slug in names if slug in back),
        undoable=any(nothing or slug in about for slug in back),
        may_return=may_say_yes(found, about),
    )


def _back(found: Found, leavings: tuple[Leaving, ...]) -> list[str]:
    """Give the lists that are sent again once these leavings are undone, and are not sent now."""
    lifted = {each.list_slug for each in leavings if each.said}
    stay = {
        no.list_slug
        for no in found.standing
        if no.reason is not Reason.UNSUBSCRIBED or no.list_slug not in lifted
    }
    stood = (each.list_slug for each in leavings if each.was == _CONFIRMED)
    gets = {slug for slug in found.confirmed if not found.no_to(slug)}
    return [slug for slug in stood if not stay & {"", slug} and slug not in gets]


def leave(store: Store, token: str, how: How, act: Act, *, everything: bool = False) -> bool:
    """Take a reader off the lists that the link is about, or off every list; in a transaction.

    False only for a token that we did not make. Doing it twice changes nothing more.
    """
    named = _named(store, token)
    if named is None:
        return False
    person, slugs = named
    if person is not None:
        leave_by_link(store, person, EVERY_LIST if everything else slugs, how, act)
    return True


def leave_by_link(
    store: Store, person: Subscriber, slugs: tuple[str, ...], how: How, act: Act
) -> None:
    """Record a reader's own no to these lists ("" is every one), so that she can take it back."""
    stood = {each.list_slug: each.state for each in person.memberships}
    said = {slug for slug in slugs if _refuse(store, person, slug, act)}
    leave_lists(store, person, slugs, act)
    left = {slug for slug, was in stood.items() if was is not MembershipState.LEFT}
    if slugs != EVERY_LIST:
        left &= set(slugs)
    for slug in sorted(said | left):
        was = str(stood.get(slug, ""))
        record_leaving(store.database, Leaving(person.id, slug, was, slug in said, how, act.at))


def _refuse(store: Store, person: Subscriber, slug: str, act: Act) -> bool:
    no = Suppression(person.fingerprint, slug, Reason.UNSUBSCRIBED, act.at, act.actor)
    recorded = suppress(store.database, store.journal, no)
    suppress_former(store, person, no)
    if recorded:
        change = Change(act.at, act.actor, f"no {slug or '*'}", "", str(no.reason))
        write_history(store.database, person.id, change)
    return recorded


def undo_leaving(store: Store, token: str, act: Act) -> TakenBack | None:
    """Put back what links for leaving changed in the last 30 days; in a transaction.

    A no that stood before, or that another way recorded, is not touched, and may still keep her
    from what she left. None where nothing can be taken back: too late, or who is not known.
    """
    named = _named(store, token)
    person = named[0] if named else None
    if person is None:
        return None
    since = _since(act.at)
    leavings = standing_leavings(store.database, person.id, since)
    if not leavings:
        return None
    found = look_up(store, address_of(person))
    back = _back(found, leavings)
    _lift_said(store, found, {each.list_slug for each in leavings if each.said}, act)
    for each in leavings:
        if each.was == _CONFIRMED:
            set_membership(store.database, person.id, each.list_slug, _CONFIRMED, act)
    mark_undone(store.database, person.id, since, act.at)
    lists = " ".join(sorted({each.list_slug or "*" for each in leavings}))
    change = Change(act.at, act.actor, "leaving taken back", lists, "")
    write_history(store.database, person.id, change)
    return TakenBack(tuple(e.name for e in known_lists(store.database) if e.slug in back))


def _lift_said(store: Store, found: Found, slugs: set[str], act: Act) -> None:
    fingerprints = {no.fingerprint for no in found.standing} | {found.fingerprint}
    lift(store.database, fingerprints, slugs, (Reason.UNSUBSCRIBED,), act)


def say_why(store: Store, token: str, why: Why, act: Act) -> None:
    """Keep why somebody left, where she said it; in a transaction."""
    named = _named(store, token)
    if named and named[0]:
        record_why(store.database, named[0].id, _since(act.at), why)


def _named(store: Store, token: str) -> tuple[Subscriber | None, tuple[str, ...]] | None:
    """Give whose link it is, and which lists it is about: every one where they are not known."""
    read = read_token(store.keyring, "unsubscribe", token)
    if read is None:
        return None
    person = find_by_ref(store.database, read[0].hex())
    if person is not None and person.state != "active":
        person = None
    return person, scope_lists(store.database, read[1]) or EVERY_LIST


def _since(now: str) -> str:
    return timestamp(dt.datetime.fromisoformat(now) - UNDO)
