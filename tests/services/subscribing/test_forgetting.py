"""After an erasure no byte of the person is left in any file of ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.adding import Details, edit_subscriber
from smakom_mail.services.subscribing.exporting import export_people, new_file, write_json
from smakom_mail.services.subscribing.inviting import invite
from smakom_mail.services.subscribing.leaving import forget_subscriber, unsubscribe
from smakom_mail.services.subscribing.showing import Shown, show_subscriber
from smakom_mail.services.subscribing.typed import SubscriberError
from smakom_mail.store.backup import back_up
from smakom_mail.store.letter_states import all_letters
from smakom_mail.store.letters import Letter, add_letter
from smakom_mail.store.requests import Request, add_request
from tests.services.subscribing.keeping import (
    CONSENT,
    NOW,
    added,
    counts,
    imported,
    later,
    opened,
    planned,
)

EMAIL = "zebrafinken@kanarie.example.se"
OLD = "undulaten@kanarie.example.se"
NAME = "Zebra Fink"
TRACES = tuple(
    text.encode(coding)
    for text in (EMAIL, OLD, NAME, "zebra", "Zebra", "undulat", "kanarie", "Kanariefåglarna")
    for coding in ("utf-8", "utf-16-le")
)


def traces(root: Path) -> list[str]:
    """List every file below `root` that holds a trace, with the trace."""
    return [
        f"{path.relative_to(root)}: {trace!r}"
        for path in sorted(root.rglob("*"))
        if path.is_file()
        for trace in TRACES
        if trace in path.read_bytes()
    ]


def filled(store: Store) -> None:
    """Let somebody live a full life among 600 others."""
    imported(store, "email,name\n" + "".join(f"p{n}@example.se,Nr {n}\n" for n in range(600)))
    added(store, OLD, name="Undulat", organisation="Kanariefåglarna", tags=("zebra",))  # type: ignore[arg-type] # a tuple of tags
    details = Details(email=EMAIL, name=NAME, lists=("press",), ground=CONSENT, tags=("zebror",))
    edit_subscriber(store, OLD, details, later(hours=1), NOW)
    imported(store, f"email,name,kommun\n{EMAIL},{NAME}sson,Kanariefåglarna\n")
    unsubscribe(store, EMAIL, ("press",), later(hours=2))
    invite(store, EMAIL, ("press",), later(hours=3))


def test_the_test_sees_traces(store: Store) -> None:
    filled(store)

    assert traces(store.workplace.root) != []


def test_no_trace_is_left_in_any_file(store: Store) -> None:
    filled(store)

    done = forget_subscriber(store, EMAIL, later(hours=4))

    root = store.workplace.root
    with new_file(root / "export.json", replace=False) as target:
        write_json(export_people(store), target)
    back_up(store.database, root / "var" / "after.db")
    assert (done.now, done.complete) == (True, True)
    assert traces(root) == []
    assert len(planned(store)) == 600
    store.close()
    assert traces(root) == []


def test_what_another_reader_held_up_is_taken_away_at_the_next_opening(tmp_path: Path) -> None:
    root = tmp_path / "project"
    with opened(root) as store, opened(root) as reader:
        filled(store)
        with reader.database.snapshot():
            assert reader.database.one("SELECT COUNT(*) FROM subscribers")
            done = forget_subscriber(store, EMAIL, later(hours=4))
    assert not done.complete
    with opened(root):
        assert traces(root) == []


def test_what_stays_says_no_and_nothing_else(store: Store) -> None:
    filled(store)
    forget_subscriber(store, EMAIL, later(hours=4))

    assert show_subscriber(store, EMAIL) == Shown(None, (), (), later(hours=4).at)
    done = imported(store, f"email\n{EMAIL}\n{OLD}\np1@example.se\n")
    assert counts(done) == {"unchanged": 1, "suppressed": 2}


def test_forgetting_twice_says_when_it_was(store: Store) -> None:
    added(store, EMAIL)
    forget_subscriber(store, EMAIL, later(hours=1))

    again = forget_subscriber(store, EMAIL, later(hours=2))

    assert (again.at, again.now) == (later(hours=1).at, False)


def test_what_is_not_held_cannot_be_forgotten(store: Store) -> None:
    unsubscribe(store, OLD, (), later(hours=1))

    with pytest.raises(SubscriberError, match=r"^nothing is held of this address$"):
        forget_subscriber(store, EMAIL, later(hours=2))
    with pytest.raises(SubscriberError, match=r"^nothing but a no is held of this address$"):
        forget_subscriber(store, OLD, later(hours=2))


def test_a_sign_up_that_nobody_has_confirmed_can_be_forgotten(store: Store) -> None:
    with store.database.transaction():
        add_request(store.database, Request("r1", "sign-up", EMAIL, EMAIL, later(hours=1).at))
        add_letter(
            store.database, Letter("l1", "sign-up", "sv", EMAIL, EMAIL, later(hours=1).at, "", "t")
        )

    done = forget_subscriber(store, EMAIL, later(hours=2))

    assert (done.subscriber, done.complete, dict(done.texts)) == (False, True, {})
    assert [letter.state for letter in all_letters(store.database)] == ["withheld"]
    assert traces(store.workplace.root) == []
    with pytest.raises(SubscriberError, match=r"^nothing is held of this address$"):
        forget_subscriber(store, EMAIL, later(hours=3))


def test_backups_that_may_still_hold_it_are_named(store: Store) -> None:
    added(store, EMAIL)
    folder = store.database.path.parent / "backups"
    back_up(store.database, folder / "old.db")

    assert forget_subscriber(store, EMAIL, later(hours=1)).backups == (folder / "old.db",)


@pytest.fixture
def moved(tmp_path: Path) -> Iterator[Store]:
    """Keep a person who has moved from OLD to EMAIL, as an old file or letter does not know."""
    with opened(tmp_path) as store:
        added(store, OLD)
        edit_subscriber(store, OLD, Details(email=EMAIL), later(hours=1), NOW)
        yield store


def test_whoever_asks_from_a_former_address_is_told_all_that_is_held(moved: Store) -> None:
    assert show_subscriber(moved, OLD) == show_subscriber(moved, EMAIL)
    person = show_subscriber(moved, OLD).person
    assert person is not None
    assert person.email == EMAIL


def test_a_no_from_a_former_address_reaches_the_person(moved: Store) -> None:
    assert planned(moved) == [EMAIL]
    unsubscribe(moved, OLD, (), later(hours=2))
    assert planned(moved) == []


def test_an_erasure_asked_for_from_a_former_address_is_done(moved: Store) -> None:
    assert forget_subscriber(moved, OLD, later(hours=2)).now
    assert planned(moved) == []
    for address in (OLD, EMAIL):
        assert show_subscriber(moved, address) == Shown(None, (), (), later(hours=2).at)
