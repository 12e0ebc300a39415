"""A dark scheme forced on a mail: where its colours stand, and what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.render.appearance import Scheme, with_scheme
from tests.render.appearance.odd import MARKUP, seen

FULL = (
    "<style>:where(html){color-scheme:dark}:where(body){background-color:#000000;color:#FFFFFF}"
    ":where(a:link){color:#BD99FF}:where(a:visited){color:#D7A2FF}</style>"
)


def forced(html: str, scheme: Scheme = "full") -> str:
    """Force a scheme, and leave out the sheet for what states no colour."""
    shown = with_scheme(html, scheme)
    assert shown.count(FULL) == 1
    return shown.replace(FULL, "")


@pytest.mark.parametrize(
    ("html", "full", "partial"),
    [
        (
            '<p style="color:#000;background:#fff">',
            '<p style="color:#FFFFFF;background:#000000">',
            '<p style="color:#FFFFFF;background:#000000">',
        ),
        (
            '<p style="color:#fff;background:#1E5B4F">',
            '<p style="color:#000000;background:#6EAA9C">',
            '<p style="color:#fff;background:#1E5B4F">',
        ),
        (
            '<p style="border-top:solid 3px #fff;outline:1px solid black;font:9px a">',
            '<p style="border-top:solid 3px #000000;outline:1px solid #FFFFFF;font:9px a">',
            '<p style="border-top:solid 3px #000000;outline:1px solid black;font:9px a">',
        ),
        (
            "<td bgcolor=FFFFFF><font color='#000'>",
            '<td bgcolor="#000000"><font color="#FFFFFF">',
            '<td bgcolor="#000000"><font color="#FFFFFF">',
        ),
        (
            '<body text="black" link="white">',
            '<body text="#FFFFFF" link="#000000">',
            '<body text="#FFFFFF" link="white">',
        ),
        (
            "<style>p,a{color:black}@media print{p{background:white!important}}</style>",
            "<style>p,a{color:#FFFFFF}@media print{p{background:#000000!important}}</style>",
            "<style>p,a{color:#FFFFFF}@media print{p{background:#000000!important}}</style>",
        ),
    ],
)
def test_stated_colours_are_turned(html: str, full: str, partial: str) -> None:
    assert forced(html) == full
    assert forced(html, "partial") == partial


@pytest.mark.parametrize(
    "html",
    [
        '<img src="a.png" style="width:10px">',
        '<td background="white.png" style="background-image:url(white.png)">',
        "<!--[if mso]><td bgcolor='#ffffff'><![endif]-->",
        "<style>[data-ogsc] .a{color:#000}@media (max-width:0px){p{color:#000}}</style>",
        "<p>#ffffff white</p>",
        '<meta name="theme-color" content="#fff">',
        '<svg><path fill="#fff"/></svg>',
    ],
)
def test_pictures_words_and_rules_that_do_not_hold_stay(html: str) -> None:
    assert forced(html) == html
    assert forced(html, "partial") == html


def test_rules_for_dark_are_off_and_not_turned() -> None:
    html = "<style>@media (prefers-color-scheme: dark){p{color:#fff}}p{color:#000}</style>"
    assert forced(html) == "<style>@media (max-width:0px){p{color:#fff}}p{color:#FFFFFF}</style>"


def test_one_variable_may_be_a_ground_here_and_ink_there() -> None:
    html = (
        "<style>:root{--a:#000;--b:var(--a);--f:Arial}"
        "p{color:var(--b);background:var(--a);font:1px var(--f)}</style>"
    )
    assert forced(html, "partial") == (
        "<style>:root{--a:#000;--a-ink:#FFFFFF;--a-ground:#000;"
        "--b:var(--a);--b-ink:var(--a-ink);--b-ground:var(--a-ground);--f:Arial}"
        "p{color:var(--b-ink);background:var(--a-ground);font:1px var(--f)}</style>"
    )


def test_a_page_whose_root_has_a_ground_keeps_it_for_its_canvas() -> None:
    assert "body){color:#FFFFFF}" in with_scheme("<style>html{background:#fff}</style>", "full")
    assert "body){color:#FFFFFF}" in with_scheme("<html style='background:#fff'>", "full")
    assert "body){background-color:#000000;" in with_scheme("<style>p{color:red}</style>", "full")


@given(MARKUP, st.sampled_from(["partial", "full"]))
def test_any_page_keeps_its_words(html: str, scheme: Scheme) -> None:
    assert seen(with_scheme(html, scheme)) == seen(html)
