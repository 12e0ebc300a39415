"""Lists of people, one person's record, organisations, and what is kept too long."""

import datetime as dt
from pathlib import Path

import pytest

from smakom_mail.model.person import Reason
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.adding import Details, edit_subscriber
from smakom_mail.services.subscribing.inviting import invite
from smakom_mail.services.subscribing.leaving import forget_subscriber, unsubscribe
from smakom_mail.services.subscribing.listing import Listed, list_people
from smakom_mail.services.subscribing.organisations import Organisation, list_organisations
from smakom_mail.services.subscribing.retaining import Retention, months_before, retain
from smakom_mail.services.subscribing.showing import show_subscriber
from smakom_mail.services.subscribing.typed import SubscriberError
from tests.services.subscribing.keeping import (
    ACT,
    NOW,
    added,
    imported,
    later,
    planned,
    standing,
)


def shown(store: Store, selection: str = "", **filters: str) -> list[str]:
    """List people in a few words."""
    return [
        f"{each.name or each.email} {each.state}{f' {each.why}' if each.why else ''}"
        for each in list_people(store, selection, **filters)
    ]


@pytest.fixture
def peopled(store: Store) -> Store:
    """Let one person of each standing be there."""
    for name, organisation in (
        ("Örjan", "Åmål"),
        ("Ärla", "Åmål"),
        ("Åsa", "Åmåls kommun"),
        ("Zoë", "Ängelholm"),
        ("Bo", ""),
    ):
        added(
            store, f"{name.encode('punycode').decode()[:2]}@example.se", "medlemmar",
            name=name, organisation=organisation,
        )  # fmt: skip
    emails = {each.name: each.email for each in list_people(store)}
    unsubscribe(store, emails["Örjan"], (), later(hours=1))
    unsubscribe(store, emails["Ärla"], (), later(hours=1), Reason.BOUNCED)
    invite(store, "ny@example.se", ("press",), later(hours=1))
    forget_subscriber(store, emails["Bo"], later(hours=1))
    return store


def test_people_are_listed_as_swedes_sort_them_with_their_standing(peopled: Store) -> None:
    assert shown(peopled) == [
        "ny@example.se unconfirmed",
        "Zoë subscribed",
        "Åsa subscribed",
        "Ärla suppressed bounced",
        "Örjan unsubscribed",
    ]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"selection": "list:press"}, ["ny@example.se unconfirmed"]),
        ({"selection": "organisation:ängelholm"}, ["Zoë subscribed"]),
        ({"state": "unsubscribed"}, ["Örjan unsubscribed"]),
        ({"state": "subscribed", "search": "ÅMÅL"}, ["Åsa subscribed"]),
        ({"search": "NY@"}, ["ny@example.se unconfirmed"]),
        ({"search": "a\u030asa"}, ["Åsa subscribed"]),
        ({"search": "%"}, []),
    ],
)
def test_a_list_is_narrowed_down(
    peopled: Store, filters: dict[str, str], expected: list[str]
) -> None:
    assert shown(peopled, **filters) == expected


def test_of_the_forgotten_there_is_only_the_day(peopled: Store) -> None:
    assert list(list_people(peopled, state="forgotten")) == [
        Listed("", "", "", "", (), "forgotten", "", (), later(hours=1).at)
    ]


def test_a_selection_that_is_not_understood_is_refused(store: Store) -> None:
    with pytest.raises(SubscriberError) as error:
        list_people(store, "list:medlemar")

    assert error.value.message == (
        "the selection is not understood: character 6: there is no list:medlemar; "
        "did you mean list:medlemmar?"
    )


def test_a_record_holds_every_change_with_who_and_when(store: Store) -> None:
    added(store, "anna@example.se", name="Anna")
    edit_subscriber(store, "anna@example.se", Details(name="Anna Berg"), later(hours=1), NOW)
    unsubscribe(store, "anna@example.se", ("medlemmar",), later(hours=2))

    record = show_subscriber(store, "ANNA@example.se")

    assert [(e.at, e.actor, e.what, e.old, e.new) for e in record.history] == [
        (ACT.at, "kim", "added", "", ""),
        (ACT.at, "kim", "list medlemmar", "", "confirmed"),
        (ACT.at, "kim", "basis medlemmar", "", "consent"),
        (later(hours=1).at, "kim", "name", "Anna", "Anna Berg"),
        (later(hours=2).at, "kim", "no medlemmar", "", "unsubscribed"),
        (later(hours=2).at, "kim", "list medlemmar", "confirmed", "left"),
    ]
    assert [(no.list_slug, no.reason) for no in record.noes] == [("medlemmar", "unsubscribed")]


