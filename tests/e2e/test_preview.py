"""The preview in a real browser: write, see it; break it, read why; mend it."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import NEWSLETTER, ROOT
from tests.e2e.previewed import EDITION, SECTION, Running, frame, in_frame, looking, running_preview

TITLE = "# Blir 2021 året då vi ses igen?"
PATIENCE = 20_000
"""Milliseconds: how long a page may take on a busy machine before a test gives up."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run one preview for the tests that leave its files as they were."""
    root = tmp_path_factory.mktemp("previewed")
    for name in NEWSLETTER:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, root / name)
    with running_preview(root) as running:
        yield running


@pytest.fixture
def saved(shared: Running) -> Iterator[Running]:
    """Give the shared preview, and put the section back afterwards."""
    before = shared.read()
    assert TITLE in before
    yield shared
    shared.save(before)


def test_a_save_shows_in_all_open_views_and_nobody_loses_her_place(
    saved: Running, browser: Browser
) -> None:
    with looking(browser) as page:
        page.goto(saved.edition)
        expect(frame(page).get_by_role("heading", name=TITLE[2:])).to_be_visible(timeout=PATIENCE)
        for key in ("mail-375", "mail-600"):
            in_frame(page, "shown.scrollingElement.scrollTo(0, 640)", key)

        saved.save(saved.read().replace(TITLE, "# Nu ses vi igen"))

        for key in ("mail-375", "mail-600"):
            heading = frame(page, key).get_by_role("heading", name="Nu ses vi igen")
            expect(heading).to_be_visible(timeout=PATIENCE)
            assert in_frame(page, "shown.scrollingElement.scrollTop", key) == 640
        assert "Uppdaterat" in page.inner_text("#live")
        page.get_by_role("link", name="Ren text").click()
        expect(frame(page, "text").locator("pre")).to_contain_text("Nu ses vi igen")


def test_a_broken_save_is_explained_over_the_last_good_view_and_mending_it_is_enough(
    saved: Running, browser: Browser
) -> None:
    with looking(browser) as page:
        page.goto(saved.edition)
        expect(frame(page).get_by_role("heading", name=TITLE[2:])).to_be_visible(timeout=PATIENCE)
        good = saved.read()
        last = len(good.splitlines())

        saved.save(f"{good}\n::: exerpt vagen\n:::\n")

        trouble = page.locator(".trouble")
        expect(trouble).to_be_visible(timeout=PATIENCE)
        assert trouble.locator(".lead").inner_text() == (
            "Det du sparade har 1 fel. Här under ligger den senaste felfria versionen."
        )
        assert trouble.locator(".message").inner_text() == "Okänt block ”::: exerpt”"
        assert trouble.locator(".source").inner_text() == "::: exerpt vagen"
        assert trouble.locator(".hint").inner_text() == "menade du ”::: excerpt”?"
        assert trouble.locator(".place code").inner_text() == f"{SECTION}:{last + 2}"
        expect(frame(page).get_by_role("heading", name=TITLE[2:])).to_be_visible()
        assert page.locator(".top .state").inner_text() == "1 fel att rätta"

        saved.save(good)

        expect(trouble).to_have_count(0, timeout=PATIENCE)
        assert page.locator(".top .state").inner_text() == "Inget hindrar att det går ut"


def test_the_draft_with_its_errors_can_be_seen(saved: Running, browser: Browser) -> None:
    with looking(browser) as page:
        saved.save(saved.read() + "\nEtt nytt stycke.\n\n![](saknas.png)\n")
        page.goto(saved.edition)
        draft = page.get_by_role("link", name="Visa utkastet ändå")
        expect(draft).to_be_visible(timeout=PATIENCE)
        assert in_frame(page, "shown.body.innerText.includes('Ett nytt stycke.')") is False

        draft.click()

        expect(frame(page).get_by_text("Ett nytt stycke.")).to_be_visible(timeout=PATIENCE)
        assert page.locator(".trouble .lead").inner_text() == (
            "Utkast med 2 fel: det kan inte skickas så här."
        )
        page.get_by_role("link", name="Visa den senaste felfria versionen").click()
        expect(frame(page).get_by_text("Ett nytt stycke.")).to_have_count(0, timeout=PATIENCE)


def test_two_hundred_saves_end_with_the_last_text(saved: Running, browser: Browser) -> None:
    good = saved.read()
    with looking(browser) as page:
        page.goto(saved.edition)
        expect(frame(page).get_by_role("heading", name=TITLE[2:])).to_be_visible(timeout=PATIENCE)
        for number in range(200):
            saved.save(good.replace(TITLE, f"# Version {number}"))
            time.sleep(0.02)
        last = frame(page).get_by_role("heading", name="Version 199")
        expect(last).to_be_visible(timeout=PATIENCE)
        assert page.locator("iframe.incoming").count() == 0
        assert page.locator('iframe[data-frame="mail-375"]').count() == 1


