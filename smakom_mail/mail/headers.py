"""Header lines, written by our own hand.

The standard library's EmailMessage turns a long List-Unsubscribe into encoded words, which
breaks one-click unsubscription, and lets a display name add a recipient; neither can happen
here, because structured fields are never folded inside an address and every value is checked.
"""

import re
from binascii import b2a_base64

from smakom_mail.errors import SmakomMailError

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HALF = re.compile("[\ud800-\udfff]")
_MAILBOX = re.compile(r"[^\s<>,;:\"()\\@]+@[^\s<>,;:\"()\\@]+", re.ASCII)
_MESSAGE_ID = re.compile(r"<[^\s<>@]+@[^\s<>@]+>", re.ASCII)
_URI = re.compile(r"[a-z]+:[!#-;=?-~]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_WORD_BYTES = 45


class HeaderValueError(SmakomMailError):
    """A value that would change the structure of the message."""


def header(name: str, value: str) -> bytes:
    """Give a header whose value is structured ASCII, on one line (RFC 5322 section 2.2).

    Raises HeaderValueError for control characters, other scripts or a line over 998 octets.
    """
    refuse_controls(name, value)
    if not value.isascii() or len(name) + len(value) + 2 > 998:
        raise HeaderValueError(f"the header {name} cannot hold {value[:60]!r}")
    return f"{name}: {value}\r\n".encode("ascii")


def text_header(name: str, value: str) -> bytes:
    """Give a header of free text, as RFC 2047 encoded words where it is not ASCII."""
    refuse_controls(name, value)
    plain = value.isascii() and len(name) + len(value) + 2 <= 78 and "=?" not in value
    plain = plain and value == " ".join(value.split())
    encoded = value if plain else encoded_words(value, len(name) + 2)
    return f"{name}: {encoded}\r\n".encode("ascii")


def mailbox_header(name: str, display: str, address: str) -> bytes:
    """Give a header with exactly one mailbox (RFC 5322 section 3.4)."""
    refuse_controls(name, display)
    refuse_controls(name, address)
    if not _MAILBOX.fullmatch(address) or not address.isascii():
        raise HeaderValueError(f"the header {name} cannot hold the address {address[:60]!r}")
    if not display:
        return header(name, address)
    shown = phrase(display)
    # RFC 2047 section 2: a line with an encoded word has at most 76 characters.
    short = not shown.startswith("=?") and len(name) + len(shown) + len(address) <= 70
    fold = " " if short else "\r\n "
    return f"{name}: {shown}{fold}<{address}>\r\n".encode("ascii")


def list_id_header(display: str, identity: str) -> bytes:
    """Give List-Id (RFC 2919): the list's name and, in brackets, its identity."""
    refuse_controls("List-Id", display)
    refuse_controls("List-Id", identity)
    if not re.fullmatch(r"[\w.-]+", identity, re.ASCII):
        raise HeaderValueError(f"the header List-Id cannot hold the identity {identity[:60]!r}")
    name = f"{phrase(display)}\r\n " if display else ""
    return f"List-Id: {name}<{identity}>\r\n".encode("ascii")


def message_id_header(identity: str) -> bytes:
    """Give Message-ID, one identity in angle brackets (RFC 5322 section 3.6.4)."""
    refuse_controls("Message-ID", identity)
    if not _MESSAGE_ID.fullmatch(identity):
        raise HeaderValueError(f"the header Message-ID cannot hold {identity[:60]!r}")
    return header("Message-ID", identity)


def uris_header(name: str, *uris: str) -> bytes:
    """Give a header of addresses in angle brackets (RFC 2369), on one line however long.

    A folded List-Unsubscribe is not signed or read rightly by everybody.
    """
    for uri in uris:
        refuse_controls(name, uri)
        if not _URI.fullmatch(uri):
            raise HeaderValueError(f"the header {name} cannot hold the address {uri[:60]!r}")
    return header(name, ", ".join(f"<{uri}>" for uri in uris))


def refuse_controls(name: str, value: str) -> None:
    """Raise HeaderValueError when `value` holds a line break or another control character."""
    if fault := control_fault(value):
        raise HeaderValueError(f"the header {name} would hold {fault}")


def control_fault(value: str) -> str:
    """Name the first character of `value` that cannot stand in a header; empty where none is."""
    if found := _CONTROL.search(value):
        return f"the control character {found[0]!r}"
    if not value.isascii() and (found := _HALF.search(value)):
        return f"half a character, {found[0]!r}"
    return ""


def phrase(display: str) -> str:
    """Give a name as RFC 5322 wants it before an address: as it is, quoted or encoded."""
    if not display.isascii() or "=?" in display or len(display) > 60:
        return encoded_words(display, 10)
    if _ATOMS.fullmatch(display) and display == " ".join(display.split()):
        return display
    return '"' + re.sub(r'(["\\])', r"\\\1", display) + '"'


def encoded_words(text: str, used: int = 0) -> str:
    """Give RFC 2047 encoded words on lines of at most 76 characters.

    `used` is how much of the first line the header's name takes.
    """
    data = text.encode("utf-8")
    words: list[bytes] = []
    room = min(_WORD_BYTES, max(9, (76 - used - 12) // 4 * 3))
    while len(data) > room:
        cut = room
        while data[cut] & 0xC0 == 0x80:  # inside a character
            cut -= 1
        words.append(data[:cut])
        data, room = data[cut:], _WORD_BYTES
    words.append(data)
    return "\r\n ".join(f"=?utf-8?b?{b2a_base64(w, newline=False).decode()}?=" for w in words)
