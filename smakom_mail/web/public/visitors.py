"""Who asks: their language, and the network they come from as far as that can be believed."""

import ipaddress
import re

from starlette.requests import Request

from smakom_mail.config.serving import Network

LANGUAGES = ("sv", "en")
_RANGE = re.compile(r"\s*([a-zA-Z]{1,8})(?:-[a-zA-Z0-9-]{1,32})?\s*(?:;\s*q=([0-9.]{1,6})\s*)?")
_LONGEST = 500
_PREFIX = 56
"""Of IPv6 a household or an office has at least so much to itself."""


def chosen_language(request: Request, default: str) -> str:
    """Give the language to answer in: what the address asks for, else what the browser prefers."""
    header = request.headers.get("accept-language", "")
    return asked_language(request) or preferred(header, default)


def asked_language(request: Request) -> str:
    """Give the language that the address asks for, which its visitor has chosen; or nothing."""
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else ""


def preferred(header: str, default: str) -> str:
    """Give the first of our languages in an Accept-Language; `default` where it has none."""
    found: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:_LONGEST].split(",")):
        match = _RANGE.fullmatch(part)
        if match and match[1].lower() in LANGUAGES and (weight := _weight(match[2])) > 0:
            found.append((-weight, place, match[1].lower()))
    return min(found)[2] if found else default


def _weight(text: str | None) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def network_of(peer: str, forwarded: str, trusted: tuple[Network, ...]) -> str:
    """Give the network that a request comes from; empty where nobody can tell.

    `forwarded` is X-Forwarded-For, read from its end for as long as who wrote it is trusted: what
    stands before the first stranger could be anybody's invention.
    """
    hops = [part.strip() for part in forwarded[-2_000:].split(",") if part.strip()]
    address = _address(peer)
    while address is not None and _is_trusted(address, trusted) and hops:
        address = _address(hops.pop())
    if address is None:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _PREFIX), strict=False))
    return str(address)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found


def _is_trusted(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, trusted: tuple[Network, ...]
) -> bool:
    return any(address in network for network in trusted if network.version == address.version)
