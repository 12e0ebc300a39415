"""Everybody who is a candidate for an edition, each planned or excluded for one reason.

One pass over one state of the database, in flat memory. The send list writes files of it, and a
campaign freezes it; both count the same.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from smakom_mail.config import Config
from smakom_mail.config.addresses import ascii_address
from smakom_mail.config.selection import Selection, print_selection
from smakom_mail.content.people.address import Address, canonical
from smakom_mail.content.people.sorting import sort_key
from smakom_mail.model.person import Candidate
from smakom_mail.services.doubts import Doubt, current_lists, doubts_of, why_copy, word_of
from smakom_mail.services.dry_run import NAMED, DryRun
from smakom_mail.services.storing import Store
from smakom_mail.store import Database
from smakom_mail.store.audience import candidates, count_people
from smakom_mail.store.lists import scope_code
from smakom_mail.store.people import find_by_key
from smakom_mail.tokens import fits_message_id, make_token, message_id
from smakom_mail.tokens.message_id import Kind

_STEP = 1000
# Addresses that canonical() says yes to, as it takes ten times longer to do.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9]{1,20}(?:-[a-z0-9]{1,20}){0,2}"
_USUAL = re.compile(
    rf"(?=.{{1,254}}\Z)(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[a-z]{{2,20}}\Z"
)
_RESERVED = (".arpa", ".invalid", ".local", ".localhost", ".onion")

Progress = Callable[[str, int, int], None]
"""Told now and then what is being done, and how many of how many are done."""


@dataclass(frozen=True, slots=True)
class OrganisationTotals:
    """How many of an organisation's people would get an edition, and how many would not."""

    organisation: str
    planned: int
    excluded: int


@dataclass(frozen=True, slots=True)
class SendList:
    """Who would get an edition.

    `excluded` counts by reason, and `named` has the first of each with the whole reason. `by_list`
    counts whom each list reaches: a person on two of them gets one copy, and counts in both.
    `copy` says why nothing may be sent from this database; empty where it may.
    """

    audience: str
    planned: int
    candidates: int
    excluded: tuple[tuple[str, int], ...]
    named: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    by_list: tuple[tuple[str, int], ...]
    by_organisation: tuple[OrganisationTotals, ...]
    doubts: tuple[Doubt, ...] = ()
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Sink:
    """What is done with each person; `bar` gives a reason of the caller's own to leave one out."""

    plan: Callable[[Candidate], None] = lambda _person: None
    exclude: Callable[[Candidate, str], None] = lambda _person, _reason: None
    bar: Callable[[Candidate], str] = lambda _person: ""


def survey(
    store: Store, selection: Selection, dry_run: DryRun, sink: Sink, progress: Progress
) -> SendList:
    """Take in everybody as they stand at one moment, as Swedes sort them.

    `dry_run` fills the edition in for each who is planned: ask it whether that went well.
    """
    database, people = store.database, store.workplace.config.people
    tally = _Tally()
    with database.snapshot():
        everybody = count_people(database)
        current = current_lists(people)
        for number, person in enumerate(candidates(database, selection, current), 1):
            reason = person.excluded or _address_fault(database, person) or sink.bar(person)
            if reason:
                tally.exclude(person, word_of(reason))
                sink.exclude(person, word_of(reason))
            else:
                dry_run.fill(person)
                tally.plan(person)
                sink.plan(person)
            if number % _STEP == 0:
                progress("reading the list", number, everybody)
        tally.require_sum(everybody)
        counts = {**tally.reasons, "": tally.planned}
        doubts = doubts_of(database, selection, people, counts)
    copy, copied = why_copy(store.installation)
    total = tally.total(print_selection(selection))
    return replace(total, doubts=(*copied, *doubts), copy=copy)


def message_host(config: Config) -> str:
    """Give the host of Message-IDs: the site's, or where that cannot be (::1) the sender's."""
    for host in (config.site_host, ascii_address(config.sender.email).rpartition("@")[2]):
        if fits_message_id(host):
            return host
    return "localhost"


def _address_fault(database: Database, person: Candidate) -> str:
    """Say why an address gets nothing: another person's, or none that can be written to.

    The store takes in neither, but the file may have been changed by another hand.
    """
    if person.email.lower() != person.key:
        first = find_by_key(database, person.email.lower())
        return f"duplicate of {first.email}" if first else "invalid"
    good = is_usual(person.key) or isinstance(canonical(person.email), Address)
    return "" if good else "invalid"


def is_usual(key: str) -> bool:
    """Say whether an address in its canonical form is of the kind that nearly all are."""
    return _USUAL.match(key) is not None and not key.endswith(_RESERVED)


class Links:
    """What stands in a person's own message: its id and the token for leaving."""

    def __init__(self, store: Store, slug: str, kind: Kind = "campaign") -> None:
        """Begin; nothing is read or written before the first person."""
        self._store = store
        self._slug = slug
        self._kind: Kind = kind
        self._host = message_host(store.workplace.config)
        self._scopes: dict[tuple[str, ...], bytes] = {}
        self._side: Database | None = None

    def message_id(self, person: Candidate) -> str:
        """Give the message id, the same every time."""
        return message_id(self._store.keyring, self._slug, person.key, self._host, self._kind)

    def token(self, person: Candidate) -> str:
        """Give the token for leaving the lists that reach a person, the same every time."""
        scope = self.scope(person.lists)
        return make_token(self._store.keyring, "unsubscribe", bytes.fromhex(person.ref), scope)

    def scope(self, lists: Collection[str]) -> bytes:
        """Find or make the code of a set of lists, beside the one state that is being read."""
        key = tuple(lists)
        if key not in self._scopes:
            if self._side is None:
                self._side = Database(self._store.database.path)
            self._scopes[key] = scope_code(self._side, key)
        return self._scopes[key]

    def close(self) -> None:
        """Let go of the connection."""
        if self._side is not None:
            self._side.close()


@dataclass(slots=True)
class _Tally:
    """Counts and names people one by one; what it holds does not grow with them."""

    planned: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    named: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    lists: Counter[tuple[str, ...]] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def plan(self, person: Candidate) -> None:
        self.planned += 1
        self.lists[person.lists] += 1
        self.reached[person.organisation] += 1

    def exclude(self, person: Candidate, reason: str) -> None:
        word = reason.partition(" ")[0]
        self.reasons[word] += 1
        self.missed[person.organisation] += 1
        named = self.named.setdefault(word, [])
        if len(named) < NAMED:
            named.append((person.email, reason))

    def require_sum(self, everybody: int) -> None:
        """See that nobody is forgotten and nobody counted twice."""
        counted = self.planned + self.reasons.total()
        if counted != everybody:
            raise AssertionError(f"{counted} people are planned or excluded, of {everybody}")

    def total(self, audience: str) -> SendList:
        reasons = sorted(self.reasons)
        by_list: Counter[str] = Counter()
        for lists, number in self.lists.items():
            by_list.update(dict.fromkeys(lists, number))
        organisations = sorted(self.reached.keys() | self.missed.keys(), key=sort_key)
        return SendList(
            audience=audience,
            planned=self.planned,
            candidates=self.planned + self.reasons.total(),
            excluded=tuple((reason, self.reasons[reason]) for reason in reasons),
            named=tuple((reason, tuple(self.named[reason])) for reason in reasons),
            by_list=tuple((slug, by_list[slug]) for slug in sorted(by_list, key=sort_key)),
            by_organisation=tuple(
                OrganisationTotals(name, self.reached[name], self.missed[name])
                for name in organisations
            ),
        )
