"""CSS in the elements draws what the CSS in <style> drew; forced dark modes stay readable."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Literal, Protocol

import pytest
from playwright.sync_api import Browser, Page

from smakom_mail.render.checks import open_form
from smakom_mail.render.inlining import inline_css
from smakom_mail.services.checking import check_edition
from smakom_mail.services.workplace import open_workplace
from tests.colours import contrast, flipped, read

Scheme = Literal["light", "dark"]


class Bare(Protocol):
    """Opens an empty page."""

    def __call__(self, width: int, scheme: Scheme = "light") -> AbstractContextManager[Page]:
        """Open it, and close it in the end."""


# Both pages side by side in frames of one page: only what differs leaves the browser.
COMPARE = """async ([pages, width]) => {
    const frames = await Promise.all(pages.map(html => new Promise(done => {
        const frame = document.createElement("iframe");
        frame.width = width;
        frame.height = 900;
        frame.style.border = 0;
        frame.onload = () => done(frame.contentWindow);
        frame.srcdoc = html;
        document.body.append(frame);
    })));
    const drawn = frames.map(f => [...f.document.querySelectorAll("html, body, body *")]
        .map(e => [e, f.getComputedStyle(e)]));
    const changed = [];
    drawn[0].forEach(([e, old], i) => {
        const [other, now] = drawn[1][i];
        if (e.tagName !== other.tagName) changed.push(e.tagName + " became " + other.tagName);
        for (const name of old) if (old[name] !== now[name])
            changed.push(`${e.tagName}.${e.className} ${name}: ${old[name]} became ${now[name]}`);
    });
    return [drawn.map(elements => elements.length), changed];
}"""
TEXTS = """() => {
    const seen = [];
    for (const e of document.querySelectorAll("body *")) {
        const text = [...e.childNodes].filter(n => n.nodeType === Node.TEXT_NODE)
            .map(n => n.data.trim()).join(" ").trim();
        if (!text || !e.checkVisibility()) continue;
        let behind = e;
        while (behind && getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)")
            behind = behind.parentElement;
        const s = getComputedStyle(e);
        const ground = behind ? getComputedStyle(behind).backgroundColor : "rgb(255, 255, 255)";
        seen.push([text, s.color, ground, parseFloat(s.fontSize), parseInt(s.fontWeight)]);
    }
    return seen;
}"""


@pytest.fixture
def bare(browser: Browser) -> Bare:
    """Give a way to open an empty page at a width, which fetches nothing."""

    @contextmanager
    def opened(width: int, scheme: Scheme = "light") -> Iterator[Page]:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        page.route("**/*", lambda route: route.abort())
        yield page
        context.close()

    return opened


@pytest.fixture
def pages(project: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Give januari-2021 before its CSS is inlined, and the finished mail."""
    before: list[str] = []

    def recorded(html: str) -> str:
        before.append(html)
        return inline_css(html)

    monkeypatch.setattr("smakom_mail.render.mail.inline_css", recorded)
    rendered = check_edition(open_workplace(project, {}), "januari-2021").rendered
    assert rendered is not None
    (styled,) = before
    assert "<style>" in styled
    return styled.replace("<!doctype html>", "<!DOCTYPE html>"), open_form(rendered.html)


@pytest.mark.parametrize(("width", "scheme"), [(700, "light"), (375, "light"), (375, "dark")])
def test_no_computed_style_of_any_element_changes_by_inlining(
    pages: tuple[str, str], bare: Bare, width: int, scheme: Scheme
) -> None:
    with bare(1500, scheme) as page:
        counts, changed = page.evaluate(COMPARE, [pages, width])
    assert counts[0] == counts[1] > 300
    assert changed == []


def test_a_declaration_that_is_lost_would_be_seen(pages: tuple[str, str], bare: Bare) -> None:
    before, after = pages
    lost = re.sub(r"<h1[^>]*>", "<h1>", after)
    with bare(1500) as page:
        _, changed = page.evaluate(COMPARE, [(before, lost), 700])
    assert "H1. font-weight: 400 became 700" in changed


# Mail programs that force a dark mode turn lightness around: some of everything (Outlook on
# Windows, Gmail on iOS), some only of light backgrounds and dark text (Gmail on Android).
@pytest.mark.parametrize("everything", [True, False], ids=["everything", "what is not dark yet"])
@pytest.mark.parametrize("width", [700, 375])
def test_text_keeps_its_contrast_where_a_mail_program_inverts_it(
    pages: tuple[str, str], bare: Bare, width: int, *, everything: bool
) -> None:
    with bare(width) as page:
        page.set_content(pages[1])
        texts = page.evaluate(TEXTS)
    assert len(texts) > 50
    poor = [
        f"{text[:30]}: {ratio:.2f}"
        for text, colour, behind, size, weight in texts
        if (ratio := inverted(colour, behind, everything=everything))
        < (3.0 if size >= 24 or (size >= 18.66 and weight >= 700) else 4.5)
    ]
    assert poor == []


def inverted(colour: str, behind: str, *, everything: bool) -> float:
    return contrast(
        flipped(colour, when=lambda lightness: everything or lightness < 50),
        flipped(behind, when=lambda lightness: everything or lightness >= 50),
    )


def test_colours_are_compared_as_the_standard_says() -> None:
    black, white, grey = (
        read("rgb(0, 0, 0)"),
        read("rgb(255, 255, 255)"),
        read("rgb(118, 118, 118)"),
    )
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(white, grey) == pytest.approx(4.54, abs=0.005)
    assert flipped("rgb(0, 0, 0)", when=lambda _: True) == pytest.approx(white, abs=0.001)
    assert flipped("rgb(0, 0, 0)", when=lambda lightness: lightness > 50) == black
    assert inverted("rgb(200, 200, 200)", "rgb(255, 255, 255)", everything=True) < 4.5
