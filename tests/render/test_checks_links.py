"""Rules over the links of the mail: places in it, and words that name another host."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.model.document import Link, Paragraph, Text
from smakom_mail.render.checks_links import address_host, named_host, same_site
from tests.render.altered import at, built_with, january, rebuilt
from tests.render.making import edition

MASTHEAD = "partials/masthead.mjml.j2"


def linked(text: str, href: str) -> list[str]:
    """Give what the rules say of an author's link on line 7."""
    return rebuilt(january()[1], edition(Paragraph((Link(href, (Text(text),), 7),), 7)))


def test_a_link_to_a_place_in_the_mail_is_told() -> None:
    assert built_with(MASTHEAD, ("{{ entry.url }}", "#nyheter")) == [
        at(MASTHEAD, "{{ entry.url }}") + ": L02 the link “#nyheter” leads to a place in the mail, "
        "which Gmail and Samsung cannot do"
    ]


def test_a_link_to_a_place_in_the_web_version_is_fine() -> None:
    assert built_with(MASTHEAD, ("{{ entry.url }}", "{{ web_url }}#nyheter")) == []


@pytest.mark.parametrize(
    ("text", "href", "host"),
    [
        ("www.skr.se", "https://phish.example/skr", "phish.example"),
        ("https://skr.se/avtal", "https://skr.example/avtal", "skr.example"),
        ("skr.se", "https://www.skr.example", "www.skr.example"),
        ("Läs på www.skr.se nu", "https://phish.example", "phish.example"),
        ("kansli@smakom.se", "mailto:kansli@smakom.example", "smakom.example"),
        ("skr.se", "https://skr.se.phish.example", "skr.se.phish.example"),
        ("räksmörgås.se", "https://raksmorgas.se", "raksmorgas.se"),
    ],
)
def test_words_that_name_another_host_are_told_at_the_authors_line(
    text: str, href: str, host: str
) -> None:
    assert linked(text, href) == [
        (
            f"newsletters/x/10-avsnitt.md:7: L06 the link's text says “{text}” "
            f"but it leads to {host}: it looks like phishing"
        )
    ]


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("www.skr.se", "https://skr.se/avtal"),
        ("skr.se", "https://avtal.skr.se"),
        ("https://avtal.skr.se/x", "https://skr.se"),
        ("kansli@smakom.se", "mailto:kansli@smakom.se?subject=Hej"),
        ("Avtalen hos SKR", "https://phish.example"),
        ("rapport.pdf", "https://a.example/rapport.pdf"),
        ("t.ex. så här", "https://a.example"),
        ("10.30", "https://a.example"),
        ("räksmörgås.se", "https://xn--rksmrgs-5wao1o.se/"),
        ("070-123 45 67", "tel:+46701234567"),
    ],
)
def test_words_that_name_the_same_host_or_none_are_fine(text: str, href: str) -> None:
    assert linked(text, href) == []


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_words_and_no_address_stop_the_rule(text: str, href: str) -> None:
    assert isinstance(same_site(named_host(text), address_host(href)), bool)
