r"""The head of a mail, read with limits by rules that no input can make slow.

The standard library's parser is not used on what strangers send: one mail can stop it for half a
minute, or for good.
"""

import binascii
import codecs
import re

FIELDS = 1_000
"""How many fields of a head are looked at."""
LONGEST = 16_384
"""How many characters of one field are kept."""
SAME = 20
"""How many fields of one name are kept."""

_LINE = re.compile(rb"\r\n|\n|\r")
_EMPTY = re.compile(rb"(?:\A|\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)")
_NAMED = re.compile(rb"([!-9;-~]{1,76})[ \t]*:(.*)", re.DOTALL)
_WORD = re.compile(r"=\?([\w.:-]{1,40})(?:\*[\w-]{1,20})?\?([bBqQ])\?([^?\s]{0,4000})\?=", re.ASCII)
_CHARSET = re.compile(
    r"utf-?8|us-ascii|ascii|latin-?1|iso-?8859-\d{1,2}|windows-125\d|cp125\d|cp1252|koi8-[ru]"
    r"|macintosh|iso-2022-jp|shift_jis|euc-jp|gb2312|gbk|gb18030|big5|euc-kr"
)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

Fields = dict[str, tuple[str, ...]]


def split_letter(data: bytes) -> tuple[bytes, bytes]:
    """Divide a mail at its first empty line into head and body."""
    found = _EMPTY.search(data)
    return (data[: found.start()], data[found.end() :]) if found else (data, b"")


def read_fields(head: bytes) -> Fields:
    """Give the fields of a head by their names in small letters, unfolded and not yet decoded."""
    found: dict[str, list[bytes]] = {}
    current: list[bytes] = []
    number = 0
    for line in _LINE.split(head.removeprefix(b"\xef\xbb\xbf")):
        if line[:1] in (b" ", b"\t"):
            if current and len(current[-1]) < LONGEST:
                current[-1] += line[:LONGEST]
            continue
        current = []
        if (match := _NAMED.match(line)) and (number := number + 1) <= FIELDS:
            current = found.setdefault(match[1].lower().decode("ascii"), [])
            if len(current) < SAME:
                current.append(match[2].strip(b" \t"))
            else:
                current = []
    return {name: tuple(_text(value[:LONGEST]) for value in all_) for name, all_ in found.items()}


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def decoded(value: str, longest: int = 2_000) -> str:
    """Give a field as people read it: encoded words (RFC 2047) decoded, on one line."""
    value = value[:LONGEST]
    parts: list[str] = []
    waiting: tuple[str, bytes] | None = None
    end = 0
    for match in _WORD.finditer(value):
        between = value[end : match.start()]
        charset, data = _known(match[1]), _undone(match[2], match[3])
        if waiting and not between.strip():
            # What lies between two encoded words is nothing, and a letter may lie in both.
            if waiting[0] == charset:
                data = waiting[1] + data
            else:
                parts.append(_decoded(*waiting))
        else:
            parts += [_decoded(*waiting) if waiting else "", between]
        waiting, end = (charset, data), match.end()
    parts += [_decoded(*waiting) if waiting else "", value[end:]]
    return " ".join(_CONTROLS.sub(" ", "".join(parts)).split())[:longest]


def _known(charset: str) -> str:
    """Give a charset that is one of mail's; anything else, which may be no charset, as ASCII."""
    name = charset.lower()
    return name if _CHARSET.fullmatch(name) else "ascii"


def _decoded(charset: str, data: bytes) -> str:
    try:
        return codecs.decode(data, charset, "replace")
    except (LookupError, ValueError):
        return data.decode("ascii", "replace")


def text_of(data: bytes, charset: str) -> str:
    """Decode a text by the charset that a mail states, whatever it states."""
    return _decoded(_known(charset or "utf-8"), data)


def _undone(encoding: str, text: str) -> bytes:
    data = text.encode("ascii", "replace")
    if encoding in "bB":
        return from_base64(data)
    return binascii.a2b_qp(data, header=True)


def from_base64(data: bytes) -> bytes:
    """Undo base64 as far as it goes: what is cut off or no base64 is left out."""
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    whole = len(clean) // 4 * 4
    rest = clean[whole:]
    padded = clean[:whole] + (rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b"")
    return binascii.a2b_base64(padded)
