"""The report of a campaign: how each recipient's copy stands and what the relay said, streamed."""

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from smakom_mail.content.people.formulas import disarmed
from smakom_mail.model.campaign import Kind
from smakom_mail.model.delivery import State
from smakom_mail.services.sending.controlling import Status, find_campaign, status_of
from smakom_mail.services.sending.leaving_report import Leavings, leavings_of_campaign
from smakom_mail.services.storing import Store
from smakom_mail.store.deliveries import Delivery, Try, each_delivery, unknown_deliveries

COLUMNS = (
    *("email", "name", "organisation", "state", "at", "attempts", "first_at"),
    *("phase", "code", "reply", "why", "message_id"),
)

Rows = Iterator[tuple[Delivery, tuple[Try, ...]]]


@dataclass(frozen=True, slots=True)
class Report:
    """A campaign at one moment: its sums, who is unknown, who left since, and every recipient.

    `rows` can be read once.
    """

    status: Status
    unknown: tuple[Delivery, ...]
    leavings: Leavings
    rows: Rows


@contextmanager
def open_report(
    store: Store, slug: str, kind: Kind = Kind.CAMPAIGN, states: Collection[State] = ()
) -> Iterator[Report]:
    """Give the report of an edition's newest campaign, of those in `states` where any are given.

    It is of one moment, whatever a sender does meanwhile. Raises NoCampaignError.
    """
    campaign = find_campaign(store, slug, kind)
    with store.database.snapshot():
        rows = each_delivery(store.database, campaign, states)
        unknown = unknown_deliveries(store.database, campaign)
        leavings = leavings_of_campaign(store, campaign)
        yield Report(status_of(store, campaign), unknown, leavings, rows)


def delivery_data(delivery: Delivery, tries: tuple[Try, ...]) -> dict[str, object]:
    """Give a recipient's copy as plain data."""
    return {
        "email": delivery.email or None,
        "name": delivery.name,
        "organisation": delivery.organisation,
        "state": str(delivery.state),
        "at": delivery.at or None,
        "attempts": delivery.attempts,
        "first_at": delivery.first_at or None,
        "phase": delivery.phase,
        "code": delivery.code or None,
        "reply": delivery.reply,
        "why": delivery.why,
        "message_id": delivery.message_id or None,
        "tries": [try_data(each) for each in tries],
    }


def try_data(each: Try) -> dict[str, object]:
    """Give what came of one try as plain data."""
    return {
        "number": each.number,
        "at": each.at,
        "state": str(each.state),
        "phase": each.phase,
        "code": each.code or None,
        "reply": each.reply,
        "why": each.why,
    }


def write_report_csv(rows: Rows, target: BinaryIO) -> None:
    """Write a report as a table in UTF-8, with what a spreadsheet would run disarmed."""
    text = io.TextIOWrapper(target, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for delivery, _ in rows:
        writer.writerow([disarmed(_cell(delivery, name)) for name in COLUMNS])
    text.detach()


def _cell(delivery: Delivery, name: str) -> str:
    value = getattr(delivery, name)
    return "" if name == "code" and not value else str(value)


def write_report_json(sums: Mapping[str, object], rows: Rows, target: BinaryIO) -> None:
    """Write a report as one JSON document: the sums, and a line for each recipient."""
    head = json.dumps(sums, ensure_ascii=False, indent=2).removesuffix("\n}")
    target.write(f'{head},\n  "deliveries": ['.encode())
    between = "\n"
    for delivery, tries in rows:
        data = json.dumps(delivery_data(delivery, tries), ensure_ascii=False)
        target.write(f"{between}    {data}".encode())
        between = ",\n"
    target.write(b"\n  ]\n}\n")
