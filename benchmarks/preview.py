"""From a file's save to the browser's paint, with the installed preview and a real Chromium."""

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from smakom_mail.errors import SmakomMailError
from smakom_mail.services.shots import open_browser

if TYPE_CHECKING:
    from playwright.sync_api import Page

SAVES = 20
_SECTION = "10-ordforandens-ord.md"
_NEWSLETTER = ("smakom-mail.toml", "ordlista.txt", "layouts", "seeds", "newsletters")

# A frame shows the words when the second animation frame after them has begun: they are painted.
_WATCH = """
() => {
    window.painted = {};
    const look = () => {
        const frame = document.querySelector('iframe[data-frame="mail-375"]:not(.incoming)');
        const words = frame?.contentDocument?.body?.textContent.match(/Mätning \\d+/)?.[0];
        if (words && !(words in window.painted)) {
            window.painted[words] = 0;
            requestAnimationFrame(() => requestAnimationFrame(() => {
                window.painted[words] = performance.timeOrigin + performance.now();
            }));
        }
        requestAnimationFrame(look);
    };
    look();
}
"""


class PreviewMissingError(Exception):
    """There is no browser to look at the preview with."""


@dataclass(frozen=True, slots=True)
class Saves:
    """Milliseconds from save to paint."""

    each: tuple[float, ...]

    @property
    def median(self) -> float:
        """The usual save."""
        return statistics.median(self.each)

    @property
    def slowest(self) -> float:
        """The worst of them."""
        return max(self.each)


def measure_saves(newsletter: Path, folder: Path, edition: str, saves: int = SAVES) -> Saves:
    """Save a section of a copy of `newsletter` again and again, and see when it is painted."""
    root = folder / "previewed"
    root.mkdir()
    for name in _NEWSLETTER:
        source = newsletter / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, root / name)
    with _preview(root, edition) as url, _page(url) as page:
        section = root / "newsletters" / edition / _SECTION
        text = section.read_text(encoding="utf-8")
        page.evaluate(_WATCH)
        return Saves(tuple(_save(page, section, text, number) for number in range(saves)))


def _save(page: "Page", section: Path, text: str, number: int) -> float:
    words = f"Mätning {number}"
    page.wait_for_timeout(300)  # nobody saves while the last save is still being drawn
    title = text.split("\n", 1)[0]
    started = time.time()
    section.write_text(text.replace(title, f"# {words}", 1), encoding="utf-8")
    page.wait_for_function("words => window.painted[words] > 0", arg=words, polling=20)
    painted: float = page.evaluate("words => window.painted[words]", words)
    return painted - started * 1000


@contextmanager
def _preview(root: Path, edition: str) -> Iterator[str]:
    command = [sys.executable, "-m", "smakom_mail", "preview", edition, "--no-open", "--port", "0"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield line.split()[1]
        finally:
            process.terminate()


@contextmanager
def _page(url: str) -> "Iterator[Page]":
    try:
        with open_browser() as browser:
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            page.goto(url)
            page.wait_for_selector("#live")
            page.wait_for_timeout(2000)
            yield page
    except SmakomMailError as error:
        raise PreviewMissingError(str(error)) from error
