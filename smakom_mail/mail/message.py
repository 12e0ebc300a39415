"""A whole message: multipart/alternative, text first, both parts quoted-printable, CRLF only."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape

from smakom_mail.mail.headers import header, list_id_header, mailbox_header, text_header
from smakom_mail.model.rendered import RenderedEdition

_LIMIT = 73
"""Octets of a line before its soft break: with an escaped first octet never over 76."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a message says of its list and its one reader; all addresses are complete."""

    to: str
    message_id: str
    date: dt.datetime
    list_id: str
    list_name: str
    unsubscribe_url: str
    unsubscribe_mail: str
    archive_url: str
    feedback_id: str


def compose(rendered: RenderedEdition, values: Mapping[str, str], envelope: Envelope) -> bytes:
    """Give the message for one reader; `values` fill the slots of subject, text and HTML.

    Lines are at most 76 octets and never begin with a dot, so the wire form is the message.
    """
    html = rendered.html.fill(values, lambda value: escape(_one_line(value)))
    text = rendered.text.fill(values, _one_line)
    subject = rendered.subject.fill(values, _one_line)
    boundary = "=_smakom_" + hashlib.sha256((html + text).encode("utf-8")).hexdigest()[:24]
    return b"".join(
        [
            mailbox_header("From", *rendered.addresses.sender),
            mailbox_header("To", "", envelope.to),
            mailbox_header("Reply-To", *rendered.addresses.reply_to),
            text_header("Subject", subject),
            header("Date", format_datetime(envelope.date)),
            header("Message-ID", envelope.message_id),
            list_id_header(envelope.list_name, envelope.list_id),
            header(
                "List-Unsubscribe", f"<{envelope.unsubscribe_url}>, <{envelope.unsubscribe_mail}>"
            ),
            header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            header("List-Archive", f"<{envelope.archive_url}>"),
            header("Feedback-ID", envelope.feedback_id),
            header("Precedence", "bulk"),
            header("Content-Language", rendered.language),
            header("MIME-Version", "1.0"),
            header("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
            b"\r\n",
            _part(boundary, "text/plain; charset=utf-8; format=flowed; delsp=no", text),
            _part(boundary, "text/html; charset=utf-8", html),
            f"--{boundary}--\r\n".encode("ascii"),
        ]
    )


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _part(boundary: str, content_type: str, body: str) -> bytes:
    return b"".join(
        [
            f"--{boundary}\r\n".encode("ascii"),
            header("Content-Type", content_type),
            header("Content-Transfer-Encoding", "quoted-printable"),
            b"\r\n",
            quoted_printable(body),
            b"\r\n",  # belongs to the boundary behind it (RFC 2046 section 5.1.1)
        ]
    )


_OTHER = re.compile(rb"[^ -<>-~]")


def quoted_printable(text: str) -> bytes:
    """Encode a body (RFC 2045 section 6.7): CRLF ends, no white space at the end of a line.

    No line begins with "." or "From ", so that neither SMTP nor an mbox changes it.
    """
    return b"".join(
        _line(line.encode("utf-8")) + b"\r\n" for line in text.removesuffix("\n").split("\n")
    )


def _line(raw: bytes) -> bytes:
    """Encode one line and cut it with soft breaks, never inside an encoded octet."""
    encoded = _OTHER.sub(lambda match: b"=%02X" % match[0][0], raw)
    if encoded.endswith(b" "):
        encoded = encoded[:-1] + b"=20"
    lines: list[bytes] = []
    at = 0
    while True:
        first = b""
        if encoded.startswith((b".", b"From "), at):
            first = b"=%02X" % encoded[at]
            at += 1
        room = _LIMIT - len(first)
        if len(encoded) - at <= room + 2:
            return b"=\r\n".join([*lines, first + encoded[at:]])
        escape_at = encoded.rfind(b"=", at + room - 2, at + room)
        cut = escape_at if escape_at >= 0 else at + room
        lines.append(first + encoded[at:cut])
        at = cut
