"""What an editor types about people, read by the same rules as a row of an imported table."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from smakom_mail.config.people import PeopleSettings
from smakom_mail.content.people.address import ROLES, Address, AddressFault, canonical
from smakom_mail.content.people.columns import Columns
from smakom_mail.content.people.formulas import disarmed
from smakom_mail.content.people.rows import read_rows
from smakom_mail.content.people.sentences import sentence
from smakom_mail.content.people.sorting import sort_key
from smakom_mail.content.people.table import Row, Table
from smakom_mail.diagnostics import nearest
from smakom_mail.errors import SmakomMailError
from smakom_mail.model.person import Basis, MailingList, PersonRow, Rejected

_ANYBODY = "anybody@example.org"


class SubscriberError(SmakomMailError):
    """Something that cannot be done about a person, or to an address that is none."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The record of a legal ground, as typed: for somebody new, or for rows that have none."""

    basis: Basis | None = None
    wording: str = ""
    source: str = ""
    consent_at: str = ""

    @property
    def is_thin(self) -> bool:
        """Whether it is a consent that could hardly be shown: neither its words nor its origin."""
        documented = self.consent_at and self.source
        return self.basis is Basis.CONSENT and not self.wording and not documented


NO_GROUND = Ground()


def person_sort_key(name: str, organisation: str, email: str) -> str:
    """Give what people are sorted by: the name, or the address of who has none."""
    return f"{sort_key(name or email, organisation)}\x01{email}"


def role_addresses(people: PeopleSettings) -> frozenset[str]:
    """Give the first parts of addresses that belong to a desk: the usual ones and the project's."""
    return ROLES | {each.strip().lower() for each in people.role_addresses}


def read_address(text: str, people: PeopleSettings) -> Address:
    """Give the canonical form of an address that was typed.

    Raises SubscriberError.
    """
    found = canonical(text.strip(), roles=role_addresses(people))
    if not isinstance(found, AddressFault):
        return found
    if found.kind == "email-several":  # its sentence is about a table
        raise SubscriberError(
            "these are several e-mail addresses where one is asked for",
            "give each by itself, as in anna@example.org",
        )
    raise SubscriberError(
        f"this is no address that can be written to: {sentence(found, 'en')}",
        "write it as in anna@example.org",
    )


def read_typed(values: Mapping[str, str], people: PeopleSettings, now: dt.datetime) -> PersonRow:
    """Read fields that were typed, by their names in an imported table.

    Without "email" it is about nobody. Raises SubscriberError.
    """
    cells = {"email": _ANYBODY} | dict(values)
    columns = Columns({name: place for place, name in enumerate(cells)}, len(cells))
    row = Row(1, [disarmed(value) for value in cells.values()])
    read = read_rows(Table(columns, iter([row])), now=now, roles=role_addresses(people))
    found = next(iter(read))
    if isinstance(found, Rejected):
        raise SubscriberError(sentence(found.reason, "en"))
    if not isinstance(found, PersonRow):
        raise TypeError(found)
    return found


def read_ground(ground: Ground, people: PeopleSettings, now: dt.datetime) -> Ground:
    """Give a ground with its texts cleaned and its date read; a dated source is a consent.

    Raises SubscriberError.
    """
    read = read_typed(
        {
            "basis": str(ground.basis or ""),
            "wording": ground.wording,
            "consent_source": ground.source,
            "consent_at": ground.consent_at,
        },
        people,
        now,
    )
    return Ground(read.basis, read.wording, read.consent_source, read.consent_at)


def known_lists(
    wanted: Iterable[str], people: PeopleSettings, former: Iterable[MailingList] = ()
) -> tuple[str, ...]:
    """Give the slugs of lists that were named by slug or name, each once.

    `former` are lists that count too although they are no longer configured.
    Raises SubscriberError.
    """
    before = tuple(former)
    names = {each.name.lower(): each.slug for each in before}
    names |= {each.slug: each.slug for each in before} | list_names(people)
    found: dict[str, None] = {}
    for each in wanted:
        slug = names.get(each.strip().lower())
        if slug is None:
            raise SubscriberError(unknown_list(each, people), "the lists: [[people.list]]")
        found[slug] = None
    return tuple(found)


def list_slugs(people: PeopleSettings) -> tuple[str, ...]:
    """Give the lists that are configured."""
    return tuple(each.slug for each in people.lists)


def list_names(people: PeopleSettings) -> dict[str, str]:
    """Give the slug of a list by everything it is called, in lower case."""
    names = {each.name.lower(): each.slug for each in people.lists}
    return names | {each.slug: each.slug for each in people.lists}


def unknown_list(named: str, people: PeopleSettings) -> str:
    """Say that a list is not there, and which was most likely meant."""
    slugs = [each.slug for each in people.lists]
    close = nearest(named, slugs)
    meant = f"did you mean {close}?" if close else f"there are {', '.join(slugs)}"
    return f"there is no list {named[:60]}; {meant}"
