"""A mail is read and written back as it was."""

import pytest

from smakom_mail.render.shapes.page import into_box, read_page, remove, unwrap, write_page
from tests.render.shapes.drawing import EDITIONS, mail


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_edition_is_written_as_it_was_read(edition: str) -> None:
    assert write_page(read_page(mail(edition))) == mail(edition)


@pytest.mark.parametrize(
    "inside",
    [
        "<p>Å, ä &amp; ö &lt;b&gt; – “citat”</p>",
        '<a href="https://a.example/å b?x=1&amp;y=2" name="ö">länk</a>',
        "<!--[if mso | IE]><table><tr><td><![endif]--><p>a</p><!--[if mso]></td><![endif]-->",
        "<pre>\n  två\n  rader</pre>",
        '<img src="a.png" alt="" width="10"><br><hr>',
        "<p>a\u00a0b\u00adc\u200d</p>",
        "<p title=\"&quot;x&quot; &amp; 'y'\">a</p>",
    ],
)
def test_markup_keeps_its_bytes(inside: str) -> None:
    html = (
        f"<!DOCTYPE html><html><head><style>a > b {{}}</style></head><body>{inside}</body></html>\n"
    )
    assert write_page(read_page(html)) == html


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("", "<html><body></body></html>"),
        (" ", "<html><body></body></html> "),
        ("ord", "<html><body>ord</body></html>"),
        ("<p>a", "<html><body><p>a</p></body></html>"),
        ("<p>a</p></body>b", "<html><body><p>a</p>b</body></html>"),
        ("<p>a</p></html>b<i>c</i>", "<html><body><p>a</p>b<i>c</i></body></html>"),
        ("<p>a<wbr>b</p>", "<html><body><p>a<wbr>b</p></body></html>"),
        ("<xmp><b></xmp>", "<html><body><pre>&lt;b&gt;</pre></body></html>"),
        ("a\x00\x1fb", "<html><body>a  b</body></html>"),
        ("<noembed><b>x</b></noembed>y", "<html><body>y</body></html>"),
        ("<p>a<![CDATA[b]]>c", "<html><body><p>a<!--[CDATA[b]]-->c</p></body></html>"),
    ],
)
def test_odd_html_is_read_as_a_browser_reads_it(html: str, written: str) -> None:
    assert write_page(read_page(html)) == written


def test_taking_tags_away_keeps_every_word_in_its_place() -> None:
    page = read_page("<body>a<section>b<i>c</i>d</section>e<nav>f</nav>g</body>")
    for element in page.elements("section", "nav"):
        unwrap(element)
    assert write_page(page) == "<html><body>ab<i>c</i>defg</body></html>"


def test_taking_an_element_away_keeps_what_follows_it() -> None:
    page = read_page("<body>a<svg><text>x</text></svg>b<i>c</i><link>d</body>")
    for element in page.elements("svg", "link"):
        remove(element)
    assert write_page(page) == "<html><body>ab<i>c</i>d</body></html>"


def test_the_body_becomes_a_box_with_all_that_stands_on_it() -> None:
    page = read_page('<body class="a" style="color:red" dir="ltr"><p>x</p></body>')
    into_box(page)
    assert write_page(page) == (
        '<html><body style="margin:0">'
        '<div class="a" style="color:red" dir="ltr"><p>x</p></div></body></html>'
    )
