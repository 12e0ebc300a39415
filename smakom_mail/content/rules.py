"""Rules over an edition as it was written, before anything is rendered."""

import ipaddress
import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from smakom_mail.content.inline import check_field
from smakom_mail.content.markdown import split_fields
from smakom_mail.content.usage import SeedUse, seed_uses, share_quoted
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.document import (
    Block,
    Event,
    Figure,
    Link,
    Text,
    inlines,
    plain,
    runs,
    walk,
)
from smakom_mail.model.edition import Edition, Section

SUBJECT_SHOWN = 60
SUBJECT_LIMIT = 150
PREHEADER = (40, 130)
MUCH = 0.25
_REFUSED = re.compile(r"\]\(\s*((?:javascript|vbscript|data|file):[^)]*)\)", re.IGNORECASE)
_RESERVED = re.compile(r"(^|\.)(example|test|invalid|localhost)$|(^|\.)example\.(com|net|org)$")
_FILE_NAME = re.compile(
    r"\S+\.(png|jpe?g|gif|webp|svg|tiff?)|(img|dsc|image)[_ -]?\d+", re.IGNORECASE
)


def check_edition(edition: Edition, keys: Collection[str]) -> tuple[Diagnostic, ...]:
    """Check subject and preheader (S01, P14, P15), those of the two that are among `keys`."""
    return (
        *(_subject(edition) if "subject" in keys else ()),
        *(_preheader(edition) if "preheader" in keys else ()),
    )


def check_sections(edition: Edition, own_hosts: frozenset[str]) -> Iterator[Diagnostic]:
    """Check what stands in the sections: pictures, links, how much is quoted.

    Links to `own_hosts`, the project's own addresses, are never called made-up.
    """
    for section in edition.sections:
        for block in walk(section.blocks):
            yield from _figure(block, section)
            yield from _links(block, section, own_hosts)
    yield from _quoted_share(edition)


def _subject(edition: Edition) -> Iterator[Diagnostic]:
    line = edition.line_of("subject")
    shown = _shown(edition.subject)
    if not shown.strip():
        yield finding("subject-missing", edition.file, line)
    if _breaks(edition.subject):
        yield finding("subject-control", edition.file, line, key="subject")
    if len(shown) > SUBJECT_LIMIT:
        yield finding("subject-too-long", edition.file, line, length=len(shown))
    elif len(shown) > SUBJECT_SHOWN:
        yield finding("subject-long", edition.file, line, length=len(shown))
    for part in split_fields(edition.subject):
        if not isinstance(part, str):
            yield from check_field(*part, edition.file, line)


def _preheader(edition: Edition) -> Iterator[Diagnostic]:
    line = edition.line_of("preheader")
    text = edition.preheader
    if not text.strip():
        yield finding("preheader-missing", edition.file, line)
    elif text.casefold() == edition.subject.casefold():
        yield finding("preheader-repeats", edition.file, line)
    elif not PREHEADER[0] <= len(text) <= PREHEADER[1]:
        yield finding("preheader-length", edition.file, line, length=len(text))
    if _breaks(text):
        yield finding("subject-control", edition.file, line, key="preheader")
    fields = [name for part in split_fields(text) if not isinstance(part, str) for name in part[:1]]
    if fields:
        yield finding(
            "bad-value",
            edition.file,
            line,
            key="preheader",
            expected="text without personal fields",
            value=f"{{{fields[0]}…}}",
            example='preheader = "Det här får du läsa om."',
        )


def _breaks(text: str) -> bool:
    return any(ord(character) < 32 or 127 <= ord(character) < 160 for character in text)


def _shown(text: str) -> str:
    return "".join(part if isinstance(part, str) else part[1] or "" for part in split_fields(text))


def _figure(block: Block, section: Section) -> Iterator[Diagnostic]:
    if not isinstance(block, Figure):
        return
    name = "images/" + block.source.rsplit("/", 1)[-1]
    if not block.alt:
        yield finding("alt-missing", section.file, block.line, image=name)
    elif _FILE_NAME.fullmatch(block.alt):
        yield finding("alt-file-name", section.file, block.line, image=name)


def _links(block: Block, section: Section, own: frozenset[str]) -> Iterator[Diagnostic]:
    if isinstance(block, Event) and block.url:  # made only with an address that holds
        yield from _address(block.url, section.file, block.line, own)
    for run in runs(block):
        for node in inlines(run):
            if isinstance(node, Text) and (found := _REFUSED.search(node.text)):
                reason = "it could run in the reader's program"
                href = found[1][:80]
                yield finding("link-broken", section.file, node.line, href=href, reason=reason)
            if isinstance(node, Link):
                if not plain(node.children).strip():
                    yield finding("link-empty", section.file, node.line, href=node.href)
                yield from _address(node.href, section.file, node.line, own)


def _address(href: str, file: str, line: int, own: frozenset[str]) -> Iterator[Diagnostic]:
    problem = address_problem(href)
    if problem:
        yield finding("link-broken", file, line, href=href[:80], reason=problem)
    elif (host := urlsplit(href).hostname or "") not in own and _RESERVED.search(host):
        yield finding("link-example", file, line, href=href[:80])


def address_problem(href: str) -> str:
    """Say why nobody can follow `href`; nothing when it is a whole https, mailto or tel address."""
    if href in ("", "#", "/"):
        return "no address is written"
    try:
        parts = urlsplit(href)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return "it is not an address"
    if parts.scheme == "mailto":
        return (
            ""
            if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", parts.path)
            else "it is no mail address"
        )
    if parts.scheme == "tel":
        return "" if re.fullmatch(r"\+?[\d-]{4,}", parts.path) else "it is no telephone number"
    if parts.scheme == "http":
        return "http is not encrypted: use https"
    if parts.scheme != "https":
        return "it is not a whole address"
    if re.search(r"[\s<>\"]", href):
        return "it holds spaces or quotation marks"
    return _host_problem(host)


def _host_problem(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if host == "localhost" or "." not in host:
            return "only this network knows the host"
        return "" if re.fullmatch(r"[\w-]+(\.[\w-]+)*\.?", host) else "it is not an address"
    return "" if address.is_global else "only this network knows the host"


def _quoted_share(edition: Edition) -> Iterator[Diagnostic]:
    first: dict[str, SeedUse] = {}
    for use in seed_uses(edition):
        first.setdefault(use.seed, use)
    for seed in edition.seeds:
        if seed.slug in first and seed.credit:
            share = share_quoted(edition, seed)
            if share > MUCH:
                use = first[seed.slug]
                yield finding(
                    "quoted-much", use.file, use.line, seed=seed.slug, percent=round(share * 100)
                )
