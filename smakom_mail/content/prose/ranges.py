"""From one number, day or month to another: with an en dash, not a hyphen."""

import re
from collections.abc import Iterator

from smakom_mail.content.prose.runs import NEAR, Run
from smakom_mail.content.prose.slips import Slip
from smakom_mail.locale.dates import MONTHS

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_MONTH = "|".join((*MONTHS["sv"], "jan", "feb", "apr", "aug", "sept", "sep", "okt", "nov", "dec"))
_DAY = "|".join(WEEKDAYS)
_NUMBER = r"\d{1,3}(?:[ \u00a0]\d{3}){0,4}(?:,\d+)?"
_CLOCK = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
_HYPHEN = r"\s?-\s?"
_FREE = r"(?<![\w./:,-])"  # nothing of a number or code stands before
_END = r"(?![\w/:-]|[.,]\d)"
_UNIT = (
    "personer|deltagare|ledamöter|ledamot|medlemmar|invånare|kommuner|regioner|elever|barn|platser"
    "|anställda|år|års|åring|åringar|dagar|veckor|månader|timmar|minuter|sekunder|gånger|kronor|kr"
    "|tkr|mkr|miljoner|miljarder|tusen|procent|procents|stycken|st|meter|km|mil|kg|ton|sidor|poäng"
    "|grader|hektar|kvadratmeter|kWh|MW"
)
_BEFORE = (
    r"\bkl\.?|\bklockan|\bvecka|\bveckorna|\bv\.|\bsid(?:an|orna|\.)|\bs\.|§+|\bkap\.?|\bpunkt"
    r"(?:en|erna)?|\bårskurs|\båk|\bklass|\båldern|\bmellan|\bnr|\bnummer|\bstorlek|\bbilaga"
)
_KNOWN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_FREE}\d{{1,2}}{_HYPHEN}\d{{1,2}}(?=[ \u00a0](?:{_MONTH})\b)",
        rf"{_FREE}\d{{1,2}}[ \u00a0](?:{_MONTH}){_HYPHEN}\d{{1,2}}(?=[ \u00a0](?:{_MONTH})\b)",
        rf"(?:\bkl\.?\s?)?{_FREE}{_CLOCK}{_HYPHEN}{_CLOCK}{_END}",
        rf"(?:{_BEFORE})[ \u00a0]?\d{{1,4}}(?:[.:]\d\d)?{_HYPHEN}\d{{1,4}}(?:[.:]\d\d)?{_END}",
        rf"{_FREE}{_NUMBER}{_HYPHEN}{_NUMBER}(?=[ \u00a0-]?(?:{_UNIT})\b|[ \u00a0]?[%§])",
        rf"(?<![\w-])(?:{_DAY})(?:en)?{_HYPHEN}(?:{_DAY})(?:en)?(?![\w-])",
        rf"(?<![\w-])(?:{_MONTH}){_HYPHEN}(?:{_MONTH})(?![\w-])",
    )
)
_COUNTED = re.compile(rf"[ \u00a0](?:(?:{_MONTH}|{_UNIT})\b|[%§])", re.IGNORECASE)
_YEARS = re.compile(rf"{_FREE}(1[89]\d\d|20\d\d){_HYPHEN}(1[89]\d\d|20\d\d|\d\d){_END}")
_BARE = re.compile(rf"{_FREE}([1-9]\d?)-([1-9]\d?){_END}(?![ \u00a0]?\d)")
_FILED = re.compile(
    r"(?:\b(?:dnr|diarienr|diarienummer|ärendenr|ärende|mål|sou|sfs|ds|prop|rskr|iso|en|ss|sis)"
    r"\.?|\b[A-ZÅÄÖ]{2,6}|\d)[ \u00a0:]?$"
)
_SCORE = re.compile(
    r"\b(?:vann|vinna|vinst|seger|segrade|förlor\w*|förlust|match\w*|mål|slutade|ledde|ledning"
    r"|oavgjor\w*|röst\w*|resultat\w*|ställning\w*|set|halvtid|poäng|tabell\w*|kryss\w*)\b",
    re.IGNORECASE,
)


def range_hyphen(run: Run) -> Iterator[Slip]:
    """A hyphen (with or without spaces) where a range wants an en dash."""
    text = run.text
    taken: list[tuple[int, int]] = []
    for start, end in sorted({*_known(text), *_years(text), *_bare(text)}):
        if any(start < stop and begin < end for begin, stop in taken):
            continue
        taken.append((start, end))
        shown = run.around(start, _with_unit(text, end)).strip('.,;:!?()”"')
        if text[start:end] not in shown:
            shown = text[start:end]
        right = re.sub(r"\s?-\s?", "–", text[start:end], count=1)
        yield Slip("range-hyphen", start, end, shown, shown.replace(text[start:end], right, 1))


def _with_unit(text: str, end: int) -> int:
    match = _COUNTED.match(text, end)
    return match.end() if match else end


def _known(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _KNOWN:
        for match in pattern.finditer(text):
            yield match.span()


def _years(text: str) -> Iterator[tuple[int, int]]:
    for match in _YEARS.finditer(text):
        first, last = int(match[1]), match[2]
        if _FILED.search(text[max(0, match.start() - NEAR) : match.start()]):
            continue
        # Two digits up to 12 are a month: 2021-03.
        short = len(last) == 2 and int(last) > 12 and int(last) == (first + 1) % 100
        if short or (len(last) == 4 and first < int(last) <= first + 300):
            yield match.span()


def _bare(text: str) -> Iterator[tuple[int, int]]:
    """Small numbers with nothing around them to say what they are: no result, no code."""
    for match in _BARE.finditer(text):
        start, end = match.span()
        sentence = re.split(r"[.!?]\s", text[max(0, start - NEAR) : start])[-1]
        rest = re.split(r"[.!?](?:\s|$)", text[end : end + NEAR])[0]
        growing = int(match[1]) < int(match[2])
        if growing and not _FILED.search(sentence) and not _SCORE.search(f"{sentence} {rest}"):
            yield match.span()
