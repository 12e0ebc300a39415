"""Settling deliveries of which nobody knew: by a person's word or by a relay's log, each by itself.

Nothing else changes an unknown delivery, and no statement here touches any other.
"""

from smakom_mail.model.delivery import Event, State, sources, transition
from smakom_mail.store.database import Database

# What is sent again begins its lifetime anew.
_SETTLE = """
UPDATE deliveries SET state = :state, sender = '', at = :at, next_at = '', phase = '', code = 0,
    reply = '', why = :why, first_at = CASE :state WHEN 'waiting' THEN '' ELSE first_at END
WHERE id = :id AND state = :unknown
"""
_NOTE = """
INSERT INTO attempts (delivery_id, number, at, state, phase, code, reply, why)
SELECT id, attempts, at, state, phase, code, reply, why FROM deliveries WHERE id = :id
"""
EVENTS = (Event.SETTLE_ACCEPTED, Event.SETTLE_REFUSED, Event.SETTLE_RESEND)


def settle(database: Database, id_: int, event: Event, at: str, why: str) -> bool:
    """Settle one unknown delivery in a transaction of its own; `why` names who says so, and how.

    False where it is not unknown any more: then nothing is changed.
    """
    if event not in EVENTS or sources(event) != (State.UNKNOWN,):
        raise AssertionError(f"{event} settles nothing")
    state = transition(State.UNKNOWN, event)
    values = {
        "id": id_,
        "state": str(state),
        "unknown": str(State.UNKNOWN),
        "at": at,
        "why": why,
    }
    with database.transaction():
        if not database.run(_SETTLE, values):
            return False
        database.run(_NOTE, {"id": id_})
    return True
