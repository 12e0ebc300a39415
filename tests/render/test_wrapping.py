"""Lines of text: 72 columns, and the soft breaks of RFC 3676."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.render.wrapping import columns, cut, flow, stuff, underline, unflow, words_of, wrap
from tests.render.flowed import paragraphs
from tests.render.making import CHARACTERS, TEXT

LINES = st.text(CHARACTERS, max_size=300).map(lambda text: " ".join(text.split())).filter(bool)
ADDRESS = "https://a.example/" + "b" * 90


@pytest.mark.parametrize(
    ("text", "size"),
    [("abc", 3), ("åäö", 3), ("a\u030a", 1), ("漢字", 4), ("ｆｕｌｌ", 8), ("", 0), ("…–”", 3)],
)
def test_columns_are_counted_as_a_terminal_shows_them(text: str, size: int) -> None:
    assert columns(text) == size


def test_lines_are_at_most_72_columns() -> None:
    text = "ett två tre fyra fem sex sju åtta nio tio " * 5
    assert [columns(line) for line in wrap(text)] == [70, 71, 66]
    assert [columns(line) for line in wrap("漢字 " * 20)] == [69, 29]


def test_a_line_may_be_exactly_72_columns() -> None:
    assert wrap("a" * 36 + " " + "b" * 35) == ["a" * 36 + " " + "b" * 35]
    assert wrap("a" * 36 + " " + "b" * 36) == ["a" * 36, "b" * 36]


def test_an_address_is_never_broken() -> None:
    assert wrap(f"Se {ADDRESS} nu", first="- ", rest="  ") == ["- Se", f"  {ADDRESS}", "  nu"]
    assert flow(f"Läs <{ADDRESS}>.") == ["Läs ", f"<{ADDRESS}>."]


def test_no_break_spaces_become_spaces() -> None:
    assert wrap("7\u00a0januari\u202f2021\u2007kl.") == ["7 januari 2021 kl."]


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\n\t"])
def test_nothing_gives_no_line(text: str) -> None:
    assert (wrap(text), flow(text), wrap(text, first="- ")) == ([], [], [])


def test_a_soft_break_is_a_space_and_the_last_line_is_hard() -> None:
    assert flow("aaa bbb ccc", 8) == ["aaa bbb ", "ccc"]


def test_a_line_that_would_begin_the_signature_is_hard() -> None:
    assert flow(f"-- {ADDRESS}") == ["--", ADDRESS]


@pytest.mark.parametrize("line", [" a", ">a", "From a", "   a"])
def test_a_line_that_would_be_misread_is_stuffed(line: str) -> None:
    assert stuff(f"x\n{line}\nx") == f"x\n {line}\nx"


@pytest.mark.parametrize("line", ["a", "-- ", "From: a", "from a", "<a>", ""])
def test_other_lines_are_left_alone(line: str) -> None:
    assert stuff(line) == line


@given(TEXT)
def test_a_reader_sees_the_paragraph_that_was_written(text: str) -> None:
    seen = paragraphs(stuff("\n".join(flow(text))))
    joined = " ".join(words_of(text))
    assert " ".join(line for _, line in seen) == joined
    assert all(depth == 0 for depth, _ in seen)


@given(st.lists(st.one_of(LINES, st.just("")), min_size=1, max_size=6))
def test_our_own_reading_is_that_of_the_standard(texts: list[str]) -> None:
    lines = [line for text in texts for line in (*flow(text), "")]
    stuffed = stuff("\n".join(lines).rstrip("\n") + "\n")
    assert unflow(stuffed).removesuffix("\n").split("\n") == [
        line for _, line in paragraphs(stuffed)
    ]


@given(LINES)
def test_only_a_single_word_makes_a_line_wide(text: str) -> None:
    for line in wrap(text, first="- ", rest="  "):
        assert columns(line) <= 72 or len(line.split()) <= 2


@given(LINES, st.integers(2, 80))
def test_wrapping_keeps_every_word_in_its_order(text: str, width: int) -> None:
    assert " ".join(wrap(text, width)).split() == words_of(text)


def test_a_literal_line_is_cut_at_spaces_which_it_keeps_inside() -> None:
    assert cut("  if  a:  b", 8) == ["  if  a:", "b"]
    assert cut("", 8) == [""]
    assert cut(ADDRESS, 8) == [ADDRESS]


@given(LINES, st.integers(1, 80))
def test_cutting_keeps_every_word_whole(text: str, width: int) -> None:
    assert " ".join(cut(text, width)).split() == text.split()


def test_a_heading_is_underlined_as_wide_as_it_is() -> None:
    assert underline("Vårmötet", "-") == ["Vårmötet", "--------"]
    assert underline("漢字", "=") == ["漢字", "===="]
    assert underline("", "=") == [""]
    long = underline("Rubrik " * 15, "~")
    assert [len(line) for line in long] == [69, 34, 69]
    assert re.fullmatch("~+", long[-1])