def test_the_list_follows_the_folders(saved: Running, browser: Browser) -> None:
    with looking(browser) as page:
        page.goto(saved.url)
        expect(page.get_by_role("heading", level=2)).to_have_count(2, timeout=PATIENCE)
        folder = saved.root / "newsletters"
        shutil.copytree(folder / EDITION, folder / "maj-2021")
        expect(page.locator(".edition", has_text="maj-2021")).to_be_visible(timeout=PATIENCE)
        row = page.locator(".edition", has_text="januari-2021")
        expect(row.locator(".state")).to_have_text("Inget hindrar att det går ut", timeout=PATIENCE)
        assert "noteringar" in row.inner_text()
        shutil.rmtree(folder / "maj-2021")
        expect(page.locator(".edition", has_text="maj-2021")).to_have_count(0, timeout=PATIENCE)


def test_a_deleted_edition_is_said_to_be_gone_and_its_last_view_stays(
    project: Path, browser: Browser
) -> None:
    with running_preview(project) as running, looking(browser) as page:
        page.goto(running.edition)
        expect(frame(page).get_by_role("heading", name=TITLE[2:])).to_be_visible(timeout=PATIENCE)
        (project / "newsletters" / EDITION).rename(project / "undan")
        expect(page.locator(".trouble")).to_contain_text(EDITION, timeout=PATIENCE)
        expect(frame(page).get_by_role("heading", name=TITLE[2:])).to_be_visible()
        (project / "undan").rename(project / "newsletters" / EDITION)
        expect(page.locator(".trouble")).to_have_count(0, timeout=PATIENCE)


def test_a_program_says_what_it_takes_away_by_mouse_and_by_keyboard(
    shared: Running, browser: Browser
) -> None:
    with looking(browser) as page:
        page.goto(shared.edition)
        page.get_by_label("Program").select_option("Outlook för Windows")
        expect(page.locator(".trust h2")).to_have_text("Outlook för Windows", timeout=PATIENCE)
        assert page.locator(".badge").inner_text() == "Efter regler"
        assert page.locator(".losses .code", has_text="css-border-radius").count() == 1
        reason = "Outlook för Windows visar inga rundade hörn."
        one = page.locator(".losses li", has_text=reason)
        index = one.locator("[data-loss]").get_attribute("data-loss")
        assert index
        lost = frame(page, "mail-600").locator(f'[data-lost~="{index.split()[0]}"]').first
        lost.hover()
        expect(page.locator("#tip")).to_contain_text(reason)
        page.keyboard.press("Escape")
        expect(page.locator("#tip")).to_be_hidden()
        lost.focus()
        expect(page.locator("#tip")).to_contain_text(reason)
        one.get_by_role("button", name="Visa var").click()
        outlined = "[...shown.querySelectorAll('[data-lost]')].filter(e => e.style.outline).length"
        assert in_frame(page, outlined, "mail-600")


def test_a_finding_leads_to_its_place_in_the_mail(saved: Running, browser: Browser) -> None:
    saved.save(saved.read().replace(TITLE, f"{TITLE}\n\nVi ses på  torget.\n"))
    with looking(browser) as page:
        page.goto(saved.edition)
        finding = page.locator(".panel .finding", has_text=f"{SECTION}:3").first
        expect(finding).to_be_attached(timeout=PATIENCE)
        page.locator("details:not([open]) summary").evaluate_all(
            "all => all.forEach(s => s.click())"
        )
        finding.get_by_role("button", name="Visa i brevet").click()
        marked = "[...shown.querySelectorAll('[data-source]')].find(e => e.style.outline)"
        assert "torget" in str(in_frame(page, f"{marked}.textContent"))


def test_a_place_shown_twice_is_marked_for_a_moment_only(saved: Running, browser: Browser) -> None:
    saved.save(saved.read().replace(TITLE, f"{TITLE}\n\nVi ses på  torget.\n"))
    with looking(browser) as page:
        page.goto(saved.edition)
        page.locator("summary", has_text="Bör ses över").wait_for(timeout=PATIENCE)
        button = page.locator(".panel .finding", has_text=f"{SECTION}:3").first.get_by_role(
            "button"
        )
        outlined = "[...shown.querySelectorAll('*')].filter(e => e.style.outline.includes('3px'))"
        for _ in range(2):
            button.first.click()
        assert in_frame(page, f"{outlined}.length") == 1
        page.wait_for_timeout(3000)
        assert in_frame(page, f"{outlined}.length") == 0


