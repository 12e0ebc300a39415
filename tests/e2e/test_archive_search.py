"""Searching the archive as readers do, in Chromium, with nothing sent anywhere."""

import re
from collections.abc import Iterator
from importlib.resources import files as package_files
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from smakom_mail.render.archive.search_index import fold, folded_words
from smakom_mail.services.archiving.site import make_site
from smakom_mail.services.workplace import open_workplace
from tests.conftest import ROOT
from tests.e2e.archive_shown import hosted, visiting
from tests.render.archive.archived import NAUGHTY, edition, files_of


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Host the archive of the repository's own editions; give the address of the list."""
    made = make_site(open_workplace(ROOT, {}), {"januari-2021", "april-2021"})
    with hosted(made.files) as address:
        yield f"{address}archive/"


def found(page: Page) -> list[str]:
    """Give the headings of what was found, once it is there."""
    page.locator(".a-results li h3").first.wait_for()
    return page.locator(".a-results li h3").all_inner_texts()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("när skrev vi om vindkraft?", "Vindkraft"),
        ("vindkraft", "Vindkraft"),
        ("VIND", "Vindkraft"),
        ("vindkraftens", "Vindkraft"),
        ("varmotet", "Budgeten är klar och Vårmötet planeras"),
        ("vårmöte", "Budgeten är klar och Vårmötet planeras"),
        ("brevlåda posten", "Posttjänsten"),
        ("Söderhamn civilminister", "En timme och en kvart med civilministern"),
        ("vindkraft tillstyrkan", "Vindkraft"),
        ("förutsägbarhet", "Vindkraft"),
    ],
)
def test_what_readers_ask_for_is_found(site: str, browser: Browser, query: str, first: str) -> None:
    with visiting(browser) as page:
        page.goto(f"{site}?q={quote(query)}")
        assert found(page)[0] == first


def test_a_result_shows_edition_section_and_the_words_around(site: str, browser: Browser) -> None:
    with visiting(browser) as page:
        page.goto(site)
        page.get_by_label("Sök i alla nummer").fill("när skrev vi om vindkraft?")
        result = page.locator(".a-results li").first
        expect(result.locator(".a-small")).to_have_text(
            "Nyhetsbrev januari 2021 · 4\u00a0januari\u00a02021 · På gång i SmåKom"
        )
        words = result.locator("p").last
        expect(words).to_contain_text("kommunen själv få säga till om när vindkraft byggs?")
        assert words.locator("mark").all_inner_texts() == ["vindkraft", "vindkraft"]
        expect(page.get_by_role("status")).to_have_text("1 träff på ”när skrev vi om vindkraft?”.")
        expect(page.locator(".a-list")).to_be_hidden()
        result.get_by_role("link").click()
        assert page.url == f"{site}januari-2021/#pa-gang-vindkraft"


def test_the_address_keeps_the_question_and_going_back_shows_it_again(
    site: str, browser: Browser
) -> None:
    with visiting(browser) as page:
        page.goto(site)
        page.get_by_label("Sök i alla nummer").fill("vindkraft")
        found(page)
        assert page.url == f"{site}#q=vindkraft"
        page.locator(".a-results a").first.click()
        page.go_back()
        assert found(page) == ["Vindkraft"]
        expect(page.get_by_label("Sök i alla nummer")).to_have_value("vindkraft")


def test_what_is_asked_is_never_sent(site: str, browser: Browser) -> None:
    with visiting(browser) as page:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(f"{request.url} {request.headers}"))
        page.goto(site)
        page.get_by_label("Sök i alla nummer").fill("brevlåda? posten")
        found(page)
        page.reload()
        found(page)
        page.locator(".a-results a").first.click()
        page.go_back()
        found(page)
        page.get_by_label("Sök i alla nummer").press("Enter")
        found(page)
        page.goto("about:blank")
        page.go_back()
        found(page)

        assert page.url == f"{site}#q=brevl%C3%A5da%3F+posten"
    assert len(sent) > 5
    assert [each for each in sent if "brevl" in each.lower()] == []


@pytest.mark.parametrize("mark", ["#", "?"])
def test_an_address_with_a_question_can_be_shared_and_is_shown_without_sending_it_again(
    site: str, browser: Browser, mark: str
) -> None:
    with visiting(browser) as page:
        page.goto(f"{site}{mark}q=vindkraft")
        assert found(page) == ["Vindkraft"]
        expect(page.get_by_label("Sök i alla nummer")).to_have_value("vindkraft")
        assert page.url == f"{site}#q=vindkraft"


def test_a_place_on_the_page_leaves_what_was_found(site: str, browser: Browser) -> None:
    with visiting(browser) as page:
        page.goto(f"{site}#q=vindkraft")
        found(page)
        page.get_by_role("link", name="Hoppa till innehållet").focus()
        page.keyboard.press("Enter")
        assert page.url == f"{site}#innehall"
        assert found(page) == ["Vindkraft"]
        page.evaluate("location.hash = 'q=vårmöte'")
        expect(page.locator(".a-results li h3").first).to_contain_text("Vårmötet")
        expect(page.get_by_label("Sök i alla nummer")).to_have_value("vårmöte")


