"""A process in which readers leave, one after the other, at random moments.

It reads lines of JSON: the project, a seed, the addresses and the seconds over which they leave. It
answers each with how those readers' deliveries stood in the very transaction that committed the no.
"""

import json
import random
import sys
import time
from pathlib import Path

from smakom_mail.model.person import Act
from smakom_mail.services.storing import Store, timestamp
from smakom_mail.services.subscribing.leaving import unsubscribe
from tests.services import receiving
from tests.torture.rig import SECRET

# A trigger of this connection alone: it fires within the no's own transaction, and SQLite lets one
# program write at a time, so what it sees is the order in which no and intent were committed.
_WATCH = (
    "CREATE TEMP TABLE seen (email TEXT, state TEXT)",
    """CREATE TEMP TRIGGER watch AFTER INSERT ON main.suppressions BEGIN
        INSERT INTO seen SELECT d.email, d.state FROM main.deliveries d
        JOIN main.subscribers s ON s.id = d.subscriber_id WHERE s.fingerprint = NEW.fingerprint;
    END""",
)


def leave(store: Store, seed: int, addresses: list[str], seconds: float) -> dict[str, str]:
    """Let these readers leave; give the state that each one's delivery was in at that moment."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable run
    with store.database.transaction():
        for statement in _WATCH:
            store.database.run(statement)
    for address in addresses:
        time.sleep(chance.random() * 2 * seconds / len(addresses))
        unsubscribe(store, address, (), Act(timestamp(), "reader"))
    return {row["email"]: row["state"] for row in store.database.all("SELECT * FROM seen")}


def main() -> None:
    """Answer until the input ends."""
    for line in sys.stdin:
        order = json.loads(line)
        with receiving.opened(Path(order["root"]), SECRET) as store:
            sys.stdout.write("open\n")
            sys.stdout.flush()
            sys.stdin.readline()
            seen = leave(store, order["seed"], order["addresses"], order["seconds"])
        sys.stdout.write(json.dumps(seen) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
