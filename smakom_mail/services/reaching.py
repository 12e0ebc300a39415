"""Whom an edition is for, and how many that would be now: what build says at its end."""

from dataclasses import dataclass

from smakom_mail.config import Config
from smakom_mail.config.selection import Selection, SelectionFault, Term, parse_selection
from smakom_mail.errors import SmakomMailError
from smakom_mail.model.edition import Edition
from smakom_mail.services.workplace import Workplace

QUICKLY = 200_000
"""So many people are counted in less than a second; a build does not wait for more."""

_PATIENCE = 0.5


@dataclass(frozen=True, slots=True)
class Reach:
    """How many would get an edition, of how many that have an address.

    `unknown` says in a sentence why that was not counted; empty where it was.
    """

    planned: int = 0
    candidates: int = 0
    unknown: str = ""


def audience_of(edition: Edition, config: Config) -> Selection:
    """Give the audience of an edition: its own, the newsletter's, or all on the default list."""
    text = edition.audience or config.people.audience
    found = parse_selection(text) if text else Term("list", config.people.default_list)
    if isinstance(found, SelectionFault):  # both are kept as they were printed
        raise TypeError(found.message("en"))
    return found


def count_reach(workplace: Workplace, edition: Edition) -> Reach | None:
    """Count whom an edition would reach; None where there is no database yet.

    Nothing is made and nothing is raised: this is said beside a build, which does not need it.
    """
    try:
        return _count(workplace, edition)
    except SmakomMailError as error:
        return Reach(unknown=error.message)
    except Exception as error:  # noqa: BLE001 - a build that is done does not fail for a count
        return Reach(unknown=f"{type(error).__name__}: {error}")


def _count(workplace: Workplace, edition: Edition) -> Reach | None:
    url, root = workplace.config.people.database_url, workplace.root
    # Before the store is loaded, which takes longer than to see that nothing is there.
    file = root / url.removeprefix("sqlite:///")
    if url.startswith("sqlite:///") and (not file.exists() or file.stat().st_size == 0):
        return None
    from smakom_mail.store.audience import count_people, count_verdicts
    from smakom_mail.store.opening import open_database

    database = open_database(url, root, create=False, patience=_PATIENCE)
    try:
        with database.snapshot():
            people = count_people(database)
            if people > QUICKLY:
                command = f"smakom-mail sendlist {edition.slug}"
                return Reach(unknown=f"{people} people take a while to count: {command}")
            verdicts = count_verdicts(database, audience_of(edition, workplace.config))
    finally:
        database.close()
    return Reach(verdicts[""], verdicts.total())
