"""What the layouts must hold in the programs that take the most from them, in Chromium."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from smakom_mail.render.appearance import with_text_at
from smakom_mail.render.shapes import shape_for
from tests.colours import contrast, read
from tests.e2e.conftest import LAYOUTS, Scheme
from tests.e2e.test_inlined import TEXTS
from tests.render.finishing import finished
from tests.render.shapes.drawing import EDITIONS, mail

PICTURES = """() => Promise.all([...document.images].map(each => each.decode().then(() => {
    const {width, height} = each.getBoundingClientRect();
    return [width, height, each.naturalWidth / each.naturalHeight];
})))"""
GAPS = """() => [...document.querySelectorAll("td")]
    .filter(each => !each.textContent.trim() && !each.querySelector("*"))
    .filter(each => each.closest("tr").previousElementSibling)
    .map(each => each.getBoundingClientRect().height)"""
NUMBERS = """() => [...document.querySelectorAll(".numeral")].map(each => {
    const figure = each.getBoundingClientRect();
    const said = each.nextElementSibling.getBoundingClientRect();
    return [said.x - figure.x, said.y - figure.y];
})"""
TOO_NARROW = """() => [...document.querySelectorAll("th, td[data-lost], table table table td")]
    .filter(each => each.closest("table[class$=data]"))
    .map(each => [each.textContent, each.scrollWidth - each.clientWidth])"""
Asked = Callable[..., Any]
each_layout = pytest.mark.parametrize("layout", LAYOUTS)


@pytest.fixture
def ask(browser: Browser) -> Asked:
    """Give a way to draw an edition's mail in a program's shape and ask the page something."""

    def drawn(
        html: str, script: str, edition: str, width: int = 375, scheme: Scheme = "light"
    ) -> Any:  # noqa: ANN401 - whatever the script gives
        layout, _, slug = edition.partition(" ")
        pictures = {picture.name: picture.data for picture in finished(layout, slug).pictures}
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()

        def answer(route: Route) -> None:
            name = route.request.url.rsplit("/", 1)[-1]
            body = pictures.get(name, html)
            route.fulfill(body=body, content_type="" if name in pictures else "text/html")

        page.route("**/*", answer)
        page.goto("https://brev.example/")
        given = page.evaluate(script)
        context.close()
        return given

    return drawn


@pytest.mark.parametrize("width", [320, 375, 700])
@pytest.mark.parametrize("edition", EDITIONS)
def test_in_yahoo_every_picture_keeps_its_proportions(ask: Asked, edition: str, width: int) -> None:
    html = shape_for(mail(edition), "yahoo").html
    sizes = ask(html, PICTURES, edition, width)
    assert sizes
    assert [w / h for w, h, _ in sizes] == pytest.approx([ratio for *_, ratio in sizes], rel=0.02)
    assert max(w for w, *_ in sizes) <= width


@pytest.mark.parametrize("edition", EDITIONS)
def test_in_yahoo_there_is_air_after_what_is_set_apart(ask: Asked, edition: str) -> None:
    built = ask(mail(edition), GAPS, edition)
    assert len(built) >= 2
    assert [height for height in built if not 12 <= height <= 21] == []
    assert ask(shape_for(mail(edition), "yahoo").html, GAPS, edition) == built


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("edition", EDITIONS)
def test_samsungs_old_way_of_reading_changes_no_colour_and_no_size_of_text(
    ask: Asked, edition: str, scheme: Scheme
) -> None:
    html = shape_for(mail(edition), "samsung").html
    assert ask(html, "document.compatMode", edition) == "BackCompat"
    texts = ask(html, TEXTS, edition, 375, scheme)
    assert texts == ask(mail(edition), TEXTS, edition, 375, scheme)
    assert [
        text for text, ink, ground, *_ in texts if contrast(read(ink), read(ground)) < 4.5
    ] == []


def test_in_outlook_for_windows_the_social_links_stand_apart(ask: Asked) -> None:
    edition = "smakom allt"
    places = ask(
        shape_for(mail(edition), "outlook-windows").html,
        """() => {
            const all = [...document.querySelectorAll(".social")];
            const icons = all.map(each => each.querySelector("img").getBoundingClientRect());
            const names = all.map(each => each.querySelector("a, strong").getBoundingClientRect());
            return [icons[1].y - icons[0].y, icons[1].x - names[0].right];
        }""",
        edition,
        700,
    )
    assert places[0] == 0
    assert 16 <= places[1] <= 32


def test_in_outlook_for_windows_figures_and_their_meanings_are_two_columns(ask: Asked) -> None:
    html = shape_for(mail("brev allt"), "outlook-windows").html
    columns = ask(html, NUMBERS, "brev allt", 700)
    assert len(columns) == 2
    assert columns == [[168, 0], [168, 0]]


def test_on_a_narrow_screen_each_meaning_stands_below_its_figure(ask: Asked) -> None:
    stacked = ask(mail("brev allt"), NUMBERS, "brev allt", 375)
    assert [x for x, _ in stacked] == [0, 0]
    assert min(y for _, y in stacked) >= 30


@each_layout
def test_in_yahoo_large_words_of_a_table_stay_in_their_columns(ask: Asked, layout: str) -> None:
    html = with_text_at(shape_for(mail(f"{layout} allt"), "yahoo").html, 200)
    cells = ask(html, TOO_NARROW, f"{layout} allt")
    assert [words for words, _ in cells] == ["Ort", "Hushåll", "År", "Söderhamn", "38", "2020"]
    assert [words for words, over in cells if over > 0] == []
