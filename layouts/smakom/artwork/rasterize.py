"""Turn the SVG drawings into the PNG pictures that the mails carry.

Run ``python layouts/smakom/artwork/rasterize.py`` (needs Pillow, Playwright and an installed
Chromium, which is looked up on PATH and never downloaded).  Every ``artwork/NAME.svg`` of the
layout and of the newsletter becomes ``images/NAME.png`` beside its ``artwork`` folder.

The pixel size is the ``width`` and ``height`` stated on the root element of each SVG.  A drawing
is painted at twice that size, averaged down (cleaner edges where shapes meet), and reduced to
a palette without dithering, so that flat colours stay flat and the files small.  Nothing but
the picture is written: no date, no software name, no profile.  The same SVG, Chromium and
Pillow give the same bytes.
"""

import io
import math
import os
import shutil
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
ARTWORK_FOLDERS = (HERE, ROOT / "newsletters" / "januari-2021" / "artwork")
BROWSERS = ("chromium", "chromium-browser")
OVERSAMPLING = 2
COLOURS = 128

Pixel = tuple[int, int, int, int]
Box = list[tuple[Pixel, int]]


def find_browser() -> str:
    """Return the path of the installed Chromium."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    raise SystemExit(f"No Chromium on PATH (looked for {', '.join(BROWSERS)}).")


def browser_flags() -> list[str]:
    """Return the command line of a quiet, offline browser; the sandbox is off only for root."""
    flags = [
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
        "--force-color-profile=srgb",
        "--disable-lcd-text",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")
    return flags


def stated_size(svg: str) -> tuple[int, int]:
    """Read the pixel size from the root element of a drawing."""
    root = ET.fromstring(svg)
    return int(root.attrib["width"]), int(root.attrib["height"])


def paint(browser: Browser, svg: str) -> Image.Image:
    """Paint one drawing on a transparent ground and return it at its stated size."""
    width, height = stated_size(svg)
    page = browser.new_page(
        viewport={"width": width, "height": height}, device_scale_factor=OVERSAMPLING
    )
    try:
        page.set_content(
            "<!doctype html><style>html,body{margin:0;background:none}svg{display:block}</style>"
            + svg
        )
        shot = page.screenshot(omit_background=True, animations="disabled", scale="device")
    finally:
        page.close()
    picture = Image.open(io.BytesIO(shot)).convert("RGBA").reduce(OVERSAMPLING)
    if picture.size != (width, height):
        raise SystemExit(f"Painted {picture.size}, expected {(width, height)}.")
    return picture


def is_opaque(picture: Image.Image) -> bool:
    """Say whether no pixel of the picture lets the paper shine through."""
    return picture.getchannel("A").getextrema() == (255, 255)


def split(box: Box) -> tuple[Box, Box] | None:
    """Cut a box of colours in two across its widest channel, or return None if it is one."""
    spans = [
        (max(pixel[channel] for pixel, _ in box) - min(pixel[channel] for pixel, _ in box), channel)
        for channel in range(4)
    ]
    span, channel = max(spans)
    if span == 0:
        return None
    ordered = sorted(box, key=lambda entry: (entry[0][channel], entry[0]))
    low, high = ordered[0][0][channel], ordered[-1][0][channel]
    middle = (low + high) / 2
    cut = next(i for i, (pixel, _) in enumerate(ordered) if pixel[channel] > middle)
    return ordered[:cut], ordered[cut:]


def weight(box: Box) -> float:
    """Tell how much a box would gain by being split: its spread times its share of pixels."""
    spread = max(
        max(pixel[channel] for pixel, _ in box) - min(pixel[channel] for pixel, _ in box)
        for channel in range(4)
    )
    return spread * spread * math.sqrt(sum(count for _, count in box))


def representative(box: Box) -> Pixel:
    """Choose the colour for a box: its commonest one, so that flat colours stay exact."""
    return max(box, key=lambda entry: (entry[1], entry[0]))[0]


def choose_palette(colours: Counter[Pixel], size: int) -> dict[Pixel, Pixel]:
    """Map every colour that occurs to one of at most ``size`` colours, transparency included."""
    boxes: list[tuple[float, Box]] = []
    start: Box = sorted(colours.items())
    boxes.append((weight(start), start))
    while len(boxes) < size:
        boxes.sort(key=lambda entry: (entry[0], entry[1][0]), reverse=True)
        parts = split(boxes[0][1])
        if parts is None:
            break
        boxes[0:1] = [(weight(part), part) for part in parts]
    mapping: dict[Pixel, Pixel] = {}
    for _, box in boxes:
        chosen = representative(box)
        mapping.update((pixel, chosen) for pixel, _ in box)
    return mapping


def pixels_of(picture: Image.Image) -> Iterator[Pixel]:
    """Yield the pixels of an RGBA picture; what is invisible is plain transparent black."""
    data = picture.tobytes()
    for start in range(0, len(data), 4):
        red, green, blue, alpha = data[start : start + 4]
        yield (red, green, blue, alpha) if alpha else (0, 0, 0, 0)


def to_palette(picture: Image.Image, size: int = COLOURS) -> Image.Image:
    """Reduce a picture to a palette, keeping transparency only where the drawing has it."""
    pixels = list(pixels_of(picture))
    mapping = choose_palette(Counter(pixels), size)
    # Transparent entries come first: the PNG transparency table may then end early.
    palette: Sequence[Pixel] = sorted(set(mapping.values()), key=lambda c: (c[3], c))
    index = {colour: number for number, colour in enumerate(palette)}
    result = Image.new("P", picture.size)
    result.frombytes(bytes(index[mapping[pixel]] for pixel in pixels))
    result.putpalette([channel for colour in palette for channel in colour[:3]])
    if not is_opaque(picture):
        alphas = bytes(colour[3] for colour in palette)
        result.info["transparency"] = alphas.rstrip(b"\xff")
    return result


def drawings(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield every SVG of the folders, in a fixed order."""
    for folder in folders:
        yield from sorted(folder.glob("*.svg"))


def main() -> int:
    """Re-make every picture and say how heavy each became."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), headless=True, args=browser_flags()
        )
        try:
            for source in drawings(ARTWORK_FOLDERS):
                target = source.parent.parent / "images" / f"{source.stem}.png"
                target.parent.mkdir(parents=True, exist_ok=True)
                picture = to_palette(paint(browser, source.read_text(encoding="utf-8")))
                picture.save(target, format="PNG", optimize=True)
                print(f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes")
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
