"""TLS to the relay is verified, or nothing is sent: and a sentence says why."""

import asyncio
import contextlib
import datetime as dt
import socket
import ssl
import threading
import warnings
from dataclasses import dataclass

import pytest
import trustme

from smakom_mail.mail.smtp.auth import Credentials
from smakom_mail.mail.smtp.connection import Timeouts
from smakom_mail.mail.smtp.events import Security, SessionSettings
from smakom_mail.mail.smtp.tls import CertificateAuthorityError, client_context, refusal
from tests.mail.smtp.relay import DIE, Answer, Relay
from tests.mail.smtp.sender import Sender, envelopes, sent_to

LOGIN = Credentials("auto", "brev@smakom.example", "hemligt")
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Make an authority that the sender trusts."""
    return trustme.CA()


def context_of(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """Give a relay its certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def told(
    relay: Relay,
    authority: trustme.CA,
    security: Security = "starttls",
    *,
    timeouts: Timeouts | None = None,
) -> list[str]:
    """Send a message to a relay as localhost; give what the sender was told."""

    async def run() -> list[str]:
        async with relay.running():
            return await attempt(relay.port, authority, security, timeouts)

    return asyncio.run(run())


async def attempt(
    port: int, authority: trustme.CA, security: Security, timeouts: Timeouts | None
) -> list[str]:
    """Send a message to what listens on a port; give the log, without the port's number."""
    settings = SessionSettings("localhost", port, security, "smakom.example", credentials=LOGIN)
    context = client_context(authority.cert_pem.bytes().decode("ascii"))
    log = await sent_to(Sender(envelopes(1)), settings, context, timeouts)
    return [line.replace(str(port), "PORT") for line in log]


def nothing_was_said(relay: Relay) -> bool:
    """Say that neither password nor message has left: at most EHLO and STARTTLS have."""
    said = b"".join(relay.received)
    return said in (b"", b"EHLO smakom.example\r\n", b"EHLO smakom.example\r\nSTARTTLS\r\n")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_verified_relay_gets_the_login_and_the_message(
    authority: trustme.CA, security: Security
) -> None:
    relay = Relay(
        context=context_of(authority.issue_cert("localhost")),
        implicit=security == "tls",
        extensions=("PIPELINING", "AUTH PLAIN LOGIN"),
    )
    assert told(relay, authority, security)[-2:] == [
        "1: accept (the relay has accepted it): 250 2.0.0 Ok: queued",
        "over",
    ]
    assert len(relay.accepted) == 1
    hello = ["EHLO smakom.example", "STARTTLS"] if security == "starttls" else []
    login = "AUTH PLAIN AGJyZXZAc21ha29tLmV4YW1wbGUAaGVtbGlndA=="
    assert relay.commands[: len(hello) + 2] == [*hello, "EHLO smakom.example", login]


@dataclass
class Certificate:
    """A certificate that must not be trusted, and what people are told of it."""

    names: tuple[str, ...]
    trusted: bool
    expired: bool
    why: str


CERTIFICATES = {
    "another authority": Certificate(
        ("localhost",),
        trusted=False,
        expired=False,
        why="is signed by an authority that this machine does not trust, and nothing is sent; "
        "[relay] ca_file can name a certificate to trust",
    ),
    "another name": Certificate(
        ("relay.example",),
        trusted=True,
        expired=False,
        why="is for another name, and nothing is sent",
    ),
    "expired": Certificate(
        ("localhost",), trusted=True, expired=True, why="has expired, and nothing is sent"
    ),
}


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("kind", CERTIFICATES)
def test_a_certificate_that_cannot_be_trusted_gets_nothing(
    authority: trustme.CA, kind: str, security: Security
) -> None:
    row = CERTIFICATES[kind]
    issuer = authority if row.trusted else trustme.CA()
    until = LONG_AGO if row.expired else None
    relay = Relay(
        context=context_of(issuer.issue_cert(*row.names, not_after=until)),
        implicit=security == "tls",
    )
    assert told(relay, authority, security) == [
        f"failed: stop (the certificate of localhost {row.why})"
    ]
    assert nothing_was_said(relay)


def test_a_certificate_signed_by_itself_gets_nothing(authority: trustme.CA) -> None:
    own = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with own.private_key_pem.tempfile() as key, own.cert_pem.tempfile() as certificate:
        context.load_cert_chain(certificate, key)
    relay = Relay(context=context)
    assert told(relay, authority) == [
        (
            "failed: stop (the certificate of localhost is signed by nobody but itself, and "
            "nothing is sent; [relay] ca_file can name a certificate to trust)"
        )
    ]
    assert nothing_was_said(relay)


def test_a_relay_without_starttls_gets_nothing(authority: trustme.CA) -> None:
    relay = Relay(extensions=("PIPELINING", "AUTH PLAIN"))
    assert told(relay, authority) == [
        (
            "failed: stop (localhost offers no STARTTLS on port PORT, and nothing is sent "
            'unencrypted: use the relay\'s port 587 with security = "starttls" or 465 with "tls", '
            "ask its keeper to switch TLS on, or let a mail server on this machine pass the "
            "messages on)"
        )
    ]
    assert nothing_was_said(relay)


