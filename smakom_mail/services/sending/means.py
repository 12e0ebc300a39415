"""What a campaign is sent with, who is told of it, and how a run of it ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from smakom_mail.errors import StoreError
from smakom_mail.mail.dkim import Signer
from smakom_mail.model.campaign import Recipient
from smakom_mail.services.sending.line import Line, Wire
from smakom_mail.services.sending.throttle import Throttle
from smakom_mail.store.ledger import Outcome


class Opener(Protocol):
    """Makes connections to a relay, or to the outbox."""

    def __call__(self, line: Line) -> Wire:
        """Begin to connect; `line` is told what comes of it."""


class Watcher(Protocol):
    """Is told what is durable."""

    def settled(self, outcomes: Sequence[Outcome], withheld: int) -> None:
        """Learn what has been committed."""

    def said(self, sentence: str) -> None:
        """Learn what the one who sends should know."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of the relay is used, and how long is waited."""

    connections: int
    per_connection: int = 0
    lifetime: float = 24 * 3600.0
    wait: bool = True
    """Whether to go on until the deferred ones are settled too."""


@dataclass
class Ended:
    """Why the engine stopped: `why` is empty where nothing was left to do."""

    why: str = ""
    pause: bool = False
    """Whether the campaign is to be paused, since it is the relay's or the settings' fault."""
    stopped: bool = False
    """Whether a person stopped it."""
    error: StoreError | None = None
    unrecorded: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Means:
    """What a campaign is sent with.

    `account` is what the relay's quotas are counted for; `sender_of` gives the envelope sender.
    """

    opener: Opener
    throttle: Throttle
    limits: Limits
    sender_of: Callable[[Recipient], str]
    account: str = ""
    signer: Signer | None = None