def test_nothing_is_shown_of_whom_nothing_is_held(store: Store) -> None:
    with pytest.raises(SubscriberError, match=r"^nothing is held of this address$"):
        show_subscriber(store, "anna@example.se")
    unsubscribe(store, "anna@example.se", (), ACT)
    assert show_subscriber(store, "anna@example.se").person is None


def test_organisations_are_counted_with_their_working_addresses(peopled: Store) -> None:
    found = list_organisations(peopled)

    assert found.organisations == (
        Organisation("Åmål", 3, 1, None),
        Organisation("Ängelholm", 1, 1, None),
    )
    assert found.without == (1, 0)
    assert found.unreached == ()


@pytest.mark.parametrize(
    "text",
    [
        "Kommun;Län\nÅmål;Västra Götaland\nÄngelholms kommun;Skåne\nÖrebro;Örebro\n",
        "kommun,län\r\nåmål,\r\nÄngelholm,\r\nÖrebro,\r\n",
        "Åmål\nÄngelholm\n\nÖrebro\nÖrebro\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_members_without_a_working_address_are_named(
    peopled: Store, tmp_path: Path, text: str, encoding: str
) -> None:
    members = tmp_path / "members.csv"
    members.write_bytes(text.encode(encoding))
    unsubscribe(peopled, "Zo@example.se", (), later(hours=2))

    found = list_organisations(peopled, members)

    assert [(each.member, each.addresses, each.working) for each in found.organisations] == [
        (True, 3, 1),
        (True, 1, 0),
        (True, 0, 0),
    ]
    assert [name.removesuffix("s kommun") for name in found.unreached] == ["Ängelholm", "Örebro"]


def test_who_is_no_member_is_seen(peopled: Store, tmp_path: Path) -> None:
    members = tmp_path / "members.csv"
    members.write_text("kommun\nÅmål\n", encoding="utf-8")

    found = list_organisations(peopled, members)

    assert [(each.name, each.member) for each in found.organisations] == [
        ("Åmål", True),
        ("Ängelholm", False),
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "No such file or directory"),
        (b"", "the file is empty"),
        ("Åmål".encode("utf-16"), "the file is saved as Unicode text (UTF-16): save it anew in"),
        (b"a\nb\0c", "row 2 holds empty bytes (NUL): the file is damaged, or no table. Save it"),
        (b"x" * 1_000_001, "the file has"),
    ],
)
def test_a_list_of_members_that_is_none_is_refused(
    store: Store, tmp_path: Path, data: bytes | None, message: str
) -> None:
    members = tmp_path / "members.csv"
    if data is not None:
        members.write_bytes(data)

    with pytest.raises(SubscriberError) as error:
        list_organisations(store, members)

    assert error.value.message.startswith(
        f"the list of members {members} cannot be read: {message}"
    )


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-11-21", 24, "2024-11-21"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-01-15", 100_000, "0001-01-01"),
    ],
)
def test_months_are_counted_by_the_calendar(day: str, months: int, expected: str) -> None:
    now = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")

    assert months_before(now, months).date().isoformat() == expected


def kept(store: Store, *, apply: bool, **ago: int) -> Retention:
    """Look at retention so much later than everything was done."""
    return retain(store, later(**ago), NOW + dt.timedelta(**ago), apply=apply)


def test_what_no_list_reaches_for_24_months_is_named(peopled: Store) -> None:
    early = kept(peopled, apply=False, days=731)
    found = kept(peopled, apply=False, days=732)

    assert (early.count, early.months) == (0, 24)
    assert [(each.why, each.since) for each in found.people] == [
        ("unconfirmed", later(hours=1).at),
        ("suppressed (bounced)", later(hours=1).at),
        ("unsubscribed", later(hours=1).at),
    ]
    assert len(shown(peopled)) == 5


def test_retention_forgets_them_and_nobody_else(peopled: Store) -> None:
    done = kept(peopled, apply=True, days=732)

    assert (done.count, done.applied, done.complete) == (3, True, True)
    assert shown(peopled) == ["Zoë subscribed", "Åsa subscribed"]
    assert standing(peopled, "ny@example.se") == {"no *": "forgotten"}
    assert imported(peopled, "email\nny@example.se\n").suppressed == 1
    assert kept(peopled, apply=True, days=732).count == 0


def test_whoever_left_one_list_lately_is_kept(store: Store) -> None:
    added(store, "anna@example.se", "medlemmar", "press")
    unsubscribe(store, "anna@example.se", ("medlemmar",), later(hours=1))
    assert kept(store, apply=False, days=900).count == 0

    unsubscribe(store, "anna@example.se", ("press",), later(days=800))

    assert kept(store, apply=False, days=900).count == 0
    assert planned(store) == []
