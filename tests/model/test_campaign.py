"""What is frozen with a campaign, and the sums that always hold."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.model.campaign import FrozenMessage, Tally
from smakom_mail.model.delivery import State
from smakom_mail.model.rendered import PersonalText, Slot
from tests.mail.letters import FROZEN

WORDS = st.text(min_size=1, max_size=20)
NAMES = st.sampled_from(["name", "organisation", "email", "unsubscribe"])
PARTS = st.one_of(WORDS, st.builds(Slot, NAMES, st.none() | WORDS))
TEXTS = st.builds(lambda parts: PersonalText(tuple(parts)), st.lists(PARTS, max_size=6))
COUNTS = st.dictionaries(st.sampled_from(list(State)), st.integers(0, 10**6))


def counted(planned: int, **states: int) -> Tally:
    return Tally(planned, {"unconfirmed": 3}, {State(name): n for name, n in states.items()})


@given(TEXTS, TEXTS, TEXTS)
def test_a_frozen_message_is_read_back_as_it_was(
    subject: PersonalText, html: PersonalText, text: PersonalText
) -> None:
    frozen = replace(FROZEN, subject=subject, html=html, text=text, pictures=(("x.png", "00"),))
    read = FrozenMessage.from_json(frozen.as_json())
    assert (read, read.computed_digest()) == (frozen, frozen.computed_digest())


def test_a_frozen_message_is_one_line() -> None:
    frozen = replace(FROZEN, list_name="två\nrader\u2028här")
    assert "\n" not in frozen.as_json()


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '"x"', "{", '{"subject": 1}'])
def test_what_is_no_frozen_message_is_no_traceback_of_another_kind(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        FrozenMessage.from_json(text)


@pytest.mark.parametrize(
    "change",
    [
        {"subject": PersonalText(("Annat",))},
        {"html": PersonalText(("<p>Annat</p>",))},
        {"text": PersonalText(("Annat",))},
        {"sender": ("SmåKom", "annan@brev.example")},
        {"sender": ("SmåKom ", "brev@brev.example")},
        {"reply_to": ("", "brev@brev.example")},
        {"pictures": (("a.png", "00"),)},
    ],
)
def test_the_digest_changes_with_all_that_a_reader_gets(change: dict[str, object]) -> None:
    changed = replace(FROZEN, **change)  # type: ignore[arg-type] # each of its own kind
    assert changed.computed_digest() != FROZEN.computed_digest()


def test_a_hand_that_changes_the_stored_text_is_found_out() -> None:
    frozen = replace(FROZEN, digest=FROZEN.computed_digest())
    touched = json.loads(frozen.as_json())
    touched["html"][0] += "<p>Betala hit</p>"
    read = FrozenMessage.from_json(json.dumps(touched))
    assert read.computed_digest() != read.digest


def test_both_sums_of_a_tally() -> None:
    tally = counted(9, waiting=2, accepted=4, deferred=1, unknown=2)
    tally.require_sum()
    assert (tally.candidates, tally.open, tally.settled) == (12, 3, False)


@pytest.mark.parametrize(
    ("states", "settled"),
    [
        ({"accepted": 1, "refused": 1, "withheld": 1}, True),
        ({"waiting": 1}, False),
        ({"claimed": 1}, False),
        ({"submitting": 1}, False),
        ({"deferred": 1}, False),
        ({"unknown": 1}, False),
        ({}, True),
    ],
)
def test_only_final_states_are_settled(states: dict[str, int], settled: bool) -> None:  # noqa: FBT001 - a row of the table
    assert counted(sum(states.values()), **states).settled is settled


@given(COUNTS, st.integers(1, 5))
def test_a_tally_that_lost_or_gained_somebody_is_never_shown(
    states: dict[State, int], difference: int
) -> None:
    total = sum(states.values())
    Tally(total, {}, states).require_sum()
    with pytest.raises(AssertionError) as caught:
        Tally(total + difference, {}, states).require_sum()
    expected = f"{total + difference} people were planned, and {total} are counted"
    assert str(caught.value) == expected
