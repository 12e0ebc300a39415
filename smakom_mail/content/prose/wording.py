"""Words twice, words that stand for words to come, and capitals and endings in dates."""

import re
from collections.abc import Iterator

from smakom_mail.content.prose.ranges import WEEKDAYS
from smakom_mail.content.prose.runs import NEAR, Run
from smakom_mail.content.prose.slips import Slip
from smakom_mail.locale.dates import MONTHS

_DOUBLED = re.compile(r"(?<![\w-])([^\W\d_]+)[ \u00a0]+(\1)(?![\w-])", re.IGNORECASE)
# Said twice for weight, or by sound: nobody's slip.
_MEANT_TEXT = (
    "så bra ja jo jaha nej hej tack mycket väldigt långt långa länge stor stora små många aldrig"
    " alltid sakta fort snart snälla ha ho hi hurra blabla bla tick vov mer fler bort upp ner"
    " mm osv etc dvs very so bye no yes really far long many much had that"
)
_MEANT = frozenset(_MEANT_TEXT.split())
_GLUED = re.compile(
    r"(?<![\w.-])([A-ZÅÄÖ]?[a-zåäöé]{4,})"
    r"(Vi|I|Det|Den|De|Du|Ni|En|Ett|Som|När|På|Till|Från|Med|Här|Där|Nu|Så|Han|Hon|Vår|Vårt|Våra"
    r"|Men|Och|Under|Efter|Detta|Denna|Dessa|Alla|Vid|För|Om|Att|Ytterligare)(?![\w-])"
)
_LEFTOVER = re.compile(
    r"\b(?:TODO|FIXME|TBD|X{3,})\b|(?<!\?)\?{3,}|\[[ \u00a0]?\]|\b[Ll]orem ipsum\b"
    r"|\[(?:fyll i|skriv|datum|namn|rubrik|text här|fill in|name|date)\b[^\[\]\n]{0,40}\]"
)
_MONTH = "|".join(MONTHS["sv"])
_ORDINAL = re.compile(
    rf"(?<![\w:.,-])(\d{{1,2}})(?::?(?:e|a)(?=[ \u00a0](?:{_MONTH}|jan|feb|apr|aug|sept?|okt|nov"
    r"|dec)\b)|:(?:sta|ste|de|dje|nde))(?!\w)",
    re.IGNORECASE,
)
_LONE_ORDINAL = re.compile(
    rf"(?<=\bden )(\d{{1,2}}):?[ea](?=[.,;!?)]|$|\n| (?:kl\b|klockan|i {_MONTH}))"
    rf"|(?<=dag )(\d{{1,2}}):[ea]\b|(?<=dagen den )(\d{{1,2}}):?[ea]\b",
    re.IGNORECASE,
)
_CAPITAL = re.compile(
    r"(?<![\w-])(?:(?:" + "|".join(name.capitalize() for name in MONTHS["sv"]) + r")s?"
    r"|(?:" + "|".join(name.capitalize() for name in WEEKDAYS) + r")(?:en|ens|ar|arna|s)?)(?![\w-])"
)
_ALSO_NAMES = ("Mars", "April", "Maj", "Juni", "Juli")
_IN_TIME = re.compile(r"(?:\b(?:i|under|sedan|från|till|slutet av|början av)|\d)[ \u00a0]$")


def doubled_word(run: Run) -> Iterator[Slip]:
    """The same word twice in a row."""
    for match in _DOUBLED.finditer(run.text):
        one, two = match[1], match[2]
        rest = run.text[match.end() : match.end() + NEAR].lstrip()
        # A second word with a capital is a name, or begins something new.
        if one.casefold() in _MEANT or two[0].isupper():
            continue
        if one.casefold() == "till" and rest.startswith(("exempel", "dess")):
            continue
        yield Slip("doubled-word", match.start(), match.end(), f"{one} {two}", one)


def glued_word(run: Run) -> Iterator[Slip]:
    """A word with the beginning of a sentence right behind it, the mark and the space lost."""
    for match in _GLUED.finditer(run.text):
        yield Slip("word-glued", *match.span(), match[0], f"{match[1]} {match[2]}")


def leftover(run: Run) -> Iterator[Slip]:
    """A mark that says that something is still to be written."""
    for match in _LEFTOVER.finditer(run.text):
        yield Slip("leftover", match.start(), match.end(), match[0])


def ordinal_date(run: Run) -> Iterator[Slip]:
    """An ordinal ending in a date: Swedish dates have none."""
    taken: set[int] = set()
    for pattern in (_ORDINAL, _LONE_ORDINAL):
        for match in pattern.finditer(run.text):
            if match.start() in taken:
                continue
            taken.add(match.start())
            number = next(group for group in match.groups() if group)
            yield Slip("ordinal-date", match.start(), match.end(), match[0], number)


def capital_date(run: Run) -> Iterator[Slip]:
    """A month or weekday with a capital inside a sentence."""
    for match in _CAPITAL.finditer(run.text):
        before = run.text[max(0, match.start() - NEAR) : match.start()]
        after = run.text[match.end() : match.end() + NEAR].lstrip(" \u00a0")
        if run.starts_sentence(match.start()) or after[:1].isupper():
            continue
        if match[0] in _ALSO_NAMES and not (_IN_TIME.search(before) or re.match(r"\d{4}\b", after)):
            continue
        yield Slip("capital-date", match.start(), match.end(), match[0], match[0].lower())
