"""What must hold in a database, beyond what its own constraints hold."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from smakom_mail.errors import StoreError
from smakom_mail.model.campaign import Campaign
from smakom_mail.store.campaigns import every_campaign, frozen_message
from smakom_mail.store.database import Database
from smakom_mail.store.journal import Journal, why_lost
from smakom_mail.store.replaying import forgotten_but_here

_SHOWN = 5
_UNFOUNDED = """
SELECT s.email AS who FROM memberships m JOIN subscribers s ON s.id = m.subscriber_id
WHERE m.state = 'confirmed' AND NOT EXISTS (
    SELECT 1 FROM consents c
    WHERE c.subscriber_id = m.subscriber_id AND c.list_slug IN (m.list_slug, ''))
ORDER BY s.key
"""
_FORGOTTEN_TRACES = """
SELECT s.id AS who FROM subscribers s WHERE s.state = 'forgotten' AND (
    EXISTS (SELECT 1 FROM memberships m WHERE m.subscriber_id = s.id)
    OR EXISTS (SELECT 1 FROM tags t WHERE t.subscriber_id = s.id)
    OR EXISTS (SELECT 1 FROM consents c WHERE c.subscriber_id = s.id)
    OR EXISTS (SELECT 1 FROM leavings l WHERE l.subscriber_id = s.id)
    OR EXISTS (SELECT 1 FROM requests r WHERE r.subscriber_id = s.id)
    OR EXISTS (SELECT 1 FROM letters l WHERE l.subscriber_id = s.id)
    OR EXISTS (SELECT 1 FROM history h WHERE h.subscriber_id = s.id
        AND (h.old <> '' OR h.new <> ''))
    OR EXISTS (SELECT 1 FROM deliveries d WHERE d.subscriber_id = s.id
        AND (COALESCE(d.key, d.email, d.name, d.organisation, d.token, d.message_id,
            d.envelope_token) IS NOT NULL OR d.reply <> '')))
ORDER BY s.id
"""
_FORGOTTEN_FREE = """
SELECT s.id AS who FROM subscribers s WHERE s.state = 'forgotten' AND NOT EXISTS (
    SELECT 1 FROM suppressions u WHERE u.fingerprint = s.fingerprint AND u.reason = 'forgotten')
ORDER BY s.id
"""
_UNCANONICAL = """
SELECT s.email AS who FROM subscribers s WHERE s.state = 'active'
AND (s.key <> lower(s.key) OR s.key NOT LIKE '%_@_%') ORDER BY s.key
"""
_DEFAULTS = "SELECT slug AS who FROM lists WHERE is_default = 1 ORDER BY position"
_ANY_LIST = "SELECT 1 FROM lists LIMIT 1"
_ADDRESSES = "SELECT email, key, fingerprint FROM subscribers WHERE state = 'active' ORDER BY key"
_BY_ID = "SELECT email FROM subscribers WHERE id = :id"
_CHECKS = (
    ("no-basis", "confirmed on a list without a record of consent", _UNFOUNDED),
    (
        "forgotten-traces",
        "forgotten, with something still written of them",
        _FORGOTTEN_TRACES,
    ),
    ("forgotten-free", "forgotten, with nothing that blocks their return", _FORGOTTEN_FREE),
    ("address-form", "with an address that is not in its canonical form", _UNCANONICAL),
)
_PLANNED = "c.wish NOT IN ('planning')"
_CAMPAIGN_CHECKS = (
    (
        "campaign-sum",
        "with another number of recipients than were planned",
        f"""SELECT c.edition AS who FROM campaigns c WHERE {_PLANNED} AND c.planned <>
        (SELECT COUNT(*) FROM deliveries d
            WHERE d.id BETWEEN c.first_id AND c.last_id AND d.campaign_id = c.id)
        ORDER BY c.first_id""",  # noqa: S608 - fragments of ours
    ),
    (
        "campaign-strays",
        "with recipients outside its own places",
        f"""SELECT c.edition AS who FROM campaigns c WHERE {_PLANNED} AND EXISTS
        (SELECT 1 FROM deliveries d WHERE d.campaign_id = c.id AND d.id < c.first_id
        UNION ALL SELECT 1 FROM deliveries d WHERE d.campaign_id = c.id AND d.id > c.last_id)
        ORDER BY c.first_id""",  # noqa: S608 - fragments of ours
    ),
    (
        "campaign-hands",
        "with recipients in a hand that they cannot be in",
        """SELECT c.edition AS who FROM campaigns c WHERE EXISTS
        (SELECT 1 FROM deliveries d WHERE d.id BETWEEN c.first_id AND c.last_id
            AND (d.state IN ('claimed', 'submitting')) <> EXISTS
            (SELECT 1 FROM senders s WHERE s.id = d.sender AND s.campaign_id = c.id
                AND s.ended_at = ''))
        ORDER BY c.first_id""",
    ),
    (
        "campaign-cancelled",
        "that was cancelled, with recipients who still wait",
        """SELECT c.edition AS who FROM campaigns c WHERE c.wish = 'cancelled' AND EXISTS
        (SELECT 1 FROM deliveries d WHERE d.id BETWEEN c.first_id AND c.last_id
            AND d.state IN ('waiting', 'deferred'))
        ORDER BY c.first_id""",
    ),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not hold: of how many, and the first of them."""

    code: str
    message: str
    count: int
    examples: tuple[str, ...] = ()


