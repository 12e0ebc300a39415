"""Ordinary Swedish is left in peace: under one warning in 500 words, and each one true.

Beside what is tried here, the rules were held against 105,000 words of a Swedish book and
270,000 words of handbooks that cannot be kept here.
"""

import re
from pathlib import Path

import pytest

from smakom_mail.content.prose import ProseContext, check_prose
from smakom_mail.diagnostics import in_order
from smakom_mail.services.checking import check_edition
from smakom_mail.services.workplace import open_workplace
from tests.conftest import ROOT
from tests.content.prose.edited import as_section, edition

ORDINARY = Path(__file__).with_name("ordinary.md").read_text(encoding="utf-8")
NEWSLETTER = "004"
SLIPS = [
    "T10 ”Nyhetsbrev November” stämmer inte med numrets datum 2021-01-04",
    "T13 två ord sitter ihop: ”betalningsmarknadenI”",
    "T13 två ord sitter ihop: ”serviceVi”",
    "T14 bindestreck i ett intervall: ”21-23 april”",
    'T15 raka och typografiska citattecken blandas i texten: "Vi',
    "T19 semikolon efter en etikett: ”E-post;”",
    "T19 semikolon efter en etikett: ”Telefon;”",
    "T19 semikolon efter en etikett: ”fr v;”",
    "T22 ”Januari” med stor bokstav inne i meningen",
    "T22 ”November” med stor bokstav inne i meningen",
    "T27 två skäl på en gång till att läsaren får brevet",
]
"""The newsletter's own slips, all true; beside them its stray spaces and its bare address."""


def warnings(text: str) -> list[str]:
    found = in_order(check_prose(edition(text), ProseContext()))
    return [f"{f.code} {f.message('sv')}" for f in found if f.severity == "warning"]


def seed(number: str) -> str:
    return next((ROOT / "seeds").glob(f"{number}_*.txt")).read_text(encoding="utf-8")


def test_ordinary_swedish_is_silent() -> None:
    assert len(re.findall(r"\w+", ORDINARY)) > 1_100
    assert warnings(ORDINARY) == []


@pytest.mark.parametrize("number", ["000", "001", "002", "003"])
def test_the_municipalities_articles_are_silent(number: str) -> None:
    assert warnings(as_section(seed(number))) == []


def test_the_newsletter_s_slips_are_found_and_nothing_else() -> None:
    found = warnings(as_section(seed(NEWSLETTER)))

    assert sorted(row for row in found if row[:3] not in ("T20", "L05")) == SLIPS
    assert [row[:3] for row in found if row not in SLIPS] == ["T20"] * 8 + ["L05"]


@pytest.mark.parametrize("slug", ["januari-2021", "april-2021"])
def test_our_own_editions_are_silent(slug: str) -> None:
    own = ("T", "S03", "A08", "L05", "P20")
    found = check_edition(open_workplace(ROOT, {}), slug).findings

    assert [f.message("sv") for f in found if f.code.startswith(own) and f.severity != "note"] == []
