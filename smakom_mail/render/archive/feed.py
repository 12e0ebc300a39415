"""The Atom feed (RFC 4287) and the sitemap."""

import re
import uuid
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from smakom_mail.config import Config
from smakom_mail.locale.archive import ARCHIVE_WORDS
from smakom_mail.render.archive.entry import FEED, FOLDER, ArchivedEdition, edition_address
from smakom_mail.render.frame import own_names

NEWEST = 30
"""How many editions the feed holds; all others are in the archive."""
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKED = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of the text around a title, in a program that shows it bare."""


def atom_feed(config: Config, editions: tuple[ArchivedEdition, ...]) -> bytes:
    """Give the feed of `editions`, the newest first."""
    names = own_names(config)
    language = config.newsletter.language
    newest = editions[:NEWEST]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={_quoted(language)}>',
        f"<id>{_id(config, '')}</id>",
        f"<title>{_text(names['newsletter'])}</title>",
        f"<updated>{_moment(newest[0] if newest else None)}</updated>",
        f"<author><name>{_text(config.sender.name or names['organisation'])}</name></author>",
        _link("self", f"{config.site_url}/{FEED}", "application/atom+xml"),
        _link("alternate", f"{config.site_url}/{FOLDER}/", "text/html"),
        "<generator>smakom-mail</generator>",
        *(line for edition in newest for line in _entry(config, edition)),
        "</feed>",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _entry(config: Config, edition: ArchivedEdition) -> Iterator[str]:
    address = edition_address(config, edition)
    yield f"<entry xml:lang={_quoted(edition.language)}>"
    yield f"<id>{_id(config, edition.slug)}</id>"
    yield f"<title>{_text(edition.title)}</title>"
    yield f"<updated>{_moment(edition)}</updated>"
    yield f"<published>{_moment(edition)}</published>"
    yield _link("alternate", address, "text/html")
    if edition.description:
        yield f"<summary>{_text(edition.description)}</summary>"
    yield f'<content type="html">{_text(_contents(edition, address))}</content>'
    yield "</entry>"


def _contents(edition: ArchivedEdition, address: str) -> str:
    """Give what the edition holds, each part with its address, as HTML."""
    said = ARCHIVE_WORDS[edition.language]
    listed = "".join(
        f"<li><a href={quoteattr(f'{address}#{each.anchor}')}>{escape(each.title)}</a>"
        f"{f'<br>{escape(each.items)}' if each.items else ''}</li>"
        for each in edition.sections
    )
    heading = escape(said["in_edition"].format(title=edition.title))
    opening = f"<p>{escape(edition.description)}</p>" if edition.description else ""
    return f"{opening}<p>{heading}:</p><ul>{listed}</ul>" if listed else opening


def _id(config: Config, slug: str) -> str:
    """Give an identity that stays when titles, dates or the site's address change.

    It comes from the list's own identifier where that is set, else from the site's host.
    """
    list_id = config.mailing_list.id or config.site_host
    return uuid.uuid5(uuid.NAMESPACE_URL, f"smakom-mail:{list_id}/{slug}").urn


def _moment(edition: ArchivedEdition | None) -> str:
    # The morning of its day: the feed knows no clock.
    return f"{edition.date.isoformat() if edition else '1970-01-01'}T08:00:00Z"


def _link(relation: str, address: str, kind: str) -> str:
    return f'<link rel="{relation}" type="{kind}" href={_quoted(address)}/>'


def _text(text: str) -> str:
    return escape(_MARKED.sub("", _ILLEGAL.sub("", text)))


def _quoted(text: str) -> str:
    return quoteattr(_ILLEGAL.sub("", text))


def sitemap(config: Config, editions: tuple[ArchivedEdition, ...]) -> bytes:
    """Give the sitemap: the list of editions, and each of them."""
    rows = [_row(f"{config.site_url}/{FOLDER}/", editions[0] if editions else None)]
    rows += [_row(edition_address(config, each), each) for each in editions]
    head = '<?xml version="1.0" encoding="utf-8"?>'
    body = "\n".join(rows)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'{head}\n<urlset xmlns="{space}">\n{body}\n</urlset>\n'.encode()


def _row(address: str, edition: ArchivedEdition | None) -> str:
    changed = f"<lastmod>{edition.date.isoformat()}</lastmod>" if edition else ""
    return f"<url><loc>{_text(address)}</loc>{changed}</url>"
