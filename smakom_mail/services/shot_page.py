"""The chair's page: the report, then the mail itself in pictures, in one file of its own."""

import base64
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from smakom_mail.render.wrapping import unflow
from smakom_mail.services.chair_report import chair_report
from smakom_mail.services.previewing.filling import chosen_reader, filled_mail
from smakom_mail.services.previewing.snapshot import Snapshot

if TYPE_CHECKING:
    from PIL.Image import Image

_WORDS = {
    "sv": {
        "looks": "Så ser brevet ut",
        "part": "{title}, del {number} av {count}",
        "text": "Brevet som text",
    },
    "en": {
        "looks": "How the mail looks",
        "part": "{title}, part {number} of {count}",
        "text": "The mail as text",
    },
}
_NARROW = 480
_TALL = {True: 1400, False: 860}
"""CSS pixels of a piece that a page of A4 takes: three narrow ones side by side, or one wide."""
_SEARCHED = 240
_QUALITY = 82

_STYLE = """
.strip { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 16px; }
.strip img { display: block; height: auto; max-width: 100%; border: 1px solid var(--line); }
.strip.narrow img { width: calc((100% - 24px) / 3); align-self: flex-start; }
.strip.wide { gap: 0; justify-content: center; }
.strip.wide img { width: 100%; border-width: 0 1px; }
.strip.wide img:first-child { border-top-width: 1px; }
.strip.wide img:last-child { border-bottom-width: 1px; }
h3 { margin: 28px 0 0; font-size: 1rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 0.875rem/1.5 ui-monospace, Consolas,
  "DejaVu Sans Mono", monospace; }
@media (max-width: 479px) { .strip.narrow img { width: 100%; } }
@media print { .looks { break-before: page; } .strip { display: block; }
  .strip.wide img { break-inside: avoid; border-width: 1px; margin-bottom: 8px; }
  .strip.narrow { display: flex; } .strip.narrow img { break-inside: avoid; }
  h2, h3 { break-after: avoid; } li { break-inside: avoid; } }
"""


@dataclass(frozen=True, slots=True)
class Strip:
    """A long picture of a view: its title, the PNG, and its width in CSS pixels."""

    title: str
    png: bytes
    width: int


def shot_page(snapshot: Snapshot, strips: Iterable[Strip]) -> str:
    """Give a self-contained page: the report, the pictures in pieces, and the mail's text."""
    language = snapshot.config.messages_language
    said = _WORDS[language]
    parts = [f'<h2 class="looks">{escape(said["looks"])}</h2>']
    for strip in strips:
        kind = "narrow" if strip.width <= _NARROW else "wide"
        pieces = list(cut_pieces(strip))
        images = "".join(
            _image(piece, said["part"], strip.title, number, len(pieces))
            for number, piece in enumerate(pieces, 1)
        )
        parts.append(f'<h3>{escape(strip.title)}</h3><div class="strip {kind}">{images}</div>')
    if snapshot.rendered:
        reader = chosen_reader(snapshot.config, 0)
        mail = filled_mail(snapshot.edition, snapshot.rendered, snapshot.config, reader)
        text = f'<pre lang="{snapshot.edition.language}">{escape(unflow(mail.text))}</pre>'
        parts.append(f"<h2>{escape(said['text'])}</h2>{text}")
    return chair_report(snapshot, language, "".join(parts), _STYLE)


def _image(piece: bytes, words: str, title: str, number: int, count: int) -> str:
    alt = escape(words.format(title=title, number=number, count=count))
    return f'<img src="data:image/jpeg;base64,{base64.b64encode(piece).decode()}" alt="{alt}">'


def cut_pieces(strip: Strip) -> Iterator[bytes]:
    """Cut a long picture into JPEG pieces that fit a printed page, between lines of text.

    A PDF takes these as they are; any other kind would be stored whole.
    """
    from PIL import Image

    with Image.open(io.BytesIO(strip.png)) as opened:
        picture = opened.convert("RGB")
    scale = picture.width / strip.width
    tall, searched = round(_TALL[strip.width <= _NARROW] * scale), round(_SEARCHED * scale)
    top = 0
    while top < picture.height:
        bottom = min(top + tall, picture.height)
        if bottom < picture.height:
            bottom = _quiet_row(picture, bottom, searched)
        piece = io.BytesIO()
        picture.crop((0, top, picture.width, bottom)).save(piece, "JPEG", quality=_QUALITY)
        yield piece.getvalue()
        top = bottom


def _quiet_row(picture: "Image", bottom: int, searched: int) -> int:
    """Give the lowest row above `bottom` that looks like the one before it: no text is cut."""
    above = b""
    best = bottom
    for row in range(bottom - searched, bottom):
        pixels = picture.crop((0, row, picture.width, row + 1)).tobytes()
        if pixels == above:
            best = row
        above = pixels
    return best
