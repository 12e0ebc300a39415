"""Who of a campaign's recipients left since it began: counted, and those to look at by name."""

from dataclasses import replace
from pathlib import Path

import pytest

from smakom_mail.model.campaign import Kind
from smakom_mail.model.delivery import Event
from smakom_mail.model.person import Act
from smakom_mail.services.public.leaving import leave_by_link, undo_leaving
from smakom_mail.services.sending import leaving_report
from smakom_mail.services.sending.leaving_report import Leavings, RoleLeft, is_odd
from smakom_mail.services.sending.reporting import open_report
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.finding import find, find_here, look_up
from smakom_mail.services.subscribing.inviting import Yes, take_yes
from smakom_mail.services.subscribing.leaving import forget_subscriber, unsubscribe
from smakom_mail.store.leavers import DomainLeavings
from smakom_mail.store.leavings import How
from smakom_mail.store.lists import scope_code
from smakom_mail.tokens import make_token
from tests.services.receiving import EDITION, add, newsletter, opened, person
from tests.services.sending.underway import came_to, planned

BEFORE = "2024-04-30T08:00:00.000+00:00"
AFTER = "2024-05-02T08:00:00.000+00:00"
LATER = "2024-05-03T08:00:00.000+00:00"
DESK = "registrator@kommun.example"
ROLES = {"registrator", "info"}
BOTH = ("prenumeranter", "medlemmar")
EVERY = ("",)
Lists = tuple[str, ...]


def sent(folder: Path, *emails: str, kind: Kind = Kind.CAMPAIGN) -> Store:
    """Send the edition to these, who are on both lists; give the open store."""
    root = newsletter(folder)
    store = opened(root)
    for email in emails:
        reader = person(store, email, *BOTH, organisation="Exempelby kommun")
        flags = ("role",) if local(email) in ROLES else ()
        add(store, replace(reader, flags=flags))
    came_to(store, planned(root, store, kind), dict.fromkeys(map(local, emails), Event.ACCEPT))
    return store


def local(email: str) -> str:
    """Give what stands before the @."""
    return email.partition("@")[0]


def left(
    store: Store, email: str, how: How = "one-click", at: str = AFTER, lists: Lists = EVERY
) -> None:
    """Let somebody leave by a link."""
    _, someone = find_here(store, email)
    with store.database.transaction():
        leave_by_link(store, someone, lists, how, Act(at, "reader"))


def told(store: Store, kind: Kind = Kind.CAMPAIGN) -> Leavings:
    """Give what the report of the edition says of who left."""
    with open_report(store, EDITION, kind) as found:
        return found.leavings


def test_everybody_who_left_is_counted_once_by_the_way_that_was_the_first(tmp_path: Path) -> None:
    with sent(tmp_path / "brev", *(f"{name}@a.example" for name in "abcdef")) as store:
        left(store, "a@a.example", "one-click")
        left(store, "b@a.example", "mail")
        left(store, "c@a.example", "mail", lists=("medlemmar",))
        left(store, "c@a.example", "page", LATER)

        found = told(store)

    assert (found.total, found.by_how) == (3, {"one-click": 1, "page": 0, "mail": 2})
    assert found.role_addresses == ()


def test_a_role_address_is_named_with_when_how_and_which_list(tmp_path: Path) -> None:
    with sent(tmp_path / "brev", DESK, "info@b.example", "bo@a.example") as store:
        left(store, DESK, "one-click", lists=("prenumeranter",))
        left(store, "info@b.example", "page", LATER)
        left(store, "bo@a.example")

        found = told(store)

    assert found.role_addresses == (
        RoleLeft(DESK, "Exempelby kommun", AFTER, "one-click", "", ("prenumeranter",)),
        RoleLeft("info@b.example", "Exempelby kommun", LATER, "page", "", ("",)),
    )


