"""The archive's pages in Chromium: whole without scripts, for everybody, and beautiful on paper."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from smakom_mail.services.archiving.site import make_site
from smakom_mail.services.checking import check_edition
from smakom_mail.services.workplace import open_workplace
from tests.axe import violations
from tests.e2e.archive_shown import ALVA, hosted, visiting, voiced
from tests.e2e.conftest import EDITIONS, LAYOUTS, newsletter
from tests.render.archive.archived import CONFIG, files_of

PAGES = ("archive/", "archive/januari-2021/", "archive/allt/", "404.html")


@pytest.fixture(scope="module", params=LAYOUTS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Host the archive of three editions in each layout; give its address."""
    root = newsletter(tmp_path_factory.mktemp("archived"), request.param)
    made = make_site(open_workplace(root, {"SMAKOM_MAIL_SITE_URL": "http://127.0.0.1"}), EDITIONS)
    with hosted(made.files) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 700, 1200])
def test_axe_finds_nothing_on_any_page_and_none_is_too_wide(
    site: str, browser: Browser, width: int, scheme: str
) -> None:
    found = []
    with visiting(
        browser, width, voiced(ALVA), color_scheme=scheme, reduced_motion="reduce"
    ) as page:
        for path in PAGES:
            page.goto(site + path)
            found += [f"{path} {one}" for one in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{path} is wider than {width} px")
        page.goto(f"{site}archive/?q=vindkraft")
        page.locator(".a-results li").first.wait_for()
        found += [f"results: {one}" for one in violations(page)]
        page.goto(f"{site}archive/januari-2021/")
        page.get_by_role("button", name="Lyssna").click()
        found += [f"player: {one}" for one in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"the player is wider than {width} px")
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1200])
def test_axe_finds_nothing_on_the_papers_of_a_site_without_a_server(
    browser: Browser, width: int, scheme: str
) -> None:
    alone = replace(CONFIG, site_pages=False)
    with (
        hosted(files_of(config=alone)) as address,
        visiting(browser, width, color_scheme=scheme) as page,
    ):
        page.goto(f"{address}archive/")
        for name in ("Personuppgifter", "Tillgänglighet"):
            page.get_by_role("contentinfo").get_by_role("link", name=name).click()
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("link", name="Till alla nummer").click()
        assert page.url == f"{address}archive/"


@pytest.mark.parametrize("path", PAGES)
def test_text_at_200_per_cent_stays_on_the_page(site: str, browser: Browser, path: str) -> None:
    with visiting(browser, 640, voiced(ALVA)) as page:
        page.goto(site + path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640


def stops(page: Page, number: int) -> list[str]:
    """Press Tab so many times; give the name of each place that was reached."""
    names = []
    for _ in range(number):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                """() => { const e = document.activeElement;
                return e.innerText.trim().split('\\n')[0] || e.ariaLabel || e.name; }"""
            )
        )
    return names


def test_the_list_is_walked_by_the_keyboard_in_its_order(site: str, browser: Browser) -> None:
    with visiting(browser) as page:
        page.goto(f"{site}archive/")
        years = page.locator(".a-years a").all_inner_texts()
        assert stops(page, 4 + len(years))[:-1] == ["Hoppa till innehållet", *years, "q", "Sök"]
        page.goto(f"{site}archive/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "innehall"


def test_without_scripts_everything_but_search_and_listening_is_there(
    site: str, browser: Browser
) -> None:
    with visiting(browser, java_script_enabled=False) as page:
        page.goto(f"{site}archive/?q=vindkraft")
        expect(page.get_by_role("search")).to_have_count(0)
        expect(page.locator(".a-edition")).to_have_count(3)
        page.get_by_role("link", name="Vad är god ekonomi i en liten kommun?").click()
        assert page.url.endswith("/archive/januari-2021/#dialogmote")
        expect(page.get_by_role("button")).to_have_count(0)
        page.get_by_role("link", name="Nästa nummer Nyhetsbrev april 2021").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Nyhetsbrev april 2021")
        page.get_by_role("link", name="Alla nummer").click()
        assert page.url.endswith("/archive/")


def test_the_root_leads_to_the_list_and_a_dead_link_back_to_it(site: str, browser: Browser) -> None:
    with visiting(browser) as page:
        page.goto(site)
        page.wait_for_url("**/archive/")
        page.goto(f"{site}404.html")
        page.get_by_role("link", name="Till alla nummer").click()
        page.wait_for_url("**/archive/")


# In a list a picture has no template, and its style in itself.
LISTED = "\n1. En punkt\n\n   ![Ett landskap](images/landskap.png)\n\n2. En till\n"
# What the archive adds to the footer is not the layout's.
OTHERS = "header *, main, main *, footer *:not(.a-ways, .a-ways *)"
LOOKS = f"""
[...document.querySelectorAll("{OTHERS}")].map((each) => {{
    const {{x, width, height}} = each.getBoundingClientRect();
    const {{color, textAlign, font, backgroundColor}} = getComputedStyle(each);
    return [each.tagName, x, width, height, color, textAlign, font, backgroundColor];
}})
"""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_the_strict_rules_leave_looks_as_the_web_version_does(
    browser: Browser, tmp_path: Path, layout: str
) -> None:
    root = newsletter(tmp_path, layout)
    section = next((root / "newsletters" / "allt").glob("1*.md"))
    section.write_text(section.read_text(encoding="utf-8") + LISTED, encoding="utf-8")
    workplace = open_workplace(root, {})
    rendered = check_edition(workplace, "allt").rendered
    assert rendered
    assert 'style="' in rendered.web
    files = dict(make_site(workplace, {"allt"}).files)
    icon = '<head><link rel="icon" href="data:,">'  # or the browser asks for one
    files["archive/allt/web.html"] = rendered.web.replace("<head>", icon).encode()
    with hosted(files) as address, visiting(browser) as page:
        page.goto(f"{address}archive/allt/web.html")
        before = page.evaluate(LOOKS)
        page.goto(f"{address}archive/allt/")
        after = page.evaluate(LOOKS)
    assert after == before
    assert len(before) > 100


def test_on_paper_there_is_the_text_and_nothing_to_press(site: str, browser: Browser) -> None:
    with visiting(browser, 700, voiced(ALVA)) as page:
        page.goto(f"{site}archive/januari-2021/")
        expect(page.get_by_role("button", name="Lyssna")).to_be_visible()
        page.emulate_media(media="print")
        seen = page.evaluate(
            """['.a-bar', '.a-neighbours', '.a-listen', '.a-ways'].filter(
                name => document.querySelector(name).getClientRects().length)"""
        )
        assert seen == []
        page.goto(f"{site}archive/")
        expect(page.locator("#sok")).to_be_hidden()
        expect(page.locator(".a-edition").first).to_be_visible()
