"""The text twin of the mail: what a reader sees who reads without HTML."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.model.document import (
    Block,
    Code,
    CodeBlock,
    Credit,
    Deadline,
    Divider,
    Emphasis,
    Event,
    Excerpt,
    Field,
    Figure,
    Heading,
    Inline,
    KeyFigure,
    LineBreak,
    Link,
    List,
    ListItem,
    Numbers,
    Paragraph,
    Partner,
    Passage,
    Person,
    Quotation,
    Strikethrough,
    Strong,
    Table,
    Text,
)
from smakom_mail.render.checks import open_form
from smakom_mail.render.placeholders import Placeholders
from smakom_mail.render.text import TextWriter, link_text
from smakom_mail.render.view import ViewBuilder
from smakom_mail.render.wrapping import columns, stuff
from tests.render.flowed import paragraphs, words
from tests.render.making import CONFIG, TEXT, edition, paragraph, render, section

LONG = "https://a.example/" + "b" * 90
WORDS = "ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton"


def lines(*blocks: Block, language: str = "sv") -> list[str]:
    """Write blocks; give the lines but for the empty one at the end."""
    tokens = Placeholders("zq7x")
    base = "https://brev.example/archive/provnummer/"
    views = ViewBuilder(edition(language=language), CONFIG, tokens, base, personal=lambda _: "")
    written = "\n".join(TextWriter(language, tokens, views).blocks(blocks))
    return tokens.fill(written)[0].rstrip("\n").split("\n")


def inline(*children: Inline) -> str:
    (line,) = lines(Paragraph(children))
    return line


# ---------------------------------------------------------------------------------- inline text


@pytest.mark.parametrize(
    ("children", "line"),
    [
        ((Text("a "), Emphasis((Text("b"),)), Text(" "), Strong((Text("c"),))), "a b c"),
        ((Code("if a < b"),), "if a < b"),
        ((Text("den "), Strikethrough((Text("7"),)), Text(" 12 maj")), "den ~~7~~ 12 maj"),
        ((Text("Hej "), Field("name", "du"), Text("!")), "Hej zq7xs00000z!"),
        ((Link("https://a.example/b", (Text("Läs"),)), Text(".")), "Läs <https://a.example/b>."),
        ((Link("https://a.example/", (Text("a.example"),)),), "https://a.example/"),
        ((Link("mailto:a@b.example", (Text("a@b.example"),)),), "a@b.example"),
        ((Link("mailto:a@b.example?subject=x", (Text("Skriv"),)),), "Skriv <a@b.example>"),
        ((Link("tel:+468123", (Text("08-123"),)),), "08-123 <+468123>"),
        ((Text("7\u00a0januari"),), "7 januari"),
    ],
)
def test_inline_text(children: tuple[Inline, ...], line: str) -> None:
    assert inline(*children) == line


@pytest.mark.parametrize(
    ("label", "href", "text"),
    [
        ("Läs mer", "https://a.example/b", "Läs mer <https://a.example/b>"),
        ("https://a.example/b", "https://a.example/b", "https://a.example/b"),
        ("https://a.example", "https://a.example/", "https://a.example/"),
        ("a.example/", "https://a.example", "https://a.example"),
        ("a.example", "http://a.example/", "http://a.example/"),
        ("b.example", "https://a.example/", "b.example <https://a.example/>"),
        ("Kim (a@b.example)", "mailto:a@b.example", "Kim (a@b.example)"),
        ("Kim", "mailto:%C3%B6@b.example", "Kim <ö@b.example>"),
    ],
)
def test_an_address_follows_its_words_unless_they_say_it(label: str, href: str, text: str) -> None:
    assert link_text(label, href) == text


# ----------------------------------------------------------------------------------- every block


def test_a_paragraph_flows_and_its_own_breaks_are_hard() -> None:
    block = Paragraph((Text(WORDS), LineBreak(), Text("slut")))
    assert lines(block) == [
        "ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton ",
        "femton sexton",
        "slut",
    ]


def test_headings_are_underlined_by_level() -> None:
    headings = [Heading(level, (Text("Vårmötet"),), "a") for level in (2, 3)]
    assert lines(*headings) == ["Vårmötet", "~~~~~~~~", "", "Vårmötet"]


def test_lists_are_nested_and_numbered() -> None:
    inner = List((ListItem((paragraph("b"),)), ListItem((paragraph("c"),))), 9)
    outer = List((ListItem((paragraph("a"), inner)), ListItem((paragraph(WORDS),))), None)
    assert lines(outer) == [
        "- a",
        "  9. b",
        "  10. c",
        "- ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton",
        "  femton sexton",
    ]


def test_an_item_without_words_is_a_mark_alone() -> None:
    empty = List((ListItem(()), ListItem((CodeBlock(""),))), None)
    assert lines(empty) == ["-", "-"]


def test_a_list_never_flows() -> None:
    """A soft break would join the items in a reader's window."""
    item = ListItem((paragraph(WORDS), Figure("a.png", WORDS, ""), CodeBlock("a ")))
    assert [line for line in lines(List((item,), 1)) if line.endswith(" ")] == []


