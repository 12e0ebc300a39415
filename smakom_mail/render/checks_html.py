"""Rules over the markup of the finished mail and the web version (H02, H03, H05, H07)."""

from collections import Counter
from collections.abc import Iterator

from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.render.inspection import Inspection
from smakom_mail.render.markup import MarkupFault, balance_faults, markup_faults

TABLES_DEEP = 12
"""How deep tables may nest; older Outlook gives up somewhere beyond 20."""
_MOST = 5


def check_html(seen: Inspection) -> Iterator[Diagnostic]:
    """Check the markup of both pages, and the mail as Outlook reads it."""
    broken = [markup_faults(page.html) for page, _ in seen.pages()]
    for faults, web in zip(broken, (False, True), strict=True):
        yield from _broken(seen, faults, web=web)
    yield from _outlook(seen, whole=not broken[0])
    yield from _ids(seen)


def _broken(seen: Inspection, faults: list[MarkupFault], *, web: bool) -> Iterator[Diagnostic]:
    said = dict.fromkeys((fault.words, fault.reason) for fault in faults)
    for words, reason in list(said)[:_MOST]:
        place = seen.origins.in_template(words, words.split()[0].rstrip(">"), web=web)
        yield finding("html-broken", *place, text=words, reason=reason)


def _outlook(seen: Inspection, *, whole: bool) -> Iterator[Diagnostic]:
    """Check the conditions for Outlook and, where the mail is `whole`, what Outlook makes of it."""
    view, unpaired = seen.outlook
    for fault in unpaired[:_MOST]:
        place = seen.origins.in_template(fault.words)
        yield finding("html-conditional", *place, text=fault.words, reason=fault.reason)
    faults, depth = balance_faults(view)
    if whole and not unpaired:
        for fault in faults[:_MOST]:
            place = seen.origins.in_template("<!--[if")
            yield finding("outlook-unbalanced", *place, text=fault.words, reason=fault.reason)
    if depth > TABLES_DEEP:
        place = seen.origins.in_template("<table")
        yield finding("tables-deep", *place, depth=depth, limit=TABLES_DEEP)


def _ids(seen: Inspection) -> Iterator[Diagnostic]:
    for page, web in seen.pages():
        names = Counter(each.get("id", "") for each in page.elements() if each.get("id"))
        for name, count in names.items():
            if count > 1:
                place = seen.origins.anchor(name) or seen.origins.in_template(
                    f'id="{name}"', web=web
                )
                yield finding("id-twice", *place, id=name)
