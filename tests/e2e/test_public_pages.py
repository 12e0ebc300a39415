"""The public pages as readers meet them: a real browser, every page and flow, every width."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Request

from smakom_mail.services.public.deciding import decide
from smakom_mail.services.storing import Store, timestamp
from smakom_mail.store.letters import letters_of
from smakom_mail.store.people import find_by_key
from tests.axe import violations
from tests.e2e.served import Serving, made, serving, token
from tests.services.receiving import opened

KIM, BO, NEW = "kim@kommun.se", "bo@kommun.se", "ny@kommun.se"
WIDTHS = (320, 360, 700, 1200)
Scheme = Literal["light", "dark"]


OPEN = '\n[serve]\nlists = ["prenumeranter", "medlemmar"]\n'


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Serving]:
    """Serve a newsletter with Kim on both lists."""
    root = tmp_path / "brev"
    made(root, KIM, BO, lists=("prenumeranter", "medlemmar"))
    with serving(root, "--quiet") as server:
        yield server


@contextmanager
def looking(
    browser: Browser, width: int = 700, scheme: Scheme = "light", **options: object
) -> Iterator[Page]:
    """Open a page; a script error, a message, a dialog or a foreign request fails the test."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        locale="sv-SE",
        **options,  # type: ignore[arg-type] # Playwright's own options
    )
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text))
    page.on("dialog", lambda dialog: trouble.append(dialog.message))

    def asked(request: Request) -> None:
        if not request.url.startswith("http://127.0.0.1:"):
            trouble.append(f"asked for {request.url}")

    page.on("request", asked)
    yield page
    assert context.cookies() == []
    context.close()
    # The page of a token that is none, and of a form with a fault, is told as such.
    assert [each for each in trouble if "Failed to load resource" not in each] == []


def store_of(server: Serving) -> Store:
    """Open the store that is served."""
    return opened(server.root)


def tokens(server: Serving) -> dict[str, str]:
    """Give a token of each kind of Kim's."""
    with store_of(server) as store:
        return {
            "u": token(store, KIM, ("prenumeranter",)),
            "preferences": token(store, KIM, (), "preferences"),
        }


def link_to_confirm(server: Serving, email: str) -> str:
    """Read the link in the newest letter to an address, as it is composed."""
    with store_of(server) as store:
        letter = letters_of(store.database, email)[-1]
        with store.database.transaction():
            decided = decide(store, letter, timestamp())
        assert decided is not None
        return f"{server.url}/confirm/{decided.token}"


def link_in_outbox(server: Serving, email: str) -> str:
    """Wait for the letter that the server lays in the outbox, and give the link in it."""
    folder = server.root / "var" / "outbox" / "new"
    while True:
        for path in folder.glob("*"):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            if message["To"] == email:
                body = message.get_body(("plain",))
                assert body is not None
                found = re.search(
                    r"https://nyhetsbrev\.forening\.example(/confirm/[\w-]+)", body.get_content()
                )
                assert found, body.get_content()
                return server.url + found[1]
        time.sleep(0.05)


def lists(server: Serving, email: str) -> dict[str, str]:
    """Give how somebody stands to lists."""
    with store_of(server) as store:
        found = find_by_key(store.database, email)
        return {m.list_slug: str(m.state) for m in found.memberships} if found else {}


def contents(server: Serving) -> str:
    """Give everything in the database."""
    with store_of(server) as store:
        return str(
            [
                [tuple(row) for row in store.database.all(f"SELECT * FROM {name}")]  # type: ignore[arg-type] # noqa: S608 - a row is one of sqlite3; names of our tables
                for name in sorted(store.database.tables())
            ]
        )


