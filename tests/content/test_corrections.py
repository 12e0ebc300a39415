"""Corrections of the source: made openly, recorded, and never a guess."""

from pathlib import Path

import pytest

from smakom_mail.model.document import Correction, LineBreak, Link, Text
from tests.content.seeded import (
    PLAN,
    REAL,
    block,
    excerpt,
    faults,
    notes,
    one_seed,
    passages,
)


def test_a_correction_is_made_recorded_and_noted() -> None:
    typed = block(
        "from: En effektiv ekonomistyrning",
        "fix: utredningasansvarig -> utredningsansvarig",
        name="004",
    )

    assert excerpt(REAL, typed).corrections == (
        Correction("fix", "utredningasansvarig", "utredningsansvarig", 4),
    )
    assert "Clas Olsson, utredningsansvarig och Agneta" in passages(REAL, typed)[0]
    assert notes(REAL, typed) == ["4 Q15 källans ”utredningasansvarig” skrivs ”utredningsansvarig”"]


def test_a_link_is_made_recorded_and_noted(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, PLAN)
    typed = block("paragraphs: 4", "link: 2023. Den -> https://nas.example/skola")

    (passage,) = excerpt(seeds, typed).passages

    assert passage.children == (
        Text("Skolan ska stå klar ", 2),
        Link("https://nas.example/skola", (Text("2023.", 4), LineBreak(4), Text("Den", 4)), 4),
        Text(" får 38 elever.", 2),
    )
    assert excerpt(seeds, typed).corrections == (
        Correction("link", "2023. Den", "https://nas.example/skola", 4),
    )
    assert notes(seeds, typed) == [
        "4 Q15 källans ”2023. Den” får en länk till https://nas.example/skola"
    ]


def test_a_link_may_lie_on_corrected_words(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, PLAN)
    typed = block(
        "paragraphs: 2", "fix: plan -> skolplan", "link: skolplan -> https://nas.example/"
    )

    assert faults(seeds, typed) == []
    assert [c.replacement for c in excerpt(seeds, typed).corrections] == [
        "skolplan",
        "https://nas.example/",
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "fix: skoola -> skola",
            "4 Q11 ”fix: skoola”: orden står inte i utdraget | närmast är ”skola, säger Kim”",
        ),
        (
            "link: Kim Ekman -> https://nas.example/",
            "4 Q11 ”link: Kim Ekman”: orden står inte i utdraget | närmast är ”Kim Ek. Bara en.”",
        ),
        (
            "fix: xyzzy -> y",
            "4 Q11 ”fix: xyzzy”: orden står inte i utdraget | skriv dem som källan skriver dem",
        ),
        (
            "fix: Vi Vill -> Vi vill",
            "4 Q11 ”fix: Vi Vill”: orden står inte i utdraget | närmast är ”Vi vill bygga en”",
        ),
        (
            "fix: en -> ett",
            "4 Q11 ”fix: en”: orden står 2 gånger i utdraget | skriv fler ord omkring",
        ),
        (
            "fix: skola",
            (
                "4 Q11 ”fix: skola” går inte att läsa"
                " | skriv fix: utredningasansvarig -> utredningsansvarig"
            ),
        ),
        (
            "fix: -> skola",
            (
                "4 Q11 ”fix: -> skola” går inte att läsa"
                " | skriv fix: utredningasansvarig -> utredningsansvarig"
            ),
        ),
        (
            "link: skola ->",
            "4 Q11 ”link: skola ->” går inte att läsa | skriv link: våra ramavtal -> https://…",
        ),
    ],
)
def test_a_correction_that_does_not_fit_is_said_at_its_own_line(
    tmp_path: Path, line: str, expected: str
) -> None:
    seeds = one_seed(tmp_path, "Rubrik\n\nVi vill bygga en skola, säger Kim Ek. Bara en.\n")

    assert faults(seeds, block("paragraphs: 2", line)) == [expected]


def test_two_links_on_the_same_words_are_said_and_the_first_stays(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, PLAN)
    typed = block(
        "paragraphs: 3",
        "link: bygga en skola -> https://nas.example/1",
        "link: en skola -> https://nas.example/2",
    )

    assert faults(seeds, typed) == [
        "5 Q11 ”link: en skola”: orden har redan en länk | behåll en av raderna"
    ]
    assert [c.replacement for c in excerpt(seeds, typed).corrections] == ["https://nas.example/1"]
