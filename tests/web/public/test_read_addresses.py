"""A domain in letters is shown in letters, though a browser sends it in IDNA's ASCII form."""

import pytest

from smakom_mail.services.letters.wording import content_of
from tests.web.public.test_signing_pages import letter_to, sign_up
from tests.web.public.visiting import Visited

SENT = "kim.lind@xn--ml-xiab.example"
READ = "kim.lind@åmål.example"
MASKED = '<strong class="address">k•••@å•••.example</strong>'


def test_the_pages_and_the_letter_show_the_letters_of_the_domain(pages: Visited) -> None:
    page = sign_up(pages, SENT)
    letter = letter_to(pages, SENT)
    content = content_of(pages.store, letter)

    assert f'<strong class="address">{READ}</strong>' in page.text
    assert letter.email == SENT
    assert content.before[0].startswith(f"Adressen {READ} har anmälts till ")
    assert SENT not in f"{content} {page.text}"
    assert MASKED in pages.get(f"/confirm/{letter.token}").text

    assert MASKED in pages.post(f"/confirm/{letter.token}").text

    assert pages.who(SENT).email == SENT
    assert MASKED in pages.get(pages.page(SENT)).text
    assert MASKED in pages.get(f"/u/{pages.token(SENT)}").text


@pytest.mark.parametrize("typed", [SENT, READ])
def test_a_form_that_is_shown_again_has_the_letters_of_the_domain(
    pages: Visited, typed: str
) -> None:
    page = sign_up(pages, typed, "https://evil.example")

    assert page.status == 422
    assert f' value="{READ}"' in page.text


def test_what_is_held_names_the_address_in_letters(pages: Visited) -> None:
    sign_up(pages, SENT)
    pages.post(f"/confirm/{letter_to(pages, SENT).token}")
    pages.post(pages.page(SENT), {"do": "holdings", "lang": "sv"})
    [letter] = [each for each in pages.letters(SENT) if each.kind == "holdings"]

    content = str(content_of(pages.store, letter))

    assert f"('E-postadress', '{READ}')" in content
    assert SENT not in content


def test_a_domain_that_mixes_alphabets_is_shown_as_it_was_sent(pages: Visited) -> None:
    mixed = "kim@xn--pypal-4ve.com"
    page = sign_up(pages, mixed)
    letter = letter_to(pages, mixed)

    assert f'<strong class="address">{mixed}</strong>' in page.text
    assert f"Adressen {mixed} har" in content_of(pages.store, letter).before[0]
    assert "k•••@x•••.com" in pages.get(f"/confirm/{letter.token}").text
