"""Fixtures for all tests, and the guards around them."""

import os
import shutil
from asyncio.events import _get_running_loop, _set_running_loop
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings
from playwright.sync_api import Browser

from tests.browser import find_chromium, launched
from tests.guards import no_network, own_environment, written_to

ROOT = Path(__file__).resolve().parent.parent
NEWSLETTER = ("smakom-mail.toml", "ordlista.txt", "layouts", "seeds", "newsletters")

# On a busy machine a slow example is no fault; CI always tries the same ones.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes the expected results anew."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the tests of tests/golden expect anew, from what the program makes now",
    )


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Guard the whole run: loopback only, an empty home, no SMAKOM_MAIL_* variables."""
    folder = tmp_path_factory.mktemp("home")
    with own_environment(folder), no_network():
        yield folder
    assert written_to(folder) == [], "the tests wrote into the home folder"


@pytest.fixture(scope="session", autouse=True)
def no_dictionary() -> Iterator[None]:
    """Let what is installed on this machine say nothing: a test brings its own dictionary."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("smakom_mail.content.speller.PLACES", ())
        yield


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Give the installed Chromium, or fail and say what to install."""
    return find_chromium()


@pytest.fixture(scope="session")
def browser(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Run one browser for all tests; open a context or page of your own, and close it."""
    with launched(chromium_path, tmp_path_factory.mktemp("chromium-home")) as running:
        yield running


@pytest.fixture(autouse=True)
def own_event_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let tests without the browser run asyncio, although the browser's own loop never stops."""
    if "browser" in request.fixturenames or (loop := _get_running_loop()) is None:
        yield
        return
    _set_running_loop(None)
    yield
    _set_running_loop(loop)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the repository's own newsletter; give the root of the copy."""
    root = tmp_path / "project"
    root.mkdir()
    for name in NEWSLETTER:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("artwork"))
        else:
            shutil.copy2(source, root / name)
    return root


@pytest.fixture
def cli(project: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Give a function that runs smakom-mail, in this process, inside the copied newsletter."""
    from smakom_mail.cli import main

    monkeypatch.chdir(project)

    def run(*arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(main, arguments, input=typed, catch_exceptions=False)

    return run


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Give a function that holds bytes against a file of tests/golden, or writes that file."""
    update = bool(request.config.getoption("--update-golden"))

    def check(name: str, actual: bytes) -> None:
        path = ROOT / "tests" / "golden" / name
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(actual)
        assert path.is_file(), f"{name} is not in tests/golden: run make golden"
        expected = path.read_bytes()
        # As text where it is text, so that the difference can be read.
        assert _readable(actual) == _readable(expected), f"{name} differs: see make golden"

    return check


def _readable(data: bytes) -> list[str] | bytes:
    try:
        return data.decode("utf-8").splitlines(keepends=True)
    except UnicodeDecodeError:
        return data
