"""The pages of the archive: the list of all editions, one edition, and the page for a dead link."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import groupby
from types import SimpleNamespace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from smakom_mail.config import Config
from smakom_mail.locale import format_date
from smakom_mail.locale.archive import ARCHIVE_WORDS, LISTEN_WORDS, SEARCH_WORDS
from smakom_mail.render.archive.dressing import CSP, Undressed, dressed
from smakom_mail.render.archive.entry import (
    ASSETS,
    FEED,
    FOLDER,
    ArchivedEdition,
    absolute,
    edition_address,
)
from smakom_mail.render.archive.structured import (
    edition_json,
    list_json,
    open_graph,
    script_safe,
)
from smakom_mail.render.frame import bare_address, own_names
from smakom_mail.render.papers import (
    COMPLAIN_TO_IMY,
    PAPERS,
    REPORT_TO_DIGG,
    accessibility_sentences,
    paper_templates,
    paper_words,
)

if TYPE_CHECKING:
    from jinja2 import Environment


PAGES = ("subscribe", *PAPERS)
"""Pages of the site that `serve` answers beside the archive; their words have the same names."""
WRITTEN = {name: f"{name}/" for name in PAPERS}
"""Those that lie in the archive where nobody answers, and their folders."""


@dataclass(frozen=True, slots=True)
class Assets:
    """The published names of the archive's own files."""

    css: str
    search: str
    listen: str
    icon: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside an edition: those before and after it, and its picture for shared links."""

    previous: ArchivedEdition | None
    next: ArchivedEdition | None
    share: str


def list_page(
    config: Config,
    editions: tuple[ArchivedEdition, ...],
    assets: Assets,
    newest: Undressed | None,
    masthead: str,
) -> str:
    """Give the list of `editions`, the newest first; it looks as the newest one does.

    `masthead` is the path of its drawing as seen from the list, or empty.
    """
    years = [
        SimpleNamespace(year=year, editions=[_listed(each) for each in some])
        for year, some in groupby(editions, key=lambda each: each.date.year)
    ]
    return _render(
        "list",
        config,
        "../",
        assets,
        newest,
        years=years,
        masthead=masthead,
        address=f"{config.site_url}/{FOLDER}/",
        words=script_safe(SEARCH_WORDS[config.newsletter.language]),
        structured=list_json(config, editions),
    )


def _listed(edition: ArchivedEdition) -> SimpleNamespace:
    return SimpleNamespace(
        title=edition.title,
        place=edition.place,
        date=format_date(edition.date, edition.language),
        iso=edition.date.isoformat(),
        description=edition.description,
        language=edition.language,
        sections=edition.sections,
    )


def missing_page(config: Config, assets: Assets, newest: Undressed | None, masthead: str) -> str:
    """Give the page for an address that leads nowhere, which may lie at any depth."""
    base = f"{urlsplit(config.site_url).path}/"
    picture = f"{base}{FOLDER}/{masthead}" if masthead else ""
    return _render("missing", config, base, assets, newest, masthead=picture)


def paper_page(
    name: str, config: Config, assets: Assets, newest: Undressed | None, masthead: str
) -> str:
    """Give one of the pages about personal data and accessibility, for its folder in the archive.

    `masthead` is the path of its drawing as seen from the list, or empty.
    """
    language, said = config.newsletter.language, paper_words(config)
    return _render(
        "paper",
        config,
        "../",
        assets,
        newest,
        masthead=f"../{FOLDER}/{masthead}" if masthead else "",
        address=f"{config.site_url}/{WRITTEN[name]}",
        text=f"{name}_text.html.j2",
        title=said[PAPERS[name]],
        paper=said,
        contact=config.contact,
        served=False,
        imy=COMPLAIN_TO_IMY,
        digg=REPORT_TO_DIGG,
        sentences=accessibility_sentences(config, said, language),
    )


def front_page(config: Config) -> str:
    """Give the page at the site's root: it leads to the list."""
    template = _environment().get_template("front.html.j2")
    return template.render(_common(config, ""), title=own_names(config)["newsletter"])


