"""Changing one person, each change with its line of history; all of it inside a transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from smakom_mail.errors import StoreError
from smakom_mail.model.person import Act, Change, Consent, Membership, MembershipState, Subscriber
from smakom_mail.store.database import Database
from smakom_mail.store.journal import Journal
from smakom_mail.store.letters import claim_letters
from smakom_mail.store.people import find_by_fingerprint, find_by_id, find_by_key
from smakom_mail.store.suppressions import standing_noes, suppress

CHANGEABLE = ("email", "name", "organisation", "language")
DERIVED = ("flags", "sort_key")

_ADD = """
INSERT INTO subscribers (id, ref, key, email, fingerprint, name, organisation, language, flags,
    sort_key, created_at, changed_at, state)
VALUES (:id, :ref, :key, :email, :fingerprint, :name, :organisation, :language, :flags,
    :sort_key, :at, :at, 'active')
"""
_REVIVE = """
UPDATE subscribers SET key = :key, email = :email, name = :name, organisation = :organisation,
    language = :language, flags = :flags, sort_key = :sort_key, changed_at = :at, state = 'active'
WHERE id = :id
"""
_CHANGE = """
UPDATE subscribers SET email = :email, name = :name, organisation = :organisation,
    language = :language, flags = :flags, sort_key = :sort_key, changed_at = :at
WHERE id = :id
"""
_READDRESS = """
UPDATE subscribers SET key = :key, email = :email, fingerprint = :fingerprint, flags = :flags,
    sort_key = :sort_key, changed_at = :at
WHERE id = :id
"""
_TOUCH = "UPDATE subscribers SET changed_at = :at WHERE id = :id"
_STATE = "SELECT state FROM memberships WHERE subscriber_id = :id AND list_slug = :list"
_JOIN = """
INSERT INTO memberships (subscriber_id, list_slug, state, since) VALUES (:id, :list, :state, :at)
ON CONFLICT (subscriber_id, list_slug) DO UPDATE SET state = excluded.state, since = excluded.since
"""
_TAG = "INSERT INTO tags (subscriber_id, tag) VALUES (:id, :tag) ON CONFLICT DO NOTHING"
_UNTAG = "DELETE FROM tags WHERE subscriber_id = :id AND tag = :tag"
_CONSENT = """
INSERT INTO consents (subscriber_id, list_slug, basis, at, source, wording, recorded_at, actor)
VALUES (:id, :list, :basis, :consented, :source, :wording, :at, :actor)
"""
_STEP = """
INSERT INTO history (subscriber_id, at, step, actor, what, old, new)
SELECT :id, :at, COALESCE(MAX(step), 0) + 1, :actor, :what, :old, :new
FROM history WHERE subscriber_id = :id
"""


def write_history(database: Database, id_: str, change: Change) -> None:
    """Add a line to somebody's history."""
    database.run(
        _STEP,
        {
            "id": id_,
            "at": change.at,
            "actor": change.actor,
            "what": change.what,
            "old": change.old,
            "new": change.new,
        },
    )


def add_person(database: Database, person: Subscriber, act: Act) -> str:
    """Add a person with memberships, tags and consents; give the id that the store knows.

    Somebody who was forgotten gets the old row back, and stays suppressed until that is lifted.
    Raises StoreError where the address is there already.
    """
    before = find_by_fingerprint(database, [person.fingerprint])
    if (before and before.state == "active") or find_by_key(database, person.key):
        raise _taken(person.email)
    id_ = before.id if before else person.id
    values = {
        "id": id_,
        "ref": person.ref,
        "key": person.key,
        "email": person.email,
        "fingerprint": person.fingerprint,
        "name": person.name,
        "organisation": person.organisation,
        "language": person.language,
        "flags": " ".join(person.flags),
        "sort_key": person.sort_key,
        "at": act.at,
    }
    database.run(_REVIVE if before else _ADD, values)
    write_history(database, id_, Change(act.at, act.actor, "added"))
    for membership in person.memberships:
        set_membership(database, id_, membership.list_slug, membership.state, act)
    add_tags(database, id_, person.tags, act)
    for consent in person.consents:
        record_consent(database, id_, consent, act)
    return id_


