"""The command lines of an envelope, with the parameters that a relay offers and no others."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.mail.smtp.envelope import Envelope, mail_line, obstacle, rcpt_line
from smakom_mail.mail.smtp.extensions import Extensions

NOTHING = Extensions()
ALL = Extensions(
    pipelining=True, eight_bit=True, smtputf8=True, enhanced=True, dsn=True, size=1000000
)
PLAIN = Envelope(1, "studs+a@smakom.example", "kim@kommun.example", size=81000, envid="jan+1=å")
ABROAD = Envelope(1, "", "åsa@kommun.example", size=81000)


@pytest.mark.parametrize(
    ("envelope", "offered", "dsn", "mail", "rcpt"),
    [
        (PLAIN, NOTHING, True,
         "MAIL FROM:<studs+a@smakom.example>",
         "RCPT TO:<kim@kommun.example>"),
        (PLAIN, ALL, False,
         "MAIL FROM:<studs+a@smakom.example> SIZE=81000",
         "RCPT TO:<kim@kommun.example>"),
        (PLAIN, ALL, True,
         "MAIL FROM:<studs+a@smakom.example> SIZE=81000 RET=HDRS ENVID=jan+2B1+3D+C3+A5",
         "RCPT TO:<kim@kommun.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;kim@kommun.example"),
        (ABROAD, ALL, True,
         "MAIL FROM:<> SIZE=81000 BODY=8BITMIME SMTPUTF8 RET=HDRS",
         "RCPT TO:<åsa@kommun.example> NOTIFY=FAILURE,DELAY"),
        (ABROAD, Extensions(smtputf8=True), False,
         "MAIL FROM:<> SMTPUTF8",
         "RCPT TO:<åsa@kommun.example>"),
    ],
)  # fmt: skip
def test_an_envelope_is_written_with_what_is_offered_and_asked_for(
    envelope: Envelope,
    offered: Extensions,
    dsn: bool,  # noqa: FBT001 - a row of the table
    mail: str,
    rcpt: str,
) -> None:
    assert mail_line(envelope, offered, dsn=dsn) == mail.encode() + b"\r\n"
    assert rcpt_line(envelope, offered, dsn=dsn) == rcpt.encode() + b"\r\n"


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_no_address_and_no_id_adds_a_command(sender: str, recipient: str, envid: str) -> None:
    envelope = Envelope(1, sender, recipient, envid=envid)
    if obstacle(envelope, ALL) is not None:
        return
    mail = mail_line(envelope, ALL, dsn=True).decode()
    rcpt = rcpt_line(envelope, ALL, dsn=True).decode()
    assert mail.splitlines() == [mail.removesuffix("\r\n")]
    assert rcpt.splitlines() == [rcpt.removesuffix("\r\n")]
    assert re.fullmatch(r"MAIL FROM:<[^<> ]*>( [A-Z]+(=\S+)?| \w+)*\r\n", mail)
    assert re.fullmatch(r"RCPT TO:<[^<> ]+>( [A-Z]+(=\S+)?)*\r\n", rcpt)


@pytest.mark.parametrize(
    "address", ["", "a b@c.example", "a\u2028@c.example", "x" * 255, "<a>@c", "\ud800@c"]
)
def test_an_address_that_cannot_stand_in_a_command_is_refused(address: str) -> None:
    verdict = obstacle(Envelope(1, "a@b.example", address), ALL)
    assert verdict is not None
    assert verdict.why == f"the address {address[:80]!r} cannot stand in an SMTP command"
