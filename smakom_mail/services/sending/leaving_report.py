"""What a campaign's report tells of who left since it began, and what looks odd in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from typing import get_args

from smakom_mail.model.campaign import Campaign, Kind
from smakom_mail.services.storing import Store
from smakom_mail.store.leavers import (
    DomainLeavings,
    RoleLeaving,
    domain_leavings,
    leavers_by_how,
    role_leavings,
)
from smakom_mail.store.leavings import How

FEWEST = 3
"""Fewer people than this who leave at one domain are just people who leave."""
PERCENT = 20
"""Where more of a domain's recipients than this leave, it was hardly each for herself."""
MOST = 1_000
"""So many role addresses and domains are named at most; the others are counted."""


@dataclass(frozen=True, slots=True)
class RoleLeft:
    """One time that a role address left, and the lists ("" is every one)."""

    email: str
    organisation: str
    at: str
    how: How
    why: str
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leavings:
    """Who of a campaign's recipients left since it began: counted, and those to look at named."""

    by_how: Mapping[How, int]
    role_addresses: tuple[RoleLeft, ...] = ()
    domains: tuple[DomainLeavings, ...] = ()
    more_role_addresses: int = 0
    more_domains: int = 0

    @property
    def total(self) -> int:
        """How many left, each counted once."""
        return sum(self.by_how.values())


def is_odd(found: DomainLeavings) -> bool:
    """Say whether so many left at one domain that one person or program may have done it."""
    return found.left >= FEWEST and found.left * 100 > PERCENT * found.recipients


def leavings_of_campaign(store: Store, campaign: Campaign) -> Leavings:
    """Give who left since a campaign began; a rehearsal reached nobody, so nobody left by it."""
    by_how = dict.fromkeys(get_args(How), 0)
    if campaign.kind is Kind.CAMPAIGN and campaign.begun_at:
        by_how = leavers_by_how(store.database, campaign)
    if not any(by_how.values()):
        return Leavings(by_how)
    left = _acts(role_leavings(store.database, campaign))
    odd = filter(is_odd, domain_leavings(store.database, campaign, FEWEST))
    return Leavings(
        by_how,
        role_addresses=tuple(islice(left, MOST)),
        domains=tuple(islice(odd, MOST)),
        more_role_addresses=sum(1 for _ in left),
        more_domains=sum(1 for _ in odd),
    )


def _acts(rows: Iterator[RoleLeaving]) -> Iterator[RoleLeft]:
    """Put together what one address left at one time: every list is also each of them."""
    for _, together in groupby(rows, key=lambda row: (row.at, row.delivery_id)):
        first, *others = together
        lists = tuple(each.list_slug for each in (first, *others))
        yield RoleLeft(
            first.email,
            first.organisation,
            first.at,
            first.how,
            first.why,
            ("",) if "" in lists else lists,
        )


def leavings_data(found: Leavings) -> dict[str, object]:
    """Give who left as plain data."""
    return {
        "total": found.total,
        "by_how": dict(found.by_how),
        "role_addresses": [
            {
                "email": each.email,
                "organisation": each.organisation,
                "at": each.at,
                "how": each.how,
                "why": each.why,
                "lists": [slug or "*" for slug in each.lists],
            }
            for each in found.role_addresses
        ],
        "more_role_addresses": found.more_role_addresses,
        "domains": [
            {"domain": each.domain, "left": each.left, "recipients": each.recipients}
            for each in found.domains
        ],
        "more_domains": found.more_domains,
    }
