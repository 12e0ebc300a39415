"""The installed preview, running on a copy of the newsletter, and the browser that looks at it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, FrameLocator, Page

SECTION = "newsletters/januari-2021/10-ordforandens-ord.md"
EDITION = "januari-2021"


@dataclass
class Running:
    """A preview that runs: its project, its process, the address of the list of editions."""

    root: Path
    process: subprocess.Popen[str]
    url: str

    @property
    def edition(self) -> str:
        """The address of the edition's page."""
        return f"{self.url}{EDITION}/"

    def read(self, file: str = SECTION) -> str:
        """Give the text of a file of the project."""
        return (self.root / file).read_text(encoding="utf-8")

    def save(self, text: str, file: str = SECTION) -> None:
        """Save a file as an editor does: beside it, then in its place."""
        part = (self.root / file).with_suffix(".part~")
        part.write_text(text, encoding="utf-8")
        part.replace(self.root / file)


@contextmanager
def running_preview(root: Path, *arguments: str) -> Iterator[Running]:
    """Start the preview as its user does, and end it."""
    command = [sys.executable, "-m", "smakom_mail", "preview", EDITION, "--no-open", "--port", "0"]
    process = subprocess.Popen(
        [*command, *arguments],
        cwd=root,
        env={**os.environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        assert process.stderr
        line = process.stdout.readline()
        assert line.startswith("preview: http://127.0.0.1:"), line + process.stderr.read()
        yield Running(root, process, line.split()[1].removesuffix(f"{EDITION}/"))
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextmanager
def looking(
    browser: Browser,
    width: int = 1400,
    height: int = 900,
    allowed: tuple[str, ...] = (),
    **options: object,
) -> Iterator[Page]:
    """Open a page; a script error or a message that does not begin as `allowed` fails the test."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type] # Playwright's own options
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text))
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    yield page
    context.close()
    left = [message for message in trouble if not message.startswith(allowed or ("\0",))]
    assert left == [], left


def frame(page: Page, key: str = "mail-375") -> FrameLocator:
    """Give what a frame shows now."""
    return page.frame_locator(f'iframe[data-frame="{key}"]:not(.incoming)')


def in_frame(page: Page, script: str, key: str = "mail-375") -> object:
    """Give what `script` says of a frame's document, called `shown` in it."""
    ask: Callable[..., object] = page.evaluate
    return ask(
        f"""key => {{
            const frame = `iframe[data-frame="${{key}}"]:not(.incoming)`;
            const shown = document.querySelector(frame).contentDocument;
            return {script};
        }}""",
        key,
    )
