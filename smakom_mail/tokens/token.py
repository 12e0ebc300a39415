"""Tokens in links and return addresses: who, about which lists, for what; nobody can make one.

A token is the person's reference (8 random bytes), the scope (3 random bytes that stand for a
set of lists) and 16 bytes of a keyed hash of both, under a key of the purpose's own. There is no
address, no number and no date in it, and it holds for as long as its secret is known.

In links it is 36 characters of base64url, which 27 bytes fill exactly: there is neither padding
nor a bit to spare. In a return address (purpose "envelope") it is 44 characters of base32, since
mail servers change the case of those.
"""

import base64
import binascii
import hmac
import re
import secrets
from typing import Literal, get_args

from smakom_mail.tokens.base32 import base32
from smakom_mail.tokens.keyring import Keyring

Purpose = Literal["unsubscribe", "confirm", "envelope", "preferences"]

_REF, _SCOPE, _MAC = 8, 3, 16
_PURPOSES: tuple[str, ...] = get_args(Purpose)
_LINK = re.compile(r"[A-Za-z0-9_-]{36}", re.ASCII)
_ENVELOPE = re.compile(r"[A-Za-z2-7]{44}", re.ASCII)
_PADDING = "===="


def new_ref() -> bytes:
    """Draw a reference for a person: nothing about them or their turn can be read from it."""
    return secrets.token_bytes(_REF)


def new_scope() -> bytes:
    """Draw a code for a set of lists; few enough exist that a store must see it is not taken."""
    return secrets.token_bytes(_SCOPE)


def make_token(keyring: Keyring, purpose: Purpose, ref: bytes, scope: bytes) -> str:
    """Give the token of a person (`ref`) and a set of lists (`scope`) for one purpose.

    The same every time, until the secret is changed. Raises ValueError for a reference or scope
    of another length, and for a purpose that does not exist.
    """
    if len(ref) != _REF or len(scope) != _SCOPE:
        raise ValueError(f"a reference has {_REF} bytes and a scope {_SCOPE}")
    signed = ref + scope
    data = signed + keyring.mac(_use(purpose), signed)[:_MAC]
    if purpose == "envelope":
        return base32(data)
    return base64.urlsafe_b64encode(data).decode("ascii")


def read_token(keyring: Keyring, purpose: Purpose, token: str) -> tuple[bytes, bytes] | None:
    """Give the reference and scope of a token that we made for `purpose`, else None.

    Every fault gives the same None. How long it takes depends on the number of secrets and not
    on how much of the keyed hash is right. Raises ValueError for a purpose that does not exist.
    """
    use = _use(purpose)
    data = _decoded(purpose, token)
    if data is None:
        return None
    signed, given = data[: _REF + _SCOPE], data[_REF + _SCOPE :]
    right = False
    for mac in keyring.macs(use, signed):  # all of them, whichever it was
        right |= hmac.compare_digest(mac[:_MAC], given)
    return (signed[:_REF], signed[_REF:]) if right else None


def _decoded(purpose: Purpose, token: str) -> bytes | None:
    """Give the 27 bytes of a token, if it is spelled as we spell it."""
    if purpose != "envelope":
        return base64.urlsafe_b64decode(token) if _LINK.fullmatch(token) else None
    if not _ENVELOPE.fullmatch(token):
        return None
    try:
        data = base64.b32decode(token.upper() + _PADDING)
    except binascii.Error:
        return None
    # The last character has four bits to spare: of its sixteen spellings only one is ours.
    spelled = base64.b32encode(data).decode("ascii").rstrip("=")
    return data if spelled == token.upper() else None


def _use(purpose: str) -> str:
    if purpose not in _PURPOSES:
        raise ValueError(f"there is no token for the purpose {purpose!r}")
    return f"token {purpose}"
