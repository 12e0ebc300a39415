"""The settings of an edition: every wrong one is named at its line."""

from pathlib import Path

import pytest

from smakom_mail.model.edition import Waiver
from tests.content.written import CONFIG, EDITION, load, make_project, placed, said

HERE = "newsletters/maj-2021"
TOML = f"{HERE}/edition.toml"


def findings(root: Path, files: dict[str, str | bytes]) -> list[str]:
    return said(load(make_project(root, files)).findings)


BROKEN = 'text ska stå inom citattecken: nyckel = "text"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            EDITION.replace("subject", "subjekt"),
            [
                '1 P04 ”subject” saknas | lägg till raden subject = "Nyhetsbrev januari 2021: …"',
                "3 P03 okänd nyckel ”subjekt” | menade du ”subject”?",
            ],
        ),
        (
            EDITION.replace("Nyhetsbrev maj 2021", " ", 1),
            [
                (
                    '1 P04 ”title” ska vara text, inte "" | skriv till exempel '
                    'title = "Nyhetsbrev januari 2021"'
                )
            ],
        ),
        (
            EDITION.replace("2021-05-03", '"i maj"'),
            [
                (
                    '2 P04 ”date” ska vara ett datum, inte "i maj" | '
                    "skriv till exempel date = 2021-01-04"
                )
            ],
        ),
        (
            EDITION + "language = 'no'\n",
            [
                (
                    '5 P04 ”language” ska vara "sv" eller "en", inte "no" | '
                    'skriv till exempel language = "sv"'
                )
            ],
        ),
        (
            EDITION + "layout = 'smakon'\n",
            ["5 P09 det finns ingen layout ”smakon” | menade du ”smakom”?"],
        ),
        (
            EDITION + "layout = 'zzzz'\n",
            ["5 P09 det finns ingen layout ”zzzz” | layouter ligger i mappen layouts/"],
        ),
        (
            EDITION + "[sections.aa]\nkind = 'leader'\n",
            ["5 P07 [sections.aa] gäller ett avsnitt som numret inte har | menade du ”a”?"],
        ),
        (
            EDITION + "[sections.zzz]\n",
            ["5 P07 [sections.zzz] gäller ett avsnitt som numret inte har | ta bort tabellen"],
        ),
        (
            EDITION + "[sections.a]\nkynd = 'leader'\n",
            ["6 P03 okänd nyckel ”kynd” [sections.a] | menade du ”kind”?"],
        ),
        (
            EDITION + "[[waive]]\ncode = 'S01'\n",
            ['5 P04 ”reason” saknas [waive] | lägg till raden reason = "styrelsen vill ha det så"'],
        ),
        (
            EDITION + "[[waive]]\ncode = 'S01'\nreason = ' '\n",
            [
                (
                    '7 P04 ”reason” ska vara ett skäl, inte "" | skriv till exempel '
                    'reason = "styrelsen vill ha det så"'
                )
            ],
        ),
    ],
)
def test_a_wrong_setting_is_named_at_its_line(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    assert findings(tmp_path, {TOML: text}) == expected


def test_broken_settings_are_one_finding_and_not_a_row_of_missing_keys(tmp_path: Path) -> None:
    found = findings(tmp_path, {TOML: EDITION.replace('"', "")})

    assert [line.rsplit(" | ")[-1] for line in found] == [BROKEN]
    assert found[0].startswith("1 P02 raden följer inte TOML: ")


def test_an_edition_without_settings_is_named(tmp_path: Path) -> None:
    root = make_project(tmp_path)
    (root / TOML).unlink()

    assert said(load(root).findings) == [
        (
            "1 P01 filen kan inte läsas: den finns inte | "
            "se efter att filen finns och att du får läsa den"
        )
    ]


def test_a_missing_layout_of_the_projects_own_is_named_in_its_settings(tmp_path: Path) -> None:
    text = CONFIG.replace("[newsletter]", "[newsletter]\nlayout = 'annan'")
    root = make_project(tmp_path, {"smakom-mail.toml": text})

    assert placed(load(root).findings) == ["smakom-mail.toml:2 P09"]


def test_a_sections_kind_is_the_editions_else_the_projects_else_article(tmp_path: Path) -> None:
    root = make_project(
        tmp_path,
        {
            "smakom-mail.toml": CONFIG
            + "[sections.a]\nkind = 'leader'\nlabel = 'Ledare'\nbyline = 'Kim, ordförande'\n"
            + "[sections.b]\nkind = 'report'\nlabel = 'Rapport'\n",
            TOML: EDITION + "[sections.b]\nkind = 'items'\nbyline = 'Robin'\n",
            f"{HERE}/20-b.md": "# B\n\nText.\n",
            f"{HERE}/30-c.md": "# C\n\nText.\n",
        },
    )

    assert [(s.slug, s.kind, s.label, s.byline) for s in load(root).edition.sections] == [
        ("a", "leader", "Ledare", "Kim, ordförande"),
        ("b", "items", "Rapport", "Robin"),
        ("c", "article", "", ""),
    ]


def test_a_waiver_has_its_code_its_reason_and_its_line(tmp_path: Path) -> None:
    text = (
        EDITION
        + "[[waive]]\ncode = 'S01'\nreason = 'så ska det vara'\n"
        + "[[waive]]\ncode = ''\nreason = 'x'\n"
    )
    root = make_project(tmp_path, {TOML: text})

    assert load(root).edition.waivers == (Waiver("S01", "så ska det vara", 5), Waiver("", "x", 8))
