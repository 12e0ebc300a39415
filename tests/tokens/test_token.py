"""Tokens: nobody can make, change or reuse one, and nothing can be read from it."""

import base64
import itertools
import random
import re
from collections.abc import Iterator
from statistics import correlation, mean
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.tokens import Keyring, Purpose, make_token, new_ref, new_scope, read_token

SECRET, OTHER = b"hemlighet-nummer-ett-" * 2, b"hemlighet-nummer-tva-" * 2
RING = Keyring((SECRET,))
REF, SCOPE = bytes(range(8)), b"abc"
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
LINKS = [purpose for purpose in PURPOSES if purpose != "envelope"]
TOKENS = {purpose: make_token(RING, purpose, REF, SCOPE) for purpose in PURPOSES}
ALPHABETS: dict[Purpose, str] = {
    **dict.fromkeys(LINKS, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
    "envelope": "abcdefghijklmnopqrstuvwxyz234567",
}
each_purpose = pytest.mark.parametrize("purpose", PURPOSES)


def accepted(purpose: Purpose, tokens: Iterator[str] | list[str]) -> list[str]:
    """Give those of `tokens` that are taken, and see that there were some to try."""
    tried = list(tokens)
    assert tried
    return [token for token in tried if read_token(RING, purpose, token) is not None]


def data_of(purpose: Purpose) -> bytes:
    """Give the 27 bytes behind the token of `purpose`."""
    if purpose == "envelope":
        return base64.b32decode(TOKENS[purpose].upper() + "====")
    return base64.urlsafe_b64decode(TOKENS[purpose])


def spelled(purpose: Purpose, data: bytes) -> str:
    if purpose == "envelope":
        return base64.b32encode(data).decode().rstrip("=").lower()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


# ------------------------------------------------------------------------------------ the form


def test_tokens_are_as_they_were_when_they_were_mailed() -> None:
    """These stand in mailed messages: a change here kills every link that is out."""
    assert TOKENS == {
        "unsubscribe": "AAECAwQFBgdhYmNnrnUFVhnj5GuRQUUXhik1",
        "confirm": "AAECAwQFBgdhYmPBs5S-J7dpx1TCfSDlQmKe",
        "envelope": "aaaqeayeaudaoylcmnarcrtylf3pmcuwonjsl6ekr33q",
        "preferences": "AAECAwQFBgdhYmPXEXS0Yz2kPgLfN9bVZqLp",
    }


def test_a_token_in_a_link_is_36_characters_that_no_url_escapes() -> None:
    assert all(re.fullmatch("[A-Za-z0-9_-]{36}", TOKENS[purpose]) for purpose in LINKS)


def test_the_https_part_of_list_unsubscribe_stays_within_76_characters() -> None:
    """Longer, and Python's own message writer would encode it (trust.md, surprise 3)."""
    part = f"<https://nyhetsbrev.smakom.example/u/{TOKENS['unsubscribe']}>"

    assert (len(part), len(part) <= 76) == (74, True)


def test_a_return_address_with_a_token_has_a_local_part_of_at_most_64_small_letters() -> None:
    local = f"nyhetsbrev-bounces+{TOKENS['envelope']}"

    assert re.fullmatch("[a-z2-7]{44}", TOKENS["envelope"])
    assert (len(local), len(local) <= 64) == (63, True)


@each_purpose
def test_a_token_holds_16_bytes_of_keyed_hash(purpose: Purpose) -> None:
    """128 bits: the 8 of the reference and the 3 of the scope are not counted."""
    data = data_of(purpose)

    assert data[:11] == REF + SCOPE
    assert len(data[11:]) == 16
    assert data[11:] == RING.mac(f"token {purpose}", REF + SCOPE)[:16]


# --------------------------------------------------------------------------------- there and back


@given(
    ref=st.binary(min_size=8, max_size=8),
    scope=st.binary(min_size=3, max_size=3),
    purpose=st.sampled_from(PURPOSES),
    secret=st.binary(min_size=32, max_size=64),
)
def test_what_was_made_is_read(ref: bytes, scope: bytes, purpose: Purpose, secret: bytes) -> None:
    ring = Keyring((secret,))

    token = make_token(ring, purpose, ref, scope)

    assert read_token(ring, purpose, token) == (ref, scope)
    assert make_token(ring, purpose, ref, scope) == token


@given(data=st.data())
def test_a_return_address_survives_any_change_of_case(data: st.DataObject) -> None:
    token = "".join(data.draw(st.sampled_from([c, c.upper()])) for c in TOKENS["envelope"])

    assert read_token(RING, "envelope", token) == (REF, SCOPE)


def test_after_a_change_of_secret_old_tokens_hold_and_new_ones_are_made_with_the_new() -> None:
    rotated = Keyring((OTHER, b"daremellan-" * 4, SECRET))

    for purpose in PURPOSES:
        assert read_token(rotated, purpose, TOKENS[purpose]) == (REF, SCOPE)
        fresh = make_token(rotated, purpose, REF, SCOPE)
        assert fresh == make_token(Keyring((OTHER,)), purpose, REF, SCOPE)
        assert read_token(RING, purpose, fresh) is None


# ---------------------------------------------------------------------------------- what is refused


@each_purpose
def test_ten_thousand_random_tokens_are_refused(purpose: Purpose) -> None:
    draw = random.Random(4711)  # noqa: S311 - the same tokens every time

    assert accepted(purpose, [spelled(purpose, draw.randbytes(27)) for _ in range(10_000)]) == []


@each_purpose
def test_ten_thousand_guesses_at_a_known_persons_hash_are_refused(purpose: Purpose) -> None:
    draw = random.Random(4711)  # noqa: S311 - the same tokens every time
    known = REF + SCOPE

    guesses = [spelled(purpose, known + draw.randbytes(16)) for _ in range(10_000)]

    assert accepted(purpose, guesses) == []


@each_purpose
def test_every_flipped_bit_is_refused(purpose: Purpose) -> None:
    data = int.from_bytes(data_of(purpose), "big")

    flipped = [spelled(purpose, (data ^ 1 << bit).to_bytes(27, "big")) for bit in range(216)]

    assert len(set(flipped)) == 216
    assert accepted(purpose, flipped) == []


@each_purpose
def test_every_other_character_in_every_place_is_refused(purpose: Purpose) -> None:
    """Among them the spare bits of the last one, which decoders pass over."""
    token = TOKENS[purpose]

    changed = [
        token[:place] + other + token[place + 1 :]
        for place in range(len(token))
        for other in ALPHABETS[purpose]
        if other != token[place]
    ]

    assert len(changed) == len(token) * (len(ALPHABETS[purpose]) - 1)
    assert accepted(purpose, changed) == []


@each_purpose
def test_every_flipped_bit_of_a_character_is_refused(purpose: Purpose) -> None:
    """But for bit 5 of a letter in a return address, which is its case."""
    token = TOKENS[purpose]
    flipped = {
        token[:place] + chr(ord(token[place]) ^ 1 << bit) + token[place + 1 :]
        for place, bit in itertools.product(range(len(token)), range(8))
    }
    cased = {other for other in flipped if purpose == "envelope" and other.lower() == token}

    assert accepted(purpose, sorted(flipped - cased)) == []
    assert len(flipped) == len(token) * 8


@each_purpose
def test_every_truncation_extension_and_piece_is_refused(purpose: Purpose) -> None:
    token = TOKENS[purpose]
    pieces = [token[start:end] for start, end in itertools.combinations(range(len(token) + 1), 2)]

    assert accepted(purpose, [piece for piece in pieces if piece != token] + [""]) == []
    for extra in [*ALPHABETS[purpose], *"=\n\r\t\0 .,;/%?#&", "==", "====", "\u00a0", token]:
        assert accepted(purpose, [token + extra, extra + token]) == []


@each_purpose
@pytest.mark.parametrize(
    "trick",
    ["=", "====", "\n", " ", "\u00ad", "\u200b", "\0", "+", "/", "%2D", "-", "å", "\ud800"],
)
def test_nothing_that_decoders_pass_over_is_passed_over(purpose: Purpose, trick: str) -> None:
    """Padding and characters outside of the alphabet, within the length and beyond it."""
    token = TOKENS[purpose]

    inserted = [token[:place] + trick + token[place:] for place in range(len(token) + 1)]
    replaced = [
        token[:place] + trick + token[place + len(trick) :]
        for place in range(len(token))
        if not token.startswith(trick, place)
    ]

    assert accepted(purpose, inserted + replaced) == []


@pytest.mark.parametrize("purpose", LINKS)
def test_a_token_in_a_link_has_one_spelling_of_each_letter(purpose: Purpose) -> None:
    token = TOKENS[purpose]
    cased = [token[:n] + c.swapcase() + token[n + 1 :] for n, c in enumerate(token) if c.isalpha()]

    assert accepted(purpose, [*cased, token.upper(), token.lower(), token.swapcase()]) == []


LOOKALIKES = {
    **{chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)},  # full width
    **dict(zip("aceopxykABEKMHOPCTX", "асеорхукАВЕКМНОРСТХ", strict=True)),  # Cyrillic
}


