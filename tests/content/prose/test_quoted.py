"""Words of others give notes, and only on how they are set; no rule reads code or addresses."""

from pathlib import Path

import pytest

from smakom_mail.config import read_config
from smakom_mail.content.project import load_edition
from smakom_mail.content.prose import ProseContext, check_prose
from smakom_mail.diagnostics import in_order
from tests.content.prose.edited import said
from tests.content.written import CONFIG, make_project

SEED = (
    'Vi ses den 21-23 april, "alla" säger ”ja”. Det blir 10% mer.'
    " Det det är är den 10:e Maj, måndagen den 1 maj 2021, säger Kim Exempel.\n"
)


def checked(root: Path, text: str) -> list[str]:
    make_project(root, {"seeds/vagen.txt": SEED, "newsletters/maj-2021/10-a.md": text})
    config, _ = read_config(CONFIG, {})
    edition = load_edition(root, "maj-2021", config).edition
    return [
        f"{f.location.line} {f.code} {f.severity} {f.message('sv')} | {f.hint('sv')}"
        for f in in_order(check_prose(edition, ProseContext()))
        if f.code != "T28"
    ]


def test_an_excerpt_gives_notes_with_the_open_correction(tmp_path: Path) -> None:
    assert checked(tmp_path, "# Titel\n\n::: excerpt vagen\nfrom: Vi ses\n:::\n") == [
        (
            "3 T14 note bindestreck i ett intervall: ”21-23 april” | "
            "det är källans sätt att skriva; rätta öppet med fix: 21-23 april -> 21–23 april"
        ),
        (
            '3 T15 note raka och typografiska citattecken blandas i texten: "alla" | '
            "det är källans sätt att skriva; rätta öppet med fix:"
        ),
        (
            "3 T23 note det saknas ett mellanslag: ”10%” | "
            "det är källans sätt att skriva; rätta öppet med fix: 10% -> 10 %"
        ),
    ]


def test_a_correction_silences_the_note(tmp_path: Path) -> None:
    text = (
        "# Titel\n\n::: excerpt vagen\nfrom: Vi ses\nfix: 21-23 april -> 21–23 april\n"
        'fix: "alla" -> ”alla”\nfix: 10% -> 10 %\n:::\n'
    )

    assert checked(tmp_path, text) == []


def test_a_quotation_gives_notes_that_the_editor_can_type_away(tmp_path: Path) -> None:
    text = "# Titel\n\n> Vi ses den 21-23 april\n> — Kim Exempel, [Källa](seed:vagen)\n"

    assert checked(tmp_path, text) == [
        (
            "3 T14 note bindestreck i ett intervall: ”21-23 april” | "
            "skriv ”21–23 april” med tankstreck utan mellanslag"
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Skriv `10-12  personer;det det  TODO 10%` så.",
        "```\nTODO det det\n```",
        "Se [rapporten om vatten](https://a.example/2019-2021/det-det/TODO/10%25).",
        "Se www.todo.se/10-12 och 10-12@a.example.",
        "Hej {name|TODO TODO}, välkommen.",
    ],
)
def test_code_addresses_and_fields_are_not_read(text: str) -> None:
    assert said(text) == []


def test_the_keys_of_blocks_are_read(tmp_path: Path) -> None:
    text = """# Titel

![Ett hus  vid vattnet](images/x.png "Foto: TODO")

::: numbers
10%: av av allt
:::

::: event
title: Mässan 10-12 personer
date: 7 maj 2021
place: Näs på Måndag
:::

::: person
name: Kim
role: Ordförande  här
:::

| Dag | Tid |
| --- | --- |
| Fredag | kl. 9-11 |
"""
    assert [row.partition(" |")[0] for row in checked(tmp_path, text)] == [
        "3 T17 warning dubbelt mellanslag: ”hus  vid”",
        "3 T24 warning något är kvar att skriva: ”TODO”",
        "6 T16 warning dubbelt ord: ”av av”",
        "6 T23 warning det saknas ett mellanslag: ”10%”",
        "9 T14 warning bindestreck i ett intervall: ”10-12 personer”",
        "9 T22 warning ”Måndag” med stor bokstav inne i meningen",
        "15 T17 warning dubbelt mellanslag: ”Ordförande  här”",
        "22 T14 warning bindestreck i ett intervall: ”kl. 9-11”",
    ]
