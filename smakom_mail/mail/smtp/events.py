"""What a session tells: how it is set, and what has happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from smakom_mail.mail.smtp.auth import Credentials
from smakom_mail.mail.smtp.extensions import Extensions
from smakom_mail.mail.smtp.verdicts import Phase, Verdict

Security = Literal["none", "starttls", "tls"]


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """How to speak to a relay. `host` is the name that its certificate must bear."""

    host: str
    port: int = 25
    security: Security = "starttls"
    ehlo_name: str = "localhost"
    credentials: Credentials = field(default_factory=Credentials)
    dsn: bool = False


@dataclass(frozen=True, slots=True)
class StartTls:
    """Begin TLS now, and say so with `tls_started`."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The relay knows who speaks, and takes envelopes."""

    extensions: Extensions


@dataclass(frozen=True, slots=True)
class WantsBody:
    """The relay waits for this message."""

    tag: object


@dataclass(frozen=True, slots=True)
class Settled:
    """A delivery has ended, by a reply or without asking."""

    tag: object
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection is over. `why` is empty where that was asked for."""

    before_dot: tuple[object, ...]
    after_dot: object | None
    why: str


@dataclass(frozen=True, slots=True)
class Failed:
    """There was no session: nothing has been sent."""

    verdict: Verdict


Event = StartTls | Ready | WantsBody | Settled | Lost | Failed

DEADLINES: Mapping[Phase, float] = {
    Phase.GREETING: 300,
    Phase.EHLO: 300,
    Phase.STARTTLS: 120,
    Phase.AUTH: 300,
    Phase.MAIL: 300,
    Phase.RCPT: 300,
    Phase.DATA: 120,
    Phase.DOT: 600,
    Phase.RSET: 300,
    Phase.QUIT: 10,
}
"""How many seconds a whole reply may take (RFC 5321 section 4.5.3.2; its own for the rest)."""
