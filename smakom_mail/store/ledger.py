"""The ledger of a campaign: what a sender claims, intends and learns, one commit for many.

An intent is durable before the relay could take the message, and in the statement that records it
the reader's consent is read once more. An outcome is durable before it is shown. A statement names
the states that it may come from (model/delivery.py), and a row that is not in one of them any more
ends the sender: then somebody else has taken this campaign over.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from smakom_mail.errors import StoreError
from smakom_mail.model.campaign import Campaign, Recipient, Wish
from smakom_mail.model.delivery import Event, State, sources
from smakom_mail.store.campaigns import withhold_rest
from smakom_mail.store.database import Database, Row
from smakom_mail.store.spending import Spending, add_spending

_RECIPIENT = "id, email, name, organisation, token, message_id, envelope_token"


def _from(event: Event) -> str:
    return ", ".join(f"'{state}'" for state in sources(event))


# In one statement, so that two senders never hold the same: PostgreSQL adds FOR UPDATE SKIP LOCKED.
_CLAIM = f"""
UPDATE deliveries SET state = 'claimed', sender = :sender
WHERE state IN ({_from(Event.CLAIM)}) AND id IN (
    SELECT id FROM deliveries
    WHERE campaign_id = :campaign AND state = :state AND state IN ('waiting', 'deferred')
        AND next_at <= :now AND id <= :last
    ORDER BY next_at, id LIMIT :most{{locked}})
RETURNING {_RECIPIENT}
"""  # noqa: S608 - fragments of ours
_LOCKED = {"sqlite": "", "postgresql": " FOR UPDATE SKIP LOCKED"}
_NEXT = """
SELECT MIN(next_at) AS next FROM deliveries
WHERE campaign_id = :campaign AND state = :state AND state IN ('waiting', 'deferred')
    AND id <= :last
"""
# Still the same address, still active, and on one of the lists that the message was for: confirmed,
# with a ground, and without a no.
_MAY = """EXISTS (
    SELECT 1 FROM subscribers s
    JOIN campaign_lists k ON k.campaign_id = deliveries.campaign_id AND k.scope = deliveries.scope
    JOIN memberships m ON m.subscriber_id = s.id AND m.list_slug = k.list_slug
    WHERE s.id = deliveries.subscriber_id AND s.key = deliveries.key AND m.state = 'confirmed'
    AND NOT EXISTS (SELECT 1 FROM suppressions u WHERE u.fingerprint = s.fingerprint
        AND u.lifted_at = '' AND (u.list_slug = '' OR u.list_slug = m.list_slug))
    AND EXISTS (SELECT 1 FROM consents c WHERE c.subscriber_id = s.id
        AND (c.list_slug = '' OR c.list_slug = m.list_slug)))"""
# A statement of its own: SQLite searches no index for what stands behind RETURNING.
_GONE = f"SELECT id FROM deliveries WHERE id IN ({{ids}}) AND NOT {_MAY}"  # noqa: S608 - fragments of ours
_HELD = """
SELECT id FROM deliveries WHERE id IN ({ids}) AND sender = :sender AND state IN ({states})
"""
_TOGETHER = 512
_INTEND = f"""
UPDATE deliveries SET state = 'submitting', attempts = attempts + 1, at = :at,
    first_at = CASE first_at WHEN '' THEN :at ELSE first_at END, why = ''
WHERE id IN ({{ids}}) AND sender = :sender AND state IN ({_from(Event.INTEND)}) AND {_MAY}
RETURNING id
"""  # noqa: S608 - fragments of ours
_WITHHOLD = f"""
UPDATE deliveries SET state = 'withheld', sender = '', at = :at, next_at = '', why = :why
WHERE id = :id AND sender = :sender AND state IN ({_from(Event.WITHHOLD)})
"""  # noqa: S608 - fragments of ours
_WISH = "SELECT wish FROM campaigns WHERE id = :id"
# Of somebody who was forgotten while it was on its way, nothing that was said is kept.
_SETTLE = """
UPDATE deliveries SET state = ?, sender = '', at = ?, next_at = ?, phase = ?, code = ?,
    reply = CASE WHEN key IS NULL THEN '' ELSE ? END,
    why = CASE WHEN key IS NULL THEN '' ELSE ? END{more}
WHERE id = ? AND sender = ? AND state IN ({states})
"""
_MORE = {
    # What comes back with nothing said about it was no try.
    Event.RELEASE: ", attempts = attempts - CASE state WHEN 'submitting' THEN 1 ELSE 0 END",
    # Where RCPT is answered in the same turn as the dot before it, the reply overtakes the intent.
    **dict.fromkeys(
        (Event.DEFER, Event.REFUSE),
        """, attempts = attempts + CASE state WHEN 'claimed' THEN 1 ELSE 0 END,
    first_at = CASE first_at WHEN '' THEN ? ELSE first_at END""",
    ),
}
_REOPEN = f"""
UPDATE deliveries SET state = 'waiting', next_at = '', why = ''
WHERE id = :id AND campaign_id = :campaign AND state IN ({_from(Event.REOPEN)})
"""  # noqa: S608 - fragments of ours
_EXPIRE = f"""
UPDATE deliveries SET state = 'refused', at = :at, next_at = '', why = :why
WHERE campaign_id = :campaign AND state = 'deferred' AND state IN ({_from(Event.EXPIRE)})
    AND first_at < :before
