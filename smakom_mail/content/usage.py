"""Which parts of which seeds an edition uses."""

from dataclasses import dataclass

from smakom_mail.model.document import Correction, Excerpt, Paragraph, Quotation, plain, walk
from smakom_mail.model.edition import Edition, Seed


@dataclass(frozen=True, slots=True)
class SeedUse:
    """One excerpt or quotation: from which seed, which paragraphs, and where it stands."""

    edition: str
    kind: str
    seed: str
    numbers: tuple[int, ...]
    section: str
    file: str
    line: int
    corrections: tuple[Correction, ...] = ()


def seed_uses(edition: Edition) -> tuple[SeedUse, ...]:
    """Give every excerpt and quotation of `edition` in reading order."""
    uses = []
    for section in edition.sections:
        for block in walk(section.blocks):
            if isinstance(block, Excerpt):
                numbers = tuple(passage.number for passage in block.passages)
                uses.append(
                    SeedUse(
                        edition.slug,
                        "excerpt",
                        block.seed,
                        numbers,
                        section.slug,
                        section.file,
                        block.line,
                        block.corrections,
                    )
                )
            elif isinstance(block, Quotation):
                uses.append(
                    SeedUse(
                        edition.slug,
                        "quotation",
                        block.seed,
                        block.numbers,
                        section.slug,
                        section.file,
                        block.line,
                    )
                )
    return tuple(uses)


def share_quoted(edition: Edition, seed: Seed) -> float:
    """Give the part of `seed`, by letters, that the edition takes as excerpts or quotes.

    A paragraph counts with the letters taken from it, and only once however often it is used.
    """
    lengths = {p.number: len(p.text) for p in seed.paragraphs if not p.dropped}
    total = sum(lengths.values())
    taken = dict.fromkeys(lengths, 0)
    for section in edition.sections:
        for block in walk(section.blocks):
            if isinstance(block, Excerpt) and block.seed == seed.slug:
                for passage in block.passages:
                    taken[passage.number] += len(plain(passage.children))
            elif isinstance(block, Quotation) and block.seed == seed.slug and block.numbers:
                quoted = sum(_letters(paragraph) for paragraph in block.paragraphs)
                for number in block.numbers:
                    part = min(quoted, lengths[number])
                    taken[number] += part
                    quoted -= part
    used = sum(min(letters, lengths[number]) for number, letters in taken.items())
    return used / total if total else 0.0


def _letters(paragraph: Paragraph) -> int:
    return len(plain(paragraph.children))
