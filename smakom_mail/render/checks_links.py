"""Rules over the links of the finished mail: places in it, and words that name another host."""

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.render.inspection import Inspection

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()]+", re.IGNORECASE)
# Alone in a link, a name such as ``smakom.se`` is an address; ``rapport.pdf`` is a file.
_BARE = re.compile(r"(?:[\w-]+\.)+([a-z]{2,})(?:/\S*)?", re.IGNORECASE)
_ENDINGS = frozenset("com edu eu gov info int museum name net nu org".split())  # noqa: SIM905 - a list to read
# At most 64 characters before the @ (RFC 5321): a search must not try longer and longer words.
_MAIL = re.compile(r"[^@\s<>]{1,64}@([\w-]+(?:\.[\w-]+)+)")


def check_links(seen: Inspection) -> Iterator[Diagnostic]:
    """Check every link of the mail (L02, L06)."""
    for link in seen.mail.elements("a"):
        href = (link.get("href") or "").strip()
        text = " ".join(str(link.text_content()).split())
        if href.startswith("#") and len(href) > 1 and not seen.origins.link(href, text):
            place = seen.origins.in_template(f'href="{href}"', 'href="#')
            yield finding("link-anchor", *place, href=href)
        host = address_host(href)
        named = named_host(text)
        if host and named and not same_site(host, named):
            place = seen.origins.link(href, text) or seen.origins.in_template(text, href)
            yield finding("link-other-host", *place, text=text[:60], host=host)


def address_host(href: str) -> str:
    """Give the host that a link leads to: of a web address, or of a mail address."""
    try:
        parts = urlsplit(href)
        if parts.scheme == "mailto":
            match = _MAIL.fullmatch(parts.path)
            return match[1].lower() if match else ""
        return (parts.hostname or "").lower() if parts.scheme in ("https", "http") else ""
    except ValueError:
        return ""


def named_host(text: str) -> str:
    """Give the host that a link's words name, nothing where they are only words."""
    stripped = text.strip(" .,:;!?()")
    if match := _MAIL.search(text):
        return match[1].lower()
    if match := _ADDRESS.search(text):
        written = match[0].rstrip(".,:;!?")
        return address_host(written if "://" in written else f"https://{written}")
    match = _BARE.fullmatch(stripped)
    if match and (len(match[1]) == 2 or match[1].lower() in _ENDINGS):
        return address_host(f"https://{stripped}")
    return ""


def same_site(one: str, other: str) -> bool:
    """Say whether one host is the other, or lies under it."""
    one, other = (_plain(host) for host in (one, other))
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _plain(host: str) -> str:
    """Give a host as a browser looks it up: small letters, ASCII, without ``www.``."""
    with suppress(UnicodeError):
        host = host.encode("idna").decode("ascii")
    return host.lower().rstrip(".").removeprefix("www.")
