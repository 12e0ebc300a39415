"""Reading files: UTF-8 text inside the project, or a finding with its line."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.reading import LIMIT, decode_text, is_file, read_bytes, read_text
from smakom_mail.content.seeds import Catalogue, split_paragraphs
from smakom_mail.content.sources import Sources
from smakom_mail.content.tree import parse_section
from tests.content.seeded import FILE, REAL, said

HINT_UTF8 = "spara filen som UTF-8 i redigeraren"
HINT_CHARACTER = "ta bort tecknet: det kan ändra hur texten läses"


def decode(data: bytes) -> tuple[str, list[str]]:
    """Decode `data`; give the text and what is said of it."""
    text, findings = decode_text(data, "a.md")
    return text, said(findings)


# ------------------------------------------------------------------------------------ decoding


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Hej på dig\n".encode(), "Hej på dig\n"),
        (b"", ""),
        ("\ufeffHej\n".encode(), "Hej\n"),
        (b"a\r\nb\rc\n\r\nd", "a\nb\nc\n\nd"),
        ("a\u2028b\u2029c".encode(), "a\nb\nc"),
        (unicodedata.normalize("NFD", "åäö é").encode(), "åäö é"),
        ("a\tb\u00adc\u200bd\u00a0e 👩‍👧".encode(), "a\tb\u00adc\u200bd\u00a0e 👩‍👧"),
    ],
)
def test_text_comes_out_composed_and_with_plain_line_ends(data: bytes, text: str) -> None:
    assert decode(data) == (text, [])


@pytest.mark.parametrize(
    ("data", "line", "byte"),
    [
        ("Hej\nSmåKom".encode("latin-1"), 2, 7),
        ("Hej".encode("utf-16"), 1, 1),
        ("å".encode("utf-16-le"), 1, 1),
        (b"a\n\xed\xa0\x80", 2, 3),
        (b"a\n\nb\xf0\x9f", 3, 5),
        (b"\x89PNG\r\n", 1, 1),
    ],
)
def test_anything_but_utf_8_is_refused_with_its_line(data: bytes, line: int, byte: int) -> None:
    assert decode(data) == (
        "",
        [f"{line} P01 filen är inte UTF-8 (byte nummer {byte} går inte att läsa) | {HINT_UTF8}"],
    )


@pytest.mark.parametrize(
    ("character", "name"),
    [
        *(("\x00", "U+0000"), ("\x1b", "U+001B"), ("\x0c", "U+000C"), ("\x85", "U+0085")),
        *(("\u202e", "U+202E"), ("\u2066", "U+2066"), ("\u200f", "U+200F"), ("\u061c", "U+061C")),
        *(("\ufffe", "U+FFFE"), ("\uffff", "U+FFFF"), ("\x7f", "U+007F")),
    ],
)
def test_an_invisible_control_character_is_named_and_left_out(character: str, name: str) -> None:
    assert decode(f"a\nb{character}c{character}\n".encode()) == (
        "a\nbc\n",
        [f"2 P01 ett osynligt styrtecken ({name}) står i texten | {HINT_CHARACTER}"],
    )


def test_several_control_characters_are_named_each_at_its_line() -> None:
    text, rows = decode(b"a\x00\x01\n\x00b\n")

    assert text == "a\nb\n"
    assert [row.split(" står")[0] for row in rows] == [
        "1 P01 ett osynligt styrtecken (U+0000)",
        "1 P01 ett osynligt styrtecken (U+0001)",
        "2 P01 ett osynligt styrtecken (U+0000)",
    ]


def test_a_file_full_of_them_is_not_told_forever() -> None:
    text, rows = decode(b"a\x00\n" * 200_000)

    assert text == "a\n" * 200_000
    assert len(rows) == 20


@pytest.mark.parametrize("size", [LIMIT + 1, 5_000_000])
def test_a_file_over_a_megabyte_is_refused(size: int) -> None:
    assert decode(b"x" * size) == (
        "",
        [f"1 P01 filen är för stor ({size} byte; högst 1000000) | dela upp texten"],
    )


def test_a_file_of_exactly_a_megabyte_is_read() -> None:
    assert decode(b"x" * LIMIT) == ("x" * LIMIT, [])


@given(st.binary())
def test_no_bytes_raise_and_the_text_is_clean(data: bytes) -> None:
    text, _ = decode_text(data, "a.md")

    assert not set(text) & set("\x00\r\u2028\u2029\u202e\x85")
    assert unicodedata.is_normalized("NFC", text)


@given(st.text())
def test_text_without_odd_characters_is_kept(text: str) -> None:
    kept = "".join(c for c in text if c.isprintable() and ord(c) < 0x2000)

    assert decode(kept.encode()) == (unicodedata.normalize("NFC", kept), [])


# ------------------------------------------------------------------------------------- reading


def test_a_file_in_the_project_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Hej\n", encoding="utf-8")

    assert read_text(tmp_path, tmp_path / "a.md") == ("Hej\n", ())
    assert said(read_text(tmp_path, tmp_path / "b.md")[1])[0].startswith("1 P01 filen kan inte")


@pytest.mark.parametrize("name", ["link.md", "folder/a.md", "up.md"])
def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path, name: str) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "a.md").write_text("secret", encoding="utf-8")
    (root / "link.md").symlink_to(outside / "a.md")
    (root / "up.md").symlink_to("../outside/a.md")
    (root / "folder").symlink_to(outside)

    data, findings = read_bytes(root, root / name)

    assert data == b""
    assert said(findings) == [
        (
            f"1 P01 ”{name}” leder ut ur projektets mapp"
            " | lägg filen i projektet i stället för en länk till den"
        )
    ]


def test_a_link_inside_the_project_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Hej\n", encoding="utf-8")
    (tmp_path / "b.md").symlink_to("a.md")

    assert read_bytes(tmp_path, tmp_path / "b.md") == (b"Hej\n", ())


def test_what_is_no_readable_file_is_said_and_never_waited_for(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    names = ["nothing", "folder", "pipe", "loop", "x" * 300]

    rows = [said(read_bytes(tmp_path, tmp_path / name)[1])[0].split(" | ")[0] for name in names]

    assert rows[:3] == [
        "1 P01 filen kan inte läsas: den finns inte",
        "1 P01 filen kan inte läsas: det är en mapp",
        "1 P01 filen kan inte läsas: det är ingen fil",
    ]
    assert rows[3].startswith("1 P01 filen kan inte läsas: ")
    assert rows[4] == "1 P01 filen kan inte läsas: namnet är för långt"


def test_a_file_over_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    with (tmp_path / "big").open("wb") as file:
        file.truncate(10_000_000_000)

    assert said(read_bytes(tmp_path, tmp_path / "big")[1]) == [
        "1 P01 filen är för stor (10000000000 byte; högst 1000000) | dela upp texten"
    ]


@pytest.mark.parametrize("name", ["a\x00b", "x" * 300, "nothing", "."])
def test_a_name_that_no_file_can_have_is_no_file(tmp_path: Path, name: str) -> None:
    assert not is_file(tmp_path / name)


# -------------------------------------------------------------------- whatever stands in them

MARKS = st.sampled_from(
    [
        "::: excerpt ",
        "::: ",
        ":::",
        "> ",
        "- ",
        "# ",
        "\n",
        "\n\n",
        "{name|",
        "}",
        "[x](seed:",
        "002",
        ")",
        "— Lena Micko, ",
        "from: ",
        "to: ",
        "paragraphs: ",
        "fix: ",
        "->",
        "link: ",
        "1",
        "99",
        "plan",
        "Vi ",
        "[…]",
        "…",
        "|",
        "![",
        "](",
        "**",
        "`",
        "\xad",
        "\\",
        "    ",
    ]
)


@given(st.lists(MARKS | st.text(max_size=5), max_size=40))
def test_no_section_raises(parts: list[str]) -> None:
    for catalogue in (REAL, Catalogue(())):
        section, findings = parse_section("".join(parts), FILE, Sources(catalogue, None), "sv")
        rows = [(f.message("sv"), f.message("en"), f.hint("sv"), f.hint("en")) for f in findings]
        assert all(message and english for message, english, _, _ in rows)
        assert section.line >= 1


@given(st.text(), st.lists(st.text(max_size=9), max_size=3))
def test_no_document_raises_and_no_word_is_lost(text: str, drop: list[str]) -> None:
    paragraphs = split_paragraphs(text, drop)

    assert [p.number for p in paragraphs] == list(range(1, len(paragraphs) + 1))
    letters = "".join(c for c in text if c.isalnum())
    assert "".join(c for p in paragraphs for c in p.text if c.isalnum()) == letters
