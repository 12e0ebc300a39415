"""Verify quotations: every typed word must stand in the source, and its speaker too."""

import re
import unicodedata
from dataclasses import dataclass

from smakom_mail.content.matching import Folded, find_words, fold, nearest_words
from smakom_mail.content.sources import Sources, credit_note, credit_of
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.document import Paragraph, Quotation, plain
from smakom_mail.model.edition import Seed

_CUT = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]")
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

    def number_at(self, place: int) -> int:
        return max((start, number) for start, number in self.starts if start <= place)[1]


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
    numbers, faults = _verify(paragraphs, seed, file, line)
    findings += [*faults, *_speaker(attribution, seed, file), *credit_note(seed, file, line)]
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


def _join(seed: Seed) -> _Source:
    text, starts = "", []
    for paragraph in seed.paragraphs:
        if not paragraph.dropped:
            starts.append((len(text), paragraph.number))
            text += paragraph.text + "\n"
    return _Source(text, tuple(starts))


def _verify(
    paragraphs: tuple[Paragraph, ...], seed: Seed, file: str, line: int
) -> tuple[tuple[int, ...], list[Diagnostic]]:
    typed = unicodedata.normalize("NFC", " ".join(plain(p.children) for p in paragraphs))
    segments = [part for part in _CUT.split(typed) if _has_words(part)]
    if not segments:
        return (), [finding("quotation-empty", file, line)]
    source = _join(seed)
    folded = fold(source.text, case=True)
    readings = list(dict.fromkeys(_readings(segments)))
    for reading in readings:
        places = [
            trail
            for start in find_words(folded, reading[0], case=True)
            if (trail := _follow(folded, reading, start))
        ]
        numbers = [
            tuple(source.number_at(folded.span(*place)[0]) for place in trail) for trail in places
        ]
        if len(places) == 1:
            return tuple(dict.fromkeys(numbers[0])), []
        if places:
            listed = ", ".join(str(trail[0]) for trail in numbers)
            return (), [finding("quotation-ambiguous", file, line, seed=seed.slug, numbers=listed)]
    return (), [_changed(readings[-1], seed, file, line)]


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _readings(segments: list[str]) -> list[tuple[str, ...]]:
    """The ways to read what was typed: as it is, without outer marks, first letter lowered."""
    as_typed = tuple(segment.strip() for segment in segments)
    first = re.sub(r"^[-–—]\s*(?=\w)", "", as_typed[0])
    bare = (first.lstrip(_EDGE_QUOTES), *as_typed[1:])
    bare = (*bare[:-1], bare[-1].rstrip(_EDGE_QUOTES))
    ways = [as_typed, (first, *as_typed[1:]), bare]
    lowered = [(way[0][:1].lower() + way[0][1:], *way[1:]) for way in ways]
    return [*ways, *lowered, bare]


def _follow(
    folded: Folded, segments: tuple[str, ...], start: tuple[int, int]
) -> list[tuple[int, int]] | None:
    """Find the other segments in order behind `start`; None where one is lacking."""
    trail = [start]
    for segment in segments[1:]:
        later = find_words(folded, segment, case=True, start=trail[-1][1])
        if not later:
            return None
        trail.append(later[0])
    return trail


def _changed(segments: tuple[str, ...], seed: Seed, file: str, line: int) -> Diagnostic:
    """Name the first segment that the source lacks, beside what the source has."""
    folded = fold(_join(seed).text, case=True)
    at = 0
    wrong = segments[0]
    for index, segment in enumerate(segments):
        ways = (segment, segment[:1].lower() + segment[1:]) if index == 0 else (segment,)
        found = [place for way in ways for place in find_words(folded, way, case=True, start=at)]
        if not found:
            wrong = segment
            break
        at = found[0][1]
    close = nearest_words([(p.number, p.text) for p in seed.paragraphs if not p.dropped], wrong)
    return finding(
        "quotation-changed",
        file,
        line,
        seed=seed.slug,
        words=close.shown,
        number=close.number,
        nearest=close.text,
    )


def _speaker(attribution: Attribution, seed: Seed, file: str) -> list[Diagnostic]:
    source = _join(seed)
    if find_words(fold(source.text, case=True), attribution.speaker, case=True):
        return []
    close = nearest_words([(p.number, p.text) for p in seed.paragraphs], attribution.speaker)
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
