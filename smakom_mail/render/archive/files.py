"""Every file of the archive, by its path: the same ones for the same editions and settings."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files as package_files

from smakom_mail.config import Config
from smakom_mail.locale import format_date
from smakom_mail.render.archive.dressing import Undressed, hashed_name, undressed
from smakom_mail.render.archive.entry import (
    ASSETS,
    FEED,
    FOLDER,
    SEARCH,
    SITEMAP,
    ArchivedEdition,
    in_time,
)
from smakom_mail.render.archive.feed import atom_feed, sitemap
from smakom_mail.render.archive.pages import (
    WRITTEN,
    Assets,
    Beside,
    edition_page,
    front_page,
    list_page,
    missing_page,
    paper_page,
)
from smakom_mail.render.archive.passages import passages
from smakom_mail.render.archive.search_index import passage_texts, search_index
from smakom_mail.render.archive.share_picture import palette_of, share_picture
from smakom_mail.render.frame import own_names

MISSING = "404.html"
_OWN = ("archive.css", "search.js", "listen.js", "icon.svg")


def archive_files(config: Config, editions: Sequence[ArchivedEdition]) -> dict[str, bytes]:
    """Give the whole archive of `editions`; what is not among them is in no file of it."""
    timed = in_time(tuple(editions))
    newest_first = tuple(reversed(timed))
    webs = {each.slug: undressed(each.web) for each in timed}
    newest = webs[newest_first[0].slug] if newest_first else None
    own = own_files()
    assets = Assets(*(hashed_name(name, own[name]) for name in _OWN))
    made = {f"{ASSETS}/{hashed_name(name, data)}": data for name, data in own.items()}
    for each in timed:
        made |= _edition_files(config, each, webs[each.slug], assets, timed)
    found = [(each, passages(each)) for each in newest_first]
    made |= {f"{each.folder}/text.json": passage_texts(some) for each, some in found}
    made[SEARCH] = search_index(found)
    masthead = _masthead(newest_first[0]) if newest_first else ""
    page = list_page(config, newest_first, assets, newest, masthead)
    made[f"{FOLDER}/index.html"] = page.encode("utf-8")
    made[MISSING] = missing_page(config, assets, newest, masthead).encode("utf-8")
    if not config.site_pages:
        for name, folder in WRITTEN.items():
            paper = paper_page(name, config, assets, newest, masthead)
            made[f"{folder}index.html"] = paper.encode("utf-8")
    made["index.html"] = front_page(config).encode("utf-8")
    made[FEED] = atom_feed(config, newest_first)
    made[SITEMAP] = sitemap(config, newest_first)
    return dict(sorted(made.items()))


def _edition_files(
    config: Config,
    edition: ArchivedEdition,
    web: Undressed,
    assets: Assets,
    timed: tuple[ArchivedEdition, ...],
) -> dict[str, bytes]:
    picture = edition.share or _share_picture(config, edition, web)
    share = hashed_name("share.png", picture)
    page = edition_page(config, edition, web, assets, _beside(timed, edition, share))
    beside = {"index.html": page.encode("utf-8"), share: picture, **web.own}
    beside |= {f"images/{each.name}": each.data for each in edition.pictures}
    beside |= {f"calendar/{each.name}": each.data for each in edition.calendars}
    made = {f"{edition.folder}/{name}": data for name, data in beside.items()}
    return made | {f"{ASSETS}/{name}": data for name, data in web.shared.items()}


def with_share_picture(config: Config, edition: ArchivedEdition) -> ArchivedEdition:
    """Give an edition with the picture for its shared links, for who keeps it."""
    return replace(edition, share=_share_picture(config, edition, undressed(edition.web)))


def _share_picture(config: Config, edition: ArchivedEdition, web: Undressed) -> bytes:
    css = b"\n".join((*web.shared.values(), *web.own.values())).decode("utf-8")
    return share_picture(
        edition.title,
        format_date(edition.date, edition.language),
        own_names(config)["organisation"],
        edition.masthead,
        palette_of(css),
    )


def _beside(timed: tuple[ArchivedEdition, ...], edition: ArchivedEdition, share: str) -> Beside:
    at = timed.index(edition)
    following = timed[at + 1] if at + 1 < len(timed) else None
    return Beside(timed[at - 1] if at else None, following, share)


def _masthead(edition: ArchivedEdition) -> str:
    """Give where the list finds the newest edition's masthead, or nothing."""
    for picture in edition.pictures:
        if edition.masthead is not None and picture.data == edition.masthead:
            return f"{edition.place}images/{picture.name}"
    return ""


@cache
def own_files() -> Mapping[str, bytes]:
    """Give the archive's own stylesheet and scripts."""
    folder = package_files("smakom_mail.render.archive") / "static"
    return {name: (folder / name).read_bytes() for name in _OWN}


def digest_of_files(made: Mapping[str, bytes]) -> str:
    """Give SHA-256 over all paths and contents, as 64 hexadecimal digits."""
    whole = hashlib.sha256()
    for name, data in sorted(made.items()):
        whole.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
    return whole.hexdigest()
