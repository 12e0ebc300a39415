"""A form on another site: what was typed there is shown here, with the reason why."""

import pytest

from tests.web.public.test_signing_pages import NEW, sign_up, stamp
from tests.web.public.visiting import Visited

SLOW = "Sidan hade varit öppen för länge, eller så gick det ovanligt fort."
FOREIGN = "Formuläret skickades från en annan webbplats. Se efter att allt stämmer."
ELSEWHERE = {"origin": "https://kommun.example"}


@pytest.mark.parametrize("path", ["/subscribe", "/preferences"])
@pytest.mark.parametrize("given_stamp", [True, False])
@pytest.mark.parametrize("head", [ELSEWHERE, {"sec-fetch-site": "cross-site"}])
def test_a_form_from_another_site_is_told_as_that(
    pages: Visited, path: str, head: dict[str, str], *, given_stamp: bool
) -> None:
    fields = {"lang": "sv", "email": NEW, "stamp": stamp(pages) if given_stamp else ""}

    page = pages.post(path, fields, head)

    assert page.status == 422
    assert "<strong>Tryck en gång till</strong>" in page.text
    assert FOREIGN in page.text
    assert SLOW not in page.text
    assert f'value="{NEW}"' in page.text
    assert pages.letters(NEW) == []


def test_it_is_told_in_english_too(pages: Visited) -> None:
    page = pages.post("/subscribe", {"lang": "en", "email": NEW}, ELSEWHERE)

    assert "The form was sent from another site. See that everything is right." in page.text


def test_a_form_of_our_own_with_a_wrong_stamp_is_told_of_the_time(pages: Visited) -> None:
    page = sign_up(pages, NEW, stamp="0.0")

    assert SLOW in page.text
    assert FOREIGN not in page.text
