"""Who left everything and then said yes to one list has said no to those made later, too."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from smakom_mail.model.person import Reason
from smakom_mail.services.importing import Defaults
from smakom_mail.services.storing import Store, open_store
from smakom_mail.services.subscribing.adding import Details, edit_subscriber
from smakom_mail.services.subscribing.inviting import confirm, invite
from smakom_mail.services.subscribing.leaving import forget_subscriber, unsubscribe
from smakom_mail.services.subscribing.typed import SubscriberError
from smakom_mail.services.workplace import open_workplace
from smakom_mail.store.backup import back_up
from tests.services.subscribing.keeping import (
    CONSENT,
    NOW,
    SECRET,
    SETTINGS,
    WORDING,
    added,
    imported,
    later,
    opened,
    planned,
    standing,
)

ANNA = "anna@example.se"
FAIR = '[[people.list]]\nslug = "massan"\nname = "Mässan"\n'


def with_the_fair(root: Path) -> AbstractContextManager[Store]:
    """Open the store after a third list was put in the settings."""
    (root / "smakom-mail.toml").write_text(SETTINGS + FAIR, encoding="utf-8")
    return open_store(open_workplace(root, {}), SECRET, create=False)


def says_yes_to(store: Store, slug: str, hours: int) -> None:
    """Invite Anna to a list, and let her confirm."""
    url = invite(store, ANNA, (slug,), later(hours=hours)).url
    assert confirm(store, url.rpartition("/")[2], later(hours=hours + 1), WORDING)


def leaves(store: Store) -> None:
    """Let Anna leave everything."""
    unsubscribe(store, ANNA, (), later(hours=1))


def is_forgotten(store: Store) -> None:
    """Let Anna be erased."""
    forget_subscriber(store, ANNA, later(hours=1))


@pytest.mark.parametrize("goes", [leaves, is_forgotten])
def test_a_yes_to_one_list_after_a_no_to_all_is_a_yes_to_that_one_alone(
    tmp_path: Path, goes: Callable[[Store], None]
) -> None:
    with opened(tmp_path) as store:
        added(store, ANNA, "medlemmar", "press")
        goes(store)
        says_yes_to(store, "press", 2)

    with with_the_fair(tmp_path) as store:
        for slug in ("medlemmar", "massan"):
            done = imported(store, f"email\n{ANNA}\n", Defaults(CONSENT, (slug,)))
            assert done.suppressed == 1
            with pytest.raises(SubscriberError, match=f"on the list {slug}: unsubscribed"):
                edit_subscriber(
                    store, ANNA, Details(lists=(slug,), ground=CONSENT), later(hours=5), NOW
                )
        assert standing(store, ANNA)["no massan"] == "unsubscribed"
        assert planned(store) == [ANNA]


def test_a_later_list_is_joined_by_a_yes_of_its_own(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        added(store, ANNA, "medlemmar")
        leaves(store)
        says_yes_to(store, "press", 2)

    with with_the_fair(tmp_path) as store:
        says_yes_to(store, "massan", 30)

        assert standing(store, ANNA) == {
            "medlemmar": "left",
            "press": "confirmed",
            "massan": "confirmed",
            "no medlemmar": "unsubscribed",
            "no +": "unsubscribed",
        }


def test_who_never_left_everything_may_join_a_later_list(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        added(store, ANNA, "medlemmar", "press")
        unsubscribe(store, ANNA, ("press",), later(hours=1))
        says_yes_to(store, "press", 2)
        unsubscribe(store, "bo@example.se", (), later(hours=1), Reason.BOUNCED)

    with with_the_fair(tmp_path) as store:
        assert imported(store, f"email\n{ANNA}\n", Defaults(CONSENT, ("massan",))).changed == 1
        assert "no massan" not in standing(store, "bo@example.se")


def test_a_restored_backup_learns_the_no_to_later_lists_from_the_journal(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        added(store, ANNA, "medlemmar")
        back_up(store.database, tmp_path / "backup.db")
        leaves(store)
        says_yes_to(store, "press", 2)
        file = store.database.path
    with with_the_fair(tmp_path):
        pass
    for name in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        name.unlink(missing_ok=True)
    (tmp_path / "backup.db").rename(file)

    with with_the_fair(tmp_path) as store:
        assert standing(store, ANNA)["no massan"] == "unsubscribed"
        assert planned(store) == []
