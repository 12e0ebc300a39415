"""How much was asked for in a span of time: durable, so that a restart forgives nothing.

`who` is a keyed hash of an address or a network, or empty for everybody together.
"""

from smakom_mail.store.database import Database

_SPENT = """
SELECT number FROM budgets
WHERE name = :name AND who = :who AND width = :width AND start = :start
"""
_LAST = "SELECT MAX(start * width) AS last FROM budgets WHERE name = :name AND who = :who"
_SPEND = """
INSERT INTO budgets (name, who, width, start, number) VALUES (:name, :who, :width, :start, 1)
ON CONFLICT (name, who, width, start) DO UPDATE SET number = budgets.number + 1
"""
_DROP_OLD = "DELETE FROM budgets WHERE (start + 1) * width <= :before"


def spent(database: Database, name: str, who: str, width: int, start: int) -> int:
    """Give what was spent in the span number `start` of `width` seconds."""
    row = database.one(_SPENT, {"name": name, "who": who, "width": width, "start": start})
    return row["number"] if row else 0


def last_spent(database: Database, name: str, who: str) -> int:
    """Give when the newest span began in which something was spent (seconds); 0 for never."""
    row = database.one(_LAST, {"name": name, "who": who})
    return (row["last"] or 0) if row else 0


def spend(database: Database, name: str, who: str, width: int, start: int) -> None:
    """Count one more in that span, inside a transaction."""
    database.run(_SPEND, {"name": name, "who": who, "width": width, "start": start})


def drop_budgets(database: Database, before: int) -> int:
    """Delete the spans that ended before (seconds of the epoch), inside a transaction."""
    return database.run(_DROP_OLD, {"before": before})
