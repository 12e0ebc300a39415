"""Whom an edition is for, and how many that would be now: what build says at its end."""

from dataclasses import dataclass

from smakom_mail.config import Config
from smakom_mail.config.selection import Selection, SelectionFault, Term, parse_selection
from smakom_mail.errors import SmakomMailError, StoreError
from smakom_mail.model.edition import Edition
from smakom_mail.services.workplace import Workplace

QUICKLY = 200_000
"""So many people are counted in less than a second; a build does not wait for more."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How many would get an edition, of how many that have an address."""

    planned: int
    candidates: int


@dataclass(frozen=True, slots=True)
class UnknownReach:
    """Why nobody can say: a sentence for the operator."""

    reason: str


def audience_of(edition: Edition, config: Config) -> Selection:
    """Give the audience of an edition: its own, the newsletter's, or all on the default list."""
    text = edition.audience or config.people.audience
    found = parse_selection(text) if text else Term("list", config.people.default_list)
    if isinstance(found, SelectionFault):  # both are kept as they were printed
        raise TypeError(found.message("en"))
    return found


def count_reach(workplace: Workplace, edition: Edition) -> Reach | UnknownReach | None:
    """Count whom an edition would reach; None where there is no database yet.

    Nothing is made and nothing is raised: this is said beside a build, which does not need it.
    """
    try:
        return _count(workplace, edition)
    except SmakomMailError as error:
        return UnknownReach(error.message)
    except Exception as error:  # noqa: BLE001 - a build that is done does not fail for a count
        return UnknownReach(f"{type(error).__name__}: {error}")


def _count(workplace: Workplace, edition: Edition) -> Reach | UnknownReach | None:
    from smakom_mail.store.audience import count_people, count_verdicts
    from smakom_mail.store.opening import database_path, open_database

    url, root = workplace.config.people.database_url, workplace.root
    try:
        there = database_path(url, root).stat().st_size > 0
    except FileNotFoundError:
        there = False
    except OSError as error:
        raise StoreError(f"the database cannot be read: {error.strerror}") from error
    if not there:
        return None
    database = open_database(url, root, create=False)
    try:
        with database.snapshot():
            people = count_people(database)
            if people > QUICKLY:
                return UnknownReach(
                    f"{people} people take a while to count: smakom-mail sendlist {edition.slug}"
                )
            verdicts = count_verdicts(database, audience_of(edition, workplace.config))
    finally:
        database.close()
    return Reach(verdicts[""], verdicts.total())
