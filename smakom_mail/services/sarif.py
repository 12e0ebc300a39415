"""Findings as SARIF 2.1.0, for editors and code hosts that show them beside the lines."""

from smakom_mail import __version__
from smakom_mail.diagnostics import ENVIRONMENT, Diagnostic
from smakom_mail.diagnostics.messages import MESSAGES
from smakom_mail.services.checking import CheckedEdition

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif_log(checked: CheckedEdition, language: str) -> dict[str, object]:
    """Give one SARIF run (OASIS SARIF 2.1.0): a rule for each code, a result for each finding."""
    codes = sorted({found.code for found in checked.findings})
    rules = [_rule(code, language) for code in codes]
    results = [_result(found, codes.index(found.code), language) for found in checked.findings]
    driver = {"name": "smakom-mail", "version": __version__, "rules": rules}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {
                    "PROJECT": {"description": {"text": "the newsletter's folder"}}
                },
                "results": results,
            }
        ],
    }


def _rule(code: str, language: str) -> dict[str, object]:
    row = next(row for row in MESSAGES.values() if row.code == code)
    text = row.sv if language == "sv" else row.en
    return {
        "id": code,
        "shortDescription": {"text": text},
        "helpUri": f"docs/checks.md#{code.lower()}",
    }


def _result(found: Diagnostic, rule: int, language: str) -> dict[str, object]:
    hint = found.hint(language)
    text = found.message(language) + (f" ({hint})" if hint else "")
    result: dict[str, object] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": str(found.severity),
        "message": {"text": text},
    }
    if found.location.file != ENVIRONMENT:
        place = {
            "artifactLocation": {"uri": found.location.file, "uriBaseId": "PROJECT"},
            "region": {"startLine": found.location.line},
        }
        result["locations"] = [{"physicalLocation": place}]
    if found.waived:
        result["suppressions"] = [{"kind": "inSource", "justification": found.waived}]
    return result
