"""The installed `serve`, running for a newsletter with people, as its readers reach it."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from smakom_mail.services.storing import Store
from smakom_mail.store.lists import scope_code
from smakom_mail.store.people import find_by_key
from smakom_mail.tokens import Purpose, make_token
from tests.services.receiving import add, newsletter, opened, person


@dataclass
class Serving:
    """A server that runs: its project, its process, its address, and what it wrote on stderr."""

    root: Path
    process: subprocess.Popen[str]
    url: str
    errors: Path

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = {}
    ) -> tuple[int, bytes]:
        """Ask as any HTTP client does; give the status and the body."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        try:
            connection.request(method, path, body or None, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def archive_is_made(self) -> None:
        """Wait until the archive has been made, which the server does beside its answers."""
        while self.ask("GET", "/feed.xml")[0] == 503:
            time.sleep(0.05)

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal; give its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=80)


def made(root: Path, *emails: str, lists: tuple[str, ...] = ("prenumeranter",)) -> dict[str, str]:
    """Make a newsletter with people; give each one's token for leaving."""
    newsletter(root)
    with opened(root) as store:
        add(store, *(person(store, email, *lists) for email in emails))
        return {email: token(store, email, lists[:1]) for email in emails}


def token(
    store: Store, email: str, lists: tuple[str, ...], purpose: Purpose = "unsubscribe"
) -> str:
    """Give a token of somebody."""
    found = find_by_key(store.database, email)
    assert found is not None, email
    code = scope_code(store.database, lists)
    return make_token(store.keyring, purpose, bytes.fromhex(found.ref), code)


@contextmanager
def serving(root: Path, *arguments: str) -> Iterator[Serving]:
    """Start the server as its operator does, and end it."""
    errors = root / "serve.err"
    command = [sys.executable, "-m", "smakom_mail", "serve", "--port", "0", *arguments]
    with errors.open("a", encoding="utf-8") as stream:
        process = subprocess.Popen(
            command, cwd=root, env={**os.environ}, stdout=subprocess.PIPE, stderr=stream, text=True
        )
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("serving http://127.0.0.1:"), line + errors.read_text("utf-8")
        yield Serving(root, process, line.split()[1].rstrip("/"), errors)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=80)


def form(**fields: str) -> tuple[bytes, dict[str, str]]:
    """Give a form as a browser sends it."""
    kind = {"content-type": "application/x-www-form-urlencoded"}
    return urlencode(fields).encode(), kind
