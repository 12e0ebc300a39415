"""Lists, and the sets of lists that tokens are about."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime

from smakom_mail.errors import StoreError
from smakom_mail.model.person import MailingList
from smakom_mail.store.database import Database
from smakom_mail.store.journal import journal_beside
from smakom_mail.store.suppressions import LATER, noes_to, suppress

MOST = 60
"""How many lists there may be: each is a bit of one number."""

_LISTS = "SELECT slug, name, is_default, position FROM lists ORDER BY position"
_ADD = """
INSERT INTO lists (slug, name, is_default, position) VALUES (:slug, :name, :is_default, :position)
"""
_CHANGE = "UPDATE lists SET name = :name, is_default = :is_default WHERE slug = :slug"
_DEMOTE = "UPDATE lists SET is_default = 0 WHERE slug = :slug"
# One that nobody has ever stood on was a slip of the pen.
_DROP = """
DELETE FROM lists WHERE slug = :slug
AND NOT EXISTS (SELECT 1 FROM memberships WHERE list_slug = :slug)
"""
_KEEP_SCOPE = """
INSERT INTO scopes (code, lists) VALUES (:code, :lists) ON CONFLICT DO NOTHING
"""
_STOOD_ON = "SELECT 1 FROM memberships WHERE list_slug = :slug LIMIT 1"
_SCOPE = "SELECT code FROM scopes WHERE lists = :lists"
# No slug has this sign.
_TURN = "#"
_LISTS_OF = "SELECT lists FROM scopes WHERE code = :code"


def known_lists(database: Database) -> tuple[MailingList, ...]:
    """Give every list, in the order in which they came."""
    return tuple(
        MailingList(row["slug"], row["name"], bool(row["is_default"]))
        for row in database.all(_LISTS)
    )


def list_bits(database: Database) -> dict[str, int]:
    """Give each list's bit in the masks of the audience query."""
    return {row["slug"]: 1 << row["position"] for row in database.all(_LISTS)}


def keep_lists(database: Database, wanted: Sequence[MailingList]) -> None:
    """Make the store's lists those that are configured; what people stand on stays.

    Writes only where something differs. Whoever has said no to all lists but some has said no to
    a new one too. Raises StoreError for more than there may be.
    """
    if not _differ(database, wanted):
        return
    with database.transaction():
        stored = {each.slug for each in known_lists(database)}
        for slug in stored - {each.slug for each in wanted}:
            database.run(_DEMOTE, {"slug": slug})
            database.run(_DROP, {"slug": slug})
        taken = {row["position"] for row in database.all(_LISTS)}
        free = [position for position in range(MOST) if position not in taken]
        for each in wanted:
            values = {"slug": each.slug, "name": each.name, "is_default": int(each.is_default)}
            if each.slug in stored:
                database.run(_CHANGE, values)
            elif free:
                database.run(_ADD, values | {"position": free.pop(0)})
                _refuse_for_others(database, each.slug)
            else:
                raise StoreError(f"there are more than {MOST} lists", "put tags on people instead")


def _refuse_for_others(database: Database, slug: str) -> None:
    journal = journal_beside(database.path)
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    for no in list(noes_to(database, LATER)):
        new = replace(no, list_slug=slug, at=at, actor="settings", note="")
        suppress(database, journal, new)


def _differ(database: Database, wanted: Sequence[MailingList]) -> bool:
    stored = known_lists(database)
    extra = [each for each in stored if each.slug not in {one.slug for one in wanted}]
    return (
        not set(wanted) <= set(stored)
        or any(each.is_default for each in extra)
        or any(not database.one(_STOOD_ON, {"slug": each.slug}) for each in extra)
    )


def scope_code(
    database: Database,
    lists: Iterable[str],
    randomness: Callable[[int], bytes] = secrets.token_bytes,
    *,
    turn: int = 0,
) -> bytes:
    """Give the three bytes that stand for a set of lists in tokens, for ever the same.

    What is meant for one address alone has the `turn` in which its person has that.
    """
    text = " ".join(sorted(set(lists)) + [f"{_TURN}{turn}"] * (turn > 0))
    while (row := database.one(_SCOPE, {"lists": text})) is None:
        values = {"code": randomness(3).hex(), "lists": text}
        with nullcontext() if database.in_transaction else database.transaction():
            database.run(_KEEP_SCOPE, values)
    return bytes.fromhex(row["code"])


def scope_lists(database: Database, code: bytes) -> tuple[str, ...] | None:
    """Give the lists that three bytes of a token stand for; None where they stand for none."""
    row = database.one(_LISTS_OF, {"code": code.hex()})
    return tuple(w for w in row["lists"].split() if not w.startswith(_TURN)) if row else None


def scope_turn(database: Database, code: bytes) -> int:
    """Give the turn that three bytes of a token were made for."""
    row = database.one(_LISTS_OF, {"code": code.hex()})
    last = row["lists"].rpartition(" ")[2] if row else ""
    return int(last.removeprefix(_TURN)) if last.startswith(_TURN) else 0
