"""A proof is the edition filled in for one reader, and nobody takes it for the edition itself."""

from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from smakom_mail.errors import SmakomMailError
from smakom_mail.mail.message import MessageTemplate
from smakom_mail.model.campaign import FrozenMessage, Recipient
from smakom_mail.model.rendered import PersonalText, Slot
from smakom_mail.render.contrast import contrast, read_colour
from smakom_mail.services.sending.proof_marks import marked
from tests.axe import violations
from tests.mail.letters import FROZEN, LEAVE, NAME, bodies, read

DIGEST = "5e1f0c2a" + "0" * 56
HEAD = '<!DOCTYPE html><html lang="sv"><head><title>Nytt</title></head>'
ASA = {"name": "Åsa <Ek>", "organisation": "Åmåls kommun", "email": "asa@a.example"}
ABOUT = (
    "Det här är ett prov av numret januari-2021, inte själva utskicket. Siffrorna 5e1f0c2a är "
    "brevets fingeravtryck: samma siffror, samma brev. Länken för att avsluta prenumerationen är "
    "avstängd i ett prov."
)


def frozen(body: str = "<body>", language: str = "sv") -> FrozenMessage:
    """Give a message whose HTML has a body."""
    html = PersonalText((f"{HEAD}{body}<main><h1>Hej ", NAME, '!</h1><a href="', LEAVE, '">x</a>'))
    return replace(FROZEN, digest=DIGEST, language=language, html=html)


def sent(message: FrozenMessage) -> list[str]:
    """Give text and HTML as a reader of the proof gets them."""
    reader = Recipient(0, "kim@k.example", "", "", "", "<proof@brev.example>")
    return bodies(read(b"".join(MessageTemplate(message).compose(reader))))


def test_subject_text_and_html_are_marked_with_eight_digits_of_the_editions_digest() -> None:
    proof = marked(frozen(), ASA)
    text, html = sent(proof)

    assert proof.subject.fill({}) == "[PROV 5e1f0c2a] Nyheter till Åsa <Ek>"
    assert text.replace("\r\n", "\n") == (
        "Prov för genomläsning: 5e1f0c2a\n\n"
        "Det här är ett prov av numret januari-2021, inte själva utskicket. \n"
        "Siffrorna 5e1f0c2a är brevets fingeravtryck: samma siffror, samma brev. \n"
        "Länken för att avsluta prenumerationen är avstängd i ett prov.\n\n"
        f"{'=' * 72}\n\n"
        "Hej Åsa <Ek>!\n\nAvsluta: <https://brev.example/>\n"
    )
    body = html.partition("<body>")[2]
    assert body.startswith('<table role="presentation" lang="sv" width="100%"')
    assert f">{ABOUT}</span></td></tr></table><main><h1>Hej Åsa &lt;Ek&gt;!" in body
    assert html.count("<table") == 1


def test_an_english_newsletter_has_english_marks() -> None:
    proof = marked(frozen(language="en"), ASA)

    assert proof.subject.fill({}) == "[PROOF 5e1f0c2a] Nyheter till Åsa <Ek>"
    assert sent(proof)[0].startswith("Proof for reading: 5e1f0c2a\r\n")


def test_the_digest_stays_that_of_the_edition() -> None:
    assert marked(frozen(), ASA).digest == DIGEST


def test_only_the_address_that_unsubscribes_stays_open_and_leads_nowhere() -> None:
    proof = marked(frozen(), ASA)

    assert {slot.name for slot in (*proof.html.slots, *proof.text.slots)} == {"unsubscribe"}
    assert 'href="https://brev.example/"' in sent(proof)[1]


def test_who_lacks_a_word_gets_the_other_words() -> None:
    for nobody in ({}, {"name": ""}, {"name": " \u3000"}):
        assert marked(frozen(), nobody).subject.fill({}) == (
            "[PROV 5e1f0c2a] Nyheter till kära läsare"
        )


def test_a_hole_in_the_text_is_said() -> None:
    message = replace(frozen(), subject=PersonalText((Slot("organisation"),)))

    with pytest.raises(SmakomMailError) as caught:
        marked(message, {"name": "Åsa"})

    assert caught.value.message == (
        "{organisation} has no words for the reader of the proof, who has no organisation"
    )


@pytest.mark.parametrize(
    "body",
    ["<body>", '<BODY class="a>b" style=\'x: ">"\'>', '<body\n  style="margin:0"\n>'],
)
def test_the_banner_is_the_first_thing_in_the_body(body: str) -> None:
    html = marked(frozen(body), ASA).html.fill({"unsubscribe": "#"})

    assert html.startswith(f'{HEAD}{body}<table role="presentation"')


def test_html_without_a_body_is_said() -> None:
    with pytest.raises(SmakomMailError, match="no <body>"):
        marked(frozen("<bodyguard>"), ASA)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40))
def test_whatever_a_reader_is_called_the_proof_shows_it_as_it_is(name: str) -> None:
    shown = " ".join(name.split()) or "kära läsare"

    html = marked(frozen(), {"name": name}).html.fill({"unsubscribe": "#"})

    assert unescape(html.partition("<h1>Hej ")[2].partition("!</h1>")[0]) == shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_banner_can_be_read_in_light_and_dark(browser: Browser, scheme: str) -> None:
    dark = "<style>@media (prefers-color-scheme: dark) {body {background: #101614; color: #eee}}"
    html = marked(frozen(), ASA).html.fill({"unsubscribe": "#"})
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.set_content(html.replace("</head>", f"{dark}</style></head>"))

    colours = page.evaluate(
        "[...document.querySelectorAll('table strong, table span')].map(e => "
        "[getComputedStyle(e).color, getComputedStyle(e.closest('td')).backgroundColor])"
    )
    faults = violations(page, disable=("region",))
    context.close()

    assert len(colours) == 2
    for ink, paper in colours:
        one, other = read_colour(ink), read_colour(paper)
        assert one is not None
        assert other is not None
        assert contrast(one[0], other[0]) >= 7
    assert faults == []
