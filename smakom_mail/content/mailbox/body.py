"""The first words that somebody wrote in a mail, without what they quoted of ours."""

import binascii
import html
import re

from smakom_mail.content.mailbox.head import Fields, from_base64, read_fields, split_letter, text_of

DEEPEST = 5
WORDS = 400
"""How many characters of somebody's own words are looked at."""

_KIND = re.compile(r"\s*([\w.+-]{1,60}/[\w.+-]{1,60})", re.ASCII)
_BOUNDARY = re.compile(r"boundary=(?:\"([^\"]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_CHARSET = re.compile(r"charset=\"?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_HIDDEN = ("style", "script", "head", "title")
_QUOTING_HTML = ("<blockquote", "gmail_quote", "divrplyfwdmsg", "appendonsend", "moz-cite")
# The line above what is quoted: "Den 4 jan. 2021 skrev ...", "-----Ursprungligt meddelande-----".
_QUOTING = re.compile(
    r"[>|]|-{3}|_{5}|\*?(från|from|fra|von|skickat|sent):"
    r"|(den|on|le|am|på|mån|tis|ons|tor|fre|lör|sön)\b.{0,200}\b(skrev|wrote|schrieb|écrit)\b",
    re.IGNORECASE,
)


def own_words(fields: Fields, body: bytes) -> str:
    """Give the beginning of what somebody wrote, on one line; nothing where there is no text."""
    found = _first_text(fields, body)
    if found is None:
        return ""
    kind, text = found
    if kind == "text/html":
        text = _plain(text)
    return " ".join(_unquoted(text).split())[:WORDS]


def kind_of(fields: Fields) -> str:
    """Give the Content-Type in small letters; a mail that has none is text."""
    match = _KIND.match(_first(fields, "content-type"))
    return match[1].lower() if match else "text/plain"


def _first(fields: Fields, name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def _first_text(fields: Fields, body: bytes) -> tuple[str, str] | None:
    """Find the first text of a mail in its first parts; None where they lead to none."""
    for _ in range(DEEPEST):
        kind, stated = kind_of(fields), _first(fields, "content-type")
        if kind in ("text/plain", "text/html"):
            charset = _CHARSET.search(stated)
            data = _undone(_first(fields, "content-transfer-encoding").strip().lower(), body)
            return kind, text_of(data, charset[1] if charset else "")
        boundary = _BOUNDARY.search(stated)
        if not kind.startswith("multipart/") or not boundary:
            return None
        mark = b"--" + (boundary[1] or boundary[2]).encode("utf-8")
        part = body.partition(mark)[2].partition(b"\n")[2].partition(b"\n" + mark)[0]
        head, body = split_letter(part)
        fields = read_fields(head)
    return None


def _undone(encoding: str, body: bytes) -> bytes:
    if encoding == "base64":
        return from_base64(body)
    return binascii.a2b_qp(body) if encoding == "quoted-printable" else body


def _plain(text: str) -> str:
    """Give the words of a page that stand before what it quotes."""
    low = text.lower()
    cuts = [at for mark in _QUOTING_HTML if (at := low.find(mark)) >= 0]
    text = text[: text.rfind("<", 0, min(cuts) + 1)] if cuts else text
    for name in _HIDDEN:
        text = _without(text, name)
    text = re.sub(r"<(?:br|/p|/div)\b[^<>]{0,200}>", "\n", text, flags=re.IGNORECASE)
    return html.unescape(_TAG.sub(" ", text))


def _without(text: str, name: str) -> str:
    """Leave out elements of this name; one that is never closed reaches to the end."""
    low, kept, at = text.lower(), [], 0
    while (start := low.find(f"<{name}", at)) >= 0:
        kept.append(text[at:start])
        end = low.find(f"</{name}", start)
        if end < 0:
            return "".join(kept)
        at = low.find(">", end) + 1 or len(text)
    return "".join([*kept, text[at:]])


def _unquoted(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", 200)[:200]
    for number, line in enumerate(lines):
        if _QUOTING.match(line[:300].strip()):
            return "\n".join(lines[:number])
    return "\n".join(lines)
