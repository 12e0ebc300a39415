"""Strange texts are read to the end: nothing raises, nothing is told for ever."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.prose import ProseContext, check_prose
from smakom_mail.content.prose.check import MOST
from smakom_mail.model.document import Paragraph, Text
from tests.content.prose.edited import edition

PIECES = (
    "21-23 april|det det|10%|5§|i Januari|måndagen den 5 januari 2021|den 10:e|nyhetsbrev november"
    '|E-post;|TODO|???|serviceVi|service.Vi|nedan|ovan|längre ner|kl. 9-11|31 april|”|"|\u00a0| '
    "|  |\n|[ ]|https://a.example/|a@b.example|eftersom du är kund eller för att|Du får brevet"
)


def checked(text: str) -> list[str]:
    plain = edition("# Rubrik\n\nText.\n")
    section = replace(plain.sections[0], blocks=(Paragraph((Text(text, 3),), 3),))
    found = check_prose(replace(plain, sections=(section,)), ProseContext())
    return [f"{f.location.line} {f.code} {f.message('sv')} {f.hint('en')}" for f in found]


@given(
    text=st.lists(st.sampled_from(PIECES.split("|")) | st.text(max_size=8), max_size=12).map(
        "".join
    )
)
def test_no_text_raises_and_every_finding_has_its_line(text: str) -> None:
    assert all(row.startswith(("1 ", "3 ")) for row in checked(text))


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a.",
        "a-",
        "1-2 ",
        "1 000",
        ' "',
        "\u00a0",
        "a@",
        "i Måndag ",
        "nyhetsbrev ",
        "1%",
        "aa. ",
    ],
)
def test_a_paragraph_of_a_hundred_thousand_characters_ends(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    counted = Counter(row.split()[1] for row in checked(text))

    assert max(counted.values(), default=0) <= MOST
