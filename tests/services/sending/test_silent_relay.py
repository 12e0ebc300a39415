"""A relay that says nothing: what that may mean is said long before it is given up."""

import asyncio
import ssl
from dataclasses import dataclass, field

import pytest
import trustme

from smakom_mail.config.relay import RelaySettings
from smakom_mail.mail.smtp.auth import Credentials
from smakom_mail.mail.smtp.connection import Timeouts
from smakom_mail.mail.smtp.verdicts import Phase
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.relay_access import RelayAccess
from smakom_mail.services.sending.relaying import Opener
from tests.mail.smtp.relay import SILENCE, Answer, Relay
from tests.mail.smtp.sender import Sender

SOON = Timeouts(5, 5, 0.02, dict.fromkeys(Phase, 0.3), hint=0.05)
# A busy machine greets late, and is not silent either.
PATIENT = Timeouts(5, 5, 0.02, dict.fromkeys(Phase, 2.0), hint=1.5)


@dataclass
class Told:
    """What the one who sends is told, and what two connections are."""

    sentences: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)


def told(relay: Relay, security: str, authorities: str = "", timeouts: Timeouts = SOON) -> Told:
    """Open two connections to a relay, one after the other, and wait until they are over."""
    found = Told()

    async def run() -> None:
        async with relay.running():
            settings = RelaySettings(host="localhost", port=relay.port, security=security)
            access = RelayAccess(Credentials(""), authorities)
            opener = Opener(
                settings, access, Clock(), timeouts=timeouts, said=found.sentences.append
            )
            for _ in range(2):
                sender = Sender([])
                sender.connection = opener.connection(sender)
                await sender.connection.connect()
                await sender.over.wait()
                found.log += sender.log

    asyncio.run(run())
    found.sentences = [each.replace(str(relay.port), "PORT") for each in found.sentences]
    return found


def test_a_greeting_that_does_not_come_is_told_once_with_the_way_out() -> None:
    found = told(Relay(answers={"GREETING": [SILENCE, SILENCE]}), "starttls")
    assert found.sentences == [
        (
            "localhost, port PORT, has said nothing yet; if that is a port that speaks TLS from "
            'the first byte, such as 465, set security = "tls"'
        )
    ]
    assert (
        found.log == ["failed: reconnect (the relay left greeting unanswered for 0.3 seconds)"] * 2
    )


def test_a_port_that_speaks_tls_from_the_first_byte_is_such_a_silent_one() -> None:
    certificate = trustme.CA().issue_cert("localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    found = told(Relay(context=context, implicit=True), "starttls")
    assert len(found.sentences) == 1


@pytest.mark.parametrize(
    "answers", [{}, {"EHLO": [SILENCE, SILENCE]}, {"GREETING": [Answer("220 slow", drip=0.001)]}]
)
def test_a_relay_that_greets_is_not_called_silent(answers: dict[str, list[Answer]]) -> None:
    assert told(Relay(answers=answers), "none", timeouts=PATIENT).sentences == []
