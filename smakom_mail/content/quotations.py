"""Verify quotations: every typed word must stand in the source, and its speaker too."""

import re
import unicodedata
from dataclasses import dataclass

from smakom_mail.content.matching import Folded, find_first, find_words, fold
from smakom_mail.content.sources import Sources, credit_note, credit_of
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.document import Field, Paragraph, Quotation, inlines, plain
from smakom_mail.model.edition import Seed

_CUT = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]")
_DASH = re.compile(r"^\s*[-–—]\s*(?=\w)")
_BARE = 1
_STEPS = 200_000
"""So often a quotation's pieces are looked for, from every place where it may begin."""
_EDGE_QUOTES = "\"'“”„‟‘’‚‛«»‹› \u00a0"


@dataclass(frozen=True, slots=True)
class Attribution:
    """The last line of a quotation: who speaks, in what role, from which seed."""

    speaker: str
    role: str
    seed: str
    line: int


@dataclass(frozen=True, slots=True)
class _Source:
    """The seed's quotable text as one string, with where each paragraph begins in it."""

    text: str
    starts: tuple[tuple[int, int], ...]

    def numbers(self, start: int, end: int) -> tuple[int, ...]:
        """The numbers of the paragraphs that have something of the text from start to end."""
        first = max(place for place, _ in self.starts if place <= start)
        return tuple(number for place, number in self.starts if first <= place < end)


def resolve_quotation(
    paragraphs: tuple[Paragraph, ...],
    attribution: Attribution | None,
    sources: Sources,
    file: str,
    line: int,
) -> tuple[Quotation | None, list[Diagnostic]]:
    """Check a quotation word for word; give it, and every fault at its line."""
    if attribution is None or not attribution.seed or not attribution.speaker:
        return None, [finding("quotation-unattributed", file, line)]
    seed, findings = sources.resolve(attribution.seed, file, attribution.line)
    if seed is None:
        return None, findings
    if not sources.search(paragraph.text for paragraph in seed.paragraphs):
        return None, [*findings, finding("sources-exhausted", file, line)]
    numbers, faults = _verify(paragraphs, seed, sources, file, line)
    findings += [*faults, *_speaker(attribution, seed, sources, file)]
    if not any(fault.kind == "speaker-not-in-source" for fault in findings):
        findings += _elsewhere(attribution, seed, numbers, file, line)
    findings += credit_note(seed, file, line)
    quotation = Quotation(
        seed=seed.slug,
        paragraphs=paragraphs,
        speaker=attribution.speaker,
        role=attribution.role,
        credit=credit_of(seed),
        numbers=numbers,
        line=line,
    )
    return quotation, findings


def _elsewhere(
    attribution: Attribution, seed: Seed, numbers: tuple[int, ...], file: str, line: int
) -> list[Diagnostic]:
    """Warn where the speaker is named neither in a quoted paragraph nor in one beside it."""
    name = re.sub(r"\s*\([^()]*\)$", "", attribution.speaker)
    named = {
        paragraph.number
        for paragraph in seed.paragraphs
        if find_words(fold(paragraph.text, case=True), name, case=True)
    }
    for first, last in _runs(numbers):
        if not named.intersection(range(first - 1, last + 2)):
            return [
                finding(
                    "speaker-elsewhere",
                    file,
                    line,
                    speaker=attribution.speaker,
                    number=first,
                    seed=seed.slug,
                )
            ]
    return []


