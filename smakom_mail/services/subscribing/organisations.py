"""The organisations that addresses belong to, and the members that none of them reaches."""

from dataclasses import dataclass
from pathlib import Path

from smakom_mail.content.people.members import organisation_key, read_members
from smakom_mail.content.people.sentences import sentence
from smakom_mail.content.people.sorting import sort_key
from smakom_mail.model.person import Fault
from smakom_mail.services.doubts import current_lists
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.typed import SubscriberError
from smakom_mail.store.audience import count_organisations


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation: how many addresses it has, and how many of them some list reaches.

    `member` is None where no list of members is kept.
    """

    name: str
    addresses: int
    working: int
    member: bool | None


@dataclass(frozen=True, slots=True)
class Organisations:
    """Every organisation as Swedes sort them, and what is amiss.

    `unreached` are members without a working address; `without` counts the addresses of people
    without an organisation, all of them and the working ones.
    """

    organisations: tuple[Organisation, ...]
    unreached: tuple[str, ...]
    without: tuple[int, int]
    members_file: str


def list_organisations(store: Store, members: Path | None = None) -> Organisations:
    """Count addresses by organisation, beside the list of members where there is one.

    Spellings that differ only in case, blanks or "kommun" are one organisation. Raises
    SubscriberError for a list of members that cannot be read.
    """
    file = members or _configured(store)
    named = _members(file) if file else None
    found: dict[str, Organisation] = {}
    for name in named or ():
        found.setdefault(organisation_key(name), Organisation(name, 0, 0, member=True))
    without = (0, 0)
    current = current_lists(store.workplace.config.people)
    for count in count_organisations(store.database, current):
        if not count.organisation:
            without = (count.addresses, count.working)
            continue
        key = organisation_key(count.organisation)
        member = None if named is None else False
        before = found.get(key, Organisation(count.organisation, 0, 0, member))
        found[key] = Organisation(
            before.name,
            before.addresses + count.addresses,
            before.working + count.working,
            before.member,
        )
    ordered = tuple(sorted(found.values(), key=lambda each: sort_key(each.name)))
    unreached = tuple(each.name for each in ordered if each.member and not each.working)
    return Organisations(ordered, unreached, without, str(file or ""))


def _configured(store: Store) -> Path | None:
    name = store.workplace.config.people.members_file
    return store.workplace.root / name if name else None


def _members(file: Path) -> tuple[str, ...]:
    try:
        found = read_members(file)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no table"
        raise SubscriberError(
            f"the list of members {file} cannot be read: {reason}",
            "it is a .csv with a column kommun: --members FILE.csv, or [people] members_file",
        ) from error
    if isinstance(found, Fault):
        raise SubscriberError(
            f"the list of members {file} cannot be read: {sentence(found, 'en')}",
            "it is a .csv with a column kommun",
        )
    return found
