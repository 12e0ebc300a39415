"""The archive as the server shows it: what is published, and nobody in it."""

import re
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser

from smakom_mail.services.archiving.keeping import KEPT, LOCK
from smakom_mail.services.archiving.publishing import say
from smakom_mail.services.workplace import open_workplace
from smakom_mail.store.locks import take_lock
from tests.axe import violations
from tests.e2e.archive_shown import hosted
from tests.e2e.served import Serving, form, made, serving
from tests.services.receiving import EDITION, THEN

SITE = "https://nyhetsbrev.forening.example"


def publish(root: Path, *, public: bool) -> None:
    """Publish the edition, or take it back."""
    named, none = frozenset({EDITION}), frozenset[str]()
    say(open_workplace(root, {}), THEN, public=named if public else none,
        hidden=none if public else named)  # fmt: skip


def everything(server: Serving) -> dict[str, bytes]:
    """Follow every link of the archive; give what lies there."""
    found: dict[str, bytes] = {}
    todo = ["/archive/", "/feed.xml", "/sitemap.xml"]
    while todo:
        path = todo.pop()
        if path in found:
            continue
        status, body = server.ask("GET", path)
        assert status == 200, path
        found[path] = body
        links = re.findall(rb'(?:href|src)="([^"#?]+)', body) if path.endswith("/") else []
        for link in links:
            whole = urljoin(f"{SITE}{path}", link.decode())
            todo += [whole.removeprefix(SITE)] if whole.startswith(f"{SITE}/") else []
    return found


def test_it_shows_what_is_published_and_names_nobody(tmp_path: Path) -> None:
    root = tmp_path / "brev"
    tokens = made(root, "kanarie@kommun.example", "siska@kommun.example")
    publish(root, public=True)
    with serving(root) as server:
        server.archive_is_made()
        for token in tokens.values():
            server.ask("GET", f"/u/{token}")
            server.ask("POST", f"/u/{token}", *form(lang="sv"))
        files = everything(server)
        log = server.errors.read_text("utf-8")

    assert f"/archive/{EDITION}/" in files
    whole = b"\n".join(files.values()).decode("utf-8", "replace") + log
    for canary in ("kanarie", "siska", *tokens, *tokens.values()):
        assert canary not in whole


def test_a_page_of_another_origin_shows_its_pictures(browser: Browser, tmp_path: Path) -> None:
    root = tmp_path / "brev"
    made(root, "kim@kommun.se")
    publish(root, public=True)
    with serving(root, "--quiet") as server:
        server.archive_is_made()
        page = server.ask("GET", f"/archive/{EDITION}/")[1].decode()
        shared = re.findall(r'property="og:image" content="([^"]+)"', page)
        pictures = [
            f"/archive/{EDITION}/{name}" for name in re.findall(r'src="(images/[^"]+)"', page)
        ]
        ours = "/_/icon.svg"  # of the pages, which nobody else shows
        paths = [ours, *(each.removeprefix(SITE) for each in shared), *pictures]
        shown = "".join(f'<img src="{server.url}{path}">' for path in paths)
        with hosted({"index.html": shown.encode(), "404.html": b""}) as webmail:
            reader = browser.new_page()
            reader.goto(webmail, wait_until="load")
            widths = reader.evaluate("[...document.images].map((each) => each.naturalWidth)")
            reader.close()

    assert len(shared) == 1
    assert pictures
    assert [width > 0 for width in widths] == [path != ours for path in paths]


def test_what_is_not_published_is_not_there(tmp_path: Path) -> None:
    root = tmp_path / "brev"
    made(root, "kim@kommun.se")
    with serving(root) as server:
        server.archive_is_made()
        assert server.ask("GET", "/archive/")[0] == 200
        assert server.ask("GET", f"/archive/{EDITION}/")[0] == 404
        assert server.ask("GET", f"/archive/../newsletters/{EDITION}/edition.toml")[0] == 404
        assert server.ask("GET", "/archive/%2e%2e/smakom-mail.toml")[0] == 404
        assert server.ask("GET", "/var/secret")[0] == 404
        assert server.ask("POST", "/archive/")[0] == 405


def test_a_folder_without_its_slash_leads_there(tmp_path: Path) -> None:
    root = tmp_path / "brev"
    made(root, "kim@kommun.se")
    publish(root, public=True)
    with serving(root) as server:
        server.archive_is_made()
        assert server.ask("GET", f"/archive/{EDITION}")[0] == 301


def test_the_server_answers_while_the_archive_is_made(tmp_path: Path) -> None:
    root = tmp_path / "brev"
    tokens = made(root, "kim@kommun.se")
    publish(root, public=True)
    making = take_lock(root / KEPT / LOCK)  # as another server that makes it holds it
    assert making is not None
    with serving(root, "--quiet") as server:
        paths = ("/archive/", f"/archive/{EDITION}/", "/archive/hemlig/", "/feed.xml")
        assert [server.ask("GET", path)[0] for path in paths] == [503] * 4
        assert "Arkivet görs i ordning" in server.ask("GET", "/archive/")[1].decode()
        assert server.ask("GET", "/healthz") == (200, b"ok\n")
        assert server.ask("GET", "/privacy")[0] == 200
        leaving = server.ask("POST", f"/u/{tokens['kim@kommun.se']}", b"List-Unsubscribe=One-Click")
        assert leaving[0] == 200
        assert server.ask("GET", "/nothing")[0] == 404

        making.release()
        server.archive_is_made()
        assert [server.ask("GET", path)[0] for path in paths] == [200, 200, 404, 200]
        assert server.end() == 0
    assert server.errors.read_text("utf-8") == ""


def test_a_server_that_is_told_to_end_does_not_wait_for_the_archive(tmp_path: Path) -> None:
    root = tmp_path / "brev"
    made(root, "kim@kommun.se")
    making = take_lock(root / KEPT / LOCK)
    assert making is not None
    with serving(root, "--quiet") as server:
        assert server.ask("GET", "/archive/")[0] == 503
        assert server.end() == 0
    assert server.errors.read_text("utf-8") == ""
    making.release()


def test_the_pages_lead_to_it_and_it_is_shown_whole(browser: Browser, tmp_path: Path) -> None:
    root = tmp_path / "brev"
    made(root, "kim@kommun.se")
    publish(root, public=True)
    with serving(root, "--quiet") as server:
        server.archive_is_made()
        page = browser.new_page(locale="sv-SE")
        trouble: list[str] = []
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(f"{server.url}/")
        page.get_by_role("link", name="Läs tidigare nummer").click()
        assert page.url == f"{server.url}/archive/"
        assert violations(page) == []
        page.goto(f"{server.url}/archive/{EDITION}/")
        assert violations(page) == []
        styled = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.close()

    assert trouble == []
    assert styled == "rgb(243, 241, 235)"
