"""The index answers as lxml does, for every selector of the layouts and any that we invent."""

import re
from pathlib import Path

import pytest
from lxml import html
from lxml.cssselect import CSSSelector

from smakom_mail.render.selectors import SelectorIndex
from tests.conftest import ROOT

PAGE = html.document_fromstring(
    '<div class="a b"><p class="lead">1</p><table class="quote"><tr><td class="quote a">'
    '<p>2</p><p class="b lead">3</p><span><p class="speaker">4</p></span></td></tr></table>'
    '<h2 class="title">5</h2><a>6</a></div><p class="a-b">7</p><p class="lead-large">8</p>'
)


def no_other(selector: str) -> CSSSelector:
    raise AssertionError(f"{selector} was not answered from the index")


def selectors(path: Path) -> list[str]:
    css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    lists = re.findall(r"([^{}]+)\{", css)
    return [one.strip() for group in lists for one in group.split(",")]


@pytest.mark.parametrize(
    "selector",
    ["p", ".a", "p.lead", ".quote p", ".quote .speaker", "div .a p", ".a .a p", "table td.quote p",
     ".missing", "h2.title", "div p", ".b .b", ".a-b", ".lead"],
)  # fmt: skip
def test_the_index_finds_what_lxml_finds_in_the_same_order(selector: str) -> None:
    assert SelectorIndex().finder(selector, no_other)(PAGE) == CSSSelector(selector)(PAGE)


@pytest.mark.parametrize(
    "selector", ["p > a", "a:hover", "*", "#id", "[href]", "p+p", "style", "A.x y:"]
)
def test_other_selectors_go_to_the_engine(selector: str) -> None:
    asked: list[str] = []

    def engine(text: str) -> CSSSelector:
        asked.append(text)
        return CSSSelector("p")

    SelectorIndex().finder(selector, engine)

    assert asked == [selector]


@pytest.mark.parametrize("layout", ["smakom", "brev"])
def test_every_selector_of_a_layout_is_answered_from_the_index(layout: str) -> None:
    found = selectors(ROOT / "layouts" / layout / "inline.css")

    assert len(found) > 30
    for selector in found:
        index = SelectorIndex()
        assert index.finder(selector, no_other)(PAGE) == CSSSelector(selector)(PAGE)


def test_the_index_is_of_one_page_and_forgets_it() -> None:
    index = SelectorIndex()
    other = html.document_fromstring("<p>x</p><p>y</p>")

    first = index.finder("p", no_other)(PAGE)
    second = index.finder("p", no_other)(other)
    index.clear()

    assert (len(first), len(second), index.page, index.tags) == (6, 2, None, {})
