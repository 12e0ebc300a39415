"""Pictures off: their alternative texts in frames of their size, and not one request."""

import re

import pytest
from hypothesis import given

from smakom_mail.render.appearance import without_pictures
from smakom_mail.render.appearance.pictures import without_addresses
from tests.render.appearance.odd import MARKUP, parsed

FETCHING = {"src", "srcset", "imagesrcset", "background", "poster", "data", "lowsrc", "dynsrc"}
FRAME = "border:1px solid #808885;box-sizing:border-box"


@pytest.mark.parametrize(
    ("picture", "kept", "style", "text"),
    [
        (
            (
                '<img src="a.png" alt="En  sjö" width="536" height="230" class="picture" '
                'style="display:block;width:100%;max-width:536px;height:auto;color:#55635E">'
            ),
            'class="picture" ',
            (
                "display:block;width:100%;max-width:536px;height:auto;color:#55635E;"
                f"{FRAME};aspect-ratio:536/230;height:auto;overflow:hidden"
            ),
            "En sjö",
        ),
        (
            "<img src=a.png alt='A &lt; B' width=24 height=12/>",
            "",
            (
                f"{FRAME};display:inline-block;max-width:100%;width:24px;aspect-ratio:24/12;"
                "height:auto;overflow:hidden"
            ),
            "A &lt; B",
        ),
        (
            '<img alt=A width="50%" height=80 data-source="a.md:1" title=T>',
            'data-source="a.md:1" title="T" ',
            f"{FRAME};display:inline-block;max-width:100%;width:50%;height:80px;overflow:hidden",
            "A",
        ),
        ("<img src=a.png alt=A>", "", f"{FRAME};display:inline-block;max-width:100%", "A"),
        (
            '<img src="a.png" alt="" width="600" data-source="a.md:1">',
            'data-source="a.md:1" ',
            "display:none",
            "",
        ),
        ("<img src=a.png>", "", "display:none", ""),
    ],
)
def test_a_picture_becomes_a_frame_of_its_size(
    picture: str, kept: str, style: str, text: str
) -> None:
    assert without_pictures(picture) == f'<span {kept}style="{style}">{text}</span>'


def test_a_linked_picture_keeps_its_link() -> None:
    shown = without_pictures('<a href="https://a.example/"><img src="a.png" alt="Hit"></a>')
    assert re.sub(r' style="[^"]*"', "", shown) == (
        '<a href="https://a.example/"><span>Hit</span></a>'
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<td background="a.png" class=x>', "<td class=x>"),
        ("<video poster=a.png src=b.mp4>", "<video>"),
        ("<picture><source srcset='a.png 2x'>", "<picture><source>"),
        ("<input type=image src=a.png alt=A>", "<input type=image alt=A>"),
        ('<link rel="stylesheet" href="a.css">', '<link rel="stylesheet">'),
        ("<svg><image xlink:href='a.png'/></svg>", "<svg><image/></svg>"),
        ("<a href='#x' style='color:red'>", "<a href='#x' style='color:red'>"),
        (
            '<td style="background:#fff url(a.png) no-repeat;color:red">',
            '<td style="background:#fff none no-repeat;color:red">',
        ),
        ("<style>p{color:red}</style>", "<style>p{color:red}</style>"),
    ],
)
def test_what_fetches_by_itself_fetches_no_more(html: str, expected: str) -> None:
    assert without_pictures(html) == expected


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("background-image: url( 'a(b).png' ), URL(b.png)", "background-image: none, none"),
        ("background:url(http://a.example/*x.png);color:red", "background:none;color:red"),
        (r"background:u\72l(a.png)", "background:none"),
        ("background:image-set(url(a.png) 1x, 'b.png' 2x) red", "background:none red"),
        ("@import 'a;b.css' screen;p{}", "p{}"),
        ("@import url(a.css);p{}", "p{}"),
        ("content:'url(a.png)'", "content:'url(a.png)'"),
        ("/* url(a.png) */color:red", "/* url(a.png) */color:red"),
        ("background:url(a.png", "background:none"),
        ("width:calc(1px + 2px)", "width:calc(1px + 2px)"),
    ],
)
def test_no_address_is_left_in_a_style(css: str, expected: str) -> None:
    assert without_addresses(css) == expected


@given(MARKUP)
def test_no_page_has_anything_left_to_fetch(html: str) -> None:
    for each in parsed(without_pictures(html)):
        assert each.tag != "img"
        assert not FETCHING & set(each.keys())
        assert each.tag != "link" or "href" not in each.keys()  # noqa: SIM118 - no mapping
        assert "url(" not in without_quotes(each.get("style", ""))
        assert each.tag != "style" or "url(" not in without_quotes(each.text or "")


def without_quotes(css: str) -> str:
    """Leave out what is a string or a comment, finished or not: an address there is only words."""
    return re.sub(r"/\*.*?(?:\*/|\Z)|\"[^\"\n]*\"?|'[^'\n]*'?", "", css, flags=re.DOTALL)
