"""The build of januari-2021, byte for byte: a change of any of it shows in the diff."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from smakom_mail.services.building import build_edition
from smakom_mail.services.workplace import open_workplace

EDITION = "januari-2021"
FILES = ("message.html", "message.txt", "message.eml", "web/index.html", "manifest.json")


@pytest.fixture
def build(project: Path) -> Path:
    """Build the edition in a copy of the newsletter; give the folder."""
    made = build_edition(open_workplace(project, {}), EDITION)
    assert made.folder is not None
    return made.folder


@pytest.mark.parametrize("name", FILES)
def test_the_build_is_as_it_was(
    build: Path, golden: Callable[[str, bytes], None], name: str
) -> None:
    golden(f"{EDITION}/{name}", (build / name).read_bytes())


def test_every_other_file_is_as_the_manifest_says(build: Path) -> None:
    """Pictures and calendar files are held by their hashes in the golden manifest."""
    manifest = json.loads((build / "manifest.json").read_bytes())
    written = {
        path.relative_to(build).as_posix(): path.stat().st_size
        for path in build.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert written == {name: entry["bytes"] for name, entry in manifest["files"].items()}
    assert {name.split("/")[0] for name in written} == {
        *("message.html", "message.txt", "message.eml", "web")
    }
