"""Signed messages, and what others say of their signatures: dkimpy and OpenDKIM."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import dkim  # type: ignore[import-untyped] # it ships no types
import pytest

from smakom_mail.mail.dkim import Signer
from smakom_mail.mail.dkim_key import dns_record, make_key
from smakom_mail.mail.message import MessageTemplate
from smakom_mail.model.campaign import FrozenMessage, Recipient
from tests.mail.letters import FROZEN, KIM

DOMAIN = "brev.example"
SELECTOR = "brev"
NOW = 1_609_743_600


@cache
def key() -> bytes:
    """Make the key of all these tests: it takes a tenth of a second."""
    return make_key()


def signer() -> Signer:
    """Give what signs with that key, at a time that stands still."""
    return Signer(key(), DOMAIN, SELECTOR, lambda: NOW)


def signed(frozen: FrozenMessage = FROZEN, recipient: Recipient = KIM) -> bytes:
    """Give a signed message as it goes over the wire."""
    return b"".join(MessageTemplate(frozen, signer()).compose(recipient))


def tags(message: bytes) -> dict[str, str]:
    """Take the signature of a message apart."""
    field = re.match(rb"DKIM-Signature: ((?:.*\r\n)(?:[ \t].*\r\n)*)", message)
    assert field
    text = re.sub(r"\s+", "", field[1].decode("ascii"))
    return dict(tag.split("=", 1) for tag in text.split(";"))


def dkimpy_accepts(message: bytes, key_pem: bytes | None = None) -> bool:
    """Ask dkimpy, which looks the key up in a DNS of our own."""
    record = dns_record(key_pem or key(), DOMAIN, SELECTOR)

    def text(name: bytes, timeout: int = 5) -> bytes | None:
        del timeout
        return record.value.encode("ascii") if name == f"{record.name}.".encode("ascii") else None

    return bool(dkim.verify(message, dnsfunc=text))


def opendkim_accepts(folder: Path, messages: dict[str, bytes]) -> dict[str, bool]:
    """Ask OpenDKIM as a mail server runs it, about several messages at once."""
    program = shutil.which("opendkim", path="/usr/sbin:/usr/local/sbin:/usr/bin:/opt/homebrew/sbin")
    if program is None:
        pytest.fail("OpenDKIM is not installed (on Debian: sudo apt-get install opendkim)")
    record = dns_record(key(), DOMAIN, SELECTOR)
    keys, settings = folder / "keys", folder / "opendkim.conf"
    keys.write_text(f"{record.name} {record.value}\n", encoding="ascii")
    settings.write_text(f"Mode v\nTestPublicKeys {keys}\n", encoding="utf-8")
    paths = {name: folder / f"{number}.eml" for number, name in enumerate(messages)}
    for name, path in paths.items():
        path.write_bytes(messages[name])
    said = subprocess.run(
        [program, "-x", str(settings), "-t", ",".join(map(str, paths.values()))],
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = dict(re.findall(r"/(\d+\.eml): (.*)", said.stdout))
    # Of a message without From it says nothing at all.
    return {
        name: verdicts.get(path.name, "").endswith(" succeeded") for name, path in paths.items()
    }
