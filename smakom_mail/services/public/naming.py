"""A name as a visitor types it: one line, and nothing in it that a mail would make a link of.

Whoever signs somebody else up chooses the name that her newsletter would greet her by. So a name is
only taken from the page on which she reads it, and none is taken that leads anywhere.
"""

import re
import unicodedata
from typing import Literal

LONGEST_NAME = 60
NameFault = Literal["", "long", "link"]

_READ = 10_000
"""So much of what was typed is looked at."""
_DOTS = str.maketrans("。｡", "..")
# A dot within a word, and behind it what a domain ends with: in "Dr.Berg" nobody sees an address.
_HOST = re.compile(r"[^\W_]{2,}\.(?:[a-zåäö]{2,}|[A-ZÅÄÖ]{2,})(?![^\W\d_])|\w\.\w{2,}/")


def tidied_name(text: str) -> str:
    """Give a name on one line, without what cannot be seen."""
    composed = unicodedata.normalize("NFC", text[:_READ])
    return " ".join("".join(c if c.isprintable() else " " for c in composed).split())


def name_fault(name: str) -> NameFault:
    """Say what keeps a tidied name from being taken: it is long, or holds a link or an address."""
    if len(name) > LONGEST_NAME:
        return "long"
    plain = unicodedata.normalize("NFKC", name).translate(_DOTS)
    leads = "@" in plain or "://" in plain or "www." in plain.lower() or _HOST.search(plain)
    return "link" if leads else ""
