"""The message itself: headers with their purpose, parts with their sizes, every line."""

from dataclasses import replace
from email import message_from_bytes

import pytest

from smakom_mail.config import SampleReader
from smakom_mail.config.settings import Sender
from smakom_mail.locale.preview import VIEW_WORDS
from smakom_mail.services.building import make_files
from smakom_mail.services.previewing.document import grouped
from smakom_mail.services.previewing.snapshot import Snapshot
from tests.render.making import CONFIG, edition, paragraph
from tests.services.previewing.drawn import (
    repository,
    snapshot,
    snapshot_of,
    text_of,
    texts,
    tree,
    view,
)


def message(taken: Snapshot) -> bytes:
    assert taken.rendered is not None
    return make_files(taken.edition, taken.rendered, taken.config)["message.eml"]


def source(html: str) -> str:
    return "".join(next(tree(html).iter("pre")).itertext())


def test_the_source_is_the_message_that_is_built() -> None:
    taken = repository()

    assert source(view(taken, "raw").html) == message(taken).decode().replace("\r\n", "\n")


def test_the_message_is_for_the_chosen_reader() -> None:
    config = replace(CONFIG, samples=(SampleReader(), SampleReader("Bo", "", "bo@exempel.example")))
    html = view(snapshot(paragraph("Hej"), config=config), "raw", reader=1).html

    assert "To: bo@exempel.example\n" in source(html)
    assert texts(html, ".//p")[0] == (
        "Brevet så som det skickas till bo@exempel.example. Adresserna för avslut är exempel."
    )


def test_every_header_has_its_value_and_its_purpose() -> None:
    html = view(repository(), "raw").html
    rows = [[text_of(cell) for cell in row] for row in tree(html).iterfind(".//tbody/tr")]
    names = [name for name, _ in message_from_bytes(message(repository())).items()]

    assert [name for name, _, _ in rows] == names
    assert [name for name, _, purpose in rows if not purpose] == []
    assert rows[0] == [
        "From",
        "SmåKom <charlotta@smakom.se>",
        "Avsändaren, så som mottagaren ser den.",
    ]
    assert rows[3][:2] == ["Subject", "Nyhetsbrev januari 2021: vindkraft, posten och Vårmötet"]


def test_the_parts_are_a_tree_with_sizes_before_and_after_decoding() -> None:
    taken = snapshot(paragraph("Hej på er"))
    data = message(taken)
    parts = [part for part in message_from_bytes(data).walk() if not part.is_multipart()]
    encoded = [grouped(len(str(part.get_payload())), "sv") for part in parts]
    decoded = [grouped(len(part.get_payload(decode=True) or b""), "sv") for part in parts]
    drawn = [text_of(item) for item in tree(view(taken, "raw").html).iter("li")]
    sizes = [
        f"{size} byte i brevet, {bare} avkodat" for size, bare in zip(encoded, decoded, strict=True)
    ]
    said = [
        f"text/plain utf-8 · format=flowed · quoted-printable{sizes[0]}",
        f"text/html utf-8 · quoted-printable{sizes[1]}",
    ]
    whole = f"multipart/alternative{grouped(len(data), 'sv')} byte i allt {' '.join(said)}"

    assert drawn == [" ".join(each.split()) for each in (whole, *said)]


@pytest.mark.parametrize(
    ("language", "number", "expected"),
    [("sv", 999, "999"), ("sv", 12_034, "12\u00a0034"), ("en", 1_234_567, "1,234,567")],
)
def test_thousands_are_apart_as_the_language_wants(
    language: str, number: int, expected: str
) -> None:
    assert grouped(number, language) == expected


def test_a_message_that_cannot_be_made_says_why() -> None:
    nobody = snapshot_of(edition(paragraph("Hej")), replace(CONFIG, sender=Sender(name="X")))

    assert texts(view(nobody, "raw").html, ".//main/p")[0] == (
        "Av det här numret kan det inte göras något brev: "
        "the header From cannot hold the address ''"
    )


def test_every_header_of_ours_is_explained_in_both_languages() -> None:
    names = {f"h_{name.lower()}" for name, _ in message_from_bytes(message(repository())).items()}

    for words in VIEW_WORDS.values():
        assert {key for key in words if key.startswith("h_")} == names
