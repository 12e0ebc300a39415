"""The inbox line as programs draw it, and in words."""

from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from smakom_mail.config.settings import Sender
from tests.render.making import CONFIG, edition, paragraph
from tests.services.previewing.drawn import (
    in_language,
    repository,
    snapshot,
    snapshot_of,
    texts,
    view,
)


def in_words(html: str) -> list[tuple[str, ...]]:
    """Give name, cut text and how much of it fits, for each part of each program."""
    columns = (texts(html, f".//dl/div{path}") for path in ("/dt", "/dd/q", "/dd/small"))
    return list(zip(*columns, strict=True))


def test_each_program_says_what_fits() -> None:
    html = view(repository(), "inbox").html
    subject = "Nyhetsbrev januari 2021: vindkraft, posten och Vårmötet"
    text = "Ordföranden om ett år av skärmmöten, styrelsens"

    assert texts(html, ".//h2") == ["Telefon", "Webbmejl på dator", "Outlook på dator"]
    assert in_words(html) == [
        ("Avsändare", "SmåKom", "Alla 6 tecken får plats."),
        ("Ämnesrad", f"{subject[:41]}…", "41 av 55 tecken får plats."),
        (
            "Texten efter",
            f"{text} beslut i december och fyra utredningar s…",
            "88 av förhandstextens 108 tecken får plats.",
        ),
        ("Avsändare", "SmåKom", "Alla 6 tecken får plats."),
        ("Ämnesrad", subject, "Alla 55 tecken får plats."),
        ("Texten efter", f"{text} besl…", "52 av förhandstextens 108 tecken får plats."),
        ("Avsändare", "SmåKom", "Alla 6 tecken får plats."),
        ("Ämnesrad", f"{subject[:44]}…", "44 av 55 tecken får plats."),
        ("Texten efter", f"{text}…", "48 av förhandstextens 108 tecken får plats."),
    ]


def test_after_a_short_preheader_follows_the_mail_itself() -> None:
    html = view(snapshot(paragraph("Hej"), preheader="Kort & gott."), "inbox").html
    phone = in_words(html)[2]

    assert phone[1].startswith("Kort & gott.")
    assert phone[2] == (
        "Hela förhandstexten får plats (12 tecken av omkring 88). Sedan kommer brevets egen text."
    )


def test_without_a_name_the_sender_is_an_address() -> None:
    config = replace(CONFIG, sender=Sender(email="kansli@forening.example"))
    config = replace(config, newsletter=replace(config.newsletter, name=""))
    html = view(snapshot_of(edition(paragraph("Hej")), config), "inbox").html

    assert in_words(html)[0][1] == "kansli@forening.example"


def test_the_words_around_it_are_the_editors_language() -> None:
    html = view(in_language(repository(), "en"), "inbox").html

    assert in_words(html)[0] == ("Sender", "SmåKom", "All 6 characters fit.")
    assert texts(html, ".//p[@class='who']")[0] == "SmåKom 4 jan"


@pytest.mark.parametrize("width", [320, 1200])
def test_the_drawing_cuts_where_its_frame_ends(browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(view(repository(), "inbox").html)
    # scrollWidth is what the text needs, clientWidth what it has.
    cut = page.evaluate(
        "[...document.querySelectorAll('.what')].map(p => p.scrollWidth > p.clientWidth)"
    )
    lines = page.evaluate(
        "[...document.querySelectorAll('.phone .then, .outlook .then')].map("
        "p => Math.round(p.clientHeight / parseFloat(getComputedStyle(p).lineHeight)))"
    )

    assert cut == [True, True, True]
    assert lines == [2, 1]
    page.close()
