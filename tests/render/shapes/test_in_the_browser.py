"""The shapes of an edition as a real browser draws them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from smakom_mail.render.shapes import shape_for
from tests.render.shapes.drawing import mail

EDITION = "smakom januari-2021"
TEXTS = """() => [...document.querySelectorAll('h1, h2, p, td')].map(each => {
    const box = each.getBoundingClientRect();
    const look = getComputedStyle(each);
    return [each.tagName, box.x, box.y, box.width, box.height, look.color, look.fontSize].join(' ');
})"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 700, "height": 900}, color_scheme="light")
    yield context.new_page()
    context.close()


def drawn(page: Page, html: str) -> list[str]:
    """Draw a page and say where every piece of text stands and how it looks."""
    page.set_content(html)
    found: list[str] = page.evaluate(TEXTS)
    return found


@pytest.mark.parametrize("client", ["gmail", "outlook-com", "apple-mail"])
@pytest.mark.parametrize("width", [375, 700])
@pytest.mark.parametrize("edition", [EDITION, "smakom allt", "brev allt"])
def test_an_edition_looks_as_built_where_nothing_seen_is_lost(
    page: Page, client: str, width: int, edition: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    built = drawn(page, mail(edition))
    assert len(built) > 80
    assert drawn(page, shape_for(mail(edition), client).html) == built


def test_in_outlook_for_windows_the_mail_is_as_wide_on_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 900})
    page.set_content(shape_for(mail(EDITION), "outlook-windows").html)
    assert page.evaluate("document.documentElement.scrollWidth") >= 600
    page.set_content(shape_for(mail(EDITION), "apple-mail").html)
    assert page.evaluate("document.documentElement.scrollWidth") == 375


def test_without_style_sheets_the_edition_still_fits_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 900})
    page.set_content(shape_for(mail(EDITION), "gmail-other").html)
    assert page.evaluate("document.documentElement.scrollWidth") == 375
