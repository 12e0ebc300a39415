"""Message ids: the same for the same edition and person, and nothing can be read from them."""

import itertools
import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.tokens import Keyring, message_id
from smakom_mail.tokens.message_id import Kind

RING = Keyring((b"hemlighet-nummer-ett-" * 2,))
ROTATED = Keyring((b"hemlighet-nummer-tva-" * 2, *RING.keys))
EDITION, KEY, HOST = "januari-2021", "kim@exempelkommun.example", "nyhetsbrev.smakom.example"
# RFC 5322 section 3.6.4: id-left and id-right as dot-atom-text (3.2.3).
ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
MSG_ID = rf"<{ATEXT}+(\.{ATEXT}+)*@{ATEXT}+(\.{ATEXT}+)*>"


def test_a_message_id_is_the_same_every_time_and_as_it_was_when_it_was_sent() -> None:
    expected = "<p2svxb6csodevm7hdd6p77cxay@nyhetsbrev.smakom.example>"

    assert message_id(RING, EDITION, KEY, HOST) == expected
    assert message_id(RING, EDITION, KEY, HOST, "campaign") == expected


def test_every_edition_person_host_and_kind_has_its_own() -> None:
    kinds: tuple[Kind, ...] = get_args(Kind)
    made = [
        message_id(RING, *parts)
        for parts in itertools.product(
            (EDITION, "januari-202", "våren-2021"),
            (KEY, "1" + KEY, "kim@exempelkommun.exampl"),
            (HOST, "127.0.0.1", "localhost"),
            kinds,
        )
    ]

    assert len(set(made)) == 108
    assert [one for one in made if not re.fullmatch(MSG_ID, one)] == []


def test_letters_cannot_be_moved_from_the_edition_to_the_address() -> None:
    made = {message_id(RING, "ab"[:n], "ab"[n:], HOST) for n in range(3)}

    assert len(made) == 3


def test_nothing_of_edition_and_address_can_be_read_in_it() -> None:
    made = message_id(RING, EDITION, KEY, HOST)

    local = made[1:].partition("@")[0]
    assert re.fullmatch("[a-z2-7]{26}", local)
    assert local not in message_id(Keyring((b"en-annan-hemlighet-" * 2,)), EDITION, KEY, HOST)


def test_it_is_made_with_the_current_secret() -> None:
    assert message_id(ROTATED, EDITION, KEY, HOST) == message_id(
        Keyring(ROTATED.keys[:1]), EDITION, KEY, HOST
    )
    assert message_id(ROTATED, EDITION, KEY, HOST) != message_id(RING, EDITION, KEY, HOST)


@given(edition=st.text(st.characters()), key=st.text(st.characters()))
def test_any_text_has_one(edition: str, key: str) -> None:
    made = message_id(RING, edition, key, HOST)

    assert re.fullmatch(MSG_ID, made)
    assert made == message_id(RING, edition, key, HOST)


@pytest.mark.parametrize(
    "host",
    [
        *("", ".", "a..b", ".a", "a.", "a b", "a@b", "a>b", "a\r\nBcc: x", "a\n", "[::1]", "::1"),
        *("småkom.example", "a:25", "a/b", '"a"', "(a)", "a" * 254),
    ],
)
def test_a_host_that_would_break_the_header_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match=r" cannot stand in a Message-ID$") as raised:
        message_id(RING, EDITION, KEY, host)

    assert str(raised.value) == f"{host!r} cannot stand in a Message-ID"


def test_a_kind_that_does_not_exist_is_refused() -> None:
    kind: Kind = "test"  # type: ignore[assignment]  # what is tested

    with pytest.raises(ValueError, match=r"^there is no message of the kind 'test'$"):
        message_id(RING, EDITION, KEY, HOST, kind)
