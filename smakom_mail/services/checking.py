"""Check an edition: everything that is wrong with it, in one run."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smakom_mail.config import Config
from smakom_mail.content.project import CONFIG_FILE, load_edition
from smakom_mail.content.prose import (
    ProseContext,
    check_prose,
    other_editions,
    standing_slugs,
)
from smakom_mail.content.speller import (
    check_spelling,
    find_dictionary,
    house_words,
    open_dictionary,
)
from smakom_mail.diagnostics import Diagnostic, Severity, finding, in_order, nearest
from smakom_mail.diagnostics.messages import MESSAGES
from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import RenderedEdition
from smakom_mail.render.edition import render_edition
from smakom_mail.render.layout import Layout, load_layout
from smakom_mail.render.template_check import check_templates
from smakom_mail.services.tracked import tracked_data
from smakom_mail.services.workplace import Workplace, require_edition

UNWAIVABLE = ("P", "Q", "M")
"""Families whose errors mean a broken or misquoted mail; L03 and H04 are of that kind too."""
_UNWAIVABLE_CODES = ("L03", "H04")
_UNWAIVABLE_KINDS = ("subject-missing", "subject-control")
"""What a waiver of S01 does not reach: no message can be made of it."""


@dataclass(frozen=True, slots=True)
class CheckedEdition:
    """An edition, what was found in it, and its rendered form where that could be made."""

    edition: Edition
    layout: Layout | None
    rendered: RenderedEdition | None
    findings: tuple[Diagnostic, ...]

    def count(self, severity: Severity) -> int:
        """Give how many findings are of `severity`."""
        return sum(1 for found in self.findings if found.severity is severity)

    @property
    def broken(self) -> bool:
        """Whether an error keeps the edition from leaving."""
        return self.count(Severity.ERROR) > 0


def check_edition(workplace: Workplace, slug: str, *, spelling: bool = False) -> CheckedEdition:
    """Read, render and check the edition `slug`; raise EditionNotFoundError if there is none.

    `spelling` looks outside the project, which a build never does: for a dictionary, and for a
    repository around it.
    """
    slug = require_edition(workplace, slug)
    loaded = load_edition(workplace.root, slug, workplace.config)
    edition = loaded.edition
    findings: list[Diagnostic] = [*workplace.findings, *loaded.findings]
    layout, rendered = None, None
    if edition.layout:
        layout = load_layout(workplace.root, edition.layout)
        faulty = [*layout.findings, *check_templates(layout)]
        findings += faulty
        unknown = list(_unknown_kinds(edition, layout, workplace.config))
        findings += unknown
        if edition.sections and not unknown and not _unusable(faulty):
            rendered, faults = render_edition(edition, layout, workplace.config)
            findings += _own_faults(faults, findings)
    findings += _sender_notes(workplace)
    findings += tracked_data(workplace.root, around=spelling)
    findings += _own_words(workplace, edition)
    if spelling:
        findings += _spelling(workplace, edition)
    return CheckedEdition(edition, layout, rendered, in_order(_waived(edition, findings)))


def _own_faults(faults: Iterable[Diagnostic], before: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Leave out what the finished page blames on the layout while the author's files are wrong.

    A missing picture or title leaves a hole in the page, and the layout is not to be mended
    for it. Once they are right, what is the layout's own fault is still there.
    """
    broken = any(found.severity is Severity.ERROR for found in before)
    for fault in faults:
        consequence = fault.location.file.startswith("layouts/") and fault.code[0] in "AHILT"
        if not (broken and consequence):
            yield fault


def _unusable(faulty: Iterable[Diagnostic]) -> bool:
    return any(found.severity is Severity.ERROR for found in faulty)


def _unknown_kinds(edition: Edition, layout: Layout, config: Config) -> Iterator[Diagnostic]:
    own, usual = dict(edition.lines), dict(config.lines)
    for section in edition.sections:
        if section.kind not in layout.kinds:
            key = f"sections.{section.slug}"
            where, line = (
                (edition.file, own[key]) if key in own else (CONFIG_FILE, usual.get(key, 1))
            )
            yield finding(
                "unknown-kind",
                where,
                line,
                layout=layout.name,
                kind=section.kind,
                nearest=nearest(section.kind, layout.kinds),
                known=", ".join(layout.kinds),
            )


def _sender_notes(workplace: Workplace) -> Iterator[Diagnostic]:
    config = workplace.config
    lines = dict(config.lines)
    if not config.sender.postal_address:
        yield finding("no-postal-address", CONFIG_FILE, lines.get("sender", 1))
    if not config.sender.organisation_number:
        yield finding("no-organisation-number", CONFIG_FILE, lines.get("sender", 1))
    for index, place in enumerate(config.social):
        if not place.url:
            line = lines.get(f"social.{index}", 1)
            yield finding("social-without-address", CONFIG_FILE, line, name=place.name)


def _own_words(workplace: Workplace, edition: Edition) -> Iterator[Diagnostic]:
    config = workplace.config
    context = ProseContext(
        others=other_editions(workplace.root, edition.slug),
        sender=config.sender.email,
        reply_to=config.sender.reply_to,
        reason=config.newsletter.reason,
        recurring=tuple(slug for slug, _ in config.sections),
        standing=standing_slugs(workplace.root),
        lines=config.lines,
    )
    return check_prose(edition, context)


def _spelling(workplace: Workplace, edition: Edition) -> Iterator[Diagnostic]:
    chosen = workplace.config.dictionary
    aff = find_dictionary(workplace.root / chosen if chosen else None)
    dictionary = open_dictionary(aff) if aff else None
    if dictionary:
        house, faults = house_words(workplace.root)
        yield from faults
        yield from check_spelling(edition, dictionary, house)
    elif chosen:
        line = dict(workplace.config.lines).get("checks.dictionary", 1)
        yield finding("dictionary-missing", CONFIG_FILE, line, folder=chosen)


def _waived(edition: Edition, findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Turn findings that the editor accepts into notes; say which waivers are wrong or idle."""
    codes = sorted({row.code for row in MESSAGES.values()})
    reasons = {}
    for waiver in edition.waivers:
        if waiver.code not in codes:
            close = nearest(waiver.code, codes)
            yield finding("waiver-code", edition.file, waiver.line, code=waiver.code, nearest=close)
        elif waiver.code.startswith(UNWAIVABLE) or waiver.code in _UNWAIVABLE_CODES:
            yield finding("waiver-forbidden", edition.file, waiver.line, code=waiver.code)
        else:
            reasons[waiver.code] = waiver
    used = set()
    for found in findings:
        accepted = None if found.kind in _UNWAIVABLE_KINDS else reasons.get(found.code)
        if accepted is not None and found.severity is not Severity.NOTE:
            used.add(found.code)
            yield found.waive(accepted.reason)
        else:
            yield found
    for code, waiver in reasons.items():
        if code not in used:
            yield finding("waiver-unused", edition.file, waiver.line, code=code)
