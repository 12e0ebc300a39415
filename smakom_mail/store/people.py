"""People: finding one, streaming many, and what is known of them."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from smakom_mail.content.people.address import Address, canonical
from smakom_mail.model.person import (
    Basis,
    Change,
    Consent,
    Membership,
    MembershipState,
    Subscriber,
)
from smakom_mail.store.database import Database, Row

_TOGETHER = 500
_COLUMNS = (
    "s.id, s.ref, s.key, s.email, s.fingerprint, s.name, s.organisation, s.language, s.flags, "
    "s.sort_key, s.created_at, s.changed_at, s.state"
)
_BY_KEY = f"SELECT {_COLUMNS} FROM subscribers s WHERE s.key = :value"  # noqa: S608 - column names of ours
# Who had an address last stands first.
_FORMER = """
SELECT history.subscriber_id AS person, history.old AS email
FROM history JOIN subscribers ON subscribers.id = history.subscriber_id
WHERE history.what = 'email' AND history.old <> '' AND subscribers.state = 'active'
ORDER BY history.at DESC, history.step DESC
"""
_BY_REF = f"SELECT {_COLUMNS} FROM subscribers s WHERE s.ref = :value"  # noqa: S608 - column names of ours
_BY_ID = f"SELECT {_COLUMNS} FROM subscribers s WHERE s.id = :value"  # noqa: S608 - column names of ours
_BY_FINGERPRINT = f"SELECT {_COLUMNS} FROM subscribers s WHERE s.fingerprint = :value"  # noqa: S608 - column names of ours
_EACH = f"""
SELECT {_COLUMNS} FROM subscribers s
WHERE (:state = '' OR s.state = :state)
AND (:organisation = '' OR s.organisation = :organisation)
AND (:language = '' OR s.language = :language)
AND (:search = '' OR s.key LIKE :like ESCAPE '!' OR lower(s.email) LIKE :like ESCAPE '!'
     OR lower(s.name) LIKE :like ESCAPE '!')
AND (:list = '' AND :membership = '' OR EXISTS (
    SELECT 1 FROM memberships m WHERE m.subscriber_id = s.id
    AND (:list = '' OR m.list_slug = :list) AND (:membership = '' OR m.state = :membership)))
AND (:tag = '' OR EXISTS (SELECT 1 FROM tags t WHERE t.subscriber_id = s.id AND t.tag = :tag))
AND (:suppressed = '' OR (:suppressed = 'yes') = EXISTS (
    SELECT 1 FROM suppressions u WHERE u.fingerprint = s.fingerprint AND u.lifted_at = ''))
ORDER BY s.sort_key, s.key, s.id
"""  # noqa: S608 - column names of ours
# Nobody writes to them: they have left everything, never confirmed, or stand on no list.
_UNUSED = f"""
SELECT {_COLUMNS} FROM subscribers s
WHERE s.state = 'active' AND s.changed_at < :before AND NOT EXISTS (
    SELECT 1 FROM memberships m WHERE m.subscriber_id = s.id AND m.state = 'confirmed')
ORDER BY s.changed_at, s.key
"""  # noqa: S608 - column names of ours
_MEMBERSHIPS = "SELECT subscriber_id, list_slug, state, since FROM memberships"
_TAGS = "SELECT subscriber_id, tag FROM tags"
_CONSENTS = """
SELECT subscriber_id, list_slug, basis, at, source, wording, recorded_at, actor FROM consents
"""
_HISTORY = """
SELECT at, actor, what, old, new FROM history WHERE subscriber_id = :id ORDER BY at, step
"""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which people: every field that says something must hold. An empty one says nothing.

    `search` is a part of an address or name; `membership` a state on `list_slug`, or on any list;
    `suppressed` is "yes" or "no"; `state` is "active" or "forgotten".
    """

    list_slug: str = ""
    membership: str = ""
    tag: str = ""
    organisation: str = ""
    language: str = ""
    search: str = ""
    suppressed: str = ""
    state: str = "active"


def new_identity(randomness: Callable[[int], bytes] = secrets.token_bytes) -> tuple[str, str]:
    """Make the id and the ref of a new person: random, so that they tell nothing."""
    both = randomness(16).hex()
    return both[:16], both[16:]


def find_by_key(database: Database, key: str) -> Subscriber | None:
    """Find a person by canonical address."""
    return _find(database, _BY_KEY, key)


def find_by_ref(database: Database, ref: str) -> Subscriber | None:
    """Find a person by what tokens carry."""
    return _find(database, _BY_REF, ref)


