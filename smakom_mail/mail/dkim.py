"""DKIM signatures (RFC 6376), relaxed/relaxed, by `cryptography`.

The whole body is always signed: with a length in the signature anybody could add to a message,
and it would still verify. Headers that a message has once are signed once more than it has them,
so that a second From or Subject put before the first breaks the signature.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from smakom_mail.mail.dkim_key import PrivateKey, load_key, require_domain, require_selector

ONCE = (
    *(b"from", b"to", b"reply-to", b"subject", b"date", b"message-id"),
    *(b"mime-version", b"content-type"),
)
"""Headers that are signed where they are, and oversigned: a message may have no second one."""
OF_THE_LIST = (
    *(b"list-id", b"list-unsubscribe", b"list-unsubscribe-post", b"list-archive"),
    *(b"feedback-id", b"content-language"),
)
"""Headers that are signed where they are; RFC 8058 demands it of the two about leaving."""
_SIGNED = frozenset(ONCE + OF_THE_LIST)
_FIELD = re.compile(rb"([!-9;-~]+):(.*\r\n(?:[ \t].*\r\n)*)")
_BLANKS = re.compile(rb"[ \t\r\n]+")
_PIECE = 72
_HASH = SHA256()
_PADDING = PKCS1v15()


class Signer:
    """Signs messages for one domain with one key.

    `now` gives the time of a signature in whole seconds of Unix time. Raises DkimKeyError for a
    key, domain or selector that no receiver would accept.
    """

    def __init__(self, key_pem: bytes, domain: str, selector: str, now: Callable[[], int]) -> None:
        """Read the key and see that it is strong enough."""
        require_domain(domain)
        require_selector(selector)
        self.domain = domain
        self.selector = selector
        self._now = now
        self._key: PrivateKey = load_key(key_pem)
        algorithm = "rsa-sha256" if isinstance(self._key, RSAPrivateKey) else "ed25519-sha256"
        tags = f"v=1; a={algorithm}; c=relaxed/relaxed;\r\n d={domain}; s={selector}; t="
        self._beginning = tags.encode("ascii")
        self._lists: dict[frozenset[bytes], tuple[tuple[bytes, ...], bytes]] = {}

    def __repr__(self) -> str:
        """Name the key's place in DNS, and nothing of the key: a repr ends up in logs."""
        return f"Signer({self.selector}._domainkey.{self.domain})"

    @staticmethod
    def canonical(headers: bytes) -> dict[bytes, bytes]:
        """Give, by name, those of whole header fields that are signed, in their relaxed form."""
        return {
            name: name + b":" + _BLANKS.sub(b" ", value).strip() + b"\r\n"
            for field, value in _FIELD.findall(headers)
            if (name := field.lower()) in _SIGNED
        }

    def sign(
        self, headers: Mapping[bytes, bytes], hashed: "hashlib._Hash", body: Iterable[bytes]
    ) -> bytes:
        """Give the field DKIM-Signature for the front of a message.

        `headers` are as `canonical` gives them. `body` is in its relaxed form already, in parts;
        `hashed` is a SHA-256 of what stands before them, which is used up.
        """
        for part in body:
            hashed.update(part)
        present = frozenset(headers)
        if present not in self._lists:
            self._lists[present] = _signed_names(present)
        names, listed = self._lists[present]
        tags = b"%b%d;\r\n h=%b;\r\n bh=%b;\r\n b=" % (
            self._beginning,
            self._now(),
            listed,
            base64.b64encode(hashed.digest()),
        )
        own = b"dkim-signature:" + tags.replace(b"\r\n ", b" ")
        signature = self._signature(b"".join([headers[name] for name in names]) + own)
        return b"DKIM-Signature: %b%b\r\n" % (tags, _folded(base64.b64encode(signature)))

    def _signature(self, data: bytes) -> bytes:
        if isinstance(self._key, Ed25519PrivateKey):  # RFC 8463 section 3: of the hash
            return self._key.sign(hashlib.sha256(data).digest())
        return self._key.sign(data, _PADDING, _HASH)


def _signed_names(present: frozenset[bytes]) -> tuple[tuple[bytes, ...], bytes]:
    """Give the names of what is signed, in order, and the folded list that says so.

    A name that stands once more than the header does stands for one that is not there
    (RFC 6376 section 5.4.2), so that there is nothing to hash for it.
    """
    names = tuple(name for name in ONCE + OF_THE_LIST if name in present)
    listed: list[bytes] = []
    for name in names:
        listed += [name, name] if name in ONCE else [name]
    lines = [b" h="]
    for name in listed:
        if len(lines[-1]) + len(name) + 2 > _PIECE:
            lines.append(b" ")
        lines[-1] += name + b":"
    return names, b"\r\n".join(lines).removeprefix(b" h=").removesuffix(b":")


def _folded(value: bytes) -> bytes:
    return b"\r\n ".join(value[at : at + _PIECE] for at in range(0, len(value), _PIECE))
