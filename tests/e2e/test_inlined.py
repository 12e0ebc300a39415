"""CSS in the elements draws what the CSS in <style> drew; forced dark modes stay readable."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Route

from smakom_mail.render import mail
from smakom_mail.render.checks import open_form
from smakom_mail.services.checking import check_edition
from smakom_mail.services.workplace import open_workplace
from tests.colours import contrast, flipped

Scheme = Literal["light", "dark"]
Show = Callable[[str, str, int, Scheme], Any]
STYLES = """() => [...document.querySelectorAll("*")]
    .filter(e => !["STYLE", "HEAD", "META", "TITLE"].includes(e.tagName))
    .map(e => { const s = getComputedStyle(e);
                return [e.tagName + "." + e.className].concat([...s].map(n => n + ":" + s[n])); })
"""
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
        seen.push([text, s.color, behind ? getComputedStyle(behind).backgroundColor : "rgb(255, 255, 255)",
                   parseFloat(s.fontSize), parseInt(s.fontWeight)]);
    }
    return seen;
}"""


@pytest.fixture
def show(browser: Browser) -> Callable[[str, str, int, Scheme], Any]:
    """Give a way to load a page, ask it something and close it; no picture is drawn."""

    def ask(html: str, question: str, width: int, scheme: Scheme) -> Any:  # noqa: ANN401 - whatever the page answers
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        try:
            page = context.new_page()
            page.route("**/*", _refuse)
            page.set_content(html)
            return page.evaluate(question)
        finally:
            context.close()

    return ask


def _refuse(route: Route) -> None:
    route.abort()


@pytest.fixture
def pages(project: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Give januari-2021 before its CSS is inlined, and the finished mail."""
    before: list[str] = []

    def recorded(html: str) -> str:
        before.append(html)
        return inline(html)

    inline = mail.inline_css
    monkeypatch.setattr(mail, "inline_css", recorded)
    rendered = check_edition(open_workplace(project, {}), "januari-2021").rendered
    assert rendered is not None
    (styled,) = before
    assert "<style>" in styled
    return styled.replace("<!doctype html>", "<!DOCTYPE html>"), open_form(rendered.html)


@pytest.mark.parametrize(("width", "scheme"), [(700, "light"), (375, "light"), (375, "dark")])
def test_no_computed_style_of_any_element_changes_by_inlining(
    pages: tuple[str, str], show: Show, width: int, scheme: Scheme
) -> None:
    before, after = (show(page, STYLES, width, scheme) for page in pages)
    assert len(before) == len(after) > 300
    changed = [
        f"{old[0]} {had} became {has}"
        for old, new in zip(before, after, strict=True)
        for had, has in zip(old, new, strict=True)
        if had != has
    ]
    assert changed == []


# Mail programs that force a dark mode turn lightness around: some of everything (Outlook on
# Windows, Gmail on iOS), some only of light backgrounds and dark text (Gmail on Android).
@pytest.mark.parametrize("everything", [True, False], ids=["everything", "what is not dark yet"])
@pytest.mark.parametrize("width", [700, 375])
def test_text_keeps_its_contrast_where_a_mail_program_inverts_it(
    pages: tuple[str, str], show: Show, width: int, *, everything: bool
) -> None:
    texts = show(pages[1], TEXTS, width, "light")
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
