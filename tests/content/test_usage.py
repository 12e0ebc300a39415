"""Which parts of which seeds an edition uses, and when that is much."""

import datetime as dt
from pathlib import Path

import pytest

from smakom_mail.content.project import load_edition
from smakom_mail.content.usage import SeedUse, seed_uses, share_quoted
from smakom_mail.model.edition import Edition, Section
from smakom_mail.services.workplace import open_workplace
from tests.content.seeded import FILE, block, one_seed, parse, said

LETTERS = "aaaa aaaaa\n\nbbbb bbbbb\n\ncccc ccccc\n\ndddd ddddd\n"
BY = "> — dddd ddddd, [Källa](seed:plan)\n"


def edition(root: Path, text: str) -> Edition:
    """Give an edition whose one section is `text`, quoting a seed of four times ten letters."""
    seeds = one_seed(root, LETTERS)
    blocks = parse(seeds, text)[0].blocks
    section = Section("a", "article", "Rubrik", "", "", blocks, FILE)
    date = dt.date(2021, 3, 31)
    return Edition("mars", "", date, "", "", "", "sv", "", (section,), seeds=seeds.seeds)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Bara egna ord.\n", 0),
        (block("paragraphs: 1"), 0.25),
        (block("paragraphs: 1-3"), 0.75),
        (block("from: aaaaa"), 0.125),
        (block("paragraphs: 1") + "\n" + block("paragraphs: 1"), 0.25),
        (block("paragraphs: 1") + "\n> aaaa aaaaa\n" + BY, 0.25),
        ("> bbbbb\n" + BY, 0.125),
        ("> bbbb bbbbb cccc ccccc\n" + BY, 0.5),
        ("- > bbbbb\n  " + BY, 0.125),
    ],
)
def test_a_letter_counts_once_however_often_it_is_used(
    tmp_path: Path, text: str, share: float
) -> None:
    made = edition(tmp_path, text)

    assert share_quoted(made, made.seeds[0]) == share


def test_every_use_is_listed_in_reading_order_with_its_paragraphs(tmp_path: Path) -> None:
    text = "> bbbbb cccc\n" + BY + "\n" + block("paragraphs: 1, 4", "fix: dddd -> Dddd")

    uses = seed_uses(edition(tmp_path, text))

    assert [(use.kind, use.numbers, use.line, len(use.corrections)) for use in uses] == [
        ("quotation", (2, 3), 2, 0),
        ("excerpt", (1, 4), 5, 1),
    ]
    assert uses[0] == SeedUse("mars", "quotation", "plan", (2, 3), "a", FILE, 2)


def quoting(project: Path, text: str) -> list[str]:
    """Give what is noted (Q16) when the January edition has one more section, `text`."""
    section = project / "newsletters" / "januari-2021" / "60-mer.md"
    section.write_text("# Mer\n\n" + text, encoding="utf-8")
    loaded = load_edition(project, "januari-2021", open_workplace(project, {}).config)
    assert any(use.section == "mer" for use in seed_uses(loaded.edition))
    return said(found for found in loaded.findings if found.code == "Q16")


def test_more_than_a_quarter_of_a_credited_seed_is_noted_once(project: Path) -> None:
    text = block("paragraphs: 2-6", name="003") + "\n" + block("paragraphs: 7", name="003")

    assert quoting(project, text) == [
        (
            "3 Q16 60 procent av ”solleftea-medborgarkontor” citeras"
            " | en fjärdedel brukar räcka: sammanfatta med egna ord och länka till resten"
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        block("paragraphs: 3", name="003"),
        block("paragraphs: 3-40", name="004"),
    ],
)
def test_a_little_or_the_associations_own_text_is_not_noted(project: Path, text: str) -> None:
    assert quoting(project, text) == []
