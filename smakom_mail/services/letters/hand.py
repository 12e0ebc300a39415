"""What sends letters, held by one program at a time: the store, the ledger and the way out."""

from collections.abc import Mapping
from dataclasses import dataclass

from smakom_mail.config.measures import NO_LIMIT
from smakom_mail.errors import SmakomMailError
from smakom_mail.services.letters.composing import Composer
from smakom_mail.services.letters.ledger import LetterLedger
from smakom_mail.services.letters.post import OutboxOffice, PostOffice, RelayOffice
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.outbox import outbox_of
from smakom_mail.services.sending.relay_access import fetch_token, open_access
from smakom_mail.services.sending.relaying import Opener, own_name
from smakom_mail.services.sending.signing import open_signer
from smakom_mail.services.sending.throttle import Throttle
from smakom_mail.services.storing import Store, open_store
from smakom_mail.services.workplace import Workplace
from smakom_mail.store.locks import Lock, take_lock
from smakom_mail.store.senders import lock_folder


class LettersHeldError(SmakomMailError):
    """Another program sends the letters."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Everything that sending a letter takes; `doubtful` is what a dead program left unknown."""

    ledger: LetterLedger
    office: PostOffice
    lock: Lock
    doubtful: int
    file: tuple[int, int] = (0, 0)

    @property
    def store(self) -> Store:
        """The store, which belongs to the thread that made this."""
        return self.ledger.store

    def is_current(self) -> bool:
        """Say whether database and secret are still those that lie there, and not newer ones."""
        return self.store.file == self.file and not self.store.secret_changed()

    def close(self) -> None:
        """Let go of all."""
        self.lock.release()
        self.store.close()


def take_letters_in_hand(
    workplace: Workplace, environment: Mapping[str, str], clock: Clock, only: str = ""
) -> Hand:
    """Open what sending takes, and settle what a dead program left.

    Where no relay is configured letters go to the outbox. Raises LettersHeldError, CopyError,
    StoreError, RelayRefusedError, PageNotServedError and SmakomMailError for whatever else stands
    in the way.
    """
    store = open_store(workplace, environment, create=True)
    try:
        store.installation.require_original()
        lock = _locked(store)
        try:
            return _hand(store, lock, environment, clock, only)
        except BaseException:
            lock.release()
            raise
    except BaseException:
        store.close()
        raise


def _locked(store: Store) -> Lock:
    lock = take_lock(lock_folder(store.database) / "letters")
    if lock is None:
        raise LettersHeldError(
            "another program sends the letters just now",
            "smakom-mail serve sends them by itself; see smakom-mail letters list",
        )
    return lock


def _hand(
    store: Store, lock: Lock, environment: Mapping[str, str], clock: Clock, only: str
) -> Hand:
    workplace = store.workplace
    relay = workplace.config.relay
    composer = Composer(workplace, open_signer(workplace, lambda: int(clock.time())))
    if not relay.configured:
        ledger = LetterLedger(store, composer, Throttle(NO_LIMIT), "outbox", clock, only=only)
        ledger.require_pages()
        return Hand(
            ledger, OutboxOffice(outbox_of(workplace.root)), lock, ledger.begin(), store.file
        )
    access = open_access(workplace, environment)
    renew = (lambda: fetch_token(workplace, environment)) if relay.auth == "xoauth2" else None
    opener = Opener(relay, access, clock, own_name(workplace.config), renew)
    throttle = Throttle(relay.rate, relay.domain_rates, relay=relay.account)
    ledger = LetterLedger(store, composer, throttle, relay.account, clock, only=only)
    ledger.require_pages()
    ledger.load()
    return Hand(ledger, RelayOffice(opener), lock, ledger.begin(), store.file)
