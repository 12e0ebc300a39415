"""Tokens stand for text, and only tokens do."""

import hashlib
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.model.rendered import PersonalText, Slot
from smakom_mail.render.placeholders import Placeholders, authored_strings, free_prefix
from tests.render.making import TEXT, edition, paragraph


@dataclass(frozen=True)
class Pair:
    """Anything with fields."""

    left: object
    right: object


def test_a_token_is_replaced_by_its_value() -> None:
    tokens = Placeholders("zq7x")
    page = f"<p>{tokens.html('<b>a</b>')}</p><p>{tokens.text('a < b')}</p>"
    assert page == "<p>zq7x00000z</p><p>zq7x00001z</p>"
    assert tokens.fill(page) == ("<p><b>a</b></p><p>a &lt; b</p>", ())


def test_text_is_escaped_for_attributes_too() -> None:
    tokens = Placeholders("zq7x")
    assert tokens.fill(tokens.text("\"&'<>"))[0] == "&quot;&amp;&#x27;&lt;&gt;"


def test_nothing_gives_no_token_so_that_a_template_can_ask() -> None:
    tokens = Placeholders("zq7x")
    assert (tokens.html(""), tokens.text(""), tokens.html("", required=True)) == ("", "", "")
    assert tokens.fill("") == ("", ())


def test_a_required_value_that_is_not_printed_is_named() -> None:
    tokens = Placeholders("zq7x")
    tokens.html("may be left out")
    printed = tokens.html("printed", required=True)
    tokens.html("forgotten", required=True)
    assert tokens.fill(printed) == ("printed", ("forgotten",))


def test_a_value_may_be_printed_twice() -> None:
    tokens = Placeholders("zq7x")
    token = tokens.html("a", required=True)
    assert tokens.fill(token + token) == ("aa", ())


def test_a_value_that_looks_like_a_token_stays_as_it_is() -> None:
    tokens = Placeholders("zq7x")
    first = tokens.html("zq7x00001z")
    tokens.html("never")
    assert tokens.fill(first) == ("zq7x00001z", ())


def test_a_token_that_nobody_gave_stays() -> None:
    assert Placeholders("zq7x").fill("zq7x00000z") == ("zq7x00000z", ())


def test_a_document_may_hold_more_than_a_hundred_thousand_values() -> None:
    tokens = Placeholders("zq7x")
    made = [tokens.html(f"<{number}>") for number in range(100_002)]
    assert made[100_001] == "zq7x100001z"
    assert tokens.fill(" ".join(made[99_999:])) == ("<99999> <100000> <100001>", ())


def test_a_slot_is_found_again_and_the_same_one_has_one_mark() -> None:
    tokens = Placeholders("zq7x")
    name, mail = tokens.slot("name", "du"), tokens.slot("email")
    assert tokens.slot("name", "du") == name
    assert tokens.slot("name", "ni") != name
    assert tokens.split(f"Hej {name}, {mail}{name}").parts == (
        *("Hej ", Slot("name", "du"), ", "),
        *(Slot("email"), Slot("name", "du")),
    )


def test_a_document_without_slots_is_one_part() -> None:
    assert Placeholders("zq7x").split("Hej") == PersonalText(("Hej",))
    assert Placeholders("zq7x").split("") == PersonalText(())


def test_strings_are_found_wherever_they_stand() -> None:
    nested = Pair(Pair("a", ("b", ["c", 1, None])), [Pair("d", b"e")])
    assert list(authored_strings(nested)) == ["a", "b", "c", "d"]


@given(TEXT)
def test_the_prefix_stands_in_no_text(text: str) -> None:
    assert free_prefix(text) not in text
    assert free_prefix(text) not in "".join(authored_strings(edition(paragraph(text))))


@given(st.lists(TEXT, max_size=4))
def test_the_prefix_is_the_same_for_the_same_texts(texts: list[str]) -> None:
    assert free_prefix(texts) == free_prefix(list(texts))


def test_the_prefix_depends_on_the_text_so_that_none_can_hold_it_in_pieces() -> None:
    prefix = free_prefix("zq", "x")
    assert free_prefix(prefix[:4], prefix[4:]) != prefix


def test_a_text_that_holds_its_own_prefix_gets_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    known = hashlib.sha256(b"whatever the text")
    monkeypatch.setattr(hashlib, "sha256", lambda _: known)
    first = free_prefix("")
    number = int(first[2:-1])
    assert free_prefix(f"a {first} b zq{number + 1}x") == f"zq{number + 2}x"
