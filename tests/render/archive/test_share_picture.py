"""The picture for shared links: the same bytes each time, and every title fits in it."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from smakom_mail.render.archive.share_picture import (
    Palette,
    _fitted,
    _length,
    drawable,
    palette_of,
    share_picture,
)
from tests.conftest import ROOT
from tests.render.archive.archived import NAUGHTY

MASTHEAD = (ROOT / "layouts" / "smakom" / "images" / "masthead.png").read_bytes()


def drawn(title: str, masthead: bytes | None = MASTHEAD) -> bytes:
    """Draw the picture of a title."""
    # Not the kept one: it is drawn anew each time.
    draw = share_picture.__wrapped__
    return draw(title, "4 januari 2021", "Exempelbygden", masthead, Palette())


def opened(data: bytes) -> Image.Image:
    """Open a picture."""
    return Image.open(io.BytesIO(data)).convert("RGB")


@pytest.mark.parametrize("masthead", [MASTHEAD, None])
def test_it_is_drawn_the_same_every_time_in_the_asked_size(masthead: bytes | None) -> None:
    first = drawn("Nyhetsbrev januari 2021", masthead)

    assert opened(first).size == (1200, 630)
    assert drawn("Nyhetsbrev januari 2021", masthead) == first
    assert drawn("Nyhetsbrev april 2021", masthead) != first


def test_title_date_and_organisation_stand_above_the_masthead() -> None:
    with_title, without = opened(drawn("Nyhetsbrev")), opened(drawn(""))
    box = ImageChops.difference(with_title, without).getbbox()

    assert box is not None
    assert box[1] > 64
    assert box[3] < 380
    ink = with_title.crop(box).getcolors(100_000) or []
    assert (34, 48, 44) in {colour for _, colour in ink}


def test_it_says_nothing_of_the_machine_or_the_time() -> None:
    assert opened(drawn("T")).info == {}
    assert b"tEXt" not in drawn("T")
    assert b"tIME" not in drawn("T")


@pytest.mark.parametrize("title", ["", *NAUGHTY])
def test_any_title_is_drawn(title: str) -> None:
    assert opened(drawn(title)).size == (1200, 630)


@given(st.text(max_size=300))
@settings(max_examples=30)
def test_no_title_is_wider_than_the_picture_or_higher_than_its_place(title: str) -> None:
    size, lines = _fitted(title, 180)

    assert len(lines) <= 3
    assert [line for line in lines if _length(line, size) > 1040] == []


def test_letters_are_drawn_composed_and_what_no_font_has_is_left_out() -> None:
    assert drawable("A\u030ango\u0308 Łŋđ – ”x” 👩 日本\u200b\u202e") == "Ångö Łŋđ – ”x” " + " "


def test_the_colours_are_those_that_the_layout_names_first() -> None:
    css = ":root { --accent: #123456; --ink: #000001 }\n@media x { :root { --accent: #FFFFFF } }"
    assert palette_of(css) == Palette(accent="#123456", ink="#000001")
    assert palette_of("") == Palette()
