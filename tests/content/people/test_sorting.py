"""Sorting as Swedes sort, by bytes alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.people.sorting import sort_key


def in_order(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: sort_key(name).encode("utf-8"))


@pytest.mark.parametrize(
    "names",
    [
        ["Zinkgruvan", "Åmål", "Ängelholm", "Örebro"],
        ["3M", "Abba", "Öre"],
        ["1", "2", "A"],
        ["Vallin", "Vega", "Wallin", "Wega", "Xenia"],
        ["Myller", "Müller", "Mylling"],
        ["éclair", "Eda", "Edberg", "Édgar"],
        ["Æbeltoft", "Ängel", "Ärla", "Öckerö", "Östersund", "Østland"],
        ["ann", "Ann Marie", "Ann-Marie", "Annmarie"],
        ["Kim Berg", "kim berg", "Kim Öst"],
        ["Oberg", "O'Brien", "Obrien", "Oda"],
        ["", "A"],
        ["Aa", "Ab", "Å"],
        ["Tand", "Þing", "Tid"],
        ["Göteborg", "Zürich", "Åbo"],
        ["Zebra", "Анна"],
    ],
)
def test_names_stand_as_in_a_swedish_register(names: list[str]) -> None:
    assert in_order(names[::-1]) == names


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert sort_key("A\u030asa O\u0308st") == sort_key("Åsa Öst")


def test_the_first_text_decides_before_the_second() -> None:
    people = [("Berg", "kim@b.example"), ("Berg", "åsa@a.example"), ("Öst", "a@a.example")]
    mixed = [people[2], people[1], people[0]]
    assert sorted(mixed, key=lambda both: sort_key(*both)) == people


def test_a_short_name_comes_before_a_longer_one_whatever_follows_it() -> None:
    assert sort_key("Berg", "ö") < sort_key("Bergman", "a")


@given(st.text(st.sampled_from("aAåÅéeE -'\x00")), st.text(st.sampled_from("aAåÅéeE -'\x00")))
def test_only_the_same_text_has_the_same_key(one: str, other: str) -> None:
    same = one.replace("\x00", "") == other.replace("\x00", "")
    assert (sort_key(one) == sort_key(other)) == same


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=8))
def test_text_and_bytes_sort_alike_and_the_order_never_depends_on_where_one_starts(
    names: list[str],
) -> None:
    assert in_order(names) == sorted(names, key=sort_key)
    assert [sort_key(name) for name in in_order(names)] == [
        sort_key(name) for name in in_order(names[::-1])
    ]


@given(st.text(st.sampled_from("abcxyzåäö"), max_size=5), st.text(st.sampled_from("abcxyzåäö")))
def test_lower_case_swedish_words_follow_the_alphabet(one: str, other: str) -> None:
    alphabet = "abcxyzåäö"
    places = [[alphabet.index(letter) for letter in word] for word in (one, other)]
    assert (sort_key(one) < sort_key(other)) == (places[0] < places[1])


@given(st.text(st.characters(codec="utf-8")))
def test_a_key_has_no_character_that_a_database_refuses(text: str) -> None:
    assert "\x00" not in sort_key(text)
