"""A reader's own page: lists, language, name, address and ground; reached by a letter only."""

from dataclasses import dataclass

from smakom_mail.model.person import Act, Basis, Consent, Subscriber
from smakom_mail.services.public.asking import open_lists
from smakom_mail.services.public.leaving import leave_by_link
from smakom_mail.services.public.masking import address_of, masked
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.finding import look_up
from smakom_mail.services.subscribing.inviting import Yes, may_say_yes, take_yes
from smakom_mail.services.subscribing.moving import is_for_present_address
from smakom_mail.services.subscribing.typed import person_sort_key
from smakom_mail.store.changing import change_person
from smakom_mail.store.lists import known_lists
from smakom_mail.store.people import find_by_ref
from smakom_mail.tokens import read_token

_BY = "chosen on the reader's own page, by the link that was sent to the address"


@dataclass(frozen=True, slots=True)
class Choice:
    """A list to choose: its slug and name, and whether she gets it now."""

    slug: str
    name: str
    on: bool


@dataclass(frozen=True, slots=True)
class ListGround:
    """By which legal ground a list is sent to her, and since when; `basis` is None without one."""

    list_name: str
    basis: Basis | None
    at: str


@dataclass(frozen=True, slots=True)
class PreferencesPage:
    """What a reader's own page shows; the address is masked. `grounds` are of what she gets."""

    address: str
    name: str
    language: str
    choices: tuple[Choice, ...]
    grounds: tuple[ListGround, ...]

    @property
    def gets_nothing(self) -> bool:
        """Whether no list reaches her."""
        return not any(choice.on for choice in self.choices)


def find_reader(store: Store, token: str) -> Subscriber | None:
    """Give whose page a token opens; None for one of somebody else's making, or of nobody.

    One that was mailed to an address of before opens nothing: others may read that mailbox now.
    """
    read = read_token(store.keyring, "preferences", token)
    person = find_by_ref(store.database, read[0].hex()) if read else None
    if read is None or person is None or person.state != "active":
        return None
    return person if is_for_present_address(store, person, read[1]) else None


def see_preferences(store: Store, token: str) -> PreferencesPage | None:
    """Give a reader's own page. Changes nothing."""
    person = find_reader(store, token)
    if person is None:
        return None
    language = person.language or store.workplace.config.newsletter.language
    choices = _choices(store, person)
    grounds = tuple(_ground(person, choice) for choice in choices if choice.on)
    return PreferencesPage(masked(person.email), person.name, language, choices, grounds)


def _ground(person: Subscriber, choice: Choice) -> ListGround:
    """Give the newest ground of a list; one that was recorded for every list counts too."""
    about = [each for each in person.consents if each.list_slug in ("", choice.slug)]
    if not about:
        return ListGround(choice.name, None, "")
    newest = max(about, key=_when)
    return ListGround(choice.name, newest.basis, newest.at)


def _when(consent: Consent) -> tuple[str, str]:
    return consent.at, consent.recorded_at


def _choices(store: Store, person: Subscriber) -> tuple[Choice, ...]:
    """Give the lists that she gets, and those that everybody may join."""
    found = look_up(store, address_of(person))
    gets = {slug for slug in found.confirmed if not found.no_to(slug)}
    shown = gets | {slug for slug in open_lists(store) if may_say_yes(found, (slug,))}
    configured = {each.slug for each in store.workplace.config.people.lists}
    return tuple(
        Choice(each.slug, each.name, each.slug in gets)
        for each in known_lists(store.database)
        if each.slug in shown & configured
    )


def choose_lists(
    store: Store, person: Subscriber, chosen: frozenset[str], wording: str, act: Act
) -> None:
    """Let a reader get the lists that she has chosen and no other; in a transaction.

    Only of those that her page shows. `wording` is what the page showed beside them.
    """
    choices = _choices(store, person)
    left = tuple(each.slug for each in choices if each.on and each.slug not in chosen)
    joined = tuple(each.slug for each in choices if not each.on and each.slug in chosen)
    if left:
        leave_by_link(store, person, left, "page", act)
    if joined:
        found = look_up(store, address_of(person))
        take_yes(store, found, person.id, joined, yes=Yes(_BY, wording), act=act)


def change_name(store: Store, person: Subscriber, name: str, act: Act) -> None:
    """Let a reader be called by another name, or by none; in a transaction."""
    key = person_sort_key(name, person.organisation, person.email)
    change_person(store.database, person.id, {"name": name, "sort_key": key}, act)


def choose_language(store: Store, person: Subscriber, language: str, act: Act) -> None:
    """Let a reader be written to in a language; in a transaction."""
    change_person(store.database, person.id, {"language": language}, act)
