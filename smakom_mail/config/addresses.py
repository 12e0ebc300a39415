"""What is a mail address, a host, an address on the web; nothing is looked up."""

import ipaddress
import re
from urllib.parse import quote, urlsplit

_MAILTO = "@!$'*+-.^_`{|}~"
"""What an address in a mailto: keeps as it is (RFC 6068 section 2)."""
_HOST = re.compile(r"[^\W_](?:[\w-]*\w)?(?:\.[^\W_](?:[\w-]*\w)?)*\.?")


def is_address(value: str) -> bool:
    """Say whether `value` is a bare RFC 5321 mail address (nothing is looked up)."""
    return ascii_address(value) != ""


def ascii_address(value: str) -> str:
    """Give a mail address as headers carry it, its domain in IDNA; nothing for what is none.

    A local part that needs SMTPUTF8 (RFC 6531) is none: few relays take it.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(
            value, allow_smtputf8=False, check_deliverability=False, test_environment=True
        )
    except EmailNotValidError:
        return ""
    return found.ascii_email or ""


def mail_link(address: str, subject: str) -> str:
    """Give the link that opens a mail to an address in ASCII with a subject (RFC 6068)."""
    return f"mailto:{quote(address, safe=_MAILTO)}?subject={quote(subject, safe='')}"


def ascii_domain(value: str) -> str:
    """Give the domain of addresses as the database has it: IDNA; nothing for what is none."""
    return ascii_address(f"x@{value}").removeprefix("x@")


def is_website(url: str) -> bool:
    """Say whether `url` is an https address."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not re.search(r"[\s<>\"]", url)


def is_site_url(url: str) -> bool:
    """Say whether `url` can be the public address: https, or plain http to loopback."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    if not re.fullmatch(r"[\w.:\[\]-]+", parts.netloc) or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_host(value: str) -> bool:
    """Say whether `value` can be the name or the IP address of a host, without a port."""
    return is_ip(value) or (len(value) <= 253 and _HOST.fullmatch(value) is not None)


def is_ip(value: str) -> bool:
    """Say whether `value` is an IP address."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Say whether `host` is this machine, which needs no encryption to be spoken to."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
