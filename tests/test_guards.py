"""The guards around all tests hold."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import find_chromium
from tests.guards import OutsideAddressError, is_loopback, own_environment, written_to

OUTSIDE = "192.0.2.1"  # RFC 5737: for documentation, never in use


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.9.10", "::1", "::1%lo", b"127.0.0.1", "localhost", "", None]
)
def test_loopback_is_allowed(host: object) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", [OUTSIDE, "10.0.0.1", "0.0.0.0", "::", "localhost.example", 7])  # noqa: S104 - must be refused
def test_everything_else_is_outside(host: object) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_connecting_outside_raises_and_names_the_address(method: str) -> None:
    with (
        socket.socket() as sock,
        pytest.raises(OutsideAddressError, match=rf"{method} .*'192\.0\.2\.1', 25"),
    ):
        getattr(sock, method)((OUTSIDE, 25))


def test_connecting_outside_over_ipv6_raises() -> None:
    with (
        socket.socket(socket.AF_INET6) as sock,
        pytest.raises(OutsideAddressError, match="2001:db8::1"),
    ):
        sock.connect(("2001:db8::1", 25))


def test_datagrams_outside_raise() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        with pytest.raises(OutsideAddressError, match="sendto"):
            sock.sendto(b"x", (OUTSIDE, 53))
        with pytest.raises(OutsideAddressError, match="sendto"):
            sock.sendto(b"x", 0, (OUTSIDE, 53))
        with pytest.raises(OutsideAddressError, match="sendmsg"):
            sock.sendmsg([b"x"], [], 0, (OUTSIDE, 53))


@pytest.mark.parametrize(
    "lookup", ["getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"]
)
def test_looking_up_a_name_raises(lookup: str) -> None:
    arguments = ("relay.example", 25) if lookup == "getaddrinfo" else ("relay.example",)
    with pytest.raises(OutsideAddressError, match=rf"{lookup} .*relay\.example"):
        getattr(socket, lookup)(*arguments)


def test_code_that_outlives_network_faults_does_not_outlive_the_guard() -> None:
    assert not issubclass(OutsideAddressError, Exception)


def test_loopback_works() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        with socket.create_connection(("localhost", address[1])) as client:
            peer, _ = server.accept()
            with peer:
                client.sendmsg([b"hello"])
                assert peer.recv(5) == b"hello"


def test_unix_sockets_work(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))


def test_home_is_an_empty_folder_of_the_tests(home: Path) -> None:
    assert Path.home() == home
    assert written_to(home) == []
    assert all(
        value.startswith(str(home)) for name, value in os.environ.items() if name[:4] == "XDG_"
    )


def test_writing_into_home_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config" / "smakom").touch()
    assert written_to(tmp_path) == [".config", ".config/smakom"]


def test_own_variables_are_taken_away_and_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMAKOM_MAIL_RELAY_HOST", "relay.example")
    with own_environment(tmp_path):
        assert not [name for name in os.environ if name.startswith("SMAKOM_MAIL_")]
        assert os.environ["XDG_CONFIG_HOME"] == str(tmp_path / ".config")
    assert os.environ["SMAKOM_MAIL_RELAY_HOST"] == "relay.example"


def test_programs_started_by_tests_get_the_same_environment(home: Path) -> None:
    script = (
        "import os, pathlib; print(pathlib.Path.home(), *(n for n in os.environ if 'SMAKOM' in n))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert result.stdout.strip() == str(home)


def test_without_chromium_tests_fail_and_say_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        find_chromium()
