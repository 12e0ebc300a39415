"""Asking web addresses whether they answer, and the sentences that the plan makes of it."""

import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from smakom_mail.model.edition import Picture
from smakom_mail.services.checking import check_edition
from smakom_mail.services.sending.reachable import is_reserved, look_outside
from smakom_mail.store.publications import say_published
from smakom_mail.tokens import read_token
from smakom_mail.web.asking import ask
from tests.services.receiving import EDITION, THEN, newsletter, opened, place


class Host(ThreadingHTTPServer):
    """A web host that answers by the path, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on loopback."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.missing: tuple[str, ...] = ()
        self.over = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """Answers /NUMBER with that status, /slow for ever, and 200."""

    def do_HEAD(self) -> None:
        """Answer."""
        host = self.server
        assert isinstance(host, Host)
        host.asked.append(f"{self.command} {self.path}")
        name = self.path.rsplit("/", 1)[-1]
        if name == "slow":
            while not host.over.wait(0.05):
                self.wfile.write(b"H")
            return
        missing = any(self.path.startswith(each) for each in host.missing)
        self.send_response(int(name) if name.isdigit() else 404 if missing else 200)
        if name == "302":
            self.send_header("Location", f"{host.url}/elsewhere")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def host() -> Iterator[Host]:
    """Run a web host."""
    with Host() as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.over.set()
        running.shutdown()
        thread.join()


def test_each_address_is_asked_once_and_what_is_wrong_is_told(host: Host) -> None:
    names = ("fine.png", "404", "410", "500", "405", "401", "302")
    urls = {name: f"{host.url}/{name}" for name in names}

    found = ask([*urls.values(), *urls.values()])

    assert {name: found[url] for name, url in urls.items()} == {
        "fine.png": "",
        "404": "answers 404",
        "410": "answers 410",
        "500": "answers 500",
        "405": "",
        "401": "",
        "302": "answers 302",
    }
    assert sorted(host.asked) == sorted(f"HEAD /{name}" for name in names)


def test_who_is_not_there_or_drips_or_has_no_web_address_is_told(host: Host) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        urls = [closed, f"{host.url}/slow", "file:///etc/passwd", "http://[", f"{host.url}/a"]

        found = ask(urls, patience=1)

    assert list(found.values()) == [
        "cannot be reached: Connection refused",
        "does not answer within 1 seconds",
        "is no web address",
        "cannot be reached",
        "",
    ]


def test_nothing_is_asked_where_there_is_nothing_to_ask() -> None:
    assert ask([]) == {}


@pytest.mark.parametrize(
    ("host_name", "reserved"),
    [
        ("brev.forening.example", True),
        ("EXAMPLE.com.", True),
        ("www.example.org", True),
        ("a.test", True),
        ("localhost", True),
        ("x.localhost", True),
        ("no.invalid", True),
        ("", False),
        ("127.0.0.1", False),
        ("example.se", False),
        ("notexample.com", False),
        ("example.com.se", False),
    ],
)
def test_examples_are_known(host_name: str, reserved: bool) -> None:  # noqa: FBT001 - a column
    assert is_reserved(host_name) is reserved


def notes(root: Path, environment: Mapping[str, str], *, pictures: int = 2) -> tuple[str, ...]:
    """Give what the plan of a small edition says, with so many pictures in it."""
    rendered = check_edition(place(root, environment), EDITION).rendered
    assert rendered is not None
    shown = tuple(Picture(f"images/{n}.png", f"{n}.png", 1, 1, b"x") for n in range(pictures))
    with opened(root, environment) as store:
        return look_outside(store, replace(rendered, pictures=shown), ask).notes


def test_the_plan_says_which_addresses_of_the_mail_lead_nowhere(host: Host, tmp_path: Path) -> None:
    root = newsletter(tmp_path / "project")
    site = {"SMAKOM_MAIL_SITE_URL": host.url}

    assert notes(root, site) == ()
    host.missing = ("/u/", "/archive/exempel/images/1")
    assert notes(root, site) == (
        (
            f"1 of 2 pictures cannot be seen yet; {host.url}/archive/exempel/images/1.png "
            "answers 404: publish the archive first (docs/deploy.md)"
        ),
        (f"nobody can leave by the link in the mail: {host.url}/u/… answers 404 (docs/deploy.md)"),
    )


@pytest.mark.parametrize("published", [True, False])
def test_pictures_that_serve_will_show_from_the_beginning_on_are_not_missed(
    host: Host,
    tmp_path: Path,
    published: bool,  # noqa: FBT001 - a column
) -> None:
    root = newsletter(tmp_path / "project")
    site = {"SMAKOM_MAIL_SITE_URL": host.url}
    host.missing = ("/archive/",)

    assert notes(root, site) == ()
    with opened(root, site) as store, store.database.transaction():
        say_published(store.database, EDITION, THEN, published=published)
    assert [note.partition(";")[0] for note in notes(root, site)] == [
        "2 of 2 pictures cannot be seen yet"
    ]


def test_the_token_that_is_asked_for_is_a_good_one_of_nobody(host: Host, tmp_path: Path) -> None:
    root = newsletter(tmp_path / "project")
    site = {"SMAKOM_MAIL_SITE_URL": host.url}

    notes(root, site, pictures=0)
    notes(root, site, pictures=0)

    tokens = [each.removeprefix("HEAD /u/") for each in host.asked if "/u/" in each]
    assert len({*tokens}) == 2
    with opened(root, site) as store:
        assert all(read_token(store.keyring, "unsubscribe", each) for each in tokens)


def test_examples_are_never_asked_and_without_a_person_nothing_is(tmp_path: Path) -> None:
    root = newsletter(tmp_path / "project")
    rendered = check_edition(place(root), EDITION).rendered
    asked: list[str] = []

    def remember(urls: object) -> dict[str, str]:
        asked.append(str(urls))
        return {}

    with opened(root) as store:
        assert store.workplace.config.site_url.endswith(".example")
        assert look_outside(store, rendered, remember).notes == ()
    elsewhere = {"SMAKOM_MAIL_SITE_URL": "https://brev.forening.se"}
    with opened(root, elsewhere) as store:
        assert look_outside(store, rendered, None).notes == ()
        look_outside(store, rendered, remember)

    assert len(asked) == 1


def without_pages(root: Path) -> Path:
    """Let no page answer."""
    settings = root / "smakom-mail.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("[site]\n", "[site]\npages = false\n"), "utf-8")
    return root


def upload(root: Path, environment: Mapping[str, str], *, asks: bool = True) -> str:
    """Give what is left to do once the edition begins to be sent."""
    rendered = check_edition(place(root, environment), EDITION).rendered
    with opened(root, environment) as store:
        return look_outside(store, rendered, ask if asks else None).upload


def test_on_a_plain_host_the_plan_names_a_web_version_that_is_not_there(
    host: Host, tmp_path: Path
) -> None:
    root = without_pages(newsletter(tmp_path / "project"))
    site = {"SMAKOM_MAIL_SITE_URL": host.url}
    host.missing = ("/archive/",)

    assert notes(root, site, pictures=0) == (
        (
            f"the web version cannot be read yet; {host.url}/archive/exempel/ answers 404: "
            "smakom-mail archive --publish exempel, and upload it (docs/deploy.md)"
        ),
    )
    assert [note.partition(";")[0] for note in notes(root, site)] == [
        "2 of 2 pictures cannot be seen yet"
    ]


def test_once_it_begins_a_plain_host_needs_the_archive_unless_it_has_it(
    host: Host, tmp_path: Path
) -> None:
    root = without_pages(newsletter(tmp_path / "project"))
    site = {"SMAKOM_MAIL_SITE_URL": host.url}
    words = (
        "for the link to the web version: smakom-mail archive{}, and upload build/_archive to "
        f"{host.url} (docs/archive.md)"
    )

    assert upload(root, site) == ""
    assert upload(root, site, asks=False) == words.format("")
    host.missing = ("/archive/",)
    assert upload(root, site) == words.format("")
    with opened(root, site) as store, store.database.transaction():
        say_published(store.database, EDITION, THEN, published=False)
    assert upload(root, site) == words.format(" --publish exempel")


def test_where_serve_shows_the_archive_nothing_is_left_to_do(host: Host, tmp_path: Path) -> None:
    root = newsletter(tmp_path / "project")
    host.missing = ("/archive/",)

    assert upload(root, {"SMAKOM_MAIL_SITE_URL": host.url}) == ""
    assert upload(root, {}, asks=False) == ""


def test_where_serve_does_not_answer_the_archive_has_to_be_uploaded(
    host: Host, tmp_path: Path
) -> None:
    root = newsletter(tmp_path / "project")
    host.missing = ("/archive/", "/u/")

    assert upload(root, {"SMAKOM_MAIL_SITE_URL": host.url}) == (
        "for the link to the web version: smakom-mail archive, and upload build/_archive to "
        f"{host.url} (docs/archive.md)"
    )
