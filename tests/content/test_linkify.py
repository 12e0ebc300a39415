"""Addresses typed bare become links, without the punctuation around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.linkify import linkify
from smakom_mail.content.rules import address_problem
from smakom_mail.model.document import Link, Text, inlines, plain
from tests.content.written import faults, section


def links(text: str) -> list[tuple[str, str]]:
    """Give (words, address) of every link."""
    found = linkify(text, 1)
    return [(plain(node.children), node.href) for node in found if isinstance(node, Link)]


@pytest.mark.parametrize(
    ("text", "shown", "href"),
    [
        ("Se https://a.example.", "https://a.example", "https://a.example"),
        ("(https://a.example/b)", "https://a.example/b", "https://a.example/b"),
        ("https://a.example/b_(c)", "https://a.example/b_(c)", "https://a.example/b_(c)"),
        ("https://a.example/b_(c)).", "https://a.example/b_(c)", "https://a.example/b_(c)"),
        ("”https://a.example/”", "https://a.example/", "https://a.example/"),
        ("<https://a.example/?b=1&c=2>", *2 * ("https://a.example/?b=1&c=2",)),
        ("https://a.example/b, som", "https://a.example/b", "https://a.example/b"),
        ("https://a.example/b–", "https://a.example/b", "https://a.example/b"),
        ("www.a.example", "www.a.example", "https://www.a.example"),
        ("www.a.example/b?c!", "www.a.example/b?c", "https://www.a.example/b?c"),
        ("Skriv till a.b@c.example.", "a.b@c.example", "mailto:a.b@c.example"),
        ("a+b@c-d.example", "a+b@c-d.example", "mailto:a+b@c-d.example"),
        ("http://a.example", "http://a.example", "http://a.example"),
        # A browser and a mail program take only ASCII in an address.
        ("https://å.example/ö?ä", "https://å.example/ö?ä", "https://xn--5ca.example/%C3%B6?%C3%A4"),
        ("https://a.example/%C3%B6", *2 * ("https://a.example/%C3%B6",)),
    ],
)
def test_a_bare_address_is_a_link(text: str, shown: str, href: str) -> None:
    assert links(text) == [(shown, href)]


@pytest.mark.parametrize(
    "text",
    [
        "https://",
        "skriv https:// först",
        "www.",
        "www.a",
        "a@b",
        "@a.example",
        "a@",
        "kl. 13.30",
        "a.example",
        "seed:002",
        "javascript:alert(1)",
        "ftp://a.example",
    ],
)
def test_what_is_no_address_stays_text(text: str) -> None:
    assert linkify(text, 7) == [Text(text, 7)]


def test_a_link_is_not_made_inside_a_link_or_code() -> None:
    parsed, said = section("# T\n\n[Se https://a.se](https://b.se) och `https://c.se`\n")

    assert said == []
    nodes = [n for block in parsed.blocks for n in inlines(getattr(block, "children", ()))]
    assert [node.href for node in nodes if isinstance(node, Link)] == ["https://b.se"]


def test_an_address_over_two_marks_is_one_link() -> None:
    parsed, _ = section("# T\n\nhttps://a.se/b\\_c och **a@b.se**\n")

    nodes = [n for block in parsed.blocks for n in inlines(getattr(block, "children", ()))]
    hrefs = [node.href for node in nodes if isinstance(node, Link)]
    assert hrefs == ["https://a.se/b_c", "mailto:a@b.se"]


@given(st.text(st.sampled_from("aå@.:/()wht ps”<>\u00a0\n-_%[]{}é"), max_size=60) | st.text())
def test_no_character_is_lost_or_added(text: str) -> None:
    nodes = linkify(text, 1)

    assert plain(tuple(nodes)) == text
    assert all(node.href.isascii() and node.href for node in nodes if isinstance(node, Link))


@given(st.lists(st.sampled_from(["https://a.example", "www.a.example", "a@b.example"])))
def test_addresses_divided_by_spaces_are_all_links(addresses: list[str]) -> None:
    assert [shown for shown, _ in links(" ".join(addresses))] == addresses


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example/" + ")" * 90_000,
        "https://a.example/" + "(" * 90_000 + ")" * 90_000,
        "a@" * 45_000,
        "www." * 22_000,
        "a." * 45_000,
        "a@a." * 22_000 + "1",
    ],
)
def test_a_strange_run_is_no_trap(text: str) -> None:
    """Nothing is timed: before, some of these took minutes."""
    assert plain(tuple(linkify(text, 1))) == text


@pytest.mark.parametrize(
    ("href", "reason"),
    [
        ("", "no address is written"),
        ("#", "no address is written"),
        ("/", "no address is written"),
        ("kommun.example", "it is not a whole address"),
        ("images/a.pdf", "it is not a whole address"),
        ("file:///etc/hosts", "it is not a whole address"),
        ("ftp://a.example", "it is not a whole address"),
        ("http://a.example", "http is not encrypted: use https"),
        ("https://", "only this network knows the host"),
        ("https://intranet/", "only this network knows the host"),
        ("https://localhost:8000/", "only this network knows the host"),
        ("https://127.0.0.1/", "only this network knows the host"),
        ("https://192.168.1.1/", "only this network knows the host"),
        ("https://[::1]/", "only this network knows the host"),
        ("https://[::1", "it is not an address"),
        ("https://a.example:port/", "it is not an address"),
        ("https://a b.example/", "it holds spaces or quotation marks"),
        ("https://a,b.example/", "it is not an address"),
        ("mailto:a", "it is no mail address"),
        ("mailto:a@b", "it is no mail address"),
        ("mailto:", "it is no mail address"),
        ("tel:ring", "it is no telephone number"),
        ("tel:112", "it is no telephone number"),
        ("https://a.example", ""),
        ("https://8.8.8.8/", ""),
        ("https://a.example:8443/b?c#d", ""),
        ("mailto:a@b.example?subject=Hej", ""),
        ("tel:+46-8-4650000", ""),
    ],
)
def test_why_nobody_can_follow_an_address(href: str, reason: str) -> None:
    assert address_problem(href) == reason


def test_a_link_that_leads_nowhere_is_found_by_the_rules_not_by_the_parser() -> None:
    assert faults("[Kommunen](kommunen.se)") == []
