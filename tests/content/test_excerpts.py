"""Excerpts: which paragraphs are taken, and every mistake in naming them."""

from pathlib import Path

import pytest

from smakom_mail.model.document import LineBreak, Text
from tests.content.seeded import (
    DROP,
    PLAN,
    REAL,
    block,
    excerpt,
    faults,
    one_seed,
    passages,
)

# ------------------------------------------------------------------------- what is taken


@pytest.mark.parametrize(
    ("lines", "taken"),
    [
        ([], ["2 Kommunen har en plan. Den gäller i ett år."]),
        (["paragraphs: 3"], ["3 Vi vill bygga en skola, säger Kim Ek."]),
        (
            ["paragraphs: 2, 4–5"],
            [
                "2 Kommunen har en plan. Den gäller i ett år.",
                "4 […] Skolan ska stå klar 2023. Den får 38 elever.",
                '5 "Alla är med", säger Kim Ek. Alla får komma.',
            ],
        ),
        (
            ["from: skolan ska", "to: 38 ELEVER"],
            ["4 Skolan ska stå klar 2023. Den får 38 elever."],
        ),
        (["from: Den gäller"], ["2 […] Den gäller i ett år."]),
        (["from: – Vi vill"], ["3 Vi vill bygga en skola, säger Kim Ek."]),
        (["from: ”Alla är med”"], ['5 "Alla är med", säger Kim Ek. Alla får komma.']),
        (["from: Alla är med"], ['5 "Alla är med", säger Kim Ek. Alla får komma.']),
        (
            ["to: en skola"],
            [
                "2 Kommunen har en plan. Den gäller i ett år.",
                "3 Vi vill bygga en skola, säger Kim Ek.",
            ],
        ),
        (["paragraphs: 5-6"], ['5 "Alla är med", säger Kim Ek. Alla får komma.']),
    ],
)
def test_an_excerpt_takes_the_paragraphs_it_names(
    tmp_path: Path, lines: list[str], taken: list[str]
) -> None:
    seeds = one_seed(tmp_path, PLAN, DROP)

    assert faults(seeds, block(*lines)) == []
    assert passages(seeds, block(*lines)) == taken


def test_words_may_be_typed_with_other_quotes_dashes_spaces_and_soft_hyphens() -> None:
    typed = block("from: Vi­ har\u00a0kundtorgs\u00adverksamhet idag", name="social-dumpning")

    assert passages(REAL, typed)[0].startswith("17 Vi har kundtorgsverksamhet idag i de")


def test_the_same_paragraph_may_have_the_words_of_to_before_and_behind_those_of_from(
    tmp_path: Path,
) -> None:
    seeds = one_seed(tmp_path, "Rubrik\n\nEn plan för alla. Här är skolan. Den är en plan.\n")

    assert passages(seeds, block("from: Här är", "to: en plan")) == [
        "2 […] Här är skolan. Den är en plan."
    ]


def test_line_breaks_of_the_source_are_kept(tmp_path: Path) -> None:
    (passage,) = excerpt(one_seed(tmp_path, PLAN), block("paragraphs: 4")).passages

    assert passage.children == (
        Text("Skolan ska stå klar 2023.", 2),
        LineBreak(2),
        Text("Den får 38 elever.", 2),
    )


# --------------------------------------------------------------------- words and numbers


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["from: Kommunen har ingen plan"],
            (
                "3 Q03 inget stycke i ”plan” innehåller ”Kommunen har ingen plan”"
                " | närmast är stycke 2: ”Kommunen har en plan. Den gäller”"
            ),
        ),
        (
            ["from: Xyzzy plugh"],
            (
                "3 Q03 inget stycke i ”plan” innehåller ”Xyzzy plugh”"
                " | smakom-mail seeds show plan visar texten"
            ),
        ),
        (
            ["from: Vi vill", "to: 38 eleverna"],
            (
                "4 Q03 inget stycke i ”plan” innehåller ”38 eleverna”"
                " | närmast är stycke 4: ”38 elever.”"
            ),
        ),
        (
            ["from: säger Kim Ek"],
            (
                "3 Q04 ”säger Kim Ek” står på flera ställen i ”plan” (stycke 3, 5)"
                " | skriv fler ord, eller paragraphs: 3"
            ),
        ),
        (
            ["from: Kommunen har", "to: Kim Ek"],
            (
                "4 Q04 ”Kim Ek” står på flera ställen i ”plan” (stycke 3, 5)"
                " | skriv fler ord, eller paragraphs: 3"
            ),
        ),
        (
            ["from: Skolan ska", "to: Vi vill"],
            (
                "4 Q05 ”to: Vi vill” (stycke 3) står före ”from:” (stycke 4) i ”plan”"
                " | byt plats på dem"
            ),
        ),
        (
            ["from: Den gäller", "to: Kommunen har"],
            (
                "4 Q05 ”to: Kommunen har” (stycke 2) står före ”from:” (stycke 2) i ”plan”"
                " | byt plats på dem"
            ),
        ),
        (
            ["from:"],
            "3 Q06 ”from:” är tomt | skriv de första orden ur källan, eller ta bort raden",
        ),
        (
            ["from: Vi vill", "to: …"],
            "4 Q06 ”to:” är tomt | skriv de första orden ur källan, eller ta bort raden",
        ),
        (
            ["paragraphs: 6"],
            (
                "2 Q06 utdraget ur ”plan” blir tomt"
                " | smakom-mail seeds show plan visar vilka stycken som går att citera"
            ),
        ),
        (
            ["paragraphs: 5-9"],
            (
                "3 Q07 stycke 9 finns inte: ”plan” har stycke 1–6"
                " | smakom-mail seeds show plan numrerar styckena"
            ),
        ),
        (
            ["paragraphs: 0"],
            (
                "3 Q07 stycke 0 finns inte: ”plan” har stycke 1–6"
                " | smakom-mail seeds show plan numrerar styckena"
            ),
        ),
        *(
            (
                [f"paragraphs: {value}"],
                (
                    f"3 Q07 ”paragraphs: {value}” går inte att läsa"
                    " | skriv till exempel paragraphs: 10-12 eller paragraphs: 3, 5"
                ),
            )
            for value in ("tre", "3-", "5-3", "4, 2", "3, 3", "-1", "٣", "1" * 5000)
        ),
        (
            ["paragraphs: 3", "from: Vi vill"],
            "4 Q07 ”paragraphs:” och ”from:” säger samma sak på två sätt | behåll ett av dem",
        ),
    ],
)
def test_a_passage_that_cannot_be_found_is_said_at_its_own_line(
    tmp_path: Path, lines: list[str], expected: str
) -> None:
    assert faults(one_seed(tmp_path, PLAN, DROP), block(*lines)) == [expected]


