"""A small newsletter with people in its database, and who would get it."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from smakom_mail.content.people.address import Address, canonical
from smakom_mail.content.people.sorting import sort_key
from smakom_mail.model.person import (
    Act,
    Basis,
    Consent,
    Membership,
    MembershipState,
    Reason,
    Subscriber,
    Suppression,
)
from smakom_mail.services.scaffolding import init_project
from smakom_mail.services.sendlisting import ListedEdition, list_recipients
from smakom_mail.services.storing import Store, open_store
from smakom_mail.services.surveying import SendList
from smakom_mail.services.workplace import Workplace, open_workplace
from smakom_mail.store.changing import add_person
from smakom_mail.store.lists import scope_lists
from smakom_mail.store.people import new_identity
from smakom_mail.store.suppressions import suppress
from smakom_mail.tokens import read_token

EDITION = "exempel"
THEN = Act("2024-03-01T08:00:00.000+00:00", "kansliet")
PEOPLE = """
[[people.list]]
slug = "prenumeranter"
name = "Prenumeranter"

[[people.list]]
slug = "medlemmar"
name = "Medlemmar"
"""
FIRST = "newsletters/exempel/10-ordforandens-ord.md"


def newsletter(folder: Path) -> Path:
    """Make a newsletter with two lists, of which prenumeranter is the default."""
    init_project(folder)
    with (folder / "smakom-mail.toml").open("a", encoding="utf-8") as settings:
        settings.write(PEOPLE)
    return folder


def place(root: Path, environment: Mapping[str, str] = {}) -> Workplace:
    """Open the newsletter."""
    return open_workplace(root, environment)


def opened(root: Path, environment: Mapping[str, str] = {}) -> Store:
    """Open its store, made at first need."""
    return open_store(place(root, environment), environment, create=True)


def person(  # noqa: PLR0913 - a person has this many sides
    store: Store,
    email: str,
    *lists: str,
    name: str = "Kim Exempel",
    organisation: str = "",
    tags: Iterable[str] = (),
    state: MembershipState = MembershipState.CONFIRMED,
    consent: bool = True,
) -> Subscriber:
    """Make somebody; without lists she stands on the default one."""
    address = canonical(email)
    assert isinstance(address, Address), address
    id_, ref = new_identity()
    chosen = lists or ("prenumeranter",)
    return Subscriber(
        id=id_,
        ref=ref,
        key=address.key,
        email=address.email,
        fingerprint=store.keyring.fingerprint(address.key),
        name=name,
        organisation=organisation,
        sort_key=sort_key(name, organisation, address.email),
        memberships=tuple(Membership(slug, state, THEN.at) for slug in chosen),
        tags=tuple(tags),
        consents=tuple(
            Consent(slug, Basis.CONSENT, THEN.at, "webb", "Ja tack.") for slug in chosen if consent
        ),
    )


def add(store: Store, *people: Subscriber) -> None:
    """Add people."""
    with store.database.transaction():
        for each in people:
            add_person(store.database, each, THEN)


def say_no(
    store: Store, email: str, list_slug: str = "", reason: Reason = Reason.UNSUBSCRIBED
) -> None:
    """Record that an address wants nothing more."""
    fingerprint = store.keyring.fingerprint(email.lower())
    with store.database.transaction():
        no = Suppression(fingerprint, list_slug, reason, THEN.at, "kansliet")
        suppress(store.database, store.journal, no)


def append(path: Path, text: str) -> None:
    """Write something at the end of a file."""
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def aimed_at(root: Path, audience: str) -> None:
    """Give the edition an audience."""
    append(root / "newsletters/exempel/edition.toml", f"audience = '{audience}'\n")


def listed(
    root: Path,
    *,
    out: Path | None = None,
    excluded: Path | None = None,
    environment: Mapping[str, str] = {},
) -> SendList:
    """Say who would get the edition, which has no errors."""
    found = asked(root, out=out, excluded=excluded, environment=environment)
    assert found.list is not None, found.checked.findings
    return found.list


def asked(
    root: Path,
    *,
    out: Path | None = None,
    excluded: Path | None = None,
    environment: Mapping[str, str] = {},
) -> ListedEdition:
    """Ask who would get the edition."""
    return list_recipients(
        place(root, environment), environment, EDITION, out=out, excluded=excluded
    )


def cells(path: Path) -> list[dict[str, str]]:
    """Read a table, as any program would."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def planned(root: Path, folder: Path) -> list[str]:
    """Give the addresses that would get the edition, in their order."""
    listed(root, out=folder / "planned.csv")
    return [row["email"] for row in cells(folder / "planned.csv")]


def reasons(root: Path, folder: Path) -> dict[str, str]:
    """Give the others, with the reason."""
    listed(root, excluded=folder / "excluded.csv")
    return {row["email"]: row["reason"] for row in cells(folder / "excluded.csv")}


def left_by(store: Store, row: Mapping[str, str]) -> tuple[str, ...]:
    """Give the lists that a row's address for leaving leaves."""
    read = read_token(store.keyring, "unsubscribe", row["unsubscribe_url"].rpartition("/u/")[2])
    assert read is not None
    return scope_lists(store.database, read[1]) or ()
