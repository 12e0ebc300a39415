"""What was on its way when a campaign was cancelled: reached, in doubt, or withheld for good."""

import pytest

from smakom_mail.model.campaign import Wish
from smakom_mail.model.delivery import Event
from smakom_mail.store import Database
from tests.store.campaigned import begun, came_to, ledger_of, states, submitting, wished


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (Event.ACCEPT, "accepted"),
        (Event.REFUSE, "refused"),
        (Event.LOSE, "unknown"),
        (Event.DEFER, "withheld"),
        (Event.RELEASE, "withheld"),
    ],
)
def test_what_comes_back_of_a_cancelled_campaign_is_withheld(
    database: Database, event: Event, state: str
) -> None:
    campaign = begun(database, 2)
    ledger = ledger_of(database, campaign)
    ids = submitting(ledger, 2)
    wished(database, campaign, Wish.CANCELLED)

    came_to(ledger, event, *ids, next_at="2024-05-01T09:00:00.000+00:00", why="later")

    assert states(database, campaign) == [state, state]
