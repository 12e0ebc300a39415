"""Asking web addresses whether they answer: HEAD, which changes nothing, for a few seconds."""

import queue
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from http.client import HTTPException, HTTPMessage
from typing import IO

PATIENCE = 5.0
"""Seconds that all of them have together."""
_AT_ONCE = 6
_ALIVE = frozenset({401, 405, 501})
"""Answers of a server that is there, and does not like to be asked this way."""


class _Secure(urllib.request.HTTPRedirectHandler):
    """Follows redirects to https only."""

    def redirect_request(  # noqa: PLR0913, PLR0917 - as it is called
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Give the next request; nothing where it would leave https."""
        if not newurl.startswith("https://"):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def ask(urls: Iterable[str], patience: float = PATIENCE) -> dict[str, str]:
    """Say of each address what is wrong with it; nothing for one that answers.

    It ends after `patience` seconds, whatever a server does.
    """
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    found = dict.fromkeys(urls, f"does not answer within {patience:g} seconds")
    for url in found:
        waiting.put(url)
    told: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    for _ in range(min(_AT_ONCE, len(found))):
        # As daemons: a server that drips one byte a second must not keep the program.
        threading.Thread(target=_work, args=(waiting, told, patience), daemon=True).start()
    end = time.monotonic() + patience
    for _ in range(len(found)):
        try:
            url, why = told.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        found[url] = why
    return found


def _work(
    waiting: "queue.SimpleQueue[str]",
    told: "queue.SimpleQueue[tuple[str, str]]",
    patience: float,
) -> None:
    while True:
        try:
            url = waiting.get_nowait()
        except queue.Empty:
            return
        told.put((url, _asked(url, patience)))


def _asked(url: str, patience: float) -> str:
    if not url.startswith(("https://", "http://")):
        return "is no web address"
    try:
        request = urllib.request.Request(url, method="HEAD", headers={"User-Agent": "smakom-mail"})  # noqa: S310 - looked at above
        with urllib.request.build_opener(_Secure).open(request, timeout=patience):
            return ""
    except urllib.error.HTTPError as error:
        error.close()
        return "" if error.code in _ALIVE else f"answers {error.code}"
    except urllib.error.URLError as error:
        return _reason(error.reason, patience)
    except (OSError, HTTPException, ValueError) as error:
        return _reason(error, patience)


def _reason(error: object, patience: float) -> str:
    if isinstance(error, TimeoutError):
        return f"does not answer within {patience:g} seconds"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "has no valid certificate"
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be reached: {error.strerror}"
    return "cannot be reached"
