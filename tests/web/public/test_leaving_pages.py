"""A link for leaving: what it shows, what acts, and what changes nothing."""

import re

import pytest

from smakom_mail.store.leavings import Leaving, leavings_of
from smakom_mail.tokens import Keyring, make_token
from tests.web.public.visiting import BO, KIM, Answer, Visited

ONE_CLICK = b"List-Unsubscribe=One-Click"
BOUNDARY = "multipart/form-data; boundary=XX"
_PART = b'Content-Disposition: form-data; name="List-Unsubscribe"'
MULTIPART = b"--XX\r\n" + _PART + b"\r\n\r\nOne-Click\r\n--XX--\r\n"
UNDO = "Du kan ångra dig i 30 dagar med länken i brevet."


def leavings(pages: Visited) -> tuple[Leaving, ...]:
    """Give what is kept of how Bo left."""
    return leavings_of(pages.store.database, pages.who(BO).id)


def heading(answer: Answer) -> str:
    """Give the heading of a page."""
    found = re.search(r"<h1>(.*?)</h1>", answer.text, re.DOTALL)
    assert found, answer.text
    return found[1].strip()


def buttons(answer: Answer) -> list[str]:
    """Give the words on a page's buttons."""
    return re.findall(r"<button[^>]*>(.*?)</button>", answer.text)


def test_get_shows_the_masked_address_and_one_button(pages: Visited) -> None:
    page = pages.get(f"/u/{pages.token(KIM)}")

    assert (page.status, heading(page)) == (200, "Vill du avsluta prenumerationen?")
    assert buttons(page) == ["Avsluta prenumerationen"]
    assert '<strong class="address">k•••@k•••.se</strong>' in page.text
    assert KIM not in page.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize(
    "path", ["/u/{}", "/u/{}/undo", "/u/{}/why", "/u/{}?all=1&List-Unsubscribe=One-Click"]
)
def test_opening_a_link_changes_nothing(pages: Visited, method: str, path: str) -> None:
    token = pages.token(KIM)
    before = pages.contents()

    for purpose in ({}, {"purpose": "prefetch", "sec-purpose": "prefetch;prerender"}):
        pages.get(path.format(token), purpose, method)

    assert pages.contents() == before


def test_post_leaves_the_lists_of_the_link_and_says_so(pages: Visited) -> None:
    page = pages.post(f"/u/{pages.token(KIM)}", {"lang": "sv"})

    assert (page.status, heading(page)) == (200, "Prenumerationen är avslutad")
    assert pages.lists(KIM) == {"medlemmar": "confirmed", "prenumeranter": "left"}
    assert pages.lists(BO) == {"prenumeranter": "confirmed"}
    assert UNDO in page.text


def test_the_same_is_said_to_who_has_left_already(pages: Visited) -> None:
    token = pages.token(BO)
    first = pages.post(f"/u/{token}")
    before = pages.contents()
    second = pages.post(f"/u/{token}")

    assert second.body == first.body
    assert pages.contents() == before


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (ONE_CLICK, "application/x-www-form-urlencoded"),
        (ONE_CLICK, "application/x-www-form-urlencoded; charset=utf-8"),
        (MULTIPART, BOUNDARY),
        (MULTIPART.replace(b"XX", b"a b"), 'multipart/form-data; boundary="a b"'),
    ],
)
def test_one_click_is_answered_in_one_line(pages: Visited, body: bytes, kind: str) -> None:
    token = pages.token(BO)
    for _ in range(2):
        answer = pages.post(f"/u/{token}", body, {"origin": "https://mail.example"}, kind=kind)

        assert (answer.status, answer.text) == (200, "Unsubscribed.\n")
        assert "set-cookie" not in answer.headers
        assert "location" not in answer.headers
    assert pages.lists(BO) == {"prenumeranter": "left"}
    assert [left.how for left in leavings(pages)] == ["one-click"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"\xff\xfe%%%&&&=", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"--", BOUNDARY),
        (b"--XX\r\nno blank line", BOUNDARY),
        (b"x", "multipart/form-data"),
        (b"&".join(b"a=b" for _ in range(2000)), "application/x-www-form-urlencoded"),
    ],
)
def test_a_post_acts_whatever_its_body_says(pages: Visited, body: bytes, kind: str) -> None:
    assert pages.post(f"/u/{pages.token(BO)}", body, kind=kind).status == 200
    assert pages.lists(BO) == {"prenumeranter": "left"}


