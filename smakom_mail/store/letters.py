"""Single letters: one row for each, written with what asked for it and sent one by one.

What the public pages write is that a letter is wanted, of which kind and where to. What stands in
it is decided by whoever composes it (services/public/deciding.py says what it turns out to be), so
that a page does the same work for an address that is known and for one that is not.
"""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from smakom_mail.store.database import Database, Row

Kind = Literal[
    "sign-up", "already", "preferences", "nothing", "holdings", "address", "moved", "erasure"
]
"""Please confirm · you get it already · the link to your page · nothing is held of you · all that
is held of you · confirm the new address · your address was changed · confirm the erasure."""

COLUMNS = (
    "id, kind, language, subscriber_id, key, email, token, state, message_id, attempts, next_at, "
    "at, code, reply, why, created_at"
)
_ADD = """
INSERT INTO letters (id, kind, language, subscriber_id, key, email, token, state, message_id,
    attempts, next_at, at, code, reply, why, created_at)
VALUES (:id, :kind, :language, :person, :key, :email, :token, 'waiting', '', 0, '', :at, 0, '', '',
    :at)
"""
_BY_ID = f"SELECT {COLUMNS} FROM letters WHERE id = :id"  # noqa: S608 - column names of ours
_BY_KEY = f"SELECT {COLUMNS} FROM letters WHERE key = :key ORDER BY created_at, id"  # noqa: S608 - column names of ours
_ABOUT = f"""
SELECT {COLUMNS} FROM letters WHERE key = :key OR (subscriber_id = :person AND :person <> '')
ORDER BY created_at, id
"""  # noqa: S608 - column names of ours
_TO_SEND = f"""
SELECT {COLUMNS} FROM letters WHERE state IN ('waiting', 'deferred') AND next_at <= :at
ORDER BY created_at, id LIMIT :most
"""  # noqa: S608 - column names of ours
_DECIDE = """
UPDATE letters SET kind = :kind, subscriber_id = :person, token = :token, language = :language
WHERE id = :id AND state = 'waiting'
"""
_WITHHOLD = """
UPDATE letters SET state = 'withheld', why = :why, at = :at, next_at = ''
WHERE id = :id AND state IN ('waiting', 'deferred')
"""
_CLAIM = """
UPDATE letters SET subscriber_id = :person
WHERE key = :key AND subscriber_id = '' AND state NOT IN ('waiting', 'deferred', 'submitting')
"""
_DROP_OLD = "DELETE FROM letters WHERE created_at < :before AND state <> 'submitting'"
_BLANK = """
UPDATE letters SET key = '', email = '', token = '', message_id = '', reply = '', why = '',
    subscriber_id = '', next_at = '',
    state = CASE WHEN state IN ('waiting', 'deferred') THEN 'withheld' ELSE state END
WHERE {whose}
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. `token` is what its link carries; `subscriber_id` is empty for who is nobody yet.

    Of a forgotten person's only that there was one is left: address and token are empty.
    """

    id: str
    kind: Kind
    language: str
    key: str
    email: str
    created_at: str
    subscriber_id: str = ""
    token: str = ""
    state: str = "waiting"
    message_id: str = ""
    attempts: int = 0
    next_at: str = ""
    at: str = ""
    code: int = 0
    reply: str = ""
    why: str = ""

    @property
    def is_invitation(self) -> bool:
        """Whether an editor asks somebody by it: who signs up on the web is nobody yet."""
        return self.kind == "sign-up" and bool(self.subscriber_id)


def new_letter_id(randomness: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """Draw an id: a counter would tell how many there are."""
    return randomness(8).hex()


def add_letter(database: Database, letter: Letter) -> None:
    """Write that a letter is wanted, inside the transaction that asks for it."""
    database.run(
        _ADD,
        {
            "id": letter.id,
            "kind": letter.kind,
            "language": letter.language,
            "person": letter.subscriber_id,
            "key": letter.key,
            "email": letter.email,
            "token": letter.token,
            "at": letter.created_at,
        },
    )


def find_letter(database: Database, id_: str) -> Letter | None:
    """Find a letter by id."""
    row = database.one(_BY_ID, {"id": id_})
    return letter_of(row) if row else None


def letters_of(database: Database, key: str) -> tuple[Letter, ...]:
    """Give every letter to an address, oldest first."""
    return tuple(letter_of(row) for row in database.all(_BY_KEY, {"key": key}))


def letters_about(database: Database, key: str, person: str) -> tuple[Letter, ...]:
    """Give every letter to an address, or to another one of the same person, oldest first."""
    rows = database.all(_ABOUT, {"key": key, "person": person})
    return tuple(letter_of(row) for row in rows)


def letters_to_send(database: Database, at: str, most: int = 100) -> tuple[Letter, ...]:
    """Give the letters that may be tried at that time, oldest first."""
    return tuple(letter_of(row) for row in database.all(_TO_SEND, {"at": at, "most": most}))


def decide_letter(database: Database, letter: Letter) -> None:
    """Keep what a waiting letter turned out to be: kind, person, token, language."""
    database.run(
        _DECIDE,
        {
            "id": letter.id,
            "kind": letter.kind,
            "person": letter.subscriber_id,
            "token": letter.token,
            "language": letter.language,
        },
    )


def withhold_letter(database: Database, id_: str, why: str, at: str) -> None:
    """Let a letter that was not sent yet never be sent, inside a transaction."""
    database.run(_WITHHOLD, {"id": id_, "why": why, "at": at})


def claim_letters(database: Database, key: str, person: str) -> None:
    """Let what went to an address be its reader's, as she is about to leave it; in a transaction.

    It was written before she was anybody, or for all to ask: at her new address it would be lost.
    """
    database.run(_CLAIM, {"key": key, "person": person})


def drop_letters(database: Database, before: str) -> int:
    """Delete every letter from before then, inside a transaction; give how many."""
    return database.run(_DROP_OLD, {"before": before})


def blank_letters_of(database: Database, person: str) -> None:
    """Take a forgotten person out of her letters, inside a transaction."""
    database.run(_BLANK.format(whose="subscriber_id = :person"), {"person": person})


def blank_letters_to(database: Database, keys: Collection[str]) -> int:
    """Take forgotten addresses out of all letters, in a transaction; give how many."""
    statement = _BLANK.format(whose="key = :key")
    return sum(database.run(statement, {"key": key}) for key in keys)


def letter_of(row: Row) -> Letter:
    """Read a row that has all COLUMNS."""
    return Letter(
        id=row["id"],
        kind=row["kind"],
        language=row["language"],
        key=row["key"],
        email=row["email"],
        created_at=row["created_at"],
        subscriber_id=row["subscriber_id"],
        token=row["token"],
        state=row["state"],
        message_id=row["message_id"],
        attempts=row["attempts"],
        next_at=row["next_at"],
        at=row["at"],
        code=row["code"],
        reply=row["reply"],
        why=row["why"],
    )
