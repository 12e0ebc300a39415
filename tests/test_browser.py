"""The tests' own eyes: the browser runs offline, and axe finds what is wrong with a page."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError

from tests.axe import run_axe, violations

GOOD = """<!DOCTYPE html><html lang="sv"><head><title>Nyhetsbrev</title></head>
<body><main><h1>Nyhetsbrev</h1><p>Hej <a href="#a">på dig</a>.</p></main></body></html>"""
BAD = """<!DOCTYPE html><html><head><title>x</title></head><body><main><h1>x</h1>
<img src="data:,"><p style="color:#ccc;background:#fff">Svårläst</p></main></body></html>"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open an empty page."""
    page = browser.new_page()
    yield page
    page.close()


def test_a_good_page_has_no_violations(page: Page) -> None:
    page.set_content(GOOD)
    assert violations(page) == []


def test_each_violation_is_a_readable_line(page: Page) -> None:
    page.set_content(BAD)
    lines = violations(page)
    assert [line.split(":")[0] for line in lines] == [
        "color-contrast (serious) at p",
        "html-has-lang (serious) at html",
        "image-alt (critical) at img",
    ]
    assert "Element does not have an alt attribute" in lines[2]


def test_a_rule_can_be_disabled(page: Page) -> None:
    page.set_content(BAD)
    lines = violations(page, ("color-contrast", "image-alt"))
    assert [line.split(" ")[0] for line in lines] == ["html-has-lang"]


def test_a_disabled_rule_must_exist(page: Page) -> None:
    page.set_content(GOOD)
    with pytest.raises(PlaywrightError, match="axe has no rule colour"):
        violations(page, ("colour",))


def test_best_practices_and_wcag_22_are_among_the_rules(page: Page) -> None:
    page.set_content(GOOD)
    rules = run_axe(page)["rules"]
    assert {"target-size", "region", "color-contrast", "avoid-inline-spacing"} <= set(rules)


def test_frames_are_looked_into(page: Page) -> None:
    page.set_content(GOOD.replace("<p>", '<iframe title="x" srcdoc="<img src=x>"></iframe><p>'))
    page.frames[1].wait_for_selector("img", state="attached")
    assert any(line.startswith("image-alt (critical) at iframe > img") for line in violations(page))


def test_the_browser_knows_no_names_but_localhost(page: Page) -> None:
    with pytest.raises(PlaywrightError, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://relay.example/")


@pytest.mark.parametrize("turn", [1, 2])
def test_tests_without_the_browser_may_run_asyncio(turn: int) -> None:
    assert asyncio.run(asyncio.sleep(0, result=turn)) == turn


def test_the_browser_goes_on_after_them(page: Page) -> None:
    page.set_content(GOOD)
    assert page.title() == "Nyhetsbrev"
