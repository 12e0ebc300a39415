"""Light or dark is decided in the page, whatever the browser prefers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.render.appearance import Scheme, with_scheme
from tests.render.appearance.odd import MARKUP, seen

ON, OFF = "(min-width:0px)", "(max-width:0px)"


@pytest.mark.parametrize(
    ("condition", "light", "dark"),
    [
        ("(prefers-color-scheme: dark)", OFF, ON),
        ("(prefers-color-scheme:light)", ON, OFF),
        ("(prefers-color-scheme)", ON, ON),
        ("( PREFERS-color-scheme /* x */ : Dark )", OFF, ON),
        (
            "screen and (prefers-color-scheme: dark) and (max-width: 480px)",
            f"screen and {OFF} and (max-width: 480px)",
            f"screen and {ON} and (max-width: 480px)",
        ),
        ("not (prefers-color-scheme: dark)", f"not {OFF}", f"not {ON}"),
        ("print, (prefers-color-scheme: dark)", f"print, {OFF}", f"print, {ON}"),
        ("(min-width: 480px)", "(min-width: 480px)", "(min-width: 480px)"),
    ],
)
def test_a_condition_is_answered_and_keeps_its_other_parts(
    condition: str, light: str, dark: str
) -> None:
    sheet = "<style>@media {} {{p{{color:red}}}}</style>".format
    attribute = '<style media="{}">p{{}}</style>'.format
    assert with_scheme(sheet(condition), "light") == sheet(light)
    assert with_scheme(sheet(condition), "dark") == sheet(dark)
    assert with_scheme(attribute(condition), "light") == attribute(light)
    assert with_scheme(attribute(condition), "dark") == attribute(dark)


def test_words_in_strings_comments_and_text_are_no_condition() -> None:
    html = (
        "<title>(prefers-color-scheme: dark)</title>"
        '<style>/* (prefers-color-scheme: dark) */p::after{content:"(prefers-color-scheme: dark)"}'
        "</style><!--[if mso]><style>@media (prefers-color-scheme: dark){}</style><![endif]-->"
        "<p>(prefers-color-scheme: dark)</p>"
    )
    assert with_scheme(html, "light") == html
    assert with_scheme(html, "dark") == html


@pytest.mark.parametrize(
    ("known", "light", "dark", "full"),
    [
        ("light dark", "light", "dark", "dark"),
        ("only light", "light", "light", "dark"),
        ("dark", "dark", "dark", "dark"),
        ("normal", "light", "light", "dark"),
        ("inherit", "inherit", "inherit", "inherit"),
    ],
)
def test_canvas_and_fields_follow_the_scheme_that_the_page_says_it_knows(
    known: str, light: str, dark: str, full: str
) -> None:
    meta = '<meta name="color-scheme" content="{}">'.format
    sheet = "<style>:root{{color-scheme: {} !important}}</style>".format
    style = '<p style="margin:0;color-scheme:{}">'.format
    for write in (meta, sheet, style):
        assert with_scheme(write(known), "light") == write(light)
        assert with_scheme(write(known), "dark") == write(dark)
        assert with_scheme(write(known), "full").endswith(write(full))


def test_the_rest_of_the_page_stays_as_it_is() -> None:
    html = (
        "<!DOCTYPE html>\n<html lang=sv><!--[if mso | IE]><table><tr><td><![endif]-->"
        "<td  CLASS='a'\tstyle=\"color:#000; \" >&nbsp;&auml;<br/></td>"
    )
    assert with_scheme(html, "light") == html
    assert with_scheme(html, "dark") == html


@given(MARKUP, st.sampled_from(["light", "dark", "partial", "full"]))
def test_any_page_can_be_shown_in_any_scheme(html: str, scheme: Scheme) -> None:
    shown = with_scheme(html, scheme)
    assert shown == with_scheme(html, scheme)
    assert seen(shown) == seen(html)
