"""The quick answer of which elements a selector stands for is that of cssselect and XPath."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.cssselect import CSSSelector

from smakom_mail.render.shapes.matching import Finder, can_match
from smakom_mail.render.shapes.page import read_page
from tests.render.shapes.drawing import EDITIONS, mail

COMPOUNDS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "p", "td", "div", "table", "*", "a"]),
        st.sampled_from(
            ["", ".muted", ".ink", ".paper.pad", "#x", "[role]", "[role=presentation]"]
        ),
        st.sampled_from(["", "[class~=pad]", "[width^='6']", "[href$='/']", "[style*=color]"]),
    ),
).map(lambda words: words or "*")
SELECTORS = st.lists(
    st.tuples(COMPOUNDS, st.sampled_from([" ", " > ", " + ", " ~ "])), min_size=1, max_size=4
).map(lambda steps: "".join(f"{compound}{joint}" for compound, joint in steps).rstrip(" >+~"))


@given(SELECTORS)
def test_a_selector_finds_what_xpath_finds(selector: str) -> None:
    root = read_page(mail(EDITIONS[0])).root
    wanted: Any = CSSSelector(selector)(root)
    assert set(Finder(root).find([selector])) == set(wanted)


def test_several_selectors_find_each_element_once() -> None:
    root = read_page('<p class="a">x</p><b>y</b>').root
    assert [e.tag for e in Finder(root).find(["p", ".a", "b", "p"])] == ["p", "b"]


@pytest.mark.parametrize("selector", ["p:hover", "p::before", "p:not(.a)", "p{", "", "1"])
def test_what_cannot_be_told_stands_for_nothing(selector: str) -> None:
    assert not can_match(selector)
    assert Finder(read_page("<p>x</p>").root).find([selector]) == []


def test_the_order_is_that_of_the_page() -> None:
    root = read_page(mail(EDITIONS[0])).root
    places = {element: at for at, element in enumerate(root.iter("*"))}
    found = Finder(root).find(["td"])
    assert all(places[a] < places[b] for a, b in pairwise(found))


def test_a_page_that_asks_for_too_much_is_not_looked_through() -> None:
    root = read_page("<div>" * 200 + "<p>x</p>" * 50).root
    finder = Finder(root)
    assert len(finder.find(["div p"])) == 50
    assert finder.find([f".a {'div ' * 6}p"]) == []
    assert finder.find(["div p"]) == []
