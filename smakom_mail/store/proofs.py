"""What people have seen and approved of an edition: proofs that went out, and approvals.

Both are records for people, not locks: whoever can write the database can write these too.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from smakom_mail.store.database import Database, Row

_ADD_PROOF = """
INSERT INTO proofs (edition, digest, at, actor, email, reply)
VALUES (:edition, :digest, :at, :actor, :email, :reply)
"""
_PROOFS = """
SELECT digest, at, actor, email, reply FROM proofs WHERE edition = :edition ORDER BY at, email
"""
_ADD_APPROVAL = """
INSERT INTO approvals (edition, digest, at, actor) VALUES (:edition, :digest, :at, :actor)
"""
_APPROVALS = "SELECT digest, at, actor FROM approvals WHERE edition = :edition ORDER BY at, actor"
_ERASE = "UPDATE proofs SET email = '', reply = '' WHERE lower(email) = :key"
_ERASE_BEFORE = "UPDATE proofs SET email = '', reply = '' WHERE at < :before AND email <> ''"
_TO = """
SELECT edition, digest, at, actor, email, reply FROM proofs WHERE lower(email) = :key ORDER BY at
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """That a relay took a proof of a digest for somebody."""

    digest: str
    at: str
    actor: str
    email: str
    reply: str


@dataclass(frozen=True, slots=True)
class Approval:
    """That somebody, by the name that the system knows, approved a digest."""

    digest: str
    at: str
    actor: str


def record_proof(database: Database, edition: str, proof: Proof) -> None:
    """Record a proof that a relay took, in a transaction."""
    database.run(_ADD_PROOF, _of(edition) | asdict(proof))


def proofs_of(database: Database, edition: str, digest: str = "") -> tuple[Proof, ...]:
    """Give the proofs of an edition, the oldest first; those of one digest, if it is given."""
    rows = database.all(_PROOFS, _of(edition))
    return tuple(_proof(row) for row in rows if digest in ("", row["digest"]))


def proofs_to(database: Database, key: str) -> tuple[tuple[str, Proof], ...]:
    """Give the proofs that went to an address in its canonical form, each with its edition."""
    rows = database.all(_TO, {"key": key})
    return tuple((row["edition"], _proof(row)) for row in rows)


def erase_proofs(database: Database, keys: Iterable[str]) -> int:
    """Take addresses out of the record of proofs, in a transaction; give how many there were."""
    return sum(database.run(_ERASE, {"key": key}) for key in keys)


def erase_proofs_before(database: Database, before: str) -> int:
    """Take every address out of the record of proofs that are older, in a transaction."""
    return database.run(_ERASE_BEFORE, {"before": before})


def record_approval(database: Database, edition: str, approval: Approval) -> None:
    """Record an approval, in a transaction."""
    database.run(_ADD_APPROVAL, _of(edition) | asdict(approval))


def approvals_of(database: Database, edition: str, digest: str = "") -> tuple[Approval, ...]:
    """Give the approvals of an edition, the oldest first; those of one digest, if it is given."""
    rows = database.all(_APPROVALS, _of(edition))
    return tuple(
        Approval(row["digest"], row["at"], row["actor"])
        for row in rows
        if digest in ("", row["digest"])
    )


def _of(edition: str) -> dict[str, str]:
    # As it was typed, its å may be taken apart.
    return {"edition": unicodedata.normalize("NFC", edition)}


def _proof(row: Row) -> Proof:
    return Proof(row["digest"], row["at"], row["actor"], row["email"], row["reply"])
