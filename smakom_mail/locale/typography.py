"""Spaces and hyphens that do not break: "10 december", "3 miljoner", "5 §", "e-post"."""

import re

from smakom_mail.locale.dates import MONTHS, NBSP

_UNITS = {
    "sv": (
        "miljoner",
        "miljon",
        "miljarder",
        "miljard",
        "tusen",
        "kronor",
        "kr",
        "procent",
        "promille",
        "kilometer",
        "km",
        "meter",
        "kg",
        "ton",
    ),
    "en": ("million", "billion", "per cent", "percent", "kilometres", "km", "metres", "kg"),
}


def _pattern(language: str) -> re.Pattern[str]:
    names = "|".join((*MONTHS[language], *_UNITS[language]))
    return re.compile(rf"(?<=\d) (?=(?:(?:{names})\b|[%§]))|(?<=§) (?=\d)|(?<=\bkl\.) (?=\d)")


_HYPHENED = re.compile(r"\b(E|e|DOS)-(?=post|mail|lagen)")
_PATTERNS = {language: _pattern(language) for language in MONTHS}


def bind(text: str, language: str) -> str:
    """Put a no-break space between a number and the word that it counts."""
    return _PATTERNS[language].sub(NBSP, text)


def unbroken(text: str) -> str:
    """Keep short words with a hyphen, such as that for mail, on one line."""
    return _HYPHENED.sub("\\1\N{NON-BREAKING HYPHEN}", text)
