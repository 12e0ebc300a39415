"""What the public pages keep for a while only: who never confirmed, letters, budgets."""

import datetime as dt
from dataclasses import dataclass

from smakom_mail.services.public.confirming import LASTS
from smakom_mail.services.storing import Store, timestamp
from smakom_mail.store.budgets import drop_budgets
from smakom_mail.store.letters import drop_letters
from smakom_mail.store.requests import count_unanswered, drop_requests

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was deleted: sign-ups and other requests that nobody agreed to, old letters."""

    unanswered: int
    letters: int


def tidy(store: Store, now: dt.datetime) -> Tidied:
    """Delete what is older than 14 days, in a transaction of its own, and empty the log behind it.

    A sign-up that was never confirmed leaves nothing, not even a fingerprint: whoever typed an
    address that is not theirs must not keep its owner out.
    """
    before = timestamp(now - LASTS)
    with store.database.transaction():
        unanswered = count_unanswered(store.database, before)
        drop_requests(store.database, before)
        letters = drop_letters(store.database, before)
        drop_budgets(store.database, int((now - _DAY).timestamp()))
    if unanswered or letters:
        with store.database.impatient():
            store.database.empty_log()
    return Tidied(unanswered, letters)


def count_overdue(store: Store, now: dt.datetime) -> int:
    """Count the requests that `tidy` would delete and nobody agreed to."""
    return count_unanswered(store.database, timestamp(now - LASTS))
