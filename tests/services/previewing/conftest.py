"""The newsletter that most of these tests work on."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def alone(project: Path) -> Path:
    """Leave one edition, januari-2021, in the copied newsletter."""
    shutil.rmtree(project / "newsletters/april-2021")
    return project
