"""What is kept of people: the words that the database, files and commands share."""

import dataclasses

import pytest

from smakom_mail.model.person import (
    Basis,
    Change,
    Consent,
    Fault,
    Membership,
    MembershipState,
    PersonRow,
    Reason,
    Rejected,
    Repeated,
    Subscriber,
    Suppression,
)

KINDS = [
    *(Change, Consent, Fault, Membership),
    *(Rejected, Repeated, Subscriber, Suppression),
]


def test_the_words_for_grounds_reasons_and_states_are_those_of_the_database() -> None:
    words = {kind.__name__: [str(member) for member in kind] for kind in (Basis, Reason)}
    assert words == {
        "Basis": ["consent", "membership", "public-task", "legitimate-interest"],
        "Reason": ["unsubscribed", "bounced", "complained", "forgotten", "manual"],
    }
    assert [str(state) for state in MembershipState] == ["confirmed", "pending", "left"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_said_of_a_person_cannot_be_changed_in_passing(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined] # not in the types
    assert "__slots__" in kind.__dict__


def test_a_row_of_a_million_is_a_tuple() -> None:
    assert issubclass(PersonRow, tuple)


def test_a_person_is_compared_by_what_is_said() -> None:
    kim = Subscriber("1" * 16, "2" * 16, "kim@a.example", "Kim@a.example", "3" * 64)
    assert kim == dataclasses.replace(kim)
    assert kim != dataclasses.replace(kim, name="Kim")
    assert kim.state == "active"
