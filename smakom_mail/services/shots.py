"""Pictures of an edition as its readers see it: for the chair's approval, and to keep.

The views are the preview's own, drawn by the Chromium that is installed, without a network.
"""

import mimetypes
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from smakom_mail.diagnostics import nearest
from smakom_mail.errors import SmakomMailError, WriteRefusedError
from smakom_mail.locale.preview_page import PAGE_WORDS
from smakom_mail.render.shapes import CLIENTS
from smakom_mail.services.previewing.snapshot import Snapshot
from smakom_mail.services.previewing.views import ViewRequest, make_view
from smakom_mail.services.shot_page import Strip, shot_page

if TYPE_CHECKING:
    from types import ModuleType

    from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_ORIGIN = "https://preview.invalid/"
_TALLEST = 30_000
"""Pixels: a longer page is cut off there, as Chromium cannot draw it in one piece."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: which view, how wide in CSS pixels; `shown` puts it on the chair's page."""

    name: str
    request: ViewRequest
    width: int
    shown: bool = False


_ON_PHONES = ("gmail-other", "samsung")


def _in_program(client: str) -> Shot:
    """Give the picture of a program at the width that it is used at."""
    width = 375 if client in _ON_PHONES else 700
    return Shot(f"mail-{width}-{client}", ViewRequest("mail", client=client), width)


SHOTS = (
    Shot("mail-375", ViewRequest("mail"), 375, shown=True),
    Shot("mail-700", ViewRequest("mail"), 700, shown=True),
    Shot("mail-320", ViewRequest("mail"), 320),
    Shot("mail-375-dark", ViewRequest("mail", scheme="dark"), 375, shown=True),
    Shot("mail-700-dark", ViewRequest("mail", scheme="dark"), 700),
    Shot("mail-375-partial", ViewRequest("mail", scheme="partial"), 375),
    Shot("mail-375-full", ViewRequest("mail", scheme="full"), 375),
    Shot("mail-375-without-pictures", ViewRequest("mail", pictures=False), 375),
    Shot("mail-375-text-200", ViewRequest("mail", text=200), 375),
    *(_in_program(key) for key in CLIENTS),
    Shot("web-375", ViewRequest("web"), 375),
    Shot("web-1200", ViewRequest("web"), 1200),
    Shot("web-1200-dark", ViewRequest("web", scheme="dark"), 1200),
    Shot("text", ViewRequest("text"), 700),
    Shot("inbox", ViewRequest("inbox"), 700),
    Shot("order", ViewRequest("order"), 700),
    Shot("seeds", ViewRequest("seeds"), 1200),
)


@dataclass(frozen=True, slots=True)
class ShotFiles:
    """What was written: the folder, the pictures, the page and the PDF of it."""

    folder: Path
    pictures: tuple[str, ...]
    page: str
    pdf: str


def chosen_shots(names: Iterable[str]) -> tuple[Shot, ...]:
    """Give the shots by these names, all of them for none; SmakomMailError for an unknown one."""
    wanted = tuple(dict.fromkeys(names))
    known = {shot.name: shot for shot in SHOTS}
    for name in wanted:
        if name not in known:
            close = nearest(name, known)
            raise SmakomMailError(
                f"there is no view “{name}” to take a picture of",
                (f"did you mean “{close}”? " if close else "") + f"known: {', '.join(known)}",
            )
    return tuple(shot for shot in SHOTS if not wanted or shot.name in wanted)


def take_shots(
    snapshot: Snapshot, folder: Path, shots: Iterable[Shot], *, progress: Callable[[str], None]
) -> ShotFiles:
    """Draw `shots` and write them to `folder`, with a page and a PDF to mail to the chair.

    Raises SmakomMailError: nothing to draw, no browser, no Playwright, no place to write.
    """
    if snapshot.rendered is None:
        raise SmakomMailError(
            f"{snapshot.edition.slug} cannot be drawn yet",
            f"mend what smakom-mail check {snapshot.edition.slug} says",
        )
    chosen = tuple(shots)
    slug = snapshot.edition.slug
    page, pdf = f"{slug}.html", f"{slug}.pdf"
    _require_folder(folder)
    drawn: dict[str, bytes] = {}
    broken = _playwright().Error
    try:
        html, printed = _drawn(snapshot, chosen, drawn, progress)
    except broken as error:
        raise SmakomMailError(
            f"the browser could not draw it: {str(error).splitlines()[0]}",
            "see that there is room on the disk and in memory, and run the command again",
        ) from error
    files = {f"{slug}-{shot.name}.png": drawn[shot.name] for shot in chosen}
    for name, data in {**files, page: html.encode("utf-8"), pdf: printed}.items():
        _write(folder / name, data)
    return ShotFiles(folder, tuple(files), page, pdf)


