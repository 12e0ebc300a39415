"""Reading the mailbox that people leave by: who proves that they may, leaves; others are named.

A token in the subject is the proof, and nothing else is: a From address says nothing, since anybody
can write any, and a token in the text may be quoted. Whoever asks in words, or has a token among
words of their own, is named for the editor, and nothing is done. Where no page answers, whoever was
invited says yes there too, by the token of the invitation.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from smakom_mail.config.addresses import ascii_address
from smakom_mail.content.mailbox.letter import Author, Letter, read_letter
from smakom_mail.content.mailbox.sources import RawLetter, Unreadable, read_mailbox
from smakom_mail.model.person import Act
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.finding import Found, find
from smakom_mail.services.subscribing.typed import SubscriberError
from smakom_mail.services.surveying import Progress
from smakom_mail.services.unsubscribe_mail.agreeing import Agreed, Agreer
from smakom_mail.services.unsubscribe_mail.leaving import Leaver, Outcome
from smakom_mail.store.mail_reads import record_read
from smakom_mail.tokens import Purpose, read_token

ACTOR = "mail"
NAMED = 1_000
"""How many unclear mails are named; all are counted."""
_LIKE_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{36}(?![A-Za-z0-9_-])", re.ASCII)
# A token that lost or gained a letter on its way; a file number has no small and large letters.
_ALMOST = re.compile(
    r"(?<![\w-])(?=[a-z0-9_-]{0,44}[A-Z])(?=[A-Z0-9_-]{0,44}[a-z])[\w-]{30,44}(?![\w-])", re.ASCII
)
_TRIED = 20
_EVERY = 100


class Why(StrEnum):
    """Why a mail is shown to a person."""

    WORDS = "asks in words"
    ALTERED = "its token is not one of ours, or was altered"
    NOBODY = "its token is ours, but of nobody in this database"
    PROGRAM = "it has a good token, but a program sent it"
    TEXT = "its token stands in the text, not in the subject"
    LATE = "it says yes to what nobody asks any more"
    UNREADABLE = "cannot be read"


@dataclass(frozen=True, slots=True)
class Unclear:
    """A mail that a person has to look at.

    `sender` is who it claims to be from, empty where that is no address; `known` says whether a
    subscriber has it.
    """

    place: str
    sender: str
    subject: str
    why: Why
    detail: str = ""
    known: bool = False


@dataclass(slots=True)
class MailRead:
    """How many mails were read, and what became of each: every one is counted once."""

    read: int = 0
    unsubscribed: int = 0
    agreed: int = 0
    gone: int = 0
    before: int = 0
    ignored: int = 0
    unclear: int = 0
    named: list[Unclear] = field(default_factory=list)

    def count(self, outcome: Outcome) -> None:
        """Count a mail that was acted upon, or would be."""
        self.unsubscribed += outcome is Outcome.LEFT
        self.gone += outcome is Outcome.GONE
        self.before += outcome is Outcome.BEFORE

    def name(self, unclear: Unclear) -> None:
        """Count a mail that a person has to look at."""
        self.unclear += 1
        if len(self.named) < NAMED:
            self.named.append(unclear)


def read_unsubscribes(
    store: Store, sources: Sequence[Path], act: Act, *, dry_run: bool, progress: Progress
) -> MailRead:
    """Go through mailboxes and let everybody leave who asks with a token of ours.

    With `dry_run` it is only counted. A second reading of the same mails changes nothing, even
    where somebody has come back since. Raises MailboxError before anything is done where one of
    the sources is no mailbox.
    """
    opened = [(source, read_mailbox(source)) for source in sources]
    done = MailRead()
    by_mail = Act(act.at, ACTOR)
    leaver = Leaver(store, by_mail, dry_run=dry_run)
    reader = _Reader(store, leaver, Agreer(store, by_mail, dry_run=dry_run), done)
    for source, letters in opened:
        for letter in letters:
            reader.take(letter)
            if done.read % _EVERY == 0:
                progress(f"reading {source.name}", done.read, 0)
    if not dry_run:
        with store.database.transaction():
            record_read(store.database, act.at)
    return done


class _Reader:
    """Judges mails one by one."""

    def __init__(self, store: Store, leaver: Leaver, agreer: Agreer, done: MailRead) -> None:
        self._store = store
        self._leaver = leaver
        self._agreer = agreer
        self._done = done
        config = store.workplace.config
        ours = (config.leaving_address, config.sender.reply_to, config.sender.email)
        spelled = (*ours, *map(ascii_address, ours))
        self._ours = frozenset(address.lower() for address in spelled if address)

    def take(self, raw: RawLetter | Unreadable) -> None:
        done = self._done
        done.read += 1
        if isinstance(raw, Unreadable):
            done.name(Unclear(raw.place, "", "", Why.UNREADABLE, raw.reason))
            return
        letter = read_letter(raw.data)
        tokens = list(self._tokens(letter.subject, "unsubscribe"))
        yeses = [] if tokens else list(self._tokens(letter.subject, "confirm"))
        if letter.author is Author.REPORT:
            done.ignored += 1
        elif yeses:
            self._invited(raw, letter, yeses)
        elif tokens and letter.author is Author.PROGRAM:
            self._by_program(raw, letter, tokens)
        elif tokens:
            outcomes = {self._leaver.leave(token, letter.identity) for token in tokens}
            self._settled(raw, letter, outcomes)
        else:
            self._without_token(raw, letter)

    def _tokens(self, text: str, purpose: Purpose) -> Iterator[tuple[bytes, bytes]]:
        seen = set()
        for found in _LIKE_TOKEN.findall(text)[:_TRIED]:
            token = read_token(self._store.keyring, purpose, found)
            if token and token not in seen:
                seen.add(token)
                yield token

    def _settled(self, raw: RawLetter, letter: Letter, outcomes: set[Outcome]) -> None:
        """Count a mail by the most that it did; nearly every one has one token."""
        for outcome in (Outcome.LEFT, Outcome.NOBODY, Outcome.GONE, Outcome.BEFORE):
            if outcome in outcomes:
                if outcome is Outcome.NOBODY:
                    self._unclear(raw, letter, Why.NOBODY)
                else:
                    self._done.count(outcome)
                return

    def _invited(self, raw: RawLetter, letter: Letter, yeses: list[tuple[bytes, bytes]]) -> None:
        """Take a yes, or name it: one that a program sent, or to which nothing waits any more."""
        by_hand = letter.author is Author.PERSON
        act = self._agreer.agree if by_hand else self._agreer.outcome
        outcomes = {act(token, letter.identity) for token in yeses}
        if Agreed.YES in outcomes and by_hand:
            self._done.agreed += 1
        elif Agreed.BEFORE in outcomes:
            self._done.before += 1
        else:
            self._done.name(self._shown(raw, letter, Why.LATE if by_hand else Why.PROGRAM))

    def _by_program(
        self, raw: RawLetter, letter: Letter, tokens: list[tuple[bytes, bytes]]
    ) -> None:
        """Name a mail that a program sent with a good token, unless its person is gone."""
        outcomes = {self._leaver.outcome(token, letter.identity) for token in tokens}
        if outcomes == {Outcome.GONE}:
            self._done.count(Outcome.GONE)
        else:
            self._done.name(self._shown(raw, letter, Why.PROGRAM))

    def _without_token(self, raw: RawLetter, letter: Letter) -> None:
        """Name who seems to want to leave; a list adds words of its own below a mail."""
        by_hand = letter.author is Author.PERSON
        if letter.sender in self._ours or not letter.receivers & self._ours:
            self._done.ignored += 1
        elif by_hand and (tokens := list(self._tokens(letter.words, "unsubscribe"))):
            self._in_text(raw, letter, tokens)
        elif by_hand and _ALMOST.search(letter.subject):
            self._unclear(raw, letter, Why.ALTERED)
        elif (by_hand and letter.asks_to_leave) or (
            letter.author is Author.LIST and letter.subject_asks_to_leave
        ):
            self._unclear(raw, letter, Why.WORDS)
        else:
            self._done.ignored += 1

    def _in_text(self, raw: RawLetter, letter: Letter, tokens: list[tuple[bytes, bytes]]) -> None:
        """Name a mail with a good token among its own words, unless its person is gone."""
        outcomes = {self._leaver.outcome(token, letter.identity) for token in tokens}
        if outcomes == {Outcome.GONE}:
            self._done.count(Outcome.GONE)
        else:
            self._unclear(raw, letter, Why.TEXT)

    def _unclear(self, raw: RawLetter, letter: Letter, why: Why) -> None:
        """Name a mail, unless its address is kept from everything already."""
        if self._is_gone(letter.sender):
            self._done.gone += 1
        else:
            self._done.name(self._shown(raw, letter, why))

    def _shown(self, raw: RawLetter, letter: Letter, why: Why) -> Unclear:
        # A good token is a key: it is not printed.
        subject = letter.subject if why in (Why.WORDS, Why.ALTERED, Why.TEXT) else ""
        found = self._found(letter.sender)
        sender = found.address.email if found else ""
        return Unclear(raw.place, sender, subject, why, known=found is not None and found.is_here)

    def _is_gone(self, address: str) -> bool:
        found = self._found(address)
        if found is None:
            return False
        return found.no_to("") is not None or (
            found.is_here and all(found.no_to(slug) for slug in found.confirmed)
        )

    def _found(self, address: str) -> Found | None:
        try:
            return find(self._store, address)
        except SubscriberError:
            return None