@each_purpose
@pytest.mark.parametrize("other", [LOOKALIKES, {"k": "\u212a", "K": "\u212a", "s": "\u017f"}])
def test_look_alikes_are_refused(purpose: Purpose, other: dict[str, str]) -> None:
    """Full width, Cyrillic, and the two that case mapping turns into ASCII letters."""
    for n in range(64):
        token = make_token(RING, purpose, n.to_bytes(8, "big"), SCOPE)
        assert read_token(RING, purpose, token) is not None
        for place, character in enumerate(token):
            if character in other:
                disguised = token[:place] + other[character] + token[place + 1 :]
                assert read_token(RING, purpose, disguised) is None


@pytest.mark.parametrize(("made", "read"), list(itertools.permutations(PURPOSES, 2)))
def test_a_token_for_another_purpose_is_refused(made: Purpose, read: Purpose) -> None:
    as_made = TOKENS[made]
    respelled = spelled(read, data_of(made))

    assert accepted(read, [as_made, respelled]) == []


@each_purpose
def test_a_token_of_another_person_or_of_other_lists_cannot_be_put_together(
    purpose: Purpose,
) -> None:
    """The hash of one token with the reference or scope of another."""
    ref, scope = bytes(8), b"xyz"
    mac = data_of(purpose)[11:]

    mixed = [spelled(purpose, r + s + mac) for r, s in [(ref, SCOPE), (REF, scope), (ref, scope)]]
    # The border between the two moved by one byte, with the bytes as they were.
    assert accepted(purpose, mixed) == []
    assert read_token(RING, purpose, make_token(RING, purpose, ref, scope)) == (ref, scope)


