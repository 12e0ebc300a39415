"""A Postfix for the tests of the relay session."""

from collections.abc import Iterator

import pytest

from tests.postfix import Postfix, running


@pytest.fixture(scope="package")
def one_postfix() -> Iterator[Postfix]:
    """Run one Postfix for all tests here."""
    with running() as started:
        yield started


@pytest.fixture
def postfix(one_postfix: Postfix) -> Postfix:
    """Give the running Postfix, with an empty mailbox."""
    one_postfix.forget()
    return one_postfix
