"""Listening to an edition: the browser's own voice, section by section, by mouse and keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from smakom_mail.services.archiving.site import make_site
from smakom_mail.services.workplace import open_workplace
from tests.conftest import ROOT
from tests.e2e.archive_shown import ALVA, EMMA, FAR, LATE, hosted, visiting, voiced
from tests.render.archive import archived

EDITION = "januari-2021"
LEAD = (
    "Ett år framför skärmen har lärt oss mycket, men inte fått oss att sluta längta efter varandra."
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Host the archive; give the address of an edition."""
    made = make_site(open_workplace(ROOT, {}), {EDITION, "april-2021"})
    with hosted(made.files) as site:
        yield f"{site}archive/{EDITION}/"


def said(page: Page) -> list[str]:
    """Give what was said so far."""
    texts: list[str] = page.evaluate("speechSynthesis.said.map(each => each.text)")
    return texts


def marked(page: Page) -> str:
    """Give the text that is marked as being read."""
    return page.locator(".a-reading").inner_text()


def test_it_reads_sentence_by_sentence_and_marks_where_it_is(
    address: str, browser: Browser
) -> None:
    with visiting(browser, script=voiced(ALVA)) as page:
        page.goto(address)
        page.get_by_role("button", name="Lyssna").click()
        player = page.get_by_role("region", name="Uppläsning")
        expect(player).to_contain_text("Blir 2021 året då vi ses igen?")
        expect(player).to_contain_text("1 av 7")
        assert marked(page) == "Ordförandens ord"
        page.evaluate("speechSynthesis.end(3)")
        assert said(page) == [
            "Ordförandens ord",
            "Blir 2021 året då vi ses igen?",
            LEAD,
            "Så här ser ordföranden på det år som börjar nu.",
        ]
        assert marked(page).startswith("Ett år framför skärmen")
        assert page.evaluate(
            "[...CSS.highlights.get('a-sentence')].map(range => range.toString())"
        ) == ["Så här ser ordföranden på det år som börjar nu."]
        assert page.evaluate("speechSynthesis.said.every(each => each.voice.name === 'Alva')")


def test_it_can_be_paused_continued_and_stopped(address: str, browser: Browser) -> None:
    with visiting(browser, script=voiced(ALVA)) as page:
        page.goto(address)
        page.get_by_role("button", name="Lyssna").click()
        page.evaluate("speechSynthesis.end(2)")
        page.get_by_role("button", name="Pausa").click()
        assert page.evaluate("speechSynthesis.silent")
        before = said(page)
        page.get_by_role("button", name="Fortsätt").click()
        assert said(page) == [*before, before[-1]]
        page.get_by_role("button", name="Stoppa").click()
        assert page.evaluate("speechSynthesis.silent")
        expect(page.get_by_role("region", name="Uppläsning")).to_be_hidden()
        expect(page.locator(".a-reading")).to_have_count(0)
        assert page.evaluate("CSS.highlights.has('a-sentence')") is False


def test_it_goes_from_section_to_section_and_back(address: str, browser: Browser) -> None:
    with visiting(browser, script=voiced(ALVA)) as page:
        page.goto(address)
        page.get_by_role("button", name="Lyssna").click()
        player = page.get_by_role("region", name="Uppläsning")
        page.get_by_role("button", name="Nästa avsnitt").click()
        expect(player).to_contain_text("2 av 7")
        assert said(page)[-1] == "Från styrelsen"
        page.evaluate("speechSynthesis.end(4)")
        page.get_by_role("button", name="Föregående avsnitt").click()
        expect(player).to_contain_text("2 av 7")
        page.get_by_role("button", name="Föregående avsnitt").click()
        expect(player).to_contain_text("1 av 7")
        page.get_by_role("button", name="Pausa").click()
        page.get_by_role("button", name="Nästa avsnitt").click()
        assert page.evaluate("speechSynthesis.silent")
        expect(player).to_contain_text("2 av 7")


