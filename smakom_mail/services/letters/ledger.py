"""What a sender of letters asks of the database and learns into it; one thread has it in hand."""

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from smakom_mail.content.people.address import Address
from smakom_mail.errors import SmakomMailError
from smakom_mail.mail.smtp.verdicts import Action, Verdict
from smakom_mail.model.delivery import Event
from smakom_mail.model.person import Reason, Suppression
from smakom_mail.services.letters.composing import Composed, Composer
from smakom_mail.services.letters.served_pages import require_linked_pages
from smakom_mail.services.public.deciding import decide
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.throttle import Throttle
from smakom_mail.services.storing import Store, timestamp
from smakom_mail.services.subscribing.finding import look_up
from smakom_mail.store.letter_states import (
    LetterOutcome,
    doubt_submitting,
    expire_letters,
    intend_letter,
    name_letter,
    next_letter_at,
    settle_letter,
)
from smakom_mail.store.letters import Letter, find_letter, letters_to_send, withhold_letter
from smakom_mail.store.people import find_by_id
from smakom_mail.store.spending import spent_since

DELAYS = (60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0)
"""Seconds until a letter that the relay put off is tried again: somebody waits for it."""
JITTER = 0.2
_FAULT_PAUSE = 3600.0
LIFETIME = 24 * 3600.0
_TRIES = 4
"""So often at least a letter is tried before it is given up, however old it is."""
GIVEN_UP = "the relay put it off for 24 hours"
_NEVER = (Reason.COMPLAINED, Reason.MANUAL)
"""Who complained, or whom an editor blocked, gets no letter at all."""
_SAID = "kept from getting anything"
_MOVED = "the address was changed"


def may_write(kind: str, noes: Collection[Suppression]) -> bool:
    """Say whether the noes of an address let a letter of this kind go to it.

    Who has left the newsletter or was erased has said no to the newsletter, not to the answer that
    was asked for. To an address where nothing arrives only a new sign-up goes.
    """
    reasons = {no.reason for no in noes if not no.list_slug}
    bounced = Reason.BOUNCED in reasons and kind != "sign-up"
    return not bounced and not reasons & set(_NEVER)


