"""Who asks: language and network."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.config.serving import ServeSettings
from smakom_mail.web.public.visitors import network_of, preferred

TRUSTED = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("10.0.0.0/8"))


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "sv"),
        ("en", "en"),
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("en-US,en;q=0.9,sv;q=0.8", "en"),
        ("de-DE,de;q=0.9,en;q=0.3,sv;q=0.2", "en"),
        ("fi,nb", "sv"),
        ("en;q=0,sv;q=0.1", "sv"),
        ("en;q=0", "sv"),
        ("*", "sv"),
        ("en;q=x,;;,,sv", "sv"),
        ("," * 100_000 + "en", "sv"),
    ],
)
def test_the_browser_says_which_language(header: str, language: str) -> None:
    assert preferred(header, "sv") == language


@given(st.text(max_size=200))
def test_any_header_gives_one_of_ours(header: str) -> None:
    assert preferred(header, "sv") in ("sv", "en")


@pytest.mark.parametrize(
    ("peer", "forwarded", "network"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "evil, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "192.0.2.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("127.0.0.1", "[2001:db8:1:2::5]:4711", "2001:db8:1::/56"),
        ("127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1::/56"),
        ("127.0.0.1", "nobody", ""),
        ("127.0.0.1", "", "127.0.0.1"),
        ("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "", "fe80::/56"),
        ("", "203.0.113.9", ""),
    ],
)
def test_only_a_trusted_proxy_is_believed(peer: str, forwarded: str, network: str) -> None:
    assert network_of(peer, forwarded, TRUSTED) == network


def test_where_nobody_is_trusted_nobody_is_believed() -> None:
    assert network_of("127.0.0.1", "203.0.113.9", ()) == "127.0.0.1"


def test_a_proxy_on_this_machine_is_trusted_unless_told_otherwise() -> None:
    trusted = ServeSettings().trusted_proxies

    assert network_of("127.0.0.1", "203.0.113.9", trusted) == "203.0.113.9"
    assert network_of("::1", "203.0.113.9", trusted) == "203.0.113.9"
    assert network_of("198.51.100.7", "203.0.113.9", trusted) == "198.51.100.7"


@given(st.text(max_size=100), st.text(max_size=300))
def test_any_header_gives_a_network_or_none(peer: str, forwarded: str) -> None:
    assert isinstance(network_of(peer, forwarded, TRUSTED), str)
