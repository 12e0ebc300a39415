"""What a piece of code opens and connects to, seen by the interpreter itself."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_WATCHED = ("open", "socket.connect", "socket.getaddrinfo", "urllib.Request", "subprocess.Popen")
_lists: list[list[str]] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _lists and event in _WATCHED:
        for seen in _lists:
            seen.append(f"{event} {arguments[0]}")


@contextmanager
def watched() -> Iterator[list[str]]:
    """Give a list that fills with every file opened and every address asked for."""
    # An audit hook stays for good: it is added once, at the first use.
    if not getattr(watched, "hooked", False):
        sys.addaudithook(_hook)
        watched.hooked = True  # type: ignore[attr-defined] # a mark on the function itself
    seen: list[str] = []
    _lists.append(seen)
    try:
        yield seen
    finally:
        _lists.remove(seen)