@each_purpose
def test_tokens_of_a_secret_that_is_gone_are_refused(purpose: Purpose) -> None:
    assert read_token(Keyring((OTHER,)), purpose, TOKENS[purpose]) is None


@each_purpose
def test_every_secret_is_tried_and_the_whole_hash_compared(
    purpose: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of them it was, and however much of a wrong hash is right."""
    lengths: list[tuple[int, int]] = []

    def watched(one: bytes, other: bytes) -> bool:
        lengths.append((len(one), len(other)))
        return one == other

    monkeypatch.setattr("hmac.compare_digest", watched)
    data = data_of(purpose)
    for secrets in ((SECRET, OTHER), (OTHER, SECRET)):
        for given_data in (data, data[:-1] + b"x", data[:11] + bytes(16)):
            read_token(Keyring(secrets), purpose, spelled(purpose, given_data))

    assert lengths == [(16, 16)] * 12


@given(text=st.text(st.characters(), max_size=60), purpose=st.sampled_from(PURPOSES))
def test_any_text_at_all_is_refused_without_an_exception(text: str, purpose: Purpose) -> None:
    assert read_token(RING, purpose, text) is None


@given(
    data=st.binary(min_size=27, max_size=27).filter(lambda data: data[:11] != REF + SCOPE),
    purpose=st.sampled_from(PURPOSES),
)
def test_any_well_formed_token_is_refused(data: bytes, purpose: Purpose) -> None:
    assert read_token(RING, purpose, spelled(purpose, data)) is None


# ------------------------------------------------------------------------------- what it gives away


def test_the_hashes_of_two_tokens_reveal_no_order() -> None:
    """References in a row, as a bad store would draw them: their hashes are in no row."""
    numbers = list(range(2_000))
    hashes = [
        int.from_bytes(RING.mac("token unsubscribe", n.to_bytes(8, "big") + SCOPE)[:16], "big")
        for n in numbers
    ]
    distances = [(a ^ b).bit_count() for a, b in itertools.pairwise(hashes)]
    ranks = {value: rank for rank, value in enumerate(sorted(hashes))}

    assert abs(correlation(numbers, [ranks[value] for value in hashes])) < 0.08
    assert 63 < mean(distances) < 65
    assert min(distances) > 32


def test_references_and_scopes_are_drawn_and_not_counted() -> None:
    refs = [new_ref() for _ in range(2_000)]
    scopes = {new_scope() for _ in range(100)}
    ranks = {ref: rank for rank, ref in enumerate(sorted(refs))}

    assert {len(ref) for ref in refs} == {8}
    assert {len(scope) for scope in scopes} == {3}
    assert len(ranks) == 2_000
    assert len(scopes) > 90
    # 0.15 is 6.7 standard deviations: less than once in 10 thousand million runs.
    assert abs(correlation(range(2_000), [ranks[ref] for ref in refs])) < 0.15


def test_a_person_has_other_hashes_for_other_purposes_and_lists() -> None:
    made = [
        RING.mac(f"token {purpose}", REF + scope)[:16]
        for purpose in PURPOSES
        for scope in (SCOPE, b"abd", b"abb")
    ]

    assert len(set(made)) == 12
    assert (
        min(
            (int.from_bytes(a) ^ int.from_bytes(b)).bit_count()
            for a, b in itertools.combinations(made, 2)
        )
        > 32
    )


# ---------------------------------------------------------------------------- faults of the program


@pytest.mark.parametrize(("ref", "scope"), [(b"", SCOPE), (REF, b""), (REF + b"a", b"bc")])
def test_a_reference_or_scope_of_another_length_is_refused(ref: bytes, scope: bytes) -> None:
    """Else a byte could be moved over the border between them."""
    with pytest.raises(ValueError, match=r"^a reference has 8 bytes and a scope 3$"):
        make_token(RING, "unsubscribe", ref, scope)


def test_a_purpose_that_does_not_exist_is_refused() -> None:
    purpose: Purpose = "login"  # type: ignore[assignment]  # what is tested

    with pytest.raises(ValueError, match=r"^there is no token for the purpose 'login'$"):
        make_token(RING, purpose, REF, SCOPE)
    with pytest.raises(ValueError, match=r"^there is no token for the purpose 'login'$"):
        read_token(RING, purpose, TOKENS["unsubscribe"])