def test_from_words_twice_in_one_paragraph_are_ambiguous_too(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, "Rubrik\n\nHär är en plan. Där är en plan till.\n")

    assert faults(seeds, block("from: en plan")) == [
        (
            "3 Q04 ”en plan” står på flera ställen i ”plan” (stycke 2)"
            " | skriv fler ord, eller paragraphs: 2"
        )
    ]


def test_a_seed_of_a_title_alone_has_no_lede(tmp_path: Path) -> None:
    assert [line[:33] for line in faults(one_seed(tmp_path, "Planen\n"), block())] == [
        "2 Q06 utdraget ur ”plan” blir tom"
    ]


@pytest.mark.parametrize("text", ["", "\n \n", "Senast uppdaterad: i dag\n"])
@pytest.mark.parametrize("lines", [[], ["paragraphs: 1"], ["from: Vi vill"]])
def test_a_seed_without_text_to_quote_is_said(tmp_path: Path, text: str, lines: list[str]) -> None:
    assert faults(one_seed(tmp_path, text, DROP), block(*lines)) == [
        (
            "2 Q06 utdraget ur ”plan” blir tomt"
            " | smakom-mail seeds show plan visar vilka stycken som går att citera"
        )
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["from: Kommunen har ingen plan"],
            (
                "3 Q03 no paragraph in “plan” contains “Kommunen har ingen plan”"
                " | closest is paragraph 2: “Kommunen har en plan. Den gäller”"
            ),
        ),
        (
            ["paragraphs: 9"],
            (
                "3 Q07 there is no paragraph 9: “plan” has paragraphs 1–6"
                " | smakom-mail seeds show plan numbers the paragraphs"
            ),
        ),
    ],
)
def test_passages_are_said_in_english_too(tmp_path: Path, lines: list[str], expected: str) -> None:
    assert faults(one_seed(tmp_path, PLAN, DROP), block(*lines), "en") == [expected]


def test_a_passage_in_the_middle_of_a_word_or_a_number_is_not_found(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, "Rubrik\n\nAnna-Karin Ek fick 10,5 procent av 1.000 röster.\n")

    assert [
        line.split(" | ")[0]
        for words in ("Karin Ek", "5 procent av", "000 röster", "rocent")
        for line in faults(seeds, block(f"from: {words}"))
    ] == [
        "3 Q03 inget stycke i ”plan” innehåller ”Karin Ek”",
        "3 Q03 inget stycke i ”plan” innehåller ”5 procent av”",
        "3 Q03 inget stycke i ”plan” innehåller ”000 röster”",
        "3 Q03 inget stycke i ”plan” innehåller ”rocent”",
    ]


# ------------------------------------------------------------------------------ all at once


def test_all_mistakes_of_a_file_are_said_in_one_run_each_at_its_own_line(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, PLAN)
    text = """
::: excerpt plam
:::

::: excerpt plan
frm: Vi vill
from: Kommunen har ingen
to: Alla fick komma
fix: skola
:::

::: excerpt plan
paragraphs: 99
:::

> Vi vill bygga en borg.
> — Kim Ek, [Källa](seed:plan)

> Vi vill bygga en skola.
> — Kim Al, [Källa](seed:plan)

::: excerpt plan
from: Vi vill

Text efter ett glömt slut.

::: excrpt plan
:::
"""

    assert [line.split(" | ")[0] for line in faults(seeds, text)] == [
        "3 Q01 det finns ingen källa ”plam”",
        "7 P13 ”::: excerpt” har ingen nyckel ”frm”",
        "8 Q03 inget stycke i ”plan” innehåller ”Kommunen har ingen”",
        "9 Q03 inget stycke i ”plan” innehåller ”Alla fick komma”",
        "10 Q11 ”fix: skola” går inte att läsa",
        "14 Q07 stycke 99 finns inte: ”plan” har stycke 1–6",
        "17 Q08 citatet står inte så i ”plan”: ”Vi vill bygga en borg.”",
        "20 Q08 citatet står inte så i ”plan”: ”Vi vill bygga en skola.”",
        "21 Q09 ”Kim Al” nämns inte i ”plan”",
        "23 P12 blocket ”::: excerpt” har inget slut",
        "28 P11 okänt block ”::: excrpt”",
    ]
