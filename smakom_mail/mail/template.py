"""What all copies of a message have in common, encoded once; each reader's own words are put in.

Every personal place of a body stands on quoted-printable lines of its own, between soft breaks, so
that a value is encoded alone and the bytes around it never change. The bytes that come out are the
bytes of the wire: CRLF, ASCII, short lines, none that begins with a dot (quoted_printable).
"""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from functools import partial
from html import escape
from itertools import chain
from typing import TYPE_CHECKING

from smakom_mail.errors import SmakomMailError
from smakom_mail.mail.headers import (
    control_fault,
    header,
    list_id_header,
    mailbox_header,
    message_id_header,
    text_header,
    uris_header,
)
from smakom_mail.mail.quoted_printable import SOFT_BREAK, encoded_lines, encoded_value
from smakom_mail.model.campaign import FrozenMessage
from smakom_mail.model.rendered import PersonalText, Slot

if TYPE_CHECKING:
    from smakom_mail.mail.dkim import Signer

_BLANKS = re.compile(rb"  +")


class TemplateError(SmakomMailError):
    """A message that cannot be made for anybody: a fault of what all copies have in common."""


class ReaderValueError(SmakomMailError):
    """A message that cannot be made for one reader: a fault of what is known of her."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What one copy has for its one reader.

    `values` fill the personal places; `leave` are the addresses of List-Unsubscribe, without
    which there is no such header.
    """

    to: str
    message_id: str
    leave: tuple[str, ...]
    values: Mapping[str, str]


class Chunks:
    """Bytes with places left open, each of which stands on lines of its own."""

    def __init__(self, parts: list[bytes | int]) -> None:
        """Keep the bytes, and for each place the number of the value that fills it."""
        self._parts = [part if isinstance(part, bytes) else b"" for part in parts]
        self._places = [(at, part) for at, part in enumerate(parts) if isinstance(part, int)]

    @property
    def first(self) -> bytes:
        """What stands before all places, and is the same for everybody."""
        return self._parts[0]

    def filled(self, values: list[bytes]) -> list[bytes]:
        """Give the parts in order, with the values put in."""
        parts = self._parts.copy()
        for at, number in self._places:
            parts[at] = values[number]
        return parts

    def canonical(self) -> "Chunks":
        """Give the same as DKIM's "relaxed" hashes it: of a run of blanks one is left.

        There are no tabs, no blanks at the end of a line and no empty lines at the end of all.
        """
        same = Chunks([])
        same._parts = [_BLANKS.sub(b" ", part) for part in self._parts]
        same._places = self._places
        return same


class CompiledMessage:
    """The message of one edition with the places of its readers open.

    A `single` one belongs to no list: it is a letter that a program wrote (RFC 3834).
    Raises TemplateError or HeaderValueError where no message can be made of `frozen`.
    """

    def __init__(
        self, frozen: FrozenMessage, signer: "Signer | None" = None, *, single: bool = False
    ) -> None:
        """Encode what is the same for everybody; sign each copy where there is a `signer`."""
        self.frozen = frozen
        self._signer = signer
        self._encoders: dict[tuple[Slot, bool], int] = {}
        boundary = _boundary(frozen)
        self._headers = _constant_headers(frozen, boundary, _of_a_letter if single else _of_a_list)
        self._subject = (
            None if frozen.subject.slots else text_header("Subject", frozen.subject.fill({}))
        )
        self._body = Chunks(self._compiled_body(boundary))
        if signer:
            self._canonical = self._body.canonical()
            self._begun = hashlib.sha256(self._canonical.first)
            self._signed = signer.canonical(b"".join(self._headers))

    def _compiled_body(self, boundary: str) -> list[bytes | int]:
        texts = (
            ("text/plain; charset=utf-8; format=flowed; delsp=no", self.frozen.text, False),
            ("text/html; charset=utf-8", self.frozen.html, True),
        )
        parts: list[bytes | int] = []
        for content_type, text, is_html in texts:
            parts.append(f"--{boundary}\r\n".encode("ascii"))
            parts.append(header("Content-Type", content_type))
            parts.append(header("Content-Transfer-Encoding", "quoted-printable") + b"\r\n")
            parts += _encoded(text, partial(self._number, is_html=is_html))
            parts.append(b"\r\n")  # belongs to the boundary behind it (RFC 2046 section 5.1.1)
        parts.append(f"--{boundary}--\r\n".encode("ascii"))
        return _joined(parts)

    def _number(self, slot: Slot, *, is_html: bool) -> int:
        return self._encoders.setdefault((slot, is_html), len(self._encoders))

    def fill(self, reader: Reader) -> list[bytes]:
        """Give one reader's message in parts that are to be written one after the other.

        Raises ReaderValueError, HeaderValueError.
        """
        values = reader.values
        encoded = [
            encoded_value(escape(word) if is_html else word)
            for slot, is_html in self._encoders
            for word in (reader_word(slot, values),)
        ]
        own = (
            mailbox_header("To", "", reader.to),
            self._subject or text_header("Subject", filled_text(self.frozen.subject, values)),
            message_id_header(reader.message_id),
            _leaving(reader.leave),
        )
        pairs = zip(self._headers, (*own, b"\r\n"), strict=True)
        head = b"".join(chain.from_iterable(pairs))
        if self._signer is None:
            return [head, *self._body.filled(encoded)]
        headers = self._signed | self._signer.canonical(b"".join(own))
        _, *body = self._canonical.filled(encoded)
        signature = self._signer.sign(headers, self._begun.copy(), body)
        return [signature, head, *self._body.filled(encoded)]


