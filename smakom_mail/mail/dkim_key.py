"""Keys of DKIM: making one, reading one, and the record in DNS that lets receivers verify."""

import base64
import re
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from smakom_mail.errors import SmakomMailError

PrivateKey = RSAPrivateKey | Ed25519PrivateKey

BITS = 2048
"""What is made, and the least that is used (RFC 8301): more is slow and seldom fits DNS."""
_STRING = 255
_LABEL = "[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_LONGEST_NAME = 253


class DkimKeyError(SmakomMailError):
    """A key, domain or selector with which no receiver would verify anything."""


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """The TXT record that a receiver looks up; nothing in it is secret.

    `value` is one text; DNS keeps it as `strings` of at most 255 octets, which belong together
    without anything between.
    """

    name: str
    value: str

    @property
    def strings(self) -> tuple[str, ...]:
        """The value in the pieces that DNS keeps."""
        cuts = range(0, len(self.value), _STRING)
        return tuple(self.value[at : at + _STRING] for at in cuts)

    @property
    def zone_line(self) -> str:
        """The record as a zone file has it, on one line."""
        quoted = " ".join(f'"{string}"' for string in self.strings)
        return f"{self.name}. IN TXT ( {quoted} )"


def make_key() -> bytes:
    """Make an RSA key of 2,048 bits; give it as PEM (PKCS#8), which is to be kept secret."""
    key = generate_private_key(public_exponent=65537, key_size=BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def load_key(pem: bytes) -> PrivateKey:
    """Read a private key. Raises DkimKeyError, which never holds a word of it."""
    try:
        key = load_pem_private_key(pem, None)
    except TypeError:
        raise DkimKeyError(
            "the DKIM key is locked with a password",
            "unlock it: openssl pkey -in KEY -out NEW, and chmod 600 NEW",
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise DkimKeyError(
            "the DKIM key is no private key in PEM", "smakom-mail dkim keygen makes one"
        ) from None
    if isinstance(key, Ed25519PrivateKey):
        return key
    if not isinstance(key, RSAPrivateKey):
        raise DkimKeyError(
            "the DKIM key is neither RSA nor Ed25519", "smakom-mail dkim keygen makes one"
        )
    if key.key_size < BITS:
        raise DkimKeyError(
            f"the DKIM key has {key.key_size} bits, and receivers want {BITS}",
            "smakom-mail dkim keygen makes one; publish it under another selector",
        )
    return key


def dns_record(key_pem: bytes, domain: str, selector: str) -> DnsRecord:
    """Give the record under which the public half of a key is to be published (RFC 6376 3.6.1).

    Raises DkimKeyError.
    """
    require_domain(domain)
    require_selector(selector)
    key = load_key(key_pem)
    if isinstance(key, RSAPrivateKey):
        kind = "rsa"
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        kind = "ed25519"
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    text = base64.b64encode(public).decode("ascii")
    return DnsRecord(f"{selector}._domainkey.{domain}", f"v=DKIM1; k={kind}; p={text}")


def require_domain(domain: str) -> None:
    """Raise DkimKeyError where `domain` cannot stand in a signature."""
    if "." not in domain or not _NAME.fullmatch(domain) or len(domain) > _LONGEST_NAME:
        raise DkimKeyError(
            f"{domain[:60]!r} is no domain to sign for",
            "write it in small letters, with å, ä and ö as xn--… (IDNA)",
        )


def require_selector(selector: str) -> None:
    """Raise DkimKeyError where `selector` cannot stand in a signature."""
    if not _NAME.fullmatch(selector) or len(selector) > _LONGEST_NAME:
        raise DkimKeyError(
            f"{selector[:60]!r} is no selector",
            "use small letters, digits and hyphens: smakom1",
        )