@dataclass
class LetterLedger:
    """The letters of a store, as the one program that sends them has them in hand."""

    store: Store
    composer: Composer
    throttle: Throttle
    account: str
    clock: Clock
    jitter: Callable[[], float] = random.random
    only: str = ""
    """The id of the one letter to send; every letter that is due without one."""

    def begin(self) -> int:
        """Settle what a dead program left, and give up what is too old; give how many are unknown.

        Also to be called between two rounds, when nothing is on its way.
        """
        at = self.clock.stamp()
        doubtful = doubt_submitting(self.store.database, at)
        before = timestamp(self._now() - timedelta(seconds=LIFETIME))
        with self.store.database.transaction():
            expire_letters(self.store.database, before, _TRIES, at, GIVEN_UP)
        return doubtful

    def load(self) -> None:
        """Tell the throttle what the relay was given before; once."""
        now = self.clock.time()
        rows = spent_since(self.store.database, self.account, int(now) - self.throttle.horizon)
        self.throttle.load(rows, self.clock.monotonic(), now)

    def require_pages(self) -> None:
        """Raise PageNotServedError where the links of a letter that is due would lead nowhere."""
        self.due()

    def due(self) -> tuple[Letter, ...]:
        """Give the letters that may be tried now, oldest first.

        Raises PageNotServedError where their links lead nowhere.
        """
        found = letters_to_send(self.store.database, self.clock.stamp())
        due = tuple(each for each in found if self.only in ("", each.id))
        require_linked_pages(self.store.workplace.config, due)
        return due

    def next_at(self) -> str | None:
        """Say when the next letter may be tried; None where there is none."""
        return next_letter_at(self.store.database)

    def wait(self, letter: Letter) -> float:
        """Say how long the relay's limits keep a letter back, in seconds."""
        now = self.clock.monotonic()
        domain = letter.email.rpartition("@")[2]
        return max(self.throttle.wait(now), self.throttle.wait(now, domain))

    def compose(self, letter: Letter) -> Composed | None:
        """Decide what a letter is and make its message; None for one that is settled by that."""
        database = self.store.database
        at = self.clock.stamp()
        with database.transaction():
            current = find_letter(database, letter.id)
            decided = decide(self.store, current, at) if current else None
            if decided is None or not self._allowed(decided, at):
                return None
            name_letter(database, letter.id, self.composer.new_message_id(self.store, decided))
        named = find_letter(database, letter.id)
        if named is None:
            return None
        try:
            return self.composer.compose(self.store, named)
        except SmakomMailError as error:
            self._settle(LetterOutcome(letter.id, Event.REFUSE, at, why=error.message))
            return None
        except Exception:
            self.release(letter, "a fault of the program", _FAULT_PAUSE)  # others need not wait
            raise

    def intend(self, letter: Letter) -> bool:
        """Make durable that a letter's dot may leave from now on; False where it must not."""
        now, domain = self.clock.monotonic(), letter.email.rpartition("@")[2]
        at = self.clock.stamp()
        with self.store.database.transaction():
            current = find_letter(self.store.database, letter.id)
            if current is None or not self._allowed(current, at):
                return False
            self.throttle.spent(now, domain)
            spending = self.throttle.spending(self.clock.time(), [domain])
            return intend_letter(self.store.database, letter.id, at, spending)

    def _allowed(self, letter: Letter, at: str) -> bool:
        """Say whether a letter may go to its address now; it is withheld where it may not."""
        if not letter.key or letter.state not in ("waiting", "deferred"):
            return False
        noes = look_up(self.store, Address(letter.email, letter.key)).standing
        why = "" if may_write(letter.kind, noes) else _SAID
        if not why and self._is_old(letter):
            why = _MOVED
        if why:
            withhold_letter(self.store.database, letter.id, why, at)
        return not why

    def _is_old(self, letter: Letter) -> bool:
        """Say whether the address is not its reader's any more: its link is void, or tells of her.

        The two letters about a change of address go to another one by their nature.
        """
        if letter.kind in ("address", "moved") or not letter.subscriber_id:
            return False
        person = find_by_id(self.store.database, letter.subscriber_id)
        return person is not None and person.key != letter.key

    def learn(self, letter: Letter, verdict: Verdict, pause: float) -> None:
        """Keep what the relay answered; what it did not answer waits for `pause` seconds."""
        event = _EVENTS.get(verdict.action, Event.RELEASE)
        delay = {Event.DEFER: self._delay(letter), Event.RELEASE: pause}.get(event, 0.0)
        accepted = event is Event.ACCEPT
        self._settle(
            LetterOutcome(
                letter.id,
                event,
                self.clock.stamp(),
                self.clock.stamp(delay) if delay else "",
                verdict.reply.code,
                str(verdict.reply) if verdict.reply.code else "",
                "" if accepted else verdict.why,
            )
        )

    def release(self, letter: Letter, why: str, pause: float) -> None:
        """Let a letter wait of which nothing has left."""
        at, next_at = self.clock.stamp(), self.clock.stamp(pause)
        self._settle(LetterOutcome(letter.id, Event.RELEASE, at, next_at, why=why))

    def doubt(self, letter: Letter, why: str) -> None:
        """Record that nobody knows whether the relay took a letter."""
        self._settle(LetterOutcome(letter.id, Event.LOSE, self.clock.stamp(), why=why))

    def _settle(self, outcome: LetterOutcome) -> None:
        with self.store.database.transaction():
            settle_letter(self.store.database, outcome)

    def _delay(self, letter: Letter) -> float:
        current = find_letter(self.store.database, letter.id)
        tries = current.attempts if current else letter.attempts
        if current is None or current.state != "submitting":
            tries += 1  # a reply before the intent is a try too, and counted with it
        delay = DELAYS[min(tries, len(DELAYS)) - 1]
        return delay * (1 + JITTER * (2 * self.jitter() - 1))

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.time(), UTC)


_EVENTS = {
    Action.ACCEPT: Event.ACCEPT,
    Action.DEFER: Event.DEFER,
    Action.SLOWER: Event.DEFER,
    Action.REFUSE: Event.REFUSE,
    Action.BREAKER: Event.REFUSE,
}
