"""The edition as a whole: empty parts, parts that are gone, words that point at nothing."""

import re
from collections.abc import Iterator

from smakom_mail.content.prose.context import ProseContext
from smakom_mail.content.prose.runs import NEAR, Run, block_runs
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.document import (
    Block,
    Deadline,
    Divider,
    Event,
    Excerpt,
    Heading,
    Quotation,
    plain,
    walk,
)
from smakom_mail.model.edition import Edition, Section

_DOWN = re.compile(
    r"\b(?:längre (?:ner|ned)"
    r"(?= i (?:nyhets)?brevet| i (?:det här |detta )?(?:numret|nummer|brev)|[.,;:!?)]|$)"
    r"|(?:här )?(?<!ny och )nedan(?! tänd)\b|nedanstående\b|further (?:down|below)\b"
    r"|(?:see|listed|described|shown|link|links) below|below(?=[.:]))",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\b(?:längre upp|(?:här )?ovan(?! (?:vid|att|mark|trä|jord|vatten)\b)(?=[ .,;:!?)]|$)"
    r"|ovanstående|(?:see|listed|described|shown|mentioned) above)\b",
    re.IGNORECASE,
)
_NOT_UP = re.compile(r"(?:är|så|inte|mycket|helt|lite)\s$", re.IGNORECASE)
_TARGETS = re.compile(
    r"\b(?:kontakt\w*|adress\w*|uppgift\w*|följ\w*|medier|sociala)\b", re.IGNORECASE
)


def empty_heading(section: Section) -> Iterator[Diagnostic]:
    """A heading with nothing below it before the next one of its level, or the end."""
    blocks = [block for block in section.blocks if not isinstance(block, Divider)]
    for index, block in enumerate(blocks):
        if not isinstance(block, Heading):
            continue
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        if after is None or (isinstance(after, Heading) and after.level <= block.level):
            yield finding(
                "part-empty", section.file, block.line, title=plain(block.children).strip()
            )


def past_day(edition: Edition) -> Iterator[Diagnostic]:
    """An event or a deadline that is over on the day of the edition."""
    for section in edition.sections:
        for block in walk(section.blocks):
            if isinstance(block, Event | Deadline):
                last = block.end if isinstance(block, Event) else block.date
                if last < edition.date:
                    yield finding(
                        "day-past",
                        section.file,
                        block.line,
                        title=block.title,
                        day=last.isoformat(),
                        date=edition.date.isoformat(),
                    )


def missing_sections(edition: Edition, context: ProseContext) -> Iterator[Diagnostic]:
    """Recurring sections that the last edition had and this one lacks.

    An edition that has none of the last one's own recurring sections is of another kind.
    """
    earlier = [o for o in context.others if o.date and o.date < edition.date]
    if not earlier:
        return
    last = max(earlier, key=lambda other: (other.date, other.slug))
    usual = [slug for slug in context.recurring if slug in last.sections - context.standing]
    here = {section.slug for section in edition.sections}
    if any(slug in here for slug in usual):
        for slug in usual:
            if slug not in here:
                yield finding("section-missing", edition.file, 1, slug=slug, other=last.slug)


def lost_pointers(edition: Edition, context: ProseContext) -> Iterator[Diagnostic]:
    """Words such as "längre ner" with nothing further down, "ovan" with nothing above."""
    own = [section for section in edition.sections if section.slug not in context.standing]
    for number, section in enumerate(own):
        for index, block in enumerate(section.blocks):
            if isinstance(block, Excerpt | Quotation):
                continue
            last = number + 1 == len(own) and not _content(section.blocks[index + 1 :])
            first = number == 0 and not _content(section.blocks[:index])
            for run in _all_runs(block, section.file):
                if last:
                    yield from _down(run)
                if first:
                    yield from _up(run)


def _content(blocks: tuple[Block, ...]) -> bool:
    return any(not isinstance(block, Divider) for block in blocks)


def _all_runs(block: Block, file: str) -> Iterator[Run]:
    for inner in walk((block,)):
        if not isinstance(inner, Excerpt | Quotation):
            yield from block_runs(inner, file)


def _down(run: Run) -> Iterator[Diagnostic]:
    for match in _DOWN.finditer(run.text):
        after = run.text[match.end() : match.end() + NEAR]
        rest = re.split(r"[.!?]\s|\n|:", after, maxsplit=1)
        near = match[0].casefold().startswith("längre")
        goes_on = not near and len(rest) > 1 and rest[1].strip()
        if not goes_on and not _TARGETS.search(run.text):
            yield finding("pointer-lost", run.file, run.line_at(match.start()), words=match[0])


def _up(run: Run) -> Iterator[Diagnostic]:
    for match in _UP.finditer(run.text):
        before = run.text[max(0, match.start() - NEAR) : match.start()]
        goes_before = re.search(r"[.!?:]\s", before)
        title = re.search(r"\b(?:rubrik\w*|title|heading)\b", run.text, re.IGNORECASE)
        if not goes_before and not title and not _NOT_UP.search(before):
            yield finding("pointer-lost", run.file, run.line_at(match.start()), words=match[0])
