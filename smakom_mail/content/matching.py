"""Finding words in a source: what counts as the same words, and what comes closest.

Two texts are the same words when they differ only in how they are set: kind of quotation
mark, kind of dash, kind and number of spaces, soft hyphens, composed or decomposed letters,
one ellipsis character or three dots. One letter more or less is another text.
"""

import difflib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

_QUOTES = "\"'`´“”„‟‘’‚‛«»‹›′″"
_DASHES = "-‐‑‒–—―−"
_INVISIBLE = "\u00ad\u200b\u200c\u2060\ufeff"
_CONTEXT = 5
_TABLE = {
    **dict.fromkeys(map(ord, _QUOTES), '"'),
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _INVISIBLE), ""),
    ord("…"): "...",
}


@dataclass(frozen=True, slots=True)
class Folded:
    """Text reduced to what counts, and the text that it came from."""

    text: str
    source: str
    case: bool

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the place in the source of the folded characters from start to end."""
        origins = _origins(self.source, case=self.case)
        return origins[start], origins[end] if end < len(origins) else len(self.source)


@lru_cache(maxsize=4096)
def fold(text: str, *, case: bool) -> Folded:
    """Reduce `text`; with `case` upper and lower case differ."""
    bare = " ".join(text.translate(_TABLE).split())
    return Folded(bare if case else bare.casefold(), text, case)


@lru_cache(maxsize=256)
def _origins(text: str, *, case: bool) -> tuple[int, ...]:
    """Give, for each folded character, where in `text` it came from."""
    origins: list[int] = []
    space = True
    for index, character in enumerate(text):
        if character.isspace():
            if not space:
                origins.append(index)
            space = True
            continue
        piece = character.translate(_TABLE)
        origins += [index] * len(piece if case else piece.casefold())
        space = space and not piece
    return tuple(origins)


def find_words(folded: Folded, words: str, *, case: bool, start: int = 0) -> list[tuple[int, int]]:
    """Give every place (in folded characters) where `words` stand as whole words."""
    wanted = fold(unicodedata.normalize("NFC", words), case=case).text
    if not wanted:
        return []
    places = []
    at = folded.text.find(wanted, start)
    while at >= 0:
        end = at + len(wanted)
        if _boundary(folded.text, at) and _boundary(folded.text, end):
            places.append((at, end))
        at = folded.text.find(wanted, at + 1)
    return places


def _boundary(text: str, at: int) -> bool:
    return not (0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum())


@dataclass(frozen=True, slots=True)
class Nearest:
    """The source's words that come closest: paragraph `number` and some words of it."""

    number: int
    text: str
    shown: str


def nearest_words(paragraphs: list[tuple[int, str]], words: str) -> Nearest:
    """Give the passage that is most like `words`: `text` from the source, `shown` of `words`.

    Both are cut to a few words around the first difference, so that it can be seen at once.
    The text is empty when nothing is alike.
    """
    wanted = words.split()
    best = (0.0, 0, [""])
    for number, text in paragraphs:
        score, window = _best_window(text.split(), wanted)
        if score > best[0]:
            best = (score, number, window)
    if best[0] < 0.34:
        return Nearest(0, "", _cut(wanted, 0))
    place = _first_difference(wanted, best[2])
    return Nearest(best[1], _cut(best[2], place), _cut(wanted, place))


def _best_window(source: list[str], wanted: list[str]) -> tuple[float, list[str]]:
    """Slide a window as long as `wanted` over `source`; score by shared words, then letters."""
    size = len(wanted)
    target = Counter(_bare(word) for word in wanted)
    bare = [_bare(word) for word in source]
    best, place = -1, 0
    window: Counter[str] = Counter(bare[:size])
    shared = sum((window & target).values())
    for start in range(max(1, len(source) - size + 1)):
        if start:
            gone, come = bare[start - 1], bare[start + size - 1]
            if window[gone] <= target[gone]:
                shared -= 1
            window[gone] -= 1
            window[come] += 1
            if window[come] <= target[come]:
                shared += 1
        if shared > best:
            best, place = shared, start
    found = source[place : place + size]
    alike = difflib.SequenceMatcher(None, " ".join(found), " ".join(wanted), autojunk=False)
    score = best / max(size, 1)
    if size <= 40:
        score = max(score, alike.ratio() - 0.25)
    return score, source[place : place + size + 2]


def _bare(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()


def _first_difference(wanted: list[str], found: list[str]) -> int:
    for index, (one, other) in enumerate(zip(wanted, found, strict=False)):
        if fold(one, case=False).text != fold(other, case=False).text:
            return index
    return min(len(wanted), len(found))


def _cut(words: list[str], place: int) -> str:
    start = max(0, place - _CONTEXT)
    end = max(place + _CONTEXT, start + 2 * _CONTEXT)
    shown = " ".join(words[start:end])
    if len(shown) > 160:
        shown = shown[:159] + "…"
    return ("… " if start else "") + shown + (" …" if end < len(words) else "")
