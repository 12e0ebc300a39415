"""Rules over an edition as written: subject, preheader, links, pictures, how much is quoted."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.rules import PREHEADER, SUBJECT_LIMIT, SUBJECT_SHOWN
from tests.content.test_pictures import encoded
from tests.content.written import CONFIG, EDITION, load, make_project, said

TOML = "newsletters/maj-2021/edition.toml"
TEXT = "newsletters/maj-2021/10-a.md"


def with_line(root: Path, key: str, value: str) -> list[str]:
    """Say what is wrong when `key` of edition.toml holds `value`, a TOML string."""
    lines = EDITION.splitlines(keepends=True)
    changed = "".join(f"{key} = {value}\n" if line.startswith(key) else line for line in lines)
    return said(load(make_project(root, {TOML: changed})).findings)


def with_text(root: Path, text: str) -> list[str]:
    files: dict[str, str | bytes] = {TEXT: f"# Titel\n\n{text}\n"}
    files["newsletters/maj-2021/images/b.png"] = encoded("PNG")
    return said(load(make_project(root, files)).findings)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('""', '3 S01 ämnesraden är tom | skriv subject = "…" i edition.toml'),
        ('" "', '3 S01 ämnesraden är tom | skriv subject = "…" i edition.toml'),
        (
            f'"{"a" * (SUBJECT_SHOWN + 1)}"',
            "3 S01 ämnesraden är 61 tecken: telefoner visar ungefär 60 | sätt det viktigaste först",
        ),
        (
            f'"{"a" * (SUBJECT_LIMIT + 1)}"',
            "3 S01 ämnesraden är 151 tecken, högst 150 | korta den",
        ),
        ('"Hej {namn|du}"', "3 P14 okänt fält {namn} | menade du {name}?"),
        (
            '"Hej {name}"',
            (
                "3 P15 {name} har ingen text för den som saknar uppgiften | "
                "skriv till exempel {name|kära läsare}"
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_subject(tmp_path: Path, value: str, expected: str) -> None:
    assert with_line(tmp_path, "subject", value) == [expected]


def test_a_subject_that_is_only_a_name_is_empty_for_who_has_none(tmp_path: Path) -> None:
    assert [line[:5] for line in with_line(tmp_path, "subject", '"{name|}"')] == ["3 S01", "3 P15"]


@pytest.mark.parametrize(
    "value",
    [
        f'"{"a" * SUBJECT_SHOWN}"',
        # A field counts with its default, and what is no field counts as it stands.
        f'"{{name|{"a" * 39}}} och {{{{organisation}}}}"',
        '"Hej {name|du}, {email}"',
        r'"Mängden \\{1, 2, 3\\}"',
        '"🎉 Äntligen"',
    ],
)
def test_a_good_subject(tmp_path: Path, value: str) -> None:
    assert with_line(tmp_path, "subject", value) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('""', ['4 S01 förhandstexten är tom | skriv preheader = "…" i edition.toml']),
        (
            '"NYHETSBREV maj 2021"',
            ["4 S01 förhandstexten upprepar ämnesraden | säg något mer än ämnesraden"],
        ),
        *(
            (
                f'"{"a" * length}"',
                [
                    (
                        f"4 S01 förhandstexten är {length} tecken: "
                        f"40–130 fyller raden i inkorgen | "
                        "säg vad läsaren får veta, utöver ämnesraden"
                    )
                ],
            )
            for length in (PREHEADER[0] - 1, PREHEADER[1] + 1)
        ),
        *((f'"{"a" * length}"', []) for length in PREHEADER),
        (
            f'"Hej {{name|du}}, {"a" * 40}"',
            [
                (
                    "4 P04 ”preheader” ska vara text utan personliga fält, inte {name…} | "
                    'skriv till exempel preheader = "Det här får du läsa om."'
                )
            ],
        ),
    ],
)
def test_a_preheader(tmp_path: Path, value: str, expected: list[str]) -> None:
    assert with_line(tmp_path, "preheader", value) == expected


@pytest.mark.parametrize(("key", "line"), [("subject", 3), ("preheader", 4)])
@pytest.mark.parametrize("control", ["n", "r", "t", "u0007", "u007f", "u0085"])
def test_a_line_break_or_a_control_in_a_header_is_an_error(
    tmp_path: Path, key: str, line: int, control: str
) -> None:
    assert with_line(tmp_path, key, f'"En rad\\{control}och en till som är lagom lång här"') == [
        f"{line} S01 {key} har en radbrytning eller ett styrtecken | skriv den på en rad"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[Kommunen](kommunen.se)",
            (
                "3 L01 länken ”kommunen.se” leder ingenstans: det är ingen hel adress | "
                "skriv hela adressen, med https:// först"
            ),
        ),
        (
            "Rad ett\n[Kommunen]()",
            (
                "4 L01 länken ”” leder ingenstans: ingen adress är skriven | "
                "skriv hela adressen, med https:// först"
            ),
        ),
        (
            "- en punkt\n- http://www.kommun.se",
            (
                "4 L01 länken ”http://www.kommun.se” leder ingenstans: "
                "http är inte krypterat: använd https | skriv hela adressen, med https:// först"
            ),
        ),
        (
            "| a |\n|---|\n| [b](https://intranet/) |",
            (
                "5 L01 länken ”https://intranet/” leder ingenstans: "
                "bara det egna nätet känner till adressen | skriv hela adressen, med https:// först"
            ),
        ),
        (
            "**[](https://www.kommun.se)**",
            (
                "3 A07 länken till https://www.kommun.se har ingen text | "
                "skriv vart den leder mellan [ och ]"
            ),
        ),
        (
            "[Sidan](https://www.example.com/a)",
            (
                "3 L01 länken ”https://www.example.com/a” går till en påhittad adress | "
                "byt den mot den riktiga före utskick"
            ),
        ),
        (
            "::: event\ntitle: a\ndate: 5 maj 2021\nlink: https://kommun.example\n:::",
            (
                "3 L01 länken ”https://kommun.example” går till en påhittad adress | "
                "byt den mot den riktiga före utskick"
            ),
        ),
        (
            "![](images/b.png)",
            (
                "3 A03 bilden images/b.png har ingen alternativtext | "
                "skriv vad den visar: ![vad den visar](images/b.png)"
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_link_or_a_picture(tmp_path: Path, text: str, expected: str) -> None:
    assert with_text(tmp_path, text) == [expected]


@pytest.mark.parametrize(
    "alt", ["b.png", "IMG_1234", "DSC 0042", "image1", "radhus.JPEG", "a/b.webp"]
)
def test_a_file_name_says_nothing_about_a_picture(tmp_path: Path, alt: str) -> None:
    found = with_text(tmp_path, f"![{alt}](images/b.png)")

    assert [line[:5] for line in found] == ["3 A03"]


@pytest.mark.parametrize(
    "text",
    [
        "![Ett rådhus vid torget](images/b.png)",
        "[Kommunen](https://www.kommun.se/sida?a=b#c)",
        "[Skriv](mailto:kansli@kommun.se?subject=Hej) eller kansli@kommun.se",
        "[Ring](tel:+46-8-4650000)",
        # The project's own site is never called made-up.
        "[Arkivet](https://brev.forening.example/archive/)",
        "https://www.åre.se/vägar",
    ],
)
def test_a_good_link_or_picture(tmp_path: Path, text: str) -> None:
    assert with_text(tmp_path, text) == []


def test_the_senders_own_website_is_never_called_made_up(tmp_path: Path) -> None:
    config = CONFIG.replace("[sender]", '[sender]\nwebsite = "https://forening.example"')
    text = "# Titel\n\n[Hem](https://forening.example/) och [bort](https://annan.example/)\n"
    root = make_project(tmp_path, {"smakom-mail.toml": config, TEXT: text})

    assert [line.split(":", 1)[0] for line in said(load(root).findings)] == ["3 L01 länken ”https"]
    assert "annan.example" in said(load(root).findings)[0]


@pytest.mark.parametrize(
    ("excerpt", "expected"),
    [
        (
            "::: excerpt vagen\nparagraphs: 1\n:::",
            [
                (
                    "3 Q16 68 procent av ”vagen” citeras | en fjärdedel brukar räcka: "
                    "sammanfatta med egna ord och länka till resten"
                )
            ],
        ),
        ("> två mil\n> — Kim Exempel, [Källa](seed:vagen)", []),
    ],
)
def test_how_much_of_a_seed_is_quoted(tmp_path: Path, excerpt: str, expected: list[str]) -> None:
    assert with_text(tmp_path, excerpt) == expected


@given(subject=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_subject_is_read_and_judged(
    tmp_path_factory: pytest.TempPathFactory, subject: str
) -> None:
    quoted = "".join(f"\\U{ord(character):08x}" for character in subject)

    found = with_line(tmp_path_factory.mktemp("s"), "subject", f'"{quoted}"')

    assert all(line.startswith("3 ") for line in found if not line.startswith("4 "))
