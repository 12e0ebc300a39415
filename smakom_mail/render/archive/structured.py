"""What a page says of itself to machines: Open Graph for shared links, JSON-LD for searching."""

import json
from collections.abc import Iterator

from smakom_mail.config import Config
from smakom_mail.render.archive.entry import FOLDER, ArchivedEdition, edition_address
from smakom_mail.render.frame import own_names

_LOCALES = {"sv": "sv_SE", "en": "en_GB"}


def script_safe(value: object) -> str:
    """Give JSON that no text of an author can end a script element from."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def periodical(config: Config) -> dict[str, object]:
    """Give the newsletter itself."""
    names = own_names(config)
    publisher: dict[str, object] = {"@type": "Organization", "name": names["organisation"]}
    if config.sender.website:
        publisher["url"] = config.sender.website
    return {
        "@type": "Periodical",
        "@id": f"{config.site_url}/{FOLDER}/",
        "name": names["newsletter"],
        "url": f"{config.site_url}/{FOLDER}/",
        "inLanguage": config.newsletter.language,
        "publisher": publisher,
    }


def list_json(config: Config, editions: tuple[ArchivedEdition, ...]) -> str:
    """Give the JSON-LD of the list: the newsletter and its issues."""
    issues = [
        {
            "@type": "PublicationIssue",
            "@id": edition_address(config, each),
            "name": each.title,
            "url": edition_address(config, each),
            "datePublished": each.date.isoformat(),
        }
        for each in editions
    ]
    whole = {"@context": "https://schema.org", **periodical(config)}
    return script_safe(whole | {"hasPart": issues} if issues else whole)


def edition_json(config: Config, edition: ArchivedEdition, picture: str) -> str:
    """Give the JSON-LD of an edition: an issue of the newsletter, and its articles."""
    address = edition_address(config, edition)
    return script_safe(
        {
            "@context": "https://schema.org",
            "@type": "PublicationIssue",
            "@id": address,
            "name": edition.title,
            "url": address,
            "description": edition.description,
            "datePublished": edition.date.isoformat(),
            "inLanguage": edition.language,
            "image": picture,
            "isPartOf": periodical(config),
            "hasPart": [
                {
                    "@type": "Article",
                    "headline": each.title,
                    "url": f"{address}#{each.anchor}",
                    "datePublished": edition.date.isoformat(),
                }
                for each in edition.sections
            ],
        }
    )


def open_graph(
    config: Config, edition: ArchivedEdition, picture: str, alt: str
) -> Iterator[tuple[str, str, str]]:
    """Give (attribute, name, content) of what a shared link shows."""
    yield "property", "og:type", "article"
    yield "property", "og:site_name", own_names(config)["newsletter"]
    yield "property", "og:title", edition.title
    yield "property", "og:description", edition.description
    yield "property", "og:url", edition_address(config, edition)
    yield "property", "og:locale", _LOCALES[edition.language]
    yield "property", "og:image", picture
    yield "property", "og:image:type", "image/png"
    yield "property", "og:image:width", "1200"
    yield "property", "og:image:height", "630"
    yield "property", "og:image:alt", alt
    yield "property", "article:published_time", edition.date.isoformat()
    yield "name", "twitter:card", "summary_large_image"