def test_who_is_no_recipient_or_left_before_is_not_counted(tmp_path: Path) -> None:
    with sent(tmp_path / "brev", DESK, "bo@a.example") as store:
        add(store, person(store, "info@b.example", "medlemmar"))
        left(store, "info@b.example")
        left(store, DESK, at=BEFORE, lists=("medlemmar",))

        assert told(store) == Leavings({"one-click": 0, "page": 0, "mail": 0})


def test_an_unsubscription_that_the_editor_wrote_is_no_leaving(tmp_path: Path) -> None:
    with sent(tmp_path / "brev", DESK) as store:
        unsubscribe(store, DESK, (), Act(AFTER, "kansliet"))

        assert told(store).total == 0


def test_who_took_it_back_has_not_left(tmp_path: Path) -> None:
    with sent(tmp_path / "brev", DESK) as store:
        left(store, DESK)
        _, desk = find_here(store, DESK)
        with store.database.transaction():
            code = scope_code(store.database, ("prenumeranter",))
            token = make_token(store.keyring, "unsubscribe", bytes.fromhex(desk.ref), code)
            assert undo_leaving(store, token, Act(LATER, "reader"))

        assert told(store).total == 0


def test_who_came_back_to_a_list_has_left_only_the_others(tmp_path: Path) -> None:
    with sent(tmp_path / "brev", DESK) as store:
        left(store, DESK)
        found = find(store, DESK)
        assert found.person is not None
        with store.database.transaction():
            yes, act = Yes("webb", "Ja tack."), Act(LATER, "reader")
            take_yes(
                store,
                look_up(store, found.address),
                found.person.id,
                ("prenumeranter",),
                yes=yes,
                act=act,
            )

        assert [each.lists for each in told(store).role_addresses] == [("medlemmar",)]


def test_who_was_forgotten_is_counted_nowhere(tmp_path: Path) -> None:
    with sent(tmp_path / "brev", DESK, "bo@kommun.example", "cia@kommun.example") as store:
        for email in (DESK, "bo@kommun.example", "cia@kommun.example"):
            left(store, email)
        forget_subscriber(store, DESK, Act(LATER, "kansliet"))

        found = told(store)

    assert (found.total, found.role_addresses, found.domains) == (2, (), ())


def test_a_rehearsal_made_nobody_leave(tmp_path: Path) -> None:
    with sent(tmp_path / "brev", DESK, kind=Kind.REHEARSAL) as store:
        left(store, DESK)

        assert told(store, Kind.REHEARSAL).total == 0


@pytest.mark.parametrize(
    ("leaving", "recipients", "odd"),
    [(2, 2, False), (3, 14, True), (3, 15, False), (4, 15, True), (3, 3, True), (20, 100, False)],
)
def test_a_domain_is_odd_where_three_left_who_are_more_than_a_fifth(
    leaving: int, recipients: int, *, odd: bool
) -> None:
    assert is_odd(DomainLeavings("kommun.example", leaving, recipients)) is odd


def test_domains_are_told_with_how_many_of_their_recipients_left(tmp_path: Path) -> None:
    def people(number: int, domain: str) -> list[str]:
        return [f"p{n}@{domain}" for n in range(number)]

    small, large = people(8, "kommun.example"), people(30, "mejl.example")
    sub = people(4, "post.kommun.example")
    with sent(tmp_path / "brev", *small, *large, *sub) as store:
        for email in (*small[:3], *large[:6], *sub):
            left(store, email)

        found = told(store)

    assert found.total == 13
    assert found.domains == (
        DomainLeavings("post.kommun.example", 4, 4),
        DomainLeavings("kommun.example", 3, 8),
    )


def test_beyond_a_thousand_names_the_rest_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving_report, "MOST", 2)
    desks = [f"info@k{n}.example" for n in range(5)]
    with sent(tmp_path / "brev", *desks) as store:
        for desk in desks:
            left(store, desk)

        found = told(store)

    assert (len(found.role_addresses), found.more_role_addresses) == (2, 3)
