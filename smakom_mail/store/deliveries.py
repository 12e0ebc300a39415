"""The deliveries of a campaign for people to read: one row each, with what its tries came to."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from smakom_mail.model.campaign import Campaign
from smakom_mail.model.delivery import State
from smakom_mail.store.database import Database, Row

_COLUMNS = """d.id, d.campaign_id, d.email, d.name, d.organisation, d.state, d.attempts, d.first_at,
    d.at, d.phase, d.code, d.reply, d.why, d.message_id"""
_EACH = f"SELECT {_COLUMNS} FROM deliveries d WHERE d.id BETWEEN :first AND :last"  # noqa: S608 - column names of ours
_TRIES = """
SELECT a.delivery_id, a.number, a.at, a.state, a.phase, a.code, a.reply, a.why
FROM attempts a WHERE a.delivery_id BETWEEN :first AND :last
ORDER BY a.delivery_id, a.number, a.at
"""
_BY_KEY = f"""
SELECT {_COLUMNS} FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id
WHERE c.edition = :edition AND c.kind = 'campaign' AND d.key = :key
    AND c.wish NOT IN ('planning', 'planned')
ORDER BY d.id
"""  # noqa: S608 - column names of ours
_EMAILS = "SELECT email FROM deliveries WHERE id BETWEEN :first AND :last ORDER BY id"
_EMAIL = "SELECT email FROM deliveries WHERE id = :id"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one recipient's copy stands; a forgotten one has neither address nor name."""

    id: int
    campaign_id: str
    email: str
    name: str
    organisation: str
    state: State
    attempts: int
    first_at: str
    at: str
    phase: str
    code: int
    reply: str
    why: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Try:
    """What came of one try that did not end with the relay's yes, or of a settling."""

    number: int
    at: str
    state: State
    phase: str
    code: int
    reply: str
    why: str


def emails_of(database: Database, ids: Collection[int]) -> dict[int, str]:
    """Give the addresses of a few deliveries; of who was forgotten there is none."""
    rows = ((id_, database.one(_EMAIL, {"id": id_})) for id_ in ids)
    return {id_: row["email"] or "" for id_, row in rows if row}


def each_delivery(
    database: Database, campaign: Campaign, states: Collection[State] = ()
) -> Iterator[tuple[Delivery, tuple[Try, ...]]]:
    """Stream a campaign's deliveries in their order with their tries, in flat memory.

    Only those in `states`, where any are given. Inside a snapshot, if others write meanwhile.
    """
    between = {"first": campaign.first_id, "last": campaign.last_id}
    tries = database.each(_TRIES, between)
    pending = next(tries, None)
    chosen = ", ".join(f"'{State(state)}'" for state in sorted(states))
    sql = _EACH + (f" AND d.state IN ({chosen})" if chosen else "") + " ORDER BY d.id"
    for row in database.each(sql, between):
        own: list[Try] = []
        while pending is not None and pending["delivery_id"] <= row["id"]:
            if pending["delivery_id"] == row["id"]:
                own.append(as_try(pending))
            pending = next(tries, None)
        yield _delivery(row), tuple(own)


def planned_domains(database: Database, campaign: Campaign, number: int) -> Iterator[str]:
    """Give the domains of the first `number` recipients in their order, each as often as it is."""
    values = {"first": campaign.first_id, "last": campaign.first_id + number - 1}
    for row in database.each(_EMAILS, values):
        yield (row["email"] or "").rpartition("@")[2].lower()


def unknown_deliveries(database: Database, campaign: Campaign) -> tuple[Delivery, ...]:
    """Give those of whom nobody knows; as many as connections broke, at most."""
    return tuple(each for each, _ in each_delivery(database, campaign, [State.UNKNOWN]))


def deliveries_to(database: Database, edition: str, key: str) -> tuple[Delivery, ...]:
    """Give what every campaign of an edition holds of an address in its canonical form."""
    rows = database.all(_BY_KEY, {"edition": edition, "key": key})
    return tuple(_delivery(row) for row in rows)


def _delivery(row: Row) -> Delivery:
    return Delivery(
        row["id"],
        row["campaign_id"],
        row["email"] or "",
        row["name"] or "",
        row["organisation"] or "",
        State(row["state"]),
        row["attempts"],
        row["first_at"],
        row["at"],
        row["phase"],
        row["code"],
        row["reply"],
        row["why"],
        row["message_id"] or "",
    )


def as_try(row: Row) -> Try:
    """Give the try that a row of attempts holds."""
    return Try(
        row["number"],
        row["at"],
        State(row["state"]),
        row["phase"],
        row["code"],
        row["reply"],
        row["why"],
    )
