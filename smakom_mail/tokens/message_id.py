"""Message ids: the same for one edition and one person every time, and unreadable."""

import re
from functools import lru_cache
from typing import Literal, get_args

from smakom_mail.tokens.base32 import base32
from smakom_mail.tokens.keyring import Keyring

Kind = Literal["campaign", "proof", "rehearsal", "letter"]

_KINDS: tuple[str, ...] = get_args(Kind)
_BYTES = 16
# RFC 5322 section 3.2.3: words of these characters with single dots between them. No header
# holds a longer host than DNS does.
_DOT_ATOM = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*", re.ASCII)
_LONGEST_HOST = 253


def message_id(keyring: Keyring, edition: str, key: str, host: str, kind: Kind = "campaign") -> str:
    """Give the Message-ID of `edition` for the address `key`: ``<26 characters@host>``.

    A keyed hash, so that neither is readable in it. The same in the send list and in every
    attempt, which lets receivers fold a repeated message together; another for a proof and for a
    rehearsal. A changed secret gives others: a campaign keeps those it was planned with.
    Raises ValueError where `host` cannot stand in a Message-ID.
    """
    mac = keyring.mac("message id", _beginning(kind, edition, host) + _measured(key))[:_BYTES]
    return f"<{base32(mac)}@{host}>"


@lru_cache(maxsize=64)
def _beginning(kind: str, edition: str, host: str) -> bytes:
    """Give what the ids of a whole edition have in common, once what they are made of is right."""
    if kind not in _KINDS:
        raise ValueError(f"there is no message of the kind {kind!r}")
    if not fits_message_id(host):
        raise ValueError(f"{host!r} cannot stand in a Message-ID")
    return _measured(kind) + _measured(edition)


def _measured(text: str) -> bytes:
    """Put the length before a text: no two different rows of texts are the same bytes."""
    data = text.encode("utf-8", "surrogatepass")
    return len(data).to_bytes(8, "big") + data


def fits_message_id(host: str) -> bool:
    """Say whether `host` can stand in a Message-ID: not ``::1``, nor a name with an å in it."""
    return _DOT_ATOM.fullmatch(host) is not None and len(host) <= _LONGEST_HOST
