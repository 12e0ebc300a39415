"""Letters as their readers see them, in both layouts: narrow and wide, light and dark, enlarged."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from smakom_mail.render.layout import load_layout
from smakom_mail.render.letter import render_letter
from smakom_mail.services.letters.wording import content_of
from smakom_mail.store.letters import Kind, Letter
from tests.axe import violations
from tests.e2e.conftest import LAYOUTS, Scheme
from tests.e2e.test_looks import DOUBLED, MAIL_RULES_OFF, WIDTH
from tests.services.letters.writing import AT, SECRET, add, newsletter, opened, person

LONGEST = "k" * 64 + "@" + "kommun." * 12 + "example"
KINDS: tuple[Kind, ...] = ("sign-up", "nothing", "holdings", "erasure")
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
Shown = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Draw each kind of letter in each layout, to a short address and to a very long one."""
    folder = tmp_path_factory.mktemp("letters")
    root = newsletter(folder / "brev")
    with opened(root, SECRET) as store:
        for email in ("kim@kommun.example", LONGEST):
            add(store, person(store, email, organisation="Exempelby kommun", tags=["styrelse"]))
            for kind in KINDS:
                letter = Letter("ab", kind, "sv", email, email, AT, token="t" * 36)
                content = content_of(store, letter)
                for layout in LAYOUTS:
                    config = store.workplace.config
                    drawn = render_letter(content, load_layout(root, layout), config)
                    name = f"{layout}-{kind}-{'long' if email == LONGEST else 'short'}.html"
                    (folder / name).write_text(drawn.html, "utf-8")
    return folder


@pytest.fixture
def shown(letters: Path, browser: Browser) -> Shown:
    """Give what opens a letter."""

    @contextmanager
    def open_(name: str, width: int, scheme: Scheme = "light") -> Iterator[Page]:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        page.goto((letters / f"{name}.html").as_uri())
        yield page
        context.close()

    return open_


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_axe_finds_nothing(shown: Shown, layout: str, kind: str) -> None:
    found = {}
    for scheme in SCHEMES:
        for width in (320, 700):
            with shown(f"{layout}-{kind}-short", width, scheme) as page:
                found[scheme, width] = violations(page, MAIL_RULES_OFF)
    assert {place: lines for place, lines in found.items() if lines} == {}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_narrow_screen_scrolls_one_way_only_also_in_text_twice_as_large(
    shown: Shown, layout: str, kind: str
) -> None:
    widths = []
    for address in ("short", "long"):
        with shown(f"{layout}-{kind}-{address}", 320) as page:
            widths.append(page.evaluate(WIDTH))
        with shown(f"{layout}-{kind}-{address}", 375) as page:
            page.evaluate(DOUBLED)
            widths.append(page.evaluate(WIDTH))
    assert widths == [320, 375] * 2


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_button_is_the_largest_target_and_as_wide_as_a_phone(
    shown: Shown, layout: str, scheme: Scheme
) -> None:
    with shown(f"{layout}-sign-up-short", 360, scheme) as page:
        box = page.get_by_role("link", name="Ja, jag vill prenumerera").bounding_box()
    assert box is not None
    assert (box["width"] > 300, box["height"] >= 48) == (True, True)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_is_a_letter_where_every_style_element_is_removed(shown: Shown, layout: str) -> None:
    with shown(f"{layout}-holdings-short", 320) as page:
        page.evaluate("document.querySelectorAll('style').forEach(style => style.remove())")
        assert page.evaluate(WIDTH) == 320


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_text_is_smaller_than_14_pixels(shown: Shown, layout: str) -> None:
    with shown(f"{layout}-holdings-short", 700) as page:
        sizes = page.evaluate(
            """() => [...document.querySelectorAll("body *")]
                .filter(e => e.checkVisibility() && [...e.childNodes].some(
                    n => n.nodeType === Node.TEXT_NODE && n.data.trim().length > 1))
                .map(e => parseFloat(getComputedStyle(e).fontSize))"""
        )
    assert min(sizes) >= 14
