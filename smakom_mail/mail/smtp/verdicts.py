"""What to do about a reply: one table, read from the top, whose first fitting row holds.

Relays use the codes of RFC 5321 loosely: a daily quota is a 5xx with one, a 4xx with another.
So the rows know the enhanced codes and words of real relays (docs/sending.md lists whose), and
what no row knows goes by its first digit. Nobody is marked for a fault that is not their own.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from smakom_mail.mail.smtp.replies import Reply


class Phase(StrEnum):
    """The command that a reply answers."""

    CONNECT = "connecting"
    GREETING = "greeting"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL = "MAIL FROM"
    RCPT = "RCPT TO"
    DATA = "DATA"
    DOT = "end of message"
    RSET = "RSET"
    QUIT = "QUIT"


class Action(StrEnum):
    """What the sender does about a reply."""

    ACCEPT = "accept"
    DEFER = "defer"
    """Try this recipient again, later each time."""
    REFUSE = "refuse"
    """Give this recipient up, and keep the reply."""
    SLOWER = "slower"
    """Halve the rate; the recipient is tried again."""
    FEWER = "fewer"
    """Keep one connection less; the recipient goes back to waiting."""
    QUOTA = "quota"
    """Pause until the relay's window opens; the recipient goes back to waiting."""
    STOP = "stop"
    """The settings or the account are at fault: stop, and mark nobody."""
    RECONNECT = "reconnect"
    """Close, wait and open anew; the recipient goes back to waiting."""
    BREAKER = "breaker"
    """The message or its reputation is at fault: refused, and a row of them stops the campaign."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reply means: the action, and `why` in one sentence for people.

    `address` says that the reply is evidence against the address itself, and not against the
    message, the sender or the moment.
    """

    action: Action
    reply: Reply
    phase: Phase
    why: str
    address: bool = False


@dataclass(frozen=True)
class Rule:
    """A row of the table: what it fits (an empty condition fits all), and what it says."""

    action: Action
    why: str
    phases: tuple[Phase, ...] = ()
    codes: tuple[str, ...] = ()
    """Beginnings of the code."""
    enhanced: tuple[str, ...] = ()
    """Whole enhanced codes, or beginnings that end with a dot."""
    words: str = ""
    address: bool = False

    def fits(self, phase: Phase, reply: Reply, said: str) -> bool:
        """Say whether the row is about this reply, of which `said` is the relay's own words."""
        return (
            (not self.phases or phase in self.phases)
            and (not self.codes or str(reply.code).startswith(self.codes))
            and (not self.enhanced or _coded(reply.enhanced, self.enhanced))
            and (not self.words or re.search(self.words, said, re.IGNORECASE) is not None)
        )


def _coded(enhanced: str, wanted: tuple[str, ...]) -> bool:
    return any(enhanced.startswith(w) if w.endswith(".") else enhanced == w for w in wanted)


_ADDRESS = re.compile(r"<[^<>]*>|[^\s<>]*@[^\s<>]*")

_A, _P = Action, Phase
_SESSION = (_P.CONNECT, _P.GREETING, _P.EHLO, _P.STARTTLS, _P.AUTH, _P.MAIL)
_ONE_READER = (_P.RCPT, _P.DATA, _P.DOT)
_PERIOD = r"(dai?ly|hourly|monthly|per (day|hour|month|24)|24[- ]?h|hours?\b|this hour|period)"
_LIMIT = r"(quota|limit|exceeded|reached|credits|max(imum)? (emails|messages))"

