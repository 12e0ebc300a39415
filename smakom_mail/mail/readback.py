"""A finished message read back with the standard library, as mail programs read it."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import getaddresses
from html import escape

from smakom_mail.mail.template import Reader, TemplateError, filled_text
from smakom_mail.model.campaign import FrozenMessage
from smakom_mail.model.rendered import PersonalText, Slot

_LONGEST_LINE = 998
_OTHER = re.compile(rb"[^\t -~]")
_HEADERS = (
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Id"),
    *("List-Unsubscribe", "List-Unsubscribe-Post", "List-Archive", "Feedback-ID", "Precedence"),
    *("Content-Language", "MIME-Version", "Content-Type"),
)
_OF_A_LETTER = (
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("Content-Language", "MIME-Version", "Content-Type"),
)
_TYPES = ["multipart/alternative", "text/plain", "text/html"]
_LEAVING = ("List-Unsubscribe", "List-Unsubscribe-Post")


def require_read_back(
    data: bytes, frozen: FrozenMessage, reader: Reader, *, single: bool = False
) -> None:
    """See that `data` is one message to one reader, with the texts of `frozen`.

    A `single` letter has other headers than a copy of an edition. Raises TemplateError, which names
    what a mail program would read otherwise.
    """
    if not is_wire_form(data):
        raise TemplateError("the message has bytes that a relay would change")
    message = message_from_bytes(data, policy=policy.default)
    names = (
        [*_OF_A_LETTER] if single else [name for name in _HEADERS if name not in _absent(reader)]
    )
    if [name for name in message if name != "DKIM-Signature"] != names:
        raise TemplateError("a mail program would read another set of headers than was written")
    for what, is_right in _compared(message, frozen, reader):
        if not is_right:
            raise TemplateError(f"a mail program would read another {what} than was written")


def _absent(reader: Reader) -> tuple[str, ...]:
    """Give the headers that a copy lacks: nobody can leave by it, or only by mail (RFC 8058)."""
    if not reader.leave:
        return _LEAVING
    return () if reader.leave[0].startswith("http") else _LEAVING[1:]


def is_wire_form(data: bytes) -> bool:
    """Say whether SMTP and an mbox leave `data` as it is, and see its end where it ends.

    ASCII in lines of at most 998 octets with CRLF, none of which begins with a dot or "From ".
    """
    lines = data.split(b"\r\n")
    return (
        lines[-1] == b""
        and not any(line.startswith((b".", b"From ")) for line in lines)
        and max(map(len, lines)) <= _LONGEST_LINE
        and not _OTHER.search(b"".join(lines))
    )


def _compared(
    message: EmailMessage, frozen: FrozenMessage, reader: Reader
) -> Iterator[tuple[str, bool]]:
    yield "recipient", _mailboxes(message, "To") == [("", reader.to)]
    yield "sender", _mailboxes(message, "From") == [frozen.sender]
    yield "reply address", _mailboxes(message, "Reply-To") == [frozen.reply_to]
    yield "subject", message["Subject"] == filled_text(frozen.subject, reader.values)
    if reader.leave:
        leave = ", ".join(f"<{uri}>" for uri in reader.leave)
        yield "way to leave", _raw(message, "List-Unsubscribe") == leave
    parts = list(message.iter_parts())
    types = [each.get_content_type() for each in (message, *parts)]
    yield "structure", types == _TYPES and not message.defects
    yield "text", _body(parts[0]) == _sent(frozen.text, filled_text(frozen.text, reader.values))
    yield (
        "HTML",
        _body(parts[1]) == _sent(frozen.html, filled_text(frozen.html, reader.values, escape)),
    )


def _mailboxes(message: EmailMessage, name: str) -> list[tuple[str, str]]:
    """Give the mailboxes that both of the library's parsers find, or none where they differ.

    Names are decoded by the older one: the newer leaves a blank between two encoded words.
    """
    boxes = getaddresses([re.sub(r"\r?\n", "", _raw(message, name))])
    if [address for _, address in boxes] != [box.addr_spec for box in message[name].addresses]:
        return []
    return [(str(make_header(decode_header(shown))), address) for shown, address in boxes]


def _raw(message: EmailMessage, name: str) -> str:
    return next(str(value) for key, value in message.raw_items() if key == name)


def _body(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _sent(text: PersonalText, filled: str) -> bytes:
    """Give a text as it is after decoding: each line ended, the last too, with CRLF.

    A line end before an open place stays, also where that place is filled with nothing.
    """
    ends_open = bool(text.parts) and isinstance(text.parts[-1], Slot)
    ended = filled if ends_open else filled.removesuffix("\n")
    return (ended + "\n").replace("\n", "\r\n").encode("utf-8")
