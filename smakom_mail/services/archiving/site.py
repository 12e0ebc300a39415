"""The archive as files, made from the sources of the editions that are public."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from smakom_mail.content.project import edition_names
from smakom_mail.render.archive.entry import ArchivedEdition, Section
from smakom_mail.render.archive.files import archive_files, digest_of_files
from smakom_mail.render.view import section_titles
from smakom_mail.services.checking import CheckedEdition, check_edition
from smakom_mail.services.workplace import Workplace

Check = Callable[[Workplace, str], CheckedEdition]


@dataclass(frozen=True)
class Site:
    """The archive: its files by path, the editions in it from the oldest to the newest.

    `missing` are public but have no folder, `unmade` cannot be drawn as they are: both are left
    out. `faulty` are in it, though `check` finds errors in them.
    """

    files: Mapping[str, bytes]
    editions: tuple[str, ...]
    missing: tuple[str, ...] = ()
    unmade: tuple[CheckedEdition, ...] = ()
    faulty: tuple[CheckedEdition, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all paths and contents, as 64 hexadecimal digits."""
        return digest_of_files(self.files)

    @property
    def whole(self) -> bool:
        """Whether everything that is public is in it."""
        return not (self.missing or self.unmade)


def make_site(
    workplace: Workplace, published: Collection[str], check: Check = check_edition
) -> Site:
    """Make the archive of the `published` editions; the same sources give the same bytes."""
    there = set(edition_names(workplace.root))
    missing = tuple(sorted(set(published) - there))
    checked = [check(workplace, slug) for slug in sorted(set(published) & there)]
    entries = {each.edition.slug: archived(each) for each in checked}
    shown = [entry for entry in entries.values() if entry is not None]
    shown.sort(key=lambda each: (each.date, each.slug))
    return Site(
        files=archive_files(workplace.config, shown),
        editions=tuple(each.slug for each in shown),
        missing=missing,
        unmade=tuple(each for each in checked if entries[each.edition.slug] is None),
        faulty=tuple(
            each for each in checked if each.broken and entries[each.edition.slug] is not None
        ),
    )


def archived(checked: CheckedEdition) -> ArchivedEdition | None:
    """Give what the archive shows of an edition; None where it cannot be drawn."""
    edition, rendered, layout = checked.edition, checked.rendered, checked.layout
    if rendered is None or layout is None:
        return None
    used = {picture.name for picture in rendered.pictures}
    masthead = dict(layout.pictures).get("masthead")
    return ArchivedEdition(
        slug=edition.slug,
        title=edition.title,
        date=edition.date,
        language=edition.language,
        description=edition.preheader,
        web=rendered.web,
        sections=tuple(Section(*each) for each in section_titles(edition, layout.contents_skip)),
        pictures=rendered.pictures,
        calendars=rendered.calendars,
        masthead=masthead.data if masthead and masthead.name in used else None,
    )