def _drawn(
    snapshot: Snapshot,
    chosen: tuple[Shot, ...],
    drawn: dict[str, bytes],
    progress: Callable[[str], None],
) -> tuple[str, bytes]:
    """Draw everything into `drawn`; give the chair's page and its PDF."""
    with open_browser() as browser:
        for number, shot in enumerate(chosen, 1):
            progress(f"{number}/{len(chosen)} {shot.name}")
            drawn[shot.name] = _draw(browser, snapshot, shot)
        for shot in (each for each in SHOTS if each.shown and each.name not in drawn):
            drawn[shot.name] = _draw(browser, snapshot, shot)
        html = shot_page(snapshot, [_strip(snapshot, s, drawn) for s in SHOTS if s.shown])
        return html, _print(browser, html)


def _require_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteRefusedError(
            f"cannot write to {folder}: {error.strerror}", "name another folder with --shots DIR"
        ) from error


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise WriteRefusedError(
            f"cannot write {path}: {error.strerror}", "make room, or name another folder"
        ) from error


def _strip(snapshot: Snapshot, shot: Shot, drawn: Mapping[str, bytes]) -> Strip:
    said = PAGE_WORDS[snapshot.config.messages_language]
    words = [said[shot.request.name], f"{shot.width} px", said[shot.request.scheme]]
    return Strip(", ".join(words), drawn[shot.name], shot.width)


def find_browser() -> str:
    """Find an installed Chromium, Chrome or Edge; SmakomMailError says how to get one."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    raise SmakomMailError(
        "no Chromium, Chrome or Edge was found to take pictures with",
        "install one (on Debian: sudo apt-get install chromium) and run the command again",
    )


def _playwright() -> "ModuleType":
    try:
        from playwright import sync_api
    except ImportError as error:
        raise SmakomMailError(
            "pictures need the extra “shots”, which is not installed",
            "install it: pip install 'smakom-mail[shots]'",
        ) from error
    return sync_api


@contextmanager
def open_browser() -> "Iterator[Browser]":
    """Start the installed browser, quiet and without a network; SmakomMailError if it cannot."""
    executable = find_browser()
    engine: Playwright = _playwright().sync_playwright().start()
    # Only root has to do without Chromium's sandbox.
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    try:
        # What the browser keeps of its own goes with it.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
            moved = dict.fromkeys(("HOME", *filter(_of_home, os.environ)), home)
            browser = engine.chromium.launch(
                executable_path=executable, args=[*_FLAGS, *root], env={**os.environ, **moved}
            )
            try:
                yield browser
            finally:
                browser.close()
    finally:
        engine.stop()


def _of_home(name: str) -> bool:
    return name.startswith("XDG_")


def _draw(browser: "Browser", snapshot: Snapshot, shot: Shot) -> bytes:
    """Give a PNG of a whole view, as high as it is, at twice the resolution."""
    view = make_view(snapshot, shot.request)
    context = browser.new_context(
        viewport={"width": shot.width, "height": 800},
        device_scale_factor=2,
        java_script_enabled=False,
        color_scheme="dark" if shot.request.scheme == "dark" else "light",
    )
    try:
        page = _open(context, view.html, _pictures(snapshot))
        height = min(_TALLEST, _height(page))
        page.set_viewport_size({"width": shot.width, "height": max(1, height)})
        return page.screenshot()
    finally:
        context.close()


def _height(page: "Page") -> int:
    """Measure a page; the measuring is ours, the page itself runs no script."""
    box = page.locator("html").bounding_box()
    body = page.locator("body").bounding_box()
    return round(max(each["y"] + each["height"] for each in (box, body) if each))


def _pictures(snapshot: Snapshot) -> dict[str, bytes]:
    pictures = snapshot.rendered.pictures if snapshot.rendered else ()
    return {f"{_ORIGIN}images/{picture.name}": picture.data for picture in pictures}


def _open(context: "BrowserContext", html: str, pictures: Mapping[str, bytes]) -> "Page":
    """Open a document; its pictures come from memory, and nothing else is answered."""

    def answer(route: "Route") -> None:
        url = route.request.url
        if url == _ORIGIN:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif url in pictures:
            kind = mimetypes.guess_type(url)[0] or "application/octet-stream"
            route.fulfill(body=pictures[url], content_type=kind)
        else:
            route.abort()

    context.route("**/*", answer)
    page = context.new_page()
    page.goto(_ORIGIN)
    return page


def _print(browser: "Browser", html: str) -> bytes:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = _open(context, html, {})
        return page.pdf(
            format="A4",
            print_background=True,
            tagged=True,
            outline=True,
            margin={"top": "14mm", "right": "14mm", "bottom": "14mm", "left": "14mm"},
        )
    finally:
        context.close()
