"""One sending of one edition: what is frozen when it is planned, and how it stands."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from smakom_mail.model.delivery import State
from smakom_mail.model.rendered import PersonalText, Slot, digest_of


class Kind(StrEnum):
    """Whether a campaign reaches readers, or the outbox in var/ and counts for nothing."""

    CAMPAIGN = "campaign"
    REHEARSAL = "rehearsal"


class Wish(StrEnum):
    """What people want of a campaign; whether it is finished is computed, never kept."""

    PLANNING = "planning"
    """Its recipients are being written down; a crash leaves it so, and it counts for nothing."""
    PLANNED = "planned"
    """Shown, and not yet agreed to."""
    HELD = "held"
    """Agreed to, and waiting for its time."""
    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"


BY_HAND = "by hand"
"""Why a campaign rests that a person paused."""
AS_ASKED = ", as it was asked for"
"""How it ends why one rests behind its first recipients."""
NOT_WAITED = "; it is not waited for, as --no-wait was given"
"""How it ends why one rests whose relay's quota was not waited for."""


@dataclass(frozen=True, slots=True)
class FrozenMessage:
    """What every recipient's message has in common, kept with the campaign as JSON.

    Addresses are ASCII (RFC 5321); `date` is ISO 8601 with a zone: the Date of every attempt.
    `pictures` are names with their SHA-256, for the digest. The unsubscribe mail goes to
    `unsubscribe_address` with the token as its subject; `host` ends the Message-IDs. An empty
    `site_url` says that no page answers there: then that mail is the only way to leave.
    """

    edition: str
    language: str
    digest: str
    subject: PersonalText
    html: PersonalText
    text: PersonalText
    sender: tuple[str, str]
    reply_to: tuple[str, str]
    list_id: str
    list_name: str
    site_url: str
    archive_url: str
    unsubscribe_address: str
    feedback_id: str
    host: str
    date: str
    pictures: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> str:
        """Give it as one line of JSON that `from_json` reads back."""
        values: dict[str, object] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            values[field.name] = value.canonical() if isinstance(value, PersonalText) else value
        return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "FrozenMessage":
        """Read what `as_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        values = json.loads(text)
        for name in ("subject", "html", "text"):
            values[name] = _personal(values[name])
        for name in ("sender", "reply_to"):
            one, other = values[name]
            values[name] = (str(one), str(other))
        values["pictures"] = tuple((str(name), str(hash_)) for name, hash_ in values["pictures"])
        return cls(**values)

    def computed_digest(self) -> str:
        """Give the digest of what is kept here; it must be `digest` (docs/guarantees.md)."""
        return digest_of(
            subject=self.subject,
            html=self.html,
            text=self.text,
            sender=self.sender,
            reply_to=self.reply_to,
            pictures=self.pictures,
        )


def _personal(parts: list[Any]) -> PersonalText:
    return PersonalText(
        tuple(p if isinstance(p, str) else Slot(p["slot"], p["default"]) for p in parts)
    )


@dataclass(frozen=True, slots=True)
class Recipient:
    """One frozen delivery, as the sender needs it.

    `token` leads to the unsubscription ("" in a proof, where it is dead), `message_id` is whole
    (<...@host>), and `envelope_token` signs the envelope sender ("" where that is plain).
    """

    id: int
    email: str
    name: str
    organisation: str
    token: str
    message_id: str
    envelope_token: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How a campaign's recipients stand: two sums that always hold.

    candidates = planned + excluded, and planned = the sum over all states.
    """

    planned: int
    excluded: Mapping[str, int]
    states: Mapping[State, int]

    def of(self, state: State) -> int:
        """Give how many stand in a state."""
        return self.states.get(state, 0)

    @property
    def candidates(self) -> int:
        """Everybody that the plan looked at."""
        return self.planned + sum(self.excluded.values())

    @property
    def open(self) -> int:
        """How many a sender has still to do with."""
        return sum(
            self.of(state)
            for state in (State.WAITING, State.CLAIMED, State.SUBMITTING, State.DEFERRED)
        )

    @property
    def settled(self) -> bool:
        """Whether nothing is left to send and nobody's outcome is unknown."""
        return self.open == 0 and self.of(State.UNKNOWN) == 0

    def require_sum(self) -> None:
        """See that nobody is forgotten and nobody counted twice.

        Raises AssertionError, with both sides of the sum.
        """
        total = sum(self.states.values())
        if total != self.planned:
            raise AssertionError(f"{self.planned} people were planned, and {total} are counted")


@dataclass(frozen=True, slots=True)
class Campaign:
    """One sending of one edition.

    Times are ISO 8601 in UTC; `due_at` is empty where it was to begin at once, `begun_at` where it
    has not begun. `code` (6 hexadecimal digits) stands for it in the envelope sender. `why` says
    what made it paused or held. A sender stops behind the first `pause_after` recipients, unless
    that is 0. Its deliveries are those from `first_id` to `last_id`.
    """

    id: str
    code: str
    edition: str
    kind: Kind
    digest: str
    wish: Wish
    why: str
    created_at: str
    actor: str
    begun_at: str
    due_at: str
    pause_after: int
    epoch: int
    planned: int
    excluded: Mapping[str, int]
    first_id: int
    last_id: int