def test_eight_pages_at_once_are_all_kept_up_to_date_when_they_are_looked_at(
    saved: Running, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    pages = [context.new_page() for _ in range(8)]
    for page in pages:
        # A headless browser shows all its pages: this one behaves as if each lay behind the next.
        page.goto(saved.edition)
        expect(frame(page).get_by_role("heading", name=TITLE[2:])).to_be_visible(timeout=PATIENCE)
        look_away(page, hidden=True)
    saved.save(saved.read().replace(TITLE, "# Åtta sidor"))
    for page in pages:
        look_away(page, hidden=False)
        heading = frame(page).get_by_role("heading", name="Åtta sidor")
        expect(heading).to_be_visible(timeout=PATIENCE)
        look_away(page, hidden=True)
    context.close()


def look_away(page: Page, *, hidden: bool) -> None:
    """Let a page believe that another one lies over it, or no more."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_focus_within_the_mail_stays_where_it_was(saved: Running, browser: Browser) -> None:
    with looking(browser) as page:
        page.goto(saved.edition)
        link = frame(page).get_by_role("link", name="Budgeten är klar").first
        link.focus(timeout=PATIENCE)
        saved.save(saved.read().replace(TITLE, "# Nytt"))
        heading = frame(page).get_by_role("heading", name="Nytt")
        expect(heading).to_be_visible(timeout=PATIENCE)
        focused = str(in_frame(page, "shown.activeElement.textContent"))
        assert focused.startswith("Budgeten är klar")


def test_a_mended_draft_gives_way_to_the_good_view_again(saved: Running, browser: Browser) -> None:
    good = saved.read()
    with looking(browser) as page:
        saved.save(good + "\n![](saknas.png)\n")
        page.goto(f"{saved.edition}?draft=1")
        expect(page.locator(".trouble")).to_be_visible(timeout=PATIENCE)
        saved.save(good)
        expect(page.locator(".trouble")).to_have_count(0, timeout=PATIENCE)
        assert page.url == saved.edition


def test_a_link_in_the_mail_leads_nowhere_and_says_where_it_would(
    shared: Running, browser: Browser
) -> None:
    with looking(browser) as page:
        page.goto(shared.edition)
        link = frame(page).get_by_role("link", name="Se det i webbläsaren").first
        with page.context.expect_page() as opened:
            link.click(button="middle", timeout=PATIENCE)
        address = "https://nyhetsbrev.smakom.example/archive/januari-2021/"
        assert opened.value.inner_text("body").strip() == (
            f"Länken går till {address}. I förhandsvisningen öppnas den inte."
        )
        opened.value.close()
        link.click(timeout=PATIENCE)
        assert page.inner_text("#tip") == f"Länken går till {address}; här öppnas den inte"
        frame(page).get_by_role("link", name="Avsluta prenumerationen").click()
        assert page.inner_text("#tip") == "Länken är ett exempel och avslutar ingenting"
        assert page.url == shared.edition


def test_the_width_is_dragged_or_stepped_by_keys(shared: Running, browser: Browser) -> None:
    with looking(browser) as page:
        page.goto(f"{shared.edition}?free=480")
        handle = page.locator(".view-mail .handle")
        handle.focus()
        page.keyboard.press("ArrowRight")
        assert in_frame(page, "shown.defaultView.innerWidth", "mail-free") == 490
        box = handle.bounding_box()
        assert box
        page.mouse.move(box["x"] + 7, box["y"] + 200)
        page.mouse.down()
        page.mouse.move(box["x"] + 107, box["y"] + 200)
        page.mouse.up()
        # The picture is centred: what the pointer adds on one side is added on the other too.
        assert abs(int(str(in_frame(page, "shown.defaultView.innerWidth", "mail-free"))) - 690) <= 2
        moved = handle.bounding_box()
        assert moved
        assert abs(moved["x"] - box["x"] - 100) <= 2
        width = handle.get_attribute("aria-valuenow")
        assert page.url.endswith(f"?free={width}")
        page.reload()
        assert str(in_frame(page, "shown.defaultView.innerWidth", "mail-free")) == width


def test_without_a_script_the_page_holds_its_findings_and_views(
    shared: Running, browser: Browser
) -> None:
    with looking(browser, java_script_enabled=False) as page:
        page.goto(shared.edition)
        assert page.locator(".panel .finding").count() == 7
        expect(frame(page).get_by_role("heading", name=TITLE[2:])).to_be_visible(timeout=PATIENCE)
        page.get_by_label("Utan bilder").check()
        page.get_by_role("button", name="Visa", exact=True).click()
        assert "pictures=0" in page.url
        expect(frame(page).locator("img")).to_have_count(0)


def test_ctrl_c_ends_it_with_a_browser_listening(project: Path, browser: Browser) -> None:
    refused = ("Failed to load resource",)  # the browser goes on asking
    with running_preview(project) as running, looking(browser, allowed=refused) as page:
        page.goto(running.edition)
        expect(frame(page).get_by_role("heading", name=TITLE[2:])).to_be_visible(timeout=PATIENCE)
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(timeout=15) == 130
        assert running.process.stderr
        assert running.process.stderr.read() == "interrupted\n"
        page.goto("about:blank")


def test_a_port_that_is_taken_is_said(shared: Running) -> None:
    port = shared.url.rstrip("/").rsplit(":", 1)[1]
    ended = subprocess.run(
        [sys.executable, "-m", "smakom_mail", "preview", "--no-open", "--port", port],
        cwd=shared.root,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert ended.stderr == (
        f"error: cannot listen on 127.0.0.1 port {port}: Address already in use\n"
        "    hint: leave --port out to take a free one\n"
    )
