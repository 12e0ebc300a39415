"""Whatever the HTML is: nothing is raised, no word is lost, nothing runs, the same comes twice."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smakom_mail.render.markup import outlook_view
from smakom_mail.render.shapes import shape_for
from smakom_mail.render.shapes.page import read_page
from tests.render.making import NASTY, TEXT, edition, paragraph, render
from tests.render.shapes.drawing import EDITIONS, EVERY_CLIENT, mail

TAGS = (
    *("<p>", "</p>", '<div style="color:red;padding:4px">', "</div>", "<table>", "<tr>", "<td>"),
    *("</td>", "</tr>", "</table>", "<b>", "</b>", '<a href="#x">', "</a>", "<section>", "<nav>"),
    *("</section>", "</nav>", "<main>", "<br>", "<img src=x.webp alt=y>", "<ul><li>", "</ul>"),
    *("<!-- c -->", "<!--[if mso]>", "<![endif]-->", "<!--[if !mso]><!-->", "<!--<![endif]-->"),
    *("<![CDATA[ x ]]>", "<?php x ?>", "<!x>", "</", "<", "&nbsp;", "&#0;", "&#1;", "&unknown;"),
    *("\x00", "\x1f", "\r\n", "\t", "<style>p{color:red}</style>", "<style>@media x{", "</style>"),
    *("<body class=q style='margin:0'>", "</body>", "<html lang=sv>", "</html>", "<head>"),
    *("<textarea>", "</textarea>", "<pre>\n", "<h1 class='a b'>", "<p/>", "<p style='", "'>"),
    *('<span title="a>b">', "<center>", "<abbr>", "<video>v</video>", "<object>", "<form>"),
    *("<button>", "<input>", "<noscript>", "<v:rect>", "</v:rect>", "<wbr>", "<dialog>"),
    *("<ruby>a<rt>b</rt></ruby>", "<details><summary>s</summary>", "<script>x()</script>"),
    *("<p onclick=x()>", "<a href=javascript:x()>", "<iframe>", "<select><option>o"),
)
ODD = st.lists(st.one_of(st.sampled_from((*TAGS, *NASTY)), st.text(max_size=6)), max_size=14).map(
    "".join
)
UNREAD = frozenset(("script", "style", "iframe", "xml", "title", "frame", "svg"))


def words(html: str) -> str:
    """Give every letter that a reader could see, without spaces and what nobody sees."""
    said = []
    for node in read_page(html).root.iter():
        around = [str(above.tag) for above in node.iterancestors()]
        if node.tail and not unread(around):
            said.append(node.tail)
        kind: object = node.tag
        if isinstance(kind, str) and node.text and not unread([kind, *around]):
            said.append(node.text)
    return "".join(sorted("".join(re.sub(r"[\x00-\x1f\ufffd-\uffff]", "", "".join(said)).split())))


def unread(tags: list[str]) -> bool:
    """Say whether what stands in these elements is not for reading."""
    return any(tag in UNREAD or tag.startswith(("o:", "w:")) for tag in tags)


@given(ODD, st.sampled_from(EVERY_CLIENT))
def test_any_html_keeps_its_words_and_runs_nothing(html: str, client: str) -> None:
    shape = shape_for(html, client)
    source = outlook_view(html)[0] if client == "outlook-windows" else html
    assert words(shape.html) == words(source)
    elements = read_page(shape.html).elements()
    names = {str(name) for element in elements for name in element.attrib}
    assert "script" not in {element.tag for element in elements}
    assert not [name for name in names if name.startswith("on")]
    assert shape_for(html, client) == shape


@settings(max_examples=25)
@given(TEXT)
def test_any_words_of_an_editor_are_in_every_shape(text: str) -> None:
    html = "".join(
        part if isinstance(part, str) else "x"
        for part in render(edition(paragraph(text)))[0].html.parts
    )
    for client in EVERY_CLIENT:
        shape = shape_for(html, client)
        source = outlook_view(html)[0] if client == "outlook-windows" else html
        assert words(shape.html) == words(source)


@given(ODD, st.sampled_from(["gmail", "gmail-other", "apple-mail", "samsung"]))
def test_a_shape_of_a_shape_loses_nothing_more(html: str, client: str) -> None:
    once = shape_for(html, client).html
    assert shape_for(once, client).losses == ()


@pytest.mark.parametrize("client", EVERY_CLIENT)
@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200 + "djupt" + "</div>" * 200,
        "<table><tr><td>" * 200 + "djupt",
        "<section>" * 200 + "djupt" + "</section>" * 200,
        "<style>" + "@media screen{" * 200 + "</style><p>djupt</p>",
        f"<style>{'a' * 100_000}</style><p>djupt</p>",
        f'<p style="{";" * 50_000}">djupt</p>',
        f'<p style="{"(" * 10_000}">djupt</p>',
        f"<p>djupt</p>{'<!--[if mso]>' * 2_000}",
        f"{'<!--[if !mso]><!-->' * 5_000}<p>djupt</p>",
        f"<p style='margin:{'-' * 10_000}'>djupt</p>",
        f"<style>.b {'div ' * 12}.a {{ border-radius: 1px }}</style>{'<div>' * 99}<p class=a>djupt",
    ],
)
def test_deep_and_long_html_is_drawn(html: str, client: str) -> None:
    assert "djupt" in shape_for(html, client).html


@pytest.mark.parametrize("client", EVERY_CLIENT)
@pytest.mark.parametrize("name", EDITIONS)
def test_every_word_of_an_edition_is_in_every_shape(name: str, client: str) -> None:
    html = mail(name)
    source = outlook_view(html)[0] if client == "outlook-windows" else html
    assert text(shape_for(html, client).html) == text(source)


def text(html: str) -> str:
    """Give the words of a well-formed page in their order."""
    unread = r"<!--.*?-->|<(style|title|xml)\b.*?</\1>|<[^>]*>"
    return " ".join(unescape(re.sub(unread, "", html, flags=re.DOTALL)).split())
