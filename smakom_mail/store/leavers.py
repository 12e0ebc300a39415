"""Which recipients of one campaign left by a link since it began, counted and streamed.

Whoever took it back, has come back since by her own yes, or was forgotten, has not left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from smakom_mail.model.campaign import Campaign
from smakom_mail.store.database import Database
from smakom_mail.store.leavings import How

# CROSS JOIN and the plus: from the leavings, which are few, to the deliveries, and not around.
_GONE = """
WITH gone AS (
    SELECT d.id, d.email, d.organisation, l.list_slug, l.how, l.why, l.at, s.flags
    FROM leavings l CROSS JOIN subscribers s CROSS JOIN deliveries d
    WHERE l.at >= :since AND l.undone_at = '' AND s.id = l.subscriber_id AND s.state = 'active'
        AND d.subscriber_id = s.id AND +d.id BETWEEN :first AND :last AND d.email IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.subscriber_id = l.subscriber_id
            AND m.state = 'confirmed' AND l.list_slug IN ('', m.list_slug))
)
"""
# Whoever left twice left once, in the way that was the first.
_BY_HOW = f"""{_GONE}
SELECT f.how, COUNT(*) AS number FROM (
    SELECT how, ROW_NUMBER() OVER (PARTITION BY id ORDER BY at, list_slug) AS turn FROM gone
) f WHERE f.turn = 1 GROUP BY f.how
"""  # noqa: S608 - fragments of ours
_ROLES = f"""{_GONE}
SELECT id, email, organisation, list_slug, how, why, at FROM gone
WHERE ' ' || flags || ' ' LIKE '% role %' ORDER BY at, id, list_slug
"""  # noqa: S608 - fragments of ours
# All behind the last @, in words that both databases have.
_DOMAIN = "substr({0}, length(rtrim({0}, replace({0}, '@', ''))) + 1)"
_DOMAINS = f"""{_GONE}, leaving AS (
    SELECT g.domain, COUNT(*) AS number
    FROM (SELECT DISTINCT id, {_DOMAIN.format("email")} AS domain FROM gone) g
    GROUP BY g.domain HAVING COUNT(*) >= :least
)
SELECT d.domain, MAX(l.number) AS number, COUNT(*) AS recipients
FROM (
    SELECT {_DOMAIN.format("email")} AS domain FROM deliveries
    WHERE id BETWEEN :first AND :last AND email IS NOT NULL AND EXISTS (SELECT 1 FROM leaving)
) d JOIN leaving l ON l.domain = d.domain
GROUP BY d.domain ORDER BY number DESC, d.domain
"""  # noqa: S608 - fragments of ours


@dataclass(frozen=True, slots=True)
class RoleLeaving:
    """That a recipient whose address belongs to a desk left one list ("" is every one)."""

    delivery_id: int
    email: str
    organisation: str
    list_slug: str
    how: How
    why: str
    at: str


@dataclass(frozen=True, slots=True)
class DomainLeavings:
    """How many of a campaign's recipients at one domain have left."""

    domain: str
    left: int
    recipients: int


def leavers_by_how(database: Database, campaign: Campaign) -> dict[How, int]:
    """Count the recipients who left, each once, by the way in which they did first."""
    counted = dict.fromkeys(get_args(How), 0)
    for row in database.each(_BY_HOW, _since(campaign)):
        counted[row["how"]] = row["number"]
    return counted


def role_leavings(database: Database, campaign: Campaign) -> Iterator[RoleLeaving]:
    """Stream what recipients with role addresses left, oldest first; one act stands together."""
    for row in database.each(_ROLES, _since(campaign)):
        yield RoleLeaving(
            row["id"],
            row["email"],
            row["organisation"] or "",
            row["list_slug"],
            row["how"],
            row["why"],
            row["at"],
        )


def domain_leavings(database: Database, campaign: Campaign, least: int) -> Iterator[DomainLeavings]:
    """Stream the domains at which at least so many recipients left, those with most first."""
    for row in database.each(_DOMAINS, {**_since(campaign), "least": least}):
        yield DomainLeavings(row["domain"], row["number"], row["recipients"])


def _since(campaign: Campaign) -> dict[str, str | int]:
    return {
        "since": campaign.begun_at,
        "first": campaign.first_id,
        "last": campaign.last_id,
    }
