"""A reader's own page: reached by a letter, and what it changes."""

import pytest

from smakom_mail.services.public.deciding import decide
from smakom_mail.store.letters import Letter
from smakom_mail.store.people import find_by_key
from tests.web.public.test_leaving_pages import heading
from tests.web.public.test_signing_pages import ATTACKS, stamp
from tests.web.public.visiting import BO, KIM, Answer, Visited

NEW = "ny@kommun.se"


def ask(pages: Visited, email: str) -> Answer:
    """Ask for the link to one's own page."""
    return pages.post("/preferences", {"email": email, "stamp": stamp(pages, "/preferences")})


def decided(pages: Visited, email: str) -> Letter | None:
    """Give the newest letter to an address as it is about to be composed."""
    letter = pages.letters(email)[-1]
    with pages.store.database.transaction():
        return decide(pages.store, letter, pages.site.at())


def test_the_link_goes_to_the_address_and_the_answer_is_the_same_for_all(pages: Visited) -> None:
    known, unknown = ask(pages, KIM), ask(pages, NEW)

    assert known.text.replace(KIM, "…") == unknown.text.replace(NEW, "…")
    kim, new = decided(pages, KIM), decided(pages, NEW)
    assert kim is not None
    assert new is not None
    assert (kim.kind, new.kind, new.token) == ("preferences", "nothing", "")
    assert heading(pages.get(f"/preferences/{kim.token}")) == "Din prenumeration"


def test_opening_the_page_changes_nothing(pages: Visited) -> None:
    page = pages.page(KIM)
    before = pages.contents()
    shown = pages.get(page)

    assert '<strong class="address">k•••@k•••.se</strong>' in shown.text
    assert KIM not in shown.text
    assert pages.contents() == before


def test_lists_are_left_and_joined(pages: Visited) -> None:
    page = pages.page(KIM)
    left = pages.post(page, {"do": "lists", "list": "medlemmar", "lang": "sv"})
    assert "Sparat. Du får det som är förkryssat nedan." in left.text
    assert pages.lists(KIM) == {"medlemmar": "confirmed", "prenumeranter": "left"}

    assert "Sparat. Du får inga brev från oss." in pages.post(page, {"do": "lists"}).text
    assert pages.lists(KIM) == {"medlemmar": "left", "prenumeranter": "left"}

    pages.post(page, {"do": "lists", "list": "prenumeranter", "lang": "sv"})
    assert pages.lists(KIM) == {"medlemmar": "left", "prenumeranter": "confirmed"}
    assert pages.who(KIM).consents[-1].wording == (
        "Jag vill få det jag har kryssat för med e-post från Exempelföreningen."
    )


def test_only_open_lists_can_be_joined(pages: Visited) -> None:
    page = pages.page(BO)
    assert "Medlemmar" not in pages.get(page).text

    pages.post(page, b"do=lists&list=prenumeranter&list=medlemmar&list=%3Cscript%3E")

    assert pages.lists(BO) == {"prenumeranter": "confirmed"}


def test_the_language_is_changed_and_answered_in(pages: Visited) -> None:
    answer = pages.post(pages.page(KIM), {"do": "language", "language": "en", "lang": "sv"})

    assert "Saved. We write to you in English." in answer.text
    assert pages.who(KIM).language == "en"


def test_a_new_address_is_confirmed_there_and_the_old_one_is_told(pages: Visited) -> None:
    page = pages.page(KIM)
    pages.post(page, {"do": "address", "email": NEW, "lang": "sv"})
    assert pages.who(KIM).email == KIM
    letter = decided(pages, NEW)
    assert letter is not None
    assert letter.kind == "address"
    assert heading(pages.get(f"/confirm/{letter.token}")) == "Byta till den här adressen?"

    done = pages.post(f"/confirm/{letter.token}")

    assert heading(done) == "Adressen är bytt"
    assert pages.lists(NEW) == {"medlemmar": "confirmed", "prenumeranter": "confirmed"}
    assert find_by_key(pages.store.database, KIM) is None
    assert [each.kind for each in pages.letters(KIM)] == ["moved"]
    assert pages.post(f"/confirm/{letter.token}").body == done.body


ON_ITS_WAY = "Vi skriver till den nya adressen, högst en gång per dygn."


def test_nobody_can_take_over_anothers_address(pages: Visited) -> None:
    answer = pages.post(pages.page(KIM), {"do": "address", "email": BO})
    letter = decided(pages, BO)

    assert ON_ITS_WAY in answer.text
    assert letter is not None
    assert (letter.kind, letter.subscriber_id) == ("already", pages.who(BO).id)
    assert heading(pages.get(f"/preferences/{letter.token}")) == "Din prenumeration"
    assert pages.get(f"/confirm/{letter.token}").status == 404
    assert pages.who(KIM).email == KIM


def test_what_is_held_goes_to_the_address_once_a_day(pages: Visited) -> None:
    answers = [pages.post(pages.page(KIM), {"do": "holdings"}).text for _ in range(3)]

    words = "Vi skickar allt vi har sparat om dig till din adress, högst en gång per dygn."
    assert [words in text for text in answers] == [True, True, True]
    assert [(each.kind, each.subscriber_id) for each in pages.letters(KIM)] == (
        [("holdings", pages.who(KIM).id)]
    )


def test_an_erasure_is_confirmed_by_a_letter_and_leaves_nothing(pages: Visited) -> None:
    page = pages.page(KIM)
    pages.post(page, {"do": "erasure"})
    assert pages.who(KIM).name == "Kim Exempel"
    letter = decided(pages, KIM)
    assert letter is not None
    link = f"/confirm/{letter.token}"
    assert heading(pages.get(link)) == "Radera allt om dig?"
    assert find_by_key(pages.store.database, KIM)

    done = pages.post(link)

    assert heading(done) == "Allt om dig är raderat"
    assert find_by_key(pages.store.database, KIM) is None
    assert pages.letters(KIM) == []
    assert KIM not in str(pages.contents())
    assert pages.post(link).body == done.body
    assert heading(pages.get(page)) == "Länken öppnar ingen sida"


def test_what_no_button_says_changes_nothing(pages: Visited) -> None:
    page = pages.page(KIM)
    before = pages.contents()

    for fields in ({}, {"do": "x"}, {"do": "language", "language": "xx"}, {"do": "address"}):
        assert pages.post(page, fields).status in (200, 422)
    assert pages.contents() == before


def test_another_site_cannot_press_its_buttons(pages: Visited) -> None:
    page = pages.page(KIM)
    before = pages.contents()

    assert pages.post(page, {"do": "lists"}, {"sec-fetch-site": "cross-site"}).status == 403
    assert pages.post(page, {"do": "lists"}, {"origin": "https://evil.example"}).status == 403
    assert pages.contents() == before


@pytest.mark.parametrize("token", ["x", "A" * 36])
def test_a_link_that_is_not_ours_opens_nothing(pages: Visited, token: str) -> None:
    wrong = [token, pages.token(KIM), pages.token(KIM, purpose="confirm")]

    assert [pages.get(f"/preferences/{each}").status for each in wrong] == [404, 404, 404]
    assert pages.post(f"/preferences/{token}", {"do": "erasure"}).status == 404


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_that_is_typed_is_markup(pages: Visited, text: str) -> None:
    for name in ("email", "list", "language", "do", "lang"):
        answer = pages.post(pages.page(KIM), {"do": "address", "email": "x", name: text})
        assert "<script" not in answer.text
        assert "<svg" not in answer.text
        assert "<img src=x" not in answer.text
