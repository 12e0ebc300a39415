"""What waits for somebody's yes by the link in a letter: a sign-up, a new address, an erasure.

Nobody is a subscriber by a request alone: whoever never says yes was never written down as one,
and leaves no fingerprint behind.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from smakom_mail.store.database import Database, Row

Kind = Literal["sign-up", "address", "erasure"]

_COLUMNS = "ref, kind, subscriber_id, key, email, name, language, lists, at, done_at"
_ADD = """
INSERT INTO requests (ref, kind, subscriber_id, key, email, name, language, lists, at, done_at)
VALUES (:ref, :kind, :person, :key, :email, :name, :language, :lists, :at, '')
"""
_BY_REF = f"SELECT {_COLUMNS} FROM requests WHERE ref = :ref"  # noqa: S608 - column names of ours
_BY_KEY = f"SELECT {_COLUMNS} FROM requests WHERE key = :key ORDER BY at, ref"  # noqa: S608 - column names of ours
_ABOUT = f"""
SELECT {_COLUMNS} FROM requests WHERE key = :key OR (subscriber_id = :person AND :person <> '')
ORDER BY at, ref
"""  # noqa: S608 - column names of ours
_DONE = "UPDATE requests SET done_at = :at, subscriber_id = :person WHERE ref = :ref"
_DROP_OLD = "DELETE FROM requests WHERE at < :before"
_COUNT_OPEN = "SELECT COUNT(*) AS number FROM requests WHERE at < :before AND done_at = ''"
# The row of an erasure that was agreed to stays for a while: a second click is answered alike.
_BLANK = """
UPDATE requests SET key = '', email = '', name = '', language = '', subscriber_id = ''
WHERE {whose}
"""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `ref` is what its token carries; `key` and `email` are where the letter goes.

    `subscriber_id` is empty for a sign-up that nobody has said yes to, `done_at` until somebody
    has. Where the address was erased all that says whose it was is empty.
    """

    ref: str
    kind: Kind
    key: str
    email: str
    at: str
    subscriber_id: str = ""
    name: str = ""
    language: str = ""
    lists: tuple[str, ...] = ()
    done_at: str = ""

    @property
    def is_open(self) -> bool:
        """Whether a yes would do something."""
        return not self.done_at and bool(self.key)


def add_request(database: Database, request: Request) -> None:
    """Keep a request, inside a transaction."""
    database.run(
        _ADD,
        {
            "ref": request.ref,
            "kind": request.kind,
            "person": request.subscriber_id,
            "key": request.key,
            "email": request.email,
            "name": request.name,
            "language": request.language,
            "lists": " ".join(request.lists),
            "at": request.at,
        },
    )


def find_request(database: Database, ref: str) -> Request | None:
    """Find a request by what its token carries."""
    row = database.one(_BY_REF, {"ref": ref})
    return _request(row) if row else None


def requests_of(database: Database, key: str) -> tuple[Request, ...]:
    """Give every request whose letter went to an address, oldest first."""
    return tuple(_request(row) for row in database.all(_BY_KEY, {"key": key}))


def requests_about(database: Database, key: str, person: str) -> tuple[Request, ...]:
    """Give every request whose letter went to an address, or that the same person made."""
    rows = database.all(_ABOUT, {"key": key, "person": person})
    return tuple(_request(row) for row in rows)


def mark_done(database: Database, ref: str, person: str, at: str) -> None:
    """Record that a request was agreed to and carried out, inside a transaction."""
    database.run(_DONE, {"ref": ref, "person": person, "at": at})


def count_unanswered(database: Database, before: str) -> int:
    """Count the requests from before then that nobody has agreed to."""
    row = database.one(_COUNT_OPEN, {"before": before})
    return row["number"] if row else 0


def drop_requests(database: Database, before: str) -> int:
    """Delete every request from before then, inside a transaction; give how many."""
    return database.run(_DROP_OLD, {"before": before})


def blank_requests_of(database: Database, person: str) -> None:
    """Take a forgotten person out of her requests, inside a transaction."""
    database.run(_BLANK.format(whose="subscriber_id = :person"), {"person": person})


def blank_requests_to(database: Database, keys: Collection[str]) -> int:
    """Take forgotten addresses out of all requests, in a transaction; give how many."""
    statement = _BLANK.format(whose="key = :key")
    return sum(database.run(statement, {"key": key}) for key in keys)


def _request(row: Row) -> Request:
    return Request(
        ref=row["ref"],
        kind=row["kind"],
        key=row["key"],
        email=row["email"],
        at=row["at"],
        subscriber_id=row["subscriber_id"],
        name=row["name"],
        language=row["language"],
        lists=tuple(row["lists"].split()),
        done_at=row["done_at"],
    )
