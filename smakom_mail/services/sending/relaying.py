"""What a campaign is sent with, made from the settings: connections, limits, signatures."""

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from smakom_mail.config import Config, RelaySettings
from smakom_mail.config.addresses import ascii_address, is_host, is_ip
from smakom_mail.errors import SmakomMailError
from smakom_mail.mail.smtp.auth import Credentials
from smakom_mail.mail.smtp.connection import Listener, RelayConnection, Timeouts
from smakom_mail.mail.smtp.envelope import Envelope
from smakom_mail.mail.smtp.events import Security, SessionSettings
from smakom_mail.mail.smtp.extensions import Extensions
from smakom_mail.mail.smtp.tls import client_context
from smakom_mail.mail.smtp.verdicts import Verdict
from smakom_mail.mail.smtp.wire import WireGuard
from smakom_mail.model.campaign import Recipient
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.line import Line, Wire
from smakom_mail.services.sending.means import Limits, Means
from smakom_mail.services.sending.relay_access import RelayAccess, fetch_token, open_access
from smakom_mail.services.sending.signing import open_signer
from smakom_mail.services.sending.throttle import Throttle
from smakom_mail.services.workplace import Workplace

_SECURITY: Mapping[str, Security] = {"none": "none", "starttls": "starttls", "tls": "tls"}
PATIENCE_SECONDS = 60.0
"""So long a message that no ledger keeps waits for its turn; relays hang up on silent ones."""
SILENT = (
    "{host}, port {port}, has said nothing yet; if that is a port that speaks TLS from the first "
    'byte, such as 465, set security = "tls"'
)
_TOKEN_SECONDS = 1800.0
"""A token for XOAUTH2 lasts about an hour: half of that is safe."""


def relay_means(  # noqa: PLR0913 - for what, with what, and who is told
    workplace: Workplace,
    environment: Mapping[str, str],
    edition: str,
    *,
    wait: bool,
    clock: Clock,
    said: Callable[[str], None] | None = None,
) -> Means:
    """Give what sends through the configured relay; `said` is told what one should know.

    Raises RelayNotConfiguredError, RelayRefusedError, CertificateAuthorityError, and
    SmakomMailError for a DKIM key that cannot be used.
    """
    config = workplace.config
    relay = config.relay
    access = open_access(workplace, environment, edition)
    renew = (lambda: fetch_token(workplace, environment)) if relay.auth == "xoauth2" else None
    return Means(
        Opener(relay, access, clock, own_name(config), renew, said=said),
        Throttle(relay.rate, relay.domain_rates, relay=relay.account),
        Limits(
            relay.connections,
            relay.messages_per_connection,
            lifetime=config.send.lifetime_seconds,
            wait=wait,
        ),
        envelope_sender(relay, config.sender.email),
        account=relay.account,
        signer=open_signer(workplace, lambda: int(clock.time())),
    )


def envelope_sender(relay: RelaySettings, sender: str) -> Callable[[Recipient], str]:
    """Give what makes a recipient's envelope sender: to it the reports of bounces go.

    A signed one carries the recipient's token behind a plus sign; where there is none, or the
    relay takes only its user's address, it is the same for everybody.
    """
    address = relay.bounce_address or ascii_address(sender)
    mailbox, _, domain = address.rpartition("@")

    def of(recipient: Recipient) -> str:
        token = recipient.envelope_token
        return f"{mailbox}+{token}@{domain}" if token else address

    return of


def signs_envelope(relay: RelaySettings) -> bool:
    """Say whether the envelope sender carries a token: only where bounces have an address."""
    return relay.envelope_sender == "signed"


