"""What keeps the tests on this machine and out of the home folder.

The guards work on this process. The programs that tests start inherit the cleared environment;
the browser has a guard of its own (tests/browser.py).
"""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

SEND_METHODS = ("connect", "connect_ex", "sendto", "sendmsg")
LOOKUPS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr")
OWN_PREFIX = "SMAKOM_MAIL_"
# Each has a default below the home folder, which is moved; a value of its own would win over it.
HOME_VARIABLES = {
    "HOME": "",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_RUNTIME_DIR": ".run",
}


class OutsideAddressError(BaseException):
    """A test wanted to leave the machine.

    Not an Exception: code under test that outlives a network fault must not outlive this.
    """

    def __init__(self, call: str, address: object) -> None:
        """Name the call and the address."""
        super().__init__(f"{call} wanted to reach {address!r}: tests reach loopback only")


def is_loopback(host: object) -> bool:
    """Say whether a host, as a socket call is given it, is this machine by loopback."""
    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", "replace")
    if host is None or host in {"", "localhost"}:
        return True
    if not isinstance(host, str):
        return False
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guarded_method(name: str) -> Callable[..., Any]:
    original = getattr(socket.socket, name)

    def guarded(self: socket.socket, *args: Any) -> Any:  # noqa: ANN401 - as the method it stands for
        # sendmsg takes its address fourth, and neither sendmsg nor connected sockets need one.
        address = args[3] if name == "sendmsg" and len(args) > 3 else args[-1]
        given = name != "sendmsg" or len(args) > 3
        local = self.family not in {socket.AF_INET, socket.AF_INET6}
        if not local and given and address is not None and not is_loopback(address[0]):
            raise OutsideAddressError(f"socket.{name}", address)
        return original(self, *args)

    return guarded


def _guarded_lookup(name: str) -> Callable[..., Any]:
    original = getattr(socket, name)

    def guarded(host: object, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the function it stands for
        if not is_loopback(host):
            raise OutsideAddressError(f"socket.{name}", host)
        return original(host, *args, **kwargs)

    return guarded


@contextmanager
def no_network() -> Iterator[None]:
    """Let sockets reach loopback and unix sockets; anything else raises OutsideAddressError."""
    with ExitStack() as patches:
        for name in SEND_METHODS:
            patches.enter_context(patch.object(socket.socket, name, _guarded_method(name)))
        for name in LOOKUPS:
            patches.enter_context(patch.object(socket, name, _guarded_lookup(name)))
        yield


@contextmanager
def own_environment(home: Path) -> Iterator[None]:
    """Move the home folder to an empty one and take all SMAKOM_MAIL_* variables away."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN_PREFIX)}
    moved = {name: str(home / below) for name, below in HOME_VARIABLES.items()}
    with patch.dict(os.environ, kept | moved, clear=True):
        yield


def written_to(home: Path) -> list[str]:
    """List what stands in a folder that should have stayed empty."""
    return sorted(str(path.relative_to(home)) for path in home.rglob("*"))