def test_undo_puts_back_what_the_link_changed(pages: Visited) -> None:
    token = pages.token(KIM)
    pages.post(f"/u/{token}", {"all": "1"})
    assert pages.lists(KIM) == {"medlemmar": "left", "prenumeranter": "left"}

    page = pages.post(f"/u/{token}/undo")

    assert heading(page) == "Du får brevet igen"
    assert pages.lists(KIM) == {"medlemmar": "confirmed", "prenumeranter": "confirmed"}
    assert heading(pages.get(f"/u/{token}")) == "Vill du avsluta prenumerationen?"


def test_undo_is_there_for_thirty_days_and_no_longer(pages: Visited) -> None:
    token = pages.token(BO)
    pages.post(f"/u/{token}")
    pages.clock.passes(days=29, hours=23)
    assert buttons(pages.get(f"/u/{token}")) == ["Ångra"]

    pages.clock.passes(hours=2)

    assert buttons(pages.get(f"/u/{token}")) == []
    assert heading(pages.post(f"/u/{token}/undo")) == "Det går inte att ångra"
    assert pages.lists(BO) == {"prenumeranter": "left"}


def test_who_has_not_left_is_asked_nothing_by_the_link_for_undoing(pages: Visited) -> None:
    page = pages.get(f"/u/{pages.token(BO)}/undo")

    assert (page.status, heading(page)) == (200, "Det finns inget att ångra")
    assert buttons(page) == []
    assert "Prenumerationen är inte avslutad. Du får breven som förut." in page.text
    pages.post(f"/u/{pages.token(BO)}")
    assert heading(pages.get(f"/u/{pages.token(BO)}/undo")) == "Vill du ha brevet igen?"


def test_the_page_after_leaving_names_what_is_left_and_leaves_that_too(pages: Visited) -> None:
    token = pages.token(KIM)
    page = pages.post(f"/u/{token}")
    assert "<li>Medlemmar</li>" in page.text
    assert 'name="all" value="1"' in page.text

    assert "<li>Medlemmar</li>" not in pages.post(f"/u/{token}", {"all": "1"}).text
    assert pages.lists(KIM) == {"medlemmar": "left", "prenumeranter": "left"}


def test_who_has_left_everything_is_told_that_nothing_is_sent(pages: Visited) -> None:
    token = pages.token(KIM)
    pages.post(f"/u/{token}")
    page = pages.post(f"/u/{token}", {"all": "1"})

    assert "Inga nyhetsbrev från Exempelföreningen skickas längre till <strong" in page.text
    assert "Prenumeranter" not in page.text
    opened = pages.get(f"/u/{token}")
    assert "Inga nyhetsbrev från Exempelföreningen skickas till <strong" in opened.text
    assert buttons(opened) == ["Ångra"]
    undo = pages.get(f"/u/{token}/undo")
    assert "Då skickas Exempelföreningens nyhetsbrev (Prenumeranter, Medlemmar) som" in undo.text


def test_who_has_left_one_of_several_can_leave_the_rest_another_day(pages: Visited) -> None:
    token = pages.token(KIM)
    assert buttons(pages.get(f"/u/{token}")) == ["Avsluta prenumerationen"]
    pages.post(f"/u/{token}")
    for days in (1, 40):
        pages.clock.passes(days=days)
        page = pages.get(f"/u/{token}")
        assert "<li>Medlemmar</li>" in page.text
        assert buttons(page)[-1] == "Avsluta också det"

    pages.post(f"/u/{token}", {"all": "1"})
    assert pages.lists(KIM) == {"medlemmar": "left", "prenumeranter": "left"}
    assert "Avsluta också det" not in buttons(pages.get(f"/u/{token}"))