@dataclass
class Opener:
    """Opens connections to the relay; certificates are read once for all of them."""

    relay: RelaySettings
    access: RelayAccess
    clock: Clock
    own_name: str = "[127.0.0.1]"
    renew: Callable[[], str] | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)
    said: Callable[[str], None] | None = None

    def __post_init__(self) -> None:
        """Prepare what all connections share."""
        secure = self.relay.security != "none"
        self._context = client_context(self.access.authorities) if secure else None
        self._guard = WireGuard()
        self._tasks: set[asyncio.Task[None]] = set()
        self._credentials = self.access.credentials
        self._fetched_at = self.clock.monotonic()
        self._renewal: asyncio.Future[str] | None = None

    def __call__(self, line: Line) -> Wire:
        """Begin to connect; `line` is told what comes of it."""
        connection = self.connection(line)
        task = asyncio.get_running_loop().create_task(connection.connect())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return connection

    def connection(self, listener: Listener) -> RelayConnection:
        """Give a connection that is not open yet."""
        return RelayConnection(
            self._settings(),
            listener,
            ssl_context=self._context,
            timeouts=self.timeouts,
            guard=self._guard,
            silent=self._silent,
        )

    def _silent(self) -> None:
        """Say once, for all connections, that no greeting comes, and what that may mean."""
        told, self.said = self.said, None
        if told is not None:
            told(SILENT.format(host=self.relay.host, port=self.relay.port))

    def _settings(self) -> SessionSettings:
        self._renew_soon()
        relay = self.relay
        return SessionSettings(
            host=relay.host,
            port=relay.port,
            security=_SECURITY[relay.security],
            ehlo_name=relay.ehlo_name or self.own_name,
            credentials=self._credentials,
            dsn=relay.dsn,
        )

    def _renew_soon(self) -> None:
        """Have another token fetched, beside the loop, well before the one in use runs out.

        Where that fails the old one is used until the relay refuses it, which pauses the campaign
        with the relay's words; the next connection tries again.
        """
        age = self.clock.monotonic() - self._fetched_at
        if self.renew is None or age < _TOKEN_SECONDS or self._renewal is not None:
            return
        self._renewal = asyncio.get_running_loop().run_in_executor(None, self.renew)
        self._renewal.add_done_callback(self._renewed)

    def _renewed(self, renewal: "asyncio.Future[str]") -> None:
        self._renewal = None
        if renewal.cancelled() or renewal.exception() is not None:
            return
        self._fetched_at = self.clock.monotonic()
        old = self._credentials
        self._credentials = Credentials(old.mechanism, old.username, old.password, renewal.result())


def own_name(config: Config) -> str:
    """Give the name for EHLO: this machine's, else the site's (RFC 5321 section 4.1.3).

    Nothing is looked up: that could take longer than the relay's patience.
    """
    for name in (socket.gethostname(), config.site_host):
        if "." in name and is_host(name) and name.isascii() and not is_ip(name):
            return name
    return "[127.0.0.1]"


class Turns(Protocol):
    """Says when the next of a few messages may go."""

    def take(self, domain: str) -> float:
        """Take its place, durably, before it leaves; else give the seconds to wait."""


@dataclass
class Submission:
    """One session for a few messages that no ledger keeps: proofs.

    Each waits for its turn by the relay's limits, but not longer than a minute: `held_back` is
    how many seconds the next one would have had to wait.
    """

    letters: Sequence[tuple[Envelope, list[bytes]]]
    turns: Turns
    pace: float = 1.0
    connection: RelayConnection | None = None
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    failure: Verdict | None = None
    lost_why: str = ""
    doubtful: bool = False
    """Whether the first one without a reply was behind its dot, and may have been taken."""
    held_back: float = 0.0
    fault: SmakomMailError | None = None
    """Why a place could not be taken, where that is so: nothing more was sent."""

    def __post_init__(self) -> None:
        """Prepare the end."""
        self.over = asyncio.Event()
        self._next = 0

    def ready(self, extensions: Extensions) -> None:
        """Begin."""
        del extensions
        self._offer()

    def _offer(self) -> None:
        if self.connection is None:
            raise AssertionError("a submission without a connection")
        if self.over.is_set():
            return  # it broke while it waited
        if self._next == len(self.letters) or (wait := self._wait()) > PATIENCE_SECONDS:
            self.connection.quit()
            return
        if wait:
            asyncio.get_running_loop().call_later(wait / self.pace, self._offer)
            return
        self._next += 1
        self.connection.offer(self.letters[self._next - 1][0])

    def _wait(self) -> float:
        """Give how long the next one has to wait; a fault here would only be told to the loop."""
        domain = self.letters[self._next][0].recipient.rpartition("@")[2].lower()
        try:
            wait = self.turns.take(domain)
        except SmakomMailError as error:
            self.fault = error
            return float("inf")
        if wait > PATIENCE_SECONDS:
            self.held_back = wait
        return wait

    def wants_body(self, tag: object) -> None:
        """Send the message that is waited for."""
        del tag
        if self.connection is not None:
            self.connection.send_body(self.letters[self._next - 1][1])

    def settled(self, tag: object, verdict: Verdict) -> None:
        """Keep the reply, and go on."""
        del tag
        self.verdicts[self._next - 1] = verdict
        self._offer()

    def lost(self, before_dot: Sequence[object], after_dot: object | None, why: str) -> None:
        """End; a message behind its dot may have been taken."""
        del before_dot
        self.lost_why = why
        self.doubtful = after_dot is not None
        self.over.set()

    def failed(self, verdict: Verdict) -> None:
        """End without a session."""
        self.failure = verdict
        self.over.set()


def submit_once(
    opener: Opener, letters: Sequence[tuple[Envelope, list[bytes]]], turns: Turns
) -> Submission:
    """Submit a few messages over one connection, and give what the relay said of each."""

    async def submit() -> Submission:
        submission = Submission(letters, turns, opener.clock.pace)
        submission.connection = opener.connection(submission)
        await submission.connection.connect()
        await submission.over.wait()
        return submission

    return asyncio.run(submit())