def cells(*texts: str) -> tuple[tuple[Inline, ...], ...]:
    return tuple((Text(text),) for text in texts)


def test_a_table_is_aligned_where_it_fits() -> None:
    table = Table(cells("År", "Antal", "漢字"), (cells("2020", "7", "a"), cells("2021", "70", "")))
    assert lines(table) == [
        "År    Antal  漢字",
        "----  -----  ----",
        "2020  7      a",
        "2021  70",
    ]


def test_a_table_may_be_exactly_as_wide_as_the_text() -> None:
    fits, too_wide = "b" * 69, "b" * 70
    assert lines(Table(cells("A", "B"), (cells("1", fits),)))[0].startswith("A  B")
    assert lines(Table(cells("A", "B"), (cells("1", too_wide),))) == ["A: 1", "B:", f"  {too_wide}"]


def test_a_wide_table_becomes_lines_that_name_their_column() -> None:
    table = Table(cells("Fråga", ""), (cells("a", WORDS), cells(WORDS, "b")))
    assert lines(table) == [
        "Fråga: a",
        "ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton",
        "  femton sexton",
        "",
        "Fråga: ett två tre fyra fem sex sju åtta nio tio elva tolv tretton",
        "  fjorton femton sexton",
        "b",
    ]


def test_code_is_indented_and_cut_where_it_is_too_wide() -> None:
    assert lines(CodeBlock("if a:\n\n    b")) == ["    if a:", "", "        b"]
    assert [len(line) for line in lines(CodeBlock("x y " * 30))] == [71, 55]


def test_a_divider() -> None:
    assert lines(Divider()) == ["* * *"]


def test_a_figure_says_what_it_shows() -> None:
    assert lines(Figure("a.png", "Ett torg", "")) == ["[Bild: Ett torg]"]
    figure = Figure("a.png", "A square", "In May")
    assert lines(figure, language="en") == ["[Picture: A square]", "In May"]


def passage(style: str, text: str, *, gap: bool = False) -> Passage:
    return Passage(1, style, (Text(text),), gap)


def test_an_excerpt_is_indented_with_its_source_below() -> None:
    credit = Credit("Exempelbladet", "2021-03-25", "https://a.example/")
    passages = (
        passage("text", "Ett."),
        passage("speech", "Hej.", gap=True),
        passage("bullet", "a\nb"),
    )
    assert lines(Excerpt("s", passages, credit, (), title="Rubrik")) == [
        "    Rubrik",
        "",
        "    Ett.",
        "",
        "    […] – Hej.",
        "",
        "    - a b",
        "    Källa: Exempelbladet, 25 mars 2021",
        "    Läs mer hos Exempelbladet <https://a.example/>",
    ]


def test_the_associations_own_text_stands_as_its_own() -> None:
    assert lines(Excerpt("s", (passage("text", "Ett."),), None, (), title="Rubrik")) == ["Ett."]


def test_a_quotation_names_its_speaker() -> None:
    quoted = (paragraph("Ett."), paragraph("Två."))
    quotation = Quotation("s", quoted, "Kim Ek", "ordförande", Credit("Bladet", "", ""))
    assert lines(quotation) == [
        "    Ett.",
        "",
        "    Två.",
        "",
        "    — Kim Ek, ordförande",
        "    Källa: Bladet",
    ]


def test_indented_lines_are_hard() -> None:
    """A soft break would carry the next line's indent into the sentence."""
    quotation = Quotation("s", (paragraph(WORDS),), "Kim Ek", "", None)
    assert [line for line in lines(quotation) if line.endswith(" ")] == []


def test_numbers() -> None:
    assert lines(Numbers((KeyFigure("70", "medlemmar"), KeyFigure("1", WORDS)))) == [
        "* 70: medlemmar",
        "* 1: ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton",
        "  femton sexton",
    ]