def find_by_former(database: Database, key: str) -> Subscriber | None:
    """Find the one person who had this address before; None where nobody or several had it."""
    people = formers_of(database, key)
    return people[0] if len(people) == 1 else None


def formers_of(database: Database, key: str) -> tuple[Subscriber, ...]:
    """Find everybody who had this address before; who had it last stands first."""
    ids = dict.fromkeys(person for former, person in former_keys(database) if former == key)
    found = (find_by_id(database, id_) for id_ in ids)
    return tuple(person for person in found if person is not None)


def former_keys(database: Database) -> Iterator[tuple[str, str]]:
    """Stream the canonical addresses that people had before, and their ids; the latest first."""
    for row in database.each(_FORMER):
        address = canonical(row["email"], allow_smtputf8=True)
        yield (address.key if isinstance(address, Address) else row["email"].lower()), row["person"]


def find_by_id(database: Database, id_: str) -> Subscriber | None:
    """Find a person by id."""
    return _find(database, _BY_ID, id_)


def find_by_fingerprint(database: Database, fingerprints: Iterable[str]) -> Subscriber | None:
    """Find a person, forgotten ones too, by any of an address's fingerprints."""
    for each in fingerprints:
        if found := _find(database, _BY_FINGERPRINT, each):
            return found
    return None


def _find(database: Database, sql: str, value: str) -> Subscriber | None:
    row = database.one(sql, {"value": value})
    return next(_whole(database, [row])) if row else None


def each_person(database: Database, where: Filter | None = None) -> Iterator[Subscriber]:
    """Stream people as Swedes sort them, in flat memory; without a filter everybody active."""
    chosen = where or Filter()
    rows = database.each(
        _EACH,
        {
            "state": chosen.state,
            "organisation": chosen.organisation,
            "language": chosen.language,
            "search": chosen.search,
            "like": f"%{literal(chosen.search.lower())}%",
            "list": chosen.list_slug,
            "membership": chosen.membership,
            "tag": chosen.tag,
            "suppressed": chosen.suppressed,
        },
    )
    while some := list(islice(rows, _TOGETHER)):
        yield from _whole(database, some)


def each_unused(database: Database, before: str) -> Iterator[Subscriber]:
    """Stream people on no list that reaches them, unchanged since `before`, oldest first."""
    rows = database.each(_UNUSED, {"before": before})
    while some := list(islice(rows, _TOGETHER)):
        yield from _whole(database, some)


def literal(text: str) -> str:
    """Write text for LIKE … ESCAPE '!' so that it means itself."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def history_of(database: Database, id_: str) -> tuple[Change, ...]:
    """Give every change of a person, oldest first."""
    return tuple(
        Change(row["at"], row["actor"], row["what"], row["old"], row["new"])
        for row in database.all(_HISTORY, {"id": id_})
    )


def _whole(database: Database, rows: Collection[Row]) -> Iterator[Subscriber]:
    """Put together what the tables say of some people, with one question to each table."""
    ids = [row["id"] for row in rows]
    memberships = _grouped(database, _MEMBERSHIPS, ids, "list_slug")
    tags = _grouped(database, _TAGS, ids, "tag")
    consents = _grouped(database, _CONSENTS, ids, "at, list_slug")
    for row in rows:
        id_ = row["id"]
        yield Subscriber(
            id=id_,
            ref=row["ref"],
            key=row["key"] or "",
            email=row["email"] or "",
            fingerprint=row["fingerprint"],
            name=row["name"] or "",
            organisation=row["organisation"] or "",
            language=row["language"] or "",
            flags=tuple(row["flags"].split()),
            sort_key=row["sort_key"] or "",
            created_at=row["created_at"],
            changed_at=row["changed_at"],
            state=row["state"],
            memberships=tuple(
                Membership(m["list_slug"], MembershipState(m["state"]), m["since"])
                for m in memberships[id_]
            ),
            tags=tuple(t["tag"] for t in tags[id_]),
            consents=tuple(_consent(c) for c in consents[id_]),
        )


def _grouped(database: Database, sql: str, ids: list[str], order: str) -> dict[str, list[Row]]:
    marks = ", ".join("?" * len(ids))
    found = defaultdict(list)
    for row in database.all(f"{sql} WHERE subscriber_id IN ({marks}) ORDER BY {order}", ids):
        found[row["subscriber_id"]].append(row)
    return found


def _consent(row: Row) -> Consent:
    return Consent(
        row["list_slug"],
        Basis(row["basis"]),
        row["at"],
        row["source"],
        row["wording"],
        row["recorded_at"],
        row["actor"],
    )
