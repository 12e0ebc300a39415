"""Which features the shape of each program applies, and which it leaves alone and why.

Computed from caniemail's answers and from what our reading of a mail can see, so that a test
can hold every one of them against a document.
"""

from functools import lru_cache

from smakom_mail.render.caniemail import features
from smakom_mail.render.shapes.clients import CLIENTS
from smakom_mail.render.shapes.declarations import applied_notes
from smakom_mail.render.shapes.model import Client
from smakom_mail.render.shapes.support import lacks, notes_on

UNSEEN = {
    "amp": "another part of the message, which we do not send",
    "bimi": "a logo beside the sender, not in the mail",
    "css-column-count": "read as css-column-layout-properties",
    "css-comments": "nothing to be seen",
    "css-inline-size": "read as css-block-inline-size",
    "css-nesting": "our reading of style sheets calls it a fault, as Gmail does",
    "css-selector-grouping": "everybody reads lists of selectors",
    "html-comments": "nothing to be seen",
    "image-apng": "its name is that of any PNG",
    "image-hdr": "its name is that of any image",
}
"""What our reading of a mail does not tell apart."""

LEFT_ALONE = {
    ("yahoo", "css-display-flex"): "its note is on inline-flex, which css-display speaks of",
    ("outlook-windows", "html-doctype"): "Word has no old way of reading; a browser has",
}
"""What a program lacks and its picture does without, and why."""

_IN_SHEETS = ("css-at-", "css-pseudo-", "css-selector-")
_NOTED = {
    "css-at-font-face": ("distant fonts are ignored",),
    "css-at-media": ("height based media", "Only supports `screen`", "Nested media queries are"),
    "css-pseudo-": ("type selectors",),
    "css-selector-attribute": (
        "Only supports `[attr~=value]`",
        "Only supports `[attr=value]` syntax",
        "Can not be used with a class",
    ),
    "html-acronym": ("`title` attribute is",),
    "html-background": ("Only supported on the `<body>`",),
    "html-base": ("The element is removed but",),
    "html-dfn": ("`title` attribute is",),
    "html-lang": ("Not supported on `<td>`",),
    "html-lists": ("`reversed` attribute",),
    "html-role": ("Only works on the `<table>`",),
    "html-semantics": ("are replaced by `<u>", "Only `<time>` is supported"),
    "html-style": ("Not supported inside the `<body>`",),
    "html-width": ("based on the physical file",),
    "image-base64": ("Does not render Base 64 gif",),
}
"""The notes about other things than declarations that are applied, by words of theirs."""


@lru_cache(maxsize=16)
def applied(key: str) -> tuple[str, ...]:
    """Give every feature that the shape of the client `key` can cite."""
    client = CLIENTS[key]
    return tuple(sorted(slug for slug in features() if _applied(client, slug)))


def _applied(client: Client, slug: str) -> bool:
    if slug in UNSEEN or (client.key, slug) in LEFT_ALONE:
        return False
    if slug == "html-body":
        return client.key in ("gmail", "yahoo", "outlook-com")
    if client.key == "gmail-other" and slug.startswith(_IN_SHEETS):
        return False
    if lacks(client, slug):
        return True
    notes = " ".join(notes_on(client.program, slug))
    said = [words for start, words in _NOTED.items() if slug.startswith(start)]
    if any(words in notes for group in said for words in group):
        return True
    return slug.startswith("css-") and applied_notes(client, slug)
