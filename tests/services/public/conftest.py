"""The public pages, for what lies behind them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.public.visiting import Visited, visited


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Visited]:
    """Serve a small newsletter."""
    with visited(tmp_path / "brev") as made:
        yield made