DAY, LAST = dt.date(2021, 4, 21), dt.date(2021, 4, 23)


def test_an_event_says_when_and_where() -> None:
    event = Event("Vårmötet", DAY, LAST, "", "Rättvik", "https://a.example/v")
    calendar = "https://brev.example/archive/provnummer/calendar/2021-04-21-varmotet.ics"
    assert lines(event) == [
        "Vårmötet",
        "21–23 april 2021, Rättvik",
        "Läs om Vårmötet <https://a.example/v>",
        "Lägg i kalendern",
        f"<{calendar}>",
    ]


def test_a_deadline_says_whom_to_write_to() -> None:
    written = lines(Deadline("Svar", DAY, "a@b.example"), language="en")
    assert written[:3] == ["Svar", "By 21 April 2021", "Write to a@b.example"]


def test_a_person() -> None:
    assert lines(Person("Kim Ek", "chef", "k@b.example", "08-123 45")) == [
        "Kim Ek",
        "chef",
        "E-post: k@b.example",
        "Telefon: 08-123 45",
    ]
    assert lines(Person("Kim Ek", "", "", "")) == ["Kim Ek"]


def test_a_partners_text_says_so() -> None:
    partner = Partner("AB Ek", (paragraph("a"), Divider()))
    assert lines(partner) == ["Från vår samarbetspartner AB Ek:", "", "a", "", "* * *"]
    assert lines(Partner("", (paragraph("a"),)))[0] == "Från vår samarbetspartner:"


# ------------------------------------------------------------------------------------ the whole


def text_of(*blocks: Block) -> str:
    rendered, _ = render(edition(*blocks))
    return open_form(rendered.text)


def test_the_frame_stands_around_the_sections() -> None:
    parts = text_of(paragraph("Brödtext.")).split("\n\n")
    assert parts[:3] == [
        "En förhandstext som är lagom lång och säger något mer.",
        "Se det i webbläsaren <https://brev.example/archive/provnummer/>",
        "-" * 72,
    ]
    assert "Provnummer\n==========\n4 januari 2021" in parts
    assert parts[parts.index("Rubrik\n------") + 1] == "Brödtext."
    assert parts[-1] == "Avsluta prenumerationen:\n<https://unsubscribe.invalid/slot>\n"


def test_a_section_has_its_label_and_byline() -> None:
    made = section(paragraph("a"), kind="leader", label="Ledare", byline="Kim Ek, ordförande")
    rendered, _ = render(edition(sections=(made,)))
    assert "\n\nLedare\nRubrik\n------\n\na\n\nKim Ek, ordförande\n\n" in open_form(rendered.text)


@pytest.mark.parametrize("start", ["> a", "From a", ">"])
def test_a_paragraph_that_looks_like_something_else_is_read_as_it_was_written(start: str) -> None:
    text = text_of(paragraph(start))
    assert f"\n {start}\n" in text
    assert (0, start) in paragraphs(text)


@given(TEXT, st.integers(1, 5))
def test_every_line_is_narrow_unless_a_single_word_is_wide(text: str, times: int) -> None:
    long = f"{text} " * times
    blocks = (
        *(paragraph(long), Figure("a.png", long, long), List((ListItem((paragraph(long),)),), 1)),
        *(Quotation("s", (paragraph(long),), long, "", None), Numbers((KeyFigure("1", long),))),
    )
    for line in stuff("\n".join(lines(*blocks))).split("\n"):
        widest = max((columns(word) for word in line.split()), default=0)
        assert columns(line) <= 78 or widest > 60


@given(TEXT)
def test_every_word_of_every_block_is_there(text: str) -> None:
    blocks = (
        *(paragraph(text), CodeBlock(text), Figure("a.png", text, text), Partner(text, ())),
        *(Table(cells(text), (cells(text),)), List((ListItem((paragraph(text),)),), None)),
        Excerpt("s", (passage("bullet", text), passage("text", text)), Credit(text, "", ""), ()),
    )
    whole = words(stuff("\n".join(lines(*blocks))))
    for word in text.split():
        assert sum(word in seen for seen in whole) >= 9


def test_a_long_address_is_never_broken_anywhere() -> None:
    link = Paragraph((Link(LONG, (Text("Läs"),)),))
    blocks = (link, List((ListItem((link,)),), None), Quotation("s", (link,), "Kim", "", None))
    assert "\n".join(lines(*blocks)).count(f"<{LONG}>") == 3
