"""Mail and web version as their readers see them, in both layouts."""

import re
from pathlib import Path

import pytest

from tests.axe import violations
from tests.e2e.conftest import EDITIONS, LAYOUTS, MAIL, WEB, Opened, Scheme
from tests.e2e.everything import DRAWN

# A webmail has its own main landmark, and the mail lies inside it.
MAIL_RULES_OFF = ("landmark-one-main", "region")
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
DOUBLED = """() => {
    const all = [...document.querySelectorAll("body *")];
    const sizes = all.map(e => [e, getComputedStyle(e)]).map(
        ([e, s]) => [e, parseFloat(s.fontSize), parseFloat(s.lineHeight)]);
    for (const [e, size, height] of sizes) {
        e.style.setProperty("font-size", 2 * size + "px", "important");
        if (height) e.style.setProperty("line-height", 2 * height + "px", "important");
    }
}"""
DISCS = """() => [...document.querySelectorAll(".disc")].map(each => {
    const words = document.createRange();
    words.selectNodeContents(each);
    const [box, inner] = [each, words].map(e => e.getBoundingClientRect());
    return [box.width, box.height, inner.width <= box.width && words.getClientRects().length === 1];
})"""
COVERED = """() => {
    const box = e => [e, e.getBoundingClientRect()];
    const days = [...document.querySelectorAll(".tag-day")].map(box);
    return [...document.querySelectorAll("h3, .note")].map(box).flatMap(([e, a]) => days
        .filter(([, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom
            && b.top < a.bottom)
        .map(([day]) => day.textContent + " lies on " + e.textContent));
}"""
WIDTH = "document.documentElement.scrollWidth"
each_layout = pytest.mark.parametrize("layout", LAYOUTS)
each_edition = pytest.mark.parametrize("slug", EDITIONS)
each_part = pytest.mark.parametrize("part", [MAIL, WEB], ids=["mail", "web"])


@each_part
@each_edition
@each_layout
def test_axe_finds_nothing(opened: Opened, layout: str, slug: str, part: str) -> None:
    disable = MAIL_RULES_OFF if part == MAIL else ()
    found = {}
    for scheme in SCHEMES:
        for width in (320, 375, 700):
            with opened(layout, slug, part, width, scheme) as page:
                found[scheme, width] = violations(page, disable)
    assert {place: lines for place, lines in found.items() if lines} == {}


@each_part
@each_edition
@each_layout
def test_a_narrow_screen_scrolls_one_way_only(
    opened: Opened, layout: str, slug: str, part: str
) -> None:
    with opened(layout, slug, part, 320) as page:
        assert page.evaluate(WIDTH) == 320


@each_part
@each_edition
@each_layout
def test_text_can_be_twice_as_large(opened: Opened, layout: str, slug: str, part: str) -> None:
    widths = {}
    for width in (375, 700):
        with opened(layout, slug, part, width) as page:
            page.evaluate(DOUBLED)
            widths[width] = page.evaluate(WIDTH)
    assert widths == {375: 375, 700: 700}


@each_part
@pytest.mark.parametrize("width", [320, 375, 700])
def test_a_monogram_stays_round_in_text_twice_as_large(
    opened: Opened, part: str, width: int
) -> None:
    with opened("smakom", "allt", part, width) as page:
        sizes = page.evaluate(DISCS)
        page.evaluate(DOUBLED)
        sizes += page.evaluate(DISCS)
    assert [(w == pytest.approx(h, abs=1), held) for w, h, held in sizes] == [(True, True)] * 8


@pytest.mark.parametrize("width", [320, 375, 700])
def test_a_date_lies_on_no_word_in_text_twice_as_large(opened: Opened, width: int) -> None:
    with opened("smakom", "allt", MAIL, width) as page:
        page.evaluate(DOUBLED)
        assert page.evaluate(COVERED) == []


def test_on_a_wide_screen_a_date_stands_beside_its_words(opened: Opened) -> None:
    with opened("smakom", "allt", MAIL) as page:
        places = page.evaluate(
            """() => [...document.querySelectorAll(".tag")].map(tag => {
                const words = [...document.querySelectorAll("h3")].map(e => e.getClientRects()[0]);
                const {x, y} = tag.getBoundingClientRect();
                return words.filter(e => Math.abs(e.y - y) < 16).map(e => Math.round(e.x - x));
            })"""
        )
    assert places == [[84], [84]]


