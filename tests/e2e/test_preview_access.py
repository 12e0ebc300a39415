"""The preview for everybody: axe, keyboard, narrow windows, and nobody from outside."""

import http.client
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from smakom_mail.web.preview.asking import VIEWS
from tests.axe import violations
from tests.conftest import NEWSLETTER, ROOT
from tests.e2e.previewed import Running, looking, running_preview

PATIENCE = 20_000
BROKEN = "\n::: exerpt vagen\n:::\n\n![](saknas.png)\n"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run a preview whose edition april-2021 is broken from the beginning."""
    root = tmp_path_factory.mktemp("previewed")
    for name in NEWSLETTER:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, root / name)
    section = next((root / "newsletters" / "april-2021").glob("10-*.md"))
    section.write_text(section.read_text(encoding="utf-8") + BROKEN, encoding="utf-8")
    with running_preview(root) as running:
        yield running


PAGES = (
    "",
    "januari-2021/",
    "januari-2021/?client=outlook-windows&free=500",
    *(f"januari-2021/?view={name}" for name in VIEWS[1:]),
    "april-2021/",
    "finns-inte/",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 700, 1400])
def test_axe_finds_nothing_on_the_preview_s_own_pages(
    shared: Running, browser: Browser, width: int, scheme: str
) -> None:
    found = []
    with looking(browser, width, color_scheme=scheme) as page:
        for path in PAGES[:-1]:
            page.goto(shared.url + path)
            page.locator("#announce").wait_for(state="attached")
            page.locator("details:not([open]) summary").evaluate_all(
                "all => all.forEach(summary => summary.click())"
            )
            found += [f"{path} {one}" for one in violations(page, iframes=False)]
    assert found == []


@pytest.mark.parametrize("path", PAGES[:-1])
def test_a_narrow_window_needs_no_scrolling_sideways(
    shared: Running, browser: Browser, path: str
) -> None:
    with looking(browser, 320) as page:
        page.goto(shared.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_text_at_200_per_cent_stays_on_the_page(shared: Running, browser: Browser) -> None:
    with looking(browser, 640) as page:
        page.goto(f"{shared.url}januari-2021/?client=gmail")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_everything_is_reached_by_the_keyboard_in_the_order_of_the_page(
    shared: Running, browser: Browser
) -> None:
    with looking(browser) as page:
        page.goto(f"{shared.url}januari-2021/")
        names = []
        for _ in range(16):
            page.keyboard.press("Tab")
            names.append(
                page.evaluate(
                    """() => { const e = document.activeElement;
                    return e.innerText?.trim().split('\\n')[0] || e.name || e.title; }"""
                )
            )
        assert names[:10] == [
            "Hoppa till brevet",
            "Hoppa till det att titta på",
            "Alla nummer",
            "Brevet",
            "Webbversion",
            "Ren text",
            "Inkorgen",
            "Uppläsning",
            "Råtext",
            "Källor",
        ]
        assert "width" in names
        assert "free" in names
        page.keyboard.press("Shift+Tab")


def ask(running: Running, path: str, **headers: str) -> tuple[int, bytes]:
    """Ask for a path as it stands, which no browser would send."""
    port = int(running.url.rstrip("/").rsplit(":", 1)[1])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


NAMES = (
    *("/../smakom-mail.toml", "/..%2fsmakom-mail.toml", "/%2e%2e/smakom-mail.toml/", "/..%5c/"),
    *("/januari-2021/view/../../smakom-mail.toml", "/januari-2021/view/images/../../../x"),
    *("/januari-2021/view/images/..%2f..%2fsmakom-mail.toml", "/januari-2021/view/images/%00"),
    *("/_standing/", "/_/../app.py", "/_/..%2fapp.py", "/_/templates", "/_/preview.js%00.css"),
    *("/januari-2021%00/", "/januari-2021%0a/", "/JANUARI-2021/", "/.git/", "/CON/", "/%ff/"),
    *("/" + "a" * 300 + "/", "/januari-2021/view/%2fetc%2fpasswd", "/januari-2021/view/mail%00"),
    *(
        "//etc/passwd",
        "/januari-2021/../../etc/passwd",
        "/etc/passwd/",
        "/januari-2021/edition.toml",
    ),
)


@pytest.mark.parametrize("path", NAMES)
def test_no_address_reaches_a_file(shared: Running, path: str) -> None:
    (shared.root / "newsletters" / "x").mkdir(exist_ok=True)
    status, body = ask(shared, path)
    assert status in {307, 400, 404}
    assert b"[newsletter]" not in body
    assert b"root:" not in body
    shutil.rmtree(shared.root / "newsletters" / "x")


def test_an_unknown_edition_is_named_on_the_list(shared: Running) -> None:
    status, body = ask(shared, "/finns-inte/")
    assert status == 404
    assert "Numret finns-inte finns inte. Välj ett annat i listan." in body.decode()


def test_an_edition_that_is_a_link_out_of_the_project_shows_nothing_of_it(
    shared: Running, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("ute")
    (outside / "10-hemligt.md").write_text("# Hemligt\n\nHemliga ord.\n", encoding="utf-8")
    (outside / "edition.toml").write_text('title = "Hemligt"\n', encoding="utf-8")
    link = shared.root / "newsletters" / "lank"
    link.symlink_to(outside)
    _, body = ask(shared, "/lank/")
    link.unlink()
    assert "Hemlig" not in body.decode()


def test_a_stranger_s_name_and_site_are_refused(shared: Running) -> None:
    assert ask(shared, "/", Host="evil.example")[0] == 421
    assert ask(shared, "/_/events", Origin="https://evil.example")[0] == 403


def test_a_mail_runs_nothing_and_fetches_nothing(shared: Running, browser: Browser) -> None:
    """A layout is the project's own; even one that somebody else wrote runs nothing here."""
    template = shared.root / "layouts" / "smakom" / "edition.mjml.j2"
    before = template.read_text(encoding="utf-8")
    evil = (
        '<mj-text><img src="https://evil.example/a.png" alt="x" onerror="parent.hacked = 1">'
        '<a href="javascript:parent.hacked = 1" id="js">x</a>'
        "<script>parent.hacked = 1</script></mj-text>"
    )
    at = before.index("<mj-column")
    end = before.index(">", at) + 1
    refused = ("Blocked script execution", "Loading the image")
    with looking(browser, allowed=refused) as page:
        answered: list[str] = []
        page.on("requestfinished", lambda request: answered.append(request.url))
        template.write_text(before[:end] + evil + before[end:], encoding="utf-8")
        page.goto(f"{shared.url}januari-2021/?draft=1")
        page.wait_for_timeout(100)
        expect(page.locator(".trouble")).to_be_visible(timeout=PATIENCE)
        assert page.evaluate("window.hacked") is None
        template.write_text(before, encoding="utf-8")
        expect(page.locator(".trouble")).to_have_count(0, timeout=PATIENCE)
    assert [url for url in answered if not url.startswith(shared.url)] == []