def _runs(numbers: tuple[int, ...]) -> list[tuple[int, int]]:
    """Give the paragraphs that follow one another as (first, last)."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _join(seed: Seed) -> _Source:
    text, starts = "", []
    for paragraph in seed.paragraphs:
        if not paragraph.dropped:
            starts.append((len(text), paragraph.number))
            text += paragraph.text + "\n"
    return _Source(text, tuple(starts))


def _verify(
    paragraphs: tuple[Paragraph, ...], seed: Seed, sources: Sources, file: str, line: int
) -> tuple[tuple[int, ...], list[Diagnostic]]:
    if any(isinstance(node, Field) for p in paragraphs for node in inlines(p.children)):
        return (), [finding("quotation-field", file, line)]
    lines = [_DASH.sub("", plain(paragraph.children)) for paragraph in paragraphs]
    typed = unicodedata.normalize("NFC", " ".join(lines))
    segments = [part for part in _CUT.split(typed) if _has_words(part)]
    if not segments:
        return (), [finding("quotation-empty", file, line)]
    source = _join(seed)
    folded = fold(source.text, case=True)
    for reading in _readings(segments):
        starts = find_words(folded, reading[0], case=True)
        if len(starts) * len(reading) > _STEPS:
            return (), [finding("sources-exhausted", file, line)]
        places = [trail for start in starts if (trail := _follow(folded, reading, start))]
        # Beginnings that lead to the same end are one quotation: the closest of them is meant.
        places = list({trail[-1]: trail for trail in places}.values())
        numbers = [
            [number for place in trail for number in source.numbers(*folded.span(*place))]
            for trail in places
        ]
        if len(places) == 1:
            return tuple(dict.fromkeys(numbers[0])), []
        if places:
            listed = ", ".join(dict.fromkeys(str(trail[0]) for trail in numbers))
            return (), [finding("quotation-ambiguous", file, line, seed=seed.slug, numbers=listed)]
    return (), [_changed(_readings(segments)[_BARE], seed, sources, file, line)]


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _readings(segments: list[str]) -> list[tuple[str, ...]]:
    """The ways to read what was typed: as it is, without outer marks, first letter lowered."""
    as_typed = tuple(segment.strip() for segment in segments)
    bare = (_DASH.sub("", as_typed[0].lstrip(_EDGE_QUOTES)), *as_typed[1:])
    bare = (*bare[:-1], bare[-1].rstrip(_EDGE_QUOTES))
    return [as_typed, bare, _lowered(as_typed), _lowered(bare)]


def _lowered(segments: tuple[str, ...]) -> tuple[str, ...]:
    """Lower the first letter, marks before it left alone: an author may have raised it."""
    at = next(i for i, character in enumerate(segments[0]) if character.isalnum())
    first = segments[0][:at] + segments[0][at].lower() + segments[0][at + 1 :]
    return (first, *segments[1:])


def _follow(
    folded: Folded, segments: tuple[str, ...], start: tuple[int, int]
) -> list[tuple[int, int]] | None:
    """Find the other segments in order behind `start`; None where one is lacking."""
    trail = [start]
    for segment in segments[1:]:
        later = find_first(folded, segment, case=True, start=trail[-1][1])
        if not later:
            return None
        trail.append(later)
    return trail


def _changed(
    segments: tuple[str, ...], seed: Seed, sources: Sources, file: str, line: int
) -> Diagnostic:
    """Name the first segment that the source lacks, beside what the source has."""
    source = _join(seed)
    folded = fold(source.text, case=True)
    at = 0
    wrong, found = segments[0], None
    for index, segment in enumerate(segments):
        ways = (segment, *_lowered((segment,))) if index == 0 else (segment,)
        places = [find_first(folded, way, case=True) for way in ways]
        found = next(filter(None, places), None)
        later = [find_first(folded, way, case=True, start=at) for way in ways]
        if not any(later):
            wrong = segment
            break
        at = min(filter(None, later))[1]
    close = sources.nearest([(p.number, p.text) for p in seed.paragraphs if not p.dropped], wrong)
    if found:
        number = source.numbers(*folded.span(*found))[0]
        return finding(
            "quotation-order", file, line, seed=seed.slug, words=close.shown, number=number
        )
    return finding(
        "quotation-changed",
        file,
        line,
        seed=seed.slug,
        words=close.shown,
        number=close.number,
        nearest=close.text,
    )


def _speaker(attribution: Attribution, seed: Seed, sources: Sources, file: str) -> list[Diagnostic]:
    """See that the source names the speaker; a caption, though never quoted, may do so."""
    everything = "\n".join(paragraph.text for paragraph in seed.paragraphs)
    if find_words(fold(everything, case=True), attribution.speaker, case=True):
        return []
    close = sources.nearest([(p.number, p.text) for p in seed.paragraphs], attribution.speaker)
    size = len(attribution.speaker.split())
    shown = (
        " ".join(close.text.split()[:size]).strip(" ,.") if not close.text.startswith("…") else ""
    )
    return [
        finding(
            "speaker-not-in-source",
            file,
            attribution.line,
            speaker=attribution.speaker,
            seed=seed.slug,
            nearest=shown,
        )
    ]
