"""What makes an audience smaller than its editor thinks: lists that are gone, names nobody has."""

from collections import Counter

import pytest

from smakom_mail.config.selection import (
    Selection,
    SelectionFault,
    parse_selection,
    print_selection,
)
from smakom_mail.store import Database
from smakom_mail.store.audience import (
    candidates,
    count_lacking,
    count_stranded,
    count_verdicts,
)
from smakom_mail.store.selecting import unknown_terms
from tests.store.peopled import added, no, person, say_no

LEFT = ("medlemmar", "styrelse")
"""The lists that are still there; press was one."""


def selected(text: str) -> Selection:
    """Read a selection that has no fault."""
    found = parse_selection(text)
    assert not isinstance(found, SelectionFault)
    return found


@pytest.fixture
def peopled(database: Database) -> Database:
    """Add people on a list that is there, on one that was, and on both."""
    added(
        database,
        person("anna@nas.example", "medlemmar", organisation="Näs", tags=("Styrelse",)),
        person("bo@nas.example", "medlemmar", "press", organisation="NÄS", language="en"),
        person("cia@nas.example", "press"),
        person("dan@nas.example", "press"),
        person("eva@nas.example"),
    )
    say_no(database, no("dan@nas.example", "press"))
    return database


@pytest.mark.parametrize("text", ["everyone", "not list:styrelse", "not tag:x"])
def test_a_list_that_is_no_longer_there_reaches_nobody(peopled: Database, text: str) -> None:
    found = list(candidates(peopled, selected(text), LEFT))

    assert {each.key.split("@")[0]: each.excluded or "+".join(each.lists) for each in found} == {
        "anna": "medlemmar",
        "bo": "medlemmar",
        "cia": "not in selection",
        "dan": "unsubscribed",
        "eva": "no consent",
    }
    assert count_verdicts(peopled, selected(text), LEFT) == Counter(e.excluded for e in found)


def test_whom_only_lists_would_reach_that_are_gone_are_counted_by_list(peopled: Database) -> None:
    assert count_stranded(peopled, LEFT) == {"press": 1}
    assert count_stranded(peopled, ["styrelse"]) == {"medlemmar": 2, "press": 2}
    assert count_stranded(peopled, [*LEFT, "press"]) == {}


def test_the_planned_who_lack_what_a_text_says_of_them_are_counted(database: Database) -> None:
    added(
        database,
        person("a@nas.example", "medlemmar", name="A", organisation="Näs"),
        person("b@nas.example", "medlemmar", name="B"),
        person("c@nas.example", "medlemmar"),
        person("d@nas.example", "press"),
    )
    members = selected("list:medlemmar")

    assert count_lacking(database, members, ["name"]) == 1
    assert count_lacking(database, members, ["organisation", "name"]) == 2
    assert count_lacking(database, members, ["email"]) == 0
    assert count_lacking(database, selected("everyone"), ["name"], ["press"]) == 1


def test_what_nobody_has_is_told_with_what_somebody_has(peopled: Database) -> None:
    text = "tag:styrelse or not tag:styrelsen or organisation:nas or language:fi or list:x"

    found = unknown_terms(peopled, selected(text))

    assert [(print_selection(term), sorted(names)) for term, names in found] == [
        ("tag:styrelsen", ["Styrelse"]),
        ("organisation:nas", ["NÄS", "Näs"]),
        ("language:fi", ["en", "sv"]),
    ]
