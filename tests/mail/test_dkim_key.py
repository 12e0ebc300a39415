"""The key of DKIM and its record in DNS."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
)

from smakom_mail.mail.dkim_key import DkimKeyError, DnsRecord, dns_record, load_key, make_key
from tests.mail.verifying import key

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
PLAIN = NoEncryption()


def pem(private: Key, locked: KeySerializationEncryption = PLAIN) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)


def test_a_key_is_rsa_of_2048_bits_and_never_the_same() -> None:
    made = load_key(key())
    assert isinstance(made, rsa.RSAPrivateKey)
    assert (made.key_size, made.public_key().public_numbers().e) == (2048, 65537)
    assert make_key() != key()


def test_the_record_holds_the_public_half() -> None:
    made = load_key(key())
    assert isinstance(made, rsa.RSAPrivateKey)
    record = dns_record(key(), "brev.example", "brev")
    assert record.name == "brev._domainkey.brev.example"
    assert record.value.startswith("v=DKIM1; k=rsa; p=MII")
    public = load_der_public_key(base64.b64decode(record.value.partition("p=")[2]))
    assert isinstance(public, rsa.RSAPublicKey)
    assert public.public_numbers() == made.public_key().public_numbers()


def test_dns_keeps_the_record_in_strings_of_255_octets() -> None:
    record = dns_record(key(), "brev.example", "brev")
    assert [len(string) for string in record.strings] == [255, len(record.value) - 255]
    assert "".join(record.strings) == record.value


def test_a_zone_file_has_the_record_on_one_line() -> None:
    record = DnsRecord("a._domainkey.b.example", "v=DKIM1; k=rsa; p=" + "x" * 300)
    assert record.zone_line == (
        f'a._domainkey.b.example. IN TXT ( "v=DKIM1; k=rsa; p={"x" * 237}" "{"x" * 63}" )'
    )


def test_an_ed25519_key_has_its_32_bytes_in_the_record() -> None:
    record = dns_record(pem(ed25519.Ed25519PrivateKey.generate()), "brev.example", "brev")
    kind, _, value = record.value.rpartition("p=")
    assert kind == "v=DKIM1; k=ed25519; "
    assert len(base64.b64decode(value)) == 32


MAKE = "smakom-mail dkim keygen makes one"


@pytest.mark.parametrize(
    ("data", "sentence", "hint"),
    [
        (b"", "the DKIM key is no private key in PEM", MAKE),
        (b"\x00\xff", "the DKIM key is no private key in PEM", MAKE),
        (key()[:-200], "the DKIM key is no private key in PEM", MAKE),
        (
            pem(rsa.generate_private_key(65537, 2048), BestAvailableEncryption(b"x")),
            "the DKIM key is locked with a password",
            "unlock it: openssl pkey -in KEY -out NEW, and chmod 600 NEW",
        ),
        (
            pem(ec.generate_private_key(ec.SECP256R1())),
            "the DKIM key is neither RSA nor Ed25519",
            MAKE,
        ),
        (
            pem(rsa.generate_private_key(65537, 1024)),  # noqa: S505 - that is the point
            "the DKIM key has 1024 bits, and receivers want 2048",
            f"{MAKE}; publish it under another selector",
        ),
    ],
    ids=["empty", "no text", "cut off", "locked", "elliptic", "short"],
)
def test_a_key_that_nobody_would_accept_is_refused(data: bytes, sentence: str, hint: str) -> None:
    with pytest.raises(DkimKeyError) as raised:
        load_key(data)
    assert (raised.value.message, raised.value.hint) == (sentence, hint)