def filled_text(
    text: PersonalText, values: Mapping[str, str], escaped: Callable[[str], str] = str
) -> str:
    """Give a text as a reader sees it; raise ReaderValueError for a hole in it."""
    return "".join(
        part if isinstance(part, str) else escaped(reader_word(part, values)) for part in text.parts
    )


def reader_word(slot: Slot, values: Mapping[str, str]) -> str:
    """Give what stands in a slot for a reader, on one line; raise ReaderValueError for a hole."""
    value = values.get(slot.name, "")
    if fault := control_fault(value):
        raise ReaderValueError(f"the {slot.name} holds {fault}")
    word = " ".join(value.split())
    if word:
        return word
    if slot.default is None:
        raise ReaderValueError(f"there is no {slot.name}")
    return " ".join(slot.default.split())


def _encoded(text: PersonalText, number: Callable[[Slot], int]) -> list[bytes | int]:
    """Encode a body, each slot left open as its number; the last line is ended."""
    parts: list[bytes | int] = []
    for part in _unended(text):
        if isinstance(part, Slot):
            if parts and isinstance(parts[-1], bytes) and not parts[-1].endswith(b"\r\n"):
                parts.append(SOFT_BREAK)
            parts.append(number(part))
        elif part:
            parts.append(_constant(part))
    return [*parts, b"\r\n"]


def _constant(text: str) -> bytes:
    try:
        return encoded_lines(text)
    except UnicodeEncodeError as error:
        half = text[error.start]
        raise TemplateError(f"the text holds half a character, {half!r}") from None


def _unended(text: PersonalText) -> tuple[str | Slot, ...]:
    """Give the parts of a text without its last line end, no two strings side by side."""
    parts: list[str | Slot] = []
    for part in text.parts:
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].removesuffix("\n")
    return tuple(parts)


def _joined(parts: list[bytes | int]) -> list[bytes | int]:
    """Make one of bytes that stand side by side."""
    joined: list[bytes | int] = []
    for part in parts:
        if isinstance(part, bytes) and joined and isinstance(joined[-1], bytes):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _boundary(frozen: FrozenMessage) -> str:
    """Give a line that no part can hold: "=_" is nothing that quoted-printable writes."""
    hashed = hashlib.sha256()
    for part in (*frozen.text.parts, *frozen.html.parts):
        hashed.update((part if isinstance(part, str) else part.name).encode("utf-8", "replace"))
    return f"=_smakom_{hashed.hexdigest()[:24]}"


def _leaving(uris: tuple[str, ...]) -> bytes:
    """Give the two headers of RFC 8058; nothing for a message that cannot be left.

    Where no page takes the click there is only the older one of RFC 2369, with the mail in it.
    """
    if not uris:
        return b""
    if not uris[0].startswith("http"):
        return uris_header("List-Unsubscribe", *uris)
    post = header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    return uris_header("List-Unsubscribe", *uris) + post


def _constant_headers(
    frozen: FrozenMessage, boundary: str, kind: Callable[[FrozenMessage], tuple[bytes, bytes]]
) -> tuple[bytes, ...]:
    """Give the headers before To, Subject, Message-ID and List-Unsubscribe, and those behind."""
    before, behind = kind(frozen)
    return (
        mailbox_header("From", *frozen.sender),
        mailbox_header("Reply-To", *frozen.reply_to),
        header("Date", format_datetime(_date(frozen.date))),
        before,
        behind
        + header("Content-Language", frozen.language)
        + header("MIME-Version", "1.0")
        + header("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
    )


def _of_a_list(frozen: FrozenMessage) -> tuple[bytes, bytes]:
    return (
        list_id_header(frozen.list_name, frozen.list_id),
        uris_header("List-Archive", frozen.archive_url)
        + header("Feedback-ID", frozen.feedback_id)
        + header("Precedence", "bulk"),
    )


def _of_a_letter(_frozen: FrozenMessage) -> tuple[bytes, bytes]:
    return b"", header("Auto-Submitted", "auto-generated")


def _date(text: str) -> dt.datetime:
    try:
        date = dt.datetime.fromisoformat(text)
    except ValueError:
        raise TemplateError(f"the date {text[:60]!r} is not ISO 8601") from None
    if date.tzinfo is None:
        raise TemplateError(f"the date {text!r} has no time zone")
    return date
