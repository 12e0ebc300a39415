"""How a session proves who it is: PLAIN, LOGIN and XOAUTH2."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field

MECHANISMS = ("plain", "login", "xoauth2")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who logs in, and by what. The secrets never show.

    `mechanism` is one of MECHANISMS, "auto" for the best that the relay offers, or "" for none.
    """

    mechanism: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def wanted(credentials: Credentials) -> tuple[str, ...]:
    """Give the mechanisms that these credentials can be used with, the best first."""
    if not credentials.mechanism or not credentials.username:
        return ()
    if credentials.mechanism != "auto":
        return (credentials.mechanism.upper(),)
    return ("XOAUTH2",) if credentials.token else ("PLAIN", "LOGIN")


def chosen(credentials: Credentials, offered: Iterable[str]) -> str | None:
    """Give the mechanism to use, or None where the relay offers none that fits."""
    return next((name for name in wanted(credentials) if name in set(offered)), None)


class Exchange:
    """One login: the first line to send, and an answer to each challenge."""

    def __init__(self, credentials: Credentials, mechanism: str) -> None:
        """Write all lines down."""
        self._answers: list[bytes] = []
        if mechanism == "PLAIN":
            plain = f"\0{credentials.username}\0{credentials.password}"
            self.first = b"AUTH PLAIN " + _coded(plain)
        elif mechanism == "XOAUTH2":
            bearer = f"user={credentials.username}\x01auth=Bearer {credentials.token}\x01\x01"
            self.first = b"AUTH XOAUTH2 " + _coded(bearer)
            # A challenge holds the reason for a refusal: an empty line asks for the refusal itself.
            self._answers = [b"\r\n"]
        else:
            self.first = b"AUTH LOGIN\r\n"
            self._answers = [_coded(credentials.username), _coded(credentials.password)]

    def answer(self) -> bytes | None:
        """Answer a challenge (334), or give None where there is nothing more to say."""
        return self._answers.pop(0) if self._answers else None


def _coded(text: str) -> bytes:
    return b64encode(text.encode("utf-8")) + b"\r\n"
