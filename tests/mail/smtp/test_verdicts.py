"""What is done about a reply: every row of the table, in the words of real relays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.mail.smtp.replies import Reply, ReplyReader
from smakom_mail.mail.smtp.verdicts import RULES, Action, Phase, judge, rule_for

A, P = Action, Phase
QUOTA = "the relay's quota for this period is used up"
RATE = "the relay wants messages at a lower rate"
FEWER = "the relay wants fewer connections at a time"
SENDER = "the relay does not let this account send from the sender's address"
LOGIN = "the relay does not accept the login: see username and password under [relay]"
CLOSES = "the relay closes the connection"
NO_RELAYING = "the relay does not send on for this machine or account"
SESSION = "the relay refuses this sender or session"
NOT_NOW = "the relay cannot take messages just now"
GONE = "the relay says that the address does not exist"
LATER = "the relay asks to try again later"
FULL = "the reader's mailbox is full"
REFUSED = "the relay refuses the recipient"
MESSAGE = "the relay refuses the message"
CLOSED_ACCOUNT = "the relay has closed the account"

# (phase, what the relay wrote, what is done, what people are told)
TABLE = [
    # 250 after the dot
    (P.DOT, "250 2.0.0 Ok: queued as 4Xk1Zq3vQ1z9", A.ACCEPT, "the relay has accepted it"),
    (P.DOT, "250 Ok 0102018b5e3c", A.ACCEPT, "the relay has accepted it"),
    # 4xx at RCPT or at the dot
    (
        P.RCPT,
        "450 4.1.2 <a@b.example>: Recipient address rejected: Domain not found",
        A.DEFER,
        LATER,
    ),
    (P.RCPT, "451 4.3.0 <a@b.example>: Temporary lookup failure", A.DEFER, LATER),
    (
        P.RCPT,
        "450 4.2.0 <a@b.example>: Greylisted, see postgrey",
        A.DEFER,
        "the relay makes a new sender wait",
    ),
    (
        P.RCPT,
        "451 4.7.1 Greylisting in action, please come back later",
        A.DEFER,
        "the relay makes a new sender wait",
    ),
    (P.RCPT, "452 4.2.2 The email account that you tried to reach is over quota", A.DEFER, FULL),
    (P.DOT, "451 4.3.0 Error: queue file write error", A.DEFER, LATER),
    (P.DOT, "451 Temporary local problem - please try later", A.DEFER, LATER),
    (P.DATA, "451 4.3.0 Temporary System Problem. Try again later.", A.DEFER, LATER),
    # 421 anywhere
    (P.GREETING, "421 4.3.2 Service not available", A.RECONNECT, CLOSES),
    (P.MAIL, "421 4.4.2 relay.example Error: timeout exceeded", A.RECONNECT, CLOSES),
    (P.RCPT, "421 4.7.0 relay.example Error: too many errors", A.RECONNECT, CLOSES),
    (P.DOT, "421 4.3.0 Temporary System Problem. Try again later.", A.RECONNECT, CLOSES),
    (P.RCPT, "421 4.4.5 Server busy, try again later.", A.RECONNECT, CLOSES),
    # a lower rate
    (P.DOT, "454 Throttling failure: Maximum sending rate exceeded.", A.SLOWER, RATE),
    (
        P.RCPT,
        "450 4.2.1 The user you are trying to contact is receiving mail too quickly.",
        A.SLOWER,
        RATE,
    ),
    (P.MAIL, "450 4.2.1 Try later", A.SLOWER, RATE),
    (P.DOT, "451 4.7.0 Temporary server error. Please try again later. PRX2", A.SLOWER, RATE),
    (P.RCPT, "451 4.7.1 Try again later", A.SLOWER, RATE),
    (
        P.MAIL,
        "452 4.3.1 Insufficient system storage",
        A.SLOWER,
        "the relay is short of room for messages",
    ),
    (
        P.MAIL,
        "421 4.4.2 Message submission rate for this client has exceeded the configured limit",
        A.SLOWER,
        RATE,
    ),
    (
        P.DOT,
        "421 4.7.0 Our system has detected an unusual rate of unsolicited mail",
        A.SLOWER,
        RATE,
    ),
    (P.RCPT, "450 too frequent connects from 192.0.2.1, please try again later.", A.SLOWER, RATE),
    (P.RCPT, "552 5.5.3 Too many recipients", A.SLOWER, RATE),
    (P.RCPT, "452 4.5.3 Your message has too many recipients.", A.SLOWER, RATE),
    # fewer connections
    (P.DOT, "432 4.3.2 Concurrent connections limit exceeded.", A.FEWER, FEWER),
    (P.MAIL, "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded.", A.FEWER, FEWER),
    (P.DOT, "432 4.3.2 Try again later", A.FEWER, FEWER),
    (P.GREETING, "421 4.4.5 Too many connections from your host", A.FEWER, FEWER),
    (P.GREETING, "421 Too many concurrent SMTP connections", A.FEWER, FEWER),
    (P.CONNECT, "421 4.7.0 mx.example Error: too many connections from 192.0.2.1", A.FEWER, FEWER),
    (P.AUTH, "454 4.7.0 Too many active sessions for user", A.FEWER, FEWER),
    # the quota of a period, whatever the code
    (P.DOT, "454 Throttling failure: Daily message quota exceeded.", A.QUOTA, QUOTA),
    (
        P.MAIL,
        "550 5.4.5 Daily user sending quota exceeded. o65sm25351206pga.71 - gsmtp",
        A.QUOTA,
        QUOTA,
    ),
    (P.RCPT, "550 5.4.5 Daily SMTP relay limit exceeded for customer.", A.QUOTA, QUOTA),
    (P.RCPT, "450 4.2.1 Peak SMTP relay limit exceeded for customer.", A.QUOTA, QUOTA),
    (P.RCPT, "550 5.7.1 Daily SMTP relay sending limit exceeded for user.", A.QUOTA, QUOTA),
    (
        P.DOT,
        "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
        A.QUOTA,
        QUOTA,
    ),
    (
        P.RCPT,
        (
            "550 5.1.90 Your message can't be sent because you've reached your daily limit "
            "for message recipients"
        ),
        A.QUOTA,
        QUOTA,
    ),
    (
        P.DOT,
        "550 5.7.233 Your message can't be sent because your tenant exceeded its limit",
        A.QUOTA,
        QUOTA,
    ),
    (P.AUTH, "451 Authentication failed: Maximum credits exceeded", A.QUOTA, QUOTA),
    (P.RCPT, "452 Too many recipients received this hour (throttled)", A.QUOTA, QUOTA),
    (P.MAIL, "452 4.2.2 Quota exceeded for the current period", A.QUOTA, QUOTA),
    (
        P.RCPT,
        (
            "550 Domain smakom.example has exceeded the max emails per hour (200/200 (100%)) "
            "allowed. Message discarded."
        ),
        A.QUOTA,
        QUOTA,
    ),
    (
        P.DATA,
        (
            "554 5.7.1 <DATA>: Data command rejected: limit of 400 rcpts per 24 hours for client "
            "a@b.example reached"
        ),
        A.QUOTA,
        QUOTA,
    ),
    (
        P.RCPT,
        (
            "554 5.7.1 <a@b.example>: Recipient address rejected: You have exceeded your Outmail "
            "quota."
        ),
        A.QUOTA,
        QUOTA,
    ),
    # the settings or the account: at the greeting, EHLO, AUTH and MAIL …
    (P.GREETING, "554 5.7.1 No SMTP service here", A.STOP, SESSION),
    (P.EHLO, "550 5.7.1 Helo command rejected: need fully-qualified hostname", A.STOP, NO_RELAYING),
    (P.STARTTLS, "500 5.5.1 Command unrecognized", A.STOP, SESSION),
    (P.AUTH, "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6", A.STOP, LOGIN),
    (
        P.AUTH,
        "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
        A.STOP,
        LOGIN,
    ),
    (P.AUTH, "535 5.7.8 Username and Password not accepted.", A.STOP, LOGIN),
    (P.MAIL, "530 5.7.0 Must issue a STARTTLS command first", A.STOP, LOGIN),
    (P.MAIL, "530 5.7.57 Client not authenticated to send mail.", A.STOP, LOGIN),
    (P.MAIL, "550 5.1.0 <a@b.example> sender rejected", A.STOP, SESSION),
    (P.MAIL, "552 5.3.4 Message size exceeds fixed limit", A.STOP, SESSION),
    (P.MAIL, "550 The from address does not match a verified Sender Identity.", A.STOP, SENDER),
    # … and wherever else a relay says it
    (
        P.DOT,
        (
            "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException."
            "MapiExceptionSendAsDenied; Failed to process message due to a permanent exception"
        ),
        A.STOP,
        SENDER,
    ),
    (
        P.RCPT,
        "553 5.7.1 <a@b.example>: Sender address rejected: not owned by user c@d.example",
        A.STOP,
        SENDER,
    ),
    (
        P.DOT,
        (
            "554 Message rejected: Email address is not verified. The following identities failed "
            "the check in region EU-NORTH-1: a@b.example"
        ),
        A.STOP,
        SENDER,
    ),
    (P.DOT, "550 5.1.8 Access denied, bad outbound sender AS(42004)", A.STOP, SENDER),
    (
        P.DOT,
        (
            "554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException."
            "MapiExceptionShutoffQuotaExceeded"
        ),
        A.STOP,
        "the account's own mailbox at the relay is full",
    ),
    (P.RCPT, "454 4.7.1 <a@b.example>: Relay access denied", A.STOP, NO_RELAYING),
    (P.RCPT, "554 5.7.1 <a@b.example>: Relay access denied", A.STOP, NO_RELAYING),
    (
        P.RCPT,
        "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
        A.STOP,
        NO_RELAYING,
    ),
    (
        P.RCPT,
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a list",
        A.STOP,
        NO_RELAYING,
    ),
    (P.RCPT, "530 5.7.1 Authentication required", A.STOP, LOGIN),
    (P.MAIL, "451 4.7.1 Your account has been temporarily suspended", A.STOP, CLOSED_ACCOUNT),
    # nothing said against anybody: come back
    (
        P.AUTH,
        "454 4.7.0 Temporary authentication failure",
        A.RECONNECT,
        "the relay cannot check the login just now",
    ),
    (P.STARTTLS, "454 4.7.0 TLS not available due to local problem", A.RECONNECT, NOT_NOW),
    (P.GREETING, "450 4.3.2 Try later", A.RECONNECT, NOT_NOW),
    (P.MAIL, "451 4.3.0 Error: queue file write error", A.RECONNECT, NOT_NOW),
    # the address, at RCPT
    (P.RCPT, "550 5.1.1 <a@b.example>: Recipient address rejected: User unknown", A.REFUSE, GONE),
    (P.RCPT, "550 5.1.2 Host unknown", A.REFUSE, GONE),
    (P.RCPT, "501 5.1.3 Bad recipient address syntax", A.REFUSE, GONE),
    (P.RCPT, "550 5.1.6 Mailbox has moved", A.REFUSE, GONE),
    (
        P.RCPT,
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup",
        A.REFUSE,
        GONE,
    ),
    (P.RCPT, "550 5.2.1 The account is disabled", A.REFUSE, GONE),
    (P.RCPT, "552 5.2.2 <a@b.example>: user is over quota", A.REFUSE, FULL),
    (P.DOT, "550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found", A.REFUSE, GONE),
    (P.DOT, "552 5.2.2 <a@b.example>: mailbox is full", A.REFUSE, FULL),
    (
        P.RCPT,
        "550 5.7.1 <a@b.example>: Recipient address rejected: Access denied",
        A.REFUSE,
        REFUSED,
    ),
    (P.RCPT, "550 Requested action not taken: mailbox unavailable", A.REFUSE, REFUSED),
    (P.RCPT, "552 Requested mail action aborted: exceeded storage allocation", A.REFUSE, REFUSED),
    # the message, at the dot
    (
        P.DOT,
        "550 5.7.1 This message violates example.com email policy. - gsmtp",
        A.BREAKER,
        MESSAGE,
    ),
    (P.DOT, "554 5.6.0 Message contains invalid header", A.BREAKER, MESSAGE),
    (P.DOT, "552 5.3.4 Message too big for system", A.BREAKER, MESSAGE),
    (
        P.DOT,
        "550 5.7.515 Access denied, sending domain does not meet the required level",
        A.BREAKER,
        MESSAGE,
    ),
    (P.DOT, "554 5.7.1 Spam message rejected", A.BREAKER, MESSAGE),
    (P.DATA, "554 5.5.1 Error: no valid recipients", A.BREAKER, MESSAGE),
]


def reply_of(line: str) -> Reply:
    """Read a line as a relay sends it."""
    reader = ReplyReader()
    reader.feed(line.encode() + b"\r\n")
    found = reader.pop()
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("phase", "line", "action", "why"), TABLE, ids=[f"{row[0]}-{row[1][:60]}" for row in TABLE]
)
def test_a_reply_has_one_meaning(phase: Phase, line: str, action: Action, why: str) -> None:
    verdict = judge(phase, reply_of(line))
    assert (verdict.action, verdict.why) == (action, why)
    assert (verdict.phase, str(verdict.reply)) == (phase, line)


def test_every_row_of_the_table_is_needed() -> None:
    firsts = {
        RULES.index(rule_for(phase, reply_of(line)))
        for phase, line, action, _ in TABLE
        if action is not A.ACCEPT
    }
    assert [rule for n, rule in enumerate(RULES) if n not in firsts] == []


def test_only_a_reply_about_the_address_is_evidence_against_it() -> None:
    against = [line for phase, line, _, _ in TABLE if judge(phase, reply_of(line)).address]
    assert [line[:10].strip() for line in against] == [
        "550 5.1.1",
        "550 5.1.2",
        "501 5.1.3",
        "550 5.1.6",
        "550 5.1.10",
        "550 5.2.1",
        "550 5.1.1",
    ]


@given(
    st.sampled_from([P.GREETING, P.EHLO, P.STARTTLS, P.AUTH, P.MAIL]),
    st.integers(400, 599),
    st.text(max_size=40),
)
def test_before_the_recipient_is_named_nobody_is_marked(phase: Phase, code: int, text: str) -> None:
    action = judge(phase, Reply(code, "", text)).action
    assert action in {A.STOP, A.RECONNECT, A.QUOTA, A.FEWER, A.SLOWER, A.DEFER}
    assert action is not A.DEFER or "y" in text.lower()


@given(st.sampled_from(list(Phase)), st.integers(400, 599), st.text(max_size=80))
def test_every_no_has_a_meaning(phase: Phase, code: int, text: str) -> None:
    assert judge(phase, Reply(code, "", text)).action is not A.ACCEPT


@given(st.sampled_from([P.RCPT, P.DATA, P.DOT]), st.integers(400, 499), st.text(max_size=80))
def test_a_temporary_no_gives_nobody_up(phase: Phase, code: int, text: str) -> None:
    assert judge(phase, Reply(code, "", text)).action not in {A.REFUSE, A.BREAKER}


@pytest.mark.parametrize(
    "address",
    [
        "login@kommun.example",
        "daily.limit@kommun.example",
        "relay.access.denied@kommun.example",
        "sender.address.rejected@kommun.example",
        "too.many.connections@kommun.example",
        "throttling-failure@kommun.example",
        "anna@authentication.kommun.example",
    ],
)
def test_the_words_of_an_address_are_not_the_relays(address: str) -> None:
    for shown in (f"<{address}>", address):
        verdict = judge(P.RCPT, reply_of(f"550 5.7.1 {shown}: no such thing"))
        assert (verdict.action, verdict.why) == (A.REFUSE, REFUSED)
