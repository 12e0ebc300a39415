"""Campaigns: written down before anything is sent, found again, and what people want of them."""

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from smakom_mail.errors import StoreError
from smakom_mail.model.campaign import Campaign, FrozenMessage, Kind, Tally, Wish
from smakom_mail.model.delivery import Event, State, sources
from smakom_mail.model.person import Act, Candidate
from smakom_mail.store.database import Database, Row
from smakom_mail.store.erasing import scrub_planned

_TOGETHER = 2000
_COLUMNS = """id, code, edition, kind, digest, wish, why, created_at, actor, begun_at, due_at,
    pause_after, epoch, planned, excluded, first_id, last_id"""
_BEGIN = """
INSERT INTO campaigns (id, code, edition, kind, digest, wish, why, created_at, actor, begun_at,
    due_at, pause_after, epoch, planned, excluded, first_id, last_id, frozen)
VALUES (:id, :code, :edition, :kind, :digest, 'planning', '', :at, :actor, '', '', 0, :epoch,
    0, '{}', :first, :last, :frozen)
"""
_LAST = "SELECT COALESCE(MAX(last_id), 0) AS last FROM campaigns"
_ADD = """
INSERT INTO deliveries (id, campaign_id, subscriber_id, key, email, name, organisation, scope,
    token, message_id, envelope_token, state, sender, attempts, first_at, next_at, at, phase, code,
    reply, why)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', '', 0, '', '', '', '', 0, '', '')
"""
_ADD_LIST = """
INSERT INTO campaign_lists (campaign_id, scope, list_slug) VALUES (:campaign, :scope, :list)
ON CONFLICT DO NOTHING
"""
_SEAL = """
UPDATE campaigns SET wish = 'planned', planned = :planned, excluded = :excluded,
    last_id = :last, pause_after = :pause_after WHERE id = :id AND wish = 'planning'
"""
_COUNT = "SELECT COUNT(*) AS number FROM deliveries WHERE id BETWEEN :first AND :last"
_FIND = f"SELECT {_COLUMNS} FROM campaigns WHERE id = :id"  # noqa: S608 - column names of ours
# By the rows, which no clock that is set back can bring into another order.
_LATEST = f"""
SELECT {_COLUMNS} FROM campaigns WHERE edition = :edition AND kind = :kind
    AND wish NOT IN ('planning', 'planned') ORDER BY first_id DESC LIMIT 1
"""  # noqa: S608 - column names of ours
_EVERY = f"""
SELECT {_COLUMNS} FROM campaigns WHERE wish NOT IN ('planning', 'planned') ORDER BY first_id
"""  # noqa: S608 - column names of ours
_FROZEN = "SELECT frozen FROM campaigns WHERE id = :id"
_WISH = "UPDATE campaigns SET wish = :wish, why = :why WHERE id = :id AND wish IN ({before})"
_BEGUN = "UPDATE campaigns SET begun_at = :at WHERE id = :id AND begun_at = ''"
_DUE = "UPDATE campaigns SET due_at = :due WHERE id = :id"
_PAUSE_AFTER = "UPDATE campaigns SET pause_after = :number WHERE id = :id"
_HASTEN = """
UPDATE deliveries SET next_at = '' WHERE campaign_id = :id
    AND state IN ('waiting', 'deferred') AND next_at <> ''
"""
_OPEN = """
SELECT id FROM deliveries WHERE id BETWEEN :first AND :last
    AND state IN ('waiting', 'claimed', 'deferred') ORDER BY id LIMIT 1 OFFSET :before
"""
_UNTRIED = """
SELECT 1 FROM deliveries WHERE id BETWEEN :first AND :last AND state IN ('waiting', 'claimed')
LIMIT 1
"""
_UNKNOWN_BEFORE = """
SELECT COUNT(*) AS number FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id
WHERE c.edition = :edition AND c.kind = 'campaign' AND c.id <> :id AND c.wish = 'cancelled'
    AND d.state = 'unknown'
"""
_STATES = """
SELECT state, COUNT(*) AS number FROM deliveries WHERE id BETWEEN :first AND :last GROUP BY state
"""
_WITHHOLD = """
UPDATE deliveries SET state = 'withheld', why = 'cancelled', at = :at, next_at = ''
WHERE id BETWEEN :first AND :last AND state IN ('waiting', 'deferred')
"""
_UNAGREED = """
SELECT id FROM campaigns
WHERE wish IN ('planning', 'planned') AND edition = :edition AND kind = :kind
"""
_DROP = (
    "DELETE FROM attempts WHERE delivery_id IN (SELECT id FROM deliveries WHERE campaign_id = :id)",
    "DELETE FROM deliveries WHERE campaign_id = :id",
    "DELETE FROM campaign_lists WHERE campaign_id = :id",
    "DELETE FROM senders WHERE campaign_id = :id",
    "DELETE FROM campaigns WHERE id = :id",
)
_REACHED = """
SELECT 1 FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id
WHERE d.subscriber_id = :person AND c.edition = :edition AND c.kind = 'campaign'
    AND d.state IN ('accepted', 'unknown', 'submitting', 'claimed') LIMIT 1
"""
_ANY_BEFORE = (
    "SELECT 1 FROM campaigns WHERE edition = :edition AND kind = 'campaign' AND begun_at <> ''"
)


