"""Pictures leave without metadata, upright, no larger than needed, under a name of their own."""

import hashlib
import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from smakom_mail.content.pictures import LIMIT, MAX_PIXELS, load_picture
from smakom_mail.model.edition import Picture
from tests.content.written import load, make_project, placed, said

SECRET = b"hemligt"
ORIENTATION, DESCRIPTION, GPS = 0x0112, 0x010E, 0x8825


def image(width: int = 40, height: int = 30, mode: str = "RGB") -> Image.Image:
    """Draw a picture that is red at the left and blue at the right."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height))
    return picture.convert(mode)


def encoded(kind: str, picture: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (picture or image()).save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[ORIENTATION], tags[DESCRIPTION] = orientation, SECRET.decode()
    tags[GPS] = {1: "N", 2: (59.0, 19.0, 0.0), 29: SECRET.decode()}
    return tags


def loaded(root: Path, data: bytes, name: str = "bild.png") -> tuple[Picture | None, list[str]]:
    (root / name).write_bytes(data)
    picture, findings = load_picture(root, name, "a.md", 7)
    return picture, said(findings)


def good(root: Path, data: bytes, name: str = "bild.png") -> Picture:
    picture, findings = loaded(root, data, name)
    assert findings == []
    assert picture is not None
    with Image.open(io.BytesIO(picture.data)) as opened:
        opened.load()
        assert opened.size == (picture.width, picture.height)
    return picture


@pytest.mark.parametrize(
    ("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("MPO", "jpg")]
)
def test_a_picture_of_each_kind_has_its_size_and_its_ending(
    tmp_path: Path, kind: str, suffix: str
) -> None:
    several = {"save_all": True, "append_images": [image(20, 20)]}

    picture = good(tmp_path, encoded(kind, image(), **(several if kind == "MPO" else {})))

    assert (picture.width, picture.height) == (40, 30)
    assert picture.name.endswith(f".{suffix}")


def test_the_published_name_is_made_of_the_name_and_the_content(tmp_path: Path) -> None:
    name = "Foto på Rådhuset (1).PNG"

    first, again = (good(tmp_path, encoded("PNG"), name) for _ in range(2))
    other = good(tmp_path, encoded("PNG", image(41)), name)

    digest = hashlib.sha256(first.data).hexdigest()[:8]
    assert first.name == again.name == f"foto-pa-radhuset-1-{digest}.png"
    assert other.name != first.name
    assert good(tmp_path, encoded("PNG"), "漢字.png").name == f"bild-{digest}.png"


def metadata() -> dict[str, bytes]:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", SECRET.decode())
    text.add_text("Comment", SECRET.decode(), zip=True)
    text.add_itxt("Author", SECRET.decode(), "sv", "x")
    plain = encoded("JPEG")
    adobe = b"\xff\xed" + struct.pack(">H", 2 + len(SECRET)) + SECRET
    return {
        "PNG text": encoded("PNG", pnginfo=text),
        "PNG exif": encoded("PNG", exif=exif()),
        "PNG profile": encoded("PNG", icc_profile=SECRET * 20),
        "PNG tail": encoded("PNG") + SECRET,
        "JPEG exif": encoded("JPEG", exif=exif()),
        "JPEG exif, turned": encoded("JPEG", exif=exif(6)),
        "JPEG comment": encoded("JPEG", comment=SECRET),
        "JPEG XMP": encoded("JPEG", xmp=SECRET),
        "JPEG IPTC": plain[:2] + adobe + plain[2:],
        "JPEG tail": plain + SECRET,
        "JPEG, fill bytes": plain[:2] + b"\xff\xff" + adobe + plain[2:],
        "JPEG, progressive": encoded("JPEG", progressive=True, exif=exif()) + SECRET,
        "JPEG, several": encoded(
            "MPO", save_all=True, append_images=[image(20, 20)], exif=exif(), comment=SECRET
        ),
        "GIF comment": encoded("GIF", comment=SECRET),
        "GIF tail": encoded("GIF") + SECRET,
    }


@pytest.mark.parametrize("case", metadata())
def test_places_names_and_comments_are_gone(tmp_path: Path, case: str) -> None:
    data = metadata()[case]
    hidden = [chunk for chunk in (b"zTXt", b"iCCP") if chunk in data]
    assert SECRET in data or hidden, "the picture has something to hide"

    picture = good(tmp_path, data)

    assert SECRET not in picture.data
    with Image.open(io.BytesIO(picture.data)) as opened:
        assert dict(opened.getexif()) == {}
        assert {"comment", "Author", "icc_profile", "xmp"}.isdisjoint(opened.info)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_the_pixels_are_those_of_the_file(tmp_path: Path, kind: str) -> None:
    data = encoded(kind)

    with Image.open(io.BytesIO(data)) as before:
        expected = before.convert("RGB").tobytes()
    with Image.open(io.BytesIO(good(tmp_path, data).data)) as after:
        assert after.convert("RGB").tobytes() == expected


def test_a_film_keeps_its_pictures_its_pace_and_its_loop(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    data = encoded(
        "GIF",
        frames[0],
        save_all=True,
        append_images=frames[1:],
        duration=120,
        loop=3,
        comment=SECRET,
    )

    with Image.open(io.BytesIO(good(tmp_path, data).data)) as film:
        assert (getattr(film, "n_frames", 1), film.info["duration"], film.info["loop"]) == (
            3,
            120,
            3,
        )


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_that_lies_on_its_side_is_turned_upright(tmp_path: Path, kind: str) -> None:
    picture = good(tmp_path, encoded(kind, exif=exif(6)))  # 6: turn it clockwise to see it

    assert (picture.width, picture.height) == (30, 40)
    with Image.open(io.BytesIO(picture.data)) as upright:
        above, below = (upright.convert("RGB").getpixel((15, y)) for y in (2, 37))
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert (above[0] > 200, below[2] > 200) == (True, True), "red left becomes red above"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_very_wide_png_is_made_twice_as_wide_as_it_is_shown(tmp_path: Path, mode: str) -> None:
    wide = Image.new(mode, (4000, 1000)) if mode == "I;16" else image(4000, 1000, mode)

    picture = good(tmp_path, encoded("PNG", wide))

    assert (picture.width, picture.height) == (1072, 268)


def test_a_very_wide_jpeg_is_made_smaller_and_a_thin_one_keeps_a_row(tmp_path: Path) -> None:
    assert good(tmp_path, encoded("JPEG", image(4000, 1000))).width == 1072
    assert good(tmp_path, encoded("PNG", image(4000, 1))).height == 1


def test_a_picture_of_three_times_the_width_is_left_as_it_is(tmp_path: Path) -> None:
    assert good(tmp_path, encoded("PNG", image(1608, 10))).width == 1608


def png(width: int, height: int) -> bytes:
    """Write a PNG that claims to be so large, in very few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def unusable(reason: str) -> list[str]:
    return [
        f"7 I01 bilden bild.png går inte att använda: {reason} | spara den som PNG, JPEG eller GIF"
    ]


