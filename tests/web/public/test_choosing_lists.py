"""Where several lists are open nobody is signed up to one that she has not ticked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smakom_mail.services.letters.wording import content_of
from tests.web.public.test_leaving_pages import heading
from tests.web.public.test_signing_pages import NEW, letter_to, sign_up, stamp
from tests.web.public.visiting import Visited, visited

OPEN = '[serve]\nlists = ["prenumeranter", "medlemmar"]\n'
WORDING = (
    "Jag vill få Exempelföreningens nyhetsbrev (Medlemmar) med e-post från Exempelföreningen. Jag "
    "kan avsluta när som helst."
)


@pytest.fixture
def choosing(tmp_path: Path) -> Iterator[Visited]:
    """Serve a newsletter with two lists that everybody may join."""
    with visited(tmp_path / "brev", OPEN) as made:
        yield made


def test_each_list_has_a_box_that_nobody_has_ticked(choosing: Visited) -> None:
    text = choosing.get("/subscribe").text

    assert "<legend>Vad vill du få?</legend>" in text
    assert '<input type="checkbox" id="list-1" name="list" value="prenumeranter">' in text
    assert '<input type="checkbox" id="list-2" name="list" value="medlemmar">' in text
    assert " checked" not in text


def test_one_list_has_no_box(pages: Visited) -> None:
    assert "checkbox" not in pages.get("/subscribe").text


def test_at_least_one_has_to_be_ticked(choosing: Visited) -> None:
    for more in ({}, {"list": "okand"}):
        page = sign_up(choosing, NEW, **more)

        assert page.status == 422
        assert '<a href="#list-1">Kryssa för minst ett av det du kan få.</a>' in page.text
    assert choosing.letters(NEW) == []


def test_what_was_ticked_is_named_in_the_letter_on_the_page_and_in_the_record(
    choosing: Visited,
) -> None:
    assert sign_up(choosing, NEW, list="medlemmar").status == 200
    letter = letter_to(choosing, NEW)
    assert "Anmälan gäller: Medlemmar." in content_of(choosing.store, letter).before
    page = choosing.get(f"/confirm/{letter.token}")
    assert heading(page) == "Ja, jag vill ha Exempelföreningens nyhetsbrev (Medlemmar)"
    assert WORDING.replace("e-post", "e\u2011post") in page.text

    done = choosing.post(f"/confirm/{letter.token}", {"lang": "sv"})

    assert "Exempelföreningens nyhetsbrev (Medlemmar) skickas från och med nu till" in done.text
    assert choosing.lists(NEW) == {"medlemmar": "confirmed"}
    assert [each.wording for each in choosing.who(NEW).consents] == [WORDING]


def test_several_can_be_ticked_and_stay_so_after_a_fault(choosing: Visited) -> None:
    both = b"email=ny%40kommun.se&list=medlemmar&list=prenumeranter&lang=sv"
    again = choosing.post("/subscribe", both)
    assert (again.status, again.text.count(" checked")) == (422, 2)

    choosing.post("/subscribe", both + b"&stamp=" + stamp(choosing).encode())
    choosing.post(f"/confirm/{letter_to(choosing, NEW).token}")

    assert choosing.lists(NEW) == {"prenumeranter": "confirmed", "medlemmar": "confirmed"}


def test_a_list_is_described_where_the_settings_do(tmp_path: Path) -> None:
    described = (
        '[[people.list]]\nslug = "kurser"\nname = "Kurser"\ndescription = "Två <om> året."\n'
    )
    with visited(tmp_path / "brev", described + OPEN.replace("medlemmar", "kurser")) as pages:
        text = pages.get("/subscribe").text

    assert '<span>Kurser<span class="about">Två &lt;om&gt; året.</span></span>' in text


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("Nyhetsbrevet",), "Exempelföreningens nyhetsbrev"),
        (("Exempelföreningens nyhetsbrev",), "Exempelföreningens nyhetsbrev"),
        (("Kurser",), "Exempelföreningens nyhetsbrev (Kurser)"),
        (("Nyhetsbrevet", "Kurser"), "Exempelföreningens nyhetsbrev (Nyhetsbrevet, Kurser)"),
    ],
)
def test_a_list_that_is_called_as_the_newsletter_is_not_named_twice(
    pages: Visited, names: tuple[str, ...], said: str
) -> None:
    assert pages.site.about(names) == said
