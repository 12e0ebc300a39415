"""A rendered edition: finished bytes with the reader's own places still open."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from smakom_mail.model.edition import Picture

UNSUBSCRIBE = "unsubscribe"
READER_FIELDS = ("name", "organisation", "email")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that is filled per reader; `default` is used where the reader lacks the value."""

    name: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class PersonalText:
    """Text with slots: a sequence, so that no text of an author can ever look like a slot."""

    parts: tuple[str | Slot, ...]

    def fill(self, values: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
        """Put `values` in the slots, each through `escape`; KeyError where nothing is known."""
        return "".join(
            part if isinstance(part, str) else escape(_value(part, values)) for part in self.parts
        )

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots in order of appearance."""
        return tuple(part for part in self.parts if isinstance(part, Slot))

    def canonical(self) -> list[object]:
        """Give a form for hashing that tells a slot from text that spells like one."""
        return [
            p if isinstance(p, str) else {"slot": p.name, "default": p.default} for p in self.parts
        ]


def _value(slot: Slot, values: Mapping[str, str]) -> str:
    value = values.get(slot.name, "")
    if value.strip():
        return value
    if slot.default is None:
        raise KeyError(slot.name)
    return slot.default


@dataclass(frozen=True, slots=True)
class Addresses:
    """The header addresses that every recipient sees: RFC 5322 mailboxes as (name, address)."""

    sender: tuple[str, str]
    reply_to: tuple[str, str]


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """An .ics file that a date of the edition offers."""

    name: str
    data: bytes


def digest_of(  # noqa: PLR0913 - what every recipient gets, each by name
    *,
    subject: PersonalText,
    html: PersonalText,
    text: PersonalText,
    sender: tuple[str, str],
    reply_to: tuple[str, str],
    pictures: tuple[tuple[str, str], ...],
) -> str:
    """Give SHA-256 over what every recipient gets, as 64 hexadecimal digits."""
    content = {
        "subject": subject.canonical(),
        "from": sender,
        "reply-to": reply_to,
        "html": html.canonical(),
        "text": text.canonical(),
        "images": sorted(pictures),
    }
    line = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(line.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class RenderedEdition:
    """All that is made from an edition: mail, text twin, web version and their pictures."""

    slug: str
    language: str
    subject: PersonalText
    addresses: Addresses
    html: PersonalText
    text: PersonalText
    web: str
    pictures: tuple[Picture, ...]
    calendars: tuple[CalendarFile, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over what every recipient gets, as 64 hexadecimal digits (docs/guarantees.md)."""
        return digest_of(
            subject=self.subject,
            html=self.html,
            text=self.text,
            sender=self.addresses.sender,
            reply_to=self.addresses.reply_to,
            pictures=self.picture_hashes,
        )

    @property
    def picture_hashes(self) -> tuple[tuple[str, str], ...]:
        """The pictures by name, each with its SHA-256."""
        return tuple(
            sorted((each.name, hashlib.sha256(each.data).hexdigest()) for each in self.pictures)
        )

    @property
    def short_digest(self) -> str:
        """The eight digits that people compare."""
        return self.digest[:8]
