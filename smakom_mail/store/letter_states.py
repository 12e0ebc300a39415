"""What becomes of single letters, by the rules of a campaign's ledger (store/ledger.py).

That one is being submitted is durable before its dot could leave, what came of it as soon as it is
known. One that a dead program was submitting is unknown, and never sent again by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from smakom_mail.model.delivery import Event, State
from smakom_mail.store.database import Database
from smakom_mail.store.letters import COLUMNS, Letter, letter_of
from smakom_mail.store.spending import Spending, add_spending

_NAME = "UPDATE letters SET message_id = :message WHERE id = :id AND message_id = ''"
_INTEND = """
UPDATE letters SET state = 'submitting', attempts = attempts + 1, at = :at, next_at = '', why = ''
WHERE id = :id AND state IN ('waiting', 'deferred') AND key <> ''
"""
# Where the relay refuses an address before there was an intent, that was a try all the same; what
# is released with nothing said about it was none.
_SETTLE = """
UPDATE letters SET at = :at, next_at = :next, code = :code,
    state = CASE WHEN :event = 'release' AND key = '' THEN 'withheld' ELSE :state END,
    attempts = attempts + CASE state WHEN 'submitting' THEN :after ELSE :before END,
    reply = CASE WHEN key = '' THEN '' ELSE :reply END,
    why = CASE WHEN key = '' THEN '' ELSE :why END
WHERE id = :id AND state IN ('waiting', 'deferred', 'submitting')
"""
_DOUBTFUL = "SELECT COUNT(*) AS number FROM letters WHERE state = 'submitting'"
_DOUBT = """
UPDATE letters SET state = 'unknown', at = :at,
    why = CASE WHEN key = '' THEN '' ELSE 'the program was stopped' END
WHERE state = 'submitting'
"""
_EXPIRE = """
UPDATE letters SET state = 'refused', at = :at, next_at = '', why = :why
WHERE state = 'deferred' AND created_at < :before AND attempts >= :tries
"""
_NEXT = """
SELECT MIN(next_at) AS next FROM letters WHERE state IN ('waiting', 'deferred') AND key <> ''
"""
_COUNT = "SELECT state, COUNT(*) AS number FROM letters GROUP BY state"
_ALL = f"SELECT {COLUMNS} FROM letters ORDER BY created_at DESC, id"  # noqa: S608 - column names of ours

_SETTLED = {
    Event.ACCEPT: (State.ACCEPTED, 0, 1),
    Event.DEFER: (State.DEFERRED, 0, 1),
    Event.REFUSE: (State.REFUSED, 0, 1),
    Event.RELEASE: (State.WAITING, -1, 0),
    Event.LOSE: (State.UNKNOWN, 0, 0),
}


@dataclass(frozen=True, slots=True)
class LetterOutcome:
    """What a try came to; `next_at` is when the next one may be made."""

    id: str
    event: Event
    at: str
    next_at: str = ""
    code: int = 0
    reply: str = ""
    why: str = ""


def name_letter(database: Database, id_: str, message_id: str) -> None:
    """Give a letter its Message-ID for good, inside a transaction."""
    database.run(_NAME, {"id": id_, "message": message_id})


def intend_letter(database: Database, id_: str, at: str, spending: Sequence[Spending] = ()) -> bool:
    """Record that a letter's dot may leave from now on, inside a transaction.

    False where that may not be any more: another program has it, or it was blanked.
    """
    if not database.run(_INTEND, {"id": id_, "at": at}):
        return False
    add_spending(database, spending)
    return True


def settle_letter(database: Database, outcome: LetterOutcome) -> None:
    """Record what came of a try, inside a transaction; of who was forgotten no word is kept."""
    state, after, before = _SETTLED[outcome.event]
    database.run(
        _SETTLE,
        {
            "id": outcome.id,
            "event": str(outcome.event),
            "state": str(state),
            "after": after,
            "before": before,
            "at": outcome.at,
            "next": outcome.next_at,
            "code": outcome.code,
            "reply": outcome.reply,
            "why": outcome.why,
        },
    )


def doubt_submitting(database: Database, at: str) -> int:
    """Let what a dead program was submitting be unknown; give how many. Only one may send."""
    row = database.one(_DOUBTFUL)
    if not row or not row["number"]:
        return 0
    with database.transaction():
        return database.run(_DOUBT, {"at": at})


def expire_letters(database: Database, before: str, tries: int, at: str, why: str) -> int:
    """Give up what was asked for before then and put off so often; inside a transaction."""
    values = {"before": before, "tries": tries, "at": at, "why": why}
    return database.run(_EXPIRE, values)


def next_letter_at(database: Database) -> str | None:
    """Say when the next letter may be tried ("" is at once); None where there is none."""
    row = database.one(_NEXT)
    return row["next"] if row else None


def count_letters(database: Database) -> dict[str, int]:
    """Count the letters in each state."""
    return {row["state"]: row["number"] for row in database.all(_COUNT)}


def all_letters(database: Database) -> tuple[Letter, ...]:
    """Give every letter that is kept, newest first."""
    return tuple(letter_of(row) for row in database.all(_ALL))
