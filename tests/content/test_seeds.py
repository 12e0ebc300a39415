"""Seeds: the catalogue, the paragraphs of a document, and every fault in either."""

import hashlib
from pathlib import Path

import pytest

from smakom_mail.content.seeds import find_title, read_catalogue, split_paragraphs
from tests.content.seeded import PLAN, REAL, entry, one_seed, said, write_seeds

DOCUMENTS = {
    "000_33d475eeadbb856c.txt": ("soderhamn-civilminister", 15, "2021-03-25"),
    "001_19d7e7f8e0026056.txt": ("soderhamn-program", 15, "2021-03-11"),
    "002_5b6f21af1c82519a.txt": ("social-dumpning", 17, ""),
    "003_159dc6932da0601d.txt": ("solleftea-medborgarkontor", 11, ""),
    "004_3a3de5e78f1d92d7.txt": ("smakom-januari-2021", 42, "2021-01"),
}


def findings(root: Path, language: str = "sv") -> list[str]:
    """Give ``file: line code message | hint`` of what is wrong with the catalogue."""
    found = read_catalogue(root)[1]
    return [f"{f.location.file}: {said([f], language)[0]}" for f in found]


def shown(text: str, *drop: str) -> list[str]:
    """Give the paragraphs of a document: line, style, [dropped], text."""
    return [
        f"{p.line} {p.style}{' dropped' if p.dropped else ''}: {p.text}"
        for p in split_paragraphs(text, drop)
    ]


# -------------------------------------------------------------------------- the real documents


def test_the_catalogue_of_the_project_is_in_order() -> None:
    assert [(s.file, s.slug, s.published) for s in REAL.seeds] == [
        (file, slug, published) for file, (slug, _, published) in DOCUMENTS.items()
    ]
    assert all(seed.pinned == seed.sha256 for seed in REAL.seeds)


@pytest.mark.parametrize("file", DOCUMENTS)
def test_a_real_document_has_its_paragraphs(file: str) -> None:
    (seed,) = REAL.find(file)

    assert len(seed.paragraphs) == DOCUMENTS[file][1]
    assert [p.number for p in seed.paragraphs] == list(range(1, len(seed.paragraphs) + 1))


@pytest.mark.parametrize(
    ("file", "start"),
    [
        ("000", "I stort var det ett bra tillfälle"),  # "- I stort"
        ("001", "Det känns angeläget"),  # "-Det känns"
        ("002", "Just den här lägesuppdateringen"),  # "– Just den"
    ],
)
def test_the_three_forms_of_speech_dash_are_no_part_of_what_is_said(file: str, start: str) -> None:
    (seed,) = REAL.find(file)

    assert [p.style for p in seed.paragraphs if p.text.startswith(start)] == ["speech"]


def test_the_noise_of_the_real_documents_is_dropped() -> None:
    dropped = [p.text.split()[:2] for seed in REAL.seeds for p in seed.paragraphs if p.dropped]

    assert [" ".join(words) for words in dropped] == [
        *("Senast uppdaterad:", "Söderhamns rådhus,", "John-Erik Jansson", "John-Erik Jansson"),
        *("Senast uppdaterad:", "Lyssna på", "Nyhetsbrev med", "Nyhetsbrev November"),
        *("Styrelsen, fr", "Clas Olsson", "facebookhomepageinstagram"),
    ]


# ----------------------------------------------------------------------------------- paragraphs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ett stycke.\n\nEtt till.\n", ["1 text: Ett stycke.", "3 text: Ett till."]),
        ("Ett stycke.\n \t\u00a0\n\n\nEtt till.", ["1 text: Ett stycke.", "5 text: Ett till."]),
        ("- Hej, sa hon.\n– Hej, sa han.", ["1 speech: Hej, sa hon.", "2 speech: Hej, sa han."]),
        ("—Hej.\n-Hej.", ["1 speech: Hej.", "2 speech: Hej."]),
        ("- 5 grader\n-10", ["1 text: - 5 grader\n-10"]),
        ("  • Ett\n  • Två", ["1 bullet: Ett", "2 bullet: Två"]),
        ("Rubrik\n\nEn längre text här.", ["1 heading: Rubrik", "3 text: En längre text här."]),
        ("Rubrik\n\nKort", ["1 text: Rubrik", "3 text: Kort"]),
        ("Namn: Kim\nMail: kim", ["1 text: Namn: Kim\nMail: kim"]),
        (
            f"{'ord ' * 15}här\nfortsätter raden.\nNy rad.",
            [f"1 text: {'ord ' * 15}här fortsätter raden.\nNy rad."],
        ),
        ("", []),
        (" \n\n", []),
    ],
)
def test_a_document_is_divided_at_empty_lines_bullets_and_dashes(
    text: str, expected: list[str]
) -> None:
    assert shown(text) == expected