@dataclass(frozen=True, slots=True)
class Planned:
    """One recipient as it is written down: who, with what, about which lists."""

    person: Candidate
    scope: bytes
    token: str
    message_id: str
    envelope_token: str


def begin_plan(  # noqa: PLR0913 - what a campaign is known by
    database: Database,
    frozen: FrozenMessage,
    kind: Kind,
    *,
    act: Act,
    epoch: int,
    room: int,
    randomness: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """Begin to write a campaign of at most `room` recipients down; give its id.

    Until `seal_plan` it counts for nothing, and a later plan of the edition takes it away.
    """
    id_ = randomness(8).hex()
    with database.transaction():
        row = database.one(_LAST)
        first = (row["last"] if row else 0) + 1
        database.run(
            _BEGIN,
            {
                "id": id_,
                "code": randomness(3).hex(),
                "edition": frozen.edition,
                "kind": str(kind),
                "digest": frozen.digest,
                "at": act.at,
                "actor": act.actor,
                "epoch": epoch,
                "first": first,
                "last": first + room - 1,
                "frozen": frozen.as_json(),
            },
        )
    return id_


class PlanWriter:
    """Writes recipients down in the order in which they come, some thousands a transaction.

    So other programs can record a no meanwhile. `first` is the place of the first one.
    """

    def __init__(self, database: Database, campaign: Campaign, first: int = 0) -> None:
        """Begin; `database` is another connection than the one that the people are read from."""
        self.written = 0
        self._database = database
        self._campaign = campaign
        self._next = campaign.first_id + first
        self._some: list[Planned] = []
        self._scopes: set[bytes] = set()

    def add(self, planned: Planned) -> None:
        """Take one recipient."""
        self._some.append(planned)
        if len(self._some) >= _TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Write down what was taken and is not written yet."""
        if not self._some:
            return
        with self._database.transaction():
            for each in self._some:
                if each.scope not in self._scopes:
                    self._scopes.add(each.scope)
                    _write_lists(self._database, self._campaign, each)
            rows = [_row(self._next + i, self._campaign, each) for i, each in enumerate(self._some)]
            self._database.many(_ADD, rows)
        self._next += len(self._some)
        self.written += len(self._some)
        self._some = []


def _write_lists(database: Database, campaign: Campaign, planned: Planned) -> None:
    for slug in planned.person.lists:
        values = {"campaign": campaign.id, "scope": planned.scope.hex(), "list": slug}
        database.run(_ADD_LIST, values)


def _row(number: int, campaign: Campaign, planned: Planned) -> Sequence[object]:
    person = planned.person
    return (
        number,
        campaign.id,
        person.id,
        person.key,
        person.email,
        person.name,
        person.organisation,
        planned.scope.hex(),
        planned.token,
        planned.message_id,
        planned.envelope_token,
    )


def seal_plan(
    database: Database,
    campaign: Campaign,
    planned: int,
    excluded: Mapping[str, int],
    *,
    pause_after: int = 0,
) -> Campaign:
    """End the writing down, once as many rows stand there as were written; give the campaign."""
    last = campaign.first_id + planned - 1
    with database.transaction():
        row = database.one(_COUNT, {"first": campaign.first_id, "last": last})
        if row is None or row["number"] != planned:
            raise AssertionError(f"{row and row['number']} recipients are written of {planned}")
        values = {
            "id": campaign.id,
            "planned": planned,
            "excluded": json.dumps(dict(excluded), sort_keys=True),
            "last": last,
            "pause_after": pause_after,
        }
        if not database.run(_SEAL, values):
            raise AssertionError("the plan was sealed before")
        scrub_planned(database, campaign.created_at)
    return require_campaign(database, campaign.id)


def drop_plans(database: Database, edition: str, kind: Kind) -> None:
    """Take away what was planned of an edition and never agreed to.

    Only of that kind: a rehearsal may be planned while the edition is sent, by another program.
    """
    for row in database.all(_UNAGREED, {"edition": edition, "kind": str(kind)}):
        drop_campaign(database, row["id"])


def drop_campaign(database: Database, id_: str) -> None:
    """Take a campaign away with all its rows: a plan, or a rehearsal."""
    with database.transaction():
        for statement in _DROP:
            database.run(statement, {"id": id_})


def drop_rehearsals(database: Database, edition: str) -> None:
    """Take the rehearsals of an edition away: they count for nothing."""
    while (found := latest_campaign(database, edition, Kind.REHEARSAL)) is not None:
        drop_campaign(database, found.id)


def find_by_id(database: Database, id_: str) -> Campaign | None:
    """Give a campaign by its id, if it is there."""
    row = database.one(_FIND, {"id": id_})
    return _campaign(row) if row else None


def require_campaign(database: Database, id_: str) -> Campaign:
    """Give a campaign by its id. Raises StoreError where it is gone."""
    campaign = find_by_id(database, id_)
    if campaign is None:
        raise StoreError("the campaign is gone", "another program took it away; begin anew")
    return campaign


def hasten(database: Database, campaign: Campaign) -> None:
    """Let those who are deferred be tried at once, as a person asks for it; in a transaction."""
    database.run(_HASTEN, {"id": campaign.id})


def latest_campaign(
    database: Database, edition: str, kind: Kind = Kind.CAMPAIGN
) -> Campaign | None:
    """Give the newest campaign of an edition that was agreed to, if there is one."""
    row = database.one(_LATEST, {"edition": edition, "kind": str(kind)})
    return _campaign(row) if row else None


def every_campaign(database: Database) -> Iterator[Campaign]:
    """Give every campaign that was agreed to, rehearsals too, the oldest first."""
    return (_campaign(row) for row in database.all(_EVERY))


def frozen_message(database: Database, campaign: Campaign) -> FrozenMessage:
    """Give what was frozen, as long as it is what the digest stands for (promise 8).

    Raises StoreError.
    """
    row = database.one(_FROZEN, {"id": campaign.id})
    try:
        frozen = FrozenMessage.from_json(row["frozen"] if row else "")
    except (ValueError, KeyError, TypeError):
        frozen = None
    if frozen is None or frozen.computed_digest() != campaign.digest:
        raise StoreError(
            f"what was frozen of {campaign.edition} is not what {campaign.digest[:8]} stands for",
            "the database was changed by another hand: nothing more of it is sent",
        )
    return frozen


def set_wish(
    database: Database, campaign: Campaign, wish: Wish, before: Iterable[Wish], why: str = ""
) -> bool:
    """Say what is wanted of a campaign from now on, inside a transaction.

    False where it stands otherwise than one of `before`.
    """
    names = ", ".join(f"'{each}'" for each in before)
    values = {"id": campaign.id, "wish": str(wish), "why": why}
    return bool(database.run(_WISH.format(before=names), values))


def set_begun(database: Database, campaign: Campaign, at: str) -> None:
    """Record when the first message may leave, inside a transaction."""
    database.run(_BEGUN, {"id": campaign.id, "at": at})


def set_due(database: Database, campaign: Campaign, due: str) -> None:
    """Record when it shall begin, inside a transaction."""
    database.run(_DUE, {"id": campaign.id, "due": due})


def set_pause(database: Database, campaign: Campaign, number: int) -> None:
    """Let senders stop behind so many (0: behind the last), inside a transaction."""
    database.run(_PAUSE_AFTER, {"id": campaign.id, "number": number})


def place_behind(database: Database, campaign: Campaign, number: int) -> int:
    """Give behind how many a sender stops that is to try the next `number`; 0 where all go."""
    row = database.one(_OPEN, {**_range(campaign), "before": number - 1})
    return row["id"] - campaign.first_id + 1 if row else 0


def withhold_rest(database: Database, campaign: Campaign, at: str) -> int:
    """Withhold all that waits, as the campaign is cancelled; inside a transaction."""
    if sources(Event.WITHHOLD) != (State.WAITING, State.DEFERRED, State.CLAIMED):
        raise AssertionError("the statement and the table differ")
    return database.run(_WITHHOLD, {**_range(campaign), "at": at})


def tally(database: Database, campaign: Campaign) -> Tally:
    """Count how its recipients stand; the sum is asserted every time."""
    rows = database.all(_STATES, _range(campaign))
    states = {State(row["state"]): row["number"] for row in rows}
    counted = Tally(campaign.planned, campaign.excluded, states)
    counted.require_sum()
    return counted


def has_untried(database: Database, campaign: Campaign, number: int) -> bool:
    """Say whether one of the first `number` recipients has not been tried yet."""
    last = campaign.first_id + number - 1
    return database.one(_UNTRIED, {"first": campaign.first_id, "last": last}) is not None


def unknown_before(database: Database, campaign: Campaign) -> int:
    """Count who is in doubt since an earlier, cancelled campaign of the same edition."""
    row = database.one(_UNKNOWN_BEFORE, {"edition": campaign.edition, "id": campaign.id})
    return int(row["number"]) if row and campaign.kind is Kind.CAMPAIGN else 0


def has_begun_before(database: Database, edition: str) -> bool:
    """Say whether an edition has had a campaign that began."""
    return database.one(_ANY_BEFORE, {"edition": edition}) is not None


def has_reached(database: Database, edition: str, subscriber_id: str) -> bool:
    """Say whether an earlier campaign of the edition reached somebody, or may have."""
    return database.one(_REACHED, {"person": subscriber_id, "edition": edition}) is not None


def _range(campaign: Campaign) -> dict[str, object]:
    return {"first": campaign.first_id, "last": campaign.last_id}


def _campaign(row: Row) -> Campaign:
    return Campaign(
        id=row["id"],
        code=row["code"],
        edition=row["edition"],
        kind=Kind(row["kind"]),
        digest=row["digest"],
        wish=Wish(row["wish"]),
        why=row["why"],
        created_at=row["created_at"],
        actor=row["actor"],
        begun_at=row["begun_at"],
        due_at=row["due_at"],
        pause_after=row["pause_after"],
        epoch=row["epoch"],
        planned=row["planned"],
        excluded=json.loads(row["excluded"]),
        first_id=row["first_id"],
        last_id=row["last_id"],
    )
