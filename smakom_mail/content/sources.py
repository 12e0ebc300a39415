"""Naming a seed from an edition: which one is meant, may it be quoted, whom to credit."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from smakom_mail.content.matching import Nearest, nearest_words
from smakom_mail.content.seeds import Catalogue
from smakom_mail.diagnostics import Diagnostic, finding, nearest
from smakom_mail.model.document import Credit
from smakom_mail.model.edition import Seed

_SEARCHED = 40_000_000
"""So many characters of sources are searched for one edition: a long report forty times."""
_TAKEN = 300_000
"""So many characters come into one edition: three times what Gmail shows of a mail."""
_EACH, _GUESS = 2_000, 10_000
"""What a search and a guess at what was meant take, however short the source is."""


@dataclass(slots=True)
class _Effort:
    """What an edition has asked of its sources until now, in characters."""

    searched: int = 0
    taken: int = 0


@dataclass(frozen=True, slots=True)
class Sources:
    """The seeds that an edition of `date` may draw on (None: the date is not known).

    A seed may have a megabyte and an edition thousands of blocks: what it may ask for has an
    end, long after any newsletter's.
    """

    catalogue: Catalogue
    date: dt.date | None
    _effort: _Effort = field(default_factory=_Effort, compare=False)

    def search(self, texts: Iterable[str]) -> bool:
        """Say whether these may be searched once more."""
        if self._effort.searched < _SEARCHED:
            self._effort.searched += _EACH + sum(len(text) + 40 for text in texts)
        return self._effort.searched < _SEARCHED

    def take(self, texts: Iterable[str]) -> bool:
        """Say whether these may come into the edition."""
        self._effort.taken += sum(len(text) for text in texts)
        return self._effort.taken <= _TAKEN

    def nearest(self, paragraphs: Iterable[tuple[int, str]], words: str) -> Nearest:
        """Give what comes closest to `words`."""
        numbered = list(paragraphs)
        self._effort.searched += _GUESS + 5 * sum(len(text) for _, text in numbered)
        return nearest_words(numbered, words)

    def resolve(self, name: str, file: str, line: int) -> tuple[Seed | None, list[Diagnostic]]:
        """Find the seed called `name`, and say what speaks against quoting it at `file`:`line`."""
        name = name.strip().removeprefix("seed:")
        candidates = self.catalogue.find(name)
        if len(candidates) > 1:
            files = ", ".join(seed.file for seed in candidates)
            return None, [finding("ambiguous-seed", file, line, seed=name, candidates=files)]
        if not candidates:
            return None, self._absent(name, file, line)
        seed = candidates[0]
        return seed, [*self._age(seed, file, line), *_changes(seed, file, line)]

    def _absent(self, name: str, file: str, line: int) -> list[Diagnostic]:
        if not name:
            return [finding("seed-unnamed", file, line)]
        if self.catalogue.broken:
            return []  # Reported in seeds.toml, where the name may stand.
        if place := self.catalogue.place_of_fault(name):
            return [finding("seed-unusable", file, line, seed=name, place=place)]
        close = nearest(name, self.catalogue.names())
        return [finding("unknown-seed", file, line, seed=name, nearest=close)]

    def _age(self, seed: Seed, file: str, line: int) -> list[Diagnostic]:
        if not seed.published:
            return [finding("seed-undated", file, line, seed=seed.slug)] if seed.credit else []
        first_day = dt.date.fromisoformat((seed.published + "-01")[:10])
        if self.date and first_day > self.date:
            return [
                finding(
                    "seed-newer",
                    file,
                    line,
                    seed=seed.slug,
                    published=seed.published,
                    date=self.date.isoformat(),
                )
            ]
        return []


def _changes(seed: Seed, file: str, line: int) -> list[Diagnostic]:
    if seed.pinned and seed.pinned != seed.sha256:
        return [finding("seed-changed", file, line, file=seed.file, seed=seed.slug)]
    return []


def credit_of(seed: Seed) -> Credit | None:
    """Give the credit line's parts; None for the association's own text."""
    if not seed.credit:
        return None
    name = seed.publisher or seed.title or seed.label or seed.file
    return Credit(name, seed.published, seed.url)


def credit_note(seed: Seed, file: str, line: int) -> list[Diagnostic]:
    """Say when a credit has to do without a publisher."""
    if not seed.credit or seed.publisher:
        return []
    name = seed.title or seed.label or seed.file
    return [finding("seed-without-publisher", file, line, seed=seed.slug, name=name)]