@each_layout
def test_the_numbers_of_a_list_stay_inside_in_text_twice_as_large(
    opened: Opened, layout: str
) -> None:
    with opened(layout, "allt", MAIL, 320) as page:
        page.evaluate(DOUBLED)
        rooms = page.evaluate(
            "[...document.querySelectorAll('ol')].map(e => [getComputedStyle(e)].map("
            "s => parseFloat(s.paddingLeft) / parseFloat(s.fontSize))[0])"
        )
    assert rooms == [1.5]


@each_part
@each_edition
@each_layout
def test_each_link_to_a_calendar_has_a_name_of_its_own_that_begins_as_it_is_written(
    opened: Opened, layout: str, slug: str, part: str
) -> None:
    with opened(layout, slug, part) as page:
        links = page.evaluate(
            "[...document.querySelectorAll('a[href$=\".ics\"]')]"
            ".map(a => [a.innerText, a.ariaLabel])"
        )
    assert len(links) == {"januari-2021": 4, "april-2021": 0, "allt": 2}[slug]
    assert [written for written, name in links if not name.startswith(f"{written}: ")] == []
    assert len({name for _, name in links}) == len(links)


@each_part
@each_edition
@each_layout
def test_no_text_is_smaller_than_14_pixels(
    opened: Opened, layout: str, slug: str, part: str
) -> None:
    with opened(layout, slug, part) as page:
        sizes = page.evaluate(
            """() => [...document.querySelectorAll("body *")]
                .filter(e => e.checkVisibility() && [...e.childNodes].some(
                    n => n.nodeType === Node.TEXT_NODE && n.data.trim().length > 1))
                .map(e => parseFloat(getComputedStyle(e).fontSize))"""
        )
    assert min(sizes) >= 14


@each_part
@each_layout
def test_every_kind_of_section_and_block_is_drawn(opened: Opened, layout: str, part: str) -> None:
    with opened(layout, "allt", part) as page:
        words = " ".join(page.inner_text("body").replace("\u00a0", " ").split())
    assert [text for text in DRAWN if text not in words] == []


@each_edition
@each_layout
def test_the_web_version_has_landmarks_contents_and_no_script(
    opened: Opened, layout: str, slug: str
) -> None:
    with opened(layout, slug, WEB) as page:
        counts = page.evaluate(
            "['main', 'nav', 'header', 'footer', 'h1', 'script'].map("
            "name => document.querySelectorAll(name).length)"
        )
        broken = page.evaluate(
            "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.hash.slice(1))"
            ".filter(id => !document.getElementById(id))"
        )
    assert (counts, broken) == ([1, 1, 1, 1, 1, 0], [])


@pytest.mark.parametrize("slug", ["januari-2021", "april-2021"])
@each_layout
def test_the_web_version_prints_on_four_pages(opened: Opened, layout: str, slug: str) -> None:
    with opened(layout, slug, WEB) as page:
        printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) in {3, 4}


@each_layout
@each_edition
def test_the_mail_holds_without_styles_and_without_pictures(
    opened: Opened, layout: str, slug: str
) -> None:
    with opened(layout, slug, MAIL, 320) as page:
        page.evaluate("document.querySelectorAll('style').forEach(style => style.remove())")
        without_styles = page.evaluate(WIDTH)
        page.evaluate("document.querySelectorAll('img').forEach(i => i.removeAttribute('src'))")
        assert (without_styles, page.evaluate(WIDTH)) == (320, 320)


@pytest.mark.parametrize(
    ("layout", "looks"),
    [
        ("smakom", ['-apple-system, "Segoe UI", Roboto, Arial, sans-serif', "16px", "26px"]),
        ("brev", ['Georgia, "Times New Roman", serif', "17px", "28px"]),
    ],
)
@each_edition
def test_running_text_keeps_its_type_where_every_style_element_is_removed(
    opened: Opened, layout: str, looks: list[str], slug: str
) -> None:
    with opened(layout, slug, MAIL, 360) as page:
        page.evaluate("document.querySelectorAll('style').forEach(style => style.remove())")
        found = page.evaluate(
            "(({fontFamily, fontSize, lineHeight}) => [fontFamily, fontSize, lineHeight])"
            "(getComputedStyle(document.querySelector('p:not([class])')))"
        )
    assert found == looks


@each_layout
@each_edition
def test_the_mail_stays_small(built: Path, layout: str, slug: str) -> None:
    assert len((built / layout / slug / MAIL).read_bytes()) <= 60_000
