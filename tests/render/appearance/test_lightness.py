"""Colours turned around: lightness is flipped, the rest kept as far as a screen can show it."""

from math import atan2, degrees, hypot

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smakom_mail.render.appearance.lightness import (
    Role,
    flipped,
    to_lab,
    turned,
    turned_value,
)
from smakom_mail.render.contrast import Colour, luminance, read_colour
from tests import colours

CHANNEL = st.integers(0, 255)
COLOUR = st.tuples(CHANNEL, CHANNEL, CHANNEL)
WHITE, BLACK, SPRUCE, PAPER, INK = (
    (255, 255, 255),
    (0, 0, 0),
    (30, 91, 79),
    (243, 241, 235),
    (34, 48, 44),
)


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        (WHITE, BLACK),
        (BLACK, WHITE),
        (SPRUCE, (110, 170, 156)),
        (PAPER, (18, 16, 10)),
        (INK, (189, 206, 201)),
        ((119, 119, 119), (119, 119, 119)),
        ((255, 0, 0), (224, 0, 0)),
    ],
)
def test_known_colours_turn_into_known_colours(colour: Colour, expected: Colour) -> None:
    assert flipped(colour) == expected


@pytest.mark.parametrize(
    ("colour", "role", "partial"),
    [
        (WHITE, "ground", BLACK),
        (BLACK, "ground", BLACK),
        (SPRUCE, "ground", SPRUCE),
        (WHITE, "ink", WHITE),
        (BLACK, "ink", WHITE),
        (SPRUCE, "ink", (110, 170, 156)),
    ],
)
def test_partial_leaves_dark_grounds_and_light_ink(
    colour: Colour, role: Role, partial: Colour
) -> None:
    assert turned(colour, role, "partial") == partial
    assert turned(colour, role, "full") == flipped(colour)


@given(COLOUR)
def test_every_colour_stays_a_colour_of_the_screen(colour: Colour) -> None:
    assert all(0 <= channel <= 255 for channel in flipped(colour))


@given(COLOUR)
def test_lightness_becomes_what_it_lacks_of_a_hundred(colour: Colour) -> None:
    assert to_lab(flipped(colour))[0] == pytest.approx(100 - to_lab(colour)[0], abs=0.7)


@given(COLOUR)
def test_hue_is_kept_where_there_is_a_hue(colour: Colour) -> None:
    (_, a, b), (_, new_a, new_b) = to_lab(colour), to_lab(flipped(colour))
    assume(hypot(a, b) > 8)
    assume(hypot(new_a, new_b) > 8)
    turn = degrees(atan2(b, a) - atan2(new_b, new_a)) % 360
    assert min(turn, 360 - turn) < 6


@given(COLOUR)
def test_turning_twice_gives_back_the_lightness_and_no_more_chroma(colour: Colour) -> None:
    (lightness, a, b), (twice, new_a, new_b) = to_lab(colour), to_lab(flipped(flipped(colour)))
    assert twice == pytest.approx(lightness, abs=1)
    assert hypot(new_a, new_b) <= hypot(a, b) + 2


@given(CHANNEL)
def test_turning_a_grey_twice_gives_it_back(grey: int) -> None:
    assert all(abs(each - grey) <= 1 for each in flipped(flipped((grey, grey, grey))))


@given(COLOUR, COLOUR)
def test_what_was_darker_is_lighter(one: Colour, other: Colour) -> None:
    assume(to_lab(one)[0] + 1.5 < to_lab(other)[0])
    assert luminance(flipped(one)) > luminance(flipped(other))


@given(COLOUR)
def test_a_second_reckoning_agrees_where_the_screen_can_show_the_colour(colour: Colour) -> None:
    linear = colours.flipped(f"rgb{colour}", lambda _: True)
    assume(all(0.001 < part < 0.999 for part in linear))
    there = colours.read(f"rgb{flipped(colour)}")
    assert all(abs(one - other) < 0.01 for one, other in zip(there, linear, strict=True))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("#fff", "#000000"),
        ("#FFFFFF", "#000000"),
        ("#fff8", "rgba(0, 0, 0, 0.533)"),
        ("#ffffff80", "rgba(0, 0, 0, 0.502)"),
        ("white", "#000000"),
        ("rgb(255,255,255)", "#000000"),
        ("rgb(100% 100% 100% / 50%)", "rgba(0, 0, 0, 0.5)"),
        ("rgba(255, 255, 255, .25)", "rgba(0, 0, 0, 0.25)"),
        ("hsl(0, 0%, 100%)", "#000000"),
        ("hsla(0.5turn 10% 100% / 20%)", "rgba(0, 0, 0, 0.2)"),
        ("1px solid #fff", "1px solid #000000"),
        ("linear-gradient(to top, #fff 0%, black)", "linear-gradient(to top, #000000 0%, #FFFFFF)"),
        ("url(white.png) no-repeat #fff", "url(white.png) no-repeat #000000"),
        ("url('#fff')", "url('#fff')"),
        ("transparent", "transparent"),
        ("rgba(1, 2, 3, 0)", "rgba(1, 2, 3, 0)"),
        ("currentColor", "currentColor"),
        ("inherit !important", "inherit !important"),
        ("#777777", "#777777"),
        ("#12345", "#12345"),
        ("rgb(nan, 1, 1)", "rgb(nan, 1, 1)"),
        ("rgb(1e999, 1, 1)", "rgb(1e999, 1, 1)"),
        (f"rgb({'9' * 400}, 1, 1)", f"rgb({'9' * 400}, 1, 1)"),
    ],
)
def test_the_colours_of_a_value_are_turned_and_nothing_else(value: str, expected: str) -> None:
    assert turned_value(value, "ground", "full", frozenset()) == expected


@given(COLOUR)
def test_hsl_is_read_as_the_same_colour_as_rgb(colour: Colour) -> None:
    from colorsys import rgb_to_hls

    hue, light, saturation = rgb_to_hls(*(channel / 255 for channel in colour))
    read = read_colour(f"hsl({hue * 360:.4f}deg {saturation * 100:.4f}% {light * 100:.4f}%)")
    assert read == read_colour("#{:02x}{:02x}{:02x}".format(*colour))


@given(st.text(max_size=30), st.sampled_from(["ink", "ground"]))
def test_any_value_can_be_read(text: str, role: Role) -> None:
    for value in (text, f"rgb({text})", f"hsl({text})", f"#{text}", f"var(--{text})"):
        turned_value(value, role, "partial", frozenset({"--a"}))
