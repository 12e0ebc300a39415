"""People as a table that can be imported again, and as JSON with all that is held."""

import csv
import io
import json
import os
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from smakom_mail.config.selection import Selection
from smakom_mail.content.people.formulas import disarmed
from smakom_mail.errors import WriteRefusedError
from smakom_mail.model.person import Consent, MembershipState, Subscriber, Suppression
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.listing import read_selection
from smakom_mail.services.subscribing.showing import as_data
from smakom_mail.store.audience import candidates
from smakom_mail.store.people import each_person
from smakom_mail.store.received import Received, received_by
from smakom_mail.store.suppressions import noes_of

COLUMNS = (
    *("email", "name", "organisation", "language", "lists", "tags"),
    *("basis", "consent_at", "consent_source", "wording"),
)


@dataclass(frozen=True, slots=True)
class Exported:
    """A person and every no of hers; `lists` are those that reach her.

    `received` are the editions that she was sent or was to be, where all that is held is exported.
    """

    person: Subscriber
    noes: tuple[Suppression, ...]
    lists: tuple[str, ...]
    received: tuple[Received, ...] = ()


def export_people(
    store: Store, selection: str = "", *, reached_only: bool = False
) -> Generator[Exported]:
    """Stream the people of a selection as Swedes sort them, in flat memory.

    With `reached_only` only those that some list reaches: what is imported elsewhere must not
    bring back whoever has left. Close it before the store where it is not read to its end.
    Raises SubscriberError.
    """
    chosen = read_selection(selection, store.workplace.config.people)
    return _exported(store, chosen, reached_only=reached_only)


def _exported(store: Store, selection: Selection, *, reached_only: bool) -> Generator[Exported]:
    database = store.database
    # Two streams in one order, of one moment.
    with database.snapshot():
        people = each_person(database)
        for candidate, person in zip(candidates(database, selection), people, strict=True):
            if person.id != candidate.id:
                raise LookupError(person.id)
            if candidate.excluded and (reached_only or candidate.excluded == "not in selection"):
                continue
            noes = noes_of(database, [person.fingerprint])
            received = () if reached_only else received_by(database, person.id)
            yield Exported(person, noes, _reaching(person, noes), received)


def _reaching(person: Subscriber, noes: tuple[Suppression, ...]) -> tuple[str, ...]:
    refused = {no.list_slug for no in noes if not no.lifted_at}
    if "" in refused:
        return ()
    return tuple(
        each.list_slug
        for each in person.memberships
        if each.state is MembershipState.CONFIRMED and each.list_slug not in refused
    )


def as_cells(exported: Exported) -> tuple[str, ...]:
    """Give a person's cells under COLUMNS, with what a spreadsheet would run disarmed."""
    person = exported.person
    ground = common_ground(exported)
    texts = (
        *(person.email, person.name, person.organisation, person.language),
        *(";".join(sorted(exported.lists)), ";".join(person.tags)),
        *(ground.basis if ground else "", ground.at if ground else ""),
        *(ground.source if ground else "", ground.wording if ground else ""),
    )
    return tuple(disarmed(text) for text in texts)


def common_ground(exported: Exported) -> Consent | None:
    """Give the latest ground of the lists that reach somebody; only its basis where they differ.

    A row has room for one: a date on it would be recorded for every list at the next import.
    """
    grounds = [_latest(exported.person.consents, slug) for slug in exported.lists]
    found = [each for each in grounds if each is not None]
    if not found:
        return None
    latest = max(found, key=lambda each: each.at)
    said = {(each.basis, each.at, each.source, each.wording) for each in found}
    return latest if len(said) == 1 else Consent("", latest.basis, "", "", "")


def _latest(consents: tuple[Consent, ...], slug: str) -> Consent | None:
    ours = [each for each in consents if each.list_slug in ("", slug)]
    return max(ours, key=lambda each: (each.at, each.recorded_at), default=None)


def write_csv(people: Iterable[Exported], target: BinaryIO, *, excel: bool = False) -> int:
    """Write people as a table in UTF-8; give how many.

    For Excel with semicolons, as Swedes have them, and the mark by which it knows UTF-8.
    """
    text = io.TextIOWrapper(target, encoding="utf-8-sig" if excel else "utf-8", newline="")
    writer = csv.writer(text, delimiter=";" if excel else ",")
    writer.writerow(COLUMNS)
    number = 0
    for number, each in enumerate(people, 1):  # noqa: B007 - counted after the loop
        writer.writerow(as_cells(each))
    text.detach()
    return number


def write_json(people: Iterable[Exported], target: BinaryIO) -> int:
    """Write people with all that is held of them, one to a line of one JSON document."""
    target.write(b'{"people": [')
    number = 0
    for number, each in enumerate(people, 1):
        data = json.dumps(as_data(each.person, each.noes, each.received), ensure_ascii=False)
        target.write((",\n" if number > 1 else "\n").encode() + data.encode("utf-8"))
    target.write(b"\n]}\n")
    return number


@contextmanager
def new_file(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """Write a file that only its owner reads; it is there whole, or not at all.

    Raises WriteRefusedError.
    """
    if os.path.lexists(path) and not replace:
        raise WriteRefusedError(f"{path} is there already", "name another, or write --yes")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
            Path(name).replace(path)
        finally:
            with suppress(OSError):
                Path(name).unlink()
    except OSError as error:
        raise WriteRefusedError(
            f"{path} cannot be written: {error.strerror or error}", "see to the folder and the disk"
        ) from error
