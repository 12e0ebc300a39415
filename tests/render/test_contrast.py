"""Colours and contrast, against values that WCAG's own checkers give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.render.contrast import (
    blend,
    contrast,
    hex_colour,
    luminance,
    read_colour,
    shown_ratio,
)

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#FFFFFF", "21.00"),
        ("#777777", "#FFFFFF", "4.47"),
        ("#767676", "#FFFFFF", "4.54"),
        ("#595959", "#FFFFFF", "7.00"),
        ("#949494", "#FFFFFF", "3.03"),
        ("#FF0000", "#FFFFFF", "3.99"),
        ("#0000FF", "#FFFFFF", "8.59"),
        ("#008000", "#FFFFFF", "5.13"),
        ("#FFFF00", "#FFFFFF", "1.07"),
        ("#FFFFFF", "#FFFFFF", "1.00"),
        ("#1E5B4F", "#FFFFFF", "7.88"),
    ],
)
def test_the_contrast_of_known_pairs(one: str, other: str, expected: str) -> None:
    first, second = read_colour(one), read_colour(other)
    assert first is not None
    assert second is not None

    assert shown_ratio(contrast(first[0], second[0])) == expected


@given(COLOURS, COLOURS)
def test_contrast_is_the_same_both_ways_and_lies_between_1_and_21(
    one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.0000001
    assert 0 <= luminance(one) <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#1E5B4F", ((30, 91, 79), 1.0)),
        ("#154", ((17, 85, 68), 1.0)),
        ("#1548", ((17, 85, 68), 136 / 255)),
        ("#11554480", ((17, 85, 68), 128 / 255)),
        (" NAVY ", ((0, 0, 128), 1.0)),
        ("rgb(30, 91, 79)", ((30, 91, 79), 1.0)),
        ("rgb(30 91 79 / 50%)", ((30, 91, 79), 0.5)),
        ("rgba(30,91,79,.25)", ((30, 91, 79), 0.25)),
        ("rgb(100%, 0%, 50%)", ((255, 0, 128), 1.0)),
        ("rgb(300, -5, 0)", ((255, 0, 0), 1.0)),
        ("hsl(0, 100%, 50%)", ((255, 0, 0), 1.0)),
        ("transparent", ((0, 0, 0), 0.0)),
        ("#12345", None),
        ("rgb(a, b, c)", None),
        ("rgb(1, 2)", None),
        ("inherit", None),
        ("url(x.png)", None),
        ("", None),
    ],
)
def test_a_colour_is_read(text: str, expected: object) -> None:
    assert read_colour(text) == expected


@given(COLOURS)
def test_a_colour_written_and_read_is_the_same(colour: tuple[int, int, int]) -> None:
    assert read_colour(hex_colour(colour)) == (colour, 1.0)


def test_a_clear_colour_shows_what_lies_behind() -> None:
    assert blend(BLACK, 0.0, WHITE) == WHITE
    assert blend(BLACK, 1.0, WHITE) == BLACK
    assert blend(BLACK, 0.5, WHITE) == (128, 128, 128)


def test_a_ratio_that_misses_its_limit_is_never_shown_as_the_limit() -> None:
    assert shown_ratio(4.4999) == "4.49"


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("hsl(0 0% 100%)", ((255, 255, 255), 1.0)),
        ("hsl(166deg, 50%, 24%)", ((31, 92, 78), 1.0)),
        ("hsla(0.5turn 100% 50% / 50%)", ((0, 255, 255), 0.5)),
        ("rgb(1e999,1,1)", None),
        ("rgb(nan,1,1)", None),
        ("rgb(999999,-5,1)", ((255, 0, 1), 1.0)),
    ],
)
def test_odd_ways_to_write_a_colour_are_read_or_are_none(
    text: str, colour: tuple[tuple[int, int, int], float] | None
) -> None:
    assert read_colour(text) == colour