NOT_WHOLE = unusable("filen är ingen hel bild")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", NOT_WHOLE),
        (b"Hej", NOT_WHOLE),
        (encoded("PNG")[:-20], NOT_WHOLE),
        (encoded("JPEG", image(300, 300))[:-200], NOT_WHOLE),
        (encoded("GIF", image(300, 300))[:-50], NOT_WHOLE),
        (png(0, 5), NOT_WHOLE),
        *(
            (data, unusable(f"den är av typen {kind}; e-postprogram visar PNG, JPEG och GIF"))
            for kind, data in (
                ("SVG", b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
                ("SVG", b'<?xml version="1.0"?>\n<svg></svg>'),
                ("WEBP", encoded("WEBP")),
                ("BMP", encoded("BMP")),
                ("TIFF", encoded("TIFF")),
                ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0"),
                ("AVIF", b"\0\0\0\x1cftypavif\0\0\0\0"),
                ("PDF", b"%PDF-1.7"),
            )
        ),
        *(
            (png(*size), unusable(f"den har {size[0] * size[1]} bildpunkter, högst {MAX_PIXELS}"))
            for size in ((5000, 4001), (10_000, 9500), (60_000, 60_000))
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_reason(
    tmp_path: Path, data: bytes, expected: list[str]
) -> None:
    assert loaded(tmp_path, data) == (None, expected)


def test_a_file_too_large_to_read_is_named_with_its_size(tmp_path: Path) -> None:
    path = tmp_path / "bild.png"
    path.touch()
    os.truncate(path, LIMIT + 1)

    _, findings = load_picture(tmp_path, "bild.png", "a.md", 7)

    assert said(findings) == unusable(f"filen är för stor ({LIMIT + 1} byte; högst {LIMIT})")


@given(
    data=st.sampled_from([encoded(kind) for kind in ("PNG", "JPEG", "GIF")]),
    changes=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=6),
    length=st.integers(0, 2000),
)
def test_a_spoiled_file_is_a_picture_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory,
    data: bytes,
    changes: list[tuple[int, int]],
    length: int,
) -> None:
    spoiled = bytearray(data[: max(length, 1)])
    for at, value in changes:
        spoiled[at % len(spoiled)] = value

    picture, findings = loaded(tmp_path_factory.getbasetemp(), bytes(spoiled))

    assert (picture is None) == bool(findings)


