"""A project with two lists and a store, and short words for what is done to its people."""

import datetime as dt
import io
from pathlib import Path

from smakom_mail.config.selection import Selection, Term
from smakom_mail.content.people.table import Table, read_table
from smakom_mail.model.person import Act, Basis, Reason, Subscriber
from smakom_mail.services.importing import Defaults, Imported, import_people
from smakom_mail.services.storing import Store, open_store, timestamp
from smakom_mail.services.subscribing.adding import Details, add_subscriber
from smakom_mail.services.subscribing.finding import find
from smakom_mail.services.subscribing.typed import Ground
from smakom_mail.services.workplace import open_workplace
from smakom_mail.store.audience import candidates
from smakom_mail.store.people import history_of

SETTINGS = """\
[newsletter]
name = "Brevet"
[sender]
email = "brevet@forening.example"
[site]
url = "https://brev.forening.example"
[people]
retention_months = 24
[[people.list]]
slug = "medlemmar"
name = "Medlemmar"
[[people.list]]
slug = "press"
name = "Pressen"
"""
SECRET = {"SMAKOM_MAIL_SECRET": "en-hemlighet-som-bara-testerna-har"}
NOW = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)
ACT = Act(timestamp(NOW), "kim")
WORDING = "Ja, jag vill ha brevet."
CONSENT = Ground(Basis.CONSENT, WORDING)
EVERYONE = Term("everyone")


def made_project(root: Path) -> Path:
    """Write a project that has settings only."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "smakom-mail.toml").write_text(SETTINGS, encoding="utf-8")
    return root


def opened(root: Path) -> Store:
    """Open the store of a project that is made here."""
    return open_store(open_workplace(made_project(root), {}), SECRET, create=True)


def later(**how_much: float) -> Act:
    """Give an act of the same person, so much later."""
    return Act(timestamp(NOW + dt.timedelta(**how_much)), ACT.actor)


def table_of(text: str) -> Table:
    """Read a table that stands in a test."""
    table = read_table(io.BytesIO(text.encode("utf-8")))
    assert isinstance(table, Table), table
    return table


def imported(
    store: Store, text: str, defaults: Defaults | None = None, *, apply: bool = True, act: Act = ACT
) -> Imported:
    """Import the text of a .csv, with a consent for rows that say nothing."""
    given = defaults or Defaults(CONSENT)
    name = Path("people.csv")
    return import_people(store, name, table_of(text), given, act, now=NOW, apply=apply)


def counts(done: Imported) -> dict[str, int]:
    """Give the counts of an import that are not 0."""
    names = ("added", "changed", "unchanged", "suppressed", "repeated", "rejected_count")
    found = {name: getattr(done, name) for name in names}
    assert sum(found.values()) == done.rows
    return {name: number for name, number in found.items() if number}


def added(store: Store, email: str, *lists: str, **details: str) -> Subscriber:
    """Add somebody who consented."""
    typed = Details(lists=lists, ground=CONSENT, **details)  # type: ignore[arg-type] # texts only
    return add_subscriber(store, email, typed, ACT, NOW)


def planned(store: Store, selection: Selection = EVERYONE) -> list[str]:
    """Give the addresses that an edition would reach."""
    return [c.email for c in candidates(store.database, selection) if not c.excluded]


def standing(store: Store, email: str) -> dict[str, str]:
    """Give how somebody stands: each list with its state, each standing no with its reason."""
    found = find(store, email)
    lists = {m.list_slug: str(m.state) for m in found.memberships}
    return lists | {f"no {no.list_slug or '*'}": str(no.reason) for no in found.standing}


def history(store: Store, email: str) -> list[tuple[str, str, str]]:
    """Give what was changed about somebody."""
    person = find(store, email).person
    assert person is not None
    return [(entry.what, entry.old, entry.new) for entry in history_of(store.database, person.id)]


NOES = (Reason.UNSUBSCRIBED, Reason.COMPLAINED, Reason.BOUNCED, Reason.MANUAL)
