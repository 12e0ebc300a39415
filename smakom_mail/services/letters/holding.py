"""What is held of a person, as groups of lines that she can read."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from smakom_mail.locale import format_date
from smakom_mail.locale.held import held_words
from smakom_mail.model.campaign import Kind
from smakom_mail.model.letter import Group
from smakom_mail.model.person import Change, Consent, Subscriber, Suppression
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.showing import Shown, show_subscriber
from smakom_mail.services.subscribing.typed import SubscriberError
from smakom_mail.store.deliveries import Received
from smakom_mail.store.leavings import Leaving, standing_leavings
from smakom_mail.store.letters import Letter, letters_of
from smakom_mail.store.lists import known_lists
from smakom_mail.store.suppressions import LATER

MOST = 200
"""So many lines of a group at most: a mail above 100 kB is cut off by mail programs."""
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+"
)

Rows = Iterator[tuple[str, str]]


def held_groups(store: Store, letter: Letter, language: str) -> tuple[Group, ...]:
    """Give all that is held of the address of a letter, grouped."""
    try:
        shown = show_subscriber(store, letter.email)
    except SubscriberError:  # it was erased since she asked, or is nobody's
        shown = Shown(None, (), ())
    left: tuple[Leaving, ...] = ()
    if shown.person is not None:
        left = standing_leavings(store.database, shown.person.id, "")
    names = {each.slug: each.name for each in known_lists(store.database)}
    others = tuple(o for o in letters_of(store.database, letter.key) if o.id != letter.id)
    return tuple(_Writer(held_words(language), language, names).groups(shown, left, others))


@dataclass(frozen=True, slots=True)
class _Writer:
    said: dict[str, str]
    language: str
    names: dict[str, str]

    def groups(
        self, shown: Shown, left: Iterable[Leaving], letters: Iterable[Letter]
    ) -> Iterator[Group]:
        person = shown.person
        kinds: list[tuple[str, Rows]] = []
        if person is not None:
            kinds += [
                ("details", self._details(person)),
                ("lists", self._lists(person)),
                ("grounds", self._grounds(person.consents)),
            ]
        kinds += [
            ("noes", self._noes(shown.noes)),
            ("leavings", self._left(left)),
            ("editions", self._editions(shown.received)),
            ("proofs", ((edition, self._day(proof.at)) for edition, proof in shown.proofs)),
            ("letters", self._letters(letters)),
            ("history", self._history(shown.history)),
            ("marks", self._marks(shown)),
        ]
        for title, rows in kinds:
            cleaned = [(_plain(label), _plain(value)) for label, value in rows]
            if cleaned:
                yield Group(self.said[title], self._newest(cleaned))

    def _newest(self, rows: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        if len(rows) <= MOST:
            return tuple(rows)
        rest = self.said["rest"].format(number=len(rows) - MOST)
        return (("", rest), *rows[-MOST:])

    def _details(self, person: Subscriber) -> Rows:
        yield self.said["email"], person.email
        language = self.said.get(person.language, person.language)
        for name, value in (
            ("name", person.name),
            ("organisation", person.organisation),
            ("language", language),
            ("flags", ", ".join(person.flags)),
            ("tags", ", ".join(person.tags)),
            ("created", self._day(person.created_at)),
            ("changed", self._day(person.changed_at)),
        ):
            if value:
                yield self.said[name], value

    def _lists(self, person: Subscriber) -> Rows:
        for each in person.memberships:
            said = self.said[f"list-{each.state}"].format(at=self._day(each.since))
            yield self._list(each.list_slug), said

    def _grounds(self, consents: Iterable[Consent]) -> Rows:
        for each in consents:
            parts = [self.said[str(each.basis)].format(at=self._day(each.at)).strip()]
            if each.source:
                parts.append(self.said["source"].format(source=each.source))
            if each.wording:
                parts.append(self.said["wording"].format(wording=f"”{each.wording}”"))
            if each.recorded_at:
                parts.append(self.said["recorded"].format(at=self._day(each.recorded_at)))
            yield self._list(each.list_slug), "; ".join(parts)

    def _noes(self, noes: Iterable[Suppression]) -> Rows:
        for each in noes:
            parts = [self.said[str(each.reason)].format(at=self._day(each.at)).strip()]
            if each.note:
                parts.append(each.note)
            if each.lifted_at:
                parts.append(self.said["lifted"].format(at=self._day(each.lifted_at)))
            yield self._list(each.list_slug), "; ".join(parts)

    def _left(self, left: Iterable[Leaving]) -> Rows:
        for each in left:
            how = self.said[f"left-{each.how}"].format(at=self._day(each.at))
            why = self.said[f"why-{each.why}"] if each.why else ""
            yield self._list(each.list_slug), "; ".join(filter(None, (how, why)))

    def _editions(self, received: Iterable[Received]) -> Rows:
        for each in received:
            if each.kind is Kind.REHEARSAL:
                yield "", self.said["rehearsed"].format(edition=each.edition)
                continue
            state = self.said[f"state-{each.state}"].format(at=self._day(each.at)).strip()
            yield each.edition, "; ".join(filter(None, (state, each.reply or each.why)))

    def _letters(self, letters: Iterable[Letter]) -> Rows:
        for each in letters:
            yield self._day(each.created_at), self.said[f"letter-{each.kind}"]

    def _history(self, changes: Iterable[Change]) -> Rows:
        """Give what was changed when; not by whom, as that is somebody else's name."""
        for each in changes:
            values = " → ".join(map(self._value, filter(None, (each.old, each.new))))
            what = self._did(each.what)
            yield self._day(each.at), f"{what}: {values}" if values else what

    def _did(self, what: str) -> str:
        if whole := self.said.get(f"did-{what}"):
            return whole
        word, _, slug = what.partition(" ")
        known = self.said.get(f"did-{word}")
        return known.format(list=self._list(slug.removeprefix("*"))) if known else what

    def _value(self, value: str) -> str:
        return self.said.get(f"is-{value}") or self.names.get(value, value)

    def _marks(self, shown: Shown) -> Rows:
        if shown.person is not None or shown.noes:
            yield "", self.said["fingerprint"]
        if shown.person is not None:
            yield "", self.said["reference"]

    def _list(self, slug: str) -> str:
        if slug == "":
            return self.said["every-list"]
        if slug == LATER:
            return self.said["later-lists"]
        return self.names.get(slug, slug)

    def _day(self, at: str) -> str:
        """Give a day as people write it; what is no time as it is."""
        try:
            return format_date(datetime.fromisoformat(at).astimezone().date(), self.language)
        except ValueError:
            return at


def _plain(text: str) -> str:
    """Leave out what is not seen, or would turn the text around."""
    return " ".join(_UNSEEN.sub(" ", text).split())