def test_why_is_asked_and_never_demanded(pages: Visited) -> None:
    token = pages.token(BO)
    pages.post(f"/u/{token}")

    assert heading(pages.post(f"/u/{token}/why", {})) == "Tack för svaret"
    pages.post(f"/u/{token}/why", {"why": "<script>"})
    assert [left.why for left in leavings(pages)] == [""]

    pages.post(f"/u/{token}/why", {"why": "too-often"})
    assert [left.why for left in leavings(pages)] == ["too-often"]


def test_a_token_that_is_not_ours_is_told_so_and_does_nothing(pages: Visited) -> None:
    token = pages.token(BO)
    foreign = make_token(Keyring((b"x" * 32,)), "unsubscribe", b"12345678", b"123")
    others = [
        token[:-1],
        token + "A",
        token[1:],
        token.swapcase(),
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        foreign,
        pages.token(BO, purpose="confirm"),
        pages.token(BO, purpose="preferences"),
        "A" * 36,
        "é" * 36,
        "%00",
    ]
    before = pages.contents()

    for each in others:
        for path in (f"/u/{each}", f"/u/{each}/undo", f"/u/{each}/why"):
            assert pages.get(path).status == 404
            assert pages.post(path).status == 404
        assert pages.post(f"/u/{each}", ONE_CLICK).text == "This is no link of ours.\n"
    assert pages.contents() == before


def test_every_fault_of_a_token_is_answered_alike(pages: Visited) -> None:
    token = pages.token(BO)
    foreign = make_token(Keyring((b"x" * 32,)), "unsubscribe", b"12345678", b"123")
    answers = {
        pages.get(f"/u/{each}").text.replace(each, "…") for each in (token[:-1], foreign, "x" * 36)
    }

    assert len(answers) == 1


def test_a_link_that_does_not_work_leads_to_a_new_one_and_to_somebody(pages: Visited) -> None:
    page = pages.get(f"/u/{pages.token(BO)[:-1]}")

    assert heading(page) == "Länken fungerar inte"
    assert 'class="button" href="/preferences">Be om en ny länk</a>' in page.text
    assert (
        "<p>Vill du avsluta kan du också svara på brevet eller skriva till "
        '<a href="mailto:kansli@forening.example">kansli@forening.example</a></p>'
    ) in page.text


def test_a_forgotten_reader_is_answered_like_any_other(pages: Visited) -> None:
    from smakom_mail.store.erasing import forget

    token = pages.token(BO)
    forget(pages.store.database, pages.store.journal, pages.who(BO).id, pages.site.act())
    page = pages.post(f"/u/{token}")

    assert (page.status, heading(page)) == (200, "Prenumerationen är avslutad")
    assert pages.post(f"/u/{token}", ONE_CLICK).text == "Unsubscribed.\n"


def test_a_forgotten_reader_is_offered_no_undo_and_not_asked_why(pages: Visited) -> None:
    from smakom_mail.store.erasing import forget

    token = pages.token(BO)
    pages.post(f"/u/{token}")
    forget(pages.store.database, pages.store.journal, pages.who(BO).id, pages.site.act())
    page = pages.post(f"/u/{token}")

    assert buttons(page) == []
    assert UNDO not in page.text
    assert "Får vi fråga varför?" not in page.text


def test_why_is_not_asked_where_no_answer_would_be_kept(pages: Visited) -> None:
    token = pages.token(BO)
    pages.post(f"/u/{token}")
    pages.clock.passes(days=31)

    page = pages.post(f"/u/{token}")

    assert heading(page) == "Prenumerationen är avslutad"
    assert buttons(page) == []


def test_pages_of_tokens_are_kept_out_of_caches_and_search_engines(pages: Visited) -> None:
    page = pages.get(f"/u/{pages.token(BO)}")

    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


def test_english_where_the_browser_prefers_it_and_the_answer_is_in_the_same(pages: Visited) -> None:
    token = pages.token(BO)
    page = pages.get(f"/u/{token}", {"accept-language": "en-GB,en;q=0.9,sv;q=0.5"})
    assert (heading(page), page.headers["content-language"]) == (
        "Do you want to unsubscribe?",
        "en",
    )
    assert '<input type="hidden" name="lang" value="en">' in page.text

    answer = pages.post(f"/u/{token}", {"lang": "en"}, {"accept-language": "sv"})
    assert heading(answer) == "You have unsubscribed"