def _render(
    name: str,
    config: Config,
    base: str,
    assets: Assets,
    newest: Undressed | None,
    **values: object,
) -> str:
    shared = (
        [(file, media) for file, media, is_shared in newest.links if is_shared] if newest else ()
    )
    sheets = [(assets.css, ""), *shared]
    template = _environment().get_template(f"{name}.html.j2")
    return template.render(
        _common(config, base),
        sheets=[(f"{base}{ASSETS}/{file}", media) for file, media in sheets],
        script=f"{base}{ASSETS}/{assets.search}",
        icon=f"{base}{ASSETS}/{assets.icon}",
        **values,
    )


def _common(config: Config, base: str) -> dict[str, object]:
    language = config.newsletter.language
    names = own_names(config)
    said = {key: text.format_map(_Kept(names)) for key, text in ARCHIVE_WORDS[language].items()}
    return {
        "language": language,
        "said": said,
        "csp": CSP,
        "base": base,
        "archive": f"{base}{FOLDER}/",
        "feed": f"{base}{FEED}",
        "pages": {name: name for name in PAGES} if config.site_pages else WRITTEN,
        "config": config,
        "sender": config.sender,
        "website_name": bare_address(config.sender.website),
        **names,
    }


class _Kept(dict[str, str]):
    """Leaves the places open that are filled later."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def edition_page(
    config: Config, edition: ArchivedEdition, web: Undressed, assets: Assets, beside: Beside
) -> str:
    """Give the page of an edition: its web version with the archive around it."""
    values = _common(config, "../../") | {
        "language": edition.language,
        "said": ARCHIVE_WORDS[edition.language],
        "neighbours": beside,
    }
    sheets = ((assets.css, "", True), *web.links)
    head = [
        f'<link rel="icon" type="image/svg+xml" href="../../{ASSETS}/{assets.icon}">',
        *(
            f'<link rel="stylesheet" href="{_sheet(file, shared=shared)}"{_media(media)}>'
            for file, media, shared in sheets
        ),
        *_head(config, edition, beside),
        _listening(assets.listen, edition.language),
    ]
    template = _environment().get_template("around.html.j2").module
    return dressed(
        web.html,
        first=f'<meta http-equiv="Content-Security-Policy" content="{escape(CSP)}">\n',
        head="".join(f"{line}\n" for line in head),
        top=str(template.top(values)),  # type: ignore[attr-defined] # a macro of that template
        bottom=str(template.bottom(values)),  # type: ignore[attr-defined] # a macro of it too
        ways=str(template.ways(values)),  # type: ignore[attr-defined] # and of it
    )


def _sheet(file: str, *, shared: bool) -> str:
    return f"../../{ASSETS}/{file}" if shared else file


def _media(media: str) -> str:
    return f' media="{media}"' if media else ""


def _listening(script: str, language: str) -> str:
    words = escape(script_safe(LISTEN_WORDS[language]))
    return f'<script src="../../{ASSETS}/{script}" defer data-words="{words}"></script>'


def _head(config: Config, edition: ArchivedEdition, beside: Beside) -> Iterator[str]:
    said, names = ARCHIVE_WORDS[edition.language], own_names(config)
    yield f'<link rel="canonical" href="{edition_address(config, edition)}">'
    if beside.previous:
        yield f'<link rel="prev" href="../{beside.previous.place}">'
    if beside.next:
        yield f'<link rel="next" href="../{beside.next.place}">'
    title = escape(said["feed_title"].format(**names))
    yield f'<link rel="alternate" type="application/atom+xml" title="{title}" href="../../{FEED}">'
    picture = absolute(config, f"{edition.folder}/{beside.share}")
    alt = said["share_alt"].format(title=edition.title, **names)
    for attribute, name, content in open_graph(config, edition, picture, alt):
        if content:
            yield f'<meta {attribute}="{name}" content="{escape(content)}">'
    data = edition_json(config, edition, picture)
    yield f'<script type="application/ld+json">{data}</script>'


@cache
def _environment() -> "Environment":
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=ChoiceLoader([PackageLoader("smakom_mail.render.archive"), paper_templates()]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