def problems(
    database: Database,
    journal: Journal,
    fingerprints: Callable[[str], Sequence[str]] | None = None,
) -> Iterator[Problem]:
    """Give everything that is wrong; `fingerprints` makes those of an address, newest first.

    Raises StoreError where the file cannot be read at all.
    """
    damages = database.damages()
    if damages:
        yield Problem("damaged", "the file is damaged", len(damages), tuple(damages[:_SHOWN]))
        return
    for code, message, sql in _CHECKS:
        yield from _told(code, message, (row["who"] for row in database.each(sql)))
    returned = forgotten_but_here(database)
    emails = (_email(database, id_) for id_ in returned)
    yield from _told("forgotten-here", "forgotten, and here with an address", emails)
    yield from _campaign_problems(database)
    if fingerprints is not None:
        wrong = _mismatched(database, fingerprints)
        message = "with a fingerprint that no key of today makes: their noes are not found"
        yield from _told("fingerprint", message, wrong)
    defaults = [row["who"] for row in database.all(_DEFAULTS)]
    if len(defaults) != 1 and database.one(_ANY_LIST):
        yield Problem("default-list", "lists are the default one", len(defaults), tuple(defaults))
    if why := why_lost(database, journal):
        yield Problem("journal-lost", f"journal: {why}; who has said no since is not known", 1)
    if unreadable := journal.unreadable_lines():
        lines = "line" if unreadable == 1 else "lines"
        yield Problem("journal", f"{lines} of {journal.path.name} cannot be read", unreadable)


def _campaign_problems(database: Database) -> Iterator[Problem]:
    for code, message, sql in _CAMPAIGN_CHECKS:
        who = (row["who"] for row in database.each(sql))
        yield from _told(code, message, who, ("campaign", "campaigns"))
    wrong = (each.edition for each in every_campaign(database) if _is_altered(database, each))
    message = "whose frozen message is not what its digest stands for"
    yield from _told("campaign-frozen", message, wrong, ("campaign", "campaigns"))


def _is_altered(database: Database, campaign: Campaign) -> bool:
    try:
        frozen_message(database, campaign)
    except StoreError:
        return True
    return False


def _mismatched(database: Database, fingerprints: Callable[[str], Sequence[str]]) -> Iterator[str]:
    for row in database.each(_ADDRESSES):
        if row["fingerprint"] not in fingerprints(row["key"]):
            yield row["email"]


def _email(database: Database, id_: str) -> str:
    row = database.one(_BY_ID, {"id": id_})
    return row["email"] if row else id_


def _told(
    code: str, message: str, who: Iterator[str], nouns: tuple[str, str] = ("person", "people")
) -> Iterator[Problem]:
    first: list[str] = []
    count = 0
    for each in who:
        count += 1
        if len(first) < _SHOWN:
            first.append(each)
    if count:
        yield Problem(code, f"{nouns[count > 1]} {message}", count, tuple(first))
