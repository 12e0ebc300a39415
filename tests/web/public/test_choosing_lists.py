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

TITLES = {
    "sv": "Ja, jag vill ha Exempelföreningens nyhetsbrev (Nyhetsbrevet)",
    "en": "Yes, I want Exempelföreningens nyhetsbrev (Nyhetsbrevet)",
}
WORDINGS = {
    "sv": WORDING.replace("Medlemmar", "Nyhetsbrevet"),
    "en": (
        "I want to get Exempelföreningens nyhetsbrev (Nyhetsbrevet) by e-mail from "
        "Exempelföreningen. I can unsubscribe at any time."
    ),
}


def called(name: str, *others: str) -> str:
    """Give the settings by which the list `brevet` of this name is open, and others beside it."""
    open_ = ", ".join(f'"{slug}"' for slug in ("brevet", *others))
    return f'[[people.list]]\nslug = "brevet"\nname = "{name}"\n[serve]\nlists = [{open_}]\n'


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


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_list_that_is_ticked_alone_is_named_also_where_it_is_called_as_the_newsletter_is(
    tmp_path: Path, language: str
) -> None:
    with visited(tmp_path / "brev", called("Nyhetsbrevet", "medlemmar")) as pages:
        sign_up(pages, NEW, list="brevet", lang=language)
        link = f"/confirm/{letter_to(pages, NEW).token}?lang={language}"
        page = pages.get(link)
        done = pages.post(link, {"lang": language})
        kept = [each.wording for each in pages.who(NEW).consents]

    assert heading(page) == TITLES[language]
    assert WORDINGS[language].replace("e-", "e\u2011") in page.text
    assert kept == [WORDINGS[language]]
    assert "Exempelföreningens nyhetsbrev (Nyhetsbrevet)" in done.text


def test_the_words_that_are_kept_name_the_list_also_where_no_other_is_open(tmp_path: Path) -> None:
    with visited(tmp_path / "brev", called("Nyhetsbrevet")) as pages:
        sign_up(pages, NEW)
        link = f"/confirm/{letter_to(pages, NEW).token}"
        page = pages.get(link)
        pages.post(link)
        kept = [each.wording for each in pages.who(NEW).consents]

    assert heading(page) == "Ja, jag vill ha Exempelföreningens nyhetsbrev"
    assert kept == [WORDINGS["sv"]]


def test_a_list_that_has_the_very_name_of_the_newsletter_is_named_by_it(tmp_path: Path) -> None:
    settings = called("Exempelföreningens nyhetsbrev", "medlemmar")
    with visited(tmp_path / "brev", settings) as pages:
        sign_up(pages, NEW, list="brevet")
        page = pages.get(f"/confirm/{letter_to(pages, NEW).token}")

    assert heading(page) == "Ja, jag vill ha Exempelföreningens nyhetsbrev"


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
