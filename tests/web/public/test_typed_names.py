"""A name that was typed: the person reads it before she is called by it, and can change it."""

import re

import pytest

from tests.web.public.test_leaving_pages import heading
from tests.web.public.test_signing_pages import NEW, letter_to, sign_up
from tests.web.public.visiting import KIM, Answer, Visited

LINK = "Du har vunnit! Se https://evil.example/vinst"
NO_LINK = "Skriv bara ditt namn, utan webbadress eller e\u2011postadress."
TOO_LONG = "Namnet är för långt. Det får ha högst 60 tecken."


def field(page: Answer) -> str | None:
    """Give what stands in the field for the name; None where there is none."""
    found = re.search(r'<input id="name"[^>]* value="([^"]*)"', page.text)
    return found[1] if found else None


def confirming(pages: Visited, name: str) -> str:
    """Sign up with a name; give the link that the letter has."""
    assert sign_up(pages, NEW, name).status == 200
    return f"/confirm/{letter_to(pages, NEW).token}"


@pytest.mark.parametrize(
    ("name", "words"), [(LINK, NO_LINK), ("kim@evil.example", NO_LINK), ("x" * 61, TOO_LONG)]
)
def test_a_name_that_leads_somewhere_is_not_taken(pages: Visited, name: str, words: str) -> None:
    page = sign_up(pages, NEW, name)

    assert page.status == 422
    assert f'<a href="#name">{words}</a>' in page.text
    assert pages.letters(NEW) == []


def test_the_page_of_the_link_shows_the_name_and_takes_what_stands_there(pages: Visited) -> None:
    link = confirming(pages, "En Främling")
    assert field(pages.get(link)) == "En Främling"

    assert heading(pages.post(link, {"name": "Nya Nyman"})) == "Välkommen!"
    assert pages.who(NEW).name == "Nya Nyman"


@pytest.mark.parametrize(
    ("name", "language", "note"),
    [
        ("Nya Nyman", "sv", "Namnet kan stå i breven. Ändra det, eller töm fältet."),
        ("", "sv", "Skriv det här om du vill bli tilltalad med namn i breven."),
        ("Nya Nyman", "en", "The name may stand in the messages. Change it, or empty the field."),
        ("", "en", "Write it here if you want to be called by name in the messages."),
    ],
)
def test_the_note_below_the_field_says_what_can_be_done_with_what_stands_there(
    pages: Visited, name: str, language: str, note: str
) -> None:
    page = pages.get(f"{confirming(pages, name)}?lang={language}")

    assert f'<span class="note" id="name-note">{note}</span>' in page.text


@pytest.mark.parametrize("fields", [{"name": ""}, {"name": "  "}, {}])
def test_a_name_that_she_emptied_or_never_saw_is_not_taken(
    pages: Visited, fields: dict[str, str]
) -> None:
    pages.post(confirming(pages, "En Främling"), fields)

    assert pages.who(NEW).name == ""


def test_a_link_is_not_taken_from_the_page_of_the_link_either(pages: Visited) -> None:
    link = confirming(pages, "Nya Nyman")
    before = pages.contents()

    page = pages.post(link, {"name": LINK})

    assert (page.status, heading(page)) == (422, "Ja, jag vill ha Exempelföreningens nyhetsbrev")
    assert (NO_LINK in page.text, field(page)) == (True, LINK)
    assert pages.contents() == before


def test_what_was_typed_before_links_were_refused_is_not_shown(pages: Visited) -> None:
    link = confirming(pages, "Nya Nyman")
    with pages.store.database.transaction():
        pages.store.database.run("UPDATE requests SET name = :name", {"name": LINK})

    assert field(pages.get(link)) == ""


def test_who_has_a_name_here_keeps_it_and_is_shown_none(pages: Visited) -> None:
    pages.post(f"/u/{pages.token(KIM)}", {"all": "1"})
    assert sign_up(pages, KIM, "En Främling").status == 200
    link = f"/confirm/{letter_to(pages, KIM).token}"
    assert field(pages.get(link)) is None

    pages.post(link, {"name": "En Främling"})

    assert pages.who(KIM).name == "Kim Exempel"


def test_her_own_page_shows_the_name_and_changes_it_with_history(pages: Visited) -> None:
    page = pages.page(KIM)
    assert field(pages.get(page)) == "Kim Exempel"

    saved = pages.post(page, {"do": "name", "name": " Kim  Berg "})

    assert "Namnet är sparat." in saved.text
    assert "Namnet är borttaget." in pages.post(page, {"do": "name", "name": ""}).text
    rows = pages.contents()["history"]
    assert [row[-2:] for row in rows if "name" in row] == [
        ("Kim Exempel", "Kim Berg"),
        ("Kim Berg", ""),
    ]
    assert pages.who(KIM).sort_key.startswith("kim kommun se")


def test_a_fault_on_her_own_page_stands_where_it_was_made(pages: Visited) -> None:
    page = pages.post(pages.page(KIM), {"do": "name", "name": LINK})

    assert (page.status, pages.who(KIM).name, field(page)) == (422, "Kim Exempel", LINK)
    assert "<title>Fel: Din prenumeration – " in page.text
    section = page.text[page.text.index('<section aria-labelledby="own-name">') :]
    assert NO_LINK in section.partition("</section>")[0]

    moved = pages.post(pages.page(KIM), {"do": "address", "email": "x"}).text
    section = moved[moved.index('<section aria-labelledby="address">') :]
    assert '<a href="#email">' in section.partition("</section>")[0]
    assert moved.count('id="fault"') == 1
