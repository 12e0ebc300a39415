"""Invented editions for the tests of the archive, and shorter words for looking into it."""

import datetime as dt
import json
import re
from html import escape
from typing import Any

from smakom_mail.config import Config, Newsletter, Sender
from smakom_mail.model.edition import Picture
from smakom_mail.render.archive.entry import ArchivedEdition, Section
from smakom_mail.render.archive.files import archive_files

CONFIG = Config(
    newsletter=Newsletter(name="Exempelbrevet", organisation="Exempelbygden"),
    sender=Sender(name="Exempelbygden", email="brev@exempel.example"),
    site_url="https://brev.exempel.example",
)
STYLE = ":root { --accent: #123456; }\nbody { margin: 0; }\n"


def page(title: str, body: str, style: str = STYLE) -> str:
    """Give a web version as a layout makes it."""
    return (
        '<!DOCTYPE html>\n<html lang="sv" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#_innehall">Hoppa</a>\n<header><h1>{escape(title)}</h1></header>\n'
        f'<main id="_innehall">\n{body}</main>\n<footer>Slut</footer>\n</body>\n</html>\n'
    )


def section(anchor: str, title: str, text: str) -> str:
    """Give a section as a layout draws it."""
    return (
        f'<section id="{anchor}"><h2 id="{anchor}-title">{escape(title)}</h2>\n'
        f"<p>{escape(text)}</p></section>\n"
    )


def edition(  # noqa: PLR0913 - what an edition is invented from, each with its usual value
    slug: str = "januari-2021",
    *,
    title: str = "Nyhetsbrev januari 2021",
    date: str = "2021-01-04",
    text: str = "Vi skrev om vindkraft.",
    heading: str = "Vindar",
    description: str = "Om vindar.",
    language: str = "sv",
    pictures: tuple[Picture, ...] = (),
    web: str = "",
) -> ArchivedEdition:
    """Give an edition with one section."""
    return ArchivedEdition(
        slug=slug,
        title=title,
        date=dt.date.fromisoformat(date),
        language=language,
        description=description,
        web=web or page(title, section("vindar", heading, text)),
        sections=(Section("vindar", heading),),
        pictures=pictures,
        calendars=(),
    )


def files_of(*editions: ArchivedEdition, config: Config = CONFIG) -> dict[str, bytes]:
    """Give the archive of some editions."""
    return archive_files(config, editions)


def text_of(files: dict[str, bytes], name: str) -> str:
    """Give a file as text."""
    return files[name].decode("utf-8")


def linked_data(html: str) -> Any:  # noqa: ANN401 - whatever stands there
    """Give what a page says of itself in JSON-LD."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found, "the page has no JSON-LD"
    return json.loads(found[1])


NAUGHTY = (
    "</script><script>alert(1)</script>",
    "]]><!--<svg onload=alert(1)>-->",
    '"\' onmouseover="alert(1)',
    "{{ 7*7 }} {% raw %} ${7*7} <%= 7 %>",
    "&lt;b&gt; &amp;amp; &nbsp; &#x3c;script&#x3e;",
    "Åäö ÅÄÖ a\u030aa\u0308o\u0308 Łódź Sábme 日本語 العربية 👩‍👩‍👧 ﷽",
    "\u202eomvänd\u202c \u200bnoll\u00admjuk",
    "bakstreck \\ \\u003c %3Cscript%3E \u2028 ny rad",
    "javascript:alert(1)",
    "a" * 900,
)
"""Titles that would do harm where they are not taken as text."""