def test_a_paragraph_that_begins_with_noise_is_numbered_but_dropped() -> None:
    text = "Lyssna  på ”sidan” Lyssna\n\nText om att lyssna på sidan.\n"

    assert shown(text, 'LYSSNA PÅ "SIDAN"', " ") == [
        "1 heading dropped: Lyssna på ”sidan” Lyssna",
        "3 text: Text om att lyssna på sidan.",
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Nytt om planen\n\nDet finns en plan.", "Nytt om planen"),
        ("Det finns en plan.\n\nDen är ny.", ""),
        ("- Hej\n\nText", ""),
        ("Lyssna på sidan\n\nNytt om planen\n\nText", "Nytt om planen"),
        ("x" * 151, ""),
        ("", ""),
    ],
)
def test_the_title_is_a_first_line_that_is_short_and_no_sentence(text: str, title: str) -> None:
    assert find_title(split_paragraphs(text, ["Lyssna"])) == title


# ------------------------------------------------------------------------ faults of the catalogue


def test_a_project_without_seeds_has_an_empty_catalogue(tmp_path: Path) -> None:
    assert read_catalogue(tmp_path)[0].seeds == ()
    assert findings(tmp_path) == []


def test_a_document_beside_the_catalogue_is_a_warning_and_can_be_quoted_by_its_file_name(
    tmp_path: Path,
) -> None:
    catalogue = write_seeds(tmp_path, "", {"5.txt": PLAN, ".#5.txt": "x", "läs.md": "x"})

    assert [seed.slug for seed in catalogue.find("5")] == ["5"]
    assert not catalogue.seeds[0].catalogued
    assert findings(tmp_path) == [
        (
            "seeds/5.txt: 1 Q14 källan 5.txt står inte i seeds.toml"
            " | smakom-mail seeds add seeds/5.txt föreslår en post"
        )
    ]


def test_a_missing_document_is_said_at_its_line(tmp_path: Path) -> None:
    names = ["borta.txt", "../utanför.txt", "x" * 300, ".."]
    write_seeds(tmp_path, "".join(entry(f"s{i}", name) for i, name in enumerate(names)), {})

    assert findings(tmp_path) == [
        (
            f"seeds/seeds.toml: {line} Q14 källans fil {name} finns inte i seeds/"
            " | lägg tillbaka den, eller ta bort posten ur seeds.toml"
        )
        for line, name in zip((3, 8, 13, 18), names, strict=True)
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            "Hej\nSmåKom".encode("latin-1"),
            (
                "2 Q14 källan seeds/1.txt går inte att läsa:"
                " filen är inte UTF-8 (byte nummer 7 går inte att läsa)"
            ),
        ),
        (
            b"Hej\n\x00",
            (
                "2 Q14 källan seeds/1.txt går inte att läsa:"
                " ett osynligt styrtecken (U+0000) står i texten"
            ),
        ),
        (
            "Hej \u202ejeh".encode(),
            (
                "1 Q14 källan seeds/1.txt går inte att läsa:"
                " ett osynligt styrtecken (U+202E) står i texten"
            ),
        ),
        (
            b"x" * 5_000_000,
            (
                "1 Q14 källan seeds/1.txt går inte att läsa:"
                " filen är för stor (5000000 byte; högst 1000000)"
            ),
        ),
    ],
)
@pytest.mark.parametrize("catalogue", [entry("ett", "1.txt"), ""])
def test_an_unreadable_document_is_refused_in_or_out_of_the_catalogue(
    tmp_path: Path, data: bytes, expected: str, catalogue: str
) -> None:
    write_seeds(tmp_path, catalogue, {"1.txt": data})

    assert findings(tmp_path) == [f"seeds/1.txt: {expected} | spara den som ren text i UTF-8"]


