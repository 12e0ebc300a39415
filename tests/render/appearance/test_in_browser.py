"""The appearances as Chromium draws them, which prefers now light and now dark."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from playwright.sync_api import Browser, Page, Route

from smakom_mail.render.appearance import Scheme, with_scheme, with_text_at, without_pictures
from tests.axe import violations
from tests.e2e.conftest import LAYOUTS
from tests.e2e.test_looks import DOUBLED, MAIL_RULES_OFF, WIDTH
from tests.render.finishing import finished

Shown = Callable[..., AbstractContextManager[Page]]
COLOURS = """() => [...document.querySelectorAll("html, body, body *")].map(e => {
    const s = getComputedStyle(e);
    return [e.tagName, s.color, s.backgroundColor, s.borderTopColor].join(" ");
})"""
SIZES = """() => [...document.querySelectorAll("body *")].map(e => {
    const s = getComputedStyle(e);
    return [e.tagName, parseFloat(s.fontSize).toFixed(1),
        (parseFloat(s.lineHeight) || 0).toFixed(1)].join(" ");
})"""
each_layout = pytest.mark.parametrize("layout", LAYOUTS)
each_part = pytest.mark.parametrize("part", ["mail", "web"])


@pytest.fixture
def shown(browser: Browser) -> Shown:
    """Give a way to open a page that gets no picture; with `quiet` it may not even ask for one."""

    @contextmanager
    def open_page(
        html: str, prefers: Scheme = "light", width: int = 375, *, quiet: bool = False
    ) -> Iterator[Page]:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if prefers == "dark" else "light",
        )
        page = context.new_page()
        fetched: list[str] = []

        def refuse(route: Route) -> None:
            fetched.append(route.request.url)
            route.abort()

        page.route("**/*", refuse)
        page.set_content(html)
        yield page
        context.close()
        assert not quiet or fetched == []

    return open_page


def made(layout: str, part: str) -> str:
    """Give the mail or the web version of the edition with everything."""
    return finished(layout, "allt").mail if part == "mail" else finished(layout, "allt").web


@each_layout
@each_part
def test_light_and_dark_are_the_pages_own_whatever_the_browser_prefers(
    shown: Shown, layout: str, part: str
) -> None:
    html = made(layout, part)
    pairs: list[tuple[Scheme, Scheme]] = [("light", "dark"), ("dark", "light")]
    for scheme, other in pairs:
        with shown(html, scheme) as page:
            own = page.evaluate(COLOURS)
        with shown(with_scheme(html, scheme), other) as page:
            assert page.evaluate(COLOURS) == own


@each_layout
@each_part
@pytest.mark.parametrize("scheme", ["partial", "full"])
def test_text_can_be_read_where_a_dark_scheme_is_forced(
    shown: Shown, layout: str, part: str, scheme: Scheme
) -> None:
    found = {}
    for prefers in ("light", "dark"):
        with shown(with_scheme(made(layout, part), scheme), prefers) as page:
            found[prefers] = page.evaluate(COLOURS)
            if prefers == "light":
                assert violations(page, MAIL_RULES_OFF) == []
    assert found["light"] == found["dark"]


@pytest.mark.parametrize("scheme", ["partial", "full"])
@pytest.mark.parametrize("prefers", ["light", "dark"])
def test_text_without_a_stated_colour_is_light_on_a_dark_canvas(
    shown: Shown, prefers: Scheme, scheme: Scheme
) -> None:
    html = "<!DOCTYPE html><p>Ord <a href='https://a.example/'>länk</a></p>"
    with shown(with_scheme(html, scheme), prefers) as page:
        assert page.evaluate(COLOURS)[-3:] == [
            "BODY rgb(255, 255, 255) rgb(0, 0, 0) rgb(255, 255, 255)",
            "P rgb(255, 255, 255) rgba(0, 0, 0, 0) rgb(255, 255, 255)",
            "A rgb(189, 153, 255) rgba(0, 0, 0, 0) rgb(189, 153, 255)",
        ]


@each_layout
@pytest.mark.parametrize("slug", ["januari-2021", "allt"])
def test_without_pictures_nothing_is_fetched_and_the_frames_shrink(
    shown: Shown, layout: str, slug: str
) -> None:
    mail = finished(layout, slug).mail
    with shown(mail) as page:
        alts = page.evaluate("[...document.images].map(i => i.alt).filter(Boolean)")
    with shown(without_pictures(mail), width=320, quiet=True) as page:
        frames = page.locator("span[style*='1px solid #808885']")
        assert frames.all_inner_texts() == alts
        for box in (frame.bounding_box() for frame in frames.all()):
            assert box is not None
            assert box["x"] + box["width"] <= 320
        assert page.evaluate(WIDTH) == 320


@each_layout
@each_part
def test_doubled_text_is_what_a_browser_makes_of_doubled_sizes(
    shown: Shown, layout: str, part: str
) -> None:
    html = made(layout, part)
    with shown(html) as page:
        page.evaluate(DOUBLED)
        sizes, width = page.evaluate(SIZES), page.evaluate(WIDTH)
    with shown(with_text_at(html, 200)) as page:
        assert page.evaluate(SIZES) == sizes
        assert page.evaluate(WIDTH) == width