def change_person(
    database: Database, id_: str, changes: Mapping[str, str], act: Act
) -> tuple[Change, ...]:
    """Change fields of CHANGEABLE, and with them those of DERIVED; give what really changed.

    `flags` are words with spaces between. Raises KeyError for any other field.
    """
    person = _person(database, id_)
    now = {name: getattr(person, name) for name in CHANGEABLE}
    derived = {"flags": " ".join(person.flags), "sort_key": person.sort_key}
    if unknown := set(changes) - {*CHANGEABLE, *DERIVED}:
        raise KeyError(*unknown)
    made = tuple(
        Change(act.at, act.actor, name, now[name], changes[name])
        for name in CHANGEABLE
        if changes.get(name, now[name]) != now[name]
    )
    wanted = now | derived | dict(changes)
    if wanted != now | derived:
        database.run(_CHANGE, wanted | {"at": act.at, "id": id_})
    for change in made:
        write_history(database, id_, change)
    return made


def readdress(
    database: Database, journal: Journal, id_: str, moved: Subscriber, act: Act
) -> Change:
    """Give a person the address of `moved` (key, email, fingerprint, flags, sort_key).

    A no that was said at the old address holds at the new one. Raises StoreError where the new
    address is another person's, or was forgotten.
    """
    person = _person(database, id_)
    other = find_by_key(database, moved.key) or find_by_fingerprint(database, [moved.fingerprint])
    if other is not None and other.id != id_:
        raise _taken(moved.email)
    database.run(
        _READDRESS,
        {
            "id": id_,
            "key": moved.key,
            "email": moved.email,
            "fingerprint": moved.fingerprint,
            "flags": " ".join(moved.flags),
            "sort_key": moved.sort_key,
            "at": act.at,
        },
    )
    if moved.key != person.key:
        claim_letters(database, person.key, id_)
    if moved.fingerprint != person.fingerprint:
        for no in standing_noes(database, [person.fingerprint]):
            carried = replace(
                no, fingerprint=moved.fingerprint, at=act.at, actor=act.actor, note="new address"
            )
            suppress(database, journal, carried)
    change = Change(act.at, act.actor, "email", person.email, moved.email)
    write_history(database, id_, change)
    return change


def _taken(email: str) -> StoreError:
    return StoreError(
        f"{email} is a subscriber already, or was forgotten",
        f"see what is held: smakom-mail subscribers show {email}",
    )


def _person(database: Database, id_: str) -> Subscriber:
    person = find_by_id(database, id_)
    if person is None:
        raise LookupError(id_)
    return person


def set_membership(
    database: Database, id_: str, list_slug: str, state: MembershipState, act: Act
) -> Membership | None:
    """Put a person on a list in a state; None where it was so already."""
    row = database.one(_STATE, {"id": id_, "list": list_slug})
    old = row["state"] if row else ""
    if old == state:
        return None
    database.run(_JOIN, {"id": id_, "list": list_slug, "state": str(state), "at": act.at})
    _touch(database, id_, Change(act.at, act.actor, f"list {list_slug}", old, str(state)))
    return Membership(list_slug, state, act.at)


def add_tags(database: Database, id_: str, tags: Iterable[str], act: Act) -> tuple[str, ...]:
    """Put tags on a person; give those that are new."""
    new = tuple(tag for tag in tags if database.run(_TAG, {"id": id_, "tag": tag}))
    for tag in new:
        _touch(database, id_, Change(act.at, act.actor, "tag", "", tag))
    return new


def remove_tags(database: Database, id_: str, tags: Iterable[str], act: Act) -> tuple[str, ...]:
    """Take tags off a person; give those that were there."""
    gone = tuple(tag for tag in tags if database.run(_UNTAG, {"id": id_, "tag": tag}))
    for tag in gone:
        _touch(database, id_, Change(act.at, act.actor, "tag", tag, ""))
    return gone


def record_consent(database: Database, id_: str, consent: Consent, act: Act) -> None:
    """Keep a record of a legal ground; earlier ones stay beside it."""
    database.run(
        _CONSENT,
        {
            "id": id_,
            "list": consent.list_slug,
            "basis": str(consent.basis),
            "consented": consent.at,
            "source": consent.source,
            "wording": consent.wording,
            "at": consent.recorded_at or act.at,
            "actor": consent.actor or act.actor,
        },
    )
    _touch(
        database,
        id_,
        Change(act.at, act.actor, f"basis {consent.list_slug or '*'}", "", str(consent.basis)),
    )


def _touch(database: Database, id_: str, change: Change) -> None:
    database.run(_TOUCH, {"id": id_, "at": change.at})
    write_history(database, id_, change)
