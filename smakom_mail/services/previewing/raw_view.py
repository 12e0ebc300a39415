"""The view of the message itself: its headers, its parts, and every line of it."""

from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from smakom_mail.config import SampleReader
from smakom_mail.errors import SmakomMailError
from smakom_mail.locale.preview import VIEW_WORDS
from smakom_mail.model.rendered import RenderedEdition
from smakom_mail.services.previewing.document import draw, grouped
from smakom_mail.services.previewing.filling import message_of
from smakom_mail.services.previewing.snapshot import Snapshot


def raw_view(snapshot: Snapshot, rendered: RenderedEdition, reader: SampleReader) -> str:
    """Draw the message for `reader`, or say why none can be made."""
    try:
        data = message_of(snapshot.edition, rendered, snapshot.config, reader)
    except SmakomMailError as fault:
        return draw("raw", snapshot, fault=str(fault))
    language = snapshot.config.messages_language
    message = message_from_bytes(data)
    return draw(
        "raw",
        snapshot,
        fault="",
        to=str(message["To"]),
        headers=list(_headers(message, VIEW_WORDS[language])),
        tree=_tree(message, len(data), VIEW_WORDS[language], language),
        source=data.decode("ascii").replace("\r\n", "\n"),
    )


def _headers(message: Message, said: dict[str, str]) -> Iterator[dict[str, str]]:
    for name, value in message.items():
        purpose = said.get(f"h_{name.lower()}", "")
        yield {"name": name, "value": _decoded(str(value)), "purpose": purpose}


def _decoded(value: str) -> str:
    """Give a header's value as programs show it."""
    unfolded = " ".join(value.split())
    try:
        return str(make_header(decode_header(unfolded)))
    except (HeaderParseError, LookupError, UnicodeDecodeError):
        return unfolded


def _tree(message: Message, size: int, said: dict[str, str], language: str) -> dict[str, object]:
    """Give the parts with their sizes, as nested dictionaries."""
    charset = message.get_content_charset() or ""
    flowed = "format=flowed" if message.get_param("format") == "flowed" else ""
    coding = str(message.get("Content-Transfer-Encoding") or "")
    parts = message.get_payload() if message.is_multipart() else []
    children = [_tree(part, 0, said, language) for part in parts if isinstance(part, Message)]
    if children:
        told = said["part_whole"].format(encoded=grouped(size, language))
    else:
        encoded = str(message.get_payload()).encode("ascii", "replace")
        decoded = message.get_payload(decode=True)
        told = said["part_size"].format(
            encoded=grouped(len(encoded), language),
            decoded=grouped(len(decoded) if isinstance(decoded, bytes) else 0, language),
        )
    return {
        "type": message.get_content_type(),
        "details": " · ".join(filter(None, (charset, flowed, coding))),
        "size": told,
        "parts": children,
    }
