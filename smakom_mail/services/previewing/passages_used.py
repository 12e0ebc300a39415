"""Where in a seed the words stand that an excerpt or a quotation takes."""

import re
import unicodedata
from collections.abc import Iterator

from smakom_mail.content.matching import find_first, find_words, fold
from smakom_mail.model.document import Correction, Excerpt, Passage, Quotation, plain
from smakom_mail.model.edition import Seed, SeedParagraph

Span = tuple[int, int, int]
"""The number of a paragraph, and from where to where in its text."""

_CUT = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]")
_EDGES = "\"'“”„‟‘’‚‛«»‹› \u00a0-–—"


def excerpt_spans(excerpt: Excerpt, seed: Seed) -> tuple[Span, ...]:
    """Give what an excerpt takes: whole paragraphs, the first from its chosen word on."""
    paragraphs = {paragraph.number: paragraph for paragraph in seed.paragraphs}
    spans = []
    for index, passage in enumerate(excerpt.passages):
        paragraph = paragraphs.get(passage.number)
        if paragraph is None:
            continue
        begins_inside = index == 0 and passage.gap
        start = _start(excerpt, passage, paragraph, paragraphs) if begins_inside else 0
        spans.append((paragraph.number, start, len(paragraph.text)))
    return tuple(spans)


def _start(
    excerpt: Excerpt,
    passage: Passage,
    paragraph: SeedParagraph,
    paragraphs: dict[int, SeedParagraph],
) -> int:
    """Give where the passage begins; its text is the paragraph's end with corrections made.

    A correction stands in one paragraph only, so what is in none of the later is in this one.
    """
    later = [paragraphs[other.number].text for other in excerpt.passages[1:]]
    grown = sum(
        len(fix.replacement) - len(fix.found)
        for fix in excerpt.corrections
        if fix.kind == "fix" and not _stands(fix, later)
    )
    start = len(paragraph.text) - len(plain(passage.children)) + grown
    return start if 0 <= start < len(paragraph.text) else 0


def _stands(fix: Correction, texts: list[str]) -> bool:
    return any(find_words(fold(text, case=True), fix.found, case=True) for text in texts)


def quotation_spans(quotation: Quotation, seed: Seed) -> tuple[Span, ...]:
    """Give exactly the words of a quotation that was found; nothing for one that was not."""
    paragraphs = [p for p in seed.paragraphs if p.number in quotation.numbers]
    text = "".join(paragraph.text + "\n" for paragraph in paragraphs)
    folded = fold(text, case=False)
    at = 0
    spans: list[Span] = []
    for segment in _segments(quotation):
        found = find_first(folded, segment, case=False, start=at)
        if found is None:
            continue
        at = found[1]
        spans += _per_paragraph(*folded.span(*found), paragraphs)
    return tuple(spans)


def _segments(quotation: Quotation) -> Iterator[str]:
    """Give the words between the cuts, without the marks around the whole."""
    typed = " ".join(plain(paragraph.children).strip(" -–—") for paragraph in quotation.paragraphs)
    for segment in _CUT.split(unicodedata.normalize("NFC", typed)):
        bare = segment.strip(_EDGES)
        if any(map(str.isalnum, bare)):
            yield bare


def _per_paragraph(start: int, end: int, paragraphs: list[SeedParagraph]) -> Iterator[Span]:
    """Divide a place in the joined paragraphs at their ends."""
    at = 0
    for paragraph in paragraphs:
        size = len(paragraph.text)
        first, last = max(start - at, 0), min(end - at, size)
        if first < last:
            yield paragraph.number, first, last
        at += size + 1


def marked(text: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Divide `text` into pieces, each with whether it lies in one of `spans`."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in joined(spans):
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    pieces.append((text[at:], False))
    return [piece for piece in pieces if piece[0]]


def joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the spans in order, those that touch or overlap as one."""
    whole: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole
