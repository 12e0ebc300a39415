"""What the preview answers to strangers: other names, other sites, other verbs (threat R10)."""

import asyncio
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from smakom_mail.web.preview.guard import PAGE_POLICY, Guard, loopback_names

HERE = "127.0.0.1:8025"


def asked(method: str = "GET", kind: str = "http", **headers: str) -> list[dict[str, Any]]:
    """Ask the guard before a page that says "page"; give the messages of the answer."""
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "method": method, "path": "/", "headers": pairs, "query_string": b""}
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 - whatever ASGI sends
        sent.append(message)

    guard = Guard(PlainTextResponse("page"), loopback_names(8025))
    asyncio.run(guard(scope, receive, send))
    return sent


def status(**headers: str) -> int:
    return int(asked(**headers)[0]["status"])


@pytest.mark.parametrize("host", [HERE, "localhost:8025", "LOCALHOST:8025", "[::1]:8025"])
def test_the_names_of_this_machine_are_answered(host: str) -> None:
    assert status(host=host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8025",
        "127.0.0.1",
        "127.0.0.1:8026",
        "localhost.evil.example:8025",
        "127.0.0.1.evil.example:8025",
        "127.0.0.1:8025@evil.example",
        "evil.example@127.0.0.1:8025",
        "0.0.0.0:8025",
        "2130706433:8025",
        "",
    ],
)
def test_any_other_name_is_misdirected(host: str) -> None:
    assert status(host=host) == 421


def test_a_request_without_a_name_or_with_two_is_misdirected() -> None:
    assert status() == 421
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "query_string": b""}
    scope["headers"] = [(b"host", HERE.encode()), (b"host", b"evil.example")]
    sent: list[Any] = []

    async def send(message: Any) -> None:  # noqa: ANN401 - whatever ASGI sends
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    guard = Guard(PlainTextResponse("page"), loopback_names(8025))
    asyncio.run(guard(scope, receive, send))
    assert sent[0]["status"] == 421


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"]
)
def test_only_reading_is_possible(method: str) -> None:
    answer = asked(method, host=HERE)
    assert answer[0]["status"] == 405
    assert (b"allow", b"GET, HEAD") in answer[0]["headers"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://evil.example:8025",
        "null",
        "http://127.0.0.1:8026",
        "https://127.0.0.1:8025",
    ],
)
def test_another_site_reads_nothing(origin: str) -> None:
    assert status(host=HERE, origin=origin) == 403


def test_its_own_page_may_ask() -> None:
    assert status(host=HERE, origin=f"http://{HERE}", sec_fetch_site="same-origin") == 200


def test_a_link_elsewhere_may_lead_here_but_nothing_else_of_that_page_reaches_in() -> None:
    assert status(host=HERE, sec_fetch_site="cross-site", sec_fetch_mode="navigate") == 200
    assert status(host=HERE, sec_fetch_site="cross-site", sec_fetch_mode="no-cors") == 403
    assert status(host=HERE, sec_fetch_site="same-site", sec_fetch_mode="cors") == 403


def test_no_other_origin_is_ever_allowed_and_every_answer_has_a_strict_policy() -> None:
    for answer in (asked(host=HERE), asked(host="evil.example"), asked("POST", host=HERE)):
        headers = {name.decode(): value.decode() for name, value in answer[0]["headers"]}
        assert not [name for name in headers if name.startswith("access-control-")]
        assert headers["content-security-policy"] == PAGE_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"


def test_a_web_socket_is_closed_before_it_opens() -> None:
    assert asked(kind="websocket", host=HERE) == [{"type": "websocket.close", "code": 1008}]


def test_the_policy_lets_no_inline_script_or_style_run() -> None:
    assert "unsafe" not in PAGE_POLICY
    assert "default-src 'none'" in PAGE_POLICY
