"""Leaving where a stronger no stands: what a link cannot take back is not offered or claimed."""

import pytest

from smakom_mail.model.person import Reason
from smakom_mail.services.subscribing.leaving import unsubscribe
from tests.web.public.test_leaving_pages import buttons, heading
from tests.web.public.visiting import BO, KIM, Visited

STRONGER = (Reason.COMPLAINED, Reason.MANUAL, Reason.BOUNCED)
WRITE = '<a href="mailto:kansli@forening.example">kansli@forening.example</a>'
AGAIN = 'href="/subscribe">Prenumerera på nytt</a>'


def kept_out(pages: Visited, email: str, reason: Reason, *lists: str) -> None:
    """Record a no that no link can lift."""
    unsubscribe(pages.store, email, lists, pages.site.act(), reason)


@pytest.mark.parametrize("lists", [(), ("prenumeranter",)])
@pytest.mark.parametrize("reason", STRONGER)
def test_undo_is_not_offered_where_a_stronger_no_stands(
    pages: Visited, reason: Reason, lists: tuple[str, ...]
) -> None:
    token = pages.token(BO)
    kept_out(pages, BO, reason, *lists)

    left = pages.post(f"/u/{token}")

    assert (left.status, heading(left)) == (200, "Prenumerationen är avslutad")
    assert "Ångra" not in buttons(left)
    assert buttons(pages.get(f"/u/{token}")) == []
    assert heading(pages.get(f"/u/{token}/undo")) == "Det går inte att ångra"


def test_who_may_not_return_by_herself_is_told_whom_to_write_to(pages: Visited) -> None:
    token = pages.token(BO)
    kept_out(pages, BO, Reason.BOUNCED)
    assert AGAIN in pages.get(f"/u/{token}").text

    kept_out(pages, BO, Reason.COMPLAINED)

    page = pages.get(f"/u/{token}")
    assert AGAIN not in page.text
    said = "Vill du ha brevet igen? Det går inte att ordna här. Skriv till"
    assert f"<p>{said} {WRITE}</p>" in page.text
    undo = pages.get(f"/u/{token}/undo").text
    assert "Brevet skickas inte till dig av ett skäl som inte kan ändras här." in undo
    assert f"<p>Vill du ha det, skriv till {WRITE}</p>" in undo
    assert AGAIN not in undo


@pytest.mark.parametrize("reason", STRONGER)
def test_undo_that_was_offered_before_a_stronger_no_says_what_it_did(
    pages: Visited, reason: Reason
) -> None:
    token = pages.token(BO)
    assert "Ångra" in buttons(pages.post(f"/u/{token}"))
    kept_out(pages, BO, reason)

    page = pages.post(f"/u/{token}/undo")

    assert (page.status, heading(page)) == (200, "Du har ångrat dig, men brevet skickas inte")
    assert "men av ett annat skäl skickas brevet ändå inte till dig." in page.text
    assert f"<p>Vill du ha det, skriv till {WRITE}</p>" in page.text
    assert pages.lists(BO) == {"prenumeranter": "confirmed"}
    second = pages.post(f"/u/{token}/undo")
    assert (second.status, heading(second)) == (200, "Det går inte att ångra")


def test_undo_names_only_what_is_sent_again(pages: Visited) -> None:
    token = pages.token(KIM)
    pages.post(f"/u/{token}", {"all": "1"})
    kept_out(pages, KIM, Reason.COMPLAINED, "prenumeranter")

    for page in (pages.get(f"/u/{token}/undo"), pages.post(f"/u/{token}/undo")):
        assert "Exempelföreningens nyhetsbrev (Medlemmar) " in page.text
    assert buttons(pages.get(f"/u/{token}")) == ["Avsluta också det"]


def test_undo_is_not_offered_to_who_was_not_on_the_list(pages: Visited) -> None:
    token = pages.token(BO, "medlemmar")
    page = pages.post(f"/u/{token}")

    assert heading(page) == "Prenumerationen är avslutad"
    assert "Ångra" not in buttons(page)
    assert heading(pages.post(f"/u/{token}/undo")) == "Du har ångrat dig, men brevet skickas inte"
    assert pages.lists(BO) == {"prenumeranter": "confirmed"}


def test_who_has_come_back_by_herself_has_nothing_to_undo(pages: Visited) -> None:
    from smakom_mail.services.public.preferences import choose_lists

    token = pages.token(BO)
    pages.post(f"/u/{token}")
    with pages.store.database.transaction():
        choose_lists(
            pages.store, pages.who(BO), frozenset({"prenumeranter"}), "Ja", pages.site.act()
        )

    assert heading(pages.get(f"/u/{token}/undo")) == "Det finns inget att ångra"
    assert heading(pages.post(f"/u/{token}/undo")) == "Det finns inget att ångra"
    assert pages.lists(BO) == {"prenumeranter": "confirmed"}
