"""Markdown as an editor writes it, personal fields, and texts that nobody should write."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.markdown import parse_field, split_fields
from smakom_mail.content.tree import anchor_of
from smakom_mail.model.document import (
    Block,
    Code,
    CodeBlock,
    Divider,
    Emphasis,
    Field,
    Figure,
    Heading,
    Inline,
    LineBreak,
    Link,
    List,
    Paragraph,
    Strikethrough,
    Strong,
    Table,
    Text,
    plain,
    walk,
)
from tests.content.written import faults, make_project, section


def first(text: str) -> Block:
    return section(f"# Titel\n\n{text}\n")[0].blocks[0]


def figure(text: str) -> Figure:
    block = first(text)
    assert isinstance(block, Figure)
    return block


def inline(text: str) -> tuple[Inline, ...]:
    block = first(text)
    assert isinstance(block, Paragraph)
    return block.children


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a*", Emphasis((Text("a", 3),), 3)),
        ("**a**", Strong((Text("a", 3),), 3)),
        ("~~a~~", Strikethrough((Text("a", 3),), 3)),
        ("`a *b*`", Code("a *b*", 3)),
        ("[a](https://b.se)", Link("https://b.se", (Text("a", 3),), 3)),
        ("<b>a</b> &amp; &lt;", Text("<b>a</b> & <", 3)),
        ("<!-- a -->", Text("<!-- a -->", 3)),
        ("{{ a }} {% b %}", Text("{{ a }} {% b %}", 3)),
        (r"\*a\* 1\. \{name|b}", Text("*a* 1. {name|b}", 3)),
    ],
)
def test_a_run_of_text(text: str, expected: Inline) -> None:
    assert inline(text) == (expected,)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("- a\n- b", List),
        ("3. a\n4. b", List),
        ("| a | b |\n|---|---|\n| c | d |", Table),
        ("```\n<b>\n```", CodeBlock),
        ("---", Divider),
        ("### a", Heading),
        ('![a](images/b.png "c")', Figure),
        ("    fyra mellanslag", Paragraph),
        ("Rubrik\n=====", Paragraph),
        ("<div>\nhtml\n</div>", Paragraph),
    ],
)
def test_what_a_block_is(text: str, kind: type[Block]) -> None:
    assert type(first(text)) is kind


def test_a_figure_has_its_path_in_the_project_its_words_and_its_caption() -> None:
    assert first('![Ett *rådhus*](images/r%C3%A5dhus.png "Foto: Kim")') == Figure(
        "newsletters/maj-2021/images/rådhus.png", "Ett rådhus", "Foto: Kim", 3
    )
    assert figure(r"![a](images\b.png)").source == "newsletters/maj-2021/images/b.png"
    assert figure("![a](../_standing/b.png)").source == "newsletters/_standing/b.png"


def test_a_break_is_kept_where_the_author_asked_for_it() -> None:
    assert inline("a\\\nb\nc") == (Text("a", 3), LineBreak(3), Text("b ", 4), Text("c", 5))


def test_every_node_knows_its_line() -> None:
    parsed, _ = section("# T\n\na\n\n- b\n\n  c\n\n| d |\n|---|\n| e |\n")

    lines = [(type(block).__name__, block.line) for block in walk(parsed.blocks)]
    assert lines == [
        ("Paragraph", 3),
        ("List", 5),
        ("Paragraph", 5),
        ("Paragraph", 7),
        ("Table", 9),
    ]


# --- personal fields -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{name|kära läsare}", (Field("name", "kära läsare", 3),)),
        ("{ name | kära läsare }", (Field("name", "kära läsare", 3),)),
        ("Hej {name|du}!", (Text("Hej ", 3), Field("name", "du", 3), Text("!", 3))),
        ("{name|}", (Field("name", "", 3),)),
        ("{email}", (Field("email", None, 3),)),
        ("**{name|du}**", (Strong((Field("name", "du", 3),), 3),)),
        (r"\{name|du}", (Text("{name|du}", 3),)),
        ("{{name|du}}", (Text("{{name|du}}", 3),)),
        ("`{name|du}`", (Code("{name|du}", 3),)),
        ("{}", (Text("{}", 3),)),
        ("{1}", (Text("{1}", 3),)),
        ("{name|a{b}c}", (Text("{name|a", 3), Field("b", None, 3), Text("c}", 3))),
        ("{name", (Text("{name", 3),)),
    ],
)
def test_a_field_in_the_text(text: str, expected: tuple[Inline, ...]) -> None:
    assert inline(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hej {name|kära läsare}", ["Hej ", ("name", "kära läsare")]),
        ("{name|a}{organisation|b}", [("name", "a"), ("organisation", "b")]),
        (r"\{name|du\}", ["{name|du}"]),
        ("{{name|du}}", ["{{name|du}}"]),
        ("{name}", [("name", None)]),
        ("{ namn }", [("namn", None)]),
        ("{", ["{"]),
        ("", []),
    ],
)
def test_a_field_in_the_subject(text: str, expected: list[object]) -> None:
    assert split_fields(text) == expected


def test_a_field_alone() -> None:
    assert parse_field("{name|du}") == ("name", "du")
    assert parse_field("{name}") == ("name", None)
    assert parse_field("Hej {name|du}") is None


@given(st.text())
def test_a_subject_without_braces_is_one_piece(text: str) -> None:
    plain_text = text.replace("{", "").replace("}", "").replace("\\", "")

    assert split_fields(plain_text) == ([plain_text] if plain_text else [])


@given(st.text(st.sampled_from("{}|\\ naå1")), st.text(st.sampled_from("{}|\\ naå1")))
def test_a_field_is_found_in_whatever_subject(before: str, after: str) -> None:
    before = before.replace("{", "").replace("\\", "")

    parts = split_fields(f"{before}{{name|du}}{after}")
    assert parts[: 2 if before else 1] == [*([before] if before else []), ("name", "du")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hej {namn|du}", ["3 P14 okänt fält {namn} | menade du {name}?"]),
        (
            "a {xyz} b",
            [
                (
                    "3 P14 okänt fält {xyz} | kända fält: name, organisation, email; "
                    "skriv \\{ för en vanlig klammer"
                )
            ],
        ),
        (
            "En rad\noch {name} här",
            [
                (
                    "4 P15 {name} har ingen text för den som saknar uppgiften | "
                    "skriv till exempel {name|kära läsare}"
                )
            ],
        ),
        ("{email} {name|du} {organisation|er kommun}", []),
    ],
)
def test_a_field_must_be_known_and_have_words_for_everybody(text: str, said: list[str]) -> None:
    assert faults(text) == said


# --- what is wrong with a text -------------------------------------------------------------

NO_TITLE = "1 P10 avsnittet har ingen rubrik | börja filen med en rad ”# Rubrik”"
EMPTY = "P18 avsnittet är tomt under sin rubrik | skriv något, eller ta bort filen"
NO_WORDS = "A05 rubriken är tom | skriv en rubrik efter #, eller ta bort raden"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", [NO_TITLE]),
        ("\n \n", [NO_TITLE]),
        ("Bara text.", [NO_TITLE]),
        ("## Underrubrik\n\nText.", [NO_TITLE]),
        # One fault does not hide another.
        ("Text {namn|x}.", [NO_TITLE, "1 P14 okänt fält {namn} | menade du {name}?"]),
        ("# Titel", [f"1 {EMPTY}"]),
        ("\n\n# Titel\n\n", [f"3 {EMPTY}"]),
        ("# ", [f"1 {NO_WORDS}"]),
        ("# \n\nText.", [f"1 {NO_WORDS}"]),
        ("# Titel\n\nText.\n\n##\n\nText.", [f"5 {NO_WORDS}"]),
        (
            "# Titel\n\n# Titel två\n\nText.",
            [
                (
                    "3 A05 avsnittet har två rubriker på högsta nivån | "
                    "skriv underrubriker som ”## Titel två”"
                )
            ],
        ),
        (
            "# Titel\n\n### För djupt\n\n#### Nästa",
            ["3 A05 rubriken ”För djupt” hoppar över en nivå | skriv den som ”## För djupt”"],
        ),
        (
            "# Titel\n\n## En\n\n#### Två",
            ["5 A05 rubriken ”Två” hoppar över en nivå | skriv den som ”### Två”"],
        ),
        ("# Titel\n\n## En\n\n### Två\n\n## Tre\n\n### Fyra", []),
        # A broken block is what is wrong, not that the section is empty.
        ("# Titel\n\n::: evnt\n:::", ["3 P11 okänt block ”::: evnt” | menade du ”::: event”?"]),
    ],
)
def test_titles_and_headings(text: str, said: list[str]) -> None:
    assert section(text)[1] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Se ![a](images/b.png) här",
            (
                "3 I01 bilden images/b.png står mitt i en mening | "
                "låt den stå ensam på en egen rad med tomma rader omkring"
            ),
        ),
        (
            "En rad\n![a](images/b.png)",
            (
                "4 I01 bilden images/b.png står mitt i en mening | "
                "låt den stå ensam på en egen rad med tomma rader omkring"
            ),
        ),
        (
            "![a](https://a.example/b.png)",
            (
                "3 I01 bilden https://a.example/b.png ligger inte i projektet | "
                "spara den i numrets mapp images/ och skriv images/namn.png"
            ),
        ),
        (
            "![a](//a.example/b.png)",
            (
                "3 I01 bilden //a.example/b.png ligger inte i projektet | "
                "spara den i numrets mapp images/ och skriv images/namn.png"
            ),
        ),
        (
            "![a](C:/Bilder/b.png)",
            (
                "3 I01 bilden C:/Bilder/b.png ligger inte i projektet | "
                "spara den i numrets mapp images/ och skriv images/namn.png"
            ),
        ),
        (
            "![a](../../../b.png)",
            (
                "3 P01 ”../../../b.png” leder ut ur projektets mapp | "
                "lägg filen i projektet i stället för en länk till den"
            ),
        ),
        (
            "![a](/etc/b.png)",
            (
                "3 P01 ”/etc/b.png” leder ut ur projektets mapp | "
                "lägg filen i projektet i stället för en länk till den"
            ),
        ),
        ("![a]()", "3 I01 bilden ![a]() finns inte | lägg den i numrets mapp images/"),
    ],
)
def test_where_a_picture_may_stand_and_lie(text: str, said: str) -> None:
    assert faults(text) == [said]


def test_a_link_to_a_seed_leads_to_its_address(tmp_path: Path) -> None:
    root = make_project(tmp_path)
    text = "# T\n\n[Källan](seed:vagen) och [en till](seed:vgen)\n"

    assert section(text, root)[1] == [
        (
            "3 L01 länken ”seed:vagen” leder ingenstans: seeds.toml har ingen url till källan | "
            "skriv hela adressen, med https:// först"
        ),
        "3 Q01 det finns ingen källa ”vgen” | menade du ”vagen”?",
    ]


DEEP = "1 P19 listor ligger i listor alltför djupt | håll dig till två nivåer"


@pytest.mark.parametrize("text", ["- " * 60 + "a", "> " * 100 + "a", "- " * 40_000 + "a"])
def test_lists_in_lists_without_end_are_refused(text: str) -> None:
    assert section(text)[1] == [DEEP]


@pytest.mark.parametrize(
    "text",
    [
        "*a **b " * 3000 + "c** d*" * 3000,
        "*a " * 5000 + "b*" * 5000,
        "![" * 5000 + "a" + "](b)" * 5000,
        "[" * 10_000 + "a" + "](https://b.se)" * 1000,
        "rad\n" * 24_000,
        "`" * 30_000,
        "{a|" * 20_000,
        "<" * 30_000,
        "~~a ~~" * 5000,
        "&#x" * 20_000,
        "|a" * 500 + "|\n" + "|-" * 500 + "|\n",
    ],
)
def test_no_text_ends_in_a_traceback_or_a_hang(text: str) -> None:
    assert section(f"# Titel\n\n{text}")[0].title == "Titel"


def test_emphasis_beyond_reason_keeps_its_words() -> None:
    nodes = inline("*a " * 100 + "b*" * 100)

    assert plain(nodes) == "a " * 100 + "b" * 100


@given(st.text(st.sampled_from("#-*>`~[]()!{}|:\\ \n\tabå1.<&_"), max_size=80))
def test_any_text_is_read(text: str) -> None:
    parsed, said = section(text)

    assert all(line.split(" ", 1)[0].isdigit() for line in said)
    last = text.count("\n") + 1
    assert all(0 < block.line <= last for block in walk(parsed.blocks))


@given(
    st.text(st.characters(exclude_characters="\r\n\0#\\`*_{}[]<>&!~|", categories=["L", "N", "P"]))
)
def test_a_paragraph_keeps_every_word(text: str) -> None:
    parsed, _ = section(f"# T\n\nx {text}\n")

    shown = "".join(plain(getattr(block, "children", ())) for block in parsed.blocks)
    assert shown.replace("\u00a0", " ").split() == f"x {text}".split()


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("På gång i SmåKom", "pa-gang-i-smakom"),
        ("Vad är god ekonomi?", "vad-ar-god-ekonomi"),
        ("Smørrebrød & Æ", "smorrebrod-ae"),
        ("漢字", "avsnitt"),
        ("", "avsnitt"),
        ("a" * 100, "a" * 60),
        ("2021–2022", "2021-2022"),
    ],
)
def test_the_name_of_a_place_on_the_page(title: str, anchor: str) -> None:
    assert anchor_of(title) == anchor


def test_a_title_is_the_same_for_everybody() -> None:
    parsed, found = section("# Hej {name|du}\n\nText.\n")

    assert parsed.title == "Hej du"
    assert found == [
        (
            "1 P14 rubriken har ett personligt fält, men den är densamma för alla | "
            "skriv fältet i texten under rubriken"
        )
    ]


@pytest.mark.parametrize("mark", ["```", "~~~~"])
def test_a_code_block_without_an_end_is_named_where_it_begins(mark: str) -> None:
    hint = f"sätt en rad med bara {mark} efter dess sista rad"

    assert faults(f"{mark}\nkod\n\n## Rubrik") == [
        f"3 P12 kodblocket har inget slut och tar med sig resten av filen | {hint}"
    ]
    assert faults(f"{mark}\nkod\n\n{mark}\n\n## Rubrik\n\nText.") == []
    assert faults(f"{mark}\n{mark}\n\nText.") == []


def test_a_character_that_may_not_stand_may_not_be_spelled_either() -> None:
    text = "a&#x1;b &#8238;c &lrm;d &Aring;ngström &#xE5;r &#x2013;\n\n`&amp;` &#x202e;"

    paragraph = section(f"# Titel\n\n{text}\n")[0].blocks[0]

    assert faults(text) == [
        *(
            f"{line} P01 ett osynligt styrtecken ({name}) står i texten | "
            "ta bort tecknet: det kan ändra hur texten läses"
            for line, name in ((3, "U+0001"), (3, "U+200E"), (3, "U+202E"), (5, "U+202E"))
        )
    ]
    assert isinstance(paragraph, Paragraph)
    assert plain(paragraph.children) == "ab c d Ångström år –"


def test_a_field_whose_default_is_empty_says_nothing_to_a_reader_who_lacks_it() -> None:
    said = "{name} har ingen text för den som saknar uppgiften"

    assert faults("Hej {name|}") == [f"3 P15 {said} | skriv till exempel {{name|kära läsare}}"]
