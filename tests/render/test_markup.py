"""The strict reading of HTML, held against html5lib."""

import re

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smakom_mail.diagnostics.phrases import PHRASES, translate
from smakom_mail.render.checks import open_form
from smakom_mail.render.markup import balance_faults, markup_faults
from tests.conftest import ROOT
from tests.render.altered import january

TAGS = (
    "p",
    "div",
    "b",
    "i",
    "a",
    "h1",
    "h2",
    "ul",
    "li",
    "table",
    "tbody",
    "tr",
    "td",
    "th",
    "span",
)
PIECES = (
    *(f"<{tag}>" for tag in TAGS),
    *(f"</{tag}>" for tag in TAGS),
    *("<br>", "<br/>", "<hr>", "<div/>", "</br>", '<img alt="">', "<a href=x>", "<p a=b>"),
    *('<p class="a" class="b">', '<p a="b"c="d">', "</p class=x>", "<style>p > a { }</style>"),
    *("<!-- x -->", "<!---->", "<!-->", "<!-- a --!>", "<title>a < b</title>"),
    *("x", " ", "å", "&amp;", "&amp", "&bogus;", "&", "& b", "&#0;", "&#xD800;", "&#8211;", "AT&T"),
    *("<", "< b", "<3", "</", "</ ", "\x0c", "\x01", "\ufdd0"),
)


def oracle(body: str) -> list[str]:
    """Give what html5lib says is wrong with a page whose body is `body`."""
    parser = html5lib.HTMLParser()
    parser.parse(page(body))
    # A bare & before letters that name nothing was a fault in HTML of 2010, and is none today.
    return [code for _, code, _ in parser.errors if code != "expected-named-entity"]


def page(body: str) -> str:
    head = '<!DOCTYPE html><html lang="sv"><head><title>t</title></head>'
    return f"{head}<body>{body}</body></html>"


def ours(body: str) -> list[str]:
    return [f"{fault.words}: {fault.reason}" for fault in markup_faults(page(body))]


@pytest.mark.parametrize("which", ["mail", "web"])
def test_neither_reader_finds_a_fault_in_the_real_pages(which: str) -> None:
    _, _, rendered = january()
    html = open_form(rendered.html) if which == "mail" else rendered.web
    parser = html5lib.HTMLParser()
    parser.parse(html)

    assert parser.errors == []
    assert list(markup_faults(html)) == []


@given(st.lists(st.sampled_from(PIECES), max_size=7).map("".join))
@example("<table>x</table>")
@example("<p><b><div></div></b></p>")
@example("<a><p><a>")
@example("<table><tr><td></table>")
def test_whatever_html5lib_finds_wrong_is_found(body: str) -> None:
    if oracle(body):
        assert ours(body) != []


@given(st.data())
def test_a_tag_lost_from_the_real_web_version_is_missed(data: st.DataObject) -> None:
    _, _, rendered = january()
    tags = [
        m.span()
        for m in re.finditer(r"</?(?:div|section|main|table|a|h[1-6])\b[^>]*>", rendered.web)
    ]
    start, end = data.draw(st.sampled_from(tags))

    assert list(markup_faults(rendered.web[:start] + rendered.web[end:])) != []


NOT_CLOSED = "an element is not closed"
NOT_OPEN = "it closes what is not open"
NO_NAME = "the character has no such name"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>a</p><ul><li>b</li></ul>", []),
        ("<p>a<div>b</div></p>", [f"</p>: {NOT_OPEN}"]),
        ("<p><b>a<div>b</div></b>", [f"<div>: {NOT_CLOSED}", f"</b>: {NOT_OPEN}"]),
        ("<b>a</i></b>", [f"</i>: {NOT_OPEN}"]),
        ("<b><i>a</b></i>", [f"<i> … </b>: {NOT_CLOSED}", f"</i>: {NOT_OPEN}"]),
        ("<div>a", [f"<div> … </body>: {NOT_CLOSED}"]),
        ("<table><tr><td>a</td></tr></table>", []),
        ("<table>a<tr></tr></table>", ["a: text stands in a table but in no cell"]),
        ("<table><div>a</div></table>", ["<div>: it stands in a table but in no cell"]),
        ("<td>a</td>", ["<td>: it cannot stand here"]),
        ("<h1>a<h2>b</h2></h1>", ["<h2>: a heading stands in a heading"]),
        ("<a href=x>a<a href=y>b</a></a>", ["<a>: it stands inside another of its kind"]),
        ("<div/>a</div>", ["<div>: only an empty element may end with />"]),
        ("<br/><img alt='a'/>", []),
        ("1 < 2", ["<: it must be written &lt;"]),
        ("<b></b class='x'>", ["</b>: an end tag holds attributes"]),
        ("<p a='1' A='2'>b</p>", ["<p a>: an attribute stands twice"]),
        ("<p a='1'b='2'>b</p>", ["<p … b='2': its attributes run together"]),
        ("<p title='&bogus;'>b</p>", [f"&bogus;: {NO_NAME}"]),
        ("<a href='?a=1&copy=2'>b</a>", []),
        ("&copy 2021", [f"&copy: {NO_NAME}"]),
        ("AT&T, R&D; &x=", [f"&D;: {NO_NAME}"]),
        ("&#65;&#x41;&#0;", [f"&#0;: {NO_NAME}"]),
        ("a\x01b", ["U+0001: a control character"]),
        ("<!-- a --!> -->", ["<!-- a --!> -->: a comment is broken"]),
        ("<o:p></o:p><v:rect/>", []),
        ("<style>a > b { }</style><p>c</p>", []),
    ],
)
def test_what_a_browser_would_guess_at(body: str, expected: list[str]) -> None:
    assert ours(body) == expected


def test_what_a_browser_guesses_at_is_said_in_swedish_too() -> None:
    said = (NOT_CLOSED, NOT_OPEN, NO_NAME)

    assert [translate("reason", reason, "sv") for reason in said] == [
        "elementet stängs inte",
        "det stänger något som inte är öppet",
        "tecknet har inget sådant namn",
    ]


def test_every_reason_has_its_swedish() -> None:
    source = (ROOT / "smakom_mail" / "render" / "markup.py").read_text(encoding="utf-8")
    reasons = set(re.findall(r'MarkupFault\(\s*"([^"]+)"|\(\("([^"]+)"', source))
    plain = {one or other for one, other in reasons if " " in one + other}

    assert len(plain) > 10
    assert plain - set(PHRASES) == set()


@pytest.mark.parametrize(
    "page_",
    ["<" * 100_000, '<a "' * 50_000, "<!--" * 50_000, "<style>" * 20_000, "<div>" * 20_000],
)
def test_a_page_of_faults_only_is_told_in_part(page_: str) -> None:
    assert len(markup_faults(page_)) == 20
    assert len(balance_faults(page_)[0]) == 20
