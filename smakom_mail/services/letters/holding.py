"""What is held of a person, as groups of lines that she can read."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from smakom_mail.content.people.address import readable
from smakom_mail.locale import format_date
from smakom_mail.locale.held import held_words
from smakom_mail.locale.held_stored import stored_words
from smakom_mail.model.campaign import Kind
from smakom_mail.model.letter import Group
from smakom_mail.model.person import Change, Consent, Subscriber, Suppression
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.showing import Shown, show_subscriber
from smakom_mail.services.subscribing.typed import SubscriberError
from smakom_mail.store.deliveries import Try
from smakom_mail.store.leavings import Leaving
from smakom_mail.store.letters import Letter
from smakom_mail.store.lists import known_lists
from smakom_mail.store.mail_reads import AGREED_BY_MAIL, LEFT_BY_MAIL
from smakom_mail.store.proofs import Proof
from smakom_mail.store.received import Received
from smakom_mail.store.requests import Request
from smakom_mail.store.suppressions import LATER

MOST = 200
"""So many lines of a group at most: a mail above 100 kB is cut off by mail programs."""
_OF_LISTS = ("invited", "no lifted", "leaving taken back")
_OF_STATES = ("list", "no", "basis")
"""What a change is of, where its values are lists, and where they are words of the program."""
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
    names = {each.slug: each.name for each in known_lists(store.database)}
    own = tuple(each for each in shown.letters if each.id != letter.id and _is_told(each, letter))
    said = held_words(language)
    return tuple(_Writer(said, language, names).groups(replace(shown, letters=own)))


def _is_told(each: Letter, answer: Letter) -> bool:
    """Leave out what came of asking an address that is not hers: another reader may have it.

    That she asked stands among what she asked for.
    """
    return each.kind != "address" or each.key == answer.key


@dataclass(frozen=True, slots=True)
class _Writer:
    said: dict[str, str]
    language: str
    names: dict[str, str]

    def groups(self, shown: Shown) -> Iterator[Group]:
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
            ("leavings", self._left(shown.leavings)),
            ("editions", self._editions(shown.received)),
            ("proofs", self._proofs(shown.proofs)),
            ("requests", self._requests(shown.requests)),
            ("letters", self._letters(shown.letters)),
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
        yield self.said["email"], readable(person.email)
        language = self.said.get(person.language, person.language)
        for name, value in (
            ("name", person.name),
            ("organisation", person.organisation),
            ("language", language),
            ("flags", ", ".join(map(self._own, person.flags))),
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
                parts.append(self.said["source"].format(source=self._own(each.source)))
            if each.wording:
                parts.append(self.said["wording"].format(wording=f"”{each.wording}”"))
            if each.recorded_at:
                parts.append(self.said["recorded"].format(at=self._day(each.recorded_at)))
            yield self._list(each.list_slug), "; ".join(parts)

    def _noes(self, noes: Iterable[Suppression]) -> Rows:
        for each in noes:
            parts = [self.said[str(each.reason)].format(at=self._day(each.at)).strip()]
            if each.note:
                parts.append(self._own(each.note))
            if each.lifted_at:
                parts.append(self.said["lifted"].format(at=self._day(each.lifted_at)))
            yield self._list(each.list_slug), "; ".join(parts)

    def _left(self, left: Iterable[Leaving]) -> Rows:
        for each in left:
            parts = [self.said[f"left-{each.how}"].format(at=self._day(each.at))]
            if each.why:
                parts.append(self.said[f"why-{each.why}"])
            if each.was:
                parts.append(self.said["stood"].format(state=self._value(each.was)))
            if each.said:
                parts.append(self.said["no-noted"])
            if each.undone_at:
                parts.append(self.said["undone"].format(at=self._day(each.undone_at)))
            yield self._list(each.list_slug), "; ".join(parts)

    def _editions(self, received: Iterable[Received]) -> Rows:
        for each in received:
            rehearsed = (self.said["rehearsed"], self._day(each.at))
            how = rehearsed if each.kind is Kind.REHEARSAL else (self._state(each),)
            yield each.edition, "; ".join(filter(None, (*how, *self._copy(each))))

    def _state(self, each: Received | Letter) -> str:
        return self.said[f"state-{each.state}"].format(at=self._day(each.at)).strip()

    def _copy(self, each: Received) -> Iterator[str]:
        """Give what is kept of one copy beside how it stands: to whom it was, and what was said."""
        then = ", ".join(filter(None, (readable(each.email), each.name, each.organisation)))
        yield self.said["copy-to"].format(whom=then) if then else ""
        yield self._words(each)
        if each.attempts > 1:
            first = self._day(each.first_at)
            yield self.said["attempts"].format(number=each.attempts, at=first)
        yield self._again(each)
        for one in each.tries:
            if one.at != each.at:
                state = self.said[f"state-{one.state}"].format(at=self._day(one.at)).strip()
                yield ": ".join(filter(None, (state, self._words(one))))
        yield self._id(each)

    def _again(self, each: Received | Letter) -> str:
        return self.said["again"].format(at=self._day(each.next_at)) if each.next_at else ""

    def _id(self, each: Received | Letter) -> str:
        return self.said["message-id"].format(id=each.message_id) if each.message_id else ""

    def _in(self, language: str) -> str:
        named = self.said.get(language, language)
        return self.said["in-language"].format(language=named) if language else ""

    def _proofs(self, proofs: Iterable[tuple[str, Proof]]) -> Rows:
        for edition, each in proofs:
            yield edition, "; ".join(filter(None, (self._day(each.at), self._reply(each))))

    def _requests(self, requests: Iterable[Request]) -> Rows:
        for each in requests:
            whom = ", ".join(filter(None, (readable(each.email), each.name)))
            parts = [self.said[f"request-{each.kind}"]]
            parts.append(self.said["asked-for"].format(whom=whom) if whom else "")
            parts += [self._within(slug) for slug in each.lists]
            parts.append(self._in(each.language))
            done = self.said["request-done"].format(at=self._day(each.done_at))
            parts.append(done if each.done_at else self.said["request-open"])
            yield self._day(each.at), "; ".join(filter(None, parts))

    def _letters(self, letters: Iterable[Letter]) -> Rows:
        for each in letters:
            whom = self.said["copy-to"].format(whom=readable(each.email)) if each.email else ""
            kind = self.said[f"letter-{each.kind}"]
            parts = [kind, whom, self._in(each.language), self._state(each)]
            if each.attempts > 1:
                parts.append(self.said["tries"].format(number=each.attempts))
            parts += [self._words(each), self._again(each), self._id(each)]
            yield self._day(each.created_at), "; ".join(filter(None, parts))

    def _history(self, changes: Iterable[Change]) -> Rows:
        """Give what was changed when; not by whom, as that is somebody else's name."""
        for each in changes:
            word, _, about = each.what.partition(" ")
            whole = f"did-{each.what}" in self.said
            what = self._did(each.what, word, about, whole=whole)
            kind = each.what if whole else word
            values = " → ".join(self._changed(kind, each))
            yield self._day(each.at), f"{what}: {values}" if values else what

    def _did(self, what: str, word: str, about: str, *, whole: bool) -> str:
        known = self.said.get(f"did-{what}" if whole else f"did-{word}")
        if known is None:
            return what
        reason = self.said.get(f"is-{about}", about)
        return known.format(list=self._within(about), reason=reason)

    def _changed(self, kind: str, change: Change) -> Iterator[str]:
        """Give what stood there and what stands there now; what somebody typed is as it was."""
        for value in filter(None, (change.old, change.new)):
            if kind in _OF_LISTS or (kind == "lifted" and value == change.old):
                yield ", ".join(map(self._within, value.split()))
            elif kind in _OF_STATES:
                yield self._value(value)
            elif kind == "language":
                yield self.said.get(value, value)
            elif kind in (LEFT_BY_MAIL, AGREED_BY_MAIL):
                yield self.said["mark"].format(mark=value)
            elif kind == "email":
                yield readable(value)
            else:
                yield value

    def _value(self, value: str) -> str:
        return self.said.get(f"is-{value}", value)

    def _marks(self, shown: Shown) -> Rows:
        if shown.person is not None or shown.noes:
            yield "", self.said["fingerprint"]
        if shown.person is not None:
            yield "", self.said["reference"]

    def _words(self, what: Received | Try | Letter) -> str:
        """Give what the program says of a try, and the mail server's words, as they are."""
        return ", ".join(filter(None, (self._own(what.why), self._reply(what))))

    def _reply(self, what: Received | Try | Letter | Proof) -> str:
        return self.said["reply"].format(reply=what.reply) if what.reply else ""

    def _own(self, text: str) -> str:
        return stored_words(text, self.language)

    def _list(self, slug: str) -> str:
        if slug == "":
            return self.said["every-list"]
        if slug == LATER:
            return self.said["later-lists"]
        return self.names.get(slug, slug)

    def _within(self, slug: str) -> str:
        """Give a list as it is called within a line; the history has "*" for every one."""
        if slug in ("", "*"):
            return self.said["all-lists"]
        return self.said["all-later-lists"] if slug == LATER else self.names.get(slug, slug)

    def _day(self, at: str) -> str:
        """Give a day as people write it; what is no time as it is."""
        try:
            return format_date(datetime.fromisoformat(at).astimezone().date(), self.language)
        except ValueError:
            return at


def _plain(text: str) -> str:
    """Leave out what is not seen, or would turn the text around."""
    return " ".join(_UNSEEN.sub(" ", text).split())
