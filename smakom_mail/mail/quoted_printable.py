"""Quoted-printable (RFC 2045 section 6.7) that nothing on the way has a reason to change.

Lines end with CRLF, have at most 76 octets of ASCII and no white space at their end, and none
begins with a dot or with "From ": neither SMTP nor an mbox changes them, and no text whatever can
end the message before its end.
"""

import re

_LIMIT = 73
"""Octets of a line before its soft break: with an escaped first octet never over 76."""
_OTHER = re.compile(rb"[^ -<>-~]")
_PLAIN = re.compile(rb"[!-\-/-<>-EG-~][!-<>-~]{0,72}")
"""A short value without a blank that stands for itself: most names and links are one."""

SOFT_BREAK = b"=\r\n"


def quoted_printable(text: str) -> bytes:
    """Encode a whole body; it ends with exactly one line end more than its last line has."""
    return encoded_lines(text.removesuffix("\n")) + b"\r\n"


def encoded_lines(text: str) -> bytes:
    """Encode text from the beginning of a line on; its last line is left open."""
    return b"\r\n".join(_line(line.encode("utf-8")) for line in text.split("\n"))


def encoded_value(value: str) -> bytes:
    """Encode text without line ends on lines of its own, between two soft breaks.

    What stands before it ends with a line end or a soft break, so that it can be put in without
    looking at either side.
    """
    raw = value.encode("utf-8")
    if _PLAIN.fullmatch(raw):
        return raw + SOFT_BREAK
    return _line(raw) + SOFT_BREAK if raw else b""


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
            return SOFT_BREAK.join([*lines, first + encoded[at:]])
        escape_at = encoded.rfind(b"=", at + room - 2, at + room)
        cut = escape_at if escape_at >= 0 else at + room
        lines.append(first + encoded[at:cut])
        at = cut
