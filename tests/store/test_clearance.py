"""A proof and an approval are of one digest of one edition, and the last one counts."""

from collections.abc import Callable

import pytest

from smakom_mail.store import Database
from smakom_mail.store.clearance import Clearance, last_approval, last_proof
from smakom_mail.store.proofs import Approval, Proof, record_approval, record_proof
from tests.store.campaigned import AT, LATER

Last = Callable[[Database, str, str], Clearance | None]


def proved(database: Database, at: str, edition: str = "januari-2021", digest: str = "d1") -> None:
    """Record a proof that went out and an approval."""
    with database.transaction():
        record_proof(database, edition, Proof(digest, at, "kim", "kim@kommun.example", "250 Ok"))
        record_approval(database, edition, Approval(digest, at, "kim"))


@pytest.mark.parametrize("last", [last_proof, last_approval])
def test_the_last_one_counts(database: Database, last: Last) -> None:
    proved(database, LATER)
    proved(database, AT)
    assert last(database, "januari-2021", "d1") == Clearance(LATER, "kim")


@pytest.mark.parametrize("last", [last_proof, last_approval])
def test_another_edition_or_digest_is_not_cleared_by_it(database: Database, last: Last) -> None:
    proved(database, AT)
    assert last(database, "januari-2021", "d2") is None
    assert last(database, "februari-2021", "d1") is None
