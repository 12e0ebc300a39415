"""What can become of a delivery: every pair of state and event."""

import re

import pytest

from smakom_mail.model.delivery import (
    OPEN,
    TABLE,
    Event,
    State,
    TransitionError,
    sources,
    transition,
)
from tests.conftest import ROOT

GUARANTEES = ROOT / "docs" / "guarantees.md"
EXPECTED = """
waiting + claim = claimed
waiting + withhold = withheld
waiting + adopt = unknown
claimed + release = waiting
claimed + intend = submitting
claimed + withhold = withheld
claimed + defer = deferred
claimed + refuse = refused
claimed + die = waiting
claimed + adopt = unknown
submitting + release = waiting
submitting + accept = accepted
submitting + defer = deferred
submitting + refuse = refused
submitting + lose = unknown
submitting + die = unknown
submitting + adopt = unknown
deferred + claim = claimed
deferred + withhold = withheld
deferred + adopt = unknown
deferred + expire = refused
refused + reopen = waiting
unknown + settle as accepted = accepted
unknown + settle as refused = refused
unknown + settle by sending again = waiting
"""


def printed_table() -> list[str]:
    """Write the table as docs/guarantees.md has it: states down, each with its ways out."""
    ways = {
        state: "; ".join(
            f"{event} → {TABLE[state, event]}" for event in Event if (state, event) in TABLE
        )
        for state in State
    }
    return [
        "| a delivery that is | can be led on by |",
        "| --- | --- |",
        *(f"| {state} | {ways[state] or 'nothing: it is final'} |" for state in State),
    ]


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("state", State)
def test_every_pair_of_state_and_event_is_expected_or_impossible(
    state: State, event: Event
) -> None:
    expected = re.search(rf"^{state} \+ {event} = (\w+)$", EXPECTED, re.MULTILINE)
    if expected:
        assert transition(state, event) == expected[1]
        return
    with pytest.raises(TransitionError) as caught:
        transition(state, event)
    assert str(caught.value) == f"“{event}” cannot happen to a delivery that is {state}"


def test_nothing_but_a_person_leads_out_of_doubt() -> None:
    ways = [event for state, event in TABLE if state is State.UNKNOWN]
    assert ways == [Event.SETTLE_ACCEPTED, Event.SETTLE_REFUSED, Event.SETTLE_RESEND]


def test_nothing_leads_out_of_accepted_or_withheld() -> None:
    assert [pair for pair in TABLE if pair[0] in (State.ACCEPTED, State.WITHHELD)] == []


def test_whatever_may_have_been_taken_is_never_sent_again_by_itself() -> None:
    """From submitting the ways to waiting are a reply, or an end before the dot; never a death."""
    assert transition(State.SUBMITTING, Event.DIE) is State.UNKNOWN
    assert transition(State.SUBMITTING, Event.LOSE) is State.UNKNOWN


def test_every_state_can_be_reached_and_every_open_one_can_be_left() -> None:
    assert {State.WAITING, *TABLE.values()} == set(State)
    assert {state for state, _ in TABLE} >= OPEN


def test_the_sources_of_an_event_are_its_states_in_the_table() -> None:
    assert {event: set(sources(event)) for event in Event} == {
        event: {state for state, happens in TABLE if happens is event} for event in Event
    }


def test_the_printed_table_is_the_table_of_the_program() -> None:
    assert "\n".join(printed_table()) in GUARANTEES.read_text(encoding="utf-8")
