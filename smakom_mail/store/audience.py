"""Who gets an edition and who does not, and why: one pass over the store.

Everybody with an address is a candidate and gets one verdict, so that candidates = planned +
excluded holds by construction. Lists are bits of a number; a person's numbers tell on which lists
she stands confirmed, waits, has left, has a recorded ground, or has said no.

Whoever sends names the lists that there are now (`current`): one that is no longer in the settings
keeps its people, so that nothing is lost by a slip there, but reaches nobody.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from smakom_mail.config.selection import Selection
from smakom_mail.model.person import Candidate
from smakom_mail.store.database import Database
from smakom_mail.store.lists import list_bits
from smakom_mail.store.selecting import Condition, as_condition

# The stronger no is told: a person's own word before what a machine saw.
_RANK = """CASE u.reason WHEN 'forgotten' THEN 0 WHEN 'complained' THEN 1 WHEN 'unsubscribed' THEN 2
    WHEN 'manual' THEN 3 ELSE 4 END"""
_TELL = """CASE {rank} WHEN 0 THEN 'suppressed (forgotten)' WHEN 1 THEN 'suppressed (complained)'
    WHEN 2 THEN 'unsubscribed' WHEN 3 THEN 'suppressed (manual)' ELSE 'suppressed (bounced)' END"""
_BIT = "(CAST(1 AS BIGINT) << l.position)"

# The masks are taken together here, so that the conditions below can be short.
_PEOPLE = f"""
WITH noes AS (
    SELECT u.fingerprint AS fingerprint,
        MIN(CASE WHEN u.list_slug = '' THEN {_RANK} END) AS everywhere,
        MIN(CASE WHEN ({_BIT} & :mentioned) <> 0 THEN {_RANK} END) AS mentioned_no,
        MIN(CASE WHEN u.list_slug <> '' THEN {_RANK} END) AS any_no,
        COALESCE(SUM(DISTINCT {_BIT}), 0) AS refused
    FROM suppressions u LEFT JOIN lists l ON l.slug = u.list_slug
    WHERE u.lifted_at = '' GROUP BY u.fingerprint
), standing AS (
    SELECT s.id, s.ref, s.key, s.email, s.name, s.organisation, s.language, s.flags, s.sort_key,
        s.fingerprint,
        COALESCE(SUM({_BIT}), 0) AS member,
        COALESCE(SUM(CASE WHEN m.state = 'confirmed' THEN {_BIT} END), 0) AS confirmed,
        COALESCE(SUM(CASE WHEN m.state = 'pending' THEN {_BIT} END), 0) AS pending,
        COALESCE(SUM(CASE WHEN m.state = 'left' THEN {_BIT} END), 0) AS gone,
        COALESCE(SUM(CASE WHEN m.state = 'confirmed' AND EXISTS (
            SELECT 1 FROM consents c
            WHERE c.subscriber_id = s.id AND c.list_slug IN (m.list_slug, '')
        ) THEN {_BIT} END), 0) AS founded
    FROM subscribers s
    LEFT JOIN memberships m ON m.subscriber_id = s.id
    LEFT JOIN lists l ON l.slug = m.list_slug
    WHERE s.state = 'active'
    GROUP BY s.id
), people AS (
    SELECT p.id, p.ref, p.key, p.email, p.name, p.organisation, p.language, p.flags, p.sort_key,
        p.confirmed, p.pending, p.gone, n.everywhere, n.mentioned_no, n.any_no,
        COALESCE(n.refused, 0) AS refused,
        p.member | COALESCE(n.refused, 0) AS related,
        p.founded & ~COALESCE(n.refused, 0) & :current AS working,
        p.founded & ~COALESCE(n.refused, 0) & ~:current AS stranded
    FROM standing p LEFT JOIN noes n ON n.fingerprint = p.fingerprint
)
"""  # noqa: S608 - fragments of ours
_VERDICT = f"""CASE
    WHEN NOT (%(broad)s) THEN 'not in selection'
    WHEN everywhere IS NOT NULL THEN {_TELL.format(rank="everywhere")}
    WHEN (%(strict)s) AND ((working & :mentioned) <> 0
        OR ((related & :mentioned) = 0 AND working <> 0)) THEN ''
    WHEN mentioned_no IS NOT NULL THEN {_TELL.format(rank="mentioned_no")}
    WHEN (related & :mentioned) = 0 AND any_no IS NOT NULL THEN {_TELL.format(rank="any_no")}
    WHEN (gone & :mentioned) <> 0 THEN 'unsubscribed'
    WHEN (related & :mentioned) = 0 AND gone <> 0 THEN 'unsubscribed'
    WHEN (pending & :mentioned) <> 0 THEN 'unconfirmed'
    WHEN (related & :mentioned) = 0 AND pending <> 0 THEN 'unconfirmed'
    WHEN stranded <> 0 THEN 'not in selection'
    ELSE 'no consent' END"""
_REACHED = "CASE WHEN (working & :mentioned) <> 0 THEN working & :mentioned ELSE working END"
_EACH = f"""{_PEOPLE}
SELECT id, ref, key, email, name, organisation, language, flags,
    {_VERDICT} AS excluded, {_REACHED} AS reached
