"""Taking the yes of somebody who was invited where no page answers, once for each mail."""

from enum import Enum, auto

from smakom_mail.model.person import Act
from smakom_mail.services.letters.wording import wording_of_mailed_yes
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.inviting import BY_MAIL, Yes, asked_of, say_yes
from smakom_mail.services.unsubscribe_mail.marking import marks_of
from smakom_mail.store.mail_reads import AGREED_BY_MAIL, remember_handled, was_handled
from smakom_mail.store.people import find_by_ref


class Agreed(Enum):
    """What a mail with a token of an invitation did."""

    YES = auto()
    BEFORE = auto()
    NOTHING = auto()


class Agreer:
    """Puts people on the lists that they were invited to; a trial only says what it would."""

    def __init__(self, store: Store, act: Act, *, dry_run: bool) -> None:
        """Begin; `act` is what their histories say."""
        self._store = store
        self._act = act
        self._dry_run = dry_run
        self._told: set[tuple[bytes, bytes]] = set()

    def agree(self, token: tuple[bytes, bytes], identity: str) -> Agreed:
        """Take the yes to an invitation; nothing happens for a mail that was handled before."""
        if self._dry_run:
            outcome = self.outcome(token, identity)
            if outcome is Agreed.YES and token in self._told:
                return Agreed.BEFORE
            self._told.add(token)
            return outcome
        with self._store.database.transaction():
            outcome = self.outcome(token, identity)
            person = find_by_ref(self._store.database, token[0].hex())
            if person is None or outcome is not Agreed.YES:
                return outcome
            language = person.language or self._store.workplace.config.newsletter.language
            wording = wording_of_mailed_yes(self._store, person.email, language)
            if say_yes(self._store, token, Yes(BY_MAIL, wording), self._act) is None:
                return Agreed.NOTHING
            mark = marks_of(self._store, token, identity)[0]
            remember_handled(self._store.database, person.id, AGREED_BY_MAIL, mark, self._act)
        return outcome

    def outcome(self, token: tuple[bytes, bytes], identity: str) -> Agreed:
        """Say what `agree` would do; nothing is done."""
        person = find_by_ref(self._store.database, token[0].hex())
        if person is None:
            return Agreed.NOTHING
        marks = marks_of(self._store, token, identity)
        if was_handled(self._store.database, person.id, AGREED_BY_MAIL, marks):
            return Agreed.BEFORE
        asked = asked_of(self._store, token)
        if asked is None:
            return Agreed.NOTHING
        return Agreed.YES if asked.new else Agreed.BEFORE
