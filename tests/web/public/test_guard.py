"""What stands before the pages: methods, sizes, hosts, origins, headers, a log without names."""

import pytest

from smakom_mail.web.public.fields import LARGEST
from smakom_mail.web.public.guard import LARGEST_HEAD, POLICY, shown_path
from tests.web.public.visiting import BO, Visited

HOSTS = (
    "nyhetsbrev.forening.example", "evil.example", "evil.example:8026", "localhost", "127.0.0.1",
    "[::1]:8026", "", "nyhetsbrev.forening.example.evil.example", "a" * 300,
    "evil.example\x09x",
)  # fmt: skip
ORIGINS = (
    "https://nyhetsbrev.forening.example",
    "https://evil.example",
    "null",
    "http://localhost:8026",
    "chrome-extension://abc",
)
PATHS = ("/", "/subscribe", "/preferences", "/privacy", "/accessibility", "/nothing", "/healthz")


@pytest.mark.parametrize("path", PATHS)
def test_the_host_header_changes_no_byte(pages: Visited, path: str) -> None:
    pages.clock.passes(seconds=1)
    answers = {pages.get(path, {"host": host}).body for host in HOSTS}

    assert len(answers) == 1
    assert b"evil" not in answers.pop()


@pytest.mark.parametrize("origin", ORIGINS)
def test_leaving_never_asks_where_it_comes_from(pages: Visited, origin: str) -> None:
    headers = {"origin": origin, "sec-fetch-site": "cross-site"}

    assert pages.post(f"/u/{pages.token(BO)}", b"", headers).status == 200
    assert pages.lists(BO) == {"prenumeranter": "left"}


def test_no_answer_may_be_read_by_another_site(pages: Visited) -> None:
    for origin in ORIGINS:
        answer = pages.get("/", {"origin": origin})
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", [*PATHS, "/u/abc", "/confirm/abc", "/preferences/abc"])
def test_every_answer_has_its_headers_and_no_cookie(pages: Visited, path: str) -> None:
    headers = pages.get(path).headers

    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert "set-cookie" not in headers
    assert "server" not in headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "X"])
def test_other_methods_are_refused(pages: Visited, method: str) -> None:
    answer = pages.get("/subscribe", method=method)

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")


def test_a_post_where_nothing_is_taken_is_refused(pages: Visited) -> None:
    assert pages.post("/privacy").status == 405
    assert pages.post("/archive/").status == 405


def test_a_body_may_be_so_large_and_no_larger(pages: Visited) -> None:
    fits = b"x=" + b"y" * (LARGEST - 2)
    assert pages.post(f"/u/{pages.token(BO)}", fits).status == 200

    refused = pages.post("/subscribe", fits + b"y", {"accept-language": "sv"})
    assert (refused.status, refused.headers["connection"]) == (413, "close")
    assert "<h1>Det var för mycket på en gång</h1>" in refused.text
    # One that hides its length is read so far and no further.
    assert pages.asked("POST", "/subscribe", {"content-type": "text/plain"}, fits * 3).status == 413
    for length in ("-1", "1e3", "9" * 40, "１２", "abc"):
        latin = length.encode("utf-8").decode("latin-1")
        assert pages.post("/subscribe", b"", {"content-length": latin}).status == 413


@pytest.mark.parametrize("head", [{}, {"content-length": "junk"}, {"content-length": "9" * 40}])
def test_who_leaves_leaves_whatever_the_size_of_the_body(
    pages: Visited, head: dict[str, str]
) -> None:
    body = b"List-Unsubscribe=One-Click&x=" + b"y" * LARGEST

    answer = pages.post(f"/u/{pages.token(BO)}", body, {"accept-language": "sv"} | head)

    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert "<h1>Prenumerationen är avslutad</h1>" in answer.text
    assert pages.lists(BO) == {"prenumeranter": "left"}
    for below in ("undo", "why"):  # nobody's no
        assert pages.post(f"/u/{pages.token(BO)}/{below}", body).status == 413


def test_the_head_of_a_request_may_be_so_large_and_no_larger(pages: Visited) -> None:
    assert pages.get("/", {"x-a": "y" * (LARGEST_HEAD - 200)}).status == 200

    refused = pages.get("/", {"x-a": "y" * (LARGEST_HEAD // 2), "x-b": "y" * (LARGEST_HEAD // 2)})

    assert (refused.status, refused.headers["connection"]) == (431, "close")
    assert refused.text == "The head of the request is too large.\n"
    assert pages.get(f"/?{'y' * LARGEST_HEAD}").status == 431


def test_a_body_that_never_comes_is_not_waited_for(
    pages: Visited, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smakom_mail.web.public.fields.SLOWEST", 0.01)
    headers = {"content-type": "application/x-www-form-urlencoded", "content-length": "26"}

    assert pages.asked("POST", "/subscribe", headers, None).status == 408
    # Whoever asked to leave leaves, also when the rest is lost on the way.
    assert pages.asked("POST", f"/u/{pages.token(BO)}", headers, None).status == 200
    assert pages.lists(BO) == {"prenumeranter": "left"}


def test_the_log_names_nobody(pages: Visited) -> None:
    token = pages.token(BO)
    for path in (
        f"/u/{token}",
        f"/confirm/{token}",
        f"/preferences/{token}/x",
        "/?email=bo@kommun.se",
    ):
        pages.get(path)
    pages.get("/bo@kommun.se\n2026 GET / 200")
    pages.post(f"/u/{token}/undo")

    assert [line.rpartition(" ")[0].rpartition(" ")[0] for line in pages.log] == [
        "GET /u/… 200",
        "GET /confirm/… 404",
        "GET /preferences/… 404",
        "GET / 200",
        "GET (another path) 404",
        "POST /u/… 200",
    ]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/archive/januari-2021/", "/archive/januari-2021/"),
        ("/u/" + "A" * 36, "/u/…"),
        ("/u/x\n/privacy", "/u/…"),
        ("/Kim%40kommun.se", "(another path)"),
        ("/" + "a" * 200, "(another path)"),
    ],
)
def test_a_path_is_shown_without_what_somebody_made_up(path: str, shown: str) -> None:
    assert shown_path(path) == shown
