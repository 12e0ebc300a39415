"""Whom an edition is for, and how many that would be now: what build says at its end."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smakom_mail.config import Config
from smakom_mail.config.selection import Selection, SelectionFault, Term, parse_selection
from smakom_mail.errors import SmakomMailError
from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import RenderedEdition
from smakom_mail.services.dry_run import bare_fields
from smakom_mail.services.workplace import Workplace

if TYPE_CHECKING:
    from smakom_mail.services.doubts import Doubt
    from smakom_mail.store import Database

QUICKLY = 200_000
"""So many people are counted in less than a second; a build does not wait for more."""

_PATIENCE = 0.5


@dataclass(frozen=True, slots=True)
class Reach:
    """How many would get an edition, of how many that have an address.

    `unknown` says in a sentence why that was not counted; empty where it was. `lacking` of the
    planned have no words for `fields`, which the text says of them: nothing is sent until they
    have. `copy` says why nothing may be sent from this database.
    """

    planned: int = 0
    candidates: int = 0
    unknown: str = ""
    lacking: int = 0
    fields: tuple[str, ...] = ()
    doubts: "tuple[Doubt, ...]" = ()
    copy: str = ""


def audience_of(edition: Edition, config: Config) -> Selection:
    """Give the audience of an edition: its own, the newsletter's, or all on the default list."""
    text = edition.audience or config.people.audience
    found = parse_selection(text) if text else Term("list", config.people.default_list)
    if isinstance(found, SelectionFault):  # both are kept as they were printed
        raise TypeError(found.message("en"))
    return found


def count_reach(
    workplace: Workplace, edition: Edition, rendered: RenderedEdition | None = None
) -> Reach | None:
    """Count whom an edition would reach; None where there is no database yet.

    With what was made of it also whom its text has no words for. Nothing is made and nothing is
    raised: this is said beside a build, which does not need it.
    """
    try:
        return _count(workplace, edition, rendered)
    except SmakomMailError as error:
        return Reach(unknown=error.message)
    except Exception as error:  # noqa: BLE001 - a build that is done does not fail for a count
        return Reach(unknown=f"{type(error).__name__}: {error}")


def _count(
    workplace: Workplace, edition: Edition, rendered: RenderedEdition | None
) -> Reach | None:
    url, root = workplace.config.people.database_url, workplace.root
    # Before the store is loaded, which takes longer than to see that nothing is there.
    file = root / url.removeprefix("sqlite:///")
    if url.startswith("sqlite:///") and (not file.exists() or file.stat().st_size == 0):
        return None
    from smakom_mail.store.opening import open_database

    database = open_database(url, root, create=False, patience=_PATIENCE)
    try:
        with database.snapshot():
            return _counted(database, workplace.config, edition, rendered)
    finally:
        database.close()


def _counted(
    database: "Database", config: Config, edition: Edition, rendered: RenderedEdition | None
) -> Reach:
    from smakom_mail.services.doubts import current_lists, doubts_of, why_copy, word_of
    from smakom_mail.store.audience import count_lacking, count_people, count_verdicts
    from smakom_mail.store.installation import Installation, this_machine

    people = count_people(database)
    if people > QUICKLY:
        command = f"smakom-mail sendlist {edition.slug}"
        return Reach(unknown=f"{people} people take a while to count: {command}")
    audience, current = audience_of(edition, config), current_lists(config.people)
    verdicts = count_verdicts(database, audience, current)
    bare = bare_fields(rendered) if rendered else ()
    copy, copied = why_copy(Installation(database, this_machine()))
    words = {word_of(verdict): number for verdict, number in verdicts.items()}
    return Reach(
        verdicts[""],
        verdicts.total(),
        lacking=count_lacking(database, audience, bare, current) if bare else 0,
        fields=bare,
        doubts=(*copied, *doubts_of(database, audience, config.people, words)),
        copy=copy,
    )
