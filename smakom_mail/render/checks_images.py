"""Rules over the pictures of the finished mail: shown width, file size, address (I02–I04)."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from smakom_mail.config.addresses import is_loopback
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.edition import Picture
from smakom_mail.render.inspection import Inspection

HEAVY = 300_000
"""Bytes of one picture."""
HEAVY_TOGETHER = 1_000_000
BLURRED = 1.5
"""Pixels of the file for each pixel shown; a telephone shows two or three."""
OVERSIZED = 3


def check_images(seen: Inspection) -> Iterator[Diagnostic]:
    """Check every picture of the mail, at the author's line where it is hers."""
    pictures = {picture.name: picture for picture in seen.rendered.pictures}
    used: dict[str, Picture] = {}
    for image in seen.mail.elements("img"):
        src, width = image.get("src") or "", image.get("width") or ""
        if not _is_fetchable(src):
            yield finding("img-source", *_place(seen, src), src=_short(src))
        if not re.fullmatch(r"[1-9]\d{0,3}", width):
            yield finding("img-width", *seen.origins.picture(src), image=_name(src))
        picture = pictures.get(_name(src))
        if picture:
            used.setdefault(picture.name, picture)
            if width.isdecimal() and int(width):
                yield from _sharpness(seen, src, picture, int(width))
    for attribute in ("background", "srcset"):
        for each in seen.mail.tree.iterfind(f".//*[@{attribute}]"):
            src = each.get(attribute) or ""
            if src and not _is_fetchable(src):
                yield finding("img-source", *seen.origins.picture(src), src=_short(src))
    yield from _weight(seen, used)


def _is_fetchable(src: str) -> bool:
    """Say whether a reader's program may fetch it: https, or a site on this machine as a trial."""
    if src.startswith("https://"):
        return True
    return src.startswith("http://") and is_loopback(urlsplit(src).hostname or "")


def _name(src: str) -> str:
    return src.rsplit("/", 1)[-1][:60]


def _short(src: str) -> str:
    return src[:60]


def _place(seen: Inspection, src: str) -> tuple[str, int]:
    figure = seen.origins.figure(src)
    return figure[1] if figure else seen.origins.picture(src)


def _shown_name(seen: Inspection, src: str, picture: Picture) -> str:
    figure = seen.origins.figure(src)
    return "images/" + (figure[0].source if figure else picture.source).rsplit("/", 1)[-1]


def _sharpness(seen: Inspection, src: str, picture: Picture, shown: int) -> Iterator[Diagnostic]:
    if BLURRED * shown <= picture.width <= OVERSIZED * shown:
        return
    name, place = _shown_name(seen, src, picture), _place(seen, src)
    if picture.width < BLURRED * shown:
        yield finding(
            "img-blurred",
            *place,
            image=name,
            width=picture.width,
            shown=shown,
            wanted=2 * shown,
        )
    else:
        yield finding(
            "img-oversized",
            *place,
            image=name,
            width=picture.width,
            shown=shown,
            wanted=2 * shown,
        )


def _weight(seen: Inspection, used: dict[str, Picture]) -> Iterator[Diagnostic]:
    for name, picture in used.items():
        if len(picture.data) > HEAVY:
            yield finding(
                "img-heavy",
                *_place(seen, name),
                image=_shown_name(seen, name, picture),
                size=len(picture.data) // 1000,
                limit=HEAVY // 1000,
            )
    total = sum(len(picture.data) for picture in used.values())
    if total > HEAVY_TOGETHER:
        yield finding(
            "img-total",
            seen.edition.file,
            1,
            size=total // 1000,
            limit=HEAVY_TOGETHER // 1000,
        )
