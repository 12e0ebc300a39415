"""The public pages for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.public.visiting import Visited, visited


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Visited]:
    """Serve a small newsletter."""
    with visited(tmp_path / "brev") as made:
        yield made
