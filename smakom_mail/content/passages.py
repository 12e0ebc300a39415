"""Choosing a passage: the paragraphs of a seed that an excerpt block names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from smakom_mail.content.directive import Directive, Entry
from smakom_mail.content.matching import find_words, fold
from smakom_mail.content.seeds import find_title
from smakom_mail.content.sources import Sources
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.edition import Seed, SeedParagraph

_NUMBER = r"[0-9]{1,6}"
_RANGES = re.compile(rf"{_NUMBER}(\s*[-–]\s*{_NUMBER})?(\s*,\s*{_NUMBER}(\s*[-–]\s*{_NUMBER})?)*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of the passage as a string; `gap`: words before it are left out."""

    number: int
    style: str
    text: str
    gap: bool


def choose_passage(
    directive: Directive, seed: Seed, sources: Sources, file: str
) -> tuple[tuple[Piece, ...], list[Diagnostic]]:
    """Give the paragraphs that an excerpt block asks for, or at which line it is wrong."""
    paragraphs, start = directive.entry("paragraphs"), directive.entry("from")
    end = directive.entry("to")
    if all(paragraph.dropped for paragraph in seed.paragraphs):
        return (), [finding("passage-empty", file, directive.line, seed=seed.slug)]
    if paragraphs:
        clash = [
            finding("paragraphs-and-words", file, entry.line, key=entry.key)
            for entry in (start, end)
            if entry
        ]
        chosen, faults = _by_number(paragraphs, seed, file)
        return _pieces(chosen, seed, 0), [
            *clash,
            *faults,
            *_empty(chosen, faults, directive, seed, file),
        ]
    if start or end:
        return _by_words(directive, seed, sources, file)
    chosen = _lede(seed)
    return _pieces(chosen, seed, 0), _empty(chosen, [], directive, seed, file)


def _empty(
    chosen: Iterable[SeedParagraph],
    faults: list[Diagnostic],
    directive: Directive,
    seed: Seed,
    file: str,
) -> list[Diagnostic]:
    if faults or any(not paragraph.dropped for paragraph in chosen):
        return []
    return [finding("passage-empty", file, directive.line, seed=seed.slug)]


def _by_number(entry: Entry, seed: Seed, file: str) -> tuple[list[SeedParagraph], list[Diagnostic]]:
    if not _RANGES.fullmatch(entry.value):
        return [], [finding("paragraph-form", file, entry.line, value=entry.value)]
    numbers: list[int] = []
    last = len(seed.paragraphs)
    for part in entry.value.split(","):
        first, _, final = re.sub(r"\s", "", part).replace("–", "-").partition("-")
        low, high = int(first), int(final or first)
        if high < low or (numbers and low <= numbers[-1]):
            return [], [finding("paragraph-form", file, entry.line, value=entry.value)]
        wrong = [n for n in (low, high) if not 1 <= n <= last]
        if wrong:
            return [], [
                finding(
                    "paragraph-range", file, entry.line, number=wrong[0], last=last, seed=seed.slug
                )
            ]
        numbers += range(low, high + 1)
    return [seed.paragraphs[number - 1] for number in numbers], []


def _by_words(
    directive: Directive, seed: Seed, sources: Sources, file: str
) -> tuple[tuple[Piece, ...], list[Diagnostic]]:
    start, end = directive.entry("from"), directive.entry("to")
    blank = [
        finding("words-empty", file, entry.line, key=entry.key)
        for entry in (start, end)
        if entry and not any(character.isalnum() for character in entry.value)
    ]
    if blank:
        return (), blank
    found: tuple[SeedParagraph, int] | None = next(((p, 0) for p in _lede(seed)), None)
    findings: list[Diagnostic] = []
    if start:
        found, findings = _locate(start, seed, sources, file)
    last = found
    if end and found:
        last, faults = _locate(end, seed, sources, file, (found[0].number, found[1]))
        findings += faults
    elif end and start:
        findings += _locate(end, seed, sources, file)[1]
    if found is None or last is None:
        return (), findings
    chosen = seed.paragraphs[found[0].number - 1 : last[0].number]
    return _pieces(chosen, seed, found[1]), findings + _empty(
        chosen, findings, directive, seed, file
    )


def _words(entry: Entry) -> str:
    """The words of ``from`` or ``to`` without a speech dash or bullet typed before them."""
    return re.sub(r"^[-–—•\s]+(?=\w)", "", entry.value).strip()


def _locate(
    entry: Entry, seed: Seed, sources: Sources, file: str, after: tuple[int, int] = (0, 0)
) -> tuple[tuple[SeedParagraph, int] | None, list[Diagnostic]]:
    """Find the one place with the words: the paragraph, and where in it they begin.

    For ``from`` a paragraph that begins with the words goes before those that only contain
    them; for ``to`` it is the paragraph that matters, as the passage ends with it.
    """
    words = _words(entry)
    places = _places(seed, words)
    later = [(p, at) for p, at in places if (p.number, at) >= after]
    if entry.key == "from":
        later = [(p, at) for p, at in later if at == 0] or later
    else:
        later = list({p.number: (p, at) for p, at in later}.values())
    if len(later) == 1:
        return later[0], []
    said: dict[str, object] = {"words": words, "seed": seed.slug}
    if later:
        kind = "words-ambiguous"
        numbers = dict.fromkeys(str(p.number) for p, _ in later)
        said |= {"numbers": ", ".join(numbers), "first": later[0][0].number}
    elif places:
        kind = "words-reversed"
        said |= {"to": places[0][0].number, "start": after[0]}
    else:
        kind = "words-not-found"
        quotable = [(p.number, p.text) for p in seed.paragraphs if not p.dropped]
        close = sources.nearest(quotable, words)
        said |= {"number": close.number, "nearest": close.text}
    return None, [finding(kind, file, entry.line, **said)]


def _places(seed: Seed, words: str) -> list[tuple[SeedParagraph, int]]:
    found = []
    for paragraph in seed.paragraphs:
        if paragraph.dropped:
            continue
        folded = fold(paragraph.text, case=False)
        for place in find_words(folded, words, case=False):
            at = folded.span(*place)[0]
            inside = any(character.isalnum() for character in paragraph.text[:at])
            found.append((paragraph, at if inside else 0))
    return found


def _lede(seed: Seed) -> list[SeedParagraph]:
    """The first running text below the title."""
    title = seed.title or find_title(seed.paragraphs)
    for paragraph in seed.paragraphs:
        if not paragraph.dropped and paragraph.style != "heading" and paragraph.text != title:
            return [paragraph]
    return []


def _pieces(chosen: Iterable[SeedParagraph], seed: Seed, offset: int) -> tuple[Piece, ...]:
    """Cut the passage; `offset` characters of its first paragraph are left out, visibly."""
    pieces: list[Piece] = []
    before = 0
    for paragraph in chosen:
        skipped = seed.paragraphs[before : paragraph.number - 1] if before else ()
        gap = any(not p.dropped for p in skipped) or offset > 0
        before = paragraph.number
        if paragraph.dropped:
            continue
        style = "text" if offset else paragraph.style
        pieces.append(Piece(paragraph.number, style, paragraph.text[offset:], gap))
        offset = 0
    return tuple(pieces)
