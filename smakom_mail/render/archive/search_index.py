"""The index of the search: which words stand in which passage; small, and read by search.js.

Words are kept without their marks and in small letters, so that ``växjö`` is found by ``vaxjo``;
the script does the same with what is typed. It looks for words that begin as the typed one does.
The passages' own words lie beside each edition, and are fetched for what was found.
"""

import json
import re
import unicodedata
from collections.abc import Sequence

from smakom_mail.locale import format_date
from smakom_mail.locale.archive import STOP_WORDS
from smakom_mail.render.archive.entry import ArchivedEdition
from smakom_mail.render.archive.passages import Passage

_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)
"""Letters that have no mark to take off; search.js has the same list."""
LONGEST = 40
"""Words are kept to this length: nobody types more, and an address is no word."""


def fold(text: str) -> str:
    """Give text in small letters without marks: ``Växjö`` becomes ``vaxjo``."""
    apart = unicodedata.normalize("NFD", text.lower())
    bare = "".join(each for each in apart if unicodedata.category(each) != "Mn")
    return bare.replace("\u00ad", "").translate(_LETTERS)


def folded_words(text: str) -> list[str]:
    """Give the words of a text as the index keeps them, in order."""
    return [word[:LONGEST] for word in _WORD.findall(fold(text))]


def search_index(editions: Sequence[tuple[ArchivedEdition, Sequence[Passage]]]) -> bytes:
    """Give search.json: the newest edition first, so that equal hits come in that order."""
    stop = sorted({fold(word) for word in STOP_WORDS})
    passed = frozenset(stop)
    words: dict[str, list[int]] = {}
    parts: list[list[object]] = []
    for number, (edition, found) in enumerate(editions):
        for passage in found:
            text = f"{edition.title} {passage.section} {passage.heading} {passage.text}"
            for word in sorted({*folded_words(text)} - passed):
                words.setdefault(word, []).append(len(parts))
            parts.append([number, passage.anchor, passage.section, passage.heading])
    return as_json(
        {
            "editions": [
                [each.place, each.title, format_date(each.date, each.language)]
                for each, _ in editions
            ],
            "parts": parts,
            "stop": stop,
            "words": dict(sorted(words.items())),
        }
    )


def passage_texts(found: Sequence[Passage]) -> bytes:
    """Give text.json: the words of each passage by its anchor."""
    return as_json({passage.anchor: passage.text for passage in found})


def as_json(value: object) -> bytes:
    """Give JSON in as few bytes as it takes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
