"""The view of the sources: what the edition takes, beside each source with that part marked."""

from dataclasses import dataclass

from smakom_mail.locale import format_date, words
from smakom_mail.locale.preview import VIEW_WORDS
from smakom_mail.model.document import (
    Code,
    Correction,
    Credit,
    Excerpt,
    Field,
    Inline,
    LineBreak,
    Paragraph,
    Quotation,
    Text,
    walk,
)
from smakom_mail.model.edition import Edition, Section, Seed, SeedParagraph
from smakom_mail.services.previewing.document import draw
from smakom_mail.services.previewing.passages_used import (
    Span,
    excerpt_spans,
    marked,
    quotation_spans,
)
from smakom_mail.services.previewing.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Taken:
    """An excerpt or a quotation as it stands in the edition, and its places in the seed."""

    kind: str
    section: str
    place: str
    title: str
    paragraphs: tuple[dict[str, str], ...]
    speaker: str
    credit: str
    corrections: tuple[Correction, ...]
    numbers: tuple[int, ...]
    spans: tuple[Span, ...]

    @property
    def verified(self) -> bool:
        """Whether its words were found in the seed."""
        return bool(self.spans)


def seeds_view(snapshot: Snapshot) -> str:
    """Draw every seed that the edition uses, in the order in which it uses them."""
    edition = snapshot.edition
    said = VIEW_WORDS[snapshot.config.messages_language]
    seeds = {seed.slug: seed for seed in edition.seeds}
    uses: dict[str, list[Taken]] = {}
    for section in edition.sections:
        for block in walk(section.blocks):
            if isinstance(block, Excerpt | Quotation) and block.seed in seeds:
                taken = _taken(block, section, seeds[block.seed], edition)
                uses.setdefault(block.seed, []).append(taken)
    drawn = [_seed(seeds[slug], taken, snapshot, said) for slug, taken in uses.items()]
    return draw("seeds", snapshot, seeds=drawn)


def _taken(block: Excerpt | Quotation, section: Section, seed: Seed, edition: Edition) -> Taken:
    credit = _credit(block.credit, edition.language)
    place = f"{section.file}:{block.line}"
    if isinstance(block, Excerpt):
        cut = words(edition.language)["cut"]
        paragraphs = tuple(
            {"style": p.style, "text": (f"{cut} " if p.gap else "") + _words(p.children)}
            for p in block.passages
        )
        numbers = tuple(passage.number for passage in block.passages)
        return Taken(
            "excerpt",
            section.title,
            place,
            block.title,
            paragraphs,
            "",
            credit,
            block.corrections,
            numbers,
            excerpt_spans(block, seed),
        )
    speaker = ", ".join(part for part in (block.speaker, block.role) if part)
    return Taken(
        "quotation",
        section.title,
        place,
        "",
        tuple(_typed(paragraph) for paragraph in block.paragraphs),
        speaker,
        credit,
        (),
        block.numbers,
        quotation_spans(block, seed),
    )


def _typed(paragraph: Paragraph) -> dict[str, str]:
    return {"style": "text", "text": _words(paragraph.children)}


def _words(children: tuple[Inline, ...]) -> str:
    """Give inline text with its line breaks, and a reader's field as it was typed."""
    written: list[str] = []
    for node in children:
        match node:
            case Text(text=text) | Code(text=text):
                written.append(text)
            case LineBreak():
                written.append("\n")
            case Field(name=name, default=default):
                written.append(f"{{{name}}}" if default is None else f"{{{name}|{default}}}")
            case _:
                written.append(_words(node.children))
    return "".join(written)


def _credit(credit: Credit | None, language: str) -> str:
    if credit is None:
        return ""
    date = f", {format_date(credit.published, language)}" if credit.published else ""
    return f"{words(language)['source']}: {credit.name}{date}"


def _seed(
    seed: Seed, uses: list[Taken], snapshot: Snapshot, said: dict[str, str]
) -> dict[str, object]:
    language = snapshot.config.messages_language
    published = format_date(seed.published, language) if seed.published else ""
    facts = [
        (said["publisher"], seed.publisher),
        (said["published"], published),
        (said["address"], seed.url),
        (said["label"], seed.label if seed.title else ""),
        (said["file"], f"seeds/{seed.file}"),
    ]
    return {
        "title": seed.title or seed.label or seed.slug,
        "facts": [(name, value) for name, value in facts if value],
        "credit": seed.credit,
        "bands": _bands(seed, uses),
    }


def _bands(seed: Seed, uses: list[Taken]) -> list[dict[str, object]]:
    """Divide the seed where a use begins, so that each stands beside the words it takes."""
    starting: dict[int, list[Taken]] = {}
    first = seed.paragraphs[0].number if seed.paragraphs else 0
    for taken in uses:
        starting.setdefault(min(taken.numbers, default=first), []).append(taken)
    marks: dict[int, list[tuple[int, int]]] = {}
    for number, start, end in (span for taken in uses for span in taken.spans):
        marks.setdefault(number, []).append((start, end))
    bands: list[dict[str, object]] = []
    open_band: list[dict[str, object]] = []
    for paragraph in seed.paragraphs:
        if paragraph.number in starting or not bands:
            open_band = []
            bands.append({"uses": starting.get(paragraph.number, []), "paragraphs": open_band})
        open_band.append(_paragraph(paragraph, marks.get(paragraph.number, [])))
    return bands


def _paragraph(paragraph: SeedParagraph, spans: list[tuple[int, int]]) -> dict[str, object]:
    return {
        "number": paragraph.number,
        "style": paragraph.style,
        "dropped": paragraph.dropped,
        "used": bool(spans),
        "pieces": marked(paragraph.text, spans),
    }
