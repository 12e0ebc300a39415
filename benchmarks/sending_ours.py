"""One campaign of ours, planned and sent in a program of its own, and what the sending took.

The plan, the store, the connections and the loop are those of ``smakom-mail send``. Without
ledger, the same loop has a ledger that writes nothing and grants everything. What is planned of
the edition is taken away first, so that it can be sent again.

Run it as a program: ``python -m benchmarks.sending_ours ROOT --port N``; it prints JSON.
"""

import argparse
import dataclasses
import json
import resource
import sys
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

from smakom_mail.mail.dkim import Signer
from smakom_mail.mail.dkim_key import make_key
from smakom_mail.model.campaign import Campaign, Recipient, Wish
from smakom_mail.model.delivery import State
from smakom_mail.model.person import Act
from smakom_mail.services.checking import check_edition
from smakom_mail.services.sending import running
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.freezing import freeze
from smakom_mail.services.sending.means import Means
from smakom_mail.services.sending.planning import Wanted, plan_campaign
from smakom_mail.services.sending.relaying import relay_means
from smakom_mail.services.sending.running import run_campaign
from smakom_mail.services.storing import Store, open_store, timestamp
from smakom_mail.services.workplace import Workplace, open_workplace
from smakom_mail.store.campaigns import (
    drop_campaign,
    latest_campaign,
    require_campaign,
    set_wish,
)
from smakom_mail.store.ledger import Committed, Ledger, Outcome
from smakom_mail.store.spending import Spending

EVERYBODY = 1 << 40
_SENDER = "benchmark"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sending took; `peak` is the most memory that the program ever had, in MB."""

    messages: int
    seconds: float
    cpu: float
    peak: float


class Quiet:
    """A watcher that counts what was accepted."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.accepted = 0

    def settled(self, outcomes: Sequence[Outcome], withheld: int) -> None:
        """Count."""
        del withheld
        self.accepted += sum(1 for each in outcomes if each.event == "accept")

    def said(self, sentence: str) -> None:
        """Show what went wrong."""
        print(sentence, file=sys.stderr)


class NoLedger:
    """What the loop asks of a ledger, with nothing behind it: everything is granted at once."""

    def __init__(self, recipients: list[Recipient]) -> None:
        """Keep who is to get it."""
        self._recipients = recipients
        self._at = 0

    def claim(self, state: State, most: int, now: str) -> list[Recipient]:
        """Give the next ones."""
        del now
        if state is not State.WAITING:
            return []
        some = self._recipients[self._at : self._at + most]
        self._at += len(some)
        return some

    def next_due(self, state: State) -> str | None:
        """Say that nobody waits, once all were given."""
        waits = state is State.WAITING and self._at < len(self._recipients)
        return "" if waits else None

    def commit(
        self,
        outcomes: Sequence[Outcome],
        intents: Sequence[int],
        at: str,
        spend: Callable[[Collection[int]], Sequence[Spending]] = lambda _granted: (),
    ) -> Committed:
        """Grant all intents."""
        del outcomes, at, spend
        return Committed(frozenset(intents), (), Wish.SENDING)

    def wish(self) -> Wish:
        """Say that it is to be sent."""
        return Wish.SENDING

    def expire(self, before: str, at: str, why: str) -> int:
        """Give nobody up."""
        del before, at, why
        return 0


def plan(store: Store, edition: str, limit: int = 0) -> Campaign:
    """Plan the edition for everybody, and let it be sent (to the first `limit` only)."""
    while (old := latest_campaign(store.database, edition)) is not None:
        drop_campaign(store.database, old.id)
    checked = check_edition(store.workplace, edition)
    if checked.rendered is None:
        raise SystemExit(f"{edition} cannot be sent")
    frozen = freeze(checked.rendered, store.workplace.config, datetime.now(UTC))
    act = Act(timestamp(), _SENDER)
    wanted = Wanted(limit=limit)
    planned = plan_campaign(
        store, checked, frozen, wanted, act=act, progress=lambda _what, _done, _of: None
    )
    with store.database.transaction():
        set_wish(store.database, planned.campaign, Wish.SENDING, [Wish.PLANNED])
    return require_campaign(store.database, planned.campaign.id)


