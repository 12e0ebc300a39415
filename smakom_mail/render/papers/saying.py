"""The words of these two pages with the settings put in, and the templates of what they say."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from smakom_mail.config import Config
from smakom_mail.locale import format_date
from smakom_mail.locale.public_papers import PAPER_WORDS
from smakom_mail.locale.typography import unbroken

if TYPE_CHECKING:
    from jinja2 import BaseLoader

PAPERS = {"privacy": "privacy_title", "accessibility": "access_title"}
"""The pages, and the words that are their headings."""
REPORT_TO_DIGG = "https://www.digg.se/tdosanmalan"
COMPLAIN_TO_IMY = "https://www.imy.se"


def paper_words(config: Config) -> dict[str, str]:
    """Give the words in the newsletter's language with what the settings say put in."""
    newsletter, site = config.newsletter, urlsplit(config.site_url)
    known = {
        "{newsletter}": newsletter.name or newsletter.organisation,
        "{organisation}": newsletter.organisation or newsletter.name,
        "{site}": site.netloc + site.path.rstrip("/"),
    }
    said: dict[str, str] = {}
    for key, sentence in PAPER_WORDS[newsletter.language].items():
        text = sentence
        for place, value in known.items():
            text = text.replace(place, value)
        said[key] = unbroken(text)
    return said


def accessibility_sentences(config: Config, said: Mapping[str, str], language: str) -> list[str]:
    """Give how far the site is known to meet the requirements, and how that is known."""
    serve = config.serve
    known = "partly" if serve.not_accessible else "full"
    state = known if serve.assessed or serve.not_accessible else "unknown"
    sentences = [said[f"state_{state}"]]
    if serve.assessed:
        date = format_date(serve.assessed, language)
        sentences.append(said["assessed_text"].replace("{date}", date))
    if serve.assessed_how:
        sentences.append(said["assessed_how_text"].replace("{how}", serve.assessed_how))
    return sentences


def paper_templates() -> "BaseLoader":
    """Give where PAGE_text.html.j2 is: all that a page says below its heading.

    It needs `said`, `config`, `contact` and `served`; privacy also `imy` and, where pages are
    served, `to`; accessibility also `sentences` and `digg`.
    """
    from jinja2 import PackageLoader

    return PackageLoader("smakom_mail.render.papers")
