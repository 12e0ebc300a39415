"""What mail programs make of links in plain text: what stands behind one is no part of it."""

import pytest

from smakom_mail.web.public.guard import shown_path
from tests.web.public.test_leaving_pages import ONE_CLICK
from tests.web.public.test_signing_pages import NEW, letter_to, sign_up
from tests.web.public.visiting import BO, Visited

KINDS = ("u", "confirm", "preferences")
TAILS = ("/", ".", ",", ")", ">", " ", "\u00a0", ").", ">;", "”", "…", "/.", "\n")


@pytest.mark.parametrize("tail", TAILS)
def test_what_was_taken_for_a_part_of_a_link_does_not_break_it(pages: Visited, tail: str) -> None:
    path = f"/u/{pages.token(BO)}"
    for known in (path, pages.page(BO)):
        page = pages.asked("GET", known + tail, {}, b"")
        assert (page.status, page.body) == (200, pages.get(known).body)

    answer = pages.asked("POST", path + tail, {"content-length": "9" * 40}, ONE_CLICK)

    assert (answer.status, pages.lists(BO)) == (200, {"prenumeranter": "left"})
    assert pages.post(f"{path}/undo{tail}").status == 200
    assert pages.lists(BO) == {"prenumeranter": "confirmed"}
    assert {line.split()[1] for line in pages.log} == {"/u/…", "/preferences/…"}


def test_one_click_is_answered_in_one_line_there_too(pages: Visited) -> None:
    answer = pages.post(f"/u/{pages.token(BO)}/", ONE_CLICK)

    assert (answer.status, answer.text) == (200, "Unsubscribed.\n")


def test_a_link_to_confirm_works_with_what_stood_behind_it(pages: Visited) -> None:
    sign_up(pages, NEW)
    path = f"/confirm/{letter_to(pages, NEW).token}"

    assert pages.get(path).status == 200
    assert pages.get(f"{path}).").body == pages.get(path).body


@pytest.mark.parametrize("path", ["/u/", "/u/.", "/u//", "/confirm/)", "/preferences/.."])
def test_where_no_token_would_be_left_nothing_is_taken_off(pages: Visited, path: str) -> None:
    assert pages.get(path).status == 404


@pytest.mark.parametrize("tail", ["A", "-", "_", ").A", "\u00e9A"])
def test_what_may_stand_in_a_token_is_never_taken_off(pages: Visited, tail: str) -> None:
    assert pages.post(f"/u/{pages.token(BO)}{tail}").status == 404
    assert pages.lists(BO) == {"prenumeranter": "confirmed"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tail", TAILS)
def test_the_log_masks_a_token_whatever_stands_behind_it(kind: str, tail: str) -> None:
    assert shown_path(f"/{kind}/{'A' * 36}{tail}") == f"/{kind}/…"
