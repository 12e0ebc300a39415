"""The domains that a campaign goes to."""

from collections.abc import Iterator

from smakom_mail.model.campaign import Campaign
from smakom_mail.store.database import Database

_EMAILS = "SELECT email FROM deliveries WHERE id BETWEEN :first AND :last ORDER BY id"


def planned_domains(database: Database, campaign: Campaign, number: int) -> Iterator[str]:
    """Give the domains of the first `number` recipients in their order, each as often as it is."""
    values = {"first": campaign.first_id, "last": campaign.first_id + number - 1}
    for row in database.each(_EMAILS, values):
        yield (row["email"] or "").rpartition("@")[2].lower()
