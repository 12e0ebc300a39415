"""The databases that the store's tests run on: each test that asks for one runs on all."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smakom_mail.store import Database, open_database
from smakom_mail.store.lists import keep_lists
from tests.store.peopled import LISTS

# The one place to name another: a kind, and the address of an empty database of it.
DATABASES = {"sqlite": "sqlite:///var/people.db"}

Opener = Callable[[], Database]


@pytest.fixture(params=DATABASES)
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Give a function that opens the test's database, a new connection at each call."""
    opened: list[Database] = []

    def connect() -> Database:
        opened.append(open_database(DATABASES[request.param], tmp_path, create=True, patience=0.2))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


@pytest.fixture
def database(opener: Opener) -> Database:
    """Open an empty database with three lists: medlemmar (the default), press and styrelse."""
    opened = opener()
    keep_lists(opened, LISTS)
    return opened
