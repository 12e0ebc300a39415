"""One message's envelope, and the command lines that carry it."""

import re
from dataclasses import dataclass

from smakom_mail.mail.smtp.extensions import Extensions
from smakom_mail.mail.smtp.replies import NO_REPLY
from smakom_mail.mail.smtp.verdicts import Action, Phase, Verdict

# What could end the command or the address early; a quoted local part with blanks is refused too.
_PATH = re.compile('[^\x00-\x20\x7f-\xa0<>\\\\"\u2028\u2029\ud800-\udfff\ufffe\uffff]+')
_XTEXT = re.compile(r"[^!-*,-<>-~]")
LONGEST_PATH = 254
LONGEST_ENVID = 100


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whose message comes next.

    `tag` is whatever the caller wants back with the outcome. An empty sender is the null path;
    `size` 0 says nothing about the size. `envid` comes back in a delivery report (RFC 3461).
    SMTPUTF8 is asked for where an address is not ASCII, or with `smtputf8`.
    """

    tag: object
    sender: str
    recipient: str
    size: int = 0
    smtputf8: bool = False
    envid: str = ""

    @property
    def international(self) -> bool:
        """Whether it needs SMTPUTF8 (RFC 6531)."""
        return self.smtputf8 or not (self.sender.isascii() and self.recipient.isascii())


def obstacle(envelope: Envelope, offered: Extensions) -> Verdict | None:
    """Say why the relay need not be asked about an envelope, or None where it is asked."""
    if envelope.sender and not _fits(envelope.sender):
        why = f"the envelope sender {envelope.sender[:80]!r} cannot stand in an SMTP command"
        return Verdict(Action.STOP, NO_REPLY, Phase.MAIL, why)
    if not _fits(envelope.recipient):
        why = f"the address {envelope.recipient[:80]!r} cannot stand in an SMTP command"
        return Verdict(Action.REFUSE, NO_REPLY, Phase.RCPT, why)
    if offered.size and envelope.size > offered.size:
        why = (
            f"the message has {envelope.size} octets, and the relay takes {offered.size} at most: "
            "make it smaller, or ask the relay's keeper for a higher limit"
        )
        return Verdict(Action.STOP, NO_REPLY, Phase.MAIL, why)
    if envelope.international and not offered.smtputf8:
        why = "the address needs SMTPUTF8, which the relay does not offer"
        return Verdict(Action.REFUSE, NO_REPLY, Phase.MAIL, why)
    return None


def _fits(address: str) -> bool:
    return len(address.encode("utf-8", "replace")) <= LONGEST_PATH and bool(
        _PATH.fullmatch(address)
    )


def mail_line(envelope: Envelope, offered: Extensions, *, dsn: bool) -> bytes:
    """Give the command that names the sender, with the parameters that are offered."""
    line = f"MAIL FROM:<{envelope.sender}>"
    if offered.size and envelope.size:
        line += f" SIZE={envelope.size}"
    if envelope.international:
        # Its headers hold the address as it is; who offers SMTPUTF8 offers 8BITMIME (RFC 6531).
        line += " BODY=8BITMIME SMTPUTF8" if offered.eight_bit else " SMTPUTF8"
    if dsn and offered.dsn:
        line += " RET=HDRS"
        if envelope.envid:
            line += f" ENVID={xtext(envelope.envid[:LONGEST_ENVID])}"
    return line.encode("utf-8") + b"\r\n"


def rcpt_line(envelope: Envelope, offered: Extensions, *, dsn: bool) -> bytes:
    """Give the command that names the recipient, with the parameters that are offered."""
    line = f"RCPT TO:<{envelope.recipient}>"
    if dsn and offered.dsn:
        line += " NOTIFY=FAILURE,DELAY"
        if envelope.recipient.isascii():
            line += f" ORCPT=rfc822;{xtext(envelope.recipient)}"
    return line.encode("utf-8") + b"\r\n"


def xtext(value: str) -> str:
    """Write a value so that it can stand in a parameter (RFC 3461 section 4)."""
    return _XTEXT.sub(
        lambda found: "".join(f"+{octet:02X}" for octet in found[0].encode("utf-8")), value
    )
