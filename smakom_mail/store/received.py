"""The editions that one person was sent, or was to be, with what came of every try."""

from dataclasses import dataclass

from smakom_mail.model.campaign import Kind
from smakom_mail.model.delivery import State
from smakom_mail.store.database import Database, Row
from smakom_mail.store.deliveries import Try, as_try

_RECEIVED = """
SELECT d.id, c.edition, c.digest, c.kind, d.email, d.name, d.organisation, d.state, d.at,
    d.attempts, d.first_at, d.next_at, d.phase, d.code, d.reply, d.why, d.message_id
FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id
WHERE d.subscriber_id = :person AND c.wish NOT IN ('planning', 'planned')
ORDER BY d.id
"""
_TRIES = """
SELECT a.delivery_id, a.number, a.at, a.state, a.phase, a.code, a.reply, a.why
FROM deliveries d JOIN attempts a ON a.delivery_id = d.id
WHERE d.subscriber_id = :person ORDER BY a.delivery_id, a.number, a.at
"""


@dataclass(frozen=True, slots=True)
class Received:
    """An edition that was, or was to be, sent to somebody: at which address, by which name.

    `tries` are those that did not end with the relay's yes. `next_at` is empty where no try waits.
    """

    edition: str
    digest: str
    kind: Kind
    email: str
    name: str
    organisation: str
    state: State
    at: str
    attempts: int
    first_at: str
    next_at: str
    phase: str
    code: int
    reply: str
    why: str
    message_id: str
    tries: tuple[Try, ...] = ()


def received_by(database: Database, person: str) -> tuple[Received, ...]:
    """Give every edition that somebody was sent, or was to be, the oldest first."""
    rows = database.all(_RECEIVED, {"person": person})
    tries: dict[int, list[Try]] = {row["id"]: [] for row in rows}
    if rows:
        for row in database.all(_TRIES, {"person": person}):
            tries.get(row["delivery_id"], []).append(as_try(row))
    return tuple(_received(row, tuple(tries[row["id"]])) for row in rows)


def _received(row: Row, tries: tuple[Try, ...]) -> Received:
    return Received(
        edition=row["edition"],
        digest=row["digest"],
        kind=Kind(row["kind"]),
        email=row["email"] or "",
        name=row["name"] or "",
        organisation=row["organisation"] or "",
        state=State(row["state"]),
        at=row["at"],
        attempts=row["attempts"],
        first_at=row["first_at"],
        next_at=row["next_at"],
        phase=row["phase"],
        code=row["code"],
        reply=row["reply"],
        why=row["why"],
        message_id=row["message_id"] or "",
        tries=tries,
    )
