"""The store that these tests work on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smakom_mail.services.storing import Store
from tests.services.subscribing.keeping import opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty store with the lists medlemmar (the default) and press."""
    with opened(tmp_path / "project") as there:
        yield there
