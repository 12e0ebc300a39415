"""Picture files: only PNG, JPEG and GIF, never larger than needed, without any metadata."""

import hashlib
import io
import re
import struct
import unicodedata
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


def load_picture(
    root: Path, source: str, file: str, line: int
) -> tuple[Picture | None, list[Diagnostic]]:
    """Read the picture `source` (a path inside the project) that `file`:`line` asks for."""
    data, faults = read_bytes(root, root / source, LIMIT)
    name = Path(source).name
    if faults:
        reason = faults[0].message("en")
        return None, [finding("image-unreadable", file, line, image=name, reason=reason)]
    try:
        width, height, kind, data = _clean(data)
    except ValueError as error:
        return None, [finding("image-unreadable", file, line, image=name, reason=error)]
    return Picture(source, _published_name(name, kind, data), width, height, data), []


def _published_name(name: str, kind: str, data: bytes) -> str:
    bare = (
        unicodedata.normalize("NFKD", Path(name).stem.casefold()).encode("ascii", "ignore").decode()
    )
    stem = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:40] or "bild"
    return f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}.{kind}"


def _clean(data: bytes) -> tuple[int, int, str, bytes]:
    """Give width, height, type and the bytes without metadata; ValueError says what is wrong."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            kind = image.format or ""
            width, height = image.size
            if kind not in _TYPES:
                raise ValueError(
                    f"it is {kind or 'of an unknown type'}; mail programs show PNG, JPEG and GIF"
                )
            if width * height > MAX_PIXELS:
                raise ValueError(f"it has {width * height} pixels, at most {MAX_PIXELS}")
            turned = kind == "JPEG" and image.getexif().get(0x0112, 1) != 1
            if kind != "GIF" and (turned or width > 3 * SHOWN_WIDTH):
                width, height, data = _redraw(image, kind)
            else:
                image.verify()
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        struct.error,
    ) as error:
        raise ValueError("the file is not a whole picture") from error
    if kind == "PNG":
        data = _strip_png(data)
    elif kind == "JPEG":
        data = _strip_jpeg(data)
    return width, height, _TYPES[kind], data


def _redraw(image: "Image.Image", kind: str) -> tuple[int, int, bytes]:
    """Turn a picture upright and make it twice as wide as it is shown."""
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(image)
    if upright.width > 3 * SHOWN_WIDTH:
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
        if data[at + 4 : at + 8] in _PNG_KEEP:
            out.append(data[at : at + 12 + length])
        at += 12 + length
    return b"".join(out)


def _strip_jpeg(data: bytes) -> bytes:
    """Leave out application segments but JFIF and Adobe, and comments (ITU T.81 annex B)."""
    out = [data[:2]]
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xDA:
            break
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        private = 0xE1 <= marker <= 0xEF and marker != 0xEE
        if not private and marker != 0xFE:
            out.append(data[at : at + 2 + length])
        at += 2 + length
    return b"".join(out) + data[at:]
