"""What is kept of who left by a link."""

from smakom_mail.services.public.leaving import leave, say_why, undo_leaving
from smakom_mail.store.invariants import problems
from smakom_mail.store.leavings import leavings_of
from tests.web.public.visiting import BO, KIM, Visited


def kept(pages: Visited, email: str) -> list[tuple[str, str, str, str]]:
    """Give somebody's leavings: the list, how, why, and when it was taken back."""
    found = leavings_of(pages.store.database, pages.who(email).id)
    return [(left.list_slug, left.how, left.why, left.undone_at) for left in found]


def test_each_list_that_was_left_is_kept_with_how_and_why(pages: Visited) -> None:
    token = pages.token(KIM)
    act = pages.site.act()
    with pages.store.database.transaction():
        leave(pages.store, pages.token(BO), "mail", act)
        leave(pages.store, token, "one-click", act, everything=True)
        say_why(pages.store, token, "never-asked", act)

    assert kept(pages, BO) == [("prenumeranter", "mail", "", "")]
    assert kept(pages, KIM) == [
        ("", "one-click", "never-asked", ""),
        ("medlemmar", "one-click", "never-asked", ""),
        ("prenumeranter", "one-click", "never-asked", ""),
    ]


def test_what_was_taken_back_is_kept_as_that(pages: Visited) -> None:
    with pages.store.database.transaction():
        leave(pages.store, pages.token(BO), "page", pages.site.act())
    act = pages.site.act()
    with pages.store.database.transaction():
        assert undo_leaving(pages.store, pages.token(BO), act)

    assert kept(pages, BO) == [("prenumeranter", "page", "", act.at)]
    assert list(problems(pages.store.database, pages.store.journal)) == []


def test_undo_does_not_touch_a_no_that_the_editor_wrote_before(pages: Visited) -> None:
    from smakom_mail.services.subscribing.leaving import unsubscribe

    unsubscribe(pages.store, BO, (), pages.site.act())
    with pages.store.database.transaction():
        leave(pages.store, pages.token(BO), "page", pages.site.act())
    with pages.store.database.transaction():
        undo_leaving(pages.store, pages.token(BO), pages.site.act())

    from smakom_mail.services.subscribing.finding import find

    assert [no.list_slug for no in find(pages.store, BO).standing] == [""]


def test_a_forgotten_reader_leaves_no_leaving_behind(pages: Visited) -> None:
    from smakom_mail.services.subscribing.leaving import forget_subscriber

    with pages.store.database.transaction():
        leave(pages.store, pages.token(BO), "page", pages.site.act())
    forget_subscriber(pages.store, BO, pages.site.act())

    assert pages.contents()["leavings"] == []
    assert list(problems(pages.store.database, pages.store.journal)) == []