# --- pictures of an edition ----------------------------------------------------------------


def test_a_missing_picture_is_named_with_the_nearest(tmp_path: Path) -> None:
    root = make_project(
        tmp_path,
        {
            "newsletters/maj-2021/10-a.md": "# T\n\n![Ett torg](images/rådhuset.png)\n\n"
            "![Ett torg](images/zzzzzz.gif)\n\n![Ett torg](images)\n",
            "newsletters/maj-2021/images/rådhus.png": encoded("PNG"),
        },
    )

    assert said(load(root).findings) == [
        "3 I01 bilden rådhuset.png finns inte | menade du images/rådhus.png?",
        "5 I01 bilden zzzzzz.gif finns inte | lägg den i numrets mapp images/",
        "7 I01 bilden images finns inte | lägg den i numrets mapp images/",
    ]


@pytest.mark.parametrize("name", ["a" * 300, "%00", "%1b[31m", "a/b/c"])
def test_a_picture_whose_name_no_disk_would_take_is_missing(tmp_path: Path, name: str) -> None:
    text = f"# T\n\n![Ett torg](images/{name}.png)\n"
    root = make_project(tmp_path, {"newsletters/maj-2021/10-a.md": text})

    assert placed(load(root).findings) == ["newsletters/maj-2021/10-a.md:3 I01"]


def test_a_picture_is_found_although_macos_took_its_name_apart(tmp_path: Path) -> None:
    root = make_project(
        tmp_path,
        {
            "newsletters/maj-2021/10-a.md": "# T\n\n![Ett torg](images/r\u00e5.png)\n",
            "newsletters/maj-2021/images/ra\u030a.png": encoded("PNG"),
        },
    )

    loaded_edition = load(root)

    assert said(loaded_edition.findings) == []
    assert [p.source for p in loaded_edition.edition.pictures] == [
        "newsletters/maj-2021/images/r\u00e5.png"
    ]


def test_a_picture_is_read_once_however_often_it_is_shown(tmp_path: Path) -> None:
    root = make_project(
        tmp_path,
        {
            "newsletters/maj-2021/10-a.md": "# T\n\n![Ett torg](images/b.png)\n",
            "newsletters/maj-2021/20-b.md": "# U\n\n- ![Ett torg](images/b.png)\n",
            "newsletters/maj-2021/images/b.png": encoded("PNG"),
        },
    )

    assert [picture.width for picture in load(root).edition.pictures] == [40]


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "utanför.png").write_bytes(encoded("PNG"))
    root = make_project(
        tmp_path / "p", {"newsletters/maj-2021/10-a.md": "# T\n\n![Ett torg](b.png)\n"}
    )
    (root / "newsletters/maj-2021/b.png").symlink_to(tmp_path / "utanför.png")

    edition = load(root)

    assert edition.edition.pictures == ()
    assert said(edition.findings) == [
        (
            "3 I01 bilden b.png går inte att använda: ”newsletters/maj-2021/b.png” leder ut ur "
            "projektets mapp | spara den som PNG, JPEG eller GIF"
        )
    ]
