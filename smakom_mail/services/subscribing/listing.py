"""Who there is: a stream of people with their standing, by selection, state and words."""

import unicodedata
from collections.abc import Generator
from dataclasses import dataclass

from smakom_mail.config.people import PeopleSettings
from smakom_mail.config.selection import Selection, SelectionFault, Term, parse_selection
from smakom_mail.model.person import Candidate
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.typed import SubscriberError
from smakom_mail.store.audience import candidates
from smakom_mail.store.people import Filter, each_person

STATES = ("subscribed", "unsubscribed", "suppressed", "unconfirmed", "no-consent", "forgotten")
EVERYONE = Term("everyone")
_FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody as a list shows them; `state` is one of STATES, with its reason in `why`.

    `lists` are those by which a subscribed person is reached. Of a forgotten person there is only
    the day, in `since`.
    """

    email: str
    name: str
    organisation: str
    language: str
    flags: tuple[str, ...]
    state: str
    why: str
    lists: tuple[str, ...]
    since: str = ""


def read_selection(text: str, people: PeopleSettings) -> Selection:
    """Read a selection that was typed; an empty one is everyone.

    Raises SubscriberError.
    """
    if not text.strip():
        return EVERYONE
    found = parse_selection(text, {"list": [each.slug for each in people.lists]})
    if isinstance(found, SelectionFault):
        raise SubscriberError(
            f"the selection is not understood: {found.message('en')}",
            "write it as in: list:medlemmar and not tag:styrelse",
        )
    return found


def list_people(
    store: Store, selection: str = "", state: str = "", search: str = ""
) -> Generator[Listed]:
    """Stream the people of a selection as Swedes sort them, in flat memory.

    `search` is a part of an address, a name or an organisation. Forgotten people have none of
    these, and are listed only where their state is asked for. Close it before the store where it
    is not read to its end. Raises SubscriberError.
    """
    chosen = read_selection(selection, store.workplace.config.people)
    if state == _FORGOTTEN:
        return _forgotten(store)
    return _listed(store, chosen, state, _fold(search))


def _listed(store: Store, selection: Selection, state: str, search: str) -> Generator[Listed]:
    for candidate in candidates(store.database, selection):
        verdict = candidate.excluded
        if verdict == "not in selection":
            continue
        found, why = _state(verdict)
        if state in ("", found) and _holds(candidate, search):
            yield Listed(
                candidate.email,
                candidate.name,
                candidate.organisation,
                candidate.language,
                candidate.flags,
                found,
                why,
                candidate.lists,
            )


def _forgotten(store: Store) -> Generator[Listed]:
    for person in each_person(store.database, Filter(state=_FORGOTTEN)):
        yield Listed("", "", "", "", (), _FORGOTTEN, "", (), person.changed_at)


def _state(verdict: str) -> tuple[str, str]:
    if not verdict:
        return "subscribed", ""
    if verdict.startswith("suppressed"):
        return "suppressed", verdict.partition("(")[2].rstrip(")")
    return verdict.replace(" ", "-"), ""


def _holds(candidate: Candidate, search: str) -> bool:
    if not search:
        return True
    texts = (candidate.email, candidate.name, candidate.organisation)
    return any(search in _fold(text) for text in texts)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()
