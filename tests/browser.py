"""Debian's Chromium, driven by Playwright: quiet, offline, and never downloaded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser")
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
    # Pages that tests serve are reached by address or as localhost; every other name is unknown.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


def find_chromium() -> str:
    """Find the installed Chromium; without one, fail and say what to install."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    pytest.fail(
        f"No {' or '.join(NAMES)} on PATH. Install it (on Debian: sudo apt-get update && "
        "sudo apt-get install chromium), or run the tests with make test, which does.",
        pytrace=False,
    )


def flags() -> list[str]:
    """Give the command line; only root has to do without Chromium's sandbox."""
    return [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


@contextmanager
def launched(executable: str, home: Path) -> Iterator[Browser]:
    """Run a browser whose own files (crash reports, certificates, caches) go to `home`."""
    environment: dict[str, str | float | bool] = {**os.environ, "HOME": str(home)}
    environment |= {name: str(home) for name in os.environ if name.startswith("XDG_")}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=flags(), env=environment
        )
        try:
            yield browser
        finally:
            browser.close()
