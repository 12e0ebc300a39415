"""What is older than may be kept: people whom no list has reached for a long time."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from smakom_mail.model.person import Act, Candidate, Reason, Subscriber, Suppression
from smakom_mail.services.public.tidying import count_overdue, tidy
from smakom_mail.services.storing import Store, timestamp
from smakom_mail.services.subscribing.leaving import suppress_former
from smakom_mail.services.subscribing.listing import EVERYONE
from smakom_mail.store.audience import candidates
from smakom_mail.store.erasing import erase, erase_traces
from smakom_mail.store.people import find_by_id
from smakom_mail.store.proofs import erase_proofs_before
from smakom_mail.store.suppressions import standing_noes

SHOWN = 1_000


@dataclass(frozen=True, slots=True)
class Outdated:
    """Somebody who is kept for nothing: why no list reaches them, and since when."""

    email: str
    why: str
    since: str


@dataclass(frozen=True, slots=True)
class Retention:
    """Who is older than `before`; `complete` is false where traces stay, and `left` says why.

    `unanswered` counts what was asked for on the web and nobody agreed to in 14 days: it leaves
    nothing behind.
    """

    months: int
    before: str
    count: int
    people: tuple[Outdated, ...]
    applied: bool
    complete: bool = True
    left: str = ""
    unanswered: int = 0


def months_before(now: dt.datetime, months: int) -> dt.datetime:
    """Give the same day of the month so many months ago, or the last one of that month."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    if year < 1:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
    first = now.replace(year=year, month=month + 1, day=1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return first.replace(day=min(now.day, last.day))


def retain(store: Store, act: Act, now: dt.datetime, *, apply: bool) -> Retention:
    """Say who has left, or never confirmed, longer ago than may be; with `apply` forget them.

    All in one transaction, in which it is looked up again who they are. To whom proofs went that
    are older than that is forgotten too.
    """
    months = store.workplace.config.people.retention_months
    before = timestamp(months_before(now, months))
    if not apply:
        found = [outdated for _, outdated in _outdated(store, before)]
        shown, overdue = tuple(found[:SHOWN]), count_overdue(store, now)
        return Retention(months, before, len(found), shown, applied=False, unanswered=overdue)
    with store.database.transaction():
        both = list(_outdated(store, before))
        for person, _ in both:
            no = Suppression(person.fingerprint, "", Reason.FORGOTTEN, act.at, act.actor)
            suppress_former(store, person, no)
        erase(store.database, store.journal, [person.id for person, _ in both], act)
        erase_proofs_before(store.database, before)
    unanswered = tidy(store, now).unanswered
    left = erase_traces(store.database)
    people = tuple(outdated for _, outdated in both[:SHOWN])
    return Retention(
        months, before, len(both), people, applied=True, complete=not left, left=left,
        unanswered=unanswered,
    )  # fmt: skip


def _outdated(store: Store, before: str) -> Iterator[tuple[Subscriber, Outdated]]:
    for candidate in candidates(store.database, EVERYONE):
        person = find_by_id(store.database, candidate.id) if candidate.excluded else None
        if person is None:
            continue
        since = _since(store, person)
        if since < before:
            yield person, Outdated(person.email, _why(candidate, person), since)


def _why(candidate: Candidate, person: Subscriber) -> str:
    return candidate.excluded if person.memberships else "on no list"


def _since(store: Store, person: Subscriber) -> str:
    """Give when the last thing happened that took the person off a list, or put her nowhere."""
    noes = standing_noes(store.database, [person.fingerprint])
    times = [each.since for each in person.memberships] + [no.at for no in noes]
    return max(times, default=person.created_at)
