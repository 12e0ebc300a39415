"""Links of a shown mail lead to a page of ours."""

import re
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.web.preview.links import inert


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            '<a class="x" href="https://a.example/?a=1&amp;b=2">x</a>',
            (
                '<a class="x" href="/_/link?to=https%3A%2F%2Fa.example%2F%3Fa%3D1%26b%3D2"'
                ' data-address="https://a.example/?a=1&amp;b=2">x</a>'
            ),
        ),
        (
            "<a href='mailto:k@a.example'>",
            '<a href="/_/link?to=mailto%3Ak%40a.example" data-address="mailto:k@a.example">',
        ),
        ("<A HREF=x>", '<A href="/_/link?to=x" data-address="x">'),
        (
            '<area alt="a > b" href="y">',
            '<area alt="a > b" href="/_/link?to=y" data-address="y">',
        ),
        ('<a href="#del">', '<a href="#del">'),
        ('<abbr href="x">', '<abbr href="x">'),
        ("a href=x", "a href=x"),
    ],
)
def test_only_links_that_lead_away_are_changed(html: str, shown: str) -> None:
    assert inert(html) == shown


@given(address=st.text(min_size=1, max_size=40))
def test_whatever_the_address_it_is_kept_for_the_reader_and_leads_to_us(address: str) -> None:
    shown = inert(f'<a href="{escape(address)}">x</a>')
    if address.startswith("#"):
        return
    assert re.search(r' href="([^"]*)"', shown)[1].startswith("/_/link?to=")  # type: ignore[index] # found
    assert unescape(re.search(r'data-address="([^"]*)"', shown)[1]) == unescape(escape(address))  # type: ignore[index] # found