@pytest.mark.parametrize(
    "injected", [b"250 relay.example\r\n", b"250-relay.example\r\n250 AUTH PLAIN\r\n", b"2", b"\n"]
)
def test_bytes_injected_before_tls_end_the_session(authority: trustme.CA, injected: bytes) -> None:
    relay = Relay(context=context_of(authority.issue_cert("localhost")), injected=injected)
    assert told(relay, authority) == [
        (
            "failed: stop (localhost sent unencrypted bytes after its yes to STARTTLS: somebody "
            "between may be changing what it says, and nothing is sent)"
        )
    ]
    assert nothing_was_said(relay)


def old_context(authority: trustme.CA) -> ssl.SSLContext:
    """Give a relay TLS 1.1 and nothing newer."""
    context = context_of(authority.issue_cert("localhost"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it is old: that is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


def old_relay(server: socket.socket, context: ssl.SSLContext, security: Security) -> None:
    """Speak TLS 1.1 once; asyncio's own server would cut off the alert that says so."""
    line, _ = server.accept()
    with line, contextlib.suppress(OSError):
        if security == "starttls":
            line.sendall(b"220 relay.example\r\n")
            line.recv(100)
            line.sendall(b"250-relay.example\r\n250 STARTTLS\r\n")
            line.recv(100)
            line.sendall(b"220 Go on\r\n")
        context.wrap_socket(line, server_side=True)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_tls_older_than_1_2_gets_nothing(authority: trustme.CA, security: Security) -> None:
    context = old_context(authority)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=old_relay, args=(server, context, security))
        thread.start()
        log = asyncio.run(attempt(server.getsockname()[1], authority, security, None))
        thread.join()
    assert log == ["failed: stop (localhost speaks no TLS 1.2 or later, and nothing is sent)"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_handshake_that_is_broken_off_without_a_word_may_be_about_the_version(
    authority: trustme.CA, security: Security
) -> None:
    relay = Relay(
        context=old_context(authority), implicit=security == "tls", extensions=("PIPELINING",)
    )
    assert told(relay, authority, security) == [
        (
            "failed: reconnect (no connection to localhost on port PORT: the relay broke off the "
            "TLS handshake (too old a TLS version?))"
        )
    ]
    assert nothing_was_said(relay)


def test_tls_where_the_relay_expects_none_gets_nothing(authority: trustme.CA) -> None:
    relay = Relay()
    assert told(relay, authority, "tls") == [
        (
            "failed: stop (localhost does not speak TLS on this port, and nothing is sent: "
            'security = "tls" goes with port 465, "starttls" with 587)'
        )
    ]
    assert relay.received[0].startswith(b"\x16\x03")  # the beginning of TLS, and no word of SMTP


@pytest.mark.parametrize(
    ("step", "answer", "log"),
    [
        ("STARTTLS", Answer("454 4.7.0 TLS not available due to local problem"),
         [("failed: reconnect (the relay cannot take messages just now): "
          "454 4.7.0 TLS not available due to local problem")]),
        ("STARTTLS", Answer("502 5.5.1 Not implemented"),
         ["failed: stop (the relay refuses this sender or session): 502 5.5.1 Not implemented"]),
        ("MAIL", DIE, ["1: waiting", "over: the relay closed the connection"]),
        ("DATA", DIE, ["1: waiting", "over: the relay closed the connection"]),
        ("DOT", DIE, ["1: unknown", "over: the relay closed the connection"]),
    ],
)  # fmt: skip
def test_a_cut_in_tls_ends_as_one_without(
    authority: trustme.CA, step: str, answer: Answer, log: list[str]
) -> None:
    relay = Relay(
        answers={step: [answer]},
        context=context_of(authority.issue_cert("localhost")),
        extensions=("PIPELINING", "AUTH PLAIN"),
    )
    lines = [line for line in told(relay, authority) if "ready" not in line]
    assert [line for line in lines if "wanted" not in line] == log
    assert relay.accepted == []


def test_a_handshake_that_never_ends_is_given_up(authority: trustme.CA) -> None:
    relay = Relay(context=context_of(authority.issue_cert("localhost")), mute=True)
    [line] = told(relay, authority, timeouts=Timeouts(handshake=0.2))
    assert line.startswith("failed: reconnect (no connection to localhost on port PORT: ")
    assert nothing_was_said(relay)


def test_a_file_without_certificates_is_no_authority() -> None:
    with pytest.raises(CertificateAuthorityError) as caught:
        client_context("-----BEGIN NOTHING-----\n")
    assert caught.value.message == "the file that [relay] ca_file names holds no certificate in PEM"


def test_without_a_file_the_authorities_of_the_machine_are_trusted() -> None:
    context = client_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_fault_that_may_pass_is_no_refusal() -> None:
    assert refusal("relay.example", ConnectionResetError()) is None
    assert refusal("relay.example", ssl.SSLError(1, "[SSL] unexpected eof")) is None
