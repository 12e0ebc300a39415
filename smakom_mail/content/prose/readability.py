"""LIX (Björnsson, 1968): words per sentence plus the share of long words."""

import re
from collections.abc import Iterator

from smakom_mail.content.prose.runs import Run, section_runs
from smakom_mail.content.prose.typography import words_of
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.edition import Section

ENOUGH = 100
"""Fewer words say nothing."""
LONG = 6
_SCALE = ((30, "very easy"), (40, "easy"), (50, "medium"), (60, "hard"))
_END = re.compile(r"[.!?:…]+[”\")\]]*(?=\s+[”\"(–—-]*\s*[A-ZÅÄÖ\d])|[.!?…:]+[”\")\]]*\s*$")
_SHORT = re.compile(
    r"\b(?:t\.ex|bl\.a|m\.m|m\.fl|s\.k|d\.v\.s|o\.s\.v|f\.d|fr\.o\.m|t\.o\.m|kl|nr|ca|s|st|dr)\.$"
    r"|\b[A-ZÅÄÖ]\.$|^\d{1,2}\.$",
    re.IGNORECASE,
)


def section_lix(section: Section) -> Iterator[Diagnostic]:
    """Say how easily the section's own words read, where there are enough of them."""
    own = [run for run in section_runs(section) if run.kind == "text" and not run.quoted]
    if sum(len(words_of(run)) for run in own) >= ENOUGH:
        score = lix(own)
        yield finding(
            "readability", section.file, section.line, score=score, expected=meaning(score)
        )


def lix(runs: list[Run]) -> int:
    """Give the number for runs of text; every run ends a sentence."""
    words = [word for run in runs for word in words_of(run)]
    sentences = sum(count_sentences(run.text) for run in runs if words_of(run))
    long = sum(1 for word in words if len(word) > LONG)
    return round(len(words) / max(sentences, 1) + 100 * long / max(len(words), 1))


def count_sentences(text: str) -> int:
    """Count the sentences of a paragraph: at least one."""
    text = text.strip()
    ends = [
        match
        for match in _END.finditer(text)
        if match.end() == len(text)
        or not _SHORT.search(text[max(0, match.end() - 12) : match.end()])
    ]
    return len(ends) + (0 if ends and ends[-1].end() == len(text) else 1)


def meaning(score: int) -> str:
    """Say in a word what a LIX number means."""
    return next((word for limit, word in _SCALE if score < limit), "very hard")
