"""Making one message, with and without a signature, beside the bare signature; in turns."""

import itertools
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from smakom_mail.mail.dkim import Signer
from smakom_mail.mail.dkim_key import load_key, make_key
from smakom_mail.mail.message import MessageTemplate
from smakom_mail.model.campaign import FrozenMessage, Recipient

TURNS = 20
TURN = 50


@dataclass(frozen=True, slots=True)
class Composing:
    """Microseconds a message."""

    plain: float
    signed: float
    bare: float

    @property
    def ratio(self) -> float:
        """How many times the bare signature a signature costs on top of a message."""
        return (self.signed - self.plain) / self.bare


def measure_composing(
    frozen: FrozenMessage, recipients: Sequence[Recipient], turns: int = TURNS
) -> Composing:
    """Measure the three, some messages each at a time."""
    pem = make_key()
    key = load_key(pem)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the usual key is RSA")
    signer = Signer(pem, "smakom.example", "brev", lambda: 1_800_000_000)
    plain, signed = MessageTemplate(frozen), MessageTemplate(frozen, signer)
    padding, hashed = PKCS1v15(), SHA256()
    data = b"s" * 900
    ways: tuple[Callable[[Recipient], object], ...] = (
        plain.compose,
        signed.compose,
        lambda _: key.sign(data, padding, hashed),
    )
    readers = itertools.cycle(recipients)
    times: tuple[list[float], ...] = ([], [], [])
    for _ in range(turns):
        some = list(itertools.islice(readers, TURN))
        for way, found in zip(ways, times, strict=True):
            begun = time.process_time_ns()
            for reader in some:
                way(reader)
            found.append((time.process_time_ns() - begun) / 1000 / len(some))
    return Composing(*(statistics.median(found) for found in times))
