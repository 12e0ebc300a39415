"""Subscribers as readers of the preview: read once at its start, named by nobody but its owner."""

from collections.abc import Iterable
from contextlib import closing

from smakom_mail.config import SampleReader
from smakom_mail.content.people.address import AddressFault, canonical
from smakom_mail.content.people.sentences import sentence
from smakom_mail.errors import SmakomMailError
from smakom_mail.services.workplace import Workplace
from smakom_mail.store import Database, open_database
from smakom_mail.store.people import find_by_key


def read_readers(workplace: Workplace, addresses: Iterable[str]) -> tuple[SampleReader, ...]:
    """Give the subscribers with these addresses, as the preview fills an edition in for them.

    The secret is not needed. Raises StoreError, and SmakomMailError where there is nobody.
    """
    wanted = tuple(dict.fromkeys(addresses))
    if not wanted:
        return ()
    url = workplace.config.people.database_url
    with closing(open_database(url, workplace.root, create=False)) as database:
        return tuple(_reader(database, address) for address in wanted)


def _reader(database: Database, address: str) -> SampleReader:
    found = canonical(address.strip())
    if isinstance(found, AddressFault):
        raise SmakomMailError(f"--as {address}: {sentence(found, 'en')}", "write it as a@b.example")
    person = find_by_key(database, found.key)
    if person is None:
        raise SmakomMailError(
            f"--as {address}: there is no subscriber with this address",
            "see who there is: smakom-mail subscribers list --search PART",
        )
    return SampleReader(person.name, person.organisation, person.email)
