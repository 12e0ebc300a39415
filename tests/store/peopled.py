"""People for the tests of the store, and shorter words for what is done with them."""

import hashlib
from collections.abc import Iterable, Sequence

from smakom_mail.model.person import (
    Act,
    Basis,
    Consent,
    MailingList,
    Membership,
    MembershipState,
    PersonRow,
    Reason,
    Subscriber,
    Suppression,
)
from smakom_mail.store import Database
from smakom_mail.store.applying import apply_import
from smakom_mail.store.changing import add_person
from smakom_mail.store.journal import Journal, journal_beside
from smakom_mail.store.people import new_identity
from smakom_mail.store.staging import Counts, StagedRow, Staging
from smakom_mail.store.suppressions import suppress

THEN = Act("2024-03-01T08:00:00.000+00:00", "kansliet")
NOW = Act("2024-05-01T08:00:00.000+00:00", "kansliet")
LISTS = (
    MailingList("medlemmar", "Medlemmar", is_default=True),
    MailingList("press", "Press"),
    MailingList("styrelse", "Styrelsen"),
)
WORDING = "Ja, jag vill ha nyhetsbrevet."


def fingerprint(key: str, made_with: str = "new") -> str:
    """Stand in for the keyed hash of an address."""
    return hashlib.sha256(f"{made_with} {key}".encode()).hexdigest()


def sort_key(name: str, organisation: str, email: str) -> str:
    """Stand in for the Swedish sort key."""
    return f"{organisation}/{name}/{email}".lower()


def person(  # noqa: PLR0913 - a person has this many sides
    email: str,
    *lists: str,
    state: MembershipState = MembershipState.CONFIRMED,
    name: str = "",
    organisation: str = "",
    language: str = "sv",
    tags: Iterable[str] = (),
    consent: bool = True,
) -> Subscriber:
    """Make somebody on `lists`, with a record of consent to each unless told otherwise."""
    id_, ref = new_identity()
    return Subscriber(
        id=id_,
        ref=ref,
        key=email.lower(),
        email=email,
        fingerprint=fingerprint(email.lower()),
        name=name,
        organisation=organisation,
        language=language,
        sort_key=sort_key(name, organisation, email),
        memberships=tuple(Membership(slug, state, "") for slug in lists),
        tags=tuple(tags),
        consents=tuple(
            Consent(slug, Basis.CONSENT, THEN.at, "webb", WORDING) for slug in lists if consent
        ),
    )


def added(database: Database, *people: Subscriber) -> list[str]:
    """Add people; give their ids."""
    with database.transaction():
        return [add_person(database, each, THEN) for each in people]


def journal_of(database: Database) -> Journal:
    """Give the journal beside a database."""
    return journal_beside(database.path)


def no(
    email: str, list_slug: str = "", reason: Reason = Reason.UNSUBSCRIBED, at: str = THEN.at
) -> Suppression:
    """Make the no of an address."""
    return Suppression(fingerprint(email), list_slug, reason, at, "kansliet")


def say_no(database: Database, *noes: Suppression) -> None:
    """Record noes, each committed by itself."""
    for each in noes:
        with database.transaction():
            suppress(database, journal_of(database), each)


def row(  # noqa: PLR0913 - a row has this many cells
    number: int,
    email: str,
    *lists: str,
    name: str = "",
    organisation: str = "",
    tags: tuple[str, ...] = (),
    basis: Basis | None = Basis.CONSENT,
    consent_at: str = "",
) -> StagedRow:
    """Make a row of an imported table; one without lists is for newcomers' medlemmar."""
    cells = PersonRow(
        row=number,
        email=email,
        key=email.lower(),
        flags=(),
        name=name,
        organisation=organisation,
        language="",
        lists=lists,
        tags=tags,
        basis=basis,
        consent_at=consent_at,
        consent_source="webb" if consent_at else "",
        wording=WORDING,
    )
    keys = (fingerprint(email.lower()), fingerprint(email.lower(), "old"))
    return StagedRow(cells, keys, sort_key(name, organisation, email), ("medlemmar",))


def imported(database: Database, rows: Sequence[StagedRow]) -> Counts:
    """Import rows."""
    with Staging(database) as staging:
        staging.add(rows)
        staging.compare()
        return apply_import(staging, NOW, sort_key)
