"""Saying no: leaving lists, lifting what only an editor may lift, and being forgotten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from smakom_mail.model.person import (
    Act,
    Change,
    MembershipState,
    Reason,
    Subscriber,
    Suppression,
)
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.finding import (
    Found,
    find_ever,
    former_fingerprints,
)
from smakom_mail.services.subscribing.leftovers import NOWHERE, Leftovers, find_leftovers
from smakom_mail.services.subscribing.typed import SubscriberError, known_lists
from smakom_mail.services.tracked import VAR
from smakom_mail.store.backup import default_backup
from smakom_mail.store.changing import set_membership, write_history
from smakom_mail.store.erasing import erase, erase_traces, scrub_address
from smakom_mail.store.lists import known_lists as stored_lists
from smakom_mail.store.people import formers_of, history_of
from smakom_mail.store.suppressions import lift, suppress

LIFTABLE = (Reason.COMPLAINED, Reason.BOUNCED, Reason.MANUAL)
"""What an editor may lift; the rest only the person can."""
EVERYWHERE = "everywhere"
_REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody who gets nothing more from these lists; "" stands for every list.

    `known` is false for an address that nobody has; `formers` are those who had it before, where
    they are more than one. `new` tells what was not so before.
    """

    email: str
    lists: tuple[str, ...]
    reason: Reason
    known: bool
    new: bool
    formers: tuple[str, ...] = ()


def unsubscribe(
    store: Store, text: str, lists: tuple[str, ...], act: Act, reason: Reason = Reason.UNSUBSCRIBED
) -> Left:
    """Keep an address from these lists, or from every list where none is named.

    Whoever has unsubscribed has left the list; for any other reason the membership stays, and
    counts again when the reason is lifted. Raises SubscriberError.
    """
    stored = stored_lists(store.database)
    slugs = known_lists(lists, store.workplace.config.people, stored) or ("",)
    new = False
    with store.database.transaction():
        found = find_ever(store, text)
        for slug in slugs:
            no = Suppression(found.fingerprint, slug, reason, act.at, act.actor)
            recorded = suppress(store.database, store.journal, no)
            suppress_former(store, found.person, no)
            new = new or recorded
            # Of somebody who was forgotten no history is written any more.
            if recorded and found.person and found.is_here:
                change = Change(act.at, act.actor, f"no {slug or '*'}", "", str(reason))
                write_history(store.database, found.person.id, change)
        if reason is Reason.UNSUBSCRIBED and found.person and found.is_here:
            leave_lists(store, found.person, slugs, act)
        formers = () if found.person else formers_of(store.database, found.address.key)
    emails = tuple(each.email for each in formers)
    return Left(found.address.email, slugs, reason, found.is_here, new, emails)


def suppress_former(store: Store, person: Subscriber | None, no: Suppression) -> None:
    """Record a person's no for the addresses she had before too; inside a transaction."""
    for fingerprint in former_fingerprints(store, person) if person else ():
        suppress(store.database, store.journal, replace(no, fingerprint=fingerprint))


def leave_lists(store: Store, person: Subscriber, slugs: tuple[str, ...], act: Act) -> None:
    """Note that a person has left lists ("" is every one); inside a transaction."""
    for membership in person.memberships:
        if "" in slugs or membership.list_slug in slugs:
            set_membership(
                store.database, person.id, membership.list_slug, MembershipState.LEFT, act
            )


@dataclass(frozen=True, slots=True)
class Lifted:
    """The noes that were lifted, and those that still stand."""

    email: str
    lifted: tuple[Suppression, ...]
    standing: tuple[Suppression, ...]


def lift_no(store: Store, text: str, reason: str, act: Act) -> Lifted:
    """Lift the complaints, bounces and manual noes of an address, for a reason that is kept.

    An unsubscription or an erasure is not touched. Raises SubscriberError.
    """
    why = " ".join(reason.split())[:_REASON_LIMIT]
    if not why:
        raise SubscriberError("there is no reason", "write why: --reason TEXT")
    with store.database.transaction():
        found = find_ever(store, text)
        ours = tuple(no for no in found.standing if no.reason in LIFTABLE)
        if not ours:
            raise SubscriberError("there is no complaint or bounce to lift", _hint(found))
        fingerprints = {no.fingerprint for no in ours}
        lists = {no.list_slug for no in ours}
        lift(store.database, fingerprints, lists, LIFTABLE, act)
        if found.person and found.is_here:
            for no in ours:
                change = Change(act.at, act.actor, f"lifted {no.reason}", no.list_slug or "*", why)
                write_history(store.database, found.person.id, change)
    return Lifted(found.address.email, ours, find_ever(store, text).standing)


