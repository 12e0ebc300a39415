"""A check for other programs (SARIF) and for the chair (a page)."""

import json
from collections.abc import Callable
from pathlib import Path

import html5lib
import pytest
from click.testing import Result
from playwright.sync_api import Browser

from smakom_mail.services.chair_report import chair_report
from smakom_mail.services.checking import CheckedEdition, check_edition
from smakom_mail.services.sarif import sarif_log
from smakom_mail.services.workplace import open_workplace
from tests.axe import violations
from tests.content.written import EDITION

HERE = "newsletters/maj-2021"
RISKY = "# <script>alert(1)</script>\n\n::: excerpt soderhamn-civilministr\n:::\n"


@pytest.fixture
def faulty(project: Path) -> CheckedEdition:
    """Check a small edition with an unknown seed and a title that looks like code."""
    folder = project / HERE
    folder.mkdir()
    (folder / "edition.toml").write_text(EDITION, encoding="utf-8")
    (folder / "10-a.md").write_text(RISKY, encoding="utf-8")
    return check_edition(open_workplace(project, {}), "maj-2021")


def january(project: Path) -> CheckedEdition:
    return check_edition(open_workplace(project, {}), "januari-2021")


def test_sarif_has_a_rule_for_each_code_and_a_result_for_each_finding(
    faulty: CheckedEdition,
) -> None:
    log = json.loads(json.dumps(sarif_log(faulty, "en")))
    run = log["runs"][0]
    result = next(r for r in run["results"] if r["ruleId"] == "Q01")

    assert log["version"] == "2.1.0"
    assert len(run["results"]) == len(faulty.findings)
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == sorted(
        {found.code for found in faulty.findings}
    )
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "Q01"
    assert result["level"] == "error"
    assert result["message"]["text"] == (
        "there is no seed “soderhamn-civilministr” (did you mean “soderhamn-civilminister”?)"
    )
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": f"{HERE}/10-a.md", "uriBaseId": "PROJECT"},
        "region": {"startLine": 3},
    }


def test_sarif_shows_a_waived_finding_as_suppressed_with_its_reason(project: Path) -> None:
    toml = project / "newsletters" / "januari-2021" / "edition.toml"
    text = toml.read_text(encoding="utf-8").replace('subject = "', f'subject = "{"Ö" * 40} ')
    toml.write_text(
        text + '\n[[waive]]\ncode = "S01"\nreason = "styrelsen vill ha det så"\n', encoding="utf-8"
    )
    results = sarif_log(january(project), "sv")["runs"]

    assert (
        json.dumps(results, ensure_ascii=False).count(
            '"suppressions": [{"kind": "inSource", "justification": "styrelsen vill ha det så"}]'
        )
        == 1
    )


def test_the_chair_sees_whether_the_edition_is_ready_and_what_it_quotes(project: Path) -> None:
    page = chair_report(january(project), "sv")
    words = " ".join("".join(html5lib.parse(page, namespaceHTMLElements=False).itertext()).split())

    assert "Granskning av Nyhetsbrev januari 2021" in words
    assert "Inget hindrar att numret går ut." in words
    assert "Nyhetsbrev Januari 2021, SmåKom" in words
    assert "rättat: ”utredningasansvarig” till ”utredningsansvarig”" in words
    assert "newsletters/januari-2021/30-dialogmote.md" in words


def test_the_chair_sees_what_must_be_mended_and_no_text_becomes_code(
    faulty: CheckedEdition,
) -> None:
    page = chair_report(faulty, "sv")

    assert "Numret kan inte gå ut än: 1 att rätta." in page
    assert "Det finns ingen källa ”soderhamn-civilministr”" in page
    assert "<li>&lt;script&gt;alert(1)&lt;/script&gt;</li>" in page
    assert "<script" not in page


def test_the_report_is_in_the_language_of_the_findings(project: Path) -> None:
    page = chair_report(january(project), "en")

    assert '<html lang="en">' in page
    assert "Nothing keeps the edition from leaving." in page


def test_check_prints_both_forms_and_keeps_its_exit_code(
    cli: Callable[..., Result], faulty: CheckedEdition
) -> None:
    sarif = cli("check", "maj-2021", "--format", "sarif", "--lang", "en")
    page = cli("check", "maj-2021", "--format", "html")
    fine = cli("check", "januari-2021", "--format", "html")

    assert faulty.broken
    assert (sarif.exit_code, page.exit_code, fine.exit_code) == (1, 1, 0)
    assert json.loads(sarif.stdout)["runs"][0]["tool"]["driver"]["name"] == "smakom-mail"
    assert page.stdout.startswith("<!DOCTYPE html>")
    assert page.stdout.endswith("</html>\n")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 700])
def test_the_report_is_accessible(
    browser: Browser, faulty: CheckedEdition, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.set_content(chair_report(faulty, "sv"))

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()
