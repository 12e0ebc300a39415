"""Finding words in a source: what counts as the same words, and what comes closest.

Two texts are the same words when they differ only in how they are set: kind of quotation
mark, kind of dash, kind and number of spaces, soft hyphens, composed or decomposed letters,
one ellipsis character or three dots. One letter more or less is another text.
"""

import difflib
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_QUOTES = "\"'`´“”„‟‘’‚‛«»‹›′″"
_DASHES = "-‐‑‒–—―−"
_INVISIBLE = "\u00ad\u200b\u200c\u2060\ufeff"
_CONTEXT = 5
_ALIKE = 0.34
"""So much of the letters must be shared before a passage is called the closest."""
_GUESSED = 20
"""So many misspelled words are looked up, and each among so many words of the source."""
_COMPARED = 5_000
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

    def whole(self, start: int, end: int) -> bool:
        """Say whether start and end stand between characters of the source, not inside one."""
        origins = _origins(self.source, case=self.case)
        return all(
            not 0 < place < len(origins) or origins[place - 1] != origins[place]
            for place in (start, end)
        )


def fold(text: str, *, case: bool) -> Folded:
    """Reduce `text`; with `case` upper and lower case differ."""
    kept = _short_folds if len(text) < _SHORT else _long_folds
    return kept(text, case)


def _fold(text: str, case: bool) -> Folded:  # noqa: FBT001 - as the caches below take it
    bare = " ".join(text.translate(_TABLE).split())
    return Folded(bare if case else bare.casefold(), text, case)


# Many paragraphs, but few whole documents: these may have a megabyte each.
_SHORT = 5_000
_short_folds = lru_cache(maxsize=4096)(_fold)
_long_folds = lru_cache(maxsize=16)(_fold)


@lru_cache(maxsize=32)
def _origins(text: str, *, case: bool) -> "array[int]":
    """Give, for each folded character, where in `text` it came from."""
    origins = array("I")
    space = True
    for index, character in enumerate(text):
        if character.isspace():
            if not space:
                origins.append(index)
            space = True
            continue
        piece = character.translate(_TABLE)
        origins.extend([index] * len(piece if case else piece.casefold()))
        space = space and not piece
    return origins


def find_words(folded: Folded, words: str, *, case: bool, start: int = 0) -> list[tuple[int, int]]:
    """Give every place (in folded characters) where `words` stand as whole words."""
    return list(_places(folded, words, start, case=case))


def find_first(folded: Folded, words: str, *, case: bool, start: int = 0) -> tuple[int, int] | None:
    """Give the first of those places; a large source may have a hundred thousand."""
    return next(_places(folded, words, start, case=case), None)


def _places(folded: Folded, words: str, start: int, *, case: bool) -> Iterator[tuple[int, int]]:
    wanted = fold(unicodedata.normalize("NFC", words), case=case).text
    at = folded.text.find(wanted, start) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        edges = _boundary(folded.text, at) and _boundary(folded.text, end)
        if edges and folded.whole(at, end):
            yield at, end
        at = folded.text.find(wanted, at + 1)


def _boundary(text: str, at: int) -> bool:
    """Say whether a word may begin or end at `at`.

    "John-Erik" and "10,5" are one word each; an accent belongs to the letter before it.
    """
    if not 0 < at < len(text):
        return True
    if unicodedata.combining(text[at]):
        return False
    if text[at - 1].isalnum() and text[at].isalnum():
        return False
    return not (_joins(text, at) or _joins(text, at - 1))


def _joins(text: str, at: int) -> bool:
    """Say whether the mark at `at` holds one word together."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] == "-":
        return before.isalnum() and after.isalnum()
    return text[at] in ".,:" and before.isdigit() and after.isdigit()


@dataclass(frozen=True, slots=True)
class Nearest:
    """The source's words that come closest: paragraph `number` and some words of it."""

    number: int
    text: str
    shown: str


def nearest_words(paragraphs: Iterable[tuple[int, str]], words: str) -> Nearest:
    """Give the passage that is most like `words`: `text` from the source, `shown` of `words`.

    Both are cut to a few words around the first difference, so that it can be seen at once.
    The text is empty when nothing is alike.
    """
    wanted = words.split()
    numbered = [(number, text.split()) for number, text in paragraphs]
    target = _meant([_bare(word) for word in wanted], [text for _, text in numbered])
    weight = sum(len(word) * count for word, count in target.items())
    best, number, found = 0, 0, [""]
    for candidate, source in numbered:
        score, place = _best_window([_bare(word) for word in source], target, len(wanted))
        if score > best:
            start = _aligned(source, wanted, place)
            best, number, found = score, candidate, source[start : start + len(wanted) + 2]
    if best < _ALIKE * weight or not best:
        return Nearest(0, "", _cut(wanted, 0))
    place = _first_difference(wanted, found)
    return Nearest(number, _cut(found, place), _cut(wanted, place))


def _aligned(source: list[str], wanted: list[str], place: int) -> int:
    """Move a window a few words to where most of its first words are the wanted ones."""
    starts = range(max(0, place - _CONTEXT), place + _CONTEXT)
    ahead = {start: _first_difference(wanted, source[start:][: len(wanted)]) for start in starts}
    return max(starts, key=lambda start: (ahead[start], -abs(start - place)))


def _meant(wanted: list[str], source: list[list[str]]) -> Counter[str]:
    """Count the wanted words, each misspelled one as the source's word that it is most like."""
    known = {_bare(word) for text in source for word in text}
    meant = {word: word for word in wanted}
    for word in [word for word in meant if word not in known][:_GUESSED]:
        near = [other for other in known if 3 < len(other) < 2 * len(word) < 4 * len(other)]
        near = sorted(near)[:_COMPARED]
        found = difflib.get_close_matches(word, near, n=1, cutoff=0.75)
        found = found or [other for other in near if len(word) > 3 and word in other]
        meant[word] = found[0] if found else word
    return Counter(meant[word] for word in wanted)


def _best_window(source: list[str], target: Counter[str], size: int) -> tuple[int, int]:
    """Slide a window of `size` words over `source`; give the best score and its place.

    The score is the number of letters in words that the window shares with `target`.
    """
    window: Counter[str] = Counter()
    shared = best = place = 0
    for end, come in enumerate(source):
        window[come] += 1
        if window[come] <= target[come]:
            shared += len(come)
        if end >= size:
            gone = source[end - size]
            if window[gone] <= target[gone]:
                shared -= len(gone)
            window[gone] -= 1
        if shared > best:
            best, place = shared, max(0, end - size + 1)
    return best, place


@lru_cache(maxsize=4096)
def _bare(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()


def _first_difference(wanted: list[str], found: list[str]) -> int:
    for index, (one, other) in enumerate(zip(wanted, found, strict=False)):
        if fold(one, case=True).text != fold(other, case=True).text:
            return index
    return min(len(wanted), len(found))


def _cut(words: list[str], place: int) -> str:
    start = max(0, place - _CONTEXT)
    end = max(place + _CONTEXT, start + 2 * _CONTEXT)
    shown = " ".join(words[start:end])
    if len(shown) > 160:
        shown = shown[:159] + "…"
    return ("… " if start else "") + shown + (" …" if end < len(words) else "")
