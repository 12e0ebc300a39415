"""Three editions built in both layouts, opened in Chromium as their readers see them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Route

from smakom_mail.services.building import build_edition
from smakom_mail.services.workplace import open_workplace
from tests.conftest import NEWSLETTER, ROOT
from tests.e2e.everything import ALLT

LAYOUTS = ("smakom", "brev")
EDITIONS = ("januari-2021", "april-2021", "allt")
MAIL, WEB = "message.html", "web/index.html"
Scheme = Literal["light", "dark"]
Opened = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build every edition in every layout; give the folder that holds LAYOUT/EDITION."""
    out = tmp_path_factory.mktemp("built")
    for layout in LAYOUTS:
        root = newsletter(tmp_path_factory.mktemp(layout), layout)
        workplace = open_workplace(root, {})
        for slug in EDITIONS:
            made = build_edition(workplace, slug, out=out / layout / slug)
            assert made.folder, [found.message("en") for found in made.checked.findings]
    return out


def newsletter(root: Path, layout: str) -> Path:
    """Copy the repository's newsletter, set its layout and add the edition with everything."""
    for name in NEWSLETTER:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, root / name)
    settings = root / "smakom-mail.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('layout = "smakom"', f'layout = "{layout}"'), encoding="utf-8")
    folder = root / "newsletters" / "allt"
    shutil.copytree(root / "newsletters" / "januari-2021" / "images", folder / "images")
    for file, content in ALLT.items():
        (folder / file).write_text(content, encoding="utf-8")
    return root


@pytest.fixture
def opened(browser: Browser, built: Path) -> Opened:
    """Give a way to open the mail or the web version of an edition at a width.

    A console message, a script error or a request for anything but a picture of the build
    fails the test.
    """

    @contextmanager
    def open_page(
        layout: str, slug: str, part: str, width: int = 700, scheme: Scheme = "light"
    ) -> Iterator[Page]:
        folder = built / layout / slug
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        trouble: list[str] = []
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))

        def picture(route: Route) -> None:
            file = folder / "web" / "images" / route.request.url.rsplit("/", 1)[1]
            if file.is_file():
                route.fulfill(path=file)
            else:
                trouble.append(route.request.url)
                route.abort()

        page.route(lambda address: not address.startswith("file:"), picture)
        page.goto((folder / part).as_uri())
        yield page
        context.close()
        assert trouble == []

    return open_page
