"""What stands before the public pages: methods, sizes, headers, a log that names nobody.

The Host header is never looked at: absolute addresses come from the settings, links within the
pages have no host. There is no cookie to steal and no script to run.
"""

import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from smakom_mail.web.public.fields import LARGEST

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_ALLOWED = ", ".join(METHODS)
_HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_SECURE = "max-age=31536000"
_SECRET = re.compile(r"/(u|confirm|preferences)/.*", re.DOTALL)
_PLAIN = re.compile(r"/[a-z0-9åäö._/-]{0,120}")
_TAIL = re.compile(r"[^A-Za-z0-9_-]*")
_LEAVING = re.compile(r"/u/[^/]+")
LONGEST_PATH = 2_000
LARGEST_HEAD = 16 * 1024
"""Bytes of a request before its body: browsers and proxies send one or two thousand."""
HEAD_TOO_LARGE = "The head of the request is too large.\n"


class Guard:
    """Refuses what no page of ours takes, and gives every answer its headers."""

    def __init__(
        self,
        app: ASGIApp,
        site_url: str,
        log: Callable[[str], None],
        too_large: Callable[[Request], Response],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the application behind, the public address, and where lines of the log go.

        `too_large` gives the page for a body that nobody has to send.
        """
        self.app = app
        self.too_large = too_large
        self.log = log
        self.clock = clock
        parts = urlsplit(site_url)
        self.prefix = parts.path.rstrip("/")
        self.headers = dict(_HEADERS)
        if parts.scheme == "https":
            self.headers["strict-transport-security"] = _SECURE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # a web socket: there is none
            await send({"type": "websocket.close", "code": 1008})
            return
        began = self.clock()
        status = 500

        async def with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        scope = _tidied(self._below_prefix(scope))
        try:
            await (self._refusal(scope) or self.app)(scope, receive, with_headers)
        finally:
            spent = (self.clock() - began) * 1000
            self.log(f"{scope['method']} {shown_path(scope['path'])} {status} {spent:.0f} ms")

    def _below_prefix(self, scope: Scope) -> Scope:
        """Let the pages be at the path of the public address, whether or not a proxy strips it."""
        path = scope["path"]
        if self.prefix and (path == self.prefix or path.startswith(f"{self.prefix}/")):
            return {**scope, "path": path[len(self.prefix) :] or "/", "raw_path": b""}
        return scope

    def _refusal(self, scope: Scope) -> Response | None:
        if _head(scope) > LARGEST_HEAD:
            return PlainTextResponse(HEAD_TOO_LARGE, 431, {"connection": "close"})
        if scope["method"] not in METHODS:
            return PlainTextResponse("Not here.\n", 405, {"allow": _ALLOWED})
        if scope["method"] == "OPTIONS":
            return Response(None, 204, {"allow": _ALLOWED})
        if len(scope["path"]) > LONGEST_PATH:
            return PlainTextResponse("The address is too long.\n", 414)
        if scope["method"] == "POST" and _LEAVING.fullmatch(scope["path"]):
            return None  # it acts whatever comes with it: only the token counts
        length = Headers(scope=scope).get("content-length", "")
        if length.isdecimal() and len(length) < 20 and int(length) <= LARGEST:
            return None
        return self.too_large(Request(scope)) if length else None


def _tidied(scope: Scope) -> Scope:
    """Take off what mail programs leave behind a link in plain text, and no token ends with."""
    path = scope["path"]
    tail = _TAIL.match(path[::-1])
    bare = path[: -tail.end()] if tail and tail.end() else path
    if bare == path or not _SECRET.match(bare):
        return scope
    return {**scope, "path": bare, "raw_path": b""}


def _head(scope: Scope) -> int:
    lines = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
    return lines + len(scope["path"]) + len(scope["query_string"])


def shown_path(path: str) -> str:
    """Give a path as a log may have it: no token, nothing that somebody made up."""
    if found := _SECRET.match(path):
        return f"/{found[1]}/…"
    return path if _PLAIN.fullmatch(path) else "(another path)"
