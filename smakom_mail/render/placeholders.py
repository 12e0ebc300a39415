"""Tokens that stand for authored text while templates and MJML do their work.

The central rule of rendering: what an author wrote never passes through Jinja or the MJML
engine, which would change it (docs/architecture.md, "Why text is filled in afterwards").
Templates print tokens; `fill` puts the text in their place afterwards, in one pass, so that
text which looks like a token stays text.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from html import escape

from smakom_mail.model.rendered import PersonalText, Slot


def authored_strings(value: object) -> Iterator[str]:
    """Give every string inside nested dataclasses, tuples and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from authored_strings(item)
    elif is_dataclass(value):
        for item in fields(value):
            yield from authored_strings(getattr(value, item.name))


def free_prefix(*sources: object) -> str:
    """Give a short string of letters and digits that stands in none of `sources`.

    It comes from a hash of them, so that no text holds it in pieces either, to be joined
    when marks between the pieces are left out.
    """
    text = "\n".join(string for source in sources for string in authored_strings(source))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    number = int.from_bytes(digest[:4], "big")
    while (prefix := f"zq{number}x") in text:
        number += 1
    return prefix


@dataclass(slots=True)
class Placeholders:
    """The tokens of one document; `prefix` is proven absent from everything authored."""

    prefix: str
    values: list[str] = field(default_factory=list)
    required: list[bool] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)

    def html(self, value: str, *, required: bool = False) -> str:
        """Give a token for ready HTML; nothing for nothing, so that templates can test it.

        A `required` value must be printed, or `fill` reports it.
        """
        if not value:
            return ""
        self.values.append(value)
        self.required.append(required)
        return f"{self.prefix}{len(self.values) - 1:05}z"  # more digits where there are more values

    def text(self, value: str, *, required: bool = False) -> str:
        """Give a token for plain text in HTML: it is escaped for text and attributes alike."""
        return self.html(escape(value, quote=True), required=required)

    def slot(self, name: str, default: str | None = None) -> str:
        """Give a mark for a reader's own value; it stays until `split` finds it."""
        slot = Slot(name, default)
        if slot not in self.slots:
            self.slots.append(slot)
        return f"{self.prefix}s{self.slots.index(slot):05}z"

    def fill(self, document: str) -> tuple[str, tuple[str, ...]]:
        """Put the values in; give the document and the required values that it never printed."""
        used: set[int] = set()

        def put(match: re.Match[str]) -> str:
            index = int(match[1])
            if index >= len(self.values):
                return match[0]
            used.add(index)
            return self.values[index]

        filled = re.sub(rf"{self.prefix}(\d{{5,}})z", put, document)
        missing = tuple(
            value
            for index, (value, required) in enumerate(zip(self.values, self.required, strict=True))
            if required and index not in used
        )
        return filled, missing

    def split(self, document: str) -> PersonalText:
        """Divide a finished document at its slots."""
        parts: list[str | Slot] = []
        for index, piece in enumerate(re.split(rf"{self.prefix}s(\d{{5,}})z", document)):
            if index % 2:
                parts.append(self.slots[int(piece)])
            elif piece:
                parts.append(piece)
        return PersonalText(tuple(parts))
