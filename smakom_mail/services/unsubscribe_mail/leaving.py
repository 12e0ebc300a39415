"""Letting somebody leave by the token in a mail, once for each mail."""

from enum import Enum, auto

from smakom_mail.model.person import Act, Subscriber
from smakom_mail.services.public.leaving import EVERY_LIST, leave_by_link
from smakom_mail.services.storing import Store
from smakom_mail.services.unsubscribe_mail.marking import marks_of
from smakom_mail.store.lists import scope_lists
from smakom_mail.store.mail_reads import LEFT_BY_MAIL, remember_handled, was_handled
from smakom_mail.store.people import find_by_ref
from smakom_mail.store.suppressions import standing_noes


class Outcome(Enum):
    """What a mail with a token of ours did."""

    LEFT = auto()
    GONE = auto()
    BEFORE = auto()
    NOBODY = auto()


class Leaver:
    """Lets people leave the lists that their tokens are about; a trial only says what it would."""

    def __init__(self, store: Store, act: Act, *, dry_run: bool) -> None:
        """Begin; `act` is what their histories say."""
        self._store = store
        self._act = act
        self._dry_run = dry_run
        self._told: set[tuple[bytes, bytes]] = set()

    def leave(self, token: tuple[bytes, bytes], identity: str) -> Outcome:
        """Let the person of a token leave; nothing happens for a mail that was handled before."""
        if self._dry_run:
            outcome = self.outcome(token, identity)
            if outcome is Outcome.LEFT and token in self._told:
                return Outcome.GONE
            self._told.add(token)
            return outcome
        marks = marks_of(self._store, token, identity)
        with self._store.database.transaction():
            outcome, person, slugs = self._outcome(token, marks)
            if person is not None and outcome in (Outcome.LEFT, Outcome.GONE):
                leave_by_link(self._store, person, slugs, "mail", self._act)
                remember_handled(self._store.database, person.id, LEFT_BY_MAIL, marks[0], self._act)
        return outcome

    def outcome(self, token: tuple[bytes, bytes], identity: str) -> Outcome:
        """Say what `leave` would do; nothing is done."""
        return self._outcome(token, marks_of(self._store, token, identity))[0]

    def _outcome(
        self, token: tuple[bytes, bytes], marks: tuple[str, ...]
    ) -> tuple[Outcome, Subscriber | None, tuple[str, ...]]:
        """Say what is to be done, for whom, and from which lists; a forgotten person is gone.

        A token about lists that this database does not know any more is about every list.
        """
        database = self._store.database
        person = find_by_ref(database, token[0].hex())
        if person is None:
            return Outcome.NOBODY, None, ()
        if person.state != "active":
            return Outcome.GONE, None, ()
        slugs = scope_lists(database, token[1]) or EVERY_LIST
        if was_handled(database, person.id, LEFT_BY_MAIL, marks):
            return Outcome.BEFORE, person, slugs
        noes = {no.list_slug for no in standing_noes(database, [person.fingerprint])}
        gone = "" in noes or noes.issuperset(slugs)
        return Outcome.GONE if gone else Outcome.LEFT, person, slugs