def _hint(found: Found) -> str:
    if found.standing:
        return (
            "an unsubscription is lifted only by the person: "
            f"smakom-mail subscribers invite {found.address.email}"
        )
    return f"see what is held: smakom-mail subscribers show {found.address.email}"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An erasure: when it was, whether it was made now, and what of the address is left elsewhere.

    `subscriber` is false for an address of which nothing was held but that proofs went to it.
    `texts` counts by place what was written of others with the address in it.
    `complete` is false where something still keeps the address in the bytes of the file, and `left`
    says what: the next command tries it again. `leftovers` are other files of the project that
    hold the address.
    """

    at: str
    now: bool
    complete: bool
    backups: tuple[Path, ...]
    left: str = ""
    leftovers: Leftovers = NOWHERE
    subscriber: bool = True
    texts: Mapping[str, int] = field(default_factory=dict)


def forget_subscriber(store: Store, text: str, act: Act) -> Forgotten:
    """Erase a person everywhere; the fingerprint stays, and blocks.

    Raises SubscriberError where nothing is held of the address.
    """
    found = find_ever(store, text)
    erased = [no for no in found.standing if no.reason is Reason.FORGOTTEN]
    if found.person is None or found.person.state == "forgotten":
        rows, texts = _forget_nobody(store, found, act)
        if rows or texts:
            done = _forgotten(store, act.at, {found.address.email}, now=True)
            return replace(done, subscriber=False, texts=texts)
        if erased:
            return _forgotten(store, erased[-1].at, {found.address.email}, now=False)
        if found.noes:
            raise SubscriberError(
                "nothing but a no is held of this address", "it stays, so that it is not mailed"
            )
        raise SubscriberError(
            "nothing is held of this address",
            "see who there is: smakom-mail subscribers list --search PART",
        )
    no = Suppression(found.fingerprint, "", Reason.FORGOTTEN, act.at, act.actor)
    with store.database.transaction():
        former = (e.old for e in history_of(store.database, found.person.id) if e.what == "email")
        addresses = {found.person.email, *former}
        suppress_former(store, found.person, no)
        erase(store.database, store.journal, [found.person.id], act)
    return _forgotten(store, act.at, addresses, now=True)


def _forget_nobody(store: Store, found: Found, act: Act) -> tuple[int, dict[str, int]]:
    """Take out what is held of an address that nobody has; what others wrote of it keeps it out."""
    with store.database.transaction():
        rows, texts = scrub_address(store.database, found.address.key)
        if texts:
            no = Suppression(found.fingerprint, "", Reason.FORGOTTEN, act.at, act.actor)
            suppress(store.database, store.journal, no)
    return rows, texts


def _forgotten(store: Store, at: str, addresses: Iterable[str], *, now: bool) -> Forgotten:
    """Take the address out of the files of the database, and say where else it stands."""
    left = erase_traces(store.database)
    var = store.workplace.root / VAR
    own = {path for path in _listed(store.database.path.parent) if _is_database(store, path)}
    passed_over = {*own, var / "secret", default_backup(store.database.path, "").parent}
    leftovers = find_leftovers(store.workplace.root, addresses, passed_over)
    return Forgotten(at, now, not left, backups(store), left, leftovers)


def _is_database(store: Store, path: Path) -> bool:
    """Say whether a file is the database or stands beside it: erased already, or without names."""
    return path.name.removeprefix(store.database.path.name) in (
        *("", "-wal", "-shm", "-journal"),
        *(".journal", ".installation"),
    )


def backups(store: Store) -> tuple[Path, ...]:
    """Give what lies where backups do, halves of killed ones too: no erasure reaches that."""
    return tuple(_listed(default_backup(store.database.path, "").parent))


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