def test_an_unreadable_document_is_refused_in_english_too(tmp_path: Path) -> None:
    write_seeds(tmp_path, "", {"1.txt": b"\xe5"})

    assert findings(tmp_path, "en") == [
        (
            "seeds/1.txt: 1 Q14 the seed seeds/1.txt cannot be read: the file is not UTF-8"
            " (byte 1 cannot be read) | save it as plain text in UTF-8"
        )
    ]


def test_the_same_slug_or_file_twice_is_said_and_the_first_stays(tmp_path: Path) -> None:
    catalogue = write_seeds(
        tmp_path,
        entry("ett", "1.txt") + entry("ett", "2.txt") + entry("tre", "1.txt"),
        {"1.txt": "Ett.\n", "2.txt": "Två.\n"},
    )

    assert findings(tmp_path) == [
        (
            "seeds/seeds.toml: 7 P06 ”ett” finns redan i seeds/seeds.toml:2"
            " | ge en av dem ett annat namn"
        ),
        (
            "seeds/seeds.toml: 13 Q14 filen 1.txt har redan en post: seeds/seeds.toml:3"
            " | ta bort en av posterna"
        ),
    ]
    assert [(seed.slug, seed.file) for seed in catalogue.seeds] == [("ett", "1.txt")]


def test_every_fault_of_every_entry_is_said_at_its_line(tmp_path: Path) -> None:
    write_seeds(
        tmp_path,
        '[[seed]]\nslug = ""\nfile = "1.txt"\n'
        '[[seed]]\nslag = "tva"\nfile = "1.txt"\ndrop = "Lyssna"\n'
        'colour = "red"\npublished = "mars"\n'
        '[[sed]]\n',
        {"1.txt": "Ett.\n"},
    )  # fmt: skip

    assert [
        row.split(" | ")[0].removeprefix("seeds/seeds.toml: ") for row in findings(tmp_path)
    ] == [
        "10 P03 okänd nyckel ”sed”",
        '2 P04 ”slug” ska vara text på en rad, inte ""',
        "5 P03 okänd nyckel ”slag” [seed]",
        '7 P04 ”drop” ska vara en lista med texter, inte "Lyssna"',
        "8 P03 okänd nyckel ”colour” [seed]",
        '9 P04 ”published” ska vara ett datum eller en månad, inte "mars"',
        "4 P04 ”slug” saknas [seed]",
    ]


@pytest.mark.parametrize("catalogue", ["[[seed]\n", "slug = “x”\n"])
def test_a_catalogue_that_is_no_toml_is_one_finding(tmp_path: Path, catalogue: str) -> None:
    read = write_seeds(tmp_path, catalogue, {"1.txt": "Ett.\n", "2.txt": "Två.\n"})

    assert read.broken
    assert [row.split(":")[0] for row in findings(tmp_path)] == ["seeds/seeds.toml"]


def test_a_catalogue_in_another_encoding_is_one_finding(tmp_path: Path) -> None:
    write_seeds(tmp_path, "", {"1.txt": "Ett.\n"})
    (tmp_path / "seeds" / "seeds.toml").write_bytes('publisher = "Näs"'.encode("latin-1"))

    assert [row.split(" (")[0] for row in findings(tmp_path)] == [
        "seeds/seeds.toml: 1 P01 filen är inte UTF-8"
    ]


def test_a_control_character_written_as_an_escape_is_refused(tmp_path: Path) -> None:
    one_seed(tmp_path, PLAN, r'title = "a\u0000b"')

    assert findings(tmp_path) == [
        (
            'seeds/seeds.toml: 6 P04 ”title” ska vara text på en rad, inte "a\\u0000b"'
            ' | skriv till exempel title = "Viktiga frågor på bordet"'
        )
    ]


def test_the_hash_is_of_the_bytes_as_they_are(tmp_path: Path) -> None:
    seed = write_seeds(tmp_path, entry("s", "1.txt"), {"1.txt": b"\xef\xbb\xbfHej\r\n"}).seeds[0]

    assert seed.sha256 == hashlib.sha256(b"\xef\xbb\xbfHej\r\n").hexdigest()
    assert [p.text for p in seed.paragraphs] == ["Hej"]
