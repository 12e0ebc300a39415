"""From the greeting to a session that takes envelopes: EHLO, STARTTLS and the login."""

from collections.abc import Sequence
from dataclasses import dataclass

from smakom_mail.mail.smtp.auth import Exchange, chosen, wanted
from smakom_mail.mail.smtp.events import Failed, Ready, SessionSettings, StartTls
from smakom_mail.mail.smtp.extensions import Extensions
from smakom_mail.mail.smtp.replies import NO_REPLY, ProtocolError, Reply
from smakom_mail.mail.smtp.verdicts import Action, Phase, Verdict, judge

NO_STARTTLS = (
    "{host} offers no STARTTLS on port {port}, and nothing is sent unencrypted: use the relay's "
    'port 587 with security = "starttls" or 465 with "tls", ask its keeper to switch TLS on, or '
    "let a mail server on this machine pass the messages on"
)
INJECTED = (
    "{host} sent unencrypted bytes after its yes to STARTTLS: somebody between may be changing "
    "what it says, and nothing is sent"
)
NO_MECHANISM = "{host} offers no login by {wanted} (it offers {offered})"
_GOOD = {Phase.GREETING: 220, Phase.EHLO: 250, Phase.STARTTLS: 220, Phase.AUTH: 235}


@dataclass(frozen=True, slots=True)
class Command:
    """A line to send, and what its answer will be about."""

    phase: Phase
    line: bytes


class Handshake:
    """Says what follows each reply: a command, TLS, a session or none."""

    def __init__(self, settings: SessionSettings) -> None:
        """Begin with the greeting."""
        self._settings = settings
        self._encrypted = settings.security == "tls"
        self._exchange: Exchange | None = None
        self._offered = Extensions()

    def after(
        self, phase: Phase, reply: Reply, lines: Sequence[str]
    ) -> Command | StartTls | Ready | Failed:
        """Take a reply. Raises ProtocolError for one that cannot be to this command."""
        if phase is Phase.AUTH and reply.code == 334 and self._exchange is not None:
            # A challenge too many is cancelled, and then refused by the relay (RFC 4954).
            return Command(Phase.AUTH, self._exchange.answer() or b"*\r\n")
        if reply.code != _GOOD[phase]:
            if reply.code < 400:
                raise ProtocolError(f"it answered {phase} with {reply}")
            return Failed(judge(phase, reply))
        if phase is Phase.GREETING:
            return self.hello()
        if phase is Phase.EHLO:
            self._offered = Extensions.of(lines[1:])
            return self._after_hello()
        if phase is Phase.STARTTLS:
            return StartTls()
        self._exchange = None
        return Ready(self._offered)

    def encrypted(self) -> Command:
        """Go on after TLS has begun, with all that was learnt before forgotten (RFC 3207)."""
        self._encrypted = True
        return self.hello()

    def hello(self) -> Command:
        """Say who calls."""
        return Command(Phase.EHLO, f"EHLO {self._settings.ehlo_name}\r\n".encode("ascii"))

    def injected(self) -> Failed:
        """Take it that bytes came between STARTTLS and TLS."""
        return _stop(Phase.STARTTLS, INJECTED.format(host=self._settings.host))

    def _after_hello(self) -> Command | Ready | Failed:
        settings = self._settings
        if settings.security == "starttls" and not self._encrypted:
            if self._offered.starttls:
                return Command(Phase.STARTTLS, b"STARTTLS\r\n")
            why = NO_STARTTLS.format(host=settings.host, port=settings.port)
            return _stop(Phase.STARTTLS, why)
        mechanism = chosen(settings.credentials, self._offered.auth)
        if mechanism is not None:
            self._exchange = Exchange(settings.credentials, mechanism)
            return Command(Phase.AUTH, self._exchange.first)
        if not (names := wanted(settings.credentials)):
            return Ready(self._offered)
        offered = ", ".join(sorted(self._offered.auth)) or "none"
        why = NO_MECHANISM.format(host=settings.host, wanted=" or ".join(names), offered=offered)
        return _stop(Phase.AUTH, why)


def _stop(phase: Phase, why: str) -> Failed:
    return Failed(Verdict(Action.STOP, NO_REPLY, phase, why))
