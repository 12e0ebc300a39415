"""Which scripts a word is written in: what looks like one address and is another."""

import re
import unicodedata

MIXED = "mixed-script"
LOOKALIKE = "look-alike"

_BLOCKS = re.compile(r"[.\-_+]")
# Scripts that Japanese, Chinese and Korean write together, with Latin among them (UTS #39).
_TOGETHER = frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
# Cyrillic and Greek letters that are drawn as Latin ones.
_AS_LATIN = frozenset("асеорхуіјѕԁԛԝһӏѵьвмнткг" + "αονρικυωχτηγ")


def script_flags(*words: str) -> tuple[str, ...]:
    """Say whether a word mixes scripts, or is drawn in another one just as Latin would be."""
    pieces = [piece for word in words for piece in _BLOCKS.split(word) if not piece.isascii()]
    found = []
    if any(_mixes(piece) for piece in pieces):
        found.append(MIXED)
    if any(_looks_latin(piece) for piece in pieces):
        found.append(LOOKALIKE)
    return tuple(found)


def _mixes(piece: str) -> bool:
    found = {_script(letter) for letter in piece if letter.isalpha()}
    return len(found) > 1 and not found <= _TOGETHER


def _looks_latin(piece: str) -> bool:
    letters = [letter for letter in piece.lower() if letter.isalpha()]
    return bool(letters) and all(letter in _AS_LATIN for letter in letters)


def _script(letter: str) -> str:
    if letter.isascii():
        return "LATIN"
    return unicodedata.name(letter, "NAMELESS").partition(" ")[0].partition("-")[0]