RETURNING id
"""  # noqa: S608 - fragments of ours
_NOTE = """
INSERT INTO attempts (delivery_id, number, at, state, phase, code, reply, why)
SELECT id, attempts, at, state, phase, code, reply, why FROM deliveries WHERE id = :id
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a try came to: the event, and what the relay said or what was lost.

    `next_at` is when it may be tried again, for what was deferred or given back; what has a `why`
    is kept among the attempts.
    """

    id: int
    event: Event
    at: str
    next_at: str = ""
    phase: str = ""
    code: int = 0
    reply: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit came to: whose intents are durable, who is withheld, and what is wished."""

    granted: frozenset[int]
    withheld: tuple[int, ...]
    wish: Wish


class LedgerError(StoreError):
    """The ledger holds something else than this sender left there: it stops at once."""


class _NotAllChanged(Exception):  # noqa: N818 - never leaves this module
    """Some of a group of rows were not as they were left; which is seen once all is undone."""

    def __init__(self, event: Event, ids: Sequence[int]) -> None:
        """Keep what was to happen, and to whom."""
        super().__init__(event)
        self.event = event
        self.ids = ids


_SETTLED = {
    Event.ACCEPT: State.ACCEPTED,
    Event.DEFER: State.DEFERRED,
    Event.REFUSE: State.REFUSED,
    Event.RELEASE: State.WAITING,
    Event.LOSE: State.UNKNOWN,
}


