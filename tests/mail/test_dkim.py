"""Signatures: others verify them, and whatever is changed or added breaks them."""

import base64
import re
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given

from smakom_mail.mail.dkim import ONCE, Signer
from smakom_mail.mail.dkim_key import DkimKeyError
from smakom_mail.mail.message import MessageTemplate
from smakom_mail.model.rendered import PersonalText
from tests.mail.letters import FROZEN, KIM, NAME, of_text
from tests.mail.test_template import PERSONAL, VALUES
from tests.mail.verifying import (
    DOMAIN,
    NOW,
    SELECTOR,
    dkimpy_accepts,
    key,
    opendkim_accepts,
    signed,
    tags,
)

Change = Callable[[bytes], bytes]
PROOF = replace(KIM, token="")
BLANKS = of_text(PersonalText(("a  b   c ", NAME, "  \n\n   d \n\n\n")))


# ------------------------------------------------------------------------------------ accepted


def test_others_verify_what_we_sign(tmp_path: Path) -> None:
    messages = {
        "a reader's copy": signed(),
        "a proof, which cannot be left": signed(recipient=PROOF),
        "a text full of blanks": signed(BLANKS),
        "a name in many octets": signed(recipient=replace(KIM, name="Åsa 😀 Öberg " * 9)),
    }
    yes = dict.fromkeys(messages, True)
    assert {name: dkimpy_accepts(data) for name, data in messages.items()} == yes
    assert opendkim_accepts(tmp_path, messages) == yes


@given(PERSONAL, PERSONAL, VALUES)
def test_any_text_with_any_value_is_verified(
    text: PersonalText, html: PersonalText, name: str
) -> None:
    assert dkimpy_accepts(signed(of_text(text, html), replace(KIM, name=name)))


CARELESS: dict[str, Change] = {
    "blanks before the line's end": lambda data: data.replace(b"!\r\n", b"! \t\r\n"),
    "a run of blanks made one": lambda data: data.replace(b"a  b", b"a b"),
    "an empty line at the end": lambda data: data + b"\r\n\r\n",
    "a header folded anew": lambda data: data.replace(b"Date: Mon, 04", b"date:   Mon,\r\n\t04"),
    "a header of its own in front": lambda data: b"Received: from a by b; c\r\n" + data,
}


def test_what_careless_relays_do_is_survived(tmp_path: Path) -> None:
    original = signed(replace(FROZEN, text=PersonalText(("a  b\nHej ", NAME, "!\n"))))
    messages = {name: change(original) for name, change in CARELESS.items()}
    assert all(data != original for data in messages.values())
    yes = dict.fromkeys(CARELESS, True)
    assert {name: dkimpy_accepts(data) for name, data in messages.items()} == yes
    assert opendkim_accepts(tmp_path, messages) == yes


# ------------------------------------------------------------------------------------- refused


def headers(message: bytes) -> list[bytes]:
    """Give the whole header fields behind the signature."""
    head = message.split(b"\r\n\r\n", 1)[0] + b"\r\n"
    fields = re.findall(rb"[^ \t].*\r\n(?:[ \t].*\r\n)*", head)
    return [field for field in fields if not field.startswith(b"DKIM-Signature")]


def tampered(message: bytes) -> dict[str, bytes]:
    """Give the message with each of its parts changed, taken away, or given a twin."""
    signature, rest = re.split(rb"\r\n(?=From:)", message, maxsplit=1)
    made = {
        "text added at the end": message + b"EVIL\r\n",
        "text changed": message.replace(b"Kim=\r\n", b"Eva=\r\n"),
        "a picture added": message.replace(b"</a>", b"</a><img>"),
        "another time of signing": message.replace(b"t=%d" % NOW, b"t=%d" % (NOW + 1)),
        "less signed": message.replace(b"from:from:", b"from:"),
    }
    for field in headers(message):
        name = field.split(b":")[0].decode()
        if name == "Precedence":
            continue
        end = field.replace(b"\r\n", b"x\r\n")
        made[f"{name} changed"] = message.replace(field, end)
        made[f"{name} taken away"] = message.replace(field, b"")
        if name.lower().encode() in ONCE:
            made[f"a second {name} in front"] = field + message
            made[f"a second {name} behind"] = signature + b"\r\n" + field + rest
    assert all(data != message for data in made.values())
    return made


def test_whatever_is_changed_or_added_breaks_the_signature(tmp_path: Path) -> None:
    messages = tampered(signed())
    assert len(messages) > 40
    no = dict.fromkeys(messages, False)
    assert {name: dkimpy_accepts(data) for name, data in messages.items()} == no
    assert opendkim_accepts(tmp_path, messages) == no


# --------------------------------------------------------------------------------- the signature


