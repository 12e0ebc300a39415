"""The send list of an edition and its files: a view of now; nothing is sent."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from smakom_mail.config import Config
from smakom_mail.content.people.formulas import disarmed
from smakom_mail.model.person import Candidate
from smakom_mail.services.building import way_out
from smakom_mail.services.checking import CheckedEdition, check_edition
from smakom_mail.services.dry_run import DryRun
from smakom_mail.services.reaching import audience_of
from smakom_mail.services.sendfiles import Table, private_tables, would_reach_git
from smakom_mail.services.storing import open_store
from smakom_mail.services.surveying import Links, Progress, SendList, Sink, survey
from smakom_mail.services.workplace import Workplace

PLANNED_HEADER = ("email", "name", "message_id", "unsubscribe_url")
EXCLUDED_HEADER = ("email", "reason")


@dataclass(frozen=True, slots=True)
class ListedEdition:
    """An edition and its send list; None where errors stand in the way.

    `exposed` are those of the files that git keeps, or would keep.
    """

    checked: CheckedEdition
    list: SendList | None
    exposed: tuple[Path, ...] = ()


def list_recipients(  # noqa: PLR0913 - what the command's options say
    workplace: Workplace,
    environment: Mapping[str, str],
    slug: str,
    *,
    out: Path | None = None,
    excluded: Path | None = None,
    progress: Progress = lambda _what, _done, _all: None,
) -> ListedEdition:
    """Check the edition `slug` and say who would get it; write the files that are asked for.

    Raises EditionNotFoundError, StoreError, SecretRefusedError, WriteRefusedError, and
    SmakomMailError where somebody lacks what the text says of her.
    """
    checked = check_edition(workplace, slug)
    if checked.rendered is None or checked.broken:
        return ListedEdition(checked, None)
    with (
        open_store(workplace, environment, create=False) as store,
        private_tables((out, PLANNED_HEADER), (excluded, EXCLUDED_HEADER)) as (planned, others),
        closing(Links(store, checked.edition.slug)) as links,
    ):
        dry_run = DryRun(checked.rendered)
        sink = _files(planned if out else None, others, links, workplace.config)
        selection = audience_of(checked.edition, workplace.config)
        total = survey(store, selection, dry_run, sink, progress)
        dry_run.require_complete()
    exposed = tuple(path for path in (out, excluded) if path and would_reach_git(path))
    return ListedEdition(checked, total, exposed)


def _files(planned: Table | None, excluded: Table, links: Links, config: Config) -> Sink:
    """Write each person to one of the files."""

    def plan(person: Candidate) -> None:
        if planned is not None:
            address = way_out(config, links.token(person))
            row = (person.email, disarmed(person.name), links.message_id(person), address)
            planned.writerow(row)

    def exclude(person: Candidate, reason: str) -> None:
        excluded.writerow((person.email, reason))

    return Sink(plan, exclude)