FROM people ORDER BY sort_key, key, id
"""  # noqa: S608 - fragments of ours
_COUNTS = f"""{_PEOPLE}
SELECT excluded, COUNT(*) AS number FROM (SELECT {_VERDICT} AS excluded FROM people) verdicts
GROUP BY excluded ORDER BY excluded
"""  # noqa: S608 - fragments of ours
_ORGANISATIONS = f"""{_PEOPLE}
SELECT organisation, COUNT(*) AS number,
    SUM(CASE WHEN everywhere IS NULL AND working <> 0 THEN 1 ELSE 0 END) AS working_number
FROM people GROUP BY organisation ORDER BY organisation
"""  # noqa: S608 - fragments of ours
_STRANDED = f"""{_PEOPLE}
SELECT l.slug, COUNT(*) AS number FROM people JOIN lists l ON (stranded & {_BIT}) <> 0
WHERE everywhere IS NULL AND working = 0 GROUP BY l.slug ORDER BY l.slug
"""  # noqa: S608 - fragments of ours
_LACKING = f"""{_PEOPLE}
SELECT COUNT(*) AS number FROM (SELECT {_VERDICT} AS excluded, name, organisation FROM people) v
WHERE excluded = '' AND (%(bare)s)
"""  # noqa: S608 - fragments of ours
_BARE = {"name": "TRIM(name) = ''", "organisation": "TRIM(organisation) = ''"}
_PEOPLE_NUMBER = "SELECT COUNT(*) AS number FROM subscribers WHERE state = 'active'"


def candidates(
    database: Database, selection: Selection, current: Collection[str] | None = None
) -> Iterator[Candidate]:
    """Stream everybody with an address as Swedes sort them, each with the verdict.

    Flat memory; all as they stood when the first was read. `current` are the lists that may
    reach somebody; without it every list that there ever was.
    """
    condition = as_condition(database, selection)
    names = _Names(list_bits(database))
    for row in database.each(_with(_EACH, condition), _values(database, condition, current)):
        excluded = row["excluded"]
        yield Candidate(
            row["id"],
            row["ref"],
            row["key"],
            row["email"],
            row["name"],
            row["organisation"],
            row["language"],
            tuple(row["flags"].split()),
            excluded,
            () if excluded else names.of(row["reached"]),
        )


def count_verdicts(
    database: Database, selection: Selection, current: Collection[str] | None = None
) -> Counter[str]:
    """Count the candidates by verdict; those planned stand under an empty text."""
    condition = as_condition(database, selection)
    rows = database.all(_with(_COUNTS, condition), _values(database, condition, current))
    return Counter({row["excluded"]: row["number"] for row in rows})


def count_stranded(database: Database, current: Collection[str]) -> dict[str, int]:
    """Count by list the people whom only lists that are no longer there would reach."""
    rows = database.all(_STRANDED, {"mentioned": 0, "current": _mask(database, current)})
    return {row["slug"]: row["number"] for row in rows}


def count_lacking(
    database: Database,
    selection: Selection,
    fields: Collection[str],
    current: Collection[str] | None = None,
) -> int:
    """Count the planned of whom one of `fields` (name, organisation) is not known."""
    condition = as_condition(database, selection)
    bare = " OR ".join(_BARE[field] for field in fields if field in _BARE)
    sql = _LACKING % {"bare": bare or "1 = 0", "broad": condition.broad, "strict": condition.strict}
    row = database.one(sql, _values(database, condition, current))
    return row["number"] if row else 0


def count_people(database: Database) -> int:
    """Count everybody with an address, apart from any selection: the sum that must come out."""
    row = database.one(_PEOPLE_NUMBER)
    return row["number"] if row else 0


@dataclass(frozen=True, slots=True)
class OrganisationCount:
    """How many addresses an organisation has, and how many of them some list reaches."""

    organisation: str
    addresses: int
    working: int


def count_organisations(
    database: Database, current: Collection[str] | None = None
) -> Iterator[OrganisationCount]:
    """Stream the organisations with their addresses; people without one stand under ""."""
    values = {"mentioned": 0, "current": _mask(database, current)}
    for row in database.each(_ORGANISATIONS, values):
        yield OrganisationCount(row["organisation"], row["number"], row["working_number"])


class _Names:
    """The lists behind each mask: there are far fewer masks than people."""

    def __init__(self, bits: dict[str, int]) -> None:
        self._bits = bits
        self._known: dict[int, tuple[str, ...]] = {}

    def of(self, mask: int) -> tuple[str, ...]:
        if mask not in self._known:
            self._known[mask] = tuple(slug for slug, bit in self._bits.items() if mask & bit)
        return self._known[mask]


def _with(sql: str, condition: Condition) -> str:
    return sql % {"broad": condition.broad, "strict": condition.strict}


def _values(
    database: Database, condition: Condition, current: Collection[str] | None
) -> dict[str, object]:
    mask = _mask(database, current)
    return {"mentioned": condition.mentioned, "current": mask, **condition.values}


def _mask(database: Database, slugs: Collection[str] | None) -> int:
    bits = list_bits(database)
    return sum(bit for slug, bit in bits.items() if slugs is None or slug in slugs)