def test_an_emptied_field_shows_the_list_again(site: str, browser: Browser) -> None:
    with visiting(browser) as page:
        page.goto(f"{site}?q=vindkraft")
        found(page)
        page.get_by_label("Sök i alla nummer").fill("")
        expect(page.locator(".a-list")).to_be_visible()
        expect(page.locator(".a-results")).to_be_hidden()
        expect(page.get_by_role("status")).to_be_empty()
        assert page.url == site


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("xyzzy", "Inget hittades för ”xyzzy”. Pröva ett annat eller kortare ord."),
        ("när vi?", "Skriv ett ord som säger mer än ”när vi?”."),
        ("???", "Skriv ett ord som säger mer än ”???”."),
    ],
)
def test_where_nothing_is_found_it_says_so_and_the_list_stays(
    site: str, browser: Browser, query: str, answer: str
) -> None:
    with visiting(browser) as page:
        page.goto(f"{site}?q={quote(query)}")
        expect(page.get_by_role("status")).to_have_text(answer)
        expect(page.locator(".a-list")).to_be_visible()


def test_places_with_some_of_the_words_are_shown_and_said_to_be_so(
    site: str, browser: Browser
) -> None:
    with visiting(browser) as page:
        page.goto(f"{site}?q=vindkraft+xyzzy")
        assert found(page) == ["Vindkraft"]
        expect(page.get_by_role("status")).to_have_text(
            "Inget ställe har alla orden. Här är ställen som har några av dem. "
            "1 träff på ”vindkraft xyzzy”."
        )


def test_a_question_is_text_and_never_anything_else(site: str, browser: Browser) -> None:
    with visiting(browser) as page:
        for query in NAUGHTY[:-1]:
            page.goto(f"{site}?q={quote(query)}")
            expect(page.get_by_role("status")).to_contain_text("”")
            assert page.locator(".a-search script, .a-search svg, .a-search img").count() == 0


def test_naughty_titles_and_texts_are_found_as_text(browser: Browser) -> None:
    naughty = [
        edition(
            f"nr-{n}",
            title=text,
            heading=text,
            text=f"kanariefågel {text}",
            date=f"2021-01-{n + 1:02}",
        )
        for n, text in enumerate(NAUGHTY)
    ]
    with hosted(files_of(*naughty)) as address, visiting(browser) as page:
        page.goto(f"{address}archive/?q=kanarie")
        expect(page.locator(".a-results li")).to_have_count(len(NAUGHTY))
        assert page.locator(".a-results script, .a-results svg, .a-results img").count() == 0
        for n in range(len(NAUGHTY)):
            page.goto(f"{address}archive/nr-{n}/")
            assert page.locator("main svg, main img").count() == 0


def test_many_results_come_in_portions_the_newest_first(browser: Browser) -> None:
    many = [
        edition(
            f"nr-{n}",
            title=f"Nummer {n}",
            heading="Rubrik",
            date=f"20{n // 12 + 10}-{n % 12 + 1:02}-05",
            text="Om fibernät.",
        )
        for n in range(25)
    ]
    with hosted(files_of(*many)) as address, visiting(browser) as page:
        page.goto(f"{address}archive/?q=fiber")
        expect(page.locator(".a-results li")).to_have_count(10)
        expect(page.get_by_role("status")).to_have_text("25 träffar på ”fiber” i 25 nummer.")
        page.get_by_role("button", name="Visa fler träffar").click()
        expect(page.locator(".a-results li")).to_have_count(20)
        assert page.evaluate("document.activeElement.href").endswith("/archive/nr-14/#vindar")
        page.get_by_role("button", name="Visa fler träffar").click()
        expect(page.locator(".a-results li")).to_have_count(25)
        expect(page.get_by_role("button", name="Visa fler träffar")).to_be_hidden()
        shown = page.locator(".a-results .a-small").all_inner_texts()
        assert [int(line.split()[1]) for line in shown] == list(reversed(range(25)))


def test_a_year_leads_into_the_list_also_from_the_results(browser: Browser) -> None:
    two = [edition("a-2020", date="2020-05-05"), edition("b-2021", date="2021-05-05")]
    with hosted(files_of(*two)) as address, visiting(browser) as page:
        page.goto(f"{address}archive/?q=vindkraft")
        found(page)
        page.get_by_role("link", name="2020", exact=True).click()
        expect(page.locator(".a-list")).to_be_visible()
        assert page.url == f"{address}archive/#ar-2020"


def test_what_cannot_be_fetched_is_said_and_the_list_stays(browser: Browser) -> None:
    files = files_of(edition())
    del files["archive/search.json"]
    with hosted(files) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{address}archive/?q=vindkraft")
        expect(page.get_by_role("status")).to_have_text(
            "Sökningen kunde inte hämtas. Alla nummer står här under."
        )
        expect(page.locator(".a-list")).to_be_visible()
        context.close()


def test_the_script_folds_every_letter_as_the_index_does(browser: Browser) -> None:
    """Latin, Greek and Cyrillic letters, one by one; the two rules stand in two languages."""
    script = (package_files("smakom_mail.render.archive") / "static" / "search.js").read_text(
        "utf-8"
    )
    rules = re.search(r"const LETTERS.*?const wordsOf[^\n]*\n", script, re.DOTALL)
    assert rules
    letters = [chr(n) for n in (*range(0x20, 0x530), *range(0x1E00, 0x2000))]
    with visiting(browser) as page:
        folded = page.evaluate(
            f"letters => {{ {rules[0]} return letters.map(l => [fold(l), wordsOf(`a${{l}}b`)]); }}",
            letters,
        )
    differing = [
        (letter, theirs, (fold(letter), folded_words(f"a{letter}b")))
        for letter, theirs in zip(letters, folded, strict=True)
        if tuple(theirs) != (fold(letter), folded_words(f"a{letter}b"))
    ]
    assert differing == []
