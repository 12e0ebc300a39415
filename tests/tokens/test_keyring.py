"""Fingerprints: keyed, the same every time, and known again after the secret has changed."""

import hmac
import itertools
import re
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.tokens import Keyring
from smakom_mail.tokens.keyring import SHORTEST

CANARY = b"kanariefageln-sjunger-inte-i-loggen-1"
OTHER = b"en-annan-hemlighet-som-ar-lang-nog-2"
THIRD = b"den-tredje-hemligheten-ar-ocksa-lang"
KEY = "kim@exempelkommun.example"


def test_a_fingerprint_is_the_same_every_time_and_as_it_was_when_it_was_stored() -> None:
    """The literal is what databases hold: a change here makes them forget who said no."""
    assert Keyring((CANARY,)).fingerprint(KEY) == (
        "f332e139000e7e51ae61db45f96e785c0ae7551bad72d9cd5feecd1e757cf3e1"
    )


def test_a_fingerprint_is_a_keyed_hash_under_a_key_of_its_own() -> None:
    derived = hmac.digest(CANARY, b"smakom-mail 1 fingerprint", "sha256")

    assert Keyring((CANARY,)).fingerprint(KEY) == (
        hmac.new(derived, KEY.encode("ascii"), "sha256").hexdigest()
    )
    assert Keyring((CANARY,)).fingerprint(KEY) != (
        hmac.new(CANARY, KEY.encode("ascii"), "sha256").hexdigest()
    )


@given(key=st.text(max_size=200), secret=st.binary(min_size=32, max_size=200))
def test_a_fingerprint_is_what_hmac_makes(key: str, secret: bytes) -> None:
    """Made in half the time, for a million at once."""
    keyring = Keyring((secret, CANARY))
    message = key.encode("utf-8", "surrogatepass")

    assert keyring.fingerprints(key) == tuple(
        mac.hex() for mac in keyring.macs("fingerprint", message)
    )


def test_another_address_and_another_secret_have_another_fingerprint() -> None:
    made = [
        Keyring((secret,)).fingerprint(key)
        for secret in (CANARY, OTHER)
        for key in (KEY, "kim@exempelkommun.exampl", "kim@exempelkommun.example ", "", "å")
    ]

    assert len(set(made)) == len(made)
    assert all(re.fullmatch("[0-9a-f]{64}", fingerprint) for fingerprint in made)


def test_after_a_change_of_secret_old_fingerprints_are_still_known_newest_first() -> None:
    before, after = Keyring((CANARY,)), Keyring((OTHER, THIRD, CANARY))

    assert after.fingerprints(KEY) == (
        Keyring((OTHER,)).fingerprint(KEY),
        Keyring((THIRD,)).fingerprint(KEY),
        before.fingerprint(KEY),
    )
    assert after.fingerprint(KEY) == after.fingerprints(KEY)[0]


def test_no_two_uses_share_a_key() -> None:
    uses = (
        *("fingerprint", "name", "message id"),
        *("token unsubscribe", "token confirm", "token envelope", "token preferences"),
    )
    keyring = Keyring((CANARY, OTHER))

    made = list(itertools.chain.from_iterable(keyring.macs(use, b"samma") for use in uses))

    assert len(set(made)) == 2 * len(uses)


def test_a_name_tells_secrets_apart_and_says_nothing_else() -> None:
    names = Keyring((CANARY, OTHER)).names

    assert names == (*Keyring((CANARY,)).names, *Keyring((OTHER,)).names)
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in names)
    assert len(set(names)) == 2


@given(st.text(st.characters()))
def test_any_text_has_a_fingerprint(text: str) -> None:
    keyring = Keyring((CANARY, OTHER))

    assert keyring.fingerprint(text) == Keyring((CANARY,)).fingerprint(text)
    assert len(set(keyring.fingerprints(text))) == 2


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ((), "a keyring needs a secret"),
        ((CANARY[:31],), "a secret has at least 32 bytes"),
        ((CANARY, b""), "a secret has at least 32 bytes"),
    ],
)
def test_a_keyring_without_a_whole_secret_is_refused(keys: tuple[bytes, ...], message: str) -> None:
    with pytest.raises(ValueError, match=r"^a ") as raised:
        Keyring(keys)

    assert str(raised.value) == message
    assert CANARY[:8].decode() not in "".join(traceback.format_exception(raised.value))


def test_the_shortest_secret_is_as_long_as_its_hash() -> None:
    assert Keyring((b"x" * SHORTEST,)).fingerprint("a") != ""
    assert SHORTEST == 32


def test_nothing_that_is_printed_shows_a_secret_nor_a_key_made_of_it() -> None:
    keyring = Keyring((CANARY, OTHER))
    keyring.fingerprint(KEY)

    assert repr(keyring) == str(keyring) == f"{keyring}" == "Keyring(2 secrets)"
    assert repr(Keyring((CANARY,))) == "Keyring(1 secret)"
    assert repr([keyring]) == "[Keyring(2 secrets)]"


def test_keyrings_of_the_same_secrets_are_equal_whatever_was_made_with_them() -> None:
    used = Keyring((CANARY,))
    used.fingerprint(KEY)

    assert used == Keyring((CANARY,))
    assert used != Keyring((OTHER,))
    assert len({used, Keyring((CANARY,))}) == 1
