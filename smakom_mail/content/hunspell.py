"""A reader of Hunspell dictionaries, as far as Swedish needs it: words, endings, compounds.

A port of all of Hunspell (spylls) takes 1.8 s to load the Swedish dictionary and a second for
a suggestion; this one takes a quarter of a second and milliseconds. Prefixes, phonetics and
morphology are left out: the Swedish dictionary has none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_LETTERS = "abcdefghijklmnopqrstuvwxyzåäöé"
_MOST_PARTS = 4
_OPTIONS = {
    "FLAG": "char",
    "COMPOUNDFLAG": "",
    "COMPOUNDBEGIN": "",
    "COMPOUNDMIDDLE": "",
    "COMPOUNDEND": "",
    "COMPOUNDPERMITFLAG": "",
    "ONLYINCOMPOUND": "",
    "NEEDAFFIX": "",
    "FORBIDDENWORD": "",
}

Flags = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Ending:
    """A rule: take `strip` off a word that has `flag` and fits `condition`, put an ending on."""

    flag: str
    strip: str
    condition: re.Pattern[str]
    flags: Flags


@dataclass(slots=True)
class Dictionary:
    """Words and the rules to make more of them; `stems` are flags as written, not yet divided."""

    options: dict[str, str] = field(default_factory=lambda: dict(_OPTIONS))
    stems: dict[str, list[str]] = field(default_factory=dict)
    endings: dict[str, list[_Ending]] = field(default_factory=dict)
    longest: int = 0

    def knows(self, word: str) -> bool:
        """Say whether `word`, as it is or with a small first letter, is a word or a compound."""
        ways = dict.fromkeys((word, word[:1].lower() + word[1:], word.lower()))
        return any(self._whole(way) or self._compound(way, 1) for way in ways)

    def opens_compound(self, word: str) -> bool:
        """Say whether `word` can stand before a hyphen: "närings- och"."""
        return any(self._begins(way, "COMPOUNDBEGIN") for way in (word, word.lower()))

    def suggest(self, word: str) -> str:
        """Give a known word one slip away, or nothing."""
        small = word.lower()
        found = list(dict.fromkeys(_near(small)))
        best = next((near for near in found if self._whole(near)), "")
        return best or next((near for near in found if self._compound(near, 1)), "")

    def _flags(self, text: str) -> Flags:
        match self.options["FLAG"]:
            case "num":
                return frozenset(text.split(","))
            case "long":
                return frozenset(text[i : i + 2] for i in range(0, len(text), 2))
        return frozenset(text)

    def _forms(self, word: str) -> Iterator[tuple[Flags, Flags]]:
        """Give (flags of the stem, flags of the ending) for every way to make `word`."""
        for text in self.stems.get(word, ()):
            yield self._flags(text), frozenset()
        for size in range(min(self.longest, len(word)) + 1):
            cut = len(word) - size
            for rule in self.endings.get(word[cut:], ()):
                stem = word[:cut] + rule.strip
                for text in self.stems.get(stem, ()):
                    if rule.flag in (flags := self._flags(text)) and rule.condition.search(stem):
                        yield flags, rule.flags | {"+"}

    def _has(self, flags: Flags, option: str) -> bool:
        return self.options[option] in flags

    def _whole(self, word: str) -> bool:
        for stem, ending in self._forms(word):
            if self._has(stem, "FORBIDDENWORD"):
                return False
            bare = not ending and self._has(stem, "NEEDAFFIX")
            if not bare and not self._has(ending or stem, "ONLYINCOMPOUND"):
                return True
        return False

    def _forbidden(self, word: str) -> bool:
        return any(self._has(stem, "FORBIDDENWORD") for stem, _ in self._forms(word))

    def _begins(self, word: str, place: str) -> bool:
        for stem, ending in self._forms(word):
            joins = stem | ending
            if ending and not self._has(ending, "COMPOUNDPERMITFLAG"):
                continue
            if self._has(joins, place) or self._has(joins, "COMPOUNDFLAG"):
                return True
        return False

    def _ends(self, word: str) -> bool:
        return any(
            (self._has(stem, "COMPOUNDEND") or self._has(stem, "COMPOUNDFLAG"))
            and (ending or not self._has(stem, "NEEDAFFIX"))
            for stem, ending in self._forms(word)
        )

    def _compound(self, word: str, parts: int) -> bool:
        """Divide `word` where a first part can begin a compound and the rest can end it."""
        if parts == 1 and self._forbidden(word):
            return False
        place = "COMPOUNDBEGIN" if parts == 1 else "COMPOUNDMIDDLE"
        for at in range(1, len(word) - 1):
            if not self._begins(word[:at], place):
                continue
            rests = [word[at:]]
            if at > 1 and word[at - 1] == word[at - 2]:
                rests.append(word[at - 1 :])  # "fall" + "lucka" is written "fallucka"
            for rest in rests:
                if self._ends(rest) or (parts < _MOST_PARTS and self._compound(rest, parts + 1)):
                    return True
        return False


def _near(word: str) -> Iterator[str]:
    """Give what `word` may have been: two letters turned, one too many, one missing, one wrong."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    yield from (a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1)
    yield from (a + b[1:] for a, b in cuts if b)
    yield from (a + letter + b for a, b in cuts for letter in _LETTERS)
    yield from (a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS)


@cache
def load_dictionary(aff: Path, stamp: tuple[int, int]) -> Dictionary:  # noqa: ARG001 - keys the cache
    """Read an .aff file and the .dic beside it; `stamp` is the .dic's time and size.

    Raises OSError, and ValueError for a file that is no dictionary.
    """
    rules = aff.read_bytes()
    encoding = re.search(rb"^SET\s+(\S+)", rules, re.MULTILINE)
    name = encoding[1].decode("ascii") if encoding else "iso8859-1"
    try:
        dictionary = read_rules(rules.decode(name))
        words = aff.with_suffix(".dic").read_bytes().decode(name)
    except LookupError as error:
        raise ValueError(str(error)) from error
    for line in words.splitlines()[1:]:
        word, _, flags = line.partition("\t")[0].strip().partition("/")
        dictionary.stems.setdefault(word, []).append(flags)
    return dictionary


def read_rules(text: str) -> Dictionary:
    """Read the rules of an .aff file."""
    dictionary = Dictionary()
    lines = [line.split() for line in text.removeprefix("\ufeff").splitlines()]
    for parts in lines:
        if len(parts) > 1 and parts[0] in dictionary.options:
            dictionary.options[parts[0]] = parts[1]
    for option in list(dictionary.options):
        dictionary.options[option] = dictionary.options[option] or "\0"  # a flag that none has
    for parts in lines:
        if len(parts) > 4 and parts[0] == "SFX":
            _, flag, strip, ending, condition, *_ = parts
            added, _, flags = ending.partition("/")
            added = "" if added == "0" else added
            rule = _Ending(
                flag,
                "" if strip == "0" else strip,
                re.compile(f"{condition}$"),
                dictionary._flags(flags),  # noqa: SLF001 - the same file
            )
            dictionary.endings.setdefault(added, []).append(rule)
            dictionary.longest = max(dictionary.longest, len(added))
    return dictionary
