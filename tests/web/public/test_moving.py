"""A new address from one's own page: few are asked, nobody is given away, the old one is over."""

from contextlib import suppress

import pytest

from smakom_mail.model.person import Reason
from smakom_mail.services.letters.holding import held_groups
from smakom_mail.services.subscribing.leaving import unsubscribe
from smakom_mail.services.subscribing.typed import SubscriberError
from tests.web.public.test_leaving_pages import heading
from tests.web.public.test_own_page import NEW, decided
from tests.web.public.visiting import BO, KIM, Visited


@pytest.mark.parametrize("reason", [None, "unsubscribed", "complained"])
def test_what_is_held_of_her_tells_nothing_of_another_address(
    pages: Visited, reason: str | None
) -> None:
    told = []
    for other in (BO, "ingen-alls@kommun.se"):
        if reason:
            with suppress(SubscriberError):
                unsubscribe(pages.store, BO, (), pages.site.act(), reason=Reason(reason))
        pages.post(pages.page(KIM), {"do": "address", "email": other})
        decided(pages, other)
        pages.post(pages.page(KIM), {"do": "holdings"})
        [*_, letter] = [each for each in pages.letters(KIM) if each.kind == "holdings"]
        told.append(str(held_groups(pages.store, letter, "sv")).count(other))

    assert told[0] == told[1] == 1  # that she asked


def test_her_own_address_is_no_new_one(pages: Visited) -> None:
    answer = pages.post(pages.page(KIM), {"do": "address", "email": KIM.upper()})

    assert (answer.status, "Det är redan din adress." in answer.text) == (422, True)
    assert pages.letters(KIM) == []


def test_one_reader_cannot_have_letters_sent_to_many_addresses(pages: Visited) -> None:
    page = pages.page(KIM)

    answers = [
        pages.post(page, {"do": "address", "email": f"a{n}@b{n}.se"}).status for n in range(7)
    ]

    assert answers == [200] * 5 + [422] * 2
    many = pages.post(page, {"do": "address", "email": "a@b.se"})
    assert "Många byten har begärts på kort tid." in many.text
    assert [len(pages.letters(f"a{n}@b{n}.se")) for n in range(7)] == [1] * 5 + [0] * 2
    assert pages.post(pages.page(BO), {"do": "address", "email": "a@b.se"}).status == 200


def moved(pages: Visited, page: str, email: str) -> None:
    """Let a page's reader move to another address, a little later."""
    pages.clock.passes(seconds=1)
    pages.post(page, {"do": "address", "email": email})
    letter = decided(pages, email)
    assert letter is not None
    assert heading(pages.post(f"/confirm/{letter.token}")) == "Adressen är bytt"


def test_a_link_that_went_to_an_address_of_before_opens_nothing(pages: Visited) -> None:
    """Who leaves a work changes address; somebody else reads the old mailbox then."""
    before = pages.page(KIM)
    moved(pages, before, NEW)

    assert heading(pages.get(before)) == "Länken öppnar ingen sida"
    assert pages.post(before, {"do": "address", "email": KIM}).status == 404
    assert heading(pages.get(pages.page(NEW))) == "Din prenumeration"
    moved(pages, pages.page(NEW), KIM)
    assert heading(pages.get(before)) == "Länken öppnar ingen sida"


@pytest.mark.parametrize("asked", ["address", "erasure"])
def test_what_was_asked_for_before_a_move_is_not_to_be_confirmed_after_it(
    pages: Visited, asked: str
) -> None:
    page = pages.page(KIM)
    pages.post(page, {"do": asked, "email": "annan@kommun.se"})
    [waiting] = pages.letters("annan@kommun.se" if asked == "address" else KIM)
    moved(pages, page, NEW)

    assert pages.get(f"/confirm/{waiting.token}").status == 404
    assert pages.post(f"/confirm/{waiting.token}").status == 404
    assert pages.who(NEW).email == NEW
