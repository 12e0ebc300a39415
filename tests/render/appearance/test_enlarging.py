"""Text twice as large, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.render.appearance import with_text_at
from tests.render.appearance.odd import MARKUP, seen

FIRST = (
    "<style>:where(html){font-size:200%}"
    ":where(input,button,select,textarea){font-size:26.666px}</style>"
)


def doubled(html: str) -> str:
    """Double the text, and leave out the sheet for what states no size."""
    shown = with_text_at(html, 200)
    assert shown.count(FIRST) == 1
    return shown.replace(FIRST, "")


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("font-size:16px", "font-size:32px"),
        ("font-size: 12.5pt !important", "font-size: 25pt !important"),
        ("line-height:26px", "line-height:52px"),
        ("line-height:1.5", "line-height:1.5"),
        ("line-height:150%", "line-height:150%"),
        ("font-size:1.2em", "font-size:1.2em"),
        ("font-size:90%", "font-size:90%"),
        ("font-size:1.5rem", "font-size:1.5rem"),
        ("font-size:smaller", "font-size:smaller"),
        ("font-size:X-Large", "font-size:48px"),
        ("font-size:0", "font-size:0"),
        ("font:bold 16px/26px 'Font 3px', Arial9px", "font:bold 32px/52px 'Font 3px', Arial9px"),
        ("font:2.5rem/1.2 var(--x2px)", "font:2.5rem/1.2 var(--x2px)"),
        ("font-size:clamp(20px, 5vw, 2rem)", "font-size:clamp(40px, 5vw, 2rem)"),
        ("width:600px;padding:1em", "width:600px;padding:1em"),
        ("padding:1rem 8px", "padding:0.5rem 8px"),
        ("mso-line-height-alt:20px", "mso-line-height-alt:20px"),
        ("--size:16px", "--size:16px"),
    ],
)
def test_type_grows_and_lengths_stay(declared: str, expected: str) -> None:
    assert doubled(f'<p style="{declared}">') == f'<p style="{expected}">'
    sheet = "<style>@media (min-width:480px){{p,a{{{}}}}}</style>".format
    assert doubled(sheet(declared)) == sheet(expected)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<font size=4>", '<font style="font-size:36px">'),
        ("<font size='+2' color=red>", '<font style="font-size:48px" color=red>'),
        ("<font size=-9 style='color:red'>", '<font style="font-size:20px;color:red">'),
        ("<font size=x>", "<font size=x>"),
    ],
)
def test_font_elements_get_their_size_as_a_style(html: str, expected: str) -> None:
    assert doubled(html) == expected


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ("html{font-size:62.5%}", "html{font-size:125%}"),
        (":root{font:100%/1.5 Arial}", ":root{font:200%/1.5 Arial}"),
        ("html,body{font-size:100%}", "html,body{font-size:100%}html{font-size:200%}"),
        (
            "@media print{body, :root{font-size:10px}}",
            "@media print{body, :root{font-size:20px}}@media print{:root{font-size:20px}}",
        ),
        ("body{font-size:100%}", "body{font-size:100%}"),
    ],
)
def test_the_root_grows_by_itself_since_nothing_is_above_it(sheet: str, expected: str) -> None:
    assert doubled(f"<style>{sheet}</style>") == f"<style>{expected}</style>"


@pytest.mark.parametrize("per_cent", [100, 0, -5, 10**9])
def test_no_size_that_is_none_changes_the_page(per_cent: int) -> None:
    assert with_text_at("<p style='font-size:9px'>", per_cent) == "<p style='font-size:9px'>"


@given(MARKUP, st.integers(1, 500).filter(lambda number: number != 100))
def test_any_page_keeps_its_words(html: str, per_cent: int) -> None:
    assert seen(with_text_at(html, per_cent)) == seen(html)
