"""Lists as they are configured, and the sets of them that tokens are about."""

import pytest

from smakom_mail.errors import StoreError
from smakom_mail.model.person import MailingList
from smakom_mail.store import Database
from smakom_mail.store.lists import (
    MOST,
    keep_lists,
    known_lists,
    list_bits,
    scope_code,
    scope_lists,
)
from tests.store.peopled import LISTS, added, person


def test_the_lists_are_those_of_the_settings(database: Database) -> None:
    before = database.state()
    keep_lists(database, LISTS)

    assert known_lists(database) == LISTS
    assert database.state() == before
    assert list_bits(database) == {"medlemmar": 1, "press": 2, "styrelse": 4}


def test_a_list_that_people_stand_on_stays_and_an_unused_one_goes(database: Database) -> None:
    added(database, person("kim@exempel.example", "medlemmar"))
    nytt = MailingList("nytt", "Nytt", is_default=True)

    keep_lists(database, (nytt, MailingList("press", "Pressen")))

    assert known_lists(database) == (
        MailingList("medlemmar", "Medlemmar"),
        MailingList("press", "Pressen"),
        nytt,
    )
    assert list_bits(database) == {"medlemmar": 1, "press": 2, "nytt": 4}


def test_more_lists_than_there_are_bits_are_refused(database: Database) -> None:
    many = tuple(MailingList(f"lista-{n}", "") for n in range(MOST))
    keep_lists(database, many)

    with pytest.raises(StoreError) as error:
        keep_lists(database, (*many, MailingList("en-till", "")))

    assert error.value.message == "there are more than 60 lists"
    assert len(known_lists(database)) == MOST
    assert sum(list_bits(database).values()) == 2**60 - 1


def test_a_set_of_lists_has_one_code_in_any_order(database: Database) -> None:
    code = scope_code(database, ["press", "medlemmar", "press"])

    assert scope_code(database, ("medlemmar", "press")) == code
    assert scope_code(database, ["press"]) != code
    assert len(code) == 3
    assert scope_lists(database, code) == ("medlemmar", "press")
    assert scope_lists(database, bytes(3)) is None


def test_a_code_that_is_taken_is_drawn_again(database: Database) -> None:
    drawn = iter([b"abc", b"abc", b"xyz"])

    codes = [scope_code(database, [slug], lambda _: next(drawn)) for slug in ("press", "styrelse")]

    assert codes == [b"abc", b"xyz"]
    with database.transaction():
        assert scope_code(database, ["press"]) == b"abc"
        assert len(scope_code(database, ["medlemmar"])) == 3