def claimed(store: Store, campaign: Campaign, most: int) -> list[Recipient]:
    """Take the recipients out of a campaign that is not sent through its ledger."""
    return Ledger(store.database, campaign, _SENDER).claim(State.WAITING, most, timestamp())


def send(store: Store, campaign: Campaign, means: Means) -> Taken:
    """Send through the ledger."""
    watcher = Quiet()
    wall, cpu = time.perf_counter(), time.process_time()
    ran = run_campaign(store, campaign, means, watcher, Clock())
    used, passed = time.process_time() - cpu, time.perf_counter() - wall
    if watcher.accepted != (campaign.pause_after or campaign.planned):
        raise SystemExit(f"only {watcher.accepted} were accepted: {ran.ended.why}")
    return Taken(watcher.accepted, passed, used, peak())


def send_without_ledger(store: Store, campaign: Campaign, means: Means) -> Taken:
    """Send with the same loop, and write nothing down but how the sender came and went."""
    recipients = claimed(store, campaign, EVERYBODY)
    with mock.patch.object(running, "Ledger", return_value=NoLedger(recipients)):
        return send(store, campaign, means)


def peak() -> float:
    """Give the most memory that this program ever had, in MB."""
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def workplace_for(
    root: Path, *, port: int = 25, connections: int = 10, authority: str = ""
) -> Workplace:
    """Open the newsletter with a relay on this machine, over TLS where its authority is named."""
    environment = {
        "SMAKOM_MAIL_RELAY_HOST": "127.0.0.1",
        "SMAKOM_MAIL_RELAY_PORT": str(port),
        "SMAKOM_MAIL_RELAY_SECURITY": "tls" if authority else "none",
        "SMAKOM_MAIL_RELAY_CONNECTIONS": str(connections),
    }
    if authority:
        environment["SMAKOM_MAIL_RELAY_CA_FILE"] = authority
    return open_workplace(root, environment)


def main() -> None:
    """Plan and send once, as the options say."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("root", type=Path)
    options.add_argument("--edition", default="januari-2021")
    options.add_argument("--port", type=int, default=25)
    options.add_argument("--connections", type=int, default=10)
    options.add_argument("--authority", default="", help="file in PEM; TLS from the first byte")
    options.add_argument("--no-ledger", action="store_true")
    options.add_argument("--dkim", action="store_true")
    options.add_argument("--step", choices=("both", "plan", "send"), default="both")
    options.add_argument("--limit", type=int, default=0)
    given = options.parse_args()
    place = workplace_for(
        given.root, port=given.port, connections=given.connections, authority=given.authority
    )
    with open_store(place, {}, create=False) as store:
        print(json.dumps(dataclasses.asdict(_done(place, store, given))))


def _done(place: Workplace, store: Store, given: argparse.Namespace) -> Taken:
    if given.step == "send":
        campaign = latest_campaign(store.database, given.edition)
        if campaign is None:
            raise SystemExit("nothing is planned")
    else:
        wall, cpu = time.perf_counter(), time.process_time()
        campaign = plan(store, given.edition, given.limit)
        used, passed = time.process_time() - cpu, time.perf_counter() - wall
        if given.step == "plan":
            return Taken(campaign.planned, passed, used, peak())
    means = relay_means(place, {}, given.edition, wait=True, clock=Clock())
    if given.dkim:
        signer = Signer(make_key(), "smakom.example", "brev", lambda: int(time.time()))
        means = dataclasses.replace(means, signer=signer)
    way = send_without_ledger if given.no_ledger else send
    return way(store, campaign, means)


if __name__ == "__main__":
    main()
