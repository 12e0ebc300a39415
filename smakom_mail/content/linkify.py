"""Addresses typed bare become links."""

import re

from markdown_it.common.normalize_url import normalizeLink

from smakom_mail.model.document import Inline, Link, Text

_ADDRESS = re.compile(
    r"(?P<url>\bhttps?://[^\W_][^\s<>\"”“’»]*)"
    r"|(?P<www>(?<![\w.@/])www\.[^\W_](?:[\w-]*\.)+[^\W\d_]{2,}(?:/[^\s<>\"”“’»]*)?)"
    r"|(?P<mail>(?<![\w.+/-])[\w.+-]*\w@\w(?:[\w-]*\.)+[^\W\d_]{2,}\b)"
)
_TRAILING = ".,;:!?'…–-"


def linkify(text: str, line: int) -> list[Inline]:
    """Divide `text` at the web and mail addresses in it; these become links."""
    nodes: list[Inline] = []
    at = 0
    for match in _ADDRESS.finditer(text):
        shown = _trim(match[0]) if match["url"] or match["www"] else match[0]
        if match.start() > at:
            nodes.append(Text(text[at : match.start()], line))
        prefix = "mailto:" if match["mail"] else "https://" if match["www"] else ""
        nodes.append(Link(normalizeLink(prefix + shown), (Text(shown, line),), line))
        at = match.start() + len(shown)
    if at < len(text):
        nodes.append(Text(text[at:], line))
    return nodes


def _trim(address: str) -> str:
    """Leave out the punctuation of the sentence around an address."""
    end = len(address)
    unopened = address.count(")") - address.count("(")
    while end and (address[end - 1] in _TRAILING or (address[end - 1] == ")" and unopened > 0)):
        unopened -= address[end - 1] == ")"
        end -= 1
    return address[:end]