def test_the_signature_says_what_it_covers_and_has_no_length() -> None:
    found = tags(signed())
    assert {name: value for name, value in found.items() if name not in ("b", "bh")} == {
        "v": "1",
        "a": "rsa-sha256",
        "c": "relaxed/relaxed",
        "d": "brev.example",
        "s": "brev",
        "t": "1609743600",
        "h": "from:from:to:to:reply-to:reply-to:subject:subject:date:date:message-id:message-id:"
        "mime-version:mime-version:content-type:content-type:list-id:list-unsubscribe:"
        "list-unsubscribe-post:list-archive:feedback-id:content-language",
    }
    assert list(found) == ["v", "a", "c", "d", "s", "t", "h", "bh", "b"]


def test_what_a_message_lacks_is_not_signed() -> None:
    assert tags(signed(recipient=PROOF))["h"].endswith(
        "content-type:content-type:list-id:list-archive:feedback-id:content-language"
    )


def test_the_signature_is_folded_into_short_lines() -> None:
    lines = signed().split(b"From:")[0].split(b"\r\n")
    assert lines[0] == b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;"
    assert all(len(line) <= 76 for line in lines)
    assert len(lines) > 10


def test_two_copies_have_two_signatures() -> None:
    one, other = tags(signed()), tags(signed(recipient=replace(KIM, email="eva@stad.example")))
    assert one["bh"] == other["bh"]
    assert one["b"] != other["b"]


class VerifyKey:
    """The one part of PyNaCl that dkimpy verifies with, made of `cryptography`."""

    def __init__(self, text: bytes, encoder: object) -> None:
        """Read the key of a DNS record, which is in base64."""
        del encoder
        self._key = Ed25519PublicKey.from_public_bytes(base64.b64decode(text))

    def verify(self, data: bytes, signature: bytes) -> None:
        """Raise InvalidSignature where `data` was not signed."""
        self._key.verify(signature, data)


def test_an_ed25519_key_signs_too(monkeypatch: pytest.MonkeyPatch) -> None:
    nacl = SimpleNamespace(
        signing=SimpleNamespace(VerifyKey=VerifyKey),
        encoding=SimpleNamespace(Base64Encoder=None),
        exceptions=SimpleNamespace(BadSignatureError=InvalidSignature, ValueError=ValueError),
    )
    monkeypatch.setattr("dkim.nacl", nacl, raising=False)
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    template = MessageTemplate(FROZEN, Signer(pem, DOMAIN, SELECTOR, lambda: NOW))
    message = b"".join(template.compose(KIM))
    assert tags(message)["a"] == "ed25519-sha256"
    assert dkimpy_accepts(message, pem)
    assert not dkimpy_accepts(message + b"EVIL\r\n", pem)
    assert not dkimpy_accepts(message.replace(b"Nyheter", b"Nyhet"), pem)


# ---------------------------------------------------------------------------------- the secret


def test_a_signer_shows_where_its_key_is_published_and_nothing_of_it() -> None:
    signer = Signer(key(), DOMAIN, SELECTOR, lambda: NOW)
    assert repr(signer) == str(signer) == "Signer(brev._domainkey.brev.example)"
    assert key()[40:80].decode() not in f"{MessageTemplate(FROZEN, signer)!r}"


def test_no_traceback_of_a_broken_key_shows_it() -> None:
    broken = key().replace(b"A", b"B")
    with pytest.raises(DkimKeyError) as raised:
        Signer(broken, DOMAIN, SELECTOR, lambda: NOW)
    told = "".join(traceback.format_exception(raised.value))
    assert str(raised.value) == "the DKIM key is no private key in PEM"
    assert broken[40:80].decode() not in told


@pytest.mark.parametrize(
    ("domain", "selector", "sentence"),
    [
        ("", "brev", "'' is no domain to sign for"),
        ("example", "brev", "'example' is no domain to sign for"),
        ("åmål.example", "brev", "'åmål.example' is no domain to sign for"),
        ("Brev.example", "brev", "'Brev.example' is no domain to sign for"),
        ("a.example; l=0", "brev", "'a.example; l=0' is no domain to sign for"),
        ("a.example\r\nBcc: x", "brev", "'a.example\\r\\nBcc: x' is no domain to sign for"),
        ("a.example\n", "brev", "'a.example\\n' is no domain to sign for"),
        ("a.example", "", "'' is no selector"),
        ("a.example", "a;b", "'a;b' is no selector"),
        ("a.example", "brev\n", "'brev\\n' is no selector"),
        ("a.example", "-a", "'-a' is no selector"),
    ],
)
def test_a_domain_or_selector_that_would_say_more_is_refused(
    domain: str, selector: str, sentence: str
) -> None:
    with pytest.raises(DkimKeyError) as raised:
        Signer(key(), domain, selector, lambda: NOW)
    assert str(raised.value) == sentence