_SETTLES = {
    event: _SETTLE.format(states=_from(event), more=_MORE.get(event, "")) for event in _SETTLED
}


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of one campaign in the hand of one sender.

    `withheld` is told how many were withheld instead of being claimed, once that is durable.
    """

    database: Database
    campaign: Campaign
    sender: str
    withheld: Callable[[int], None] = lambda _number: None

    def claim(self, state: State, most: int, now: str) -> list[Recipient]:
        """Claim the next that are `state` and due at `now`, at most so many, in their order.

        Who may not be written to any more is withheld instead, and the next one claimed for her:
        at the intent her envelope would be out, and only a broken connection could take it back.
        """
        while True:
            rows, gone = self._claim(state, most, now)
            if gone:
                self.withheld(len(gone))
            if len(gone) < len(rows) or not rows:
                here = [_recipient(row) for row in rows if row["id"] not in gone]
                return sorted(here, key=lambda each: each.id)

    def _claim(self, state: State, most: int, now: str) -> tuple[list[Row], frozenset[int]]:
        """Claim once; give the rows, and the ids of those that were withheld of them."""
        sql = _CLAIM.format(locked=_LOCKED[self.database.dialect])
        values = {
            "sender": self.sender,
            "campaign": self.campaign.id,
            "state": str(state),
            "now": now,
            "last": self._last,
            "most": most,
        }
        with self.database.transaction():
            rows = self.database.returning(sql, values)
            ids = [row["id"] for row in rows]
            some = (ids[at : at + _TOGETHER] for at in range(0, len(ids), _TOGETHER))
            gone = frozenset[int]().union(*(self._picked(_GONE, each) for each in some))
            for row in rows if gone else ():
                if row["id"] in gone:
                    why = "forgotten" if row["email"] is None else "has left"
                    self._withhold(row["id"], now, why)
        return rows, gone

    def next_due(self, state: State) -> str | None:
        """Say when the first of those in `state` may be tried; None where there is none."""
        values = {"campaign": self.campaign.id, "state": str(state), "last": self._last}
        row = self.database.one(_NEXT, values)
        return row["next"] if row else None

    @property
    def _last(self) -> int:
        after = self.campaign.pause_after
        return self.campaign.first_id + after - 1 if after else self.campaign.last_id

    def commit(
        self,
        outcomes: Sequence[Outcome],
        intents: Sequence[int],
        at: str,
        spend: Callable[[Collection[int]], Sequence[Spending]] = lambda _granted: (),
    ) -> Committed:
        """Make outcomes and intents durable in one transaction.

        An intent is granted only to whom still may be written to; who may not is withheld. None is
        granted where the campaign is not to be sent any more. `spend` gives what the granted
        intents use of the relay's quotas. Raises LedgerError where a row is not as this sender left
        it.
        """
        try:
            return self._commit(outcomes, intents, at, spend)
        except _NotAllChanged as found:
            raise _taken_over(self._not_as_left(found)) from None

    def _commit(
        self,
        outcomes: Sequence[Outcome],
        intents: Sequence[int],
        at: str,
        spend: Callable[[Collection[int]], Sequence[Spending]],
    ) -> Committed:
        with self.database.transaction():
            self._settle(outcomes)
            wish = self.wish()
            if wish is Wish.CANCELLED and outcomes:
                withhold_rest(self.database, self.campaign, at)  # what has just come back
            if wish is not Wish.SENDING or not intents:
                return Committed(frozenset(), (), wish)
            granted = self._intend(intents, at)
            withheld = tuple(id_ for id_ in intents if id_ not in granted)
            for id_ in withheld:
                self._withhold(id_, at, "has left")
            add_spending(self.database, spend(granted) if granted else ())
        return Committed(granted, withheld, wish)

    def withhold(self, ids: Sequence[int], at: str, why: str) -> None:
        """Withhold claimed ones, as the campaign was cancelled."""
        with self.database.transaction():
            for id_ in ids:
                self._withhold(id_, at, why)

    def wish(self) -> Wish:
        """Say what is wanted of the campaign now."""
        row = self.database.one(_WISH, {"id": self.campaign.id})
        return Wish(row["wish"]) if row else Wish.CANCELLED

    def reopen(self, ids: Sequence[int]) -> None:
        """Let those wait again whom the relay refused along with everybody else."""
        with self.database.transaction():
            rows = [{"id": id_, "campaign": self.campaign.id} for id_ in ids]
            self.database.many(_REOPEN, rows)

    def expire(self, before: str, at: str, why: str) -> int:
        """Give up what is deferred and was first tried before that time; give how many."""
        values = {"campaign": self.campaign.id, "before": before, "at": at, "why": why}
        with self.database.transaction():
            rows = self.database.returning(_EXPIRE, values)
            self.database.many(_NOTE, [{"id": row["id"]} for row in rows])
        return len(rows)

    def _intend(self, intents: Sequence[int], at: str) -> frozenset[int]:
        return self._picked(_INTEND, intents, {"sender": self.sender, "at": at})

    def _picked(
        self, sql: str, ids: Sequence[int], values: Mapping[str, object] = {}
    ) -> frozenset[int]:
        """Run a statement about these rows; give the ids that it returns."""
        # A few lengths only, so that each statement is prepared once.
        length = 1 << (len(ids) - 1).bit_length()
        padded = (*ids, *(ids[-1],) * (length - len(ids)))
        prepared, names = _about(sql, length)
        rows = self.database.all(prepared, dict(zip(names, padded, strict=True), **values))
        return frozenset(row["id"] for row in rows)

    def _not_as_left(self, found: _NotAllChanged) -> int:
        """Give the first row of a group that another hand has changed."""
        sql = _HELD.replace("{states}", _from(found.event))
        held = self._picked(sql, found.ids, {"sender": self.sender})
        return next((id_ for id_ in found.ids if id_ not in held), found.ids[-1])

    def _withhold(self, id_: int, at: str, why: str) -> None:
        values = {"id": id_, "sender": self.sender, "at": at, "why": why}
        if not self.database.run(_WITHHOLD, values):
            raise _taken_over(id_)

    def _settle(self, outcomes: Sequence[Outcome]) -> None:
        for event, state in _SETTLED.items():
            rows = [_settled(each, state, self.sender) for each in outcomes if each.event is event]
            if not rows:
                continue
            changed = self.database.many(_SETTLES[event], rows)
            if changed != len(rows):
                raise _NotAllChanged(event, [each.id for each in outcomes if each.event is event])
        noted = [{"id": each.id} for each in outcomes if each.why]
        if noted:
            self.database.many(_NOTE, noted)


@cache
def _about(sql: str, number: int) -> tuple[str, tuple[str, ...]]:
    """Give a statement about so many rows, and the names of their ids in it."""
    names = tuple(f"id{each}" for each in range(number))
    return sql.replace("{ids}", ", ".join(f":{name}" for name in names)), names


def _settled(outcome: Outcome, state: State, sender: str) -> tuple[object, ...]:
    tried = (outcome.at,) if outcome.event in (Event.DEFER, Event.REFUSE) else ()
    return (
        str(state),
        outcome.at,
        outcome.next_at,
        outcome.phase,
        outcome.code,
        outcome.reply,
        outcome.why,
        *tried,
        outcome.id,
        sender,
    )


def _taken_over(id_: int) -> LedgerError:
    return LedgerError(
        f"the ledger's row {id_} is not as this program left it",
        "another program has taken the campaign over; see smakom-mail status",
    )


def _recipient(row: Row) -> Recipient:
    return Recipient(
        row["id"],
        row["email"],
        row["name"],
        row["organisation"],
        row["token"],
        row["message_id"],
        row["envelope_token"],
    )
