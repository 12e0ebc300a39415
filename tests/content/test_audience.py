"""The audience of an edition: a selection, told at its line where it is none."""

from pathlib import Path

import pytest

from smakom_mail.config import read_config
from tests.content.written import CONFIG, EDITION, load, make_project, said

LISTS = """
[[people.list]]
slug = "prenumeranter"
name = "Prenumeranter"

[[people.list]]
slug = "medlemmar"
name = "Medlemmar"
"""
SAYS = "urvalet i audience går inte att läsa:"
KNOWN = "listorna är prenumeranter, medlemmar"


def edition(root: Path, audience: str) -> Path:
    """Write a project with two lists whose edition names an audience on its fifth line."""
    return make_project(
        root,
        {
            "smakom-mail.toml": CONFIG + LISTS,
            "newsletters/maj-2021/edition.toml": f"{EDITION}audience = {audience}\n",
        },
    )


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("'list:medlemmar and not tag:styrelse'", "list:medlemmar and not tag:styrelse"),
        ("'  LIST:Medlemmar   AND(not tag:Styrelse) '", "list:medlemmar and not tag:styrelse"),
        ("'everyone'", "everyone"),
        ("''", ""),
    ],
)
def test_an_audience_is_kept_in_its_one_spelling(
    tmp_path: Path, audience: str, expected: str
) -> None:
    loaded = load(edition(tmp_path, audience))

    assert loaded.edition.audience == expected
    assert said(loaded.findings) == []


def test_without_an_audience_there_is_none(tmp_path: Path) -> None:
    assert load(make_project(tmp_path)).edition.audience == ""


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (
            "'list:medlemar'",
            (f"5 P22 {SAYS} tecken 6: list:medlemar finns inte | menade du list:medlemmar?"),
        ),
        (
            "'tag:styrelse and list:xyzzy'",
            (
                f"5 P22 {SAYS} tecken 23: list:xyzzy finns inte | "
                f"skriv som list:medlemmar and not tag:styrelse; {KNOWN}"
            ),
        ),
        (
            "'medlemmar'",
            (
                f'5 P22 {SAYS} tecken 1: här står "medlemmar" i stället för list:NAME, '
                'tag:NAME, organisation:"NAME", language:sv, everyone, not eller ( | '
                "menade du list:medlemmar?"
            ),
        ),
        (
            "'list:medlemmar utom tag:styrelse'",
            (
                f'5 P22 {SAYS} tecken 16: här står "utom" i stället för '
                "and eller or | menade du and not?"
            ),
        ),
        (
            "'list:medlemmar and'",
            (
                f"5 P22 {SAYS} urvalet slutar för tidigt: list:NAME, "
                'tag:NAME, organisation:"NAME", language:sv, everyone, not eller ( saknas | '
                f"skriv som list:medlemmar and not tag:styrelse; {KNOWN}"
            ),
        ),
    ],
)
def test_a_faulty_audience_is_told_with_what_was_most_likely_meant(
    tmp_path: Path, audience: str, expected: str
) -> None:
    loaded = load(edition(tmp_path, audience))

    assert said(loaded.findings) == [expected]
    assert loaded.edition.audience == ""


def test_it_is_told_in_english_too(tmp_path: Path) -> None:
    assert said(load(edition(tmp_path, "'list:medlemar'")).findings, "en") == [
        (
            "5 P22 the selection in audience cannot be read: character 6: "
            "there is no list:medlemar | did you mean list:medlemmar?"
        )
    ]


def test_the_audience_of_the_newsletter_is_told_in_the_same_words() -> None:
    text = CONFIG.replace("\n\n[sender]", "\naudience = 'list:medlemar'\n\n[sender]") + LISTS

    config, findings = read_config(text, {})

    assert config.people.audience == ""
    assert said(findings) == [
        (f"3 P22 {SAYS} tecken 6: list:medlemar finns inte | menade du list:medlemmar?")
    ]
