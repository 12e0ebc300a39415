"""Header lines, written by our own hand.

The standard library's EmailMessage turns a long List-Unsubscribe into encoded words, which
breaks one-click unsubscription, and lets a display name add a recipient; neither can happen
here, because structured fields are never folded inside an address and every value is checked.
"""

import base64
import re

from smakom_mail.errors import SmakomMailError

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
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
    encoded = value if plain else encoded_words(value, len(name) + 2)
    return f"{name}: {encoded}\r\n".encode("ascii")


def mailbox_header(name: str, display: str, address: str) -> bytes:
    """Give a header with exactly one mailbox (RFC 5322 section 3.4)."""
    refuse_controls(name, display)
    refuse_controls(name, address)
    if not re.fullmatch(r"[^\s<>,;:\"()\\@]+@[^\s<>,;:\"()\\@]+", address) or not address.isascii():
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


def refuse_controls(name: str, value: str) -> None:
    """Raise HeaderValueError when `value` holds a line break or another control character."""
    if found := _CONTROL.search(value):
        raise HeaderValueError(f"the header {name} would hold the control character {found[0]!r}")


def phrase(display: str) -> str:
    """Give a name as RFC 5322 wants it before an address: as it is, quoted or encoded."""
    if not display.isascii() or "=?" in display or len(display) > 60:
        return encoded_words(display, 10)
    if _ATOMS.fullmatch(display):
        return display
    return '"' + re.sub(r'(["\\])', r"\\\1", display) + '"'


def encoded_words(text: str, used: int = 0) -> str:
    """Give RFC 2047 encoded words on lines of at most 76 characters.

    `used` is how much of the first line the header's name takes.
    """
    words: list[str] = []
    piece = ""
    room = min(_WORD_BYTES, max(9, (76 - used - 12) // 4 * 3))
    for character in text:
        if len((piece + character).encode("utf-8")) > room:
            words.append(piece)
            piece, room = "", _WORD_BYTES
        piece += character
    words.append(piece)
    encoded = (base64.b64encode(word.encode("utf-8")).decode("ascii") for word in words)
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in encoded)
