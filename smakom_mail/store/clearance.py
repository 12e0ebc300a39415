"""What has to have happened to a digest before it is sent: a proof that went out, an approval."""

from dataclasses import dataclass

from smakom_mail.store.database import Database

_PROOF = """
SELECT at, actor FROM proofs WHERE edition = :edition AND digest = :digest
ORDER BY at DESC LIMIT 1
"""
_APPROVAL = """
SELECT at, actor FROM approvals WHERE edition = :edition AND digest = :digest
ORDER BY at DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Clearance:
    """When something was done with a digest, and by whom (as the system knows them)."""

    at: str
    actor: str


def last_proof(database: Database, edition: str, digest: str) -> Clearance | None:
    """Give the last proof of a digest that the relay took."""
    return _clearance(database, _PROOF, edition, digest)


def last_approval(database: Database, edition: str, digest: str) -> Clearance | None:
    """Give the last approval of a digest."""
    return _clearance(database, _APPROVAL, edition, digest)


def _clearance(database: Database, sql: str, edition: str, digest: str) -> Clearance | None:
    row = database.one(sql, {"edition": edition, "digest": digest})
    return Clearance(row["at"], row["actor"]) if row else None
