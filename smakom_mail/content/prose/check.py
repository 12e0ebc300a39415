"""All rules on prose, over a whole edition."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from smakom_mail.content.prose import (
    dates,
    frame,
    links,
    ranges,
    readability,
    structure,
    typography,
    wording,
)
from smakom_mail.content.prose.context import ProseContext
from smakom_mail.content.prose.runs import Run, edition_runs
from smakom_mail.content.prose.slips import Slip
from smakom_mail.diagnostics import Diagnostic, Severity, finding
from smakom_mail.model.edition import Edition

MOST = 50
"""Slips of one kind in one paragraph: more of them help nobody."""
UNKNOWN = dt.date(1970, 1, 1)
"""The date of an edition whose own cannot be read: nothing is compared with it."""
_Read = Callable[[Run], Iterator[Slip]]


class _Rule(NamedTuple):
    """A rule on one run: in which language it holds, and whether quoted words are read too."""

    read: _Read
    language: str = ""
    quoted: bool = False


_RULES = (
    _Rule(ranges.range_hyphen, "sv", quoted=True),
    _Rule(typography.sign_space, "sv", quoted=True),
    _Rule(typography.missing_space, quoted=True),
    _Rule(typography.label_semicolon, "sv", quoted=True),
    _Rule(typography.double_space),
    _Rule(typography.stray_space),
    _Rule(typography.invisible),
    _Rule(wording.doubled_word),
    _Rule(wording.glued_word, "sv", quoted=True),
    _Rule(wording.leftover),
    _Rule(wording.ordinal_date, "sv"),
    _Rule(wording.capital_date, "sv"),
    _Rule(links.generic_link),
    _Rule(links.bare_address),
    _Rule(links.glued_link),
    _Rule(dates.impossible_date),
)


def check_prose(edition: Edition, context: ProseContext) -> Iterator[Diagnostic]:
    """Check the editor's own words; on quoted words only how they are set, as notes."""
    runs = edition_runs(edition, context.config_file, dict(context.lines))
    for run in runs:
        for slip in _slips(run, edition.date, edition.language):
            yield _placed(slip, run)
    yield from _mixed_marks(runs)
    for section in edition.sections:
        yield from structure.empty_heading(section)
        if edition.language == "sv":
            yield from readability.section_lix(section)
    if edition.date != UNKNOWN:
        yield from structure.past_day(edition)
        yield from structure.missing_sections(edition, context)
    yield from structure.lost_pointers(edition, context)
    yield from frame.no_reply(context)
    yield from frame.repeated_keys(edition, context)
    yield from frame.two_reasons(runs, context)


def _slips(run: Run, date: dt.date, language: str) -> Iterator[Slip]:
    for rule in _RULES:
        if rule.language in ("", language) and (rule.quoted or not run.quoted):
            yield from islice(rule.read(run), MOST)
    if not run.quoted and date != UNKNOWN:
        yield from dates.stale_label(run, date)
        yield from islice(dates.wrong_weekday(run, date, language), MOST)


def _placed(slip: Slip, run: Run) -> Diagnostic:
    """Make the finding; a slip in somebody else's words is a note."""
    kind = f"{slip.kind}-quoted" if run.quoted == "excerpt" else slip.kind
    found = finding(
        kind,
        run.file,
        run.line_at(slip.start),
        key=run.kind,
        words=slip.wrong.replace("\u00a0", " "),
        right=slip.right.replace("\u00a0", " "),
        other=slip.other,
    )
    if run.quoted or run.in_quotation_marks(slip.start, slip.end):
        return replace(found, severity=Severity.NOTE)
    return found


def _mixed_marks(runs: list[Run]) -> Iterator[Diagnostic]:
    """Straight and typographic quotation marks in one file, at the first straight one.

    Each excerpt and quotation is a text of its own.
    """
    texts: dict[tuple[str, object], list[Run]] = {}
    for run in runs:
        own = (run.quoted, run.places[0][1]) if run.quoted else ""
        texts.setdefault((run.file, own), []).append(run)
    for (file, _), same in texts.items():
        straight = [(run, at) for run in same if (at := typography.straight_mark(run)) is not None]
        if straight and any(typography.curly_mark(run) for run in same):
            run, at = straight[0]
            kind = "marks-mixed-quoted" if run.quoted == "excerpt" else "marks-mixed"
            found = finding(kind, file, run.line_at(at), words=run.around(at, at + 1))
            yield replace(found, severity=Severity.NOTE) if run.quoted else found