def paths(server: Serving) -> dict[str, str]:
    """Give every page that can be opened."""
    known = tokens(server)
    return {
        "start": "/",
        "subscribe": "/subscribe",
        "ask": "/preferences",
        "privacy": "/privacy",
        "accessibility": "/accessibility",
        "leave": f"/u/{known['u']}",
        "undo": f"/u/{known['u']}/undo",
        "own": f"/preferences/{known['preferences']}",
        "unknown": "/u/x",
        "missing": "/nothing",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_free_of_findings_and_fits_every_width(
    browser: Browser, served: Serving, scheme: Scheme
) -> None:
    for width in WIDTHS:
        with looking(browser, width, scheme) as page:
            for name, path in paths(served).items():
                page.goto(served.url + path)
                assert not is_too_wide(page), (name, width)
                if width in (WIDTHS[0], WIDTHS[-1]):
                    assert violations(page) == [], (name, width)


def is_too_wide(page: Page) -> bool:
    """Say whether a page has to be scrolled sideways."""
    return bool(
        page.evaluate(
            "document.scrollingElement.scrollWidth > document.documentElement.clientWidth"
        )
    )


def test_every_page_fits_with_text_twice_as_large(browser: Browser, served: Serving) -> None:
    with looking(browser, 320) as page:
        for name, path in paths(served).items():
            page.goto(served.url + path)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert not is_too_wide(page), name


BROKEN = """() => {
  const found = [];
  for (const element of document.querySelectorAll("main h1, main .button")) {
    const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      for (const word of words.currentNode.data.matchAll(/\\S+/g)) {
        const range = document.createRange();
        range.setStart(words.currentNode, word.index);
        range.setEnd(words.currentNode, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].map((each) => each.top));
        if (lines.size > 1) found.push(word[0]);
      }
    }
  }
  return found;
}"""
"""Which words of headings and buttons stand on more than one line."""


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_word_of_ours_is_broken_on_a_phone_with_text_twice_as_large(
    browser: Browser, served: Serving, language: str
) -> None:
    with looking(browser, 360) as page:
        for name, path in paths(served).items():
            page.goto(f"{served.url}{path}?lang={language}")
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            broken = [word for word in page.evaluate(BROKEN) if "Exempelförening" not in word]
            assert broken == [], name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_leaving_and_taking_it_back(browser: Browser, served: Serving, scheme: Scheme) -> None:
    link = f"{served.url}/u/{tokens(served)['u']}"
    with looking(browser, 360, scheme) as page:
        page.goto(link)
        page.get_by_role("button", name="Avsluta prenumerationen").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Prenumerationen är avslutad"
        assert page.url == link
        assert lists(served, KIM) == {"medlemmar": "confirmed", "prenumeranter": "left"}
        assert violations(page) == []

        page.get_by_label("Det kommer för ofta").check()
        page.get_by_role("button", name="Skicka svaret").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Tack för svaret"
        assert violations(page) == []

        page.goto(link)
        page.get_by_role("button", name="Ångra").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Du får brevet igen"
        assert violations(page) == []
    assert lists(served, KIM) == {"medlemmar": "confirmed", "prenumeranter": "confirmed"}


def test_leaving_everything(browser: Browser, served: Serving) -> None:
    with looking(browser) as page:
        page.goto(f"{served.url}/u/{tokens(served)['u']}")
        page.get_by_role("button", name="Avsluta prenumerationen").click()
        page.goto(f"{served.url}/u/{tokens(served)['u']}")  # another day
        assert violations(page) == []
        page.get_by_role("button", name="Avsluta också det").click()
        assert "Inga nyhetsbrev" in page.get_by_role("main").inner_text()
        assert violations(page) == []
    assert lists(served, KIM) == {"medlemmar": "left", "prenumeranter": "left"}


def test_signing_up_until_one_is_on_the_list(browser: Browser, served: Serving) -> None:
    with looking(browser, 360, "dark") as page:
        page.goto(f"{served.url}/")
        page.get_by_role("link", name="Prenumerera", exact=True).click()
        page.get_by_label("E-postadress").fill("ny")
        page.get_by_role("button", name="Prenumerera").click()
        assert "Det ser inte ut som" in page.get_by_role("alert").inner_text()
        assert page.evaluate("document.activeElement.id") == "email"
        assert violations(page) == []

        page.get_by_label("E-postadress").fill(NEW)
        page.get_by_label("Namn").fill("Nya Nyman")
        page.wait_for_timeout(2_100)  # a person's time, which the form asks for
        page.get_by_role("button", name="Prenumerera").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Titta i din inkorg"
        assert violations(page) == []
        assert lists(served, NEW) == {}

        page.goto(link_in_outbox(served, NEW))
        assert page.get_by_label("Namn").input_value() == "Nya Nyman"
        assert violations(page) == []
        page.get_by_role("button", name="Ja, börja prenumerera").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Välkommen!"
        assert violations(page) == []
    assert lists(served, NEW) == {"prenumeranter": "confirmed"}


def test_choosing_among_lists(browser: Browser, tmp_path: Path) -> None:
    root = tmp_path / "brev"
    made(root, KIM)
    with (root / "smakom-mail.toml").open("a", encoding="utf-8") as file:
        file.write(OPEN)
    with serving(root, "--quiet") as server, looking(browser, 360) as page:
        page.goto(f"{server.url}/subscribe")
        page.get_by_label("E-postadress").fill(NEW)
        page.get_by_role("button", name="Prenumerera").click()
        assert "Kryssa för minst ett" in page.get_by_role("alert").inner_text()
        assert page.evaluate("document.activeElement.id") == "list-1"
        assert violations(page) == []

        page.get_by_label("Medlemmar").check()
        page.wait_for_timeout(2_100)  # a person's time, which the form asks for
        page.get_by_role("button", name="Prenumerera").click()
        page.goto(link_in_outbox(server, NEW))
        page.get_by_role("button", name="Ja, börja prenumerera").click()
        assert lists(server, NEW) == {"medlemmar": "confirmed"}


def test_a_form_that_came_too_soon_keeps_what_was_typed(browser: Browser, served: Serving) -> None:
    with looking(browser) as page:
        page.goto(f"{served.url}/subscribe")
        page.get_by_label("E-postadress").fill(NEW)
        page.get_by_role("button", name="Prenumerera").click()
        assert "Tryck en gång till" in page.get_by_role("alert").inner_text()
        assert page.get_by_label("E-postadress").input_value() == NEW
        assert violations(page) == []


def test_ones_own_page(browser: Browser, served: Serving) -> None:
    with looking(browser) as page:
        page.goto(f"{served.url}/preferences/{tokens(served)['preferences']}")
        page.get_by_label("Medlemmar").uncheck()
        page.get_by_role("button", name="Spara", exact=True).click()
        assert "Sparat." in page.get_by_role("status").inner_text()
        assert lists(served, KIM) == {"medlemmar": "left", "prenumeranter": "confirmed"}
        assert violations(page) == []

        page.get_by_label("Ny e-postadress").fill("ingen")
        page.get_by_role("button", name="Byt adress").click()
        assert "Det ser inte ut som" in page.get_by_role("alert").inner_text()
        assert page.evaluate("document.activeElement.id") == "email"
        assert violations(page) == []

        page.get_by_role("button", name="Radera allt om mig").click()
        assert "Inget raderas förrän" in page.get_by_role("status").inner_text()

        page.goto(link_to_confirm(served, KIM))
        assert violations(page) == []
        page.get_by_role("button", name="Ja, radera allt om mig").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Allt om dig är raderat"
        assert violations(page) == []
    assert lists(served, KIM) == {}
    assert KIM not in contents(served)


def test_everything_can_be_done_with_the_keyboard(browser: Browser, served: Serving) -> None:
    with looking(browser) as page:
        page.goto(f"{served.url}/u/{tokens(served)['u']}")
        for _ in range(2):
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.innerText") == "Avsluta prenumerationen"
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Prenumerationen är avslutad").wait_for()

        page.goto(f"{served.url}/subscribe")
        reached = []
        for _ in range(4):
            page.keyboard.press("Tab")
            reached.append(
                page.evaluate("document.activeElement.id || document.activeElement.innerText")
            )
        assert reached == ["Exempelföreningen", "email", "name", "Prenumerera"]


def test_it_works_without_scripts_and_in_english(browser: Browser, served: Serving) -> None:
    with looking(browser, java_script_enabled=False) as page:
        page.goto(f"{served.url}/u/{tokens(served)['u']}")
        page.get_by_role("link", name="In English").click()
        page.get_by_role("button", name="Unsubscribe").click()
        assert page.get_by_role("heading", level=1).inner_text() == "You have unsubscribed"
        assert page.locator("html").get_attribute("lang") == "en"
        page.get_by_role("link", name="Personal data").click()
        page.get_by_role("link", name="Your subscription").first.click()
        assert page.get_by_role("button").inner_text() == "Send the link"


def test_a_scanner_that_runs_scripts_and_prefetches_changes_nothing(
    browser: Browser, served: Serving
) -> None:
    known = tokens(served)
    links = (
        f"/u/{known['u']}",
        f"/u/{known['u']}/undo",
        f"/u/{known['u']}/why",
        f"/u/{known['u']}?all=1&List-Unsubscribe=One-Click",
        f"/preferences/{known['preferences']}?do=erasure",
    )
    before = contents(served)
    with looking(browser, extra_http_headers={"sec-purpose": "prefetch"}) as page:
        for n in range(50):
            page.goto(served.url + links[n % len(links)])
            page.mouse.wheel(0, 2000)
    assert contents(served) == before


def test_the_pages_paint_in_the_newsletters_colours(browser: Browser, served: Serving) -> None:
    shown = {}
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for scheme in schemes:
        with looking(browser, 1200, scheme) as page:
            page.goto(f"{served.url}/subscribe")
            shown[scheme] = page.evaluate(
                "[document.body, document.querySelector('main'), document.querySelector('.button')]"
                ".map(each => getComputedStyle(each).backgroundColor)"
            )
            loaded = "document.querySelector('.vignette').naturalWidth"
            assert page.evaluate(loaded) == 1200
    assert shown == {
        "light": ["rgb(243, 241, 235)", "rgb(255, 255, 255)", "rgb(30, 91, 79)"],
        "dark": ["rgb(16, 22, 20)", "rgb(24, 33, 30)", "rgb(143, 208, 188)"],
    }
