"""How a session logs in, line by line, and that no secret shows."""

import asyncio
from base64 import b64decode

import pytest

from smakom_mail.mail.smtp.auth import Credentials, chosen
from smakom_mail.mail.smtp.events import SessionSettings
from tests.mail.smtp.relay import Relay
from tests.mail.smtp.sender import Sender, envelopes, sent_to

ALL = "AUTH LOGIN PLAIN XOAUTH2"
REFUSED = "the relay does not accept the login: see username and password under [relay]"


def login(credentials: Credentials, offered: str, *answers: str) -> tuple[list[str], list[str]]:
    """Log in on loopback; give what was said of it (in clear) and what the sender was told."""
    relay = Relay(answers={"AUTH": answers}, extensions=("PIPELINING", offered))

    async def run() -> list[str]:
        async with relay.running():
            settings = SessionSettings(
                "127.0.0.1", relay.port, "none", "smakom.example", credentials=credentials
            )
            return await sent_to(Sender(envelopes(1)), settings)

    log = asyncio.run(run())
    said = []
    for line in relay.commands[1:]:
        if line.startswith(("MAIL", "QUIT")):
            break
        verb, _, coded = line.rpartition(" ")
        plain = coded in {"LOGIN", "*", ""}
        said.append(line if plain else f"{verb} {b64decode(coded).decode()}".strip())
    return said, log


KIM = Credentials("auto", "kim", "hemligt")
TOKEN = Credentials("auto", "kim", token="ya29.token")  # noqa: S106 - an example
OK = "235 2.7.0 Ok"


@pytest.mark.parametrize(
    ("credentials", "offered", "answers", "said"),
    [
        (KIM, ALL, [OK], ["AUTH PLAIN \0kim\0hemligt"]),
        (KIM, "AUTH=LOGIN", ["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", OK],
         ["AUTH LOGIN", "kim", "hemligt"]),
        (Credentials("login", "kim", "hemligt"), ALL, ["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", OK],
         ["AUTH LOGIN", "kim", "hemligt"]),
        (Credentials("plain", "åsa", "lösen ord"), ALL, [OK], ["AUTH PLAIN \0åsa\0lösen ord"]),
        (TOKEN, ALL, [OK], ["AUTH XOAUTH2 user=kim\x01auth=Bearer ya29.token\x01\x01"]),
        (Credentials(), ALL, [], []),
    ],
)  # fmt: skip
def test_a_login_says_what_the_mechanism_asks_for(
    credentials: Credentials, offered: str, answers: list[str], said: list[str]
) -> None:
    told, log = login(credentials, offered, *answers)
    assert told == said
    assert log[-1] == "over"


def test_a_refused_token_is_answered_with_an_empty_line_and_stops() -> None:
    refusal = "535 5.7.8 Username and Password not accepted"
    said, log = login(TOKEN, ALL, "334 eyJzdGF0dXMiOiI0MDEifQ==", refusal)
    assert said[1:] == [""]
    assert log == [f"failed: stop ({REFUSED}): {refusal}"]


def test_a_challenge_too_many_is_cancelled() -> None:
    said, log = login(KIM, "AUTH PLAIN", "334 more", "501 5.7.0 Cancelled")
    assert said[1:] == ["*"]
    assert log == ["failed: stop (the relay refuses this sender or session): 501 5.7.0 Cancelled"]


@pytest.mark.parametrize(
    ("credentials", "offered", "why"),
    [
        (KIM, "AUTH XOAUTH2", "PLAIN or LOGIN (it offers XOAUTH2)"),
        (TOKEN, "AUTH LOGIN PLAIN", "XOAUTH2 (it offers LOGIN, PLAIN)"),
        (KIM, "SIZE 100", "PLAIN or LOGIN (it offers none)"),
    ],
)
def test_no_login_that_fits_stops_before_any_secret_is_said(
    credentials: Credentials, offered: str, why: str
) -> None:
    assert login(credentials, offered) == (
        [],
        [f"failed: stop (127.0.0.1 offers no login by {why})"],
    )


def test_secrets_do_not_show() -> None:
    settings = SessionSettings("relay.example", credentials=KIM)
    assert repr(settings.credentials) == "Credentials(mechanism='auto', username='kim')"
    assert "hemligt" not in repr(settings)
    assert "ya29" not in repr(TOKEN)


def test_without_a_name_there_is_no_login() -> None:
    assert chosen(Credentials("auto", "", "hemligt"), {"PLAIN"}) is None