RULES: tuple[Rule, ...] = (
    Rule(
        _A.STOP,
        "the account's own mailbox at the relay is full",
        codes=("5",),
        words=r"STOREDRV\.Submission\.Exception:QuotaExceeded",
    ),
    # The reader's address or mailbox, when the relay knows it at once.
    Rule(
        _A.REFUSE,
        "the relay says that the address does not exist",
        _ONE_READER,
        ("5",),
        ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"),
        address=True,
    ),
    Rule(_A.REFUSE, "the reader's mailbox is full", _ONE_READER, ("5",), ("5.2.2",)),
    Rule(
        _A.DEFER,
        "the reader's mailbox is full",
        _ONE_READER,
        ("4",),
        ("4.2.2",),
        words=r"^(?!.*current period)",
    ),
    # What a relay lets an account send in a period.
    Rule(
        _A.QUOTA,
        "the relay's quota for this period is used up",
        codes=("4", "5"),
        words=rf"{_PERIOD}.*{_LIMIT}|{_LIMIT}.*{_PERIOD}|submission ?quota ?exceeded"
        r"|(message|sending|outgoing|outbound|outmail|relay|tenant|credits?)[\w ]* "
        r"(quota|limit)s? (is |was |has been )?(exceeded|reached)|exceeded your \w+ quota"
        r"|maximum credits exceeded|received this (hour|day)",
    ),
    Rule(
        _A.QUOTA,
        "the relay's quota for this period is used up",
        codes=("5",),
        enhanced=("5.4.5", "5.1.90", "5.7.232", "5.7.233"),
    ),
    # Who may send.
    Rule(
        _A.STOP,
        "the relay does not let this account send from the sender's address",
        codes=("4", "5"),
        words=r"send ?as ?denied|sender address rejected|sender (verify|verification) failed"
        r"|not owned by user|not (allowed|authori[sz]ed|permitted) to send|sender identity"
        r"|sender signature|bad outbound sender|(address|identit\w+) (is |are )?not verified"
        r"|following identities failed",
    ),
    Rule(
        _A.STOP,
        "the relay has closed the account",
        codes=("4", "5"),
        words=r"account (is |has been )?(temporarily )?(suspended|disabled|blocked|locked)"
        r"|user (is |has been )?(suspended|disabled|blocked)",
    ),
    Rule(
        _A.FEWER,
        "the relay wants fewer connections at a time",
        codes=("4",),
        words=r"(too many|concurrent)[\w ]*(connections?|sessions?)|connections? limit"
        r"|thread limit",
    ),
    Rule(_A.FEWER, "the relay wants fewer connections at a time", codes=("432",)),
    Rule(
        _A.SLOWER,
        "the relay wants messages at a lower rate",
        codes=("4", "5"),
        words=r"sending rate|submission rate|rate[- ]?limit|unusual rate|throttl|too (fast|quickly)"
        r"|too (many|frequent) (messages|mails|emails|connects|recipients)|slow down",
    ),
    Rule(
        _A.STOP,
        "the relay does not accept the login: see username and password under [relay]",
        codes=("5",),
        words=r"authenticat|must issue a STARTTLS|log ?in",
    ),
    Rule(
        _A.STOP,
        "the relay does not accept the login: see username and password under [relay]",
        codes=("530", "535", "538"),
    ),
    Rule(
        _A.STOP,
        "the relay does not send on for this machine or account",
        codes=("4", "5"),
        words=r"relay(ing)? (access )?(is )?(denied|not (permitted|allowed))|unable to relay",
    ),
    Rule(
        _A.STOP,
        "the relay does not send on for this machine or account",
        codes=("5",),
        words=r"(client host|helo command) rejected|\bblocked using\b",
    ),
    Rule(
        _A.RECONNECT,
        "the relay cannot check the login just now",
        (_P.AUTH,),
        ("4",),
    ),
    Rule(_A.RECONNECT, "the relay closes the connection", codes=("421",)),
    Rule(_A.STOP, "the relay refuses this sender or session", _SESSION, ("5",)),
    Rule(_A.DEFER, "the relay makes a new sender wait", codes=("4",), words=r"gr[ea]y ?-?list"),
    Rule(
        _A.SLOWER,
        "the relay wants messages at a lower rate",
        (_P.MAIL, *_ONE_READER),
        ("450",),
        ("4.2.1",),
    ),
    Rule(
        _A.SLOWER,
        "the relay wants messages at a lower rate",
        (_P.MAIL, *_ONE_READER),
        ("451",),
        ("4.7.",),
    ),
    Rule(
        _A.SLOWER,
        "the relay is short of room for messages",
        (_P.MAIL, *_ONE_READER),
        ("452",),
    ),
    Rule(_A.RECONNECT, "the relay cannot take messages just now", _SESSION, ("4",)),
    Rule(_A.DEFER, "the relay asks to try again later", codes=("4",)),
    Rule(_A.REFUSE, "the relay refuses the recipient", (_P.RCPT,), ("5",)),
    Rule(_A.BREAKER, "the relay refuses the message"),
)
"""The rows, in order. Success has none: `judge` knows it by its first digit."""

TAKEN = "the relay has accepted it"
_ACCEPT = Action.ACCEPT


def judge(phase: Phase, reply: Reply) -> Verdict:
    """Say what a reply to a command of this phase means."""
    if reply.code < 400:
        return Verdict(_ACCEPT, reply, phase, TAKEN)
    rule = rule_for(phase, reply)
    return Verdict(rule.action, reply, phase, rule.why, rule.address)


def rule_for(phase: Phase, reply: Reply) -> Rule:
    """Give the first row that fits a no; the last one fits every no."""
    # Addresses are the reader's words, and login@ or daily.limit@ is nobody's complaint.
    said = _ADDRESS.sub(" ", reply.text)
    return next(rule for rule in RULES if rule.fits(phase, reply, said))
