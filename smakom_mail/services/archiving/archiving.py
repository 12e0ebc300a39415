"""The archive as one act: say what is public, make the site, put it in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from smakom_mail.model.person import Act
from smakom_mail.services.archiving.placing import place_site
from smakom_mail.services.archiving.publishing import published_now, require_known, say
from smakom_mail.services.archiving.site import Site, make_site
from smakom_mail.services.checking import CheckedEdition
from smakom_mail.services.workplace import Workplace, require_edition

FOLDER = "build/_archive"
"""Where it is written unless told otherwise; no edition can have that name."""


@dataclass(frozen=True, slots=True)
class Archived:
    """What became of it.

    `folder` is None where nothing was written, and then `refused` or the site says why. `changed`
    says whether other bytes lie there now than before.
    """

    site: Site
    folder: Path | None
    changed: bool = False
    refused: tuple[CheckedEdition, ...] = ()


def write_archive(
    workplace: Workplace,
    act: Act,
    *,
    out: Path | None = None,
    publish: Sequence[str] = (),
    unpublish: Sequence[str] = (),
) -> Archived:
    """Write the archive of everything that is public to `out`, all or nothing.

    `publish` makes editions public that have no errors, `unpublish` takes editions out until they
    are published by name. What is taken out stays out, also where the archive could not be
    written. Raises EditionNotFoundError, InvalidNameError, WriteRefusedError, StoreError.
    """
    before = published_now(workplace)
    coming = frozenset(require_edition(workplace, slug) for slug in publish)
    going = frozenset(require_known(workplace, slug, before) for slug in unpublish)
    if going:
        say(workplace, act, public=(), hidden=going)
    site = make_site(workplace, (before - going) | coming)
    refused = tuple(
        each for each in (*site.unmade, *site.faulty) if each.edition.slug in coming - before
    )
    if refused or not site.whole:
        return Archived(site, None, refused=refused)
    if coming:
        say(workplace, act, public=coming, hidden=())
    folder = out if out is not None else workplace.root / FOLDER
    return Archived(site, folder, changed=place_site(site, folder))
