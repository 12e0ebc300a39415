"""What an editor can learn of who left by a link."""

from smakom_mail.services.public.leaving import leave, say_why, undo_leaving
from smakom_mail.store.invariants import problems
from smakom_mail.store.leavings import leavings_since
from tests.web.public.visiting import BO, KIM, Visited


def test_who_left_why_and_whether_it_was_a_desk(pages: Visited) -> None:
    token = pages.token(KIM)
    act = pages.site.act()
    with pages.store.database.transaction():
        leave(pages.store, pages.token(BO), "mail", act)
        leave(pages.store, token, "one-click", act, everything=True)
        say_why(pages.store, token, "never-asked", act)

    assert [
        (k.email, k.leaving.list_slug, k.leaving.how, k.leaving.why, k.role)
        for k in leavings_since(pages.store.database, "")
    ] == [
        (BO, "prenumeranter", "mail", "", False),
        (KIM, "", "one-click", "never-asked", False),
        (KIM, "medlemmar", "one-click", "never-asked", False),
        (KIM, "prenumeranter", "one-click", "never-asked", False),
    ]


def test_what_was_taken_back_is_not_told(pages: Visited) -> None:
    with pages.store.database.transaction():
        leave(pages.store, pages.token(BO), "page", pages.site.act())
    with pages.store.database.transaction():
        assert undo_leaving(pages.store, pages.token(BO), pages.site.act())

    assert list(leavings_since(pages.store.database, "")) == []
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
