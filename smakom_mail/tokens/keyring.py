"""The secrets of an installation, and one key for each use made of them.

No secret is used by itself. Each use has a key of its own, HMAC-SHA256(secret, label), so that
nothing learned in one place (a token in a link, a message id in a header) says anything about
another (the fingerprint of an address). The labels are part of what is stored and sent: to
change one is to forget every fingerprint and every link that was made with it.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

SHORTEST = 32
"""The fewest bytes a secret may have."""
_DIGEST = "sha256"
_BLOCK = 64
_LABEL = b"smakom-mail 1 "


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The secrets of an installation: the first makes, the others only recognise.

    Raises ValueError where there is none, or one that is too short.
    """

    keys: tuple[bytes, ...]
    _derived: dict[str, tuple[bytes, ...]] = field(default_factory=dict, init=False, compare=False)
    _begun: list[tuple["hashlib._Hash", "hashlib._Hash"]] = field(
        default_factory=list, init=False, compare=False
    )

    def __post_init__(self) -> None:
        """See that there is something to make keys of; the message never holds it."""
        if not self.keys:
            raise ValueError("a keyring needs a secret")
        if any(len(key) < SHORTEST for key in self.keys):
            raise ValueError(f"a secret has at least {SHORTEST} bytes")

    def __repr__(self) -> str:
        """Say how many there are, and nothing else: a repr ends up in logs."""
        return f"Keyring({len(self.keys)} secret{'' if len(self.keys) == 1 else 's'})"

    def macs(self, use: str, message: bytes) -> tuple[bytes, ...]:
        """Give the 32 bytes that each secret makes of `message` for `use`, the current first."""
        return tuple(hmac.digest(key, message, _DIGEST) for key in self._for(use))

    def mac(self, use: str, message: bytes) -> bytes:
        """Give the 32 bytes that the current secret makes of `message` for `use`."""
        return hmac.digest(self._for(use)[0], message, _DIGEST)

    def fingerprint(self, key: str) -> str:
        """Give what stands for an address that may not be kept: 64 hexadecimal digits.

        `key` is the address in its canonical form (content.people.address).
        """
        return self.mac("fingerprint", _bytes(key)).hex()

    def fingerprints(self, key: str) -> tuple[str, ...]:
        """Give every fingerprint that `key` has had, the current one first.

        A no that was recorded before the secret was changed stands under an older one.
        """
        message = _bytes(key)
        if not self._begun:
            self._begun.extend(map(_begin, self._for("fingerprint")))
        return tuple([_finish(inner, outer, message) for inner, outer in self._begun])

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each secret that says nothing about it, the current one first.

        For a database to remember whether the secret it was made with is still known.
        """
        return tuple(mac[:8].hex() for mac in self.macs("name", b""))

    def _for(self, use: str) -> tuple[bytes, ...]:
        if use not in self._derived:
            label = _LABEL + use.encode("ascii")
            self._derived[use] = tuple(hmac.digest(key, label, _DIGEST) for key in self.keys)
        return self._derived[use]


def _begin(key: bytes) -> tuple["hashlib._Hash", "hashlib._Hash"]:
    """Hash the first block of both halves of HMAC-SHA256 once: a million messages follow."""
    block = key.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
    return inner, outer


def _finish(inner: "hashlib._Hash", outer: "hashlib._Hash", message: bytes) -> str:
    """Give what hmac.digest would, in hexadecimal digits, in half the time."""
    inner, outer = inner.copy(), outer.copy()
    inner.update(message)
    outer.update(inner.digest())
    return outer.hexdigest()


def _bytes(key: str) -> bytes:
    """Encode any text at all: an address that cannot be written must not end up in an error."""
    return key.encode("utf-8", "surrogatepass")
