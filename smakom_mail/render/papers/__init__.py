"""What a site says of personal data and of accessibility, made from the settings.

`serve` shows it to each visitor in her language; where nobody serves pages it lies in the archive,
with only what is true there.
"""

from smakom_mail.render.papers.saying import (
    COMPLAIN_TO_IMY,
    PAPERS,
    REPORT_TO_DIGG,
    accessibility_sentences,
    paper_templates,
    paper_words,
)

__all__ = [
    "COMPLAIN_TO_IMY",
    "PAPERS",
    "REPORT_TO_DIGG",
    "accessibility_sentences",
    "paper_templates",
    "paper_words",
]
