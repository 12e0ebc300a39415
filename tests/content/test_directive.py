"""Blocks are found wherever they stand, and a forgotten end never swallows what follows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.blocks import NAMES
from smakom_mail.content.directive import Directive, Entry, read_entry
from smakom_mail.content.markdown import tokenize
from smakom_mail.model.document import Deadline, Event, Heading, List, Paragraph, Partner, plain
from tests.content.written import faults, section

EVENT = "::: event\ntitle: Vårmötet\ndate: 5 maj 2021\n:::"
FILLED = {
    "excerpt": "paragraphs: 1",
    "event": "title: Vårmötet\ndate: 5 maj 2021",
    "deadline": "title: Svara\ndate: 5 maj 2021",
    "person": "name: Kim Exempel",
    "numbers": "38: hushåll",
    "partner": "Text av en partner.",
    "nonsense": "ord: ord",
}


def directives(text: str) -> list[Directive]:
    return [token.meta["directive"] for token in tokenize(text) if token.type == "directive"]


def words(text: str) -> list[str]:
    """Give the text of the paragraphs and headings below the title."""
    return [
        plain(block.children)
        for block in section(f"# Titel\n\n{text}")[0].blocks
        if isinstance(block, Paragraph | Heading)
    ]


def test_a_block_is_its_name_its_argument_and_its_lines() -> None:
    found = directives("::: excerpt vagen\nfrom: Vägen ska\nto: i höst\n:::\n")

    lines = ((2, "from: Vägen ska"), (3, "to: i höst"))
    assert found == [Directive("excerpt", "vagen", lines, 1, closed=True)]
    assert found[0].entries == (Entry("from", "Vägen ska", 2), Entry("to", "i höst", 3))
    assert found[0].value("to") == "i höst"
    assert found[0].value("fix") == ""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("date: 5 maj", Entry("date", "5 maj", 1)),
        ("  time :  kl. 13:30  ", Entry("time", "kl. 13:30", 1)),
        ("link: https://a.example/b:c", Entry("link", "https://a.example/b:c", 1)),
        ("from:", Entry("from", "", 1)),
        ("38\u00a0%: av hushållen", Entry("38\u00a0%", "av hushållen", 1)),
        ("kl. 13:30", None),
        ("bara ord", None),
        (": värde", None),
        ("", None),
    ],
)
def test_a_line_is_a_key_and_a_value_where_a_space_follows_the_colon(
    line: str, expected: Entry | None
) -> None:
    assert read_entry(line, 1) == expected


@pytest.mark.parametrize(
    "block",
    [
        EVENT,
        EVENT.replace("\n", "   \n"),
        EVENT.replace("\n", "\u00a0\n"),
        ":::event\ntitle: Vårmötet\ndate: 5 maj 2021\n:::",
        ":::: event\ntitle: Vårmötet\ndate: 5 maj 2021\n:::::",
        "    ::: event\n  title: Vårmötet\n date: 5 maj 2021\n   :::",
        f"Ett stycke.\n{EVENT}\nEtt till.",
        f"> Citerat.\n{EVENT}",
        f"1. En punkt\n{EVENT}",
        f"| a |\n|---|\n| b |\n{EVENT}",
        f"## Rubrik\n{EVENT}\n## Rubrik",
        f"```\nkod\n```\n{EVENT}\n---",
    ],
)
def test_a_block_is_found_whatever_stands_around_it(block: str) -> None:
    blocks = section(f"# Titel\n\n{block}\n")[0].blocks

    events = [found for found in blocks if isinstance(found, Event)]
    assert [(event.title, event.start.isoformat()) for event in events] == [
        ("Vårmötet", "2021-05-05")
    ]


OUTSIDE = "sätt blocket längst till vänster, med en tom rad före och efter"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "excerpt"])
@pytest.mark.parametrize("mark", ["- ", "1. "])
def test_a_block_stands_outside_lists(name: str, mark: str) -> None:
    gap = " " * len(mark)
    text = f"{mark}Vi ses\n\n{gap}::: {name}\n{gap}title: Möte\n{gap}:::\n\nEfter {{namn}}."

    assert faults(text) == [
        f"5 P13 ”::: {name}” kan inte stå inne i en lista eller ett citat | {OUTSIDE}",
        "9 P14 okänt fält {namn} | menade du {name}?",
    ]


def test_an_excerpt_may_stand_in_a_list() -> None:
    assert faults("- Så här:\n\n  ::: excerpt nonsens\n  :::\n") == [
        "5 Q01 det finns ingen källa ”nonsens” | smakom-mail seeds list visar dem som finns"
    ]


def test_the_end_of_a_list_is_the_end_of_a_block_in_it() -> None:
    assert faults("- ::: partner\n  Deras text.\n\nEfter {namn}.") == [
        (
            "3 P12 blocket ”::: partner” har inget slut | "
            "sätt en rad med bara ”:::” efter dess sista rad (rad 4)"
        ),
        f"3 P13 ”::: partner” kan inte stå inne i en lista eller ett citat | {OUTSIDE}",
        "6 P14 okänt fält {namn} | menade du {name}?",
    ]
    assert words("- ::: partner\n  Deras text.\n\nEfter.") == ["Efter."]


def test_code_is_not_a_block() -> None:
    assert directives(f"```\n{EVENT}\n```\n") == []


def test_a_partners_text_keeps_its_lists_and_code() -> None:
    parsed, said = section("# T\n\n::: partner\n- ett\n  - två\n\n```\n  kod\n```\n:::\n\nEfter.\n")

    assert said == []
    partner = parsed.blocks[0]
    assert isinstance(partner, Partner)
    outer, code = partner.blocks
    assert isinstance(outer, List)
    assert isinstance(outer.items[0].blocks[1], List)
    assert getattr(code, "text", None) == "  kod"


@pytest.mark.parametrize("name", FILLED)
@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_forgotten_end_leaves_the_heading_and_the_text_behind_it(name: str, gap: str) -> None:
    text = f"::: {name}\n{FILLED[name]}\n{gap}## Rubriken efter\nStycket efter {{namn}}."

    assert words(text) == ["Rubriken efter", "Stycket efter ."]
    assert "P14 okänt fält {namn} | menade du {name}?" in faults(text)[-1]
    assert any(said.startswith(("3 P11", "3 P12")) for said in faults(text))


@pytest.mark.parametrize("name", [name for name in FILLED if name != "partner"])
def test_an_empty_line_ends_a_block_that_was_left_open(name: str) -> None:
    assert words(f"::: {name}\n{FILLED[name]}\n\nStycket efter.") == ["Stycket efter."]


def test_a_partners_open_text_is_read_to_the_next_heading_and_its_faults_are_found() -> None:
    assert faults("::: partner\nDeras text.\n\nVår text {namn}.\n\n## Rubrik\n\nMer {nmn}.") == [
        (
            "3 P12 blocket ”::: partner” har inget slut | "
            "sätt en rad med bara ”:::” efter dess sista rad (rad 6)"
        ),
        "6 P14 okänt fält {namn} | menade du {name}?",
        "10 P14 okänt fält {nmn} | menade du {name}?",
    ]


@pytest.mark.parametrize("name", [name for name in FILLED if name != "nonsense"])
def test_a_block_without_an_end_is_named_with_its_last_line(name: str) -> None:
    lines = FILLED[name].count("\n") + 1
    expected = (
        f"3 P12 blocket ”::: {name}” har inget slut | "
        f"sätt en rad med bara ”:::” efter dess sista rad (rad {3 + lines})"
    )

    assert expected in faults(f"::: {name}\n{FILLED[name]}\n")
    assert expected in faults(f"::: {name}\n{FILLED[name]}\n\n## Rubrik\n\nMer.")


def test_the_next_block_ends_one_that_was_left_open() -> None:
    text = f"::: deadline\ntitle: Svara\ndate: 4 maj 2021\n{EVENT}"

    blocks = section(f"# Titel\n\n{text}\n")[0].blocks
    assert [type(block) for block in blocks] == [Deadline, Event]
    assert faults(text) == [
        (
            "3 P12 blocket ”::: deadline” har inget slut | "
            "sätt en rad med bara ”:::” efter dess sista rad (rad 5)"
        )
    ]


def test_an_end_without_a_block_is_named() -> None:
    assert faults("Text.\n\n:::\n\nMer.") == [
        (
            "5 P12 ”:::” avslutar ett block som aldrig började | "
            "ta bort raden, eller börja blocket med ”::: namn”"
        )
    ]


def test_an_unknown_block_is_named_with_the_nearest() -> None:
    assert faults("::: evnt\ntitle: x\n:::\n\n::: zzzzzz\n:::") == [
        "3 P11 okänt block ”::: evnt” | menade du ”::: event”?",
        (
            "7 P11 okänt block ”::: zzzzzz” | "
            "kända block: excerpt, event, deadline, person, numbers, partner"
        ),
    ]


LINES = st.sampled_from(
    [
        *(f"::: {name}" for name in (*NAMES, "nonsens")),
        *("", "  ", ":::", "::::", "title: x", "date: 5 maj 2021", "- punkt", "> citat", "1. ett"),
        *("## Rubrik", "text {name|du}", "```", "  ::: event", "- ::: partner", "> ::: person"),
        *("\t::: event", "| a |", "|---|", "***", "![a](b.png)", "38: hushåll", ":::x:::", "\\:::"),
    ]
)


# A fence that is never closed takes the rest, and is a finding of its own (test_markdown).
CLOSED = LINES.map(lambda line: "\n```\nkod\n```\n" if line == "```" else line)


@given(before=st.lists(CLOSED, max_size=12))
def test_a_heading_and_its_text_survive_whatever_stands_before_them(before: list[str]) -> None:
    parsed, _ = section("\n".join(["# Titel", *before, "", "## Sist", "", "Sista stycket."]))

    *_, heading, paragraph = parsed.blocks
    assert isinstance(heading, Heading)
    assert isinstance(paragraph, Paragraph)
    assert [plain(heading.children), plain(paragraph.children)] == ["Sist", "Sista stycket."]


@given(st.lists(LINES, max_size=15))
def test_every_line_of_a_text_belongs_to_one_block_at_most(lines: list[str]) -> None:
    found = directives("\n".join(lines))

    taken = [number for block in found for number, _ in block.lines]
    assert sorted(set(taken)) == sorted(taken)
    assert all(block.line not in taken for block in found)
