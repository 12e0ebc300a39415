"""Rules over the pictures of the mail: each catches its slip, and lets its near miss be."""

from dataclasses import replace

import pytest

from smakom_mail.model.edition import Picture
from tests.render.altered import at, built_with, january, mail_with, rebuilt

MASTHEAD, BLOCKS = "partials/masthead.mjml.j2", "partials/blocks.mjml.j2"
FILE = "newsletters/januari-2021/"
IMAGES = "https://nyhetsbrev.smakom.example/archive/januari-2021/images/"


def name(stem: str) -> str:
    """Give the published name of one of the pictures."""
    edition, layout, _ = january()
    pictures = [picture for _, picture in layout.pictures] + list(edition.pictures)
    return next(p.name for p in pictures if p.source.endswith(f"/{stem}.png"))


def with_picture(stem: str, **changes: object) -> list[str]:
    """Give what the rules say where one of January's pictures is another."""
    edition, layout, _ = january()
    pictures = tuple(
        replace(p, **changes) if p.source.endswith(f"/{stem}.png") else p  # type: ignore[arg-type] # any field
        for p in edition.pictures
    )
    assert pictures != edition.pictures
    return rebuilt(layout, replace(edition, pictures=pictures))


def figure(stem: str) -> str:
    """Give the place where January's author shows a picture."""
    edition, _, _ = january()
    for section in edition.sections:
        for block in section.blocks:
            if getattr(block, "source", "").endswith(f"/{stem}.png"):
                return f"{section.file}:{block.line}"
    raise AssertionError(stem)


@pytest.mark.parametrize("width", ["", 'width="100%" ', 'width="600px" ', 'width="auto" '])
def test_a_picture_without_a_width_in_pixels_is_told(width: str) -> None:
    assert built_with(MASTHEAD, ('width="600" ', width)) == [
        at(MASTHEAD, "<img") + f": I02 the picture {name('masthead')} has no width in pixels: "
        "Outlook shows it as large as its file"
    ]


def test_a_picture_file_of_little_more_than_its_shown_width_is_blurred() -> None:
    assert with_picture("landskap", width=800) == [
        (
            f"{figure('landskap')}: I03 the picture images/landskap.png is 800 px wide "
            "and shown at 536: blurred on sharp screens"
        )
    ]


@pytest.mark.parametrize("width", [804, 1200, 1608])
def test_a_picture_file_of_one_and_a_half_to_three_times_its_width_is_fine(width: int) -> None:
    assert with_picture("landskap", width=width) == []


def test_a_picture_file_of_more_than_three_times_its_width_is_more_than_is_seen() -> None:
    assert with_picture("landskap", width=1609) == [
        (
            f"{figure('landskap')}: I03 the picture images/landskap.png is 1609 px wide "
            "and shown at 536: more than any screen shows"
        )
    ]


def test_a_picture_of_the_layout_is_told_at_its_template() -> None:
    assert built_with(MASTHEAD, ('width="600" ', 'width="900" ')) == [
        at(MASTHEAD, "<img") + ": I03 the picture images/masthead.png is 1200 px wide "
        "and shown at 900: blurred on sharp screens"
    ]


def test_a_heavy_picture_is_told() -> None:
    assert with_picture("landskap", data=b"x" * 301_000) == [
        (
            f"{figure('landskap')}: I03 the picture images/landskap.png is 301 kB; "
            "above 300 it takes long on a telephone"
        )
    ]


def test_a_picture_of_300_kb_is_fine() -> None:
    assert with_picture("landskap", data=b"x" * 300_000) == []


def test_pictures_that_are_heavy_together_are_told_of_the_edition() -> None:
    edition, layout, _ = january()
    heavy = tuple(replace(p, data=b"x" * 250_000) for p in edition.pictures)
    found = rebuilt(layout, replace(edition, pictures=heavy))

    assert len(found) == 1
    assert found[0].startswith(f"{FILE}edition.toml:1: I03 the mail's pictures are 12")


@pytest.mark.parametrize("source", ["images/masthead.png", "data:image/png;base64,AA", "cid:m"])
def test_a_picture_that_is_not_fetched_by_https_is_told(source: str) -> None:
    place = at(MASTHEAD, "<img")
    found = built_with(MASTHEAD, ('src="{{ pictures.masthead.src }}"', f'src="{source}"'))

    assert f"{place}: I04 a picture of the mail is not fetched by https: {source}" in found


def test_an_authors_picture_that_is_not_fetched_by_https_is_told_at_her_line() -> None:
    assert mail_with(IMAGES + name("landskap"), "http://a.example/" + name("landskap")) == [
        (
            f"{figure('landskap')}: I04 a picture of the mail is not fetched by https: "
            f"http://a.example/{name('landskap')}"
        )
    ]


def test_a_ground_that_is_not_fetched_by_https_is_told() -> None:
    found = mail_with(
        "<h1 ", '<table role="none" background="x.png"><tr><td>a</td></tr></table><h1 '
    )

    assert found == [
        "layouts/smakom/partials/blocks.mjml.j2:"
        + at(BLOCKS, "<img").rsplit(":", 1)[1]
        + ": I04 a picture of the mail is not fetched by https: x.png"
    ]


def test_a_picture_that_the_mail_does_not_show_is_not_weighed() -> None:
    edition, layout, _ = january()
    unused = Picture("newsletters/x/images/u.png", "u-1.png", 10, 10, b"x" * 2_000_000)

    assert rebuilt(layout, replace(edition, pictures=(*edition.pictures, unused))) == []


@pytest.mark.parametrize("site", ["http://127.0.0.1:8765", "http://localhost:8765"])
def test_a_site_on_this_machine_is_fetched_without_https(site: str) -> None:
    assert mail_with(IMAGES + name("landskap"), f"{site}/" + name("landskap")) == []
