"""Picture files: only PNG, JPEG and GIF, never larger than needed, without any metadata."""

import hashlib
import io
import re
import struct
import unicodedata
import warnings
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from smakom_mail.content.reading import read_bytes
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.edition import Picture

if TYPE_CHECKING:
    from PIL import Image

LIMIT = 20_000_000
"""The largest picture file that is read, in bytes."""
MAX_PIXELS = 20_000_000
"""The largest picture that is opened; beyond it lies the memory of a small machine."""
SHOWN_WIDTH = 536
"""The widest a picture is shown: 600 px less 32 px at each side."""
_TYPES = {"PNG": "png", "JPEG": "jpg", "GIF": "gif"}
_OTHERS = (
    ("SVG", re.compile(rb"\s*<(\?xml|!--|!DOCTYPE svg|svg)", re.IGNORECASE)),
    ("HEIC", re.compile(rb".{4}ftyp(hei|hev|mif1|msf1)", re.DOTALL)),
    ("AVIF", re.compile(rb".{4}ftypavi", re.DOTALL)),
    ("PDF", re.compile(rb"%PDF")),
    ("WEBP", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
    ("TIFF", re.compile(rb"II\*\0|MM\0\*")),
    ("BMP", re.compile(rb"BM")),
)
"""What else an editor may take for a picture, by how such a file begins."""
_PNG_KEEP = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"sRGB",
    b"acTL",
    b"fcTL",
    b"fdAT",
}


class _UnusableError(ValueError):
    """Why a file cannot be used as a picture, as the editor is told."""


def load_picture(
    root: Path, source: str, file: str, line: int, path: Path | None = None
) -> tuple[Picture | None, list[Diagnostic]]:
    """Read the picture `source` (a path inside the project) that `file`:`line` asks for.

    `path` is given where the disk spells `source` in another way.
    """
    data, faults = read_bytes(root, path or root / source, LIMIT)
    name = Path(source).name
    if faults:
        return None, [finding("image-unreadable", file, line, image=name, reason=faults[0])]
    try:
        width, height, kind, data = _clean(data)
    except _UnusableError as error:
        return None, [finding("image-unreadable", file, line, image=name, reason=error)]
    return Picture(source, _published_name(name, kind, data), width, height, data), []


def _published_name(name: str, kind: str, data: bytes) -> str:
    bare = (
        unicodedata.normalize("NFKD", Path(name).stem.casefold()).encode("ascii", "ignore").decode()
    )
    stem = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:40] or "bild"
    return f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}.{kind}"


def _clean(data: bytes) -> tuple[int, int, str, bytes]:
    """Give width, height, type and the bytes without metadata; or say what is wrong."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ours is the lower limit, and it is an error
            width, height, kind, data = _open(data)
        data = _STRIP[kind](data)
    except _UnusableError:
        raise
    except Image.DecompressionBombError as error:
        pixels = re.search(r"\d+", str(error))  # Pillow stops before it tells the size otherwise
        raise _UnusableError(_too_many(int(pixels[0]) if pixels else 0)) from error
    except _BROKEN as error:
        raise _UnusableError("the file is not a whole picture") from error
    return width, height, _TYPES[kind], data


_BROKEN = (
    *(OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, EOFError),
    *(struct.error, zlib.error),
)
"""What Pillow raises at a broken file, depending on where it is broken."""


def _open(data: bytes) -> tuple[int, int, str, bytes]:
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(io.BytesIO(data), formats=tuple(_TYPES))
    except UnidentifiedImageError:
        kind = next((kind for kind, start in _OTHERS if start.match(data)), "")
        if not kind:
            raise
        raise _UnusableError(f"it is {kind}; mail programs show PNG, JPEG and GIF") from None
    with image:
        # A telephone's JPEG may hold several pictures (MPO); the first one is the picture.
        kind = "JPEG" if image.format == "MPO" else image.format or ""
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise _UnusableError(_too_many(width * height))
        turned = (kind == "JPEG" or b"eXIf" in data) and image.getexif().get(0x0112, 1) != 1
        if kind != "GIF" and (turned or width > 3 * SHOWN_WIDTH):
            width, height, data = _redraw(image, kind)
            return width, height, kind, data
        if kind == "PNG":
            image.verify()
        else:
            image.draft("L", (width // 8 or 1, height // 8 or 1))  # quicker, and read to the end
            image.load()
    return width, height, kind, data


def _too_many(pixels: int) -> str:
    return f"it has {pixels} pixels, at most {MAX_PIXELS}"


def _redraw(image: "Image.Image", kind: str) -> tuple[int, int, bytes]:
    """Turn a picture upright and make it twice as wide as it is shown."""
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(image)
    if upright.width > 3 * SHOWN_WIDTH:
        if upright.mode in ("1", "P"):  # these cannot hold the shades between two colours
            upright = upright.convert("L" if upright.mode == "1" else "RGBA")
        height = round(upright.height * 2 * SHOWN_WIDTH / upright.width)
        upright = upright.resize((2 * SHOWN_WIDTH, max(height, 1)), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if kind == "JPEG":
        upright.convert("RGB").save(out, "JPEG", quality=85, optimize=True)
    else:
        upright.save(out, "PNG", optimize=True)
    return upright.width, upright.height, out.getvalue()


def _strip_png(data: bytes) -> bytes:
    """Keep only the chunks that make the pixels (PNG 3rd ed. section 5)."""
    out = [data[:8]]
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind = data[at + 4 : at + 8]
        if kind in _PNG_KEEP:
            out.append(data[at : at + 12 + length])
        at = len(data) if kind == b"IEND" else at + 12 + length
    return b"".join(out)


def _strip_jpeg(data: bytes) -> bytes:
    """Leave out application segments but JFIF and Adobe, comments, and all behind the picture.

    (ITU T.81 annex B.) Telephones put whole pictures and films behind the first picture's end.
    """
    out = [data[:2]]
    at = 2
    while at + 4 <= len(data) and data[at + 1] != 0xD9:
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes
            at += 1
            continue
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        end = at + 2 + length
        if marker == 0xDA:
            scan = _JPEG_MARKER.search(data, end)
            end = scan.start() if scan else len(data)
        private = 0xE1 <= marker <= 0xEF and marker != 0xEE
        if not private and marker != 0xFE:
            out.append(data[at:end])
        at = end
    return b"".join(out) + b"\xff\xd9"


def _strip_gif(data: bytes) -> bytes:
    """Leave out comments and foreign extensions (GIF89a); IndexError where the file ends early."""
    at = 13 + _table(data[10])
    out = [data[:at]]
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            end = _sub_blocks(data, at + 11 + _table(data[at + 9]))
            kept = True
        else:
            end = _sub_blocks(data, at + 2)
            kept = data[at + 1] == 0xF9 or data[at + 3 : at + 14] in _GIF_LOOPS
        if kept:
            out.append(data[at:end])
        at = end
    return b"".join(out) + b"\x3b"


def _table(flags: int) -> int:
    """Give the size of a GIF colour table."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _sub_blocks(data: bytes, at: int) -> int:
    """Give the place behind a run of GIF data blocks that begins at `at`."""
    while data[at]:
        at += data[at] + 1
    return at + 1


_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_STRIP = {"PNG": _strip_png, "JPEG": _strip_jpeg, "GIF": _strip_gif}
