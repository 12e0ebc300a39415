"""People: who gets the newsletter, on what ground, and who has said no.

Times are ISO 8601 text in UTC, as the store keeps them; an empty text is "not said".
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Basis(StrEnum):
    """The legal ground (GDPR article 6) on which somebody is written to."""

    CONSENT = "consent"
    MEMBERSHIP = "membership"
    PUBLIC_TASK = "public-task"
    LEGITIMATE_INTEREST = "legitimate-interest"


class Reason(StrEnum):
    """Why nothing more is sent to an address."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    FORGOTTEN = "forgotten"
    MANUAL = "manual"


class MembershipState(StrEnum):
    """How somebody stands to a list."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Membership:
    """That somebody stands on a list, waits to be confirmed, or has left it."""

    list_slug: str
    state: MembershipState
    since: str


@dataclass(frozen=True, slots=True)
class Consent:
    """The record of a legal ground: when, how, and the very wording that was shown.

    `wording` is the text itself or a reference to it; `recorded_at` is when we wrote it down.
    """

    list_slug: str
    basis: Basis
    at: str
    source: str
    wording: str
    recorded_at: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Suppression:
    """A no, kept by keyed fingerprint so that it outlives the person's erasure.

    An empty `list_slug` means every list; a suppression with `lifted_at` no longer holds.
    """

    fingerprint: str
    list_slug: str
    reason: Reason
    at: str
    actor: str
    note: str = ""
    lifted_at: str = ""
    lifted_by: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of somebody's history: who changed what, and when."""

    at: str
    actor: str
    what: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A person and all that the store says of them.

    `email` is the stored form that mail goes to, `key` the canonical one that is compared;
    both are empty for a forgotten person, whose `state` is "forgotten" (else "active").
    """

    id: str
    ref: str
    key: str
    email: str
    fingerprint: str
    name: str = ""
    organisation: str = ""
    language: str = ""
    flags: tuple[str, ...] = ()
    sort_key: str = ""
    created_at: str = ""
    changed_at: str = ""
    state: str = "active"
    memberships: tuple[Membership, ...] = ()
    tags: tuple[str, ...] = ()
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with something that was given, as data: its kind, and what was met.

    The sentences stand in content/people/sentences.py, in Swedish and English.
    """

    kind: str
    values: tuple[tuple[str, str], ...] = ()


class PersonRow(NamedTuple):
    """A row of an imported table that can be used: a tuple, since there may be a million.

    `row` is the number that a spreadsheet shows. An empty text or tuple means that the cell is
    empty or the column missing; which columns there are is said by the table's columns.
    `notes` tell what was mended on the way.
    """

    row: int
    email: str
    key: str
    flags: tuple[str, ...]
    name: str
    organisation: str
    language: str
    lists: tuple[str, ...]
    tags: tuple[str, ...]
    basis: Basis | None
    consent_at: str
    consent_source: str
    wording: str
    notes: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of an imported table that cannot be used; `email` is what the row has for one."""

    row: int
    email: str
    reason: Fault


@dataclass(frozen=True, slots=True)
class Act:
    """Who changes something, and when: what the store writes into the history."""

    at: str
    actor: str


@dataclass(frozen=True, slots=True)
class MailingList:
    """A list that people stand on; newcomers go to the default one.

    `description` is for who may join it; the store does not keep it.
    """

    slug: str
    name: str
    is_default: bool = False
    description: str = field(default="", compare=False)


class Candidate(NamedTuple):
    """Somebody an edition might reach: planned where `excluded` is empty, else the reason.

    `excluded` is "unsubscribed", "suppressed (bounced)" with the reason in parentheses,
    "unconfirmed", "no consent" or "not in selection". `lists` are those that the edition
    reaches a planned person by, and that leaving from it leaves. A tuple: a million are made.
    """

    id: str
    ref: str
    key: str
    email: str
    name: str
    organisation: str
    language: str
    flags: tuple[str, ...]
    excluded: str
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A row that says again what row `first` of the same table said of the same person."""

    row: int
    email: str
    first: int