def test_it_reads_to_the_end_and_is_then_as_before(address: str, browser: Browser) -> None:
    with visiting(browser, script=voiced(ALVA), reduced_motion="reduce") as page:
        page.goto(address)
        page.get_by_role("button", name="Lyssna").click()
        page.evaluate("speechSynthesis.end(2000)")
        expect(page.get_by_role("button", name="Lyssna")).to_be_visible()
        whole = " ".join(said(page))
        assert "Hur mycket ska kommunen själv få säga till om när vindkraft byggs?" in whole
        assert "PL" not in said(page)
        assert [text for text in said(page) if "  " in text or "\n" in text] == []


def test_the_keyboard_alone_does_it(address: str, browser: Browser) -> None:
    with visiting(browser, script=voiced(ALVA)) as page:
        page.goto(address)
        page.get_by_role("button", name="Lyssna").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.textContent") == "Pausa"
        page.keyboard.press("Space")
        assert page.evaluate("document.activeElement.textContent") == "Fortsätt"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.ariaLabel") == "Föregående avsnitt"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.textContent").startswith("Lyssna")
        expect(page.get_by_role("region", name="Uppläsning")).to_be_hidden()


@pytest.mark.parametrize("voices", [(), (EMMA,), (FAR,), (FAR, EMMA)])
def test_nothing_is_offered_without_a_voice_of_this_computer_in_the_language(
    address: str, browser: Browser, voices: tuple[str, ...]
) -> None:
    """A voice from the network would send the text to it."""
    with visiting(browser, script=voiced(*voices)) as page:
        page.goto(address)
        expect(page.get_by_role("button")).to_have_count(0)


def test_nothing_is_offered_where_the_browser_cannot_speak(address: str, browser: Browser) -> None:
    without = "delete window.speechSynthesis; Object.defineProperty(window, 'speechSynthesis', {});"
    with visiting(browser, script=without) as page:
        page.goto(address)
        expect(page.get_by_role("button")).to_have_count(0)


def test_voices_that_come_late_are_waited_for(address: str, browser: Browser) -> None:
    with visiting(browser, script=voiced(LATE)) as page:
        page.goto(address)
        expect(page.get_by_role("button")).to_have_count(0)
        page.evaluate("speechSynthesis.load()")
        page.evaluate("speechSynthesis.load()")
        expect(page.get_by_role("button", name="Lyssna")).to_have_count(1)


def test_a_voice_that_fails_is_told(address: str, browser: Browser) -> None:
    with visiting(browser, script=voiced(ALVA)) as page:
        page.goto(address)
        page.get_by_role("button", name="Lyssna").click()
        page.evaluate("speechSynthesis.fail()")
        expect(page.get_by_role("status")).to_have_text(
            "Din webbläsare kunde inte läsa upp texten."
        )
        expect(page.get_by_role("button", name="Lyssna")).to_be_visible()


def test_words_in_another_language_get_its_voice_where_there_is_one(browser: Browser) -> None:
    body = '<section id="vindar"><h2>Vindar</h2><p lang="en">The wind. It blows.</p>'
    body += "<p>Slut.</p></section>"
    files = archived.files_of(archived.edition(web=archived.page("T", body)))
    with hosted(files) as site, visiting(browser, script=voiced(ALVA, EMMA)) as page:
        page.goto(f"{site}archive/januari-2021/")
        page.get_by_role("button", name="Lyssna").click()
        page.evaluate("speechSynthesis.end(3)")
        assert page.evaluate("speechSynthesis.said.map(each => [each.voice.name, each.text])") == [
            ["Alva", "Vindar"],
            ["Emma", "The wind."],
            ["Emma", "It blows."],
            ["Alva", "Slut."],
        ]


def test_leaving_the_page_ends_it(address: str, browser: Browser) -> None:
    with visiting(browser, script=voiced(ALVA)) as page:
        page.goto(address)
        page.get_by_role("button", name="Lyssna").click()
        page.evaluate("window.dispatchEvent(new Event('pagehide'))")
        assert page.evaluate("speechSynthesis.silent")
